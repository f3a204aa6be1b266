"""Jobs from end to end, with real media, a real store, and a runner that answers at once."""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Iterator
from pathlib import Path

import pytest

from editor_plugin.core.errors import (
    Cancelled,
    DiskFull,
    MediaMissing,
    NoSpeech,
    OutputIsInput,
    OutputUnwritable,
    RoutesExhausted,
)
from editor_plugin.core.jobs.events import Event, InputFailed, InputFinished, Note, StageProgress
from editor_plugin.core.jobs.request import InputOptions, Order, OutputFile
from editor_plugin.engine.engine import Engine
from editor_plugin.engine.recognition.recogniser import Recogniser
from editor_plugin.engine.store import Store
from tests.engine.desk import NOISE, SILENCE, Desk
from tests.misbehaving.staging import BRISK
from tests.small_disk import mounted


def order(path: Path, suffix: str = ".json", **choice: object) -> Order:
    formats = {".json": "json", ".srt": "srt", ".words.json": "words"}
    target = path.with_name(path.stem + suffix)
    return Order(path, (OutputFile(formats[suffix], target),), InputOptions(**choice))  # type: ignore[arg-type]


def words(path: Path) -> list[dict[str, object]]:
    found = json.loads(path.with_name(path.stem + ".words.json").read_text())["words"]
    assert isinstance(found, list)
    return found


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    folder = tmp_path / "Bureau de Zoë"
    folder.mkdir()
    yield Desk(folder)


def test_a_file_becomes_subtitles_beside_it(desk: Desk) -> None:
    film = desk.media("film ä.wav", 5)
    assert desk.run(order(film, ".srt"))
    assert (desk.folder / "film ä.srt").read_text("utf-8").startswith("1\n00:00:00,000 --> ")
    (finished,) = desk.all(InputFinished)
    assert (finished.cues, finished.words, finished.recognised) == (1, 1, 5.0)


def test_a_second_run_recognises_nothing(desk: Desk) -> None:
    film = desk.media("film.wav", 100)
    desk.run(order(film))
    first, sent = (desk.folder / "film.json").read_bytes(), desk.windows()
    assert desk.run(order(film))
    assert (desk.folder / "film.json").read_bytes() == first and desk.windows() == sent > 3


def test_a_moved_file_keeps_its_words(desk: Desk) -> None:
    film = desk.media("film.wav", 5)
    desk.run(order(film))
    moved = film.rename(desk.folder / "renamed.wav")
    assert desk.run(order(moved)) and desk.windows() == 1


def test_a_file_written_again_is_recognised_again(desk: Desk) -> None:
    desk.run(order(desk.media("film.wav", 5)))
    desk.run(order(desk.media("film.wav", 6)))
    assert desk.windows() == 2


def test_only_the_range_is_recognised_and_its_times_stay(desk: Desk) -> None:
    film = desk.media("film.wav", 100)
    desk.run(order(film, ".words.json", span=("40", "00:00:50")))
    assert [(word["start"], word["end"]) for word in words(film)] == [(40.0, 50.0)]


def test_widening_the_range_recognises_only_what_is_new(desk: Desk) -> None:
    film = desk.media("film.wav", 60)
    desk.run(order(film, ".words.json", span=("20", "40")))
    desk.run(order(film, ".words.json"))
    heard = [finished.recognised for finished in desk.all(InputFinished)]
    assert heard == [40.0]
    spans = [(word["start"], word["end"]) for word in words(film)]
    assert spans == [(0.0, 20.0), (20.0, 40.0), (40.0, 60.0)]


def test_one_bad_input_does_not_stop_the_others(desk: Desk) -> None:
    good, other = desk.media("good.wav", 3), desk.media("other.wav", 3)
    assert not desk.run(order(good), order(desk.folder / "missing.wav"), order(other))
    (failed,) = desk.all(InputFailed)
    assert isinstance(failed.error, MediaMissing)
    assert (desk.folder / "good.json").exists() and (desk.folder / "other.json").exists()
    assert len(desk.stage.events("loaded")) == 1  # one loaded model for all


def test_an_output_that_cannot_be_written_is_said_before_anything_runs(desk: Desk) -> None:
    film = desk.media("film.wav", 3)
    nowhere = Order(film, (OutputFile("srt", desk.folder / "nowhere" / "film.srt"),))
    assert not desk.run(nowhere)
    (failed,) = desk.all(InputFailed)
    assert isinstance(failed.error, OutputUnwritable)
    assert desk.windows() == 0


def test_an_output_over_its_input_is_refused(desk: Desk) -> None:
    film = desk.media("film.wav", 3)
    before = film.read_bytes()
    assert not desk.run(Order(film, (OutputFile("srt", film),)))
    (failed,) = desk.all(InputFailed)
    assert isinstance(failed.error, OutputIsInput)
    assert film.read_bytes() == before


