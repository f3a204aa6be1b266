"""Renders the audio of nested, multicam and reversed clips on the Deliver page.

One track at a time, only the range that is needed, with everything of the user's on that page kept
in a preset and put back. Before 19.1 that preset could not be deleted again, so nothing is done.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from editor_plugin.core.errors import Cancelled
from editor_plugin.core.timebase import nearest_frame
from editor_plugin.core.timeline import OFFLINE, Clip, Media, Timeline
from editor_plugin.hosts.resolve import api
from editor_plugin.hosts.resolve.reading.clock import TimelineClock, clock_of
from editor_plugin.hosts.resolve.reading.snapshot import with_renders
from editor_plugin.hosts.resolve.state import deliver_preset, journal
from editor_plugin.hosts.resolve.state.saved_state import (
    SavedState,
    TrackState,
    remember,
    set_state,
)
from editor_plugin.hosts.resolve.state.session import Session
from editor_plugin.hosts.resolve.user_interface import UserInterface

PROGRESS = "Rendering nested, multicam and reversed clips"
STOCK = "Audio Only"
"""The preset of Resolve's own that renders sound; it has another name in some languages."""
DETAIL = {"AudioBitDepth": 16, "AudioSampleRate": 48000}
POLL_SECONDS = 0.5
PATIENCE_SECONDS = 120.0
"""How long a render may make no progress."""


@dataclass(frozen=True)
class Range:
    """The range to render: absolute frames, both inclusive, and the track that is heard."""

    first: int
    last: int
    track: int


def unreadable(timeline: Timeline) -> list[tuple[int, Clip]]:
    """The clips that could be rendered, with their track: audible, and not merely offline."""
    return [
        (track.index, clip)
        for track in timeline.tracks
        for clip in track.clips
        if not track.muted and clip.enabled and clip.unreadable and clip.fault != OFFLINE
    ]


def rendered(session: Session, timeline: Timeline, folder: Path, ui: UserInterface) -> Timeline:
    """The snapshot with each unreadable clip rendered, where that succeeds. Raises Cancelled."""
    clips = unreadable(timeline)
    if not clips or not session.edition.renders:
        return timeline
    clock, made = clock_of(session), {}
    before = remember(session)
    before.preset = f"recue-{secrets.token_hex(4)}"
    with journal.kept(session, before):
        if not deliver_preset.keep(session, before.preset):
            return timeline
        for done, (index, clip) in enumerate(clips):
            ui.progress(PROGRESS, 100 * done / len(clips), None)
            first = clock.start_frame + nearest_frame(clip.record.start, clock.rate)
            last = clock.start_frame + nearest_frame(clip.record.end, clock.rate) - 1
            path = _one(session, Range(first, last, index), before, (folder, ui))
            if path is not None:
                made[index, clip.record.start] = _heard(clip, path, first, clock)
    return with_renders(timeline, made)


def _heard(clip: Clip, path: Path, first: int, clock: TimelineClock) -> Clip:
    source_in = max(clip.record.start - clock.seconds(first), Fraction(0))
    return replace(
        clip, source_in=source_in, speed=Fraction(1), media=Media(str(path)), unreadable=None
    )


def _one(
    session: Session, what: Range, before: SavedState, how: tuple[Path, UserInterface]
) -> Path | None:
    folder, ui = how
    name = f"recue-{secrets.token_hex(6)}"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not session.is_current() or not session.open_page("deliver"):
        return None
    for index in session.tracks("audio"):
        locked = before.tracks["audio"][index - 1].locked
        set_state(session, "audio", index, TrackState("", index == what.track, locked))
    if not _set_up(session, what, folder, name):
        return None
    project = session.project()
    job = api.text(api.call(project, "AddRenderJob"))
    if not job:
        return None
    before.jobs.append(job)
    journal.note(before)
    started = api.call(project, "StartRendering", [job], False)
    if started is not True and api.call(project, "IsRenderingInProgress") is not True:
        started = api.call(project, "StartRendering", job)
    done = started is not False and _wait(session, job, ui)
    found = sorted(folder.glob(f"{name}*")) if done else []
    return found[0] if found and found[0].stat().st_size > 0 else None


def _set_up(session: Session, what: Range, folder: Path, name: str) -> bool:
    project = session.project()
    if deliver_preset.is_there(session, STOCK):
        api.call(project, "LoadRenderPreset", STOCK)
    api.call(project, "SetCurrentRenderMode", 1)
    settings: dict[str, Any] = {
        "SelectAllFrames": False,
        "MarkIn": what.first,
        "MarkOut": what.last,
        "TargetDir": str(folder.absolute()),
        "CustomName": name,
        "ExportVideo": False,
        "ExportAudio": True,
        **DETAIL,
    }
    formats = api.call(project, "GetAudioRenderFormats")
    if isinstance(formats, dict) and "wav" in map(api.text, formats.values()):
        settings["AudioFormat"] = "wav"
    if api.call(project, "SetRenderSettings", settings) is True:
        return True
    for key in (*DETAIL, "AudioFormat"):
        settings.pop(key, None)
    return api.call(project, "SetRenderSettings", settings) is True


def _wait(session: Session, job: str, ui: UserInterface) -> bool:
    """Until the job has ended; its words are translated, so its percentage tells how."""
    still, last = 0.0, -1.0
    while still < PATIENCE_SECONDS:
        project = session.project()
        status = api.call(project, "GetRenderJobStatus", job)
        reported = status if isinstance(status, dict) else {}
        percent = float(api.number(reported.get("CompletionPercentage")) or 0)
        running = api.call(project, "IsRenderingInProgress") is True
        if reported.get("Error"):
            return False
        if not running and reported:
            return percent >= 100
        if ui.cancelled():
            raise Cancelled
        still = 0.0 if percent != last else still + POLL_SECONDS
        last = percent
        session.sleep(POLL_SECONDS)
    return False
