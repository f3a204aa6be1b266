"""What runs inside Blender: `... inside.py -- TASK ARGUMENTS ANSWER`, arguments and answer in JSON.

Works in Blender 3.4 and in a Python with bpy 5.0; its stand-ins are Blender's own operators.
"""

import array
import json
import os
import sys
import wave

import bpy


def fresh(rate=(25, 1.0), start=1, end=500):
    """An empty project with one scene; returns it and its sequence editor."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    scene = bpy.context.scene
    scene.render.fps, scene.render.fps_base = rate
    scene.frame_start, scene.frame_end = start, end
    show(scene)
    return scene, scene.sequence_editor_create()


def show(scene):
    """From 5.0 on the sequencer has to be told which scene it edits."""
    for workspace in bpy.data.workspaces:
        if hasattr(workspace, "sequencer_scene"):
            workspace.sequencer_scene = scene


def strips(owner):
    return owner.strips if hasattr(owner, "strips") else owner.sequences


def switch_on(addon):
    if "recue" not in bpy.context.preferences.addons:
        bpy.ops.preferences.addon_install(filepath=addon, overwrite=True)
        assert bpy.ops.preferences.addon_enable(module="recue") == {"FINISHED"}


def set_all(strip, settings):
    for name, value in settings.items():
        setattr(strip, name, value)


def snapshot_of(scene, plugin):
    if plugin not in sys.path:
        sys.path.append(plugin)
    from editor_plugin.core.snapshot import timeline_to_wire
    from editor_plugin.hosts.blender.host import BlenderHost

    return timeline_to_wire(BlenderHost(bpy, scene.name).snapshot())


def loud_moments(path):
    """The seconds at which a sound begins after a pause, of a mixdown of what the scene plays."""
    if os.path.exists(path):
        os.remove(path)
    bpy.ops.sound.mixdown(filepath=path, container="WAV", codec="PCM", format="S16")
    with wave.open(path) as file:
        channels, rate = file.getnchannels(), file.getframerate()
        samples = array.array("h", file.readframes(file.getnframes()))
    found, last = [], -rate
    for at in range(0, len(samples), channels):
        if abs(samples[at]) > 1500:
            if at / channels - last > rate * 0.15:
                found.append(at / channels / rate)
            last = at / channels
    return found


def beeps(cases, sound, mixdown, plugin):
    """For each case, where the beep is heard, and the snapshot of the scene."""
    answers = []
    for case in cases:
        scene, editor = fresh(tuple(case.get("rate", (25, 1.0))), case.get("start", 1))
        if "scene" in case:
            inner = bpy.data.scenes.new("Inner")
            inner.render.fps, inner.render.fps_base = scene.render.fps, scene.render.fps_base
            inner.frame_start, inner.frame_end = case["scene"].pop("begins", 1), 400
            holder = inner.sequence_editor_create()
        else:
            holder = editor
        strip = strips(holder).new_sound("Beep", sound, 1, 1)
        set_all(strip, case.get("strip", {}))
        if "meta" in case:
            meta = strips(holder).new_meta("Meta", 3, 1)
            strip.move_to_meta(meta)
            meta.frame_final_end = 400
            set_all(meta, case["meta"])
            for channel in case.get("muted_inside", ()):
                meta.channels[channel].mute = True
        if "scene" in case:
            outer = strips(editor).new_scene("Scene", inner, 2, 1)
            outer.scene_input = case["scene"].pop("shows", "SEQUENCER")
            set_all(outer, case["scene"])
        for channel in case.get("muted", ()):
            editor.channels[channel].mute = True
        answers.append({"heard": loud_moments(mixdown), "timeline": snapshot_of(scene, plugin)})
    return answers


def build(clips, media, file, rate, addon, own=True):
    """The demo timeline, as somebody would cut it: a movie and its sound for each clip."""
    scene, editor = fresh(tuple(rate), end=2000)
    switch_on(addon)
    scene.name = "Cut"
    scene.render.resolution_x, scene.render.resolution_y = 640, 360
    for number, clip in enumerate(clips, start=1):
        first = scene.frame_start + clip["first"]
        start = first - clip["source"]
        made = [strips(editor).new_movie(f"Picture {number}", media, 2, start)]
        if clip["sound"]:
            made.append(strips(editor).new_sound(f"Cut {number}", media, 1, start))
            made[1].mute = not clip["heard"]
            if clip["speed"] != 1:
                made[1].speed_factor = clip["speed"]
        for strip in made:
            strip.frame_offset_start = clip["source"]
            strip.frame_final_end = first + clip["length"]
    if own:
        title_of_the_user(editor)
    bpy.ops.wm.save_as_mainfile(filepath=file)
    return True


def title_of_the_user(editor):
    title = {"length": 40} if "length" in parameters(editor) else {"frame_end": 60}
    own = strips(editor).new_effect(
        name="My own title", type="TEXT", channel=5, frame_start=20, **title
    )
    own.text = "A title of the user"


def parameters(editor):
    return strips(editor).bl_rna.functions["new_effect"].parameters


def opened(file, addon):
    switch_on(addon)
    bpy.ops.wm.open_mainfile(filepath=file)
    show(bpy.context.scene)
    return bpy.context.scene


def generate(file, addon, plugin, operator="generate", changes=(), select=()):
    """Open a project, change it, run an operator of ours, save; return what it told."""
    scene = opened(file, addon)
    for change in changes:
        apply(scene, change)
    for strip in strips(scene.sequence_editor):
        strip.select = strip.name in select
    scene.recue.model = "demo"
    ended = list(getattr(bpy.ops.recue, operator)())
    bpy.ops.wm.save_mainfile()
    from editor_plugin.hosts.blender.operators import work

    return {"ended": ended, "report": list(work.report), "timeline": snapshot_of(scene, plugin)}


def apply(scene, change):
    """One thing that a user does: {"strip": name, "do": what, ...}."""
    there = strips(scene.sequence_editor)
    strip = there[change["strip"]]
    if change["do"] == "delete":
        there.remove(strip)
    else:
        set_all(strip, change["do"])


def texts(file, addon):
    """Every text strip of a project, and what Blender itself exports of ours."""
    scene = opened(file, addon)
    editor = scene.sequence_editor
    found = [
        {
            "name": strip.name,
            "first": strip.frame_final_start - scene.frame_start,
            "end": strip.frame_final_end - scene.frame_start,
            "text": strip.text,
            "channel": strip.channel,
        }
        for strip in strips(editor)
        if strip.type == "TEXT"
    ]
    return sorted(found, key=lambda each: (each["first"], each["name"]))


def exports(file, addon, ours, builtin):
    """Write the subtitles as SRT, with our operator and with Blender's own."""
    scene = opened(file, addon)
    editor = scene.sequence_editor
    bpy.ops.recue.export_srt(filepath=ours)
    for strip in list(strips(editor)):
        if strip.type == "TEXT" and not strip.name.startswith("Recue"):
            strips(editor).remove(strip)
    for strip in strips(editor):
        strip.select = strip.type == "TEXT"
        if strip.select:
            editor.active_strip = strip
    return list(bpy.ops.sequencer.export_subtitles(filepath=builtin))


