"""Draws Recue's icon: a film's frame with a play sign, and two lines of subtitles below.

Code and not a picture: one drawing makes the files of each system, in all their sizes.
"""

from __future__ import annotations

import itertools
import math
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass

Colour = tuple[int, int, int]
Span = tuple[float, float]
"""Where a row of a shape begins and ends; the icon is one wide and one high."""
SUBROWS = 8
"""How many rows each row of pixels is averaged over."""


@dataclass(frozen=True)
class Box:
    """A rectangle with round corners."""

    left: float
    top: float
    right: float
    bottom: float
    radius: float

    def span(self, y: float) -> Span | None:
        """The part of a row that it covers."""
        if not self.top <= y <= self.bottom:
            return None
        into = max(self.top + self.radius - y, y - self.bottom + self.radius, 0.0)
        inset = self.radius - math.sqrt(max(self.radius**2 - into**2, 0.0))
        return self.left + inset, self.right - inset


def _play_sign(y: float) -> Span | None:
    """A triangle that points to the right."""
    left, right, top, bottom = 0.40, 0.66, 0.20, 0.52
    if not top <= y <= bottom:
        return None
    height = (bottom - top) / 2
    return left, left + (right - left) * (1 - abs(y - top - height) / height)


DRAWING: tuple[tuple[Callable[[float], Span | None], Colour], ...] = (
    (Box(0.04, 0.04, 0.96, 0.96, 0.20).span, (24, 32, 46)),
    (_play_sign, (242, 245, 250)),
    (Box(0.16, 0.62, 0.84, 0.71, 0.045).span, (255, 190, 60)),
    (Box(0.28, 0.77, 0.72, 0.86, 0.045).span, (255, 190, 60)),
)
"""The shapes from the back to the front, with their colours."""


def png(size: int) -> bytes:
    """The icon as a PNG of so many pixels, transparent around it."""
    lines = b"".join(b"\0" + _row(y, size) for y in range(size))
    head = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(lines, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def ico(sizes: tuple[int, ...] = (16, 32, 48, 256)) -> bytes:
    """The icon for Windows."""
    pictures = [png(size) for size in sizes]
    content = struct.pack("<HHH", 0, 1, len(sizes))
    place = len(content) + 16 * len(sizes)
    for size, picture in zip(sizes, pictures):
        shown = size % 256  # 0 stands for 256
        content += struct.pack("<BBBBHHII", shown, shown, 0, 0, 1, 32, len(picture), place)
        place += len(picture)
    return content + b"".join(pictures)


def icns() -> bytes:
    """The icon for macOS; each kind is of a size, some for screens of double density."""
    kinds = ((b"ic11", 32), (b"ic12", 64), (b"ic07", 128), (b"ic13", 256), (b"ic08", 256))
    drawn = {size: png(size) for size in sorted({size for _, size in kinds})}
    pictures = b"".join(
        kind + struct.pack(">I", len(drawn[size]) + 8) + drawn[size] for kind, size in kinds
    )
    return b"icns" + struct.pack(">I", len(pictures) + 8) + pictures


def _row(y: int, size: int) -> bytes:
    pixels = [(0.0, 0.0, 0.0, 0.0)] * size
    for span, colour in DRAWING:
        for x, cover in enumerate(_coverage(span, y, size)):
            if cover > 0:
                red, green, blue, alpha = pixels[x]
                total = cover + alpha * (1 - cover)
                part = cover / total
                old = (red, green, blue)
                mixed = (new * part + was * (1 - part) for new, was in zip(colour, old))
                pixels[x] = (*mixed, total)  # type: ignore[assignment]
    return b"".join(
        bytes((round(red), round(green), round(blue), round(alpha * 255)))
        for red, green, blue, alpha in pixels
    )


def _coverage(span: Callable[[float], Span | None], y: int, size: int) -> list[float]:
    """How much of each pixel of a row a shape covers, from 0 to 1."""
    changes = [0.0] * (size + 1)
    for subrow in range(SUBROWS):
        found = span((y + (subrow + 0.5) / SUBROWS) / size)
        if found is None:
            continue
        for edge, sign in zip(found, (1, -1)):  # all that is right of an edge, or left again
            pixel, inside = divmod(min(max(edge * size, 0.0), float(size)), 1.0)
            changes[int(pixel)] += sign * (1 - inside)
            if int(pixel) < size:
                changes[int(pixel) + 1] += sign * inside
    return [min(each / SUBROWS, 1.0) for each in itertools.accumulate(changes[:size])]
