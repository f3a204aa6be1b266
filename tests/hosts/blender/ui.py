"""What a user does in Blender's window, as a chain of timers: `... -P ui.py -- ARGUMENTS`.

Opens a project in the workspace for video editing, has subtitles generated, takes a picture, undoes
and redoes, and writes what was there at each time.
"""

import json
import sys
import time
import traceback

import bpy

TOLD = json.loads(sys.argv[sys.argv.index("--") + 1])
SEEN = {"ticks": 0}


def strips(owner):
    return owner.strips if hasattr(owner, "strips") else owner.sequences


def texts():
    there = strips(bpy.context.scene.sequence_editor)
    return sorted(strip.name for strip in there if strip.type == "TEXT")


def window():
    return bpy.context.window_manager.windows[0]


def sequencers():
    for area in window().screen.areas:
        if area.type == "SEQUENCE_EDITOR":
            yield area


def override():
    area = next(area for area in sequencers() if area.spaces[0].view_type == "SEQUENCER")
    region = next(region for region in area.regions if region.type == "WINDOW")
    return bpy.context.temp_override(window=window(), area=area, region=region)


def arrange():
    window().workspace = bpy.data.workspaces["Video Editing"]
    return "open"


def open_sidebar():
    scene = bpy.context.scene
    scene.recue.model = "demo"
    for area in window().screen.areas:
        if area.type == "FILE_BROWSER":
            area.type = "TEXT_EDITOR"
    for area in sequencers():
        area.spaces[0].show_region_ui = area.spaces[0].view_type == "SEQUENCER"
        area.tag_redraw()
    scene.frame_set(TOLD["frame"])
    for strip in strips(scene.sequence_editor):
        strip.select = False
    with override():
        bpy.ops.sequencer.view_all()
    return "generate"


def generate():
    SEEN["before"] = texts()
    bpy.ops.ed.undo_push(message="as it was")
    with override():
        SEEN["started"] = list(bpy.ops.recue.generate("INVOKE_DEFAULT"))
    SEEN["since"] = time.monotonic()
    return "wait"


def wait():
    from editor_plugin.hosts.blender.operators import work

    SEEN["ticks"] += 1
    if work.generation is not None and time.monotonic() - SEEN["since"] < TOLD["patience"]:
        return "wait"
    SEEN["report"] = list(work.report)
    SEEN["after"] = texts()
    return "look"


def look():
    for area in window().screen.areas:
        if area.type == "TEXT_EDITOR":
            area.spaces[0].text = bpy.data.texts.get("Recue report")
            area.spaces[0].show_word_wrap = True
    if TOLD.get("wait_for_click"):
        open(TOLD["answer"] + ".ready", "w").close()
        return "picture"
    return picture()


def picture():
    bpy.ops.screen.screenshot(filepath=TOLD["picture"])
    return "undo"


def undo():
    with override():
        bpy.ops.ed.undo()
    return "undone"


def undone():
    SEEN["undone"] = texts()
    with override():
        bpy.ops.ed.redo()
    return "redone"


def redone():
    SEEN["redone"] = texts()
    return "end"


STEPS = {
    "arrange": (arrange, 0.5),
    "open": (open_sidebar, 1.0),
    "generate": (generate, 2.5),
    "wait": (wait, 0.3),
    "look": (look, 1.5),
    "picture": (picture, 3.0),
    "undo": (undo, 0.3),
    "undone": (undone, 0.5),
    "redone": (redone, 0.5),
}
NEXT = ["arrange"]


def tick():
    try:
        NEXT[0] = STEPS[NEXT[0]][0]()
    except Exception:
        SEEN["error"] = traceback.format_exc()
        NEXT[0] = "end"
    if NEXT[0] == "end":
        with open(TOLD["answer"], "w", encoding="utf-8") as file:
            json.dump(SEEN, file)
        bpy.ops.wm.quit_blender()
        return None
    return STEPS[NEXT[0]][1]


bpy.app.timers.register(tick, first_interval=1.0, persistent=True)
