"""Creates the private Python environment, and recreates it when its recipe has changed.

`recue-env.json` in it records what it was made from and what is finished. It is written before
anything else, and again after each finished group of packages; so an interrupted installation is
seen, and goes on with what pip has in its cache.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from editor_plugin.core.errors import DiskFull, EnvironmentBroken
from editor_plugin.core.ownership import refuse_foreign
from editor_plugin.hosts.folders import OwnFolders
from editor_plugin.hosts.json_file import opener, read_json, write_json
from installer.pip import LOG, PIPED, run_pip, tool_environment
from installer.pythons import Python
from installer.setup import Say
from installer.torch_build import TorchBuild

STAMP = "recue-env.json"
PIP_BYTES = 20_000_000
"""More than a new environment with pip takes."""


_FILES = """
import importlib, importlib.metadata, os, sys
def installed(name):
    about = importlib.metadata.distribution(name)
    site = str(about.locate_file(""))
    if about.read_text("RECORD") is not None:
        found = [str(file.locate()) for file in about.files or []]
    else:  # by an older pip without the package wheel; about.files would be the source's
        lines = (about.read_text("installed-files.txt") or "").splitlines()
        found = [os.path.normpath(os.path.join(site, "egg-info", line)) for line in lines]
    return site, found
"""
"""Defines a function that returns the folder of packages, and the files of one of them."""
_LACKING = f"""{_FILES}
for name in sys.argv[1:]:
    try:
        site, files = installed(name)
        modules = [file for file in files if file.endswith((".py", ".so", ".pyd"))]
        for file in modules:
            open(file, "rb").close()
        if not files or not all(file.startswith(sys.prefix) for file in modules):
            print(name)
    except Exception:
        print(name)
"""
"""Prints those of the named packages that are not whole in the environment whose Python runs it."""
_BROKEN = f"""{_FILES}
for name in sys.argv[1:]:
    site, files = installed(name)
    parts = [os.path.relpath(file, site).split(os.sep) for file in files]
    tops = {{each[0] for each in parts if len(each) == 2 and each[1] == "__init__.py"}}
    tops |= {{each[0][:-3] for each in parts if len(each) == 1 and each[0].endswith(".py")}}
    for top in sorted(top for top in tops if top.isidentifier() and top[0] != "_"):
        try:
            importlib.import_module(top)
        except BaseException as error:
            why = f"{{type(error).__name__}}: {{error}}".splitlines()[0]
            print(f"\\n{{name}} cannot be loaded ({{why}})")
            sys.exit(3)
"""
"""Imports the named packages; where one cannot be, the last line printed says why."""
IMPORT_SECONDS = 900
"""For importing PyTorch and the others: ten seconds here, minutes on a cold disk with a scanner."""


@dataclass(frozen=True)
class Stamp:
    """What an environment was made from, and the groups of packages that are complete in it."""

    python: str
    torch: str
    lock: str
    done: tuple[str, ...] = ()


@dataclass(frozen=True)
class Recipe:
    """What the environment is to be: which Python, which PyTorch, and the lock file's folder."""

    python: Python
    build: TorchBuild
    project: Path

    @property
    def stamp(self) -> Stamp:
        """The stamp of an environment that was begun by this recipe."""
        lock = hashlib.sha256(self.constraints.read_bytes())
        for group in ("dependencies", "dev"):
            lock.update(repr(requirements(self.project, group)).encode())
        version = ".".join(map(str, self.python.version[:2]))
        return Stamp(version, self.build.name, lock.hexdigest())

    @property
    def constraints(self) -> Path:
        """The file that pins every package."""
        return self.project / "constraints.txt"


@dataclass(frozen=True)
class Group:
    """Packages that are installed together. Equal marks mean that nothing has to be done, if the
    `packages`, by the requirements for them, are there. With `tried` they are imported once before
    the group counts as complete."""

    mark: str
    about: str
    arguments: tuple[str, ...]
    packages: tuple[str, ...] = ()
    tried: bool = False


def requirements(project: Path, group: str) -> list[str]:
    """Read one list of requirement strings from pyproject.toml, without a TOML reader."""
    text = (project / "pyproject.toml").read_text(encoding="utf-8")
    found = re.search(rf"^{re.escape(group)} = \[(.*?)^\]", text, re.MULTILINE | re.DOTALL)
    if not found:
        raise EnvironmentBroken(
            f"pyproject.toml names no {group}.", "Download Recue again; its files are incomplete."
        )
    return re.findall(r'^\s*"([^"]+)"', found.group(1), re.MULTILINE)


def interpreter(env: Path) -> Path:
    """The environment's Python."""
    return env / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def is_ready(env: Path, recipe: Recipe, groups: tuple[Group, ...]) -> bool:
    """Whether the environment has all these groups, as the recipe wants them, and runs."""
    stamp = read_stamp(env)
    return (
        stamp is not None
        and replace(stamp, done=()) == recipe.stamp
        and all(group.mark in stamp.done for group in groups)
        and not any(lacking(env, group) for group in groups)
    )


def lacking(env: Path, group: Group) -> list[str]:
    """The packages of a group, as they are required, that the environment does not have whole."""
    by_name = {re.split(r"[\[=<>~! ;]", each)[0]: each for each in group.packages}
    command = [str(interpreter(env)), "-I", "-c", _LACKING, *by_name]
    try:
        done = subprocess.run(command, env=tool_environment(), timeout=300, **PIPED)
    except (OSError, subprocess.TimeoutExpired):
        return list(by_name.values())
    if done.returncode:
        return list(by_name.values())
    return [by_name[name] for name in done.stdout.split() if name in by_name]


