"""Inputs, paths and names that attack: what they lead to is a sentence, and the rest goes on."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from editor_plugin.__main__ import main
from editor_plugin.commands import command_line, watching
from editor_plugin.core.errors import JobSetAside
from editor_plugin.core.jobs.request import InputOptions, JobRequest, Order
from editor_plugin.engine.engine import Engine
from editor_plugin.engine.jobs.inputs import Project, read_input
from editor_plugin.engine.jobs.queue import JobQueue
from editor_plugin.engine.log import log_to
from editor_plugin.engine.recognition.recogniser import Recogniser
from editor_plugin.engine.store import Database
from editor_plugin.engine.watching import folder
from tests.attacks.ledger import attempt
from tests.engine.workspace import Workspace
from tests.misbehaving.staging import BRISK

PROJECT = Path(__file__).parents[2]


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
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A user in a folder of media, whose runner answers at once."""
    workspace = Workspace(tmp_path)

    def engine() -> Engine:
        recogniser = Recogniser(
            workspace.runner, workspace.stage.log, workspace.stage.launch.command, BRISK
        )
        return Engine(tmp_path / "home", tmp_path / "work", recogniser)

    monkeypatch.setenv("RECUE_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(command_line, "open_engine", engine)
    monkeypatch.chdir(tmp_path)
    return workspace


@pytest.fixture(params=SPECIAL)
def special(request: pytest.FixtureRequest, user: Workspace) -> str:
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
    user: Workspace, capsys: pytest.CaptureFixture[str]
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


BYTES = b"caf\xe9 \xff.wav".decode("utf-8", "surrogateescape")
LONG = "x" * 251 + ".wav"
"""255 bytes, as many as a name may have; that of its words has more."""


def sounds(user: Workspace, *names: str) -> list[Path]:
    """Media of these names, all alike."""
    first = user.media("a.wav", 3)
    found = [user.folder / name for name in names]
    for path in found:
        os.link(first, path)
    first.unlink()
    return found


linux = pytest.mark.skipif(sys.platform != "linux", reason="names of any bytes")


@linux
@pytest.mark.parametrize("first", [0, 1, 2])
def test_one_input_never_takes_the_others_along(
    user: Workspace, first: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with attempt("one bad name among inputs"):
        names = ["good.wav", BYTES, LONG]
        paths = sounds(user, *names[first:], *names[:first])
        options = ("--model", "model.nemo", "--format", "words")
        said = told(capsys, "transcribe", *paths, *options)
        assert Path("good.words.json").exists()
        assert "not written in UTF-8" in said and "the name is too long" in said


@linux
def test_a_defect_at_one_input_is_logged_and_the_rest_go_on(
    user: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(path: Path, options: InputOptions, cancel: threading.Event) -> Project:
        if path.name == "bad.wav":
            raise ZeroDivisionError
        return read_input(path, options, cancel)

    monkeypatch.setattr("editor_plugin.engine.jobs.run.read_input", broken)
    with attempt("a defect at one input"):
        paths = sounds(user, "bad.wav", "good.wav")
        assert main(["transcribe", *map(str, paths), "--model", "model.nemo"]) == 1
        assert "bad.wav: Something went wrong inside Recue." in capsys.readouterr().err
        assert Path("good.srt").exists()


@linux
def test_a_watch_goes_on_after_a_bad_name_and_does_not_begin_with_it_again(
    user: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "SETTLED_SECONDS", 0.0)
    monkeypatch.setattr(watching, "LOOK_SECONDS", 0.0)
    command = ["watch", ".", "--once", "--model", "model.nemo", "--format", "words"]
    with attempt("one bad name in a watched folder"):
        sounds(user, "good.wav", BYTES, LONG)
        assert main(command) == 1
        said = capsys.readouterr().err
        assert "not written in UTF-8" in said and "the name is too long" in said
        assert Path("good.words.json").exists()
        assert main(command) == 0
        assert "1 of" not in capsys.readouterr().err


DYING = """
import os, sys
from editor_plugin.commands import command_line, watching
from editor_plugin.core.jobs.events import InputStarted, InputFinished
from editor_plugin.commands.watching import watch
from editor_plugin.engine.watching import folder
from editor_plugin.engine.watching.folder import WatchOptions
from editor_plugin.core.jobs.request import InputOptions
from pathlib import Path
folder.SETTLED_SECONDS = watching.LOOK_SECONDS = 0.0
def do(orders, heard):
    for number, order in enumerate(orders):
        heard(InputStarted(order.input, number + 1, len(orders)))
        ahead = orders[number:number + 2]  # the next one is read, too
        if any(each.input.name == "deadly.wav" for each in ahead):
            os._exit(9)
        heard(InputFinished(order.input, (), 1, 1, 1.0))
    return True
options = WatchOptions(Path(sys.argv[1]), None, ("srt",), InputOptions())
sys.exit(not watch(options, do, lambda event: print(event), once=True))
"""


def test_a_file_at_which_every_watch_dies_is_set_aside(tmp_path: Path) -> None:
    exports = tmp_path / "exports"
    exports.mkdir()
    for name in ("a.wav", "b.wav", "deadly.wav", "z.wav"):
        (exports / name).write_bytes(b"sound")
    environ = {**os.environ, "RECUE_HOME": str(tmp_path / "home"), "PYTHONPATH": str(PROJECT)}
    said, ends = [], []
    with attempt("a file at which every watch dies"):
        for _ in range(5):
            done = subprocess.run(
                [sys.executable, "-c", DYING, str(exports)],
                capture_output=True,
                env=environ,
                timeout=240,
            )
            ends.append(done.returncode)
            said.append(done.stdout.decode())
        # One death with a file that is read ahead, two at the file alone.
        assert ends == [9, 9, 9, 1, 0], done.stderr.decode()
        assert "WatchedSetAside" in said[3] and "deadly.wav" not in said[4]


EVIL = "a\x1b]0;owned\x07\x1b[2J\u202egpj\n2026-01-01 1 all is well.wav"


@posix
def test_a_name_does_nothing_to_the_terminal_or_the_log(
    user: Workspace, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(path: Path, options: InputOptions, cancel: threading.Event) -> Project:
        raise ZeroDivisionError(path.name)

    commands: list[list[str]] = [
        ["check", EVIL],
        ["check", EVIL + ".srt"],
        ["correct", EVIL],
        ["resegment", EVIL],
        ["transcribe", EVIL, "--model", "model.nemo"],
        ["transcribe", EVIL, "--model", EVIL],
        ["transcribe", EVIL, "--style", EVIL],
        ["models", "fetch", EVIL],
        ["forget", "--yes", EVIL],
        ["jobs"],
        [EVIL],
    ]
    for _before_it_exists in (True, False):
        for command in commands:
            with attempt("a name with escape sequences and overrides"):
                with contextlib.suppress(SystemExit):
                    main(command)
                assert harmless(capfd.readouterr().err)
        Path(EVIL).write_bytes(b"sound")
    with attempt("a name with escape sequences and overrides"):
        monkeypatch.setattr("editor_plugin.engine.jobs.run.read_input", broken)
        log_to(user.folder / "recue.log")
        main(["transcribe", EVIL, "--model", "model.nemo"])
        capfd.readouterr()
        log = (user.folder / "recue.log").read_text()
        assert "ZeroDivisionError" in log and harmless(log)
        assert not any(line.startswith("2026-01-01 1 all") for line in log.splitlines())


def harmless(text: str) -> bool:
    return not set(text) & set("\x1b\x07\x9b\u202e")
