"""`recue doctor`: diagnostics of everything that Recue needs, from Python to the editors' folders.

The engine imports neither NeMo nor `editor_plugin.hosts`, so both are checked in a process of the
same Python.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import editor_plugin
from editor_plugin.core.environment import clean_environment
from editor_plugin.core.errors import EnvironmentBroken, RecueError, Remedies, Surface
from editor_plugin.core.model_catalogue import DEMO
from editor_plugin.engine import paths
from editor_plugin.engine.media.ffmpeg_process import find_ffmpeg
from editor_plugin.engine.models import local
from editor_plugin.engine.private_files import is_open_to_others
from editor_plugin.engine.recognition.process import Launch, RunnerProcess, runner_command
from editor_plugin.engine.recognition.watchdog import Timeouts
from editor_plugin.engine.settings import read_settings

OLDEST_PYTHON = (3, 11)
LEAST_FREE_MB = 2_000
"""An hour of extracted audio is 115 MB; SQLite, logs and the runner's caches need some more."""
PROBE_SECONDS = 300
"""For importing PyTorch or NeMo: ten seconds here, minutes on a cold disk with a virus scanner."""
INSTALL_AGAIN = "Install Recue again."

_TORCH = """
import json, os, torch
cuda, mps = torch.cuda.is_available(), torch.backends.mps.is_available()
print(json.dumps({
    "version": torch.__version__,
    "device": torch.cuda.get_device_name(0) if cuda else "Apple GPU" if mps else "CPU",
    "accelerated": cuda or mps, "built_for": torch.version.cuda, "threads": torch.get_num_threads(),
}))
"""
_PYAV = """
import json, av
print(json.dumps({"version": av.__version__, "ffmpeg": av.ffmpeg_version_info}))
"""
_NEMO = """
import json, nemo
import nemo.collections.asr.models
print(json.dumps({"version": nemo.__version__}))
"""


@dataclass(frozen=True)
class Diagnosis:
    """The result of a check: what was checked, whether it is in order, the details, and the remedy
    `todo`; `elsewhere` is the remedy where there is no command line, and `on_page` that on the
    page, if those are other ones."""

    name: str
    ok: bool
    detail: str
    todo: str = ""
    elsewhere: str = ""
    on_page: str = ""

    def on(self, surface: Surface) -> Diagnosis:
        """The same, with the remedy for a surface."""
        todo = Remedies(self.todo, self.elsewhere, self.on_page).on(surface)
        return Diagnosis(self.name, self.ok, self.detail, todo)

    def to_wire(self) -> dict[str, Any]:
        """The JSON form: name, ok, detail, todo."""
        return {"name": self.name, "ok": self.ok, "detail": self.detail, "todo": self.todo}

    @classmethod
    def of_error(cls, name: str, error: RecueError) -> Diagnosis:
        """The diagnosis for a check that raised an error."""
        remedies = map(error.remedy, (Surface.COMMAND_LINE, Surface.EDITOR, Surface.PAGE))
        return cls(name, False, error.message, *remedies)

    def __str__(self) -> str:
        mark = "ok    " if self.ok else "BROKEN"
        return f"{mark} {self.name}: {self.detail} {self.todo}".rstrip()


def findings(surface: Surface = Surface.COMMAND_LINE) -> Iterator[Diagnosis]:
    """Check everything, each after what it depends on. Never raises. Each finding comes as soon as
    it is known: importing NeMo takes ten seconds. Its remedy is worded for the surface that shows
    it."""
    for name, check in _CHECKS:
        try:
            yield from (found.on(surface) for found in check())
        except RecueError as error:
            yield Diagnosis.of_error(name, error).on(surface)
        except Exception as error:  # a failing check is a finding, and the others go on
            yield Diagnosis(name, False, f"the check failed ({error!r}).", INSTALL_AGAIN)


