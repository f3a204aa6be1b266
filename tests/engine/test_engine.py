"""One engine for each user: its jobs, their states, and what outlives it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from editor_plugin.core.errors import EngineRunning, JobUnknown
from editor_plugin.core.glossary import Term
from editor_plugin.core.jobs.request import Order
from editor_plugin.core.timeline import Clip, Media, Span, Timeline, Track
from editor_plugin.engine.corrections import add_term
from editor_plugin.engine.engine import visit
from tests.engine.jobs.open_engine import asking, open_engine, plain, until
from tests.engine.workspace import Workspace


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    folder = tmp_path / "Bureau de Zoë"
    folder.mkdir()
    yield Workspace(folder)


def cut(name: str, media: Path, *sources: tuple[int, int]) -> Order:
    """A snapshot of a timeline that plays these seconds of a recording, one after the other."""
    clips, at = [], Fraction(0)
    for start, end in sources:
        length = Fraction(end - start)
        clips.append(Clip(name, Span(at, at + length), Fraction(start), media=Media(str(media))))
        at += length
    return Order(
        Path(name), (), timeline=Timeline(name, Fraction(25), (Track("A1", 1, tuple(clips)),))
    )


def test_a_job_is_done_and_told(workspace: Workspace) -> None:
    film = workspace.media("film ä.wav", 5)
    with open_engine(workspace) as engine:
        job = engine.queue.add(asking(workspace, plain(film, "srt")))
        status = until(engine, job, "done", "failed")
        kinds = [event["event"] for event in engine.feed.since(job, 0)]
    assert status.state == "done" and status.percent == 100.0
    (told,) = status.inputs
    assert told.name == "film ä.wav" and told.recognised == 5.0
    assert told.outputs == (str(film.with_suffix(".srt")),)
    assert kinds[:2] == ["state", "started"] and kinds[-2:] == ["finished", "state"]
    assert "words" in kinds and film.with_suffix(".srt").exists()


def test_a_snapshot_gives_subtitles_without_any_file(workspace: Workspace) -> None:
    film = workspace.media("film.wav", 60)
    with open_engine(workspace) as engine:
        job = engine.queue.add(asking(workspace, cut("Cut 1", film, (10, 20), (40, 45))))
        assert until(engine, job, "done", "failed").state == "done"
        result = engine.queue.result(job, 0)
        assert result.name == "Cut 1" and result.rate == 25 and len(result.cues) >= 1
        assert result.srt.startswith("1\n00:00:00,000 --> ")
        with pytest.raises(JobUnknown):
            engine.queue.result(job, 1)


def test_another_cut_of_the_same_recording_costs_only_what_is_new(workspace: Workspace) -> None:
    film = workspace.media("film.wav", 60)
    heard = []
    with open_engine(workspace) as engine:
        for order in (
            cut("first", film, (10, 20), (40, 45)),
            cut("moved and trimmed", film, (41, 44), (12, 19)),
            cut("a second more", film, (10, 21)),
            cut("twice", film, (10, 20), (10, 20)),
        ):
            job = engine.queue.add(asking(workspace, order))
            (told,) = until(engine, job, "done", "failed").inputs
            heard.append(told.recognised)
    assert heard == [15.0, 0, 1.0, 0]


def test_a_recording_whose_drive_is_gone_still_has_its_words(workspace: Workspace) -> None:
    film = workspace.media("film.wav", 60)
    with open_engine(workspace) as engine:
        first = engine.queue.add(asking(workspace, cut("first", film, (10, 40))))
        until(engine, first, "done", "failed")
        film.unlink()
        job = engine.queue.add(asking(workspace, cut("again", film, (20, 40))))
        (told,) = until(engine, job, "done", "failed").inputs
        assert told.state == "done" and told.recognised == 0
        more = engine.queue.add(asking(workspace, cut("more", film, (20, 50))))
        (told,) = until(engine, more, "done", "failed").inputs
    assert told.error is not None
    assert told.error.code == "media-missing" and str(film) in told.error.message


def test_two_inputs_of_one_recording_recognise_it_once(workspace: Workspace) -> None:
    """The second one is read ahead, before the first one is heard."""
    film = workspace.media("film.wav", 100)
    orders = cut("one", film, (0, 60)), cut("two", film, (30, 100))
    with open_engine(workspace) as engine:
        job = engine.queue.add(asking(workspace, *orders))
        told = until(engine, job, "done", "failed").inputs
        hearing = 1
        covered = engine.store.covered(hearing)
    assert [each.recognised for each in told] == [60.0, 40.0]
    assert sum(end - start for start, end in covered) == 100 * 16000


def test_a_second_engine_is_refused_and_touches_nothing(workspace: Workspace) -> None:
    with open_engine(workspace):
        before = {each: each.stat().st_mtime_ns for each in (workspace.folder / "data").iterdir()}
        with pytest.raises(EngineRunning, match="data"):
            open_engine(workspace)
        after = {each: each.stat().st_mtime_ns for each in (workspace.folder / "data").iterdir()}
        assert before == after
    with open_engine(workspace):
        pass


def test_a_short_command_may_look_in_while_an_engine_is_there(workspace: Workspace) -> None:
    film = workspace.media("film.wav", 5)
    with open_engine(workspace) as engine, visit(engine.data) as store:
        assert store.known(film).media == engine.store.known(film).media
    with visit(workspace.folder / "data") as store, pytest.raises(EngineRunning):
        open_engine(workspace)


def long_job(workspace: Workspace) -> Order:
    workspace.stage.plan(batch_time=0.3)
    return plain(workspace.media("long.wav", 150), "words")


def test_a_job_that_is_paused_goes_on_where_it_was(workspace: Workspace) -> None:
    order = long_job(workspace)
    with open_engine(workspace) as engine:
        job = engine.queue.add(asking(workspace, order))
        engine.feed.wait(job, 0, 30)
        while not engine.store.covered(1):
            engine.feed.wait(job, engine.feed.since(job, 0)[-1]["id"], 1)
        engine.queue.pause(job)
        until(engine, job, "paused")
        kept = len(engine.store.covered(1))
        assert not order.outputs[0].path.exists() and kept >= 1 and engine.idle
        engine.queue.resume(job)
        (told,) = until(engine, job, "done", "failed").inputs
        total = len(engine.store.covered(1))
    assert told.recognised is not None
    assert 0 < told.recognised < 150 and workspace.windows() < 2 * total


def test_the_order_of_the_queue_can_be_changed_and_jobs_taken_out(workspace: Workspace) -> None:
    order = long_job(workspace)
    films = [workspace.media(f"{name}.wav", 2 + len(name)) for name in ("a", "bb", "ccc")]
    ended: list[int] = []
    with open_engine(workspace) as engine:
        jobs = [
            engine.queue.add(asking(workspace, each))
            for each in (order, *(plain(f) for f in films))
        ]
        end = engine.feed.subscribe(
            lambda job: (
                ended.append(job)
                if job is not None
                and engine.feed.since(job, 0)[-1].get("state") == "done"
                and job not in ended
                else None
            )
        )
        until(engine, jobs[0], "running")
        engine.queue.first(jobs[3])
        engine.queue.cancel(jobs[1])
        until(engine, jobs[2], "done")
        end()
        states = [engine.queue.status(job).state for job in jobs]
    assert states == ["done", "cancelled", "done", "done"]
    assert ended == [jobs[0], jobs[3], jobs[2]]


def test_a_house_that_closes_leaves_its_jobs_to_the_next(workspace: Workspace) -> None:
    order = long_job(workspace)
    with open_engine(workspace) as engine:
        job = engine.queue.add(asking(workspace, order))
        until(engine, job, "running")
        engine.feed.wait(job, engine.feed.since(job, 0)[-1]["id"], 5)
    assert not order.outputs[0].path.exists()
    with open_engine(workspace) as engine:
        assert until(engine, job, "done", "failed").state == "done"
    assert order.outputs[0].path.exists()


def test_one_bad_input_fails_the_job_and_not_the_others(workspace: Workspace) -> None:
    good = workspace.media("good.wav", 3)
    with open_engine(workspace) as engine:
        job = engine.queue.add(
            asking(workspace, plain(workspace.folder / "missing.wav", "srt"), plain(good))
        )
        status = until(engine, job, "done", "failed")
    assert status.state == "failed" and status.error is None
    assert [each.state for each in status.inputs] == ["failed", "done"]
    error = status.inputs[0].error
    assert error is not None and error.code == "media-missing"


def test_what_concerns_the_whole_job_is_its_error(workspace: Workspace) -> None:
    film = workspace.media("film.wav", 3)
    with open_engine(workspace) as engine:
        job = engine.queue.add(asking(workspace, plain(film), model="no-such-model"))
        status = until(engine, job, "failed")
    assert status.error is not None and status.error.code == "model-unknown"


def test_two_editors_at_once_each_follow_their_own_job(workspace: Workspace) -> None:
    films = [workspace.media(f"{number}.wav", 3 + number) for number in range(2)]
    told: dict[int, list[str]] = {}
    with open_engine(workspace) as engine:

        def editor(number: int) -> None:
            job = engine.queue.add(asking(workspace, plain(films[number], "srt")))
            seen, kinds = 0, list[str]()
            while not kinds or kinds[-1] != "done":
                for event in engine.feed.wait(job, seen, 5):
                    seen = event["id"]
                    kinds.append(str(event.get("state") or event.get("input") or ""))
            told[number] = kinds

        editors = [threading.Thread(target=editor, args=(number,)) for number in range(2)]
        for each in editors:
            each.start()
        for each in editors:
            each.join(60)
    for number in range(2):
        names = {kind for kind in told[number] if kind.endswith(".wav")}
        assert names == {str(films[number])} and films[number].with_suffix(".srt").exists()


def test_what_was_edited_in_a_subtitle_file_survives_the_next_runs(workspace: Workspace) -> None:
    """Without a word to Recue: the file is edited, run again, and cut otherwise."""
    film = workspace.media("film.wav", 60)
    target = film.with_suffix(".srt")
    with open_engine(workspace) as engine:
        until(engine, engine.queue.add(asking(workspace, plain(film, "srt"))), "done", "failed")
        made = target.read_text("utf-8")
        heard = made.splitlines()[2]
        target.write_text(made.replace(heard, "Zoë", 1), encoding="utf-8")
        status = until(
            engine, engine.queue.add(asking(workspace, plain(film, "srt"))), "done", "failed"
        )
        again = target.read_text("utf-8")
        job = engine.queue.add(asking(workspace, cut("another cut", film, (0, 30))))
        until(engine, job, "done", "failed")
        snapshot = engine.queue.result(job, 0).srt
    for text in (again, snapshot):
        assert text.splitlines()[2] == "Zoë" and heard not in text.splitlines()
    (told,) = status.inputs
    assert any("1 correction in “film.srt”" in note for note in told.notes)
    # What is written anew is what was edited: nothing has to be put aside for it.
    assert not (workspace.folder / "film.kept-1.srt").exists() and told.recognised == 0


def test_a_term_of_the_glossary_is_written_in_its_project_only(workspace: Workspace) -> None:
    film = workspace.media("film.wav", 20)
    with open_engine(workspace) as engine:
        until(engine, engine.queue.add(asking(workspace, plain(film, "srt"))), "done", "failed")
        heard = film.with_suffix(".srt").read_text("utf-8").splitlines()[2]
        wrong = heard.split()[0].strip(".,?!")
        add_term(engine.store.database, Term(wrong, "Parakeet"), "My film")
        shown = {}
        for project in ("My film", "Another"):
            job = engine.queue.add(asking(workspace, cut("cut", film, (0, 20)), project=project))
            until(engine, job, "done", "failed")
            shown[project] = engine.queue.result(job, 0).srt
    assert "Parakeet" in shown["My film"] and "Parakeet" not in shown["Another"]
