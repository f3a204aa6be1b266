"""Reads a scene of Blender as a timeline, places subtitles in it, and detects edits of them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from editor_plugin.core.cues import Cue
from editor_plugin.core.errors import EnvironmentBroken
from editor_plugin.core.jobs.result import JobResult
from editor_plugin.core.timeline import Span, Timeline
from editor_plugin.hosts.blender.api import clock_of, frames_of, strips_of
from editor_plugin.hosts.blender.placing import GENERATED, JOB, NEW, cues_there, ours, put
from editor_plugin.hosts.blender.reading import read
from editor_plugin.hosts.blender.strips import timeline_of
from editor_plugin.hosts.placed import Placed

KEPT = "recue_placed"
"""A custom property of the scene: the subtitles as they were placed, as JSON. It is saved with the
project, so that edits by hand are known after a restart."""


@dataclass(frozen=True)
class Scope:
    """What gets subtitles: a span of record time and the named strips; None for all of each."""

    names: frozenset[str] | None = None
    span: Span | None = None


@dataclass(frozen=True)
class EditedSubtitles:
    """Subtitles of one job that a person edited: the edited cues at the times at which they were
    placed, and the names of the changed strips."""

    job: int
    cues: tuple[Cue, ...]
    strips: tuple[str, ...]


class BlenderHost:
    """The adapter of one scene, kept by its name: Blender recreates objects with every undo."""

    name = "Blender"

    def __init__(self, bpy: Any, scene: str, scope: Scope = Scope()) -> None:
        self._bpy = bpy
        self._scene_name = scene
        self.scope = scope

    @property
    def scene(self) -> Any:
        """The scene. Raises EnvironmentBroken where it is gone."""
        scene = self._bpy.data.scenes.get(self._scene_name)
        if scene is None:
            raise EnvironmentBroken(
                f"The scene “{self._scene_name}” is not in this project any more.",
                "Open the sequencer of the scene that should have subtitles, and start again.",
            )
        return scene

    def snapshot(self) -> Timeline:
        """The timeline as it is now, within the scope."""
        found = timeline_of(read(self.scene, self._path, self.scope.names))
        return found if self.scope.span is None else within(found, self.scope.span)

    def place(self, result: JobResult) -> Placed:
        """Replace our subtitles within the scope by the result's; see `put`."""
        return put(self.scene, result.cues, self.scope.span)

    def read_back(self) -> Sequence[Cue]:
        """Our subtitles as they stand now, edited by hand or not."""
        return cues_there(self.scene)

    def edits(self) -> list[EditedSubtitles]:
        """What was changed by hand in our subtitles since they were placed, job by job.

        A strip that was only moved says the same; a strip that was deleted says nothing.
        """
        now = {strip.name: strip.text for _, strip in ours(self.scene)}
        kept = self._kept()
        found = []
        for job in sorted({each["job"] for each in kept}):
            of_job = [each for each in kept if each["job"] == job]
            changed = tuple(each["strip"] for each in of_job if _is_changed(each, now))
            if changed:
                cues = tuple(cue for each in of_job for cue in _as_it_is(each, now))
                found.append(EditedSubtitles(job, cues, changed))
        return found

    def let_go(self, names: Collection[str]) -> int:
        """Make these strips the user's own; returns how many there are."""
        found = [strip for _, strip in list(ours(self.scene)) if strip.name in names]
        for strip in found:
            del strip[GENERATED]
        return len(found)

    def remember(self, job: int) -> None:
        """Keep what was just placed, and by which job, so that edits are detected later.

        Replaced subtitles of an earlier job stay on its list: it takes its corrections as a whole.
        """
        clock = clock_of(self.scene)
        before = {each["strip"]: each for each in self._kept() if each["strip"]}
        kept = [each for each in self._kept() if not each["strip"]]
        for _, strip in ours(self.scene):
            if strip[JOB] == NEW:
                strip[JOB] = job
                start, end = (str(clock.seconds(frame)) for frame in frames_of(strip))
                cue = {"start": start, "end": end, "lines": strip.text.split("\n")}
                kept.append({"strip": strip.name, "job": job, **cue})
            elif strip.name in before and before[strip.name]["job"] == strip[JOB]:
                kept.append(before.pop(strip.name))
        kept += [{**each, "strip": ""} for each in before.values()]
        alive = {each["job"] for each in kept if each["strip"]}
        self.scene[KEPT] = json.dumps([each for each in kept if each["job"] in alive])

    def _kept(self) -> list[dict[str, Any]]:
        return list(json.loads(self.scene.get(KEPT, "[]")))

    def _path(self, sound: Any) -> str:
        return str(self._bpy.path.abspath(sound.filepath, library=sound.library))


def selected(scene: Any) -> Scope | None:
    """The scope of the selected strips; None where there is none.

    Of sound strips and groups only their own sound; of pictures all that is heard with them.
    """
    if scene.sequence_editor is None:
        return None
    strips = [s for s in strips_of(scene.sequence_editor) if s.select and s.type != "TEXT"]
    if not strips:
        return None
    clock = clock_of(scene)
    firsts, ends = zip(*map(frames_of, strips))
    span = Span(max(clock.seconds(min(firsts)), Fraction(0)), clock.seconds(max(ends)))
    sounding = frozenset(strip.name for strip in strips if strip.type in ("SOUND", "META", "SCENE"))
    return Scope(sounding or None, span) if span.duration > 0 and span.end > 0 else None


def within(timeline: Timeline, span: Span) -> Timeline:
    """The timeline without the clips outside a span, so that none of them is reported either."""
    tracks = []
    for track in timeline.tracks:
        clips = [c for c in track.clips if c.record.start < span.end and span.start < c.record.end]
        if clips:
            tracks.append(replace(track, clips=tuple(clips)))
    return replace(timeline, tracks=tuple(tracks))


def _is_changed(kept: dict[str, Any], now: dict[str, str]) -> bool:
    if not kept["strip"]:
        return False
    text = now.get(kept["strip"])
    return text is None or text.split() != " ".join(kept["lines"]).split()


def _as_it_is(kept: dict[str, Any], now: dict[str, str]) -> Iterator[Cue]:
    """The cue as it is to be; none where its strip was deleted."""
    text = now.get(kept["strip"]) if kept["strip"] else "\n".join(kept["lines"])
    if text is not None:
        yield Cue(Fraction(kept["start"]), Fraction(kept["end"]), tuple(text.split("\n")))