def without_ours(file, addon, copy):
    """Save a copy of a project in which there are none of our subtitles, for the window."""
    scene = opened(file, addon)
    for strip in list(strips(scene.sequence_editor)):
        if strip.name.startswith("Recue"):
            strips(scene.sequence_editor).remove(strip)
    folder = next(iter(bpy.utils.app_template_paths(path="Video_Editing")))
    startup = os.path.join(folder, "startup.blend")
    with bpy.data.libraries.load(startup) as (there, wanted):
        wanted.workspaces = [name for name in there.workspaces if name == "Video Editing"]
    bpy.ops.wm.save_as_mainfile(filepath=copy)
    return sorted(workspace.name for workspace in bpy.data.workspaces)


def retimed(sound, plugin):
    """A sound strip whose speed is changed with keys."""
    scene, editor = fresh()
    strip = strips(editor).new_sound("Beep", sound, 1, 1)
    editor.active_strip, strip.select = strip, True
    window = bpy.context.window
    area = window.screen.areas[0]
    area.type = "SEQUENCE_EDITOR"
    region = next(region for region in area.regions if region.type == "WINDOW")
    # strip.retiming_keys.add ends Blender 5.0.1 without a window.
    with bpy.context.temp_override(window=window, area=area, region=region):
        bpy.ops.sequencer.retiming_key_add(timeline_frame=50)
    assert len(strip.retiming_keys) > 0
    return snapshot_of(scene, plugin)


def as_extension(addon):
    """Install the zip as 4.2 and later do, switch it off and on; whether the panel was there."""
    installed = bpy.ops.extensions.package_install_files(
        filepath=addon, repo="user_default", enable_on_install=True
    )
    module = "bl_ext.user_default.recue"
    return [list(installed), panel(), off_and_on(module), panel()]


def panel():
    return hasattr(bpy.types, "RECUE_PT_subtitles")


def off_and_on(module):
    """Whether the panel was there while the add-on was off."""
    bpy.ops.preferences.addon_disable(module=module)
    there = panel()
    bpy.ops.preferences.addon_enable(module=module)
    return there


def switched(addon):
    """Switch the add-on on, off and on; whether the panel was there."""
    switch_on(addon)
    return [panel(), off_and_on("recue"), panel()]


def without_recue(addon, plugin):
    """Switch the add-on on where Recue itself was taken away; which panel is there."""
    os.rename(plugin, plugin + ".gone")
    try:
        switch_on(addon)
        told = [panel(), hasattr(bpy.types, "RECUE_PT_missing")]
        bpy.ops.preferences.addon_disable(module="recue")
    finally:
        os.rename(plugin + ".gone", plugin)
    return told


def imported(addon, srt):
    """Import an SRT file into an empty project; the text strips that it made."""
    fresh()
    switch_on(addon)
    bpy.ops.recue.import_srt(filepath=srt)
    return [
        [strip.frame_final_start, strip.frame_final_end, strip.text]
        for strip in strips(bpy.context.scene.sequence_editor)
    ]


def placed(addon, cases):
    """Put cues beside other strips, case by case; return where they came to lie."""
    switch_on(addon)
    from fractions import Fraction

    from editor_plugin.core.cues import Cue
    from editor_plugin.hosts.blender.placing import put

    answers = []
    for case in cases:
        scene, editor = fresh(tuple(case["rate"]), case["start"])
        cues = [Cue(Fraction(a), Fraction(b), (text,)) for a, b, text in case["cues"]]
        told = put(scene, cues)
        answers.append({"verified": told.verified, "texts": titles(scene, editor)})
    return answers


def titles(scene, editor):
    return [
        [strip.frame_final_start - scene.frame_start, strip.frame_final_end - scene.frame_start]
        for strip in strips(editor)
    ]


def main():
    task, told, answer = sys.argv[sys.argv.index("--") + 1 :]
    result = globals()[task](**json.loads(told))
    with open(answer, "w", encoding="utf-8") as file:
        json.dump(result, file)
    sys.stdout.flush()


if __name__ == "__main__":
    main()
