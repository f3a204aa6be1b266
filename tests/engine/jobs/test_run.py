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
from tests.engine.workspace import NOISE, SILENCE, Workspace
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
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    folder = tmp_path / "Bureau de Zoë"
    folder.mkdir()
    yield Workspace(folder)


def test_a_file_becomes_subtitles_beside_it(workspace: Workspace) -> None:
    film = workspace.media("film ä.wav", 5)
    assert workspace.run(order(film, ".srt"))
    assert (workspace.folder / "film ä.srt").read_text("utf-8").startswith("1\n00:00:00,000 --> ")
    (finished,) = workspace.all(InputFinished)
    assert (finished.cues, finished.words, finished.recognised) == (1, 1, 5.0)


def test_a_second_run_recognises_nothing(workspace: Workspace) -> None:
    film = workspace.media("film.wav", 100)
    workspace.run(order(film))
    first, sent = (workspace.folder / "film.json").read_bytes(), workspace.windows()
    assert workspace.run(order(film))
    assert (
        workspace.folder / "film.json"
    ).read_bytes() == first and workspace.windows() == sent > 3


def test_a_moved_file_keeps_its_words(workspace: Workspace) -> None:
    film = workspace.media("film.wav", 5)
    workspace.run(order(film))
    moved = film.rename(workspace.folder / "renamed.wav")
    assert workspace.run(order(moved)) and workspace.windows() == 1


def test_a_file_written_again_is_recognised_again(workspace: Workspace) -> None:
    workspace.run(order(workspace.media("film.wav", 5)))
    workspace.run(order(workspace.media("film.wav", 6)))
    assert workspace.windows() == 2


def test_only_the_range_is_recognised_and_its_times_stay(workspace: Workspace) -> None:
    film = workspace.media("film.wav", 100)
    workspace.run(order(film, ".words.json", span=("40", "00:00:50")))
    assert [(word["start"], word["end"]) for word in words(film)] == [(40.0, 50.0)]


def test_widening_the_range_recognises_only_what_is_new(workspace: Workspace) -> None:
    film = workspace.media("film.wav", 60)
    workspace.run(order(film, ".words.json", span=("20", "40")))
    workspace.run(order(film, ".words.json"))
    heard = [finished.recognised for finished in workspace.all(InputFinished)]
    assert heard == [40.0]
    spans = [(word["start"], word["end"]) for word in words(film)]
    assert spans == [(0.0, 20.0), (20.0, 40.0), (40.0, 60.0)]


def test_one_bad_input_does_not_stop_the_others(workspace: Workspace) -> None:
    good, other = workspace.media("good.wav", 3), workspace.media("other.wav", 3)
    assert not workspace.run(order(good), order(workspace.folder / "missing.wav"), order(other))
    (failed,) = workspace.all(InputFailed)
    assert isinstance(failed.error, MediaMissing)
    assert (workspace.folder / "good.json").exists() and (workspace.folder / "other.json").exists()
    assert len(workspace.stage.events("loaded")) == 1  # one loaded model for all


def test_an_output_that_cannot_be_written_is_said_before_anything_runs(
    workspace: Workspace,
) -> None:
    film = workspace.media("film.wav", 3)
    nowhere = Order(film, (OutputFile("srt", workspace.folder / "nowhere" / "film.srt"),))
    assert not workspace.run(nowhere)
    (failed,) = workspace.all(InputFailed)
    assert isinstance(failed.error, OutputUnwritable)
    assert workspace.windows() == 0


def test_an_output_over_its_input_is_refused(workspace: Workspace) -> None:
    film = workspace.media("film.wav", 3)
    before = film.read_bytes()
    assert not workspace.run(Order(film, (OutputFile("srt", film),)))
    (failed,) = workspace.all(InputFailed)
    assert isinstance(failed.error, OutputIsInput)
    assert film.read_bytes() == before


def test_finished_windows_survive_a_runner_that_always_dies(workspace: Workspace) -> None:
    film = workspace.media("film.wav", 150)
    die = {"do": "die", "at": "batch"}
    workspace.stage.plan(
        {**die, "start": 1, "after": 2}, *({**die, "start": n} for n in range(2, 20))
    )
    with pytest.raises(RoutesExhausted):
        workspace.run(order(film))
    kept = len(Store.at(workspace.folder / "transcripts.sqlite").covered(1))
    assert kept >= 2
    workspace.stage.plan()
    sent = workspace.windows()
    assert workspace.run(order(film))
    total = len(Store.at(workspace.folder / "transcripts.sqlite").covered(1))
    assert workspace.windows() - sent == total - kept


