"""Subtitles for several timelines: one after the other, and the user's own is open again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from editor_plugin.core.errors import NoSpeech, OutOfMemory
from editor_plugin.hosts.resolve.menu import script
from editor_plugin.hosts.resolve.menu.console import Console
from editor_plugin.hosts.resolve.menu.script import run
from editor_plugin.hosts.resolve.reading import timelines
from editor_plugin.hosts.resolve.state import preferences
from editor_plugin.hosts.resolve.state.preferences import Preferences
from editor_plugin.hosts.resolve.user_interface import Question
from tests.doubles.resolve import Reel
from tests.doubles.resolve.open_project import OpenProject
from tests.hosts.resolve.stage import LINES, OURS, FakeEngine, film, owned, session_of

NAMES = ("Reel 1", "Reel 2", "Trailer")
PROFILES = ["18.6", "19.1", "20.2", "20.3", "21.0", "21.1-studio"]


def project(
    folder: Path, profile: str = "20.3", edition: str = "free", **wanted: Any
) -> OpenProject:
    """Three timelines with the same clip, each with its playhead somewhere; the first is open."""
    opened = film(folder, profile, edition, **wanted)
    project_ = opened.world.projects[0]
    media = next(each for each in project_.media if each.kind == "av")
    for number, name in enumerate(NAMES[1:], 1):
        reel = Reel(opened.world, name, audio=2)
        reel.clip(media, 0, 250, source_in=number)
        reel.track("audio", 1).locked = True
        reel.timeline.playhead = reel.start + 31 * number
    project_.current = opened.reel.timeline.uid
    return opened


def select(opened: OpenProject, *names: str) -> None:
    """Select the timelines of these names in the media pool."""
    project_ = opened.world.projects[0]
    project_.selection = [each.pool for each in project_.timelines if each.name in names]


def texts(opened: OpenProject) -> dict[str, list[str]]:
    """Our subtitles on each timeline."""
    return {
        timeline.name: [
            item.text
            for track in timeline.of_kind("subtitle")
            if track.name in OURS.tracks
            for item in track.items
        ]
        for timeline in opened.world.projects[0].timelines
    }


def click(opened: OpenProject, engine: Any = None) -> int:
    made = engine or FakeEngine()
    return run("generate", {"resolve": opened.resolve}, lambda: made, opened.app.sleep)


ALL = [line[0] for line in LINES]


@pytest.mark.parametrize("profile", PROFILES[1:])
def test_the_timelines_selected_in_the_media_pool(
    tmp_path: Path, profile: str, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = project(tmp_path, profile, "studio")
    select(opened, "Reel 2", "Trailer")
    engine, before = FakeEngine(), owned(opened)
    assert click(opened, engine) == 0
    assert texts(opened) == {"Reel 1": [], "Reel 2": ALL, "Trailer": ALL}
    assert (opened.world.violations, opened.world.modal, owned(opened)) == ([], "", before)
    heard = [timeline for each in engine.requests if (timeline := each.orders[0].timeline)]
    assert [each.name for each in heard] == ["Reel 2", "Trailer"]
    assert [[track.muted for track in each.tracks] for each in heard] == [[False, False]] * 2
    told = capsys.readouterr().out
    assert told.index("“Reel 2”:") < told.index("“Trailer”:")
    assert told.count("each read back within a frame") == 2


@pytest.mark.parametrize("profile", PROFILES)
def test_the_timelines_of_a_name(tmp_path: Path, profile: str) -> None:
    preferences.save(Preferences(timelines="reel*"))
    opened = project(tmp_path, profile, "studio")
    before = owned(opened)
    assert click(opened) == 0
    assert texts(opened) == {"Reel 1": ALL, "Reel 2": ALL, "Trailer": []}
    assert (opened.world.violations, owned(opened)) == ([], before)


def test_one_that_is_selected_is_merely_the_one_that_was_clicked_last(tmp_path: Path) -> None:
    opened = project(tmp_path)
    select(opened, "Trailer")
    assert click(opened) == 0
    assert texts(opened) == {"Reel 1": ALL, "Reel 2": [], "Trailer": []}


def test_a_clip_that_is_selected_is_no_timeline(tmp_path: Path) -> None:
    opened = project(tmp_path)
    opened.world.projects[0].selection = [each.uid for each in opened.world.projects[0].media][:2]
    assert [each.text for each in timelines.offers(session_of(opened), "")] == [
        "the open one",
        "all 3 of the project",
    ]


class Chooser(Console):
    """A person who chooses, and may cancel."""

    def __init__(self, pick: str, sleep: Callable[[float], None]) -> None:
        super().__init__(sleep=sleep)
        self.pick = pick
        self.asked: list[Question] = []
        self.titles: list[str] = []
        self.stops_at = 99
        self.stops_when = "Transcribing"

    def ask(self, title: str, questions: Sequence[Question]) -> list[int] | None:
        self.asked = list(questions)
        return [
            next((at for at, each in enumerate(q.choices) if each.startswith(self.pick)), q.chosen)
            for q in questions
        ]

    def drive(self, title: str, steps: Iterator[float]) -> None:
        self.titles.append(title)
        self.seen: list[str] = []
        super().drive(title, steps)

    def progress(self, what: str, percent: float, seconds_left: float | None) -> None:
        self.seen.append(what)

    def cancelled(self) -> bool:
        return len(self.titles) >= self.stops_at and self.stops_when in self.seen


@pytest.fixture
def chooser(monkeypatch: pytest.MonkeyPatch) -> Callable[[OpenProject, str], Chooser]:
    def make(opened: OpenProject, pick: str) -> Chooser:
        ui = Chooser(pick, opened.app.sleep)
        monkeypatch.setattr(script, "_ui", lambda *_: ui)
        return ui

    return make


def test_a_window_asks_for_which(
    tmp_path: Path, chooser: Callable[[OpenProject, str], Chooser]
) -> None:
    opened = project(tmp_path)
    select(opened, "Reel 1", "Trailer")
    ui = chooser(opened, "all 3")
    assert click(opened) == 0
    assert ui.asked[0].choices == (
        "the open one",
        "the 2 selected in the media pool",
        "all 3 of the project",
    )
    assert ui.asked[0].chosen == 1
    assert ui.titles[1] == "Recue: “Reel 2”, 2 of 3"
    assert texts(opened) == dict.fromkeys(NAMES, ALL)


def test_a_chosen_track_is_the_one_heard_on_each(
    tmp_path: Path, chooser: Callable[[OpenProject, str], Chooser]
) -> None:
    opened = project(tmp_path)
    ui = chooser(opened, "1: ")
    select(opened, "Reel 2", "Trailer")
    engine = FakeEngine()
    assert click(opened, engine) == 0
    assert len(ui.titles) == 2
    for request in engine.requests:
        timeline = request.orders[0].timeline
        assert timeline is not None and [each.muted for each in timeline.tracks] == [False, True]


def test_cancel_ends_it_and_the_first_timeline_is_open_again(
    tmp_path: Path,
    chooser: Callable[[OpenProject, str], Chooser],
    capsys: pytest.CaptureFixture[str],
) -> None:
    opened = project(tmp_path)
    chooser(opened, "all 3").stops_at = 2
    engine, before = FakeEngine(), owned(opened)
    assert click(opened, engine) == 1
    assert texts(opened) == {"Reel 1": ALL, "Reel 2": [], "Trailer": []}
    assert owned(opened) == before
    assert engine.cancelled == [2]
    assert "The run ended here." in capsys.readouterr().out


def test_cancel_before_the_engine_has_the_job_asks_it_for_nothing(
    tmp_path: Path, chooser: Callable[[OpenProject, str], Chooser]
) -> None:
    opened, engine = project(tmp_path), FakeEngine()
    ui = chooser(opened, "the open one")
    ui.stops_at, ui.stops_when = 1, "Starting the engine"
    assert click(opened, engine) == 1
    assert (engine.requests, engine.cancelled) == ([], [])


class Moody(FakeEngine):
    """Fails for one timeline."""

    def __init__(self, number: int, error: Any) -> None:
        super().__init__()
        self.number, self.error = number, error

    def poll(self, job: int) -> dict[str, Any]:
        status = super().poll(job)
        if job == self.number:
            status.update(state="failed", error=self.error.to_wire())
        return status


def test_one_without_speech_does_not_stop_the_others(
    tmp_path: Path,
    chooser: Callable[[OpenProject, str], Chooser],
    capsys: pytest.CaptureFixture[str],
) -> None:
    opened = project(tmp_path)
    chooser(opened, "all 3")
    before = owned(opened)
    error = NoSpeech("Reel 2", False)
    assert click(opened, Moody(2, error)) == 0
    assert texts(opened) == {"Reel 1": ALL, "Reel 2": [], "Trailer": ALL}
    assert owned(opened) == before
    assert error.message in capsys.readouterr().out


def test_what_concerns_all_ends_it(
    tmp_path: Path,
    chooser: Callable[[OpenProject, str], Chooser],
    capsys: pytest.CaptureFixture[str],
) -> None:
    opened = project(tmp_path)
    chooser(opened, "all 3")
    before = owned(opened)
    assert click(opened, Moody(2, OutOfMemory("cpu"))) == 1
    assert texts(opened) == {"Reel 1": ALL, "Reel 2": [], "Trailer": []}
    assert owned(opened) == before
    told = capsys.readouterr().out
    assert told.index("3 subtitles on the track") < told.index(OutOfMemory("cpu").message)


@pytest.mark.parametrize("lands", [{"slip": 90}, {"refuses": ["Timeline.AddTrack"]}], ids=str)
def test_what_cannot_be_placed_is_told_for_each(
    tmp_path: Path, lands: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    opened = project(tmp_path, **lands)
    select(opened, "Reel 2", "Trailer")
    before = owned(opened)
    assert click(opened) == 0
    assert texts(opened) == {name: [] for name in NAMES}
    assert (opened.world.violations, owned(opened)) == ([], before)
    assert capsys.readouterr().out.count("File > Import > Subtitle") == 2


def test_a_person_who_opens_another_timeline_is_not_taken_away_from_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = project(tmp_path)
    select(opened, "Reel 1", "Reel 2")

    def open_trailer(polls: int) -> None:
        opened.world.projects[0].current = opened.world.projects[0].timelines[2].uid

    assert click(opened, FakeEngine(poll=open_trailer)) == 1
    assert texts(opened) == {name: [] for name in NAMES}
    assert opened.world.projects[0].current == opened.world.projects[0].timelines[2].uid
    assert opened.world.violations == []
    assert "another project or timeline was opened" in capsys.readouterr().out


def test_a_timeline_that_does_not_open_is_passed_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = project(tmp_path, refuses=["Project.SetCurrentTimeline"])
    select(opened, "Reel 1", "Reel 2")
    before = owned(opened)
    assert click(opened) == 0
    assert texts(opened) == {"Reel 1": ALL, "Reel 2": [], "Trailer": []}
    assert (opened.world.violations, owned(opened)) == ([], before)
    assert "does not open" in capsys.readouterr().out


def test_a_timeline_that_is_deleted_meanwhile_is_passed_over(tmp_path: Path) -> None:
    opened = project(tmp_path)
    select(opened, *NAMES)

    def delete(polls: int) -> None:
        timelines = opened.world.projects[0].timelines
        timelines[:] = [each for each in timelines if each.name != "Reel 2"]

    assert click(opened, FakeEngine(poll=delete)) == 0
    assert texts(opened) == {"Reel 1": ALL, "Trailer": ALL}
    assert opened.world.projects[0].current == opened.reel.timeline.uid


def test_a_dialog_is_waited_for_before_going_home(tmp_path: Path) -> None:
    opened = project(tmp_path, modal_after="MediaPool.ImportMedia", modal_seconds=20.0)
    select(opened, "Reel 2", "Trailer")
    before = owned(opened)
    click(opened)
    assert owned(opened) == before
