"""A double of Resolve with a film in it, and an engine that is an object in this process."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

from editor_plugin.core.cues import Cue
from editor_plugin.hosts.base import Placed, Subtitles
from editor_plugin.hosts.resolve.placing.merging import merged
from editor_plugin.hosts.resolve.placing.place import Placement, place
from editor_plugin.hosts.resolve.placing.srt import cues_of, srt_of
from editor_plugin.hosts.resolve.reading.clock import clock_of
from editor_plugin.hosts.resolve.state.session import Session
from tests.doubles.resolve import Marker, Ours, belongings, to_json
from tests.doubles.resolve.desk import Desk

OURS = Ours(("Recue", "Recue 2"))
LINES = (("One fine day.", "2.0", "3.5"), ("Two lines\nof text", "4.0", "6.0"), ("3", "9.2", "10"))


def film(folder: Path, profile: str = "20.3", edition: str = "studio", **wanted: Any) -> Desk:
    """Picture and sound of a real file, a subtitle track of the user's, marks and a marker."""
    wanted.setdefault("reel", {"subtitle": 1, "audio": 2})
    desk = Desk(profile, edition, **wanted)
    path = folder / "interview.mov"
    path.write_bytes(b"not really a film")
    media = desk.reel.media(str(path), frames=5000, start_timecode="10:00:00:00")
    desk.reel.clip(media, 0, 250, source_in=Fraction(12))
    desk.reel.clip(media, 250, 250, source_in=Fraction(40))
    if wanted["reel"].get("subtitle"):
        desk.reel.subtitle(30, 50, "The user's own.")
    desk.reel.track("audio", 2).enabled = False
    desk.reel.timeline.marks = {
        "video": {"in": 10, "out": 200},
        "audio": {"in": 10, "out": 200},
    }
    desk.reel.timeline.markers.append(Marker(10, "Red", "mine"))
    desk.reel.timeline.playhead = desk.reel.start + 77
    desk.world.page = "color"
    return desk


def subtitles(lines: tuple[tuple[str, str, str], ...] = LINES) -> Subtitles:
    cues = tuple(
        Cue(Fraction(start), Fraction(end), tuple(text.split("\n"))) for text, start, end in lines
    )
    return Subtitles("Reel 1", cues, srt_of(cues))


def session_of(desk: Desk) -> Session:
    return Session(desk.resolve, desk.app.sleep)


def placed(desk: Desk, folder: Path, what: Subtitles | None = None) -> Placed:
    session = session_of(desk)
    made = merged((), cues_of((what or subtitles()).srt), 7, None)
    return place(session, Placement(made, clock_of(session), folder / "srt"))


def owned(desk: Desk) -> dict[str, Any]:
    return belongings(to_json(desk.world), OURS)


def ours_on(desk: Desk) -> list[tuple[str, int]]:
    """Our subtitles: text and frame from the timeline's start."""
    return [
        (item.text, int(item.start) - desk.reel.start)
        for track in desk.reel.timeline.of_kind("subtitle")
        if track.name in OURS.tracks
        for item in track.items
    ]


def wire(what: Subtitles) -> dict[str, Any]:
    """Subtitles as the engine gives them."""
    return {
        "name": what.name,
        "rate": "25",
        "cues": [
            {"start": str(c.start), "end": str(c.end), "lines": list(c.lines), "confidence": None}
            for c in what.cues
        ],
        "srt": what.srt,
        "findings": [],
        "doubtful": [{"start": "4", "text": "fine", "confidence": 0.3}],
    }


class FakeEngine:
    """Answers as the contract has it; `before` is how many jobs there were before its first."""

    def __init__(self, what: Subtitles | None = None, **behaviour: Any) -> None:
        self.what = what or subtitles()
        self.requests: list[dict[str, Any]] = []
        self.corrections: list[dict[str, Any]] = []
        self.cancelled: list[int] = []
        self.behaviour = behaviour
        self.polls = 0

    def submit(self, request: dict[str, Any]) -> int:
        self.requests.append(request)
        self.polls = 0
        return int(self.behaviour.get("before", 0)) + len(self.requests)

    def news(self, job: int, after: int = 0) -> dict[str, Any]:
        self.polls += 1
        hook: Callable[[int], None] | None = self.behaviour.get("poll")
        if hook is not None:
            hook(self.polls)
        state = self.behaviour.get("state", "done") if self.polls > 2 else "running"
        entry = {"name": "Reel 1", "state": state, "percent": 50, "notes": ["A note."]}
        return {
            "news": [{"id": after + 1, "event": "progress"}],
            "status": {
                "state": state,
                "percent": 50,
                "seconds_left": 3,
                "inputs": [{**entry, "error": self.behaviour.get("error")}],
                "error": self.behaviour.get("error"),
            },
        }

    def result(self, job: int, number: int = 0) -> dict[str, Any]:
        return wire(self.what)

    def cancel(self, job: int) -> dict[str, Any]:
        self.cancelled.append(job)
        return {}

    def correct(self, body: dict[str, Any]) -> dict[str, Any]:
        self.corrections.append(body)
        return {"batch": 1, "changes": [], "sentences": ["Kept."]}
