"""Unpack and inspect a .nemo file without running anything in it.

It is a tar archive of a configuration in YAML, the weights, and files such as a tokenizer's. Recue
unpacks it itself: NeMo 3.0.0 does it with an extraction filter, which Python has from 3.11.4 on
(Debian 12 has 3.11.2), and silently leaves out whatever it takes for unsafe. Of two files with one
name, or of a link, NeMo might read another one than was inspected here; such archives are refused.
"""

from __future__ import annotations

import errno
import gzip
import hashlib
import os
import shutil
import tarfile
import unicodedata
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import IO, Any

from editor_plugin.core.errors import (
    DiskFull,
    EnvironmentBroken,
    ModelCorrupt,
    ModelRefused,
    ModelUnknown,
)
from editor_plugin.runner import config_text, model_rules
from editor_plugin.runner.model_rules import CheckedModel

CONFIG = "model_config.yaml"
WEIGHTS = "model_weights.ckpt"
ALIGNER_CONFIG = "timestamps_asr_model_config.yaml"
ALIGNER_WEIGHTS = "timestamps_asr_model_weights.ckpt"
"""Of the second model, which Canary 1B v2 has for the times of words."""
_MOST_MEMBERS = 1000
_LARGEST = 64 * 1024 * 1024
"""Bytes, of a file that is not the weights. Tokenizers take a few MB."""
_LARGEST_NAME = 64 * 1024
"""Bytes, of the headers that hold the long name of a file."""
_LARGEST_TOKENIZER = 16 * 1024 * 1024
_MOST_TOKENS = 200_000
_BLOCK = 1024 * 1024
"""Bytes that are copied at a time."""
_NAME_HEADERS = (
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
)


def unpack(path: Path, folder: Path) -> str:
    """Unpack a .nemo file into an empty folder; return the SHA-256 of the bytes that were read, in
    hex. Raises ModelUnknown where there is no such file, ModelCorrupt where it is not a whole
    archive of plain files, DiskFull, EnvironmentBroken where the folder cannot be written."""
    if not path.is_file():
        raise ModelUnknown(str(path), ["demo"])
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > shutil.disk_usage(folder).free:
                raise DiskFull(str(folder), needed_mb=size // 1_000_000 + 1)
            reader: Any = _Hashing(file)
            compressed = file.read(2) == b"\x1f\x8b"  # as old versions of NeMo wrote them
            file.seek(0)
            mode: Any = "r|gz" if compressed else "r|"
            with tarfile.open(fileobj=reader, mode=mode, tarinfo=_Member) as archive:
                _copy_all(archive, folder)
            while reader.read(_BLOCK):
                pass  # what follows the archive belongs to the file's checksum
            return str(reader.digest.hexdigest())
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, ValueError) as error:
        raise ModelCorrupt(str(path), _first_line(error)) from None
    except RecursionError:  # one name's header after the other
        raise ModelCorrupt(str(path), "a name in it is too long") from None
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull(str(folder)) from None
        raise EnvironmentBroken(
            f"“{path}” cannot be unpacked into “{folder}”: {error.strerror or error}.",
            "Make room there and make it writable, then run the same command again.",
            "Make room there and make it writable, then start again.",
        ) from None


def check(path: Path, folder: Path) -> tuple[CheckedModel, CheckedModel | None]:
    """Return what NeMo may be given of the model that was unpacked from `path` to `folder`, and the
    same of the second model in it, if any. Raises ModelCorrupt, ModelNotSpeech, ModelRefused."""
    files = {
        file.relative_to(folder).as_posix(): file for file in folder.rglob("*") if file.is_file()
    }
    model = _checked(path, files, CONFIG, WEIGHTS)
    aligner = None
    if model.name == "EncDecMultiTaskModel":
        wanted = model.config.get("restore_timestamps_model", True)
        if wanted and {ALIGNER_CONFIG, ALIGNER_WEIGHTS} <= files.keys():
            aligner = _checked(path, files, ALIGNER_CONFIG, ALIGNER_WEIGHTS)
            if not aligner.name.startswith("EncDecCTC"):
                raise ModelRefused(str(path), f"{ALIGNER_CONFIG}: target", f"is “{aligner.name}”")
        # NeMo would read the second model's files by itself, unchecked.
        model.config["restore_timestamps_model"] = False
    return model, aligner