def summary(seen: Sequence[Diagnosis]) -> str:
    """What is broken, as a sentence."""
    broken = [finding.name for finding in seen if not finding.ok]
    return f"Broken: {', '.join(broken)}." if broken else "All is well."


def report(seen: Sequence[Diagnosis]) -> str:
    """The findings as a text to be sent to somebody who helps."""
    head = f"Recue {editor_plugin.__version__} on {platform.platform()}"
    return "\n".join([head, "", *map(str, seen), "", summary(seen), ""])


def main(argv: Sequence[str] | None = None) -> int:
    """Print the findings; return 0 if all is well, else 1."""
    parser = argparse.ArgumentParser("recue doctor", description="Check all that Recue needs.")
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--editor", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(argv)
    as_json, surface = options.json, Surface.EDITOR if options.editor else Surface.COMMAND_LINE
    seen = []
    for finding in findings(surface):
        seen.append(finding)
        if not as_json:
            print(finding, flush=True)
    if as_json:
        print(json.dumps([finding.to_wire() for finding in seen], indent=1, ensure_ascii=False))
    else:
        print(summary(seen))
    return 0 if all(finding.ok for finding in seen) else 1


def _python() -> Iterator[Diagnosis]:
    version = ".".join(map(str, sys.version_info[:3]))
    ok = sys.version_info >= OLDEST_PYTHON and sys.maxsize > 2**32
    yield Diagnosis("Python", ok, f"{version}, {sys.executable}.", "" if ok else INSTALL_AGAIN)


def _environment() -> Iterator[Diagnosis]:
    stamp = Path(sys.prefix) / "recue-env.json"
    if not stamp.is_file():
        yield Diagnosis("environment", True, f"{sys.prefix}, which install.py did not make.")
        return
    done = json.loads(stamp.read_text(encoding="utf-8"))["done"]
    ok = "base" in done
    state = "complete" if ok else "the installation did not reach its end"
    yield Diagnosis("environment", ok, f"{sys.prefix}: {state}.", "" if ok else INSTALL_AGAIN)


def _ffmpeg() -> Iterator[Diagnosis]:
    path = find_ffmpeg()
    output = subprocess.run(
        [path, "-version"], capture_output=True, timeout=60, env=clean_environment(os.environ)
    ).stdout
    first = output.decode("utf-8", "replace").partition("\n")[0].partition(" Copyright")[0].strip()
    yield Diagnosis("ffmpeg", bool(first), f"{first or 'reports no version'}, {path}.")


def _pyav() -> Iterator[Diagnosis]:
    facts = ask(_PYAV)
    detail = f"{facts['version']}, with the libraries of ffmpeg {facts['ffmpeg']}."
    yield Diagnosis("PyAV", True, detail)


def _torch() -> Iterator[Diagnosis]:
    facts = ask(_TORCH)
    detail = f"PyTorch {facts['version']} computes on the {facts['device']}."
    if facts["built_for"] and not facts["accelerated"]:
        # Without a card, the CUDA build is only large; with one, its driver does not work.
        if shutil.which("nvidia-smi"):
            yield Diagnosis(
                "torch device",
                False,
                detail + " The NVIDIA card is not used.",
                "Update the NVIDIA driver, then run recue doctor again.",
                "Update the NVIDIA driver, then let Recue be checked again.",
            )
            return
    elif not facts["accelerated"] and shutil.which("nvidia-smi"):
        yield Diagnosis("torch device", False, f"{detail} There is an NVIDIA card.", INSTALL_AGAIN)
        return
    yield Diagnosis("torch device", True, detail)


def _nemo() -> Iterator[Diagnosis]:
    yield Diagnosis("NeMo", True, f"{ask(_NEMO)['version']} can be imported.")


def _model() -> Iterator[Diagnosis]:
    wanted = read_settings(paths.data_folder() / "settings.toml").model
    for name in dict.fromkeys((wanted, DEMO)):
        try:
            located = local.verify(name)
        except RecueError as error:
            yield Diagnosis.of_error(f"model {name}", error)
            continue
        state = "is intact" if located.sha256 else "exists"
        yield Diagnosis(f"model {name}", True, f"{located.path} {state}.")


