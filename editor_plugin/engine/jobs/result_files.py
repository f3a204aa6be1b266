"""Results as files to be downloaded: their names, and many of them as a zip."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from editor_plugin.engine.export import WRITERS, Result
from editor_plugin.engine.plain_names import plain_stem


def file_name(result: Result, format_name: str) -> str:
    """A plain name for the file of a result, whose own name may be anything."""
    return plain_stem(result.name) + WRITERS[format_name].suffix


def content(result: Result, format_name: str) -> bytes:
    """The file of a result."""
    return WRITERS[format_name].write(result).encode("utf-8")


def zipped(results: Iterable[Result], formats: Sequence[str]) -> Iterator[bytes]:
    """A zip with every result in every format, piece by piece: one result is in memory at a time.
    Names are plain and unique, on systems that distinguish no case, too."""
    sink = _Sink()
    taken: set[str] = set()
    now = time.localtime()[:6]
    with ZipFile(sink, "w", ZIP_DEFLATED) as archive:
        for result in results:
            for format_name in formats:
                name = _unique(result, format_name, taken)
                about = ZipInfo(name, now)
                about.compress_type = ZIP_DEFLATED
                about.external_attr = 0o644 << 16
                archive.writestr(about, content(result, format_name))
                yield sink.taken()
    yield sink.taken()


def _unique(result: Result, format_name: str, taken: set[str]) -> str:
    stem, suffix = plain_stem(result.name), WRITERS[format_name].suffix
    name, number = stem + suffix, 1
    while name.casefold() in taken:
        number += 1
        name = f"{stem} ({number}){suffix}"
    taken.add(name.casefold())
    return name


class _Sink:
    """What the zip is written to: it has no way back, so that all that is there can be sent."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def close(self) -> None:
        """What is left can still be taken."""

    def taken(self) -> bytes:
        """What was written since the last call."""
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)
