"""Unpack and inspect a .nemo file without running anything in it.

It is a tar archive of a configuration in YAML, the weights, and files such as a tokenizer's. Recue
unpacks it itself: NeMo 3.0.0 does it with an extraction filter, which Python has from 3.11.4 on
(Debian 12 has 3.11.2), and silently leaves out whatever it takes for unsafe. The configuration
names classes that NeMo would instantiate, so it is read first: only the speech recognisers that are
known here are passed to NeMo, which checks the names inside by its own list.
"""

from __future__ import annotations

import errno
import gzip
import shutil
import tarfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO

import yaml
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

from editor_plugin.core.errors import (
    DiskFull,
    EnvironmentBroken,
    ModelCorrupt,
    ModelNotSpeech,
    ModelUnknown,
)
from editor_plugin.core.transcript import SAMPLE_RATE

RECOGNISERS = (
    "EncDecCTCModel",
    "EncDecCTCModelBPE",
    "EncDecRNNTModel",
    "EncDecRNNTBPEModel",
    "EncDecHybridRNNTCTCModel",
    "EncDecHybridRNNTCTCBPEModel",
    "EncDecMultiTaskModel",
)
"""NeMo's classes that take nothing but audio and give text."""
_HOME = "nemo.collections.asr.models."
_CONFIG = "model_config.yaml"
_WEIGHTS = "model_weights.ckpt"
_LARGEST_CONFIG = 64 * 1024 * 1024
"""Bytes."""
_BLOCK = 1024 * 1024
"""Bytes that are copied at a time."""


def unpack(path: Path, folder: Path) -> None:
    """Unpack a .nemo file into an empty folder. Raises ModelUnknown where there is no such file,
    ModelCorrupt where it is not a whole archive of plain files, DiskFull, EnvironmentBroken where
    the folder cannot be written."""
    if not path.is_file():
        raise ModelUnknown(str(path), ["demo"])
    try:
        with path.open("rb") as file, _archive(file) as archive:
            members = _plain_files(archive)
            needed = sum(member.size for member in members.values())
            if needed > shutil.disk_usage(folder).free:
                raise DiskFull(str(folder), needed_mb=needed // 1_000_000 + 1)
            for name, member in members.items():
                _copy(archive, member, folder / name)
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise ModelCorrupt(str(path), _first_line(error)) from None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(str(folder)) from None
        raise EnvironmentBroken(
            f"“{path}” cannot be unpacked into “{folder}”: {error.strerror or error}.",
            "Make room there and make it writable, then run the same command again.",
            "Make room there and make it writable, then start again.",
        ) from None


def check(path: Path, folder: Path) -> str:
    """Return the class of the model that was unpacked from `path` to `folder`, one of RECOGNISERS.
    Raises ModelCorrupt, ModelNotSpeech."""
    config = _configuration(path, folder / _CONFIG)
    if not (folder / _WEIGHTS).is_file():
        raise ModelCorrupt(str(path), "it has no weights")
    target = str(config.get("target", ""))
    name = target.rpartition(".")[2]
    if not target:
        raise ModelCorrupt(str(path), "its configuration does not say what it is")
    if not target.startswith(_HOME) or name not in RECOGNISERS:
        raise ModelNotSpeech(str(path), name)
    rate = config.get("sample_rate", SAMPLE_RATE)
    if rate != SAMPLE_RATE:
        raise ModelNotSpeech(str(path), f"it takes sound of {rate} Hz, and Recue gives 16000 Hz")
    return name


def _archive(file: IO[bytes]) -> tarfile.TarFile:
    """Open the archive, compressed as those of old NeMo versions are, or not."""
    compressed = file.read(2) == b"\x1f\x8b"
    file.seek(0)
    return tarfile.open(fileobj=file, mode="r:gz" if compressed else "r:")


def _plain_files(archive: tarfile.TarFile) -> dict[str, tarfile.TarInfo]:
    """Return the archive's files by their relative names. Raises TarError where a name leads out of
    the folder or occurs twice, and for links and devices: no model has any, and NeMo might read
    another file than the one that was inspected."""
    files: dict[str, tarfile.TarInfo] = {}
    names: set[str] = set()
    for member in archive.getmembers():
        if member.isdir():
            continue
        path = PurePosixPath(member.name)
        name = str(path)
        leads_out = path.is_absolute() or ".." in path.parts or not set(name).isdisjoint("\\:")
        if not member.isreg() or leads_out:
            raise tarfile.TarError(f"“{member.name}” in it is not a plain file")
        if name.casefold() in names:
            raise tarfile.TarError(f"“{name}” is in it twice")
        names.add(name.casefold())
        files[name] = member
    return files


def _copy(archive: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    source = archive.extractfile(member)
    assert source is not None  # a plain file has content
    with source, target.open("xb") as copy:
        shutil.copyfileobj(source, copy, _BLOCK)
    if target.stat().st_size != member.size:
        raise tarfile.TarError(f"“{member.name}” in it was cut off")


def _configuration(path: Path, file: Path) -> DictConfig:
    if not file.is_file():
        raise ModelCorrupt(str(path), "it has no configuration")
    if file.stat().st_size > _LARGEST_CONFIG:
        raise ModelCorrupt(str(path), "its configuration is too large")
    try:
        config = OmegaConf.create(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, OmegaConfBaseException, ValueError, RecursionError) as error:
        raise ModelCorrupt(str(path), f"its configuration: {_first_line(error)}") from None
    if not isinstance(config, DictConfig):
        raise ModelCorrupt(str(path), "it has no configuration")
    return config


def _first_line(error: Exception) -> str:
    return str(error).split("\n")[0][:100] or type(error).__name__
