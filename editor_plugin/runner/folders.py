"""The runner's folders, and the environment variables that keep every library inside them.

Inside the cache folder each runner has a work folder of its own, for everything temporary. It is
removed at the end; that of a runner that was killed is removed by the next one that starts. Each
runner holds a lock for as long as it lives, which shows that it is alive: a process number may have
been given to another program.
"""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from editor_plugin.core.errors import DiskFull, EnvironmentBroken

_TEMPORARY = ("TMPDIR", "TEMP", "TMP")
_HOMES = ("HOME", "USERPROFILE")
"""Some libraries always write into the home folder: Lhotse makes ~/.lhotse at import."""
_CACHES = {
    "HF_HOME": "huggingface",
    "TORCH_HOME": "torch",
    "NEMO_CACHE_DIR": "nemo",
    "MPLCONFIGDIR": "matplotlib",
    "NUMBA_CACHE_DIR": "numba",
    "TRITON_CACHE_DIR": "triton",
    "TORCHINDUCTOR_CACHE_DIR": "inductor",
    "CUDA_CACHE_PATH": "cuda",
    "XDG_CACHE_HOME": "other",
}
_FIXED = {
    # The runner never goes online: what it needs is on the machine before it starts.
    "HF_HUB_OFFLINE": "1",
    "TRANSFORMERS_OFFLINE": "1",
    "NEMO_REDIRECT_LOGS_TO_STDERR": "1",
    # An operation that Apple's GPU lacks is done by the CPU; read when torch is imported.
    "PYTORCH_ENABLE_MPS_FALLBACK": "1",
}
_UNWANTED = ("TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD",)
"""With it, a model file could run code of its own while its weights are read."""


@dataclass(frozen=True)
class WorkFolders:
    """The cache folder, and in it the work folder of this process with its lock."""

    cache: Path
    work: Path
    lock: FileLock


def open_workplace(cache: Path) -> WorkFolders:
    """Create the cache folder and a work folder in it, and remove what dead runners left. Raises
    DiskFull, or EnvironmentBroken where the folder cannot be made or written."""
    cache = cache.absolute()
    try:
        works = cache / "work"
        works.mkdir(parents=True, exist_ok=True)
        # One at a time, so that no runner removes a folder whose lock is not yet held.
        with FileLock(cache / "work.lock"):
            _sweep(works)
            work = works / f"{os.getpid()}-{secrets.token_hex(4)}"
            lock = _lock(work)
            lock.acquire()
            work.mkdir()
        (work / "probe").write_bytes(b"probe")
        (work / "probe").unlink()
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFull(str(cache)) from None
        raise EnvironmentBroken(
            f"The folder “{cache}” cannot be written: {error.strerror or error}.",
            "Make it writable, or set another data folder; then run the same command again.",
            "Make it writable, or set another data folder; then start again.",
        ) from None
    return WorkFolders(cache, work, lock)


def point_libraries_at(workplace: WorkFolders) -> None:
    """Set the environment so that every library writes inside. Call it before they are imported."""
    for name in _UNWANTED:
        os.environ.pop(name, None)
    os.environ.update(_FIXED)
    for name in _TEMPORARY:
        os.environ[name] = str(workplace.work)
    tempfile.tempdir = str(workplace.work)
    home = workplace.cache / "home"
    home.mkdir(exist_ok=True)
    for name in _HOMES:
        os.environ[name] = str(home)
    for name, folder in _CACHES.items():
        os.environ[name] = str(workplace.cache / folder)


def close_workplace(workplace: WorkFolders) -> None:
    """Remove the work folder. Never raises: the next runner removes what is left."""
    # NeMo makes its unpacking folder the current one for a while; Windows removes no such folder.
    os.chdir(workplace.cache)
    # A batch may still be writing; under another name the folder is out of its reach.
    doomed = workplace.work.with_name(f"{workplace.work.name}-ended")
    with contextlib.suppress(OSError):  # Windows renames no folder with an open file in it
        workplace.work.rename(doomed)
    _remove(doomed)
    _remove(workplace.work)
    workplace.lock.release()
    _unlink(Path(workplace.lock.lock_file))


def _sweep(works: Path) -> None:
    for name in {entry.name.removesuffix(".lock") for entry in works.iterdir()}:
        lock = _lock(works / name)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            continue
        _remove(works / name)
        lock.release()
        _unlink(Path(lock.lock_file))


def _lock(work: Path) -> FileLock:
    # The thread that ends the process need not be the one that opened the folder.
    return FileLock(work.with_name(f"{work.name}.lock"), thread_local=False)


def _remove(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def _unlink(file: Path) -> None:
    with contextlib.suppress(OSError):  # Windows: another runner is looking at it just now
        file.unlink(missing_ok=True)
