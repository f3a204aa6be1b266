"""The version and edition of Resolve, and what it supports.

Versions are those at which the scripting README and its changelog name a method. A Studio-only
call on the free edition opens a sales window, after which other calls fail: none is ever made.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from editor_plugin.core.errors import EditorTooOld
from editor_plugin.hosts.resolve import api

NAME = "DaVinci Resolve"
OLDEST = (18, 5)


class _Since:
    """An attribute of an edition that is true from a version on."""

    def __init__(self, *version: int) -> None:
        self._version = version

    def __get__(self, edition: Edition, _owner: type) -> bool:
        return edition.version >= self._version


@dataclass(frozen=True)
class Edition:
    """The version as numbers, and whether it is Studio."""

    version: tuple[int, ...]
    studio: bool

    @property
    def windows(self) -> bool:
        """Whether scripts may open windows: free lost that at 19.1."""
        return self.studio or self.version < (19, 1)

    source_times = _Since(19, 0, 2)
    """Whether it reports the source range of a clip, and with it retimes."""
    marks = _Since(19, 1)
    """Whether it reports the in and out point."""
    renders = _Since(19, 1)
    """Whether the Deliver page can be put back as it was: a preset can be deleted."""
    selection = _Since(21, 0, 4)
    """Whether it reports which clips are selected on the timeline."""
    track_index = _Since(19, 0)
    """Whether a new track can be put in front of the others."""
    subtitle_texts = _Since(20, 2, 1)
    """Whether the name of a subtitle is its text; before it often is not."""

    @property
    def shown(self) -> str:
        """The edition's name and version for users."""
        return f"{NAME}{' Studio' if self.studio else ''} {'.'.join(map(str, self.version[:3]))}"


def edition_of(resolve: Any) -> Edition:
    """Ask Resolve for its edition. Raises EditorTooOld below 18.5, or without a version."""
    fields = api.listed(api.call(resolve, "GetVersion"))[:3]
    numbers = [api.whole(each) for each in fields]
    if not numbers or None in numbers:
        shown = api.text(api.call(resolve, "GetVersionString"))
        numbers = [int(number) for number in re.findall(r"\d+", shown)]
    version = tuple(n for n in numbers[:3] if n is not None)
    if version < OLDEST:
        raise EditorTooOld(NAME, "be worked from a menu script", "DaVinci Resolve 18.5 or newer")
    studio = "studio" in api.text(api.call(resolve, "GetProductName")).lower()
    if version >= (21, 1) and api.has(resolve, "IsStudio"):
        studio = api.call(resolve, "IsStudio") is True
    return Edition(version, studio)


def limits(edition: Edition) -> tuple[str, ...]:
    """What this version cannot report, one sentence each, shown before the job begins."""
    sentences = []
    if not edition.source_times:
        sentences.append(
            f"{edition.shown} does not report synced sound; the clip's own sound is transcribed."
        )
    if not edition.marks:
        sentences.append(f"{edition.shown} does not report the in and out point.")
    return tuple(sentences)
