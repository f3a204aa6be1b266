"""Inputs, paths and names that attack: what they lead to is a sentence, and the rest goes on."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from editor_plugin.__main__ import main
from editor_plugin.commands import command_line
from editor_plugin.core.errors import JobSetAside
from editor_plugin.core.jobs.request import JobRequest, Order
from editor_plugin.engine.engine import Engine
from editor_plugin.engine.jobs.queue import JobQueue
from editor_plugin.engine.recognition.recogniser import Recogniser
from editor_plugin.engine.store import Database
from tests.attacks.ledger import attempt
from tests.engine.desk import Desk
from tests.misbehaving.staging import BRISK


def test_a_job_that_ends_every_engine_is_not_begun_a_third_time(tmp_path: Path) -> None:
    with attempt("a job that ends every engine"):
        begun = 0
        for _ in range(5):  # lives of an engine, each of which ends without a word
            database = Database(tmp_path / "store.sqlite")
            queue = JobQueue(database)
            if begun == 0:
                queue.add(JobRequest((Order(Path("/films/deadly.mov")),)))
            queue.recover()
            begun += queue.next() is not None
            database.close()
        assert begun == 2
        state, error = JobQueue(Database(tmp_path / "store.sqlite")).standing(1)
        assert state == "failed" and isinstance(error, JobSetAside)


SPECIAL = {"a pipe": "pipe", "a device": "/dev/zero", "a folder": "folder", "“.”": "."}
posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX files")


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A user in a folder of media, whose runner answers at once."""
    desk = Desk(tmp_path)

    def engine() -> Engine:
        recogniser = Recogniser(desk.runner, desk.stage.log, desk.stage.launch.command, BRISK)
        return Engine(tmp_path / "home", tmp_path / "work", recogniser)

    monkeypatch.setenv("RECUE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(command_line, "open_engine", engine)
    monkeypatch.chdir(tmp_path)
    return desk


@pytest.fixture(params=SPECIAL)
def special(request: pytest.FixtureRequest, user: Desk) -> str:
    """The path of what is no file."""
    os.mkfifo("pipe")
    Path("folder").mkdir()
    Path("film.wav").write_bytes(b"sound")
    Path("a.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nHello.\n")
    return SPECIAL[str(request.param)]


def kind_of(special: str) -> str:
    return {"pipe": "a pipe", "/dev/zero": "a device"}.get(special, "a folder")


def told(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    """What a command says that fails."""
    status = main([str(each) for each in arguments])
    said = capsys.readouterr().err
    assert status == 1, said
    assert "Traceback" not in said and "Something went wrong" not in said, said
    return said


def one_sentence(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> str:
    """What a command says that is refused at once."""
    said = told(capsys, *arguments)
    assert len(said.splitlines()) == 1, said
    return said


OPTIONS = (
    ("check", "{}"),
    ("correct", "{}"),
    ("glossary", "import", "{}"),
    ("corrections", "import", "{}"),
    ("resegment", "{}", "-o", "out.srt"),
    ("transcribe", "film.wav", "--model", "{}"),
    ("check", "a.srt", "--video", "{}"),
)
"""Each way to name a file."""


@posix
@pytest.mark.parametrize("arguments", OPTIONS, ids=" ".join)
def test_a_command_that_is_given_no_file_says_what_it_was_given(
    special: str, arguments: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    with attempt("a pipe, a device or a folder in place of a file"):
        said = one_sentence(capsys, *(each.format(special) for each in arguments))
        assert kind_of(special) in said


@posix
@pytest.mark.parametrize("name", ["house.toml", "home/settings.toml"])
def test_a_style_or_settings_that_are_no_file_are_refused(
    special: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path(name)
    path.parent.mkdir(exist_ok=True)
    path.symlink_to(Path(special).absolute())
    with attempt("a pipe, a device or a folder in place of a file"):
        said = one_sentence(capsys, "transcribe", "film.wav", "--style", "house.toml")
        assert kind_of(special) in said


@posix
def test_a_style_without_an_end_or_a_floor_is_refused(
    user: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Path("house.toml")
    with attempt("a style without an end"):
        with path.open("wb") as file:
            file.truncate(1 << 40)
        assert "larger than" in one_sentence(
            capsys, "transcribe", "film.wav", "--style", "house.toml"
        )
    with attempt("a style of a hundred thousand brackets"):
        path.write_text("base = " + "[" * 100_000)
        one_sentence(capsys, "transcribe", "film.wav", "--style", "house.toml")


@posix
@pytest.mark.parametrize("suffix", [".wav", ".edl", ".otio"])
def test_an_input_or_output_that_is_no_file_is_refused_and_stays(
    special: str, suffix: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / f"special{suffix}"
    path.symlink_to(Path(special).absolute())
    with attempt("a pipe, a device or a folder in place of a file"):
        said = told(capsys, "transcribe", str(path), "--model", "model.nemo")
        assert kind_of(special) in said
        if special not in ("folder", "."):  # these take files
            said = told(capsys, "transcribe", "film.wav", "--model", "model.nemo", "-o", special)
            assert "cannot be written: it is a" in said
            assert not Path(special).is_file()
            said = one_sentence(
                capsys, "transcribe", "film.wav", "--model", "model.nemo", "--media", special
            )
            assert "--media" in said