def _broken(env: Path, group: Group, cache: Path) -> str:
    """Why a package of a group cannot be imported; empty where all can."""
    names = [re.split(r"[\[=<>~! ;]", each)[0] for each in group.packages]
    command = [str(interpreter(env)), "-I", "-c", _BROKEN, *names]
    home = tempfile.mkdtemp(dir=cache)  # some packages write into the home folder at import
    environ = {**tool_environment(), "HOME": home, "USERPROFILE": home}
    try:
        done = subprocess.run(command, env=environ, timeout=IMPORT_SECONDS, **PIPED)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"Python does not answer ({type(error).__name__})"
    finally:
        shutil.rmtree(home, ignore_errors=True)
    if done.returncode == 3:
        return str(done.stdout.strip().rpartition("\n")[2])
    return f"Python ended with status {done.returncode}" if done.returncode else ""


def ensure(
    folders: OwnFolders, recipe: Recipe, groups: tuple[Group, ...], say: Say, index: list[str]
) -> None:
    """Bring the environment to where all groups are installed.

    Raises EnvironmentBroken, DiskFull; whatever was finished is kept and found by the next run.
    """
    env = folders.environment
    with _alone(folders.data / "install.lock", say) as lock:
        if is_ready(env, recipe, groups):
            return
        stamp = _begin(folders, recipe, say)
        for group in groups:
            if group.mark in stamp.done and not lacking(env, group):
                continue
            say(f"Installing {group.about} …")
            source = ["-c", str(recipe.constraints), *index]
            run_pip(interpreter(env), [*source, *group.arguments], folders, say, lock)
            if left := lacking(env, group):  # pip goes by its own notes, and not by the files
                again = ["--force-reinstall", "--no-deps", *left]
                run_pip(interpreter(env), [*source, *again], folders, say, lock)
            if left := lacking(env, group):
                raise EnvironmentBroken(
                    f"pip reported success, and {left[0]} is not in Recue's environment.",
                    f"Run the same command again; what pip said is in {folders.logs / LOG}.",
                )
            trouble = _broken(env, group, folders.cache) if group.tried else ""
            if trouble:
                raise EnvironmentBroken(
                    f"In Recue's environment {trouble}.",
                    "Run the same command again; if that does not help, please send us this text.",
                )
            # A mark with a colon has a version of its kind: the older one is gone.
            kind = group.mark.partition(":")[0]
            kept = [mark for mark in stamp.done if mark.partition(":")[0] != kind]
            stamp = replace(stamp, done=(*kept, group.mark))
            write_json(env / STAMP, asdict(stamp))


def read_stamp(env: Path) -> Stamp | None:
    """The stamp of an environment; None where there is none, or it cannot be read."""
    told = read_json(env / STAMP)
    try:
        return Stamp(**{**told, "done": tuple(told["done"])})
    except (TypeError, KeyError):
        return None


def _begin(folders: OwnFolders, recipe: Recipe, say: Say) -> Stamp:
    """Make the environment, or go on with one of the same Python and PyTorch; return its stamp."""
    env = folders.environment
    wanted, found = recipe.stamp, read_stamp(env)
    if found and (found.python, found.torch) != (wanted.python, wanted.torch):
        say("Python or the graphics card has changed: making the environment anew …")
        shutil.rmtree(env)
        found = None
    needed = 500 if found and found.done else recipe.build.room_mb
    if shutil.disk_usage(folders.data).free < needed * 1_000_000:
        raise DiskFull(str(folders.data), needed_mb=needed)
    if found and found.lock == wanted.lock:
        wanted = found
    if env.is_dir() and not found and any(env.iterdir()) and not (env / "pyvenv.cfg").exists():
        raise EnvironmentBroken(
            f"There is a folder “{env}” that Recue did not make.",
            "Move it away, or set RECUE_HOME to another folder.",
        )
    env.mkdir(parents=True, exist_ok=True)
    write_json(env / STAMP, asdict(wanted))
    if not _runs(env, "-m", "pip", "--version"):
        say(f"Making an environment in {env} …")
        _make_venv(recipe.python, env)
        wanted = replace(wanted, done=())
        write_json(env / STAMP, asdict(wanted))
    return wanted


def _make_venv(python: Python, env: Path) -> None:
    for part in env.iterdir():  # what an interrupted attempt has left; the stamp stays
        if part.is_dir() and not part.is_symlink():
            shutil.rmtree(part)
        elif part.name != STAMP:
            part.unlink()
    command = [python.path, "-m", "venv", str(env)]
    done = subprocess.run(command, env=tool_environment(), **PIPED)
    if done.returncode:
        # venv hides what its pip says, so the disk is asked.
        if shutil.disk_usage(env).free < PIP_BYTES:
            raise DiskFull(str(env))
        last = (done.stdout.strip().splitlines() or ["no reason was given"])[-1]
        raise EnvironmentBroken(
            f"The environment in {env} could not be made: {last.rstrip('.')}.",
            "On Debian and Ubuntu, install python3-venv; then install Recue again.",
        )


def _runs(env: Path, *arguments: str) -> bool:
    command = [str(interpreter(env)), "-I", *arguments]
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
            env=tool_environment(),
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


@contextlib.contextmanager
def _alone(path: Path, say: Say) -> Iterator[int]:
    """Hold a lock that ends with this process and the pip it started; wait for another's."""
    refuse_foreign(path.parent)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(path, "a+b", opener=opener) as file:
        waiting = False
        while not _lock(file.fileno()):
            if not waiting:
                say("Another installation of Recue is at work; waiting for it …")
            waiting = True
            time.sleep(0.5)
        yield file.fileno()


def _lock(descriptor: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