def _runner() -> Iterator[Diagnosis]:
    workplace = paths.work_folder() / "runner"
    launch = Launch(runner_command(workplace), workplace, paths.log_folder() / "runner.log")
    runner = RunnerProcess(launch, Timeouts())
    try:
        runner.greet()
    finally:
        runner.close()
    yield Diagnosis("runner", True, "the recognition process starts and answers.")


def _folders() -> Iterator[Diagnosis]:
    folders = (
        ("data", paths.data_folder),
        ("work", paths.work_folder),
        ("log", paths.log_folder),
    )
    for name, find in folders:
        folder = find()
        try:
            with tempfile.TemporaryFile(dir=folder) as file:
                file.write(b"recue")
                file.flush()
        except OSError as error:
            reason = error.strerror or str(error)
            todo = "Make it writable, or set RECUE_HOME to a folder that is."
            yield Diagnosis(f"{name} folder", False, f"{folder} cannot be written: {reason}.", todo)
            continue
        free = shutil.disk_usage(folder).free // 1_000_000
        ok = free >= LEAST_FREE_MB
        todo = "" if ok else f"Free some space: {LEAST_FREE_MB} MB are the least to work with."
        # After `find` only a disk without modes, such as exFAT, leaves it open.
        shared = " Other users of this computer can read it." if is_open_to_others(folder) else ""
        yield Diagnosis(f"{name} folder", ok, f"{folder}, {free} MB free.{shared}", todo)


def _editors() -> Iterator[Diagnosis]:
    found = ask("from editor_plugin.hosts.folders import tell; tell()")["folders"]
    for folder in found:
        scripts = ", ".join(folder["scripts"]) or "no Recue script in it"
        todo = "" if folder["writable"] else "Make it writable, then install Recue again."
        yield Diagnosis(folder["editor"], folder["writable"], f"{folder['path']}: {scripts}.", todo)
    if not found:
        yield Diagnosis("editors", True, "no editor that Recue supports was found for this user.")


_CHECKS: tuple[tuple[str, Callable[[], Iterator[Diagnosis]]], ...] = (
    ("Python", _python),
    ("environment", _environment),
    ("ffmpeg", _ffmpeg),
    ("PyAV", _pyav),
    ("torch device", _torch),
    ("NeMo", _nemo),
    ("model", _model),
    ("runner", _runner),
    ("folders", _folders),
    ("editors", _editors),
)


def ask(program: str) -> dict[str, Any]:
    """Run a Python program whose last output line is JSON. Raises EnvironmentBroken with the last
    line of its error output."""
    package = str(Path(editor_plugin.__file__).parent.parent)
    work = paths.work_folder()
    environ = {**clean_environment(os.environ), "PYTHONPATH": package, "PYTHONIOENCODING": "utf-8"}
    environ.setdefault("HOME", str(work))
    environ.setdefault("USER", "recue")  # PyTorch asks for a name, which not every user has
    environ["XDG_CACHE_HOME"] = str(work)  # for what libraries write on import
    try:
        done = subprocess.run(
            [sys.executable, "-c", program],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PROBE_SECONDS,
            cwd=work,
            env=environ,
        )
    except subprocess.TimeoutExpired:
        raise EnvironmentBroken(f"No answer in {PROBE_SECONDS} s.", INSTALL_AGAIN) from None
    if done.returncode:
        words = done.stderr.decode("utf-8", "replace").strip().splitlines()
        last = words[-1] if words else f"exit status {done.returncode}"
        raise EnvironmentBroken(f"It cannot be used: {last}.", INSTALL_AGAIN)
    answer: dict[str, Any] = json.loads(done.stdout.decode("utf-8").splitlines()[-1])
    return answer