def test_cancel_keeps_what_is_finished(workspace: Workspace) -> None:
    film = workspace.media("film.wav", 150)
    workspace.stage.plan(batch_time=0.2)

    def cancel_at_first_progress(event: Event) -> None:
        if getattr(event, "stage", "") == "recognising":
            workspace.cancel.set()

    workspace.watch = cancel_at_first_progress
    with pytest.raises(Cancelled):
        workspace.run(order(film))
    assert len(Store.at(workspace.folder / "transcripts.sqlite").covered(1)) >= 2
    assert not (workspace.folder / "film.json").exists()


@pytest.mark.parametrize(("sound", "silent"), [(SILENCE, True), (NOISE, False)])
def test_a_file_without_speech_is_said_to_be_silent_or_not(
    workspace: Workspace, sound: str, silent: bool
) -> None:
    film = workspace.media("film.wav", 3, sound)
    workspace.stage.plan({"do": "mute", "at": "batch"})
    for _ in range(2):  # the second time from the store
        assert not workspace.run(order(film))
        (failed,) = workspace.all(InputFailed)
        assert isinstance(failed.error, NoSpeech)
        assert failed.error.data["silent"] is silent
    assert not (workspace.folder / "film.json").exists()


def test_a_corrected_file_is_kept_and_said(workspace: Workspace) -> None:
    film = workspace.media("film.wav", 3)
    workspace.run(order(film, ".srt"))
    (workspace.folder / "film.srt").write_text("corrected by hand")
    workspace.run(order(film, ".srt"))
    assert (workspace.folder / "film.kept-1.srt").read_text() == "corrected by hand"
    assert any("film.kept-1.srt" in note.text for note in workspace.all(Note))


def test_what_fitted_is_remembered(workspace: Workspace) -> None:
    workspace.run(order(workspace.media("film.wav", 3)))
    workspace.run(order(workspace.media("other.wav", 4)))
    calls = [call["params"]["batch_seconds"] for call in workspace.stage.events("transcribe")]
    assert calls == [None, 60.0]


def test_a_window_is_never_longer_than_the_setting(workspace: Workspace) -> None:
    film = workspace.media("film.wav", 60)
    workspace.run(order(film), window_seconds=10)
    for call in workspace.stage.events("transcribe"):
        for item in call["params"]["items"]:
            assert all(window[3] - window[0] <= 10 * 16000 for window in item["windows"])


def test_a_wav_cut_off_while_it_was_written_gives_what_it_holds(workspace: Workspace) -> None:
    film = workspace.media("film.wav", 10)
    content = film.read_bytes()
    film.write_bytes(content[: len(content) // 2])
    assert workspace.run(order(film))
    (finished,) = workspace.all(InputFinished)
    assert 4.9 < finished.recognised < 5.1


def test_a_run_that_fails_does_not_wait_for_what_it_extracts_ahead(workspace: Workspace) -> None:
    film, long = workspace.media("film.wav", 5), workspace.media("long.wav", 1)
    header, size = long.read_bytes()[:-32000], 3_000_000_000
    long.write_bytes(header[:-4] + struct.pack("<I", size))
    os.truncate(long, len(header) + size)  # a day of silence, which takes no room
    workspace.stage.plan({"do": "die", "at": "batch"})
    with pytest.raises(RoutesExhausted):
        workspace.run(order(film), order(long))
    assert (
        max([each.done for each in workspace.all(StageProgress) if each.input == long], default=0)
        < 90_000
    )


def test_sound_that_a_killed_engine_left_is_removed_by_the_next_one(workspace: Workspace) -> None:
    left = workspace.folder / "work" / "takes-abc" / "tmp"
    left.mkdir(parents=True)
    (left / "1-0.wav.part").write_bytes(b"sound")
    recogniser = Recogniser(
        workspace.runner, workspace.stage.log, workspace.stage.launch.command, BRISK
    )
    with Engine(workspace.folder / "recue", workspace.folder / "work", recogniser):
        assert list((workspace.folder / "work").iterdir()) == []


def test_a_disk_that_fills_up_while_extracting_is_said(workspace: Workspace) -> None:
    film = workspace.media("film.wav", 60)
    with mounted(workspace.folder / "work", "size=256k"), pytest.raises(DiskFull, match="work"):
        workspace.run(order(film))
    assert workspace.run(order(film))
