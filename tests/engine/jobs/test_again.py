"""Transcribing again: known words are not used, and replaced once the new ones are there."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.corrections import Correction
from editor_plugin.core.errors import Cancelled
from editor_plugin.core.intervals import merge
from editor_plugin.core.jobs.events import Event, InputFinished, Note, Words
from editor_plugin.core.jobs.request import InputOptions, request_from_wire, request_to_wire
from editor_plugin.core.transcript import HeardWindow, Window, Word
from editor_plugin.engine.corrections import CorrectionSource, log
from editor_plugin.engine.interchange import read_timeline
from editor_plugin.engine.search import search
from editor_plugin.engine.store import RecognitionKey, Store
from tests.engine.jobs.open_engine import asking, open_engine, plain, until
from tests.engine.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


@contextmanager
def store_of(workspace: Workspace) -> Iterator[Store]:
    with closing(Store.at(workspace.folder / "transcripts.sqlite")) as store:
        yield store


def words(workspace: Workspace) -> list[str]:
    with store_of(workspace) as store:
        return [word.text for word in store.words(1)]


def another_ear(workspace: Workspace, **more: object) -> None:
    """From now on the runner hears other words: eight hexadecimal digits in place of “w0”."""
    workspace.stage.plan(attentive=True, **more)


def test_known_words_are_heard_again_and_corrections_hold(workspace: Workspace) -> None:
    film = workspace.media("film.wav", 20)
    order = plain(film, "srt")
    assert workspace.run(order, window_seconds=5)
    old, heard = words(workspace), workspace.windows()
    assert workspace.run(order, window_seconds=5) and workspace.windows() == heard
    with store_of(workspace) as store, store.database.write() as db:
        change = Correction(Fraction(0), Fraction(1, 10), (old[0],), "Zoë")
        log.add(db, "film.srt", [(CorrectionSource(1, -1, -1), change)])
    another_ear(workspace)
    assert workspace.run(replace(order, again=True), window_seconds=5)
    new = words(workspace)
    assert new and not set(new) & set(old)
    assert workspace.all(InputFinished)[-1].recognised == 20
    assert "Zoë" in film.with_suffix(".srt").read_text("utf-8")
    heard = workspace.windows()
    assert workspace.run(order, window_seconds=5)
    assert workspace.windows() == heard and words(workspace) == new
    with store_of(workspace) as store:
        assert store.covered(2) == [] and store.extent(1) == 20 * 16_000
        assert search(store.database, old[1], 9).hits == ()
        assert search(store.database, new[1], 9).hits != ()


def test_known_words_stay_until_the_new_ones_are_there(workspace: Workspace) -> None:
    film = workspace.media("film.wav", 30)
    order = plain(film, "srt")
    assert workspace.run(order, window_seconds=5)
    old, heard = words(workspace), workspace.windows()
    another_ear(workspace, batch_windows=1)

    def stop(event: Event) -> None:
        if isinstance(event, Words):
            workspace.cancel.set()

    workspace.watch = stop
    with pytest.raises(Cancelled):
        workspace.run(replace(order, again=True), window_seconds=5)
    workspace.cancel.clear()
    workspace.watch = lambda event: None
    assert words(workspace) == old
    with store_of(workspace) as store:
        begun = len(store.covered(2))
        assert begun > 0 and search(store.database, old[-1], 9).hits != ()
    assert workspace.run(replace(order, again=True), window_seconds=5)
    assert not set(words(workspace)) & set(old)
    seen = workspace.all(InputFinished)[-1].recognised
    assert seen is not None and 0 < seen < 30  # what was heard before it was stopped counts
    assert workspace.windows() > heard


def test_only_the_wanted_range_is_heard_again(workspace: Workspace) -> None:
    film = workspace.media("film.wav", 30)
    order = plain(film)
    assert workspace.run(order, window_seconds=5)
    old = words(workspace)
    another_ear(workspace)
    part = replace(order, again=True, options=InputOptions(span=("7", "16")))
    assert workspace.run(part, window_seconds=5)
    with store_of(workspace) as store:
        texts = {word.text: word for word in store.words(1)}
        assert merge(store.covered(1)) == [(0, 30 * 16_000)]
    assert old[0] in texts and old[-1] in texts
    new = [word for text, word in texts.items() if text not in old]
    assert new and all(word.start >= 6 and word.end <= 17 for word in new)


def test_a_source_that_is_away_keeps_its_words_and_that_is_said(
    workspace: Workspace, tmp_path: Path
) -> None:
    edl = tmp_path / "cut.edl"
    edl.write_text("TITLE: cut\n001  a  A  C  00:00:00:00 00:00:03:00 00:00:00:00 00:00:03:00\n")
    media = workspace.media("a.wav", 6)
    options = InputOptions(media_folders=(tmp_path,), rate=Fraction(25))
    order = replace(plain(edl), options=options)
    assert workspace.run(order)
    snapshot = replace(order, timeline=read_timeline(edl, (tmp_path,), Fraction(25)), again=True)
    media.unlink()
    heard = workspace.windows()
    assert workspace.run(snapshot) and workspace.windows() == heard
    assert any("is not there now" in note.text for note in workspace.all(Note))


def test_the_same_media_twice_in_a_job_are_heard_once(workspace: Workspace) -> None:
    film = workspace.media("film.wav", 20)
    order = plain(film)
    assert workspace.run(order, window_seconds=5)
    heard = workspace.windows()
    again = replace(order, again=True)
    assert workspace.run(again, again, window_seconds=5)
    assert workspace.windows() == 2 * heard


def test_a_job_that_was_interrupted_does_not_begin_what_it_has_finished_again(
    workspace: Workspace,
) -> None:
    films = [
        workspace.media(f"{seed}.wav", 20, f"anoisesrc=r=16000:a=0.1:seed={seed}")
        for seed in (1, 2)
    ]
    with open_engine(workspace) as engine:
        job = engine.queue.add(asking(workspace, *map(plain, films), window_seconds=5))
        until(engine, job, "done")
    first = workspace.windows()
    workspace.stage.plan(batch_windows=1, batch_time=0.2)
    with open_engine(workspace) as engine:
        again = [replace(plain(film), again=True) for film in films]
        job = engine.queue.add(asking(workspace, *again, window_seconds=5))
        while engine.queue.status(job).inputs[0].state != "done":
            assert engine.queue.status(job).state in ("queued", "running")
            time.sleep(0.02)
    before = workspace.windows()
    workspace.stage.plan()
    with open_engine(workspace) as engine:
        until(engine, job, "done")
    assert 0 < workspace.windows() - before <= first // 2  # of the second film alone


def test_an_order_keeps_it_on_its_way(workspace: Workspace) -> None:
    order = plain(Path("/films/film.wav"))
    for given_ in (order, replace(order, again=True)):
        request = asking(workspace, given_)
        wire = request_to_wire(request)
        assert request_from_wire(wire) == request
        assert ("again" in wire["orders"][0]) is given_.again


CUTS = st.lists(st.integers(0, 60), min_size=2, max_size=8, unique=True).map(sorted)


@given(CUTS, CUTS, st.sets(st.integers(0, 7)), st.sets(st.integers(0, 7)))
def test_after_a_replacement_no_sample_is_lost_or_in_two_windows(
    before: list[int], after: list[int], some: set[int], others: set[int]
) -> None:
    """Words of half a second, each named by who heard it and when."""
    store = Store.at(Path(":memory:"))
    with store.database.write() as db:
        db.execute("INSERT INTO media VALUES (1, 'digest', 0, '')")
    recognition = store.recognition(RecognitionKey(1, None, None, "model", None))
    provisional = store.provisional(recognition)
    assert provisional == store.provisional(recognition) != recognition
    for who, cuts, left_out, row in (
        ("old", before, some, recognition),
        ("new", after, others, provisional),
    ):
        for number, (start, end) in enumerate(itertools.pairwise(cuts)):
            if number not in left_out:
                said = tuple(
                    Word(f"{who}{at}", Fraction(at, 2), Fraction(at + 1, 2))
                    for at in range(start, end)
                )
                window = Window(start * 8000, end * 8000, start * 8000, end * 8000)
                store.commit(row, HeardWindow(window, said))
    old, new = store.covered(recognition), store.covered(provisional)
    assert store.replace_by(recognition, provisional) == new
    covered = store.covered(recognition)
    assert merge(covered) == merge([*old, *new])
    assert all(one[1] <= other[0] for one, other in itertools.pairwise(covered))
    assert store.covered(provisional) == []

    def within(ranges: list[tuple[int, int]], at: int) -> bool:
        return any(start <= at * 8000 < end for start, end in ranges)

    expected = [
        f"new{at}" if within(new, at) else f"old{at}"
        for at in range(60)
        if within(new, at) or within(old, at)
    ]
    assert [word.text for word in store.words(recognition)] == expected
    store.close()
