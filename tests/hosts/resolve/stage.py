"""A double of Resolve with a film in it, and an engine that is an object in this process."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

from editor_plugin.core.cues import Cue
from editor_plugin.core.jobs.request import JobRequest, request_from_wire
from editor_plugin.core.jobs.result import DoubtfulWord, JobResult, result_to_wire
from editor_plugin.core.jobs.status import InputStatus, JobStatus, status_to_wire
from editor_plugin.hosts.placed import Placed
from editor_plugin.hosts.resolve.placing.merging import merged
from editor_plugin.hosts.resolve.placing.place import Placement, place
from editor_plugin.hosts.resolve.reading.clock import clock_of
from editor_plugin.hosts.resolve.state.session import Session
from editor_plugin.hosts.srt import srt_text
from tests.doubles.resolve import Marker, Ours, belongings, to_json
from tests.doubles.resolve.open_project import OpenProject

OURS = Ours(("Recue", "Recue 2"))
LINES = (("One fine day.", "2.0", "3.5"), ("Two lines\nof text", "4.0", "6.0"), ("3", "9.2", "10"))


def film(
    folder: Path, profile: str = "20.3", edition: str = "studio", **wanted: Any
) -> OpenProject:
    """Picture and sound of a real file, a subtitle track of the user's, marks and a marker."""
    wanted.setdefault("reel", {"subtitle": 1, "audio": 2})
    opened = OpenProject(profile, edition, **wanted)
    path = folder / "interview.mov"
    path.write_bytes(b"not really a film")
    media = opened.reel.media(str(path), frames=5000, start_timecode="10:00:00:00")
    opened.reel.clip(media, 0, 250, source_in=Fraction(12))
    opened.reel.clip(media, 250, 250, source_in=Fraction(40))
    if wanted["reel"].get("subtitle"):
        opened.reel.subtitle(30, 50, "The user's own.")
    opened.reel.track("audio", 2).enabled = False
    opened.reel.timeline.marks = {
        "video": {"in": 10, "out": 200},
        "audio": {"in": 10, "out": 200},
    }
    opened.reel.timeline.markers.append(Marker(10, "Red", "mine"))
    opened.reel.timeline.playhead = opened.reel.start + 77
    opened.world.page = "color"
    return opened


def subtitles(lines: tuple[tuple[str, str, str], ...] = LINES) -> JobResult:
    cues = tuple(
        Cue(Fraction(start), Fraction(end), tuple(text.split("\n"))) for text, start, end in lines
    )
    doubtful = DoubtfulWord(Fraction(4), "fine", 0.3)
    confidences = (None,) * len(cues)
    return JobResult("Reel 1", Fraction(25), cues, confidences, srt_text(cues), (), (doubtful,))


def session_of(opened: OpenProject) -> Session:
    return Session(opened.resolve, opened.app.sleep)


def placed(opened: OpenProject, folder: Path, what: JobResult | None = None) -> Placed:
    session = session_of(opened)
    made = merged((), (what or subtitles()).cues, 7, None)
    return place(session, Placement(made, clock_of(session), folder / "srt"))


def owned(opened: OpenProject) -> dict[str, Any]:
    return belongings(to_json(opened.world), OURS)


def ours_on(opened: OpenProject) -> list[tuple[str, int]]:
    """Our subtitles: text and frame from the timeline's start."""
    return [
        (item.text, int(item.start) - opened.reel.start)
        for track in opened.reel.timeline.of_kind("subtitle")
        if track.name in OURS.tracks
        for item in track.items
    ]


class FakeEngine:
    """Answers as the contract has it; `before` is how many jobs there were before its first."""

    def __init__(self, what: JobResult | None = None, **behaviour: Any) -> None:
        self.what = what or subtitles()
        self.requests: list[JobRequest] = []
        self.corrections: list[dict[str, Any]] = []
        self.cancelled: list[int] = []
        self.behaviour = behaviour
        self.polls = 0

    def call(self, method: str, path: str, body: Any = None, timeout: float = 30.0) -> Any:
        where = path.strip("/").split("/")
        if path == "/jobs":
            return {"job": self.submit(body)}
        if where[-1] == "cancel":
            self.cancelled.append(int(where[1]))
            return self.status(int(where[1]), "cancelled")
        if "results" in where:
            return result_to_wire(self.what)
        return self.poll(int(where[1]))

    def submit(self, body: Any) -> int:
        self.requests.append(request_from_wire(body))
        self.polls = 0
        return int(self.behaviour.get("before", 0)) + len(self.requests)

    def poll(self, job: int) -> dict[str, Any]:
        self.polls += 1
        hook: Callable[[int], None] | None = self.behaviour.get("poll")
        if hook is not None:
            hook(self.polls)
        return self.status(
            job, self.behaviour.get("state", "done") if self.polls > 2 else "running"
        )

    def status(self, job: int, state: str) -> dict[str, Any]:
        error = self.behaviour.get("error") if state == "failed" else None
        each = InputStatus("Reel 1", state, 50, ("A note.",))
        return {**status_to_wire(JobStatus(job, state, 50, 3, (each,))), "error": error}

    def correct(self, body: dict[str, Any]) -> dict[str, Any]:
        self.corrections.append(body)
        return {"batch": 1, "changes": [], "sentences": ["Kept."]}
