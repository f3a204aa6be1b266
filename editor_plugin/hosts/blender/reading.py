"""Reads a scene's sequencer: from Blender's objects to the values of `strips`.

A strip whose mapping is not known to be exact is not mapped; `trouble` says why, and the report has
it as "cannot be read (…)". Proxies do not matter, as they are of pictures; a movie strip's sound
lies in a sound strip of its own.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from editor_plugin.hosts.blender.api import clock_of, frames_of, number, strips_of
from editor_plugin.hosts.blender.strips import (
    Channel,
    Group,
    PictureStrip,
    SceneClock,
    Sequencer,
    SoundStrip,
    Strip,
)

_PICTURES = ("MOVIE", "IMAGE", "SCENE", "META", "MOVIECLIP", "MASK", "COLOR")
DEEPEST = 16
"""Strips within strips within strips: Blender forbids a scene within itself, a file might not."""


@dataclass(frozen=True)
class _Reader:
    """`where` gives the absolute path of a sound's file, `clock` is that of the scene read."""

    where: Callable[[Any], str]
    clock: SceneClock
    animated: bool
    depth: int = 0


def read(
    scene: Any, where: Callable[[Any], str], chosen: Collection[str] | None = None
) -> Sequencer:
    """Read a scene. `where` gives a sound's absolute path; `chosen` names the strips to hear."""
    clock = clock_of(scene)
    editor = scene.sequence_editor
    if editor is None:
        return Sequencer(scene.name, clock, (), ())
    channels = tuple(
        Channel(at, _channel_name(editor, at), _is_muted(editor, at))
        for at in sorted({int(strip.channel) for strip in strips_of(editor)})
    )
    reader = _Reader(where, clock, _is_animated(scene))
    heard = [each for each in strips_of(editor) if chosen is None or each.name in chosen]
    strips = tuple(mapped for strip in heard for mapped in _mapped(reader, strip))
    return Sequencer(scene.name, clock, channels, strips, tuple(_pictures(editor)))


def _mapped(reader: _Reader, strip: Any) -> Iterator[Strip]:
    """The value that a strip becomes; none for what has no sound."""
    if strip.type == "SOUND":
        yield _sound(reader, strip)
    elif strip.type == "META":
        yield from _meta(reader, strip)
    elif strip.type == "SCENE" and strip.scene is not None and strip.scene.sequence_editor:
        yield from _scene(reader, strip)


def _sound(reader: _Reader, strip: Any) -> SoundStrip:
    path, trouble = _file(reader, strip.sound)
    slip = int(strip.animation_offset_start)
    shift = number(getattr(strip, "sound_offset", 0.0))
    if _is_retimed(strip):
        trouble = "its speed is changed with retiming keys"
    elif shift < 0 and slip:
        # Blender 5.0.1 then plays from the file's start at some positions and not at others.
        trouble = "its sound is offset and its start is cut off for good"
    return SoundStrip(
        strip.name,
        int(strip.channel),
        *frames_of(strip),
        number(strip.frame_start),
        path,
        slip,
        shift,
        number(getattr(strip, "speed_factor", 1.0)),
        _is_loud(reader, strip),
        trouble,
    )


def _file(reader: _Reader, sound: Any) -> tuple[str | None, str | None]:
    """The path of a sound's file, or why it cannot be read."""
    if sound is None:
        return None, "it has no sound file"
    if sound.packed_file is not None:
        return None, "its file is packed into the project; unpack it in File > External Data"
    path = os.path.normpath(reader.where(sound))
    if not os.path.isfile(path):
        return None, f"there is no file “{path}”"
    return path, None


def _meta(reader: _Reader, strip: Any) -> Iterator[Group]:
    """A meta strip. Its strips count in the scene's frames, wherever it was moved to."""
    trouble = _group_trouble(reader, strip)
    inside = () if trouble else _inside(_deeper(reader, reader.clock), strip)
    if trouble or inside:
        heard = not strip.mute
        yield Group(*_place(strip), inside, heard=heard, trouble=trouble)


def _scene(reader: _Reader, strip: Any) -> Iterator[Group]:
    """A strip that plays another scene's sequencer. Its camera, if that is what the strip shows,
    brings no sound along. The other scene starts at its own first frame."""
    if getattr(strip, "scene_input", "SEQUENCER") != "SEQUENCER":
        return
    other = clock_of(strip.scene)
    trouble = _group_trouble(reader, strip)
    if other.rate != reader.clock.rate:
        trouble = "it is a scene of another frame rate"
    elif int(strip.animation_offset_start):
        trouble = "it is a scene whose start is cut off for good"
    within = _deeper(reader, other, _is_animated(strip.scene))
    inside = () if trouble else _inside(within, strip.scene.sequence_editor)
    if trouble or inside:
        moved = round(strip.frame_start) - other.zero
        last = round(strip.frame_start) + int(strip.scene.frame_end) + 1 - other.zero
        name, channel, first, end = _place(strip)
        first, end = max(first, round(strip.frame_start)), min(end, last)
        heard = _is_loud(reader, strip)
        yield Group(name, channel, first, end, inside, moved, heard, trouble)


def _inside(reader: _Reader, owner: Any) -> tuple[Strip, ...]:
    """The strips within a meta strip or another scene, but for those on muted channels there."""
    return tuple(
        mapped
        for strip in strips_of(owner)
        if not _is_muted(owner, int(strip.channel))
        for mapped in _mapped(reader, strip)
    )


def _group_trouble(reader: _Reader, strip: Any) -> str | None:
    if _is_retimed(strip) or number(getattr(strip, "speed_factor", 1.0)) != 1:
        return "it is a group of strips with a changed speed"
    return "too many strips lie within each other" if reader.depth >= DEEPEST else None


def _deeper(reader: _Reader, clock: SceneClock, animated: bool = False) -> _Reader:
    return _Reader(reader.where, clock, reader.animated or animated, reader.depth + 1)


def _place(strip: Any) -> tuple[str, int, int, int]:
    return (strip.name, int(strip.channel), *frames_of(strip))


def _is_retimed(strip: Any) -> bool:
    return len(getattr(strip, "retiming_keys", ())) > 0


def _is_loud(reader: _Reader, strip: Any) -> bool:
    """Where anything in the scene is animated, a volume of 0 may be one moment's only."""
    return not strip.mute and (reader.animated or getattr(strip, "volume", 1.0) > 0)


def _is_animated(scene: Any) -> bool:
    data = scene.animation_data
    return data is not None and (data.action is not None or len(data.drivers) > 0)


def _is_muted(owner: Any, channel: int) -> bool:
    channels = owner.channels
    return channel < len(channels) and bool(channels[channel].mute)


def _channel_name(editor: Any, channel: int) -> str:
    channels = editor.channels
    return str(channels[channel].name) if channel < len(channels) else f"Channel {channel}"


def _pictures(editor: Any) -> Iterator[PictureStrip]:
    for strip in strips_of(editor):
        channel = int(strip.channel)
        if strip.type in _PICTURES and not strip.mute and not _is_muted(editor, channel):
            yield PictureStrip(channel, *frames_of(strip), _covers(strip))


def _covers(strip: Any) -> bool:
    """A movie over the whole picture hides what lies below it; a still may be a logo."""
    transform = getattr(strip, "transform", None)
    return (
        strip.type in ("MOVIE", "SCENE")
        and strip.blend_type in ("REPLACE", "ALPHA_OVER", "CROSS")
        and Fraction(strip.blend_alpha) == 1
        and (transform is None or (transform.offset_x == 0 and transform.offset_y == 0))
    )