def test_finished_windows_survive_a_runner_that_always_dies(desk: Desk) -> None:
    film = desk.media("film.wav", 150)
    die = {"do": "die", "at": "batch"}
    desk.stage.plan({**die, "start": 1, "after": 2}, *({**die, "start": n} for n in range(2, 20)))
    with pytest.raises(RoutesExhausted):
        desk.run(order(film))
    kept = len(Store.at(desk.folder / "transcripts.sqlite").covered(1))
    assert kept >= 2
    desk.stage.plan()
    sent = desk.windows()
    assert desk.run(order(film))
    total = len(Store.at(desk.folder / "transcripts.sqlite").covered(1))
    assert desk.windows() - sent == total - kept


def test_cancel_keeps_what_is_finished(desk: Desk) -> None:
    film = desk.media("film.wav", 150)
    desk.stage.plan(batch_time=0.2)

    def cancel_at_first_progress(event: Event) -> None:
        if getattr(event, "stage", "") == "recognising":
            desk.cancel.set()

    desk.watch = cancel_at_first_progress
    with pytest.raises(Cancelled):
        desk.run(order(film))
    assert len(Store.at(desk.folder / "transcripts.sqlite").covered(1)) >= 2
    assert not (desk.folder / "film.json").exists()


@pytest.mark.parametrize(("sound", "silent"), [(SILENCE, True), (NOISE, False)])
def test_a_file_without_speech_is_said_to_be_silent_or_not(
    desk: Desk, sound: str, silent: bool
) -> None:
    film = desk.media("film.wav", 3, sound)
    desk.stage.plan({"do": "mute", "at": "batch"})
    for _ in range(2):  # the second time from the store
        assert not desk.run(order(film))
        (failed,) = desk.all(InputFailed)
        assert isinstance(failed.error, NoSpeech)
        assert failed.error.data["silent"] is silent
    assert not (desk.folder / "film.json").exists()


def test_a_corrected_file_is_kept_and_said(desk: Desk) -> None:
    film = desk.media("film.wav", 3)
    desk.run(order(film, ".srt"))
    (desk.folder / "film.srt").write_text("corrected by hand")
    desk.run(order(film, ".srt"))
    assert (desk.folder / "film.kept-1.srt").read_text() == "corrected by hand"
    assert any("film.kept-1.srt" in note.text for note in desk.all(Note))


def test_what_fitted_is_remembered(desk: Desk) -> None:
    desk.run(order(desk.media("film.wav", 3)))
    desk.run(order(desk.media("other.wav", 4)))
    calls = [call["params"]["batch_seconds"] for call in desk.stage.events("transcribe")]
    assert calls == [None, 60.0]


def test_a_window_is_never_longer_than_the_setting(desk: Desk) -> None:
    film = desk.media("film.wav", 60)
    desk.run(order(film), window_seconds=10)
    for call in desk.stage.events("transcribe"):
        for item in call["params"]["items"]:
            assert all(window[3] - window[0] <= 10 * 16000 for window in item["windows"])


def test_a_wav_cut_off_while_it_was_written_gives_what_it_holds(desk: Desk) -> None:
    film = desk.media("film.wav", 10)
    content = film.read_bytes()
    film.write_bytes(content[: len(content) // 2])
    assert desk.run(order(film))
    (finished,) = desk.all(InputFinished)
    assert 4.9 < finished.recognised < 5.1


def test_a_run_that_fails_does_not_wait_for_what_it_extracts_ahead(desk: Desk) -> None:
    film, long = desk.media("film.wav", 5), desk.media("long.wav", 1)
    header, size = long.read_bytes()[:-32000], 3_000_000_000
    long.write_bytes(header[:-4] + struct.pack("<I", size))
    os.truncate(long, len(header) + size)  # a day of silence, which takes no room
    desk.stage.plan({"do": "die", "at": "batch"})
    with pytest.raises(RoutesExhausted):
        desk.run(order(film), order(long))
    assert (
        max([each.done for each in desk.all(StageProgress) if each.input == long], default=0)
        < 90_000
    )


def test_sound_that_a_killed_engine_left_is_removed_by_the_next_one(desk: Desk) -> None:
    left = desk.folder / "work" / "takes-abc" / "tmp"
    left.mkdir(parents=True)
    (left / "1-0.wav.part").write_bytes(b"sound")
    recogniser = Recogniser(desk.runner, desk.stage.log, desk.stage.launch.command, BRISK)
    with Engine(desk.folder / "recue", desk.folder / "work", recogniser):
        assert list((desk.folder / "work").iterdir()) == []


def test_a_disk_that_fills_up_while_extracting_is_said(desk: Desk) -> None:
    film = desk.media("film.wav", 60)
    with mounted(desk.folder / "work", "size=256k"), pytest.raises(DiskFull, match="work"):
        desk.run(order(film))
    assert desk.run(order(film))
