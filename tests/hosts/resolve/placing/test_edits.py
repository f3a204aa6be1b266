"""What was edited by hand after runs of parts: each job is told what it made, as it reads now."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.cues import Cue
from editor_plugin.core.timeline import Span
from editor_plugin.hosts.folders import own_folders, this_machine
from editor_plugin.hosts.json_file import write_json
from editor_plugin.hosts.resolve.menu.script import run
from editor_plugin.hosts.resolve.placing import edits
from editor_plugin.hosts.resolve.placing.merging import merged
from editor_plugin.hosts.resolve.reading.clock import TimelineClock
from editor_plugin.hosts.resolve.state import journal
from editor_plugin.hosts.resolve.state.journal import PlacedCue, PlacedSubtitles
from tests.doubles.resolve import Item
from tests.doubles.resolve.open_project import OpenProject
from tests.hosts.resolve.stage import FakeEngine, film, ours_on, session_of, subtitles

CLOCK = TimelineClock(Fraction(25), False, 90000, 99000)


def click(opened: OpenProject, entry: str, engine: FakeEngine) -> int:
    return run(entry, {"resolve": opened.resolve}, lambda: engine, opened.app.sleep)


def ours(opened: OpenProject) -> list[Item]:
    return next(t for t in opened.reel.timeline.of_kind("subtitle") if t.name == "Recue").items


def in_two_runs(folder: Path) -> OpenProject:
    """Job 1 for the whole timeline, then job 2 for 4 to 7 seconds of it."""
    opened = film(folder)
    click(opened, "generate", FakeEngine())
    opened.reel.timeline.marks = {k: {"in": 100, "out": 174} for k in ("video", "audio")}
    again = FakeEngine(subtitles((("New words", "4.5", "5"),)), before=1)
    assert click(opened, "transcribe_in_out", again) == 0
    assert ours_on(opened) == [("One fine day.", 50), ("New words", 113), ("3", 230)]
    return opened


def told(engine: FakeEngine) -> dict[int, list[str]]:
    return {each["of"]["job"]: [c["text"] for c in each["cues"]] for each in engine.corrections}


def test_an_edit_in_a_part_belongs_to_the_job_of_that_part(tmp_path: Path) -> None:
    opened = in_two_runs(tmp_path)
    ours(opened)[1].text = "New word"
    engine = FakeEngine(before=2)
    assert click(opened, "refresh", engine) == 0
    assert told(engine) == {2: ["New word"]}


def test_an_edit_around_a_part_is_told_with_all_that_its_job_made(tmp_path: Path) -> None:
    opened = in_two_runs(tmp_path)
    ours(opened)[0].text = "One fine night."
    engine = FakeEngine(before=2)
    assert click(opened, "refresh", engine) == 0
    # What job 2 took the place of is no deletion; and job 2 has the last word.
    assert told(engine) == {1: ["One fine night.", "Two lines\nof text", "3"], 2: ["New words"]}


def test_a_part_of_a_timeline_without_others_is_remembered_too(tmp_path: Path) -> None:
    opened = film(tmp_path)
    opened.reel.timeline.marks = {k: {"in": 100, "out": 174} for k in ("video", "audio")}
    click(opened, "transcribe_in_out", FakeEngine(subtitles((("New words", "4.5", "5"),))))
    ours(opened)[0].text = "New word"
    engine = FakeEngine(before=1)
    assert click(opened, "refresh", engine) == 0
    assert told(engine) == {1: ["New word"]}


def test_selected_clips_are_remembered_too(tmp_path: Path) -> None:
    opened = film(tmp_path, "21.0")
    click(opened, "generate", FakeEngine())
    opened.reel.timeline.selection = [opened.reel.track("video").items[1].uid]
    what = subtitles((("Second clip", "12", "13"),))
    assert click(opened, "transcribe_selected", FakeEngine(what, before=1)) == 0
    ours(opened)[3].text = "Third clip"
    engine = FakeEngine(before=2)
    assert click(opened, "refresh", engine) == 0
    assert told(engine) == {2: ["Third clip"]}


def test_an_edit_stays_on_the_timeline_when_another_part_is_made_anew(tmp_path: Path) -> None:
    opened = film(tmp_path)
    click(opened, "generate", FakeEngine())
    ours(opened)[0].text = "One fine night."
    opened.reel.timeline.marks = {k: {"in": 100, "out": 174} for k in ("video", "audio")}
    engine = FakeEngine(subtitles((("New words", "4.5", "5"),)), before=1)
    assert click(opened, "transcribe_in_out", engine) == 0
    assert told(engine) == {1: ["One fine night.", "Two lines\nof text", "3"]}
    assert ours_on(opened)[0] == ("One fine night.", 50)
    # It is kept already; a later edit is told together with it, or it would be set back.
    ours(opened)[2].text = "three"
    later = FakeEngine(before=2)
    click(opened, "refresh", later)
    assert told(later)[1] == ["One fine night.", "Two lines\nof text", "three"]


def test_a_deleted_and_a_moved_cue_belong_to_their_job(tmp_path: Path) -> None:
    opened = in_two_runs(tmp_path)
    del ours(opened)[0]
    moved = ours(opened)[0]
    moved.start, moved.end = moved.start + 60, moved.end + 60
    engine = FakeEngine(before=2)
    assert click(opened, "refresh", engine) == 0
    assert told(engine) == {1: ["Two lines\nof text", "3"], 2: ["New words"]}


def test_a_run_for_all_forgets_the_earlier_jobs(tmp_path: Path) -> None:
    opened = in_two_runs(tmp_path)
    click(opened, "refresh", FakeEngine(before=2))
    record = journal.recall(session_of(opened))
    assert record is not None and {each.job for each in record.made} == {3}
    assert all(each.shown for each in record.made)


def test_a_job_of_which_nothing_is_left_is_forgotten() -> None:
    there = merged((), _cues("a", "b"), 1, None)
    one = merged(there, _cues("c"), 2, Span(Fraction(0), Fraction(1)))
    assert [(each.job, each.shown) for each in one] == [(1, False), (2, True), (1, True)]
    both = merged(one, _cues("d"), 3, Span(Fraction(0), Fraction(9)))
    assert {each.job for each in both} == {3}


@pytest.mark.parametrize("broken", ["x", [], {"track": "Recue", "ids": [], "cues": [[1, 2]]}])
def test_a_memory_that_cannot_be_read_is_none(tmp_path: Path, home: Path, broken: Any) -> None:
    session = session_of(film(tmp_path))
    journal.store(session, PlacedSubtitles("Recue", (), ()))
    memory = own_folders(this_machine()).data / journal.MEMORY
    write_json(memory, {f"{session.project_id}/{session.timeline_id}": broken})
    assert journal.recall(session) is None


def _cues(*texts: str) -> tuple[Cue, ...]:
    return tuple(Cue(Fraction(at), at + Fraction(1, 2), (text,)) for at, text in enumerate(texts))


SPANS = st.tuples(st.integers(0, 20), st.integers(1, 10)).map(
    lambda pair: Span(Fraction(pair[0]), Fraction(pair[0] + pair[1]))
)


@given(st.lists(st.tuples(SPANS, st.lists(st.integers(0, 9), unique=True)), max_size=6))
def test_parts_never_overlap_and_no_shown_cue_is_lost(
    runs: list[tuple[Span, list[int]]],
) -> None:
    """Whatever parts are made in whatever order, what is shown lies side by side, what a job still
    shows is told with all that it made, and nothing edited means nothing to tell."""
    there: tuple[PlacedCue, ...] = merged((), _cues(*(f"whole {n}" for n in range(30))), 1, None)
    all_of = {1: len(there)}
    for job, (span, places) in enumerate(runs, 2):
        inside = sorted(span.start + each for each in places if span.start + each < span.end)
        fresh = [Cue(at, at + Fraction(1, 2), (f"{job} at {at}",)) for at in inside]
        there = merged(there, fresh, job, span)
        all_of[job] = len(fresh)
    shown = [each.cue for each in there if each.shown]
    assert all(a.end <= b.start for a, b in pairwise(shown))
    for job in {each.job for each in there}:
        assert sum(each.job == job for each in there) == all_of[job]
        assert any(each.job == job and each.shown for each in there)
    record = PlacedSubtitles("Recue", (), there)
    assert edits.standing(record, record.cues, CLOCK) == there
