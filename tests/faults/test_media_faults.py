"""Media that change, grow or go away in mid-job."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from editor_plugin.core.jobs.status import JobStatus
from editor_plugin.engine.engine import Engine
from editor_plugin.engine.jobs import audio_chunks
from editor_plugin.engine.media import extraction
from editor_plugin.engine.recognition.recogniser import Recogniser
from tests.faults import ledger
from tests.faults.household import Expected, Household, code_of, expected_of, film_of, finish
from tests.faults.test_store_damage import wait_for_windows
from tests.small_disk import mounted


@pytest.fixture
def own_film(household: Household, film: Path) -> Path:
    """A copy that may be destroyed."""
    folder = household.folder / "drive"
    folder.mkdir()
    return Path(shutil.copy2(film, folder / film.name))


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Expected]:
    """Another recording of the same name, and what comes of it."""
    path = film_of(tmp_path_factory.mktemp("other") / "Interview – été.wav", 120, seed=2)
    return path, expected_of(Household(tmp_path_factory.mktemp("other run")), path)


def before(
    monkeypatch: pytest.MonkeyPatch, owner: Any, name: str, act: Callable[[], object]
) -> None:
    """Do something once, before the first call."""
    real, left = getattr(owner, name), [act]

    def call(*arguments: Any, **named: Any) -> Any:
        if left:
            left.pop()()
        return real(*arguments, **named)

    monkeypatch.setattr(owner, name, call)


def done(household: Household, engine: Engine, film: Path) -> JobStatus:
    status = finish(engine, engine.queue.add(household.request(film)))
    assert status.state == "done", str(status)
    return status


def test_a_file_that_is_replaced_while_it_is_extracted_gives_the_new_one(
    household: Household,
    own_film: Path,
    other: tuple[Path, Expected],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    new, expected = other
    before(monkeypatch, audio_chunks, "extract", lambda: shutil.copyfile(new, own_film))
    with ledger.trial("media replaced while extracting"), household.engine() as engine:
        done(household, engine, own_film)
        household.check(own_film, expected)


def test_a_file_that_is_replaced_before_it_is_recognised_gives_what_was_extracted(
    household: Household,
    own_film: Path,
    expected: Expected,
    other: tuple[Path, Expected],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """And the next run sees that the file is another one."""
    new, of_new = other
    before(monkeypatch, Recogniser, "transcribe", lambda: shutil.copyfile(new, own_film))
    with ledger.trial("media replaced before recognition"), household.engine() as engine:
        done(household, engine, own_film)
        household.check(own_film, expected)
        status = done(household, engine, own_film)
        assert any("has been changed" in note for note in status.inputs[0].notes)
        assert household.files(own_film) == of_new.files


def test_a_file_that_is_replaced_while_the_engine_is_gone(
    household: Household, own_film: Path, other: tuple[Path, Expected]
) -> None:
    new, of_new = other
    with household.engine() as engine:
        wait_for_windows(engine, engine.queue.add(household.request(own_film)), 4)
    shutil.copyfile(new, own_film)
    with ledger.trial("media replaced between two engines"), household.engine() as engine:
        done(household, engine, own_film)
        assert household.lost(own_film, of_new) == 0
        assert household.files(own_film) == of_new.files


def test_a_file_that_grows_all_the_time_is_refused_until_it_is_whole(
    household: Household, own_film: Path, expected: Expected, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = own_film.read_bytes()
    os.truncate(own_film, len(whole) // 2)
    real = extraction.extract

    def extract(*arguments: Any) -> Any:
        got = real(*arguments)
        with own_film.open("ab") as file:
            file.write(whole[own_film.stat().st_size :][:32000])
        return got

    with ledger.trial("media that grow"), household.engine() as engine:
        with monkeypatch.context() as patch:
            patch.setattr(audio_chunks, "extract", extract)
            status = finish(engine, engine.queue.add(household.request(own_film)))
        assert status.state == "failed"
        assert code_of(status.inputs[0]) == "media-changed"
        assert household.windows() == set()  # no word for sound that it was not heard in
        own_film.write_bytes(whole)
        done(household, engine, own_film)
        household.check(own_film, expected)


def test_a_file_that_is_removed_while_it_is_recognised_is_done_to_its_end(
    household: Household, own_film: Path, expected: Expected
) -> None:
    with ledger.trial("media removed while recognising"), household.engine() as engine:
        job = engine.queue.add(household.request(own_film))
        wait_for_windows(engine, job, 4)
        own_film.unlink()
        assert finish(engine, job).state == "done"
        household.check(own_film, expected)


def test_a_drive_that_is_unplugged_and_plugged_in_again(
    household: Household, film: Path, expected: Expected
) -> None:
    """The engine ends in between, too: what is left is cut as it was planned."""
    drive = household.folder / "drive"
    with ledger.trial("drive unplugged between two engines"):
        with mounted(drive, "size=50000k"):
            on_drive = Path(shutil.copy2(film, drive / film.name))
            with household.engine() as engine:
                wait_for_windows(engine, engine.queue.add(household.request(on_drive)), 4)
        with household.engine() as engine:
            (status,) = engine.queue.all()
            status = finish(engine, status.job)
            assert code_of(status.inputs[0]) == "media-missing"
            kept = household.windows()
            shutil.copy2(film, on_drive)
            done(household, engine, on_drive)
            assert kept <= household.windows()
            household.check(on_drive, expected)


def test_a_drive_that_is_unplugged_while_extracting(
    household: Household, film: Path, expected: Expected, monkeypatch: pytest.MonkeyPatch
) -> None:
    drive = household.folder / "drive"
    with ledger.trial("drive unplugged while extracting"), household.engine() as engine:
        with mounted(drive, "size=50000k"):
            on_drive = Path(shutil.copy2(film, drive / film.name))
            reached, unplugged = threading.Event(), threading.Event()

            def wait() -> None:
                reached.set()
                unplugged.wait(30)

            with monkeypatch.context() as patch:
                before(patch, audio_chunks, "extract", wait)
                job = engine.queue.add(household.request(on_drive))
                assert reached.wait(30)
        unplugged.set()
        status = finish(engine, job)
        assert code_of(status.inputs[0]) == "media-missing"
        shutil.copy2(film, on_drive)
        done(household, engine, on_drive)
        household.check(on_drive, expected)


def test_of_two_sources_one_is_away_for_a_while(
    household: Household, film: Path, other: tuple[Path, Expected], tmp_path: Path
) -> None:
    """Its part of the plan stays: afterwards it is cut as it would have been."""
    second = tmp_path / "second.wav"
    shutil.copy2(other[0], second)
    request = household.request(film, second)
    with ledger.trial("one of two media away"):
        with household.engine() as engine:
            wait_for_windows(engine, engine.queue.add(request), 3)
        away = second.rename(tmp_path / "away.wav")
        with household.engine() as engine:
            (status,) = engine.queue.all()
            status = finish(engine, status.job)
            states = [each.state for each in status.inputs]
            assert status.state == "failed" and states == ["done", "failed"]
            away.rename(second)
            status = finish(engine, engine.queue.add(request))
            assert status.state == "done"
            assert household.lost(second, other[1]) == 0


def test_a_model_that_is_replaced_in_mid_job_is_heard_anew(
    household: Household, film: Path, expected: Expected
) -> None:
    with ledger.trial("model replaced between two engines"):
        with household.engine() as engine:
            wait_for_windows(engine, engine.queue.add(household.request(film)), 3)
        household.model.write_bytes(b"another model")
        with household.engine() as engine:
            (status,) = engine.queue.all()
            assert finish(engine, status.job).state == "done"
        assert household.lost(film, expected) == 0
        assert household.files(film) == expected.files
