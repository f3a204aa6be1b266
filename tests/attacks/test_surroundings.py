"""What other programs leave in the environment does not reach Recue's processes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from editor_plugin.__main__ import main
from editor_plugin.core.environment import clean_environment
from editor_plugin.engine.media.probe import inspect
from editor_plugin.hosts.folders import Machine, own_folders
from installer.launcher import launcher
from installer.pythons import probe
from tests.attacks.ledger import attempt
from tests.engine.desk import Desk
from tests.engine.jobs.open_engine import asking, open_engine, plain, until

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX loaders and shells")
TRAP = "import os; os.write(2, b'trapped'); os._exit(77)\n"


@pytest.fixture
def editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The variables of an editor that would end whatever takes them seriously."""
    trap = tmp_path / "trap"
    trap.mkdir()
    for name in ("sitecustomize.py", "usercustomize.py", "json.py", "av.py"):
        (trap / name).write_text(TRAP)
    (trap / "libc.so.6").write_bytes(b"no library")
    variables = {
        "PYTHONHOME": str(trap),
        "PYTHONPATH": str(trap),
        "PYTHONSTARTUP": str(trap / "json.py"),
        "PYTHONWARNINGS": "error",
        "PYTHONPLATLIBDIR": "nowhere",
        "LD_LIBRARY_PATH": str(trap),
        "DYLD_LIBRARY_PATH": str(trap),
        "QT_PLUGIN_PATH": str(trap),
        "FFREPORT": f"file={tmp_path}/report.log",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    return variables


@posix
def test_the_processes_of_a_job_take_nothing_of_an_editors_environment(
    tmp_path: Path, editor: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with attempt("an editor's environment: runner, ffmpeg and reader of media"):
        with monkeypatch.context() as clean:
            for name in editor:
                clean.delenv(name)
            desk = Desk(tmp_path)
            film = desk.media("film.wav", 3)
        with open_engine(desk) as engine:
            job = engine.queue.add(asking(desk, plain(film, "srt")))
            assert until(engine, job, "done", "failed").state == "done"
        assert inspect(film).streams
        assert not (tmp_path / "report.log").exists()


@posix
def test_the_installers_python_takes_nothing_of_an_editors_environment(
    editor: Mapping[str, str],
) -> None:
    with attempt("an editor's environment: the installer's Python"):
        assert probe([sys.executable]) is not None


@posix
def test_the_command_takes_nothing_of_an_editors_environment(
    tmp_path: Path, editor: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A terminal that an editor or an AppImage has opened."""
    machine = Machine("Linux", tmp_path / "home", {"RECUE_HOME": str(tmp_path / "recue")}, tmp_path)
    made = launcher(machine, own_folders(machine))
    python = own_folders(machine).environment / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(
        f'#!/bin/sh\nenv > "{tmp_path}/seen"\nexec {sys.executable} "$1" -c "print(1)"\n'
    )
    python.chmod(0o755)
    environ = {**clean_environment(os.environ), **editor, "LD_LIBRARY_PATH": "/opt/resolve/libs"}
    with attempt("an editor's environment: the command"):
        done = subprocess.run(
            ["/bin/sh", "-c", made.content.decode()], env=environ, capture_output=True, timeout=60
        )
        assert done.stdout == b"1\n", done.stderr
        seen = (tmp_path / "seen").read_text()
        assert "LD_LIBRARY_PATH" not in seen and "DYLD_LIBRARY_PATH" not in seen


@posix
@pytest.mark.skipif(not shutil.which("cc"), reason="needs the program cc")
def test_a_library_that_an_editor_preloads_is_in_no_process_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, library, mark = tmp_path / "a.c", tmp_path / "a.so", tmp_path / "mark"
    source.write_text(
        "#include <fcntl.h>\n__attribute__((constructor)) static void f(void)"
        f'{{ open("{mark}", O_CREAT | O_WRONLY, 0600); }}\n'
    )
    subprocess.run(["cc", "-shared", "-fPIC", "-o", str(library), str(source)], check=True)
    desk = Desk(tmp_path)
    film = desk.media("film.wav", 3)
    monkeypatch.setenv("LD_PRELOAD", str(library))
    with attempt("an editor's preloaded library"), open_engine(desk) as engine:
        job = engine.queue.add(asking(desk, plain(film, "srt")))
        assert until(engine, job, "done", "failed").state == "done"
        assert not mark.exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ALL_PROXY", "socks5://127.0.0.1:9"),
        ("SSL_CERT_FILE", "/no/such/file.pem"),
        ("HF_TOKEN", "hf_\u00e9"),
        ("HF_ENDPOINT", "huggingface.co"),
    ],
)
def test_a_setting_that_stops_a_download_is_named(
    name: str,
    value: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("RECUE_HOME", str(tmp_path))
    monkeypatch.setenv(name, value)
    with attempt("a setting of the network that stops a download"):
        assert main(["models", "fetch", "parakeet-tdt-0.6b-v2"]) == 1
        said = capsys.readouterr().err
        assert name in said and "Something went wrong" not in said
