"""Places subtitles in the sequencer as text strips, and finds Recue's own text strips.

A text strip is ours if it carries our mark and still has the name that we gave it. So a user makes
a subtitle theirs by renaming it; a duplicate, which Blender names anew, is theirs from the start.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from editor_plugin.core.cues import Cue
from editor_plugin.core.jobs.status import count
from editor_plugin.core.timeline import Span
from editor_plugin.hosts.blender.api import (
    CHANNELS,
    clock_of,
    each_text,
    first_look,
    frames_of,
    look_of,
    new_text,
    strips_of,
    wear,
)
from editor_plugin.hosts.blender.strips import SceneClock
from editor_plugin.hosts.placed import Placed

GENERATED, IMPORTED = "recue", "recue_file"
"""Our marks: custom properties that hold the name which the strip was given. What was imported
from a file is found for export, and never replaced."""
JOB, NEW = "recue_job", 0
"""A further property: the number of the job that made a subtitle; 0 until it is known."""
_FOREVER = 2**40
TITLES = {GENERATED: "Recue", IMPORTED: "Subtitle"}


@dataclass(frozen=True)
class OccupiedRange:
    """Where another strip lies: its channel and its frames [first, end). A muted channel is taken,
    too, as nothing is seen on it, but has no strip to lie above."""

    channel: int
    first: int
    end: int
    is_strip: bool = True


@dataclass(frozen=True)
class TextStrip:
    """A text strip to be made, or found: its frames [first, end), text and channel."""

    first: int
    end: int
    text: str
    channel: int = 0


def titles_of(cues: Iterable[Cue], clock: SceneClock) -> list[TextStrip]:
    """The text strips of cues, a frame long at least, in the order of time."""
    titles = []
    for cue in cues:
        first = clock.frame(cue.start)
        titles.append(TextStrip(first, max(clock.frame(cue.end), first + 1), cue.text))
    return sorted(titles, key=lambda title: (title.first, title.end))


def laid_out(
    titles: Sequence[TextStrip], taken: Sequence[OccupiedRange], wanted: int | None = None
) -> list[TextStrip] | None:
    """Give each title a channel on which it meets no other strip; None where there is no room.

    All lie on one channel, above everything in their range, or on as many as there are titles at
    once. `wanted` is the channel that they had before, and keep where it is free.
    """
    if not titles:
        return []
    lanes = _lanes(titles)
    needed = max(lanes) + 1
    first, end = titles[0].first, max(title.end for title in titles)
    near = [each for each in taken if each.first < end and first < each.end]
    used = {each.channel for each in near}
    above = max((each.channel for each in near if each.is_strip), default=0) + 1
    further = (*range(above, CHANNELS + 1), *range(above - 1, 0, -1))
    for base in further if wanted is None else (wanted, *further):
        there = range(base, base + needed)
        if there[-1] <= CHANNELS and used.isdisjoint(there):
            return [replace(title, channel=base + lane) for title, lane in zip(titles, lanes)]
    return None


def _lanes(titles: Sequence[TextStrip]) -> list[int]:
    """The number of the lane, from 0, of each title; titles at one time have different ones."""
    ends: list[int] = []
    lanes = []
    for title in titles:
        lane = next((at for at, end in enumerate(ends) if end <= title.first), len(ends))
        ends[lane : lane + 1] = [title.end]
        lanes.append(lane)
    return lanes


def ours(scene: Any, mark: str = GENERATED) -> Iterator[tuple[Any, Any]]:
    """Our text strips, each with the collection that it is in."""
    if scene.sequence_editor is not None:
        for strips, strip in each_text(scene.sequence_editor):
            if strip.get(mark) == strip.name:
                yield strips, strip


def cues_there(scene: Any, mark: str = GENERATED) -> list[Cue]:
    """Our text strips as cues, as they stand now, in the order of time; muted ones are no cues."""
    clock = clock_of(scene)
    titles = [_title(strip) for _, strip in ours(scene, mark) if not strip.mute]
    return [
        Cue(clock.seconds(each.first), clock.seconds(each.end), tuple(each.text.split("\n")))
        for each in sorted(titles, key=lambda title: (title.first, title.end))
    ]


def put(scene: Any, cues: Sequence[Cue], span: Span | None = None) -> Placed:
    """Replace our subtitles (within a span of record time) by cues, and read them back.

    Where there is no room, nothing is changed.
    """
    clock = clock_of(scene)
    old = [each for each in ours(scene) if span is None or _meets(each[1], clock, span)]
    gone = {strip.name for _, strip in old}
    channel = min((int(strip.channel) for _, strip in old), default=None)
    titles = laid_out(titles_of(cues, clock), taken(scene, gone), channel)
    if titles is None:
        why = "No channel is free for the subtitles: move or delete strips, and try again."
        return Placed(False, (why,))
    look = look_of(old[0][1]) if old else first_look(int(scene.render.resolution_y))
    for strips, strip in old:
        strips.remove(strip)
    make(strips_of(scene.sequence_editor), titles, GENERATED, look)
    return _verified(scene, titles, len(old))


def make(strips: Any, titles: Iterable[TextStrip], mark: str, look: dict[str, Any]) -> None:
    """Make marked text strips; their channels must be free."""
    for number, title in enumerate(titles, start=1):
        name = f"{TITLES[mark]} {number:03}"
        strip = new_text(strips, name, title.channel, (title.first, title.end))
        strip.text = title.text
        strip[mark] = strip.name
        strip[JOB] = NEW
        wear(strip, look)


def _verified(scene: Any, titles: Sequence[TextStrip], replaced: int) -> Placed:
    """List our strips anew, and compare with what was to be made."""
    there = {_title(strip) for _, strip in ours(scene)}
    missing = [title for title in titles if title not in there]
    if missing:
        clock = clock_of(scene)
        at = float(clock.seconds(missing[0].first))
        lost = f"{len(missing)} of {count(len(titles), 'subtitle')} could not be placed"
        return Placed(False, (f"{lost}, the first one at {at:.3f} s: undo, and try again.",))
    channels = sorted({title.channel for title in titles})
    where = " and ".join(str(channel) for channel in channels)
    word = "channel" if len(channels) < 2 else "channels"
    placed = count(len(titles), "subtitle")
    sentences = [
        f"{placed} on {word} {where}." if titles else "No subtitles: no speech was recognised."
    ]
    if replaced:
        sentences.append(f"{count(replaced, 'earlier subtitle')} of Recue's replaced.")
    return Placed(True, tuple(sentences))


def _title(strip: Any) -> TextStrip:
    return TextStrip(*frames_of(strip), strip.text, int(strip.channel))


def _meets(strip: Any, clock: SceneClock, span: Span) -> bool:
    first, end = frames_of(strip)
    return clock.seconds(first) < span.end and span.start < clock.seconds(end)


def taken(scene: Any, gone: Collection[str] = ()) -> list[OccupiedRange]:
    """The ranges of all strips, except those to be removed, and the muted channels."""
    editor = scene.sequence_editor or scene.sequence_editor_create()
    there = [
        OccupiedRange(int(strip.channel), *frames_of(strip))
        for strip in strips_of(editor)
        if strip.name not in gone
    ]
    muted = [at for at, channel in enumerate(editor.channels) if at and channel.mute]
    return [*there, *(OccupiedRange(at, -_FOREVER, _FOREVER, False) for at in muted)]
