"""Which Python, which PyTorch, and where the command `recue` lies."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import tomllib
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from editor_plugin.core.errors import EnvironmentBroken
from editor_plugin.hosts.folders import LINUX, MACOS, WINDOWS, Machine, own_folders, this_machine
from installer import pythons, torch_build
from installer.environment import requirements
from installer.launcher import launcher
from installer.pythons import Python, find_python
from installer.torch_build import choose_build, index_arguments, sees_nvidia

PROJECT = Path(__file__).parents[2]
GOOD = Python("/usr/bin/python3.12", (3, 12, 4), 64, "x86_64", "", True)
MAC = replace(GOOD, arch="arm64", macos="14.5")


def on(system: str, root: Path = Path("/nowhere"), **environ: str) -> Machine:
    return Machine(system, root / "home", environ, root)


def finds(monkeypatch: pytest.MonkeyPatch, *pythons_: Python | None) -> None:
    """These are on the machine, in this order; the first is the running one."""
    rest = iter(pythons_)
    monkeypatch.setattr(pythons, "probe", lambda command: next(rest, None))


def test_the_running_python_tells_what_it_is() -> None:
    python = pythons.probe([sys.executable])
    assert python is not None
    assert python.version == sys.version_info[:3]
    assert python.complete and python.suitable and python.bits == 64
    assert Path(python.path).samefile(sys.executable)


@pytest.mark.parametrize("command", [["/no/such/python"], ["false"], ["echo", "hello"]])
def test_what_is_no_python_is_passed_over(command: list[str]) -> None:
    assert pythons.probe(command) is None


def test_a_suitable_running_python_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    finds(monkeypatch, GOOD)
    assert find_python(on(LINUX)) == GOOD


@pytest.mark.parametrize(
    "running",
    [
        replace(GOOD, version=(3, 9, 6)),
        replace(GOOD, version=(3, 14, 0)),
        replace(GOOD, bits=32),
        replace(GOOD, complete=False),
        replace(GOOD, store=True),
        None,
    ],
)
@pytest.mark.parametrize("system", [LINUX, MACOS, WINDOWS])
def test_another_python_is_looked_for(
    monkeypatch: pytest.MonkeyPatch, running: Python | None, system: str
) -> None:
    finds(monkeypatch, running, None, GOOD)
    assert find_python(on(system)) == GOOD


def test_a_machine_without_a_suitable_python_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    finds(monkeypatch, replace(GOOD, version=(3, 9, 6)))
    with pytest.raises(EnvironmentBroken, match=r"3\.11, 3\.12, 3\.13.*python\.org"):
        find_python(on(LINUX))


def test_a_python_without_venv_is_told_with_the_package_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    finds(monkeypatch, replace(GOOD, complete=False))
    with pytest.raises(EnvironmentBroken, match=r"sudo apt install python3\.12-venv"):
        find_python(on(LINUX))


def test_the_microsoft_stores_python_alone_is_told_why_it_will_not_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    finds(monkeypatch, replace(GOOD, store=True))
    with pytest.raises(EnvironmentBroken, match=r"Store hides what it installs.*python\.org"):
        find_python(on(WINDOWS))


@pytest.mark.parametrize(
    ("system", "place"),
    [
        (LINUX, "home/.pyenv/versions/3.12.4/bin/python3.12"),
        (MACOS, "home/.local/share/uv/python/cpython-3.12.7-macos/bin/python3.12"),
        (WINDOWS, "home/.pyenv/pyenv-win/versions/3.12.4/python.exe"),
        (WINDOWS, "home/AppData/Roaming/uv/python/cpython-3.12.7-windows/python.exe"),
    ],
)
def test_the_pythons_of_pyenv_and_uv_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str, place: str
) -> None:
    python = tmp_path / place
    python.parent.mkdir(parents=True)
    python.touch()
    monkeypatch.setattr(pythons, "probe", lambda each: GOOD if each == [str(python)] else None)
    assert find_python(on(system, tmp_path)) == GOOD


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands for xcode-select")
@pytest.mark.parametrize(("status", "is_asked"), [(2, False), (0, True)])
def test_apples_stub_is_not_started_without_its_tools(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, status: int, is_asked: bool
) -> None:
    asked: list[list[str]] = []
    command = tmp_path / "xcode-select"
    command.write_text(f"#!/bin/sh\nexit {status}\n")
    command.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(pythons, "probe", lambda each: asked.append(each))
    with pytest.raises(EnvironmentBroken):
        find_python(on(MACOS))
    assert (["/usr/bin/python3"] in asked) is is_asked


def test_every_place_names_the_same_versions() -> None:
    shown = [".".join(map(str, version)) for version in pythons.SUITABLE]
    for name in ("install.py", "README.md", "CONTRIBUTING.md"):
        text = (PROJECT / name).read_text(encoding="utf-8")
        assert f"{', '.join(shown[:-1])} or {shown[-1]}" in text, name
    pyproject = (PROJECT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'requires-python = ">={shown[0]}"' in pyproject


@pytest.mark.parametrize(
    ("version", "status"), [("2.7", 10), ("3.6", 10), ("3.10", 10), ("3.11", 0), ("3.13", 0)]
)
def test_every_python_can_be_asked_what_it_is(version: str, status: int) -> None:
    found = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python"))
    if not found:
        pytest.skip(f"there is no Python {version} of pyenv on this machine")
    done = subprocess.run([str(found[0]), str(pythons.PROBE)], capture_output=True)
    facts = json.loads(done.stdout.splitlines()[0])
    assert (done.returncode, done.stderr) == (status, b"")
    assert ".".join(map(str, facts["version"][:2])) == version


def test_a_python_of_the_store_is_known_by_its_folder(tmp_path: Path) -> None:
    store = tmp_path / "WindowsApps" / "PythonSoftwareFoundation.Python.3.12"
    code = f"import runpy, sys; sys.base_prefix = {str(store)!r}; runpy.run_path(sys.argv[1])"
    done = subprocess.run([sys.executable, "-c", code, str(pythons.PROBE)], capture_output=True)
    assert done.returncode == 12
    assert json.loads(done.stdout.splitlines()[0])["store"] is True


@pytest.mark.parametrize(
    ("system", "python", "nvidia", "name", "wheels"),
    [
        (LINUX, GOOD, False, "cpu", "cpu"),
        (LINUX, GOOD, True, "cuda", None),
        (LINUX, replace(GOOD, arch="aarch64"), False, "cpu", None),
        (WINDOWS, replace(GOOD, arch="AMD64"), False, "cpu", None),
        (WINDOWS, replace(GOOD, arch="AMD64"), True, "cuda", torch_build.CUDA),
        (MACOS, MAC, False, "mps", None),
    ],
)
def test_the_build_of_pytorch(
    system: str, python: Python, nvidia: bool, name: str, wheels: str | None
) -> None:
    build = choose_build(on(system), python, nvidia)
    assert (build.name, build.wheels) == (name, wheels)


@pytest.mark.parametrize(
    ("python", "words"),
    [(replace(MAC, arch="x86_64"), "Apple silicon"), (replace(MAC, macos="13.6"), "macOS 14")],
)
def test_a_mac_that_pytorch_is_not_made_for(python: Python, words: str) -> None:
    with pytest.raises(EnvironmentBroken, match=words):
        choose_build(on(MACOS), python, False)


def test_the_cuda_version_is_the_one_that_is_pinned() -> None:
    pinned = (PROJECT / "constraints.txt").read_text(encoding="utf-8")
    major, minor = torch_build.CUDA[2:-1], torch_build.CUDA[-1]
    assert f"\ncuda-toolkit=={major}.{minor}." in pinned


@pytest.mark.parametrize(
    ("system", "sign"),
    [
        (LINUX, "proc/driver/nvidia/version"),
        (LINUX, "usr/lib/wsl/lib/libcuda.so.1"),
        (WINDOWS, "Windows/System32/nvcuda.dll"),
    ],
)
def test_an_nvidia_card_is_seen_by_its_driver(tmp_path: Path, system: str, sign: str) -> None:
    assert not sees_nvidia(on(system, tmp_path))
    (tmp_path / sign).parent.mkdir(parents=True)
    (tmp_path / sign).touch()
    assert sees_nvidia(on(system, tmp_path))


@pytest.mark.skipif(os.name == "nt", reason="a shell script stands for nvidia-smi")
@pytest.mark.parametrize("status", [0, 9])
def test_an_nvidia_card_is_seen_by_nvidia_smi(tmp_path: Path, status: int) -> None:
    command = tmp_path / "nvidia-smi"
    command.write_text(f"#!/bin/sh\nexit {status}\n")
    command.chmod(0o755)
    assert sees_nvidia(on(LINUX, tmp_path, PATH=str(tmp_path))) is (status == 0)


def test_pytorchs_own_index_is_used_where_it_answers() -> None:
    build = choose_build(on(LINUX), GOOD, False)
    asked: list[str] = []

    def reachable(url: str) -> bool:
        asked.append(url)
        return True

    assert index_arguments(build, on(LINUX), reachable) == [
        "--extra-index-url",
        "https://download.pytorch.org/whl/cpu",
    ]
    assert asked == ["https://download.pytorch.org/whl/cpu/"]
    assert index_arguments(build, on(LINUX), lambda url: False) == []


@pytest.mark.parametrize(("own", "expected"), [("", []), ("file:///x", ["file:///x"])])
def test_the_users_own_index_goes_first(own: str, expected: list[str]) -> None:
    build = choose_build(on(LINUX), GOOD, False)
    told = index_arguments(build, on(LINUX, RECUE_TORCH_INDEX=own), lambda url: True)
    assert told == (["--extra-index-url", *expected] if expected else [])


def test_a_server_answers_also_with_an_error_and_a_closed_port_does_not() -> None:
    class Refusing(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_error(403)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with HTTPServer(("127.0.0.1", 0), Refusing) as server:
        url = f"http://127.0.0.1:{server.server_address[1]}/"
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        assert torch_build.answers(url)
        thread.join()
    assert not torch_build.answers(url)
    assert not torch_build.answers("no url at all")


def test_requirements_are_read_as_a_toml_reader_reads_them() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert requirements(PROJECT, "dependencies") == project["dependencies"]
    assert requirements(PROJECT, "dev") == project["optional-dependencies"]["dev"]


def test_every_direct_requirement_is_pinned_in_the_lock() -> None:
    lines = (PROJECT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {line.partition("==")[0].lower() for line in lines if line[:1] not in ("#", "")}
    for wanted in [*requirements(PROJECT, "dependencies"), *requirements(PROJECT, "dev")]:
        requirement = Requirement(wanted)
        if requirement.marker and not requirement.marker.evaluate({"python_version": "3.11"}):
            continue
        assert canonicalize_name(requirement.name) in pinned, wanted


def test_an_incomplete_download_is_told(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    with pytest.raises(EnvironmentBroken, match="Download Recue again"):
        requirements(tmp_path, "dependencies")


@pytest.mark.skipif(os.name == "nt", reason="needs a POSIX shell")
@pytest.mark.parametrize("own_home", [False, True])
def test_the_command_runs_from_a_home_with_any_name(tmp_path: Path, own_home: bool) -> None:
    home = tmp_path / 'Zoë\'s "home" $1'
    environ = {"RECUE_HOME": str(home / "été")} if own_home else {}
    machine = replace(this_machine(), system=LINUX, home=home, environ=environ)
    folders = own_folders(machine)
    command = folders.environment / "bin" / "python"
    command.parent.mkdir(parents=True)
    command.write_text('#!/bin/sh\nshift 3\nprintf "%s|" "$RECUE_HOME" "$@"\n')
    command.chmod(0o755)
    made = launcher(machine, folders)
    made.path.parent.mkdir(parents=True)
    made.path.write_bytes(made.content)
    made.path.chmod(0o755)
    told = subprocess.run(
        [str(made.path), "a b", "ü"], env={"PATH": os.environ["PATH"]}, capture_output=True
    )
    assert told.stdout.decode() == f"{environ.get('RECUE_HOME', '')}|a b|ü|"
    assert not made.on_path
    on_path = replace(machine, environ={"PATH": f"/usr/bin{os.pathsep}{made.path.parent}"})
    assert launcher(on_path, folders).on_path


def test_the_command_on_windows_is_a_batch_file_where_every_path_has_it() -> None:
    machine = on(WINDOWS, LOCALAPPDATA="/C/Users/Zoë/AppData/Local", RECUE_HOME="/D/100% été")
    made = launcher(machine, own_folders(machine))
    assert made.path.as_posix() == "/C/Users/Zoë/AppData/Local/Microsoft/WindowsApps/recue.cmd"
    lines = made.content.decode("utf-8").split("\r\n")
    assert lines[:2] == ["@echo off", "chcp 65001 >nul"]
    assert lines[3] == 'set "RECUE_HOME=/D/100%% été"'
    assert lines[4] == '"/D/100%% été/env\\Scripts\\python.exe" -I -m editor_plugin %*'
