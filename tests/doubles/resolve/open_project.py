"""A Resolve with one open project and its timeline, as most tests of the double need it."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

from tests.doubles.resolve import Reel, add_project, application_of, new_world, open_resolve
from tests.doubles.resolve.world import Timeline, World

TWO_CUES = [("1.0", "2.0", "One"), ("2.0", "3.5", "Two\nlines")]


class OpenProject:
    """`handle` is always a fresh handle of the current timeline."""

    def __init__(self, profile: str = "20.3", edition: str = "studio", **wanted: Any) -> None:
        """Keywords of the reel are in `reel`, the project's rate in `rate`; others are switches."""
        reel, rate = wanted.pop("reel", {}), wanted.pop("rate", "25")
        self.world: World = new_world(profile, edition, **wanted)
        add_project(self.world, "Film", rate)
        self.reel = Reel(self.world, **reel)
        self.resolve: Any = open_resolve(self.world)
        self.app = application_of(self.resolve)

    @property
    def timeline(self) -> Timeline:
        return self.reel.timeline

    @property
    def project(self) -> Any:
        return self.resolve.GetProjectManager().GetCurrentProject()

    @property
    def handle(self) -> Any:
        return self.project.GetCurrentTimeline()

    @property
    def pool(self) -> Any:
        return self.project.GetMediaPool()

    def item(self, kind: str = "audio", place: int = 0, index: int = 1) -> Any:
        return self.handle.GetItemListInTrack(kind, index)[place]

    def shown(self, index: int = 1) -> list[tuple[int, int]]:
        """Starts and ends of a subtitle track, in frames from the timeline's start."""
        items = self.reel.track("subtitle", index).items
        return [(int(i.start) - self.reel.start, int(i.end) - self.reel.start) for i in items]

    def imported(self, folder: Path, name: str = "recue-1.srt") -> Any:
        """The pool item of a file with two cues."""
        return self.pool.ImportMedia([str(write_srt(folder / name))])[0]


def write_srt(path: Path, cues: list[tuple[str, str, str]] | None = None) -> Path:
    """Write cues of (seconds, seconds, text)."""
    blocks = [
        f"{number}\n{label(start)} --> {label(end)}\n{text}\n"
        for number, (start, end, text) in enumerate(cues or TWO_CUES, 1)
    ]
    path.write_text("\n".join(blocks), encoding="utf-8")
    return path


def label(seconds: str) -> str:
    thousandths = int(Fraction(seconds) * 1000)
    rest, thousandths = divmod(thousandths, 1000)
    minutes, rest = divmod(rest, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{rest:02},{thousandths:03}"
