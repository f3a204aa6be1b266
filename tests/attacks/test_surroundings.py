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
from tests import made_up_project
from tests.attacks.ledger import attempt
from tests.engine.jobs.open_engine import asking, open_engine, plain, until
from tests.engine.workspace import Workspace

posix = pytest.mark.skipif(sys.platform == "win32", reason="POSIX loaders and shells")
PROJECT = Path(__file__).parents[2]
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
            workspace = Workspace(tmp_path)
            film = workspace.media("film.wav", 3)
        with open_engine(workspace) as engine:
            job = engine.queue.add(asking(workspace, plain(film, "srt")))
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
    workspace = Workspace(tmp_path)
    film = workspace.media("film.wav", 3)
    monkeypatch.setenv("LD_PRELOAD", str(library))
    with attempt("an editor's preloaded library"), open_engine(workspace) as engine:
        job = engine.queue.add(asking(workspace, plain(film, "srt")))
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


ASTRAY = {
    "PIP_TARGET": "elsewhere",
    "PIP_PREFIX": "elsewhere",
    "PIP_ROOT": "elsewhere",
    "PIP_DRY_RUN": "1",
    "PIP_USER": "1",
    "PIP_PYTHON": "/no/such/python",
    "PIP_REQUIRE_VIRTUALENV": "1",
    "PIP_NO_DEPS": "1",
    "PIP_GLOBAL": "1",
    "PIP_QUIET": "3",
}
"""Settings of pip's, and what they may be set to."""


@posix
@pytest.mark.parametrize("way", ["variables", "file", "broken file"])
def test_pips_own_settings_do_not_lead_the_environment_astray(tmp_path: Path, way: str) -> None:
    project = made_up_project.make(tmp_path)
    elsewhere = tmp_path / "elsewhere"
    values = {name: value.replace("elsewhere", str(elsewhere)) for name, value in ASTRAY.items()}
    config = tmp_path / "pip.conf"
    if way == "variables":
        project.more.update(values)
    elif way == "file":
        named = {name[4:].lower().replace("_", "-"): value for name, value in values.items()}
        lines = [f"{name} = {value}" for name, value in named.items()]
        index = ["[install]", f"find-links = {project.wheels}", "no-index = true"]
        config.write_text("\n".join(["[global]", *lines, *index]))
        project.more.update(PIP_CONFIG_FILE=str(config), PIP_NO_INDEX="", PIP_FIND_LINKS="")
    else:
        config.write_bytes(b"[global\nindex-url\xff\n")
        project.more.update(PIP_CONFIG_FILE=str(config))
    with attempt(f"pip's own settings: {way}"):
        done = project.run("--demo")
        assert done.returncode == 0, done.stdout + done.stderr
        assert project.done == ["base"] and not elsewhere.exists()


@posix
def test_an_environment_that_lost_a_package_is_mended_by_the_next_run(tmp_path: Path) -> None:
    project = made_up_project.make(tmp_path)
    assert project.run("--demo").returncode == 0
    with attempt("a file of the environment is deleted"):
        (lost,) = (project.data / "env").rglob("made_up_base*.py")
        lost.unlink()
        done = project.run("--demo")
        assert done.returncode == 0 and lost.exists(), done.stdout + done.stderr


INTERRUPTED = """
import runpy, sys
module = sys.argv.pop(1)
class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == module:
            raise KeyboardInterrupt
sys.meta_path.insert(0, Finder())
runpy.run_module("editor_plugin", run_name="__main__")
"""


@pytest.mark.parametrize(
    "module",
    [
        "editor_plugin.commands.display",
        "rich",
        "editor_plugin.core.errors",
        "filelock",
        "fractions",
    ],
)
def test_ctrl_c_in_the_first_second_is_no_traceback(tmp_path: Path, module: str) -> None:
    """While the command is still being imported."""
    environ = {**os.environ, "RECUE_HOME": str(tmp_path), "PYTHONPATH": str(PROJECT)}
    with attempt("Ctrl-C in the first second"):
        done = subprocess.run(
            [sys.executable, "-c", INTERRUPTED, module, "check", "a.srt"],
            env=environ,
            capture_output=True,
            timeout=240,
        )
        said = done.stderr.decode()
        assert "Traceback" not in said
        assert (done.returncode, said.count("Stopped.")) == (130, 1), said


HOMELESS = """
import os, sys
import pwd
def none(number):
    raise KeyError(number)
os.environ.pop("HOME", None)
pwd.getpwuid = none
from editor_plugin.__main__ import main
sys.exit(main(sys.argv[1:]))
"""


@posix
@pytest.mark.parametrize("command", ["jobs", "models", "check a"])
def test_a_user_without_a_home_or_an_entry_is_told_in_a_sentence(
    tmp_path: Path, command: str
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    environ = {k: v for k, v in os.environ.items() if not k.startswith("XDG_")}
    environ["PYTHONPATH"] = str(PROJECT)
    for home in ("", str(own)):
        environ["RECUE_HOME"] = home
        with attempt("no home, and no entry for the user"):
            done = subprocess.run(
                [sys.executable, "-c", HOMELESS, *command.split()],
                env=environ,
                cwd=own,
                capture_output=True,
                timeout=240,
            )
            said = done.stderr.decode()
            assert "Traceback" not in said and "Something went wrong" not in said, said
            assert home or "RECUE_HOME" in said or command == "check a", said
