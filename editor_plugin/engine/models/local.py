"""The speech models on this machine: locating, verifying and removing them.

A downloaded model is in the models folder beside a record of its size and SHA-256 (`<file>.json`),
written after the file was verified. A file without a record was never verified and is not used.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import os
import re
import shutil
import threading
from dataclasses import asdict, dataclass
from pathlib import Path

from editor_plugin.core.errors import (
    Cancelled,
    EnvironmentBroken,
    ModelCorrupt,
    ModelNotFetched,
    ModelUnknown,
    SettingsInvalid,
)
from editor_plugin.core.model_catalogue import CATALOGUE, KnownModel
from editor_plugin.engine import paths
from editor_plugin.engine.plain_files import NotPlain, refuse_special
from editor_plugin.engine.private_files import opener


@dataclass(frozen=True)
class LocatedModel:
    """A model file on this machine. `sha256` is None where no record of it is kept."""

    name: str
    path: Path
    sha256: str | None
    is_demo: bool


@dataclass(frozen=True)
class VerifiedModel:
    """The record of a downloaded model; `size` is in bytes."""

    sha256: str
    size: int
    repo: str


@dataclass(frozen=True)
class ModelStatus:
    """A model of the catalogue and its file on this machine, if any. `size` and `partial`, of
    unfinished downloads, are bytes."""

    model: KnownModel
    path: Path | None
    size: int
    partial: int


def known(name: str) -> KnownModel:
    """The model of the catalogue with a name or hub id. Raises ModelUnknown."""
    wanted = name.strip().lower()
    for model in CATALOGUE:
        if wanted in (model.name, (model.repo or model.name).lower()):
            return model
    names = [model.name for model in CATALOGUE]
    close = difflib.get_close_matches(wanted.rpartition("/")[2], names, n=3, cutoff=0.5)
    raise ModelUnknown(name, close or names)


def locate(name_or_path: str) -> LocatedModel:
    """Find the file of a model, given by its name, its hub id or the path of a .nemo file. Raises
    ModelUnknown (with the closest names), ModelNotFetched, ModelCorrupt where the size of the file
    has changed, SettingsInvalid for the path of what is no file, and EnvironmentBroken where the
    demo model is missing."""
    path = Path(os.path.expanduser(name_or_path))
    if os.path.isfile(path):  # False for a name that no system takes
        if path.stat().st_size == 0:
            raise ModelCorrupt(str(path), "it is empty")
        return LocatedModel(path.stem, path.absolute(), None, False)
    try:
        return _locate_known(known(name_or_path))
    except ModelUnknown:
        if name_or_path:  # an empty one would be the present folder
            _refuse_special(path)
        raise


def _refuse_special(path: Path) -> None:
    """Raise SettingsInvalid where the path is of a folder, a pipe or a device."""
    try:
        refuse_special(path)
    except NotPlain as error:
        expected = f"the name of a model, or a .nemo file ({error.strerror})"
        raise SettingsInvalid("model", str(path), expected) from None
    except (OSError, ValueError):
        return  # nothing is there


def _locate_known(model: KnownModel) -> LocatedModel:
    if model.is_demo:
        return LocatedModel(model.name, _demo_file(model), None, True)
    path = file_of(model)
    record = read_record(path)
    if record is None or not path.is_file():
        raise ModelNotFetched(model.name, model.size_mb)
    if path.stat().st_size != record.size:
        raise ModelCorrupt(str(path), "its size is not that of the download")
    return LocatedModel(model.name, path, record.sha256, False)


def _demo_file(model: KnownModel) -> Path:
    path = paths.demo_folder() / "model" / model.file
    if not path.is_file():
        raise EnvironmentBroken(
            f"The demo model is missing: there is no “{path}”.",
            "Download Recue again, and install it.",
        )
    return path


def verify(name: str, cancel: threading.Event | None = None) -> LocatedModel:
    """Read the whole file and compare it with its record; raises ModelCorrupt, Cancelled, and as
    `locate`."""
    located = locate(name)
    if located.sha256 is not None and checksum(located.path, cancel) != located.sha256:
        raise ModelCorrupt(str(located.path), "its checksum is not that of the download")
    return located


def remove(name: str) -> int:
    """Delete a downloaded model, finished or not; return the bytes that were freed. Raises
    ModelUnknown, ModelNotFetched, and EnvironmentBroken where the file cannot be deleted. The demo
    model and files given by path are never deleted."""
    model = known(name)
    if model.is_demo:
        raise EnvironmentBroken("The demo model comes with Recue and stays.", "Remove another one.")
    path = file_of(model)
    record = read_record(path)
    doomed = [p for p in (path, record_of(path), *partials(path)) if p.exists()]
    if not doomed:
        raise ModelNotFetched(model.name, model.size_mb)
    freed = 0
    for file in doomed:
        size = file.stat().st_size
        try:
            file.unlink()
        except OSError as error:  # Windows: a running Recue has it open
            raise EnvironmentBroken(
                f"“{file}” cannot be deleted: {error.strerror}.", "Close Recue and try again."
            ) from None
        freed += size
    if record is not None and re.fullmatch(r"[0-9a-f]{64}", record.sha256):
        # Unpacked by the runner. Where one still has it open, the next runner removes it.
        shutil.rmtree(paths.unpacked_models_folder() / record.sha256, ignore_errors=True)
    return freed


def inventory() -> tuple[ModelStatus, ...]:
    """The status of every model of the catalogue."""
    return tuple(map(status, CATALOGUE))


def status(model: KnownModel) -> ModelStatus:
    """The status of a model."""
    partial = 0 if model.is_demo else sum(map(_size, partials(file_of(model))))
    try:
        path = _locate_known(model).path
    except (ModelNotFetched, ModelCorrupt, EnvironmentBroken):
        return ModelStatus(model, None, 0, partial)
    return ModelStatus(model, path, _size(path), partial)


def _size(path: Path) -> int:
    """The bytes of a file; 0 where it is there no more, as when a fetch has just ended."""
    try:
        return path.stat().st_size
    except OSError:
        return 0


def checksum(path: Path, cancel: threading.Event | None = None) -> str:
    """SHA-256 of a file, as lower-case hex. Raises Cancelled."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
            if cancel is not None and cancel.is_set():
                raise Cancelled
    return digest.hexdigest()


def file_of(model: KnownModel) -> Path:
    """The path of the downloaded file of a model."""
    return paths.models_folder() / model.file


def partials(path: Path) -> list[Path]:
    """Unfinished downloads of a model file."""
    return sorted(path.parent.glob(f"{path.name}.*.part"))


def record_of(path: Path) -> Path:
    """The path of the record of a model file."""
    return path.with_name(path.name + ".json")


def read_record(path: Path) -> VerifiedModel | None:
    """The record of a model file; None where there is none that can be read."""
    try:
        return VerifiedModel(**json.loads(record_of(path).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def write_record(path: Path, record: VerifiedModel) -> None:
    """Record that a model file was verified."""
    with open(record_of(path), "w", encoding="utf-8", opener=opener) as file:
        json.dump(asdict(record), file, indent=1)