class _Hashing:
    """A file's bytes, and the checksum of those that were read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def read(self, size: int) -> bytes:
        block = self._file.read(size)
        self.digest.update(block)
        return block


class _Member(tarfile.TarInfo):
    """A member of the archive. Python reads a member's long name into memory as a whole."""

    def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
        """Go on after a header: what tarfile's source offers to subclasses. It calls no public
        method there in every version."""
        if self.type in _NAME_HEADERS and not 0 <= self.size <= _LARGEST_NAME:
            raise tarfile.ReadError("a name in it is too long")
        found: tarfile.TarInfo = super()._proc_member(archive)  # type: ignore[misc]
        return found


def _copy_all(archive: tarfile.TarFile, folder: Path) -> None:
    names: set[str] = set()
    for count, member in enumerate(archive):
        if count >= _MOST_MEMBERS:
            raise tarfile.TarError(f"it has more than {_MOST_MEMBERS} files")
        if member.isdir():
            continue
        name = _plain_name(member)
        folded = unicodedata.normalize("NFC", name).casefold()
        if folded in names:
            raise tarfile.TarError(f"“{name}” is in it twice")
        names.add(folded)
        if not name.endswith(".ckpt") and member.size > _LARGEST:
            raise tarfile.TarError(f"“{name}” in it is too large")
        if member.size > shutil.disk_usage(folder).free:
            raise DiskFull(str(folder), needed_mb=member.size // 1_000_000 + 1)
        _copy(archive, member, folder / name)


def _plain_name(member: tarfile.TarInfo) -> str:
    """Return the member's relative name without “.”. Raises TarError where it leads out of the
    folder, and for links, devices and sparse files: no model has any."""
    path = PurePosixPath(member.name)
    name = str(path)
    odd = path.is_absolute() or ".." in path.parts or not set(name).isdisjoint("\\:")
    if odd or not name.isprintable() or not member.isreg() or member.issparse():
        raise tarfile.TarError(f"“{member.name[:100]!s}” in it is not a plain file")
    return name


def _copy(archive: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    source = archive.extractfile(member)
    assert source is not None  # a plain file has content
    with source, target.open("xb") as copy:
        shutil.copyfileobj(source, copy, _BLOCK)
        copy.flush()
        os.fsync(copy.fileno())
    if target.stat().st_size != member.size:
        raise tarfile.TarError(f"“{member.name}” in it was cut off")


def _checked(path: Path, files: dict[str, Path], config: str, weights: str) -> CheckedModel:
    if config not in files:
        raise ModelCorrupt(str(path), "it has no configuration")
    try:
        with files[config].open("rb") as file:
            text = file.read(config_text.LONGEST * 4 + 1).decode("utf-8")
        values = config_text.read(text)
    except ValueError as error:
        raise ModelCorrupt(str(path), f"its configuration: {_first_line(error)}") from None
    model = model_rules.check(path, values, files)
    if weights not in files:
        raise ModelCorrupt(str(path), "it has no weights")
    model_rules.check_sizes(
        path, model.config, _tokens(path, model), _weights(path, files[weights])
    )
    return model


def _tokens(path: Path, model: CheckedModel) -> int:
    """Count the tokens of a checked model."""
    tokenizer = model.config.get("tokenizer")
    if not isinstance(tokenizer, dict):
        return len(model.config.get("labels", ()))
    total = 0
    for each in (tokenizer, *tokenizer.get("langs", {}).values()):
        if file := each.get("model_path"):
            total += _pieces(path, Path(file))
    if total > _MOST_TOKENS:
        raise ModelRefused(str(path), "tokenizer", f"has {total} tokens")
    return total


def _pieces(path: Path, file: Path) -> int:
    from sentencepiece import SentencePieceProcessor

    if file.stat().st_size > _LARGEST_TOKENIZER:
        raise ModelRefused(str(path), "tokenizer", f"has {file.stat().st_size} bytes")
    try:
        return int(SentencePieceProcessor(model_file=str(file)).get_piece_size())
    except (RuntimeError, OSError) as error:
        raise ModelCorrupt(str(path), f"its tokenizer: {_first_line(error)}") from None


def _weights(path: Path, file: Path) -> int:
    """Return the size of the weights in bytes. PyTorch stores them in a zip archive, uncompressed;
    a compressed one could unfold to any size."""
    size = file.stat().st_size
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise ModelCorrupt(str(path), f"its weights: {_first_line(error)}") from None
    if any(each.compress_type != zipfile.ZIP_STORED for each in entries):
        raise ModelRefused(str(path), file.name, "is compressed")
    if sum(each.file_size for each in entries) > size:
        raise ModelCorrupt(str(path), "its weights claim to be larger than they are")
    return size


def _first_line(error: Exception) -> str:
    return str(error).split("\n")[0][:100] or type(error).__name__
