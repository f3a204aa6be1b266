"""Detection of damage to SQLite's write-ahead log, which SQLite itself ignores.

SQLite reads a log up to the first frame with a wrong checksum, as after a power cut, and ignores
the rest. Where a finished transaction follows that frame, it was no power cut, as everything before
a finished transaction is on the disk. The format: https://sqlite.org/fileformat2.html, 4.1.
"""

from __future__ import annotations

import struct
from pathlib import Path

from editor_plugin.core.errors import StoreDamaged

HEADER = 32
FRAME_HEADER = 24
_MAGIC = (0x377F0682, 0x377F0683)


def finished_frames(log: Path) -> int:
    """The number of frames up to the end of the last transaction, by their headers alone; 0 without
    a log. Raises StoreDamaged where the log's own header is damaged."""
    if not log.exists() or log.stat().st_size <= HEADER:
        return 0
    with log.open("rb") as file:
        header = file.read(HEADER)
        magic, _, page = struct.unpack(">3I", header[:12])
        if magic not in _MAGIC or struct.unpack(">2I", header[24:]) != _sum(header[:24], magic):
            raise StoreDamaged(str(log), "the log of the last changes cannot be read")
        finished = 0
        for number in range(1, (log.stat().st_size - HEADER) // (FRAME_HEADER + page) + 1):
            frame = file.read(FRAME_HEADER)
            if frame[8:16] == header[16:24] and frame[4:8] != bytes(4):
                finished = number
            file.seek(page, 1)
    return finished


def _sum(data: bytes, magic: int) -> tuple[int, int]:
    """SQLite's checksum; the last bit of the magic number states its byte order."""
    numbers = struct.unpack(f"{'>' if magic & 1 else '<'}{len(data) // 4}I", data)
    first = second = 0
    for one, other in zip(numbers[::2], numbers[1::2], strict=True):
        first = (first + one + second) & 0xFFFFFFFF
        second = (second + other + first) & 0xFFFFFFFF
    return first, second
