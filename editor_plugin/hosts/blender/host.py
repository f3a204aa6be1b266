"""Blender as a host: the scene in the sequencer as a timeline, and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from editor_plugin.core.cues import Cue
from editor_plugin.core.errors import EnvironmentBroken
from editor_plugin.core.snapshot import timeline_from_wire, timeline_to_wire
from editor_plugin.core.timeline import Span, Timeline
from editor_plugin.hosts.base import Placed, Subtitles
from editor_plugin.hosts.blender.api import clock_of, strips_of
from editor_plugin.hosts.blender.placing import cues_there, ours, put
from editor_plugin.hosts.blender.reading import read
from editor_plugin.hosts.blender.strips import timeline_of

KEPT = "recue_placed"
"""A custom property of the scene: the snapshot and the cues that its subtitles were made from, as
JSON. It is saved with the project, so that edits by hand are known after a restart."""


@dataclass(frozen=True)
class Scope:
    """What subtitles are wanted for: `span` of record time (None: all of it), and only the sound of
    the strips `names` (None: all that is heard)."""

    names: frozenset[str] | None = None
    span: Span | None = None


@dataclass(frozen=True)
class Edited:
    """A subtitle of ours that was changed by hand: as it was placed, and the text that it has now.
    `now` is None where it was deleted."""

    before: Cue
    now: str | None


class BlenderHost:
    """A scene by its name: Blender makes its objects anew with every undo."""

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

    def place(self, subtitles: Subtitles) -> Placed:
        """Put the subtitles there in place of those of ours within the scope; see `put`."""
        placed = put(self.scene, subtitles.cues, self.scope.span)
        if placed.verified:
            self._keep()
        return placed

    def read_back(self) -> Sequence[Cue]:
        """Our subtitles as they stand now, edited by hand or not."""
        return cues_there(self.scene)

    def remembered(self) -> tuple[Timeline, tuple[Cue, ...]] | None:
        """The timeline and the cues as they were placed last; None where none were."""
        kept = self.scene.get(KEPT)
        if not kept:
            return None
        told = json.loads(kept)
        return timeline_from_wire(told["timeline"]), tuple(_cue(each) for each in told["cues"])

    def edits(self) -> list[Edited]:
        """What was changed in our subtitles since they were placed.

        A strip keeps its number when it is moved or when the cut around it changes, so that only
        what was done to its text counts.
        """
        kept = self.scene.get(KEPT)
        if not kept:
            return []
        now = {strip.name: strip.text for _, strip in ours(self.scene)}
        found = []
        for each in json.loads(kept)["cues"]:
            before, text = _cue(each), now.get(each["strip"])
            if text is None or text.split() != before.text.split():
                found.append(Edited(before, text))
        return found

    def _keep(self) -> None:
        clock = clock_of(self.scene)
        whole = timeline_of(read(self.scene, self._path))
        cues = [
            {
                "strip": strip.name,
                "start": str(clock.seconds(int(strip.frame_final_start))),
                "end": str(clock.seconds(int(strip.frame_final_end))),
                "lines": strip.text.split("\n"),
            }
            for _, strip in ours(self.scene)
        ]
        self.scene[KEPT] = json.dumps({"timeline": timeline_to_wire(whole), "cues": cues})

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
    span = Span(
        max(clock.seconds(min(int(strip.frame_final_start) for strip in strips)), Fraction(0)),
        clock.seconds(max(int(strip.frame_final_end) for strip in strips)),
    )
    sounding = frozenset(strip.name for strip in strips if strip.type in ("SOUND", "META", "SCENE"))
    return Scope(sounding or None, span) if span.duration > 0 and span.end > 0 else None


def within(timeline: Timeline, span: Span) -> Timeline:
    """Leave out the clips outside a span, of which nothing is to be told either."""
    tracks = tuple(
        replace(
            track,
            clips=tuple(
                clip
                for clip in track.clips
                if clip.record.start < span.end and span.start < clip.record.end
            ),
        )
        for track in timeline.tracks
    )
    return replace(timeline, tracks=tuple(track for track in tracks if track.clips))


def _cue(told: dict[str, Any]) -> Cue:
    return Cue(Fraction(told["start"]), Fraction(told["end"]), tuple(told["lines"]))
