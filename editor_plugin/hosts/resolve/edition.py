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


@dataclass(frozen=True)
class Edition:
    """The version as numbers, and whether it is Studio."""

    version: tuple[int, ...]
    studio: bool

    @property
    def windows(self) -> bool:
        """Whether scripts may open windows: free lost that at 19.1."""
        return self.studio or self.version < (19, 1)

    @property
    def source_times(self) -> bool:
        """Whether it reports the source range of a clip, and with it retimes."""
        return self.version >= (19, 0, 2)

    @property
    def marks(self) -> bool:
        """Whether it reports the in and out point."""
        return self.version >= (19, 1)

    @property
    def renders(self) -> bool:
        """Whether the Deliver page can be put back as it was: a preset can be deleted."""
        return self.version >= (19, 1)

    @property
    def selection(self) -> bool:
        """Whether it reports which clips are selected on the timeline."""
        return self.version >= (21, 0, 4)

    @property
    def track_index(self) -> bool:
        """Whether a new track can be put in front of the others."""
        return self.version >= (19, 0)

    @property
    def subtitle_texts(self) -> bool:
        """Whether the name of a subtitle is its text; before 20.2.1 it often is not."""
        return self.version >= (20, 2, 1)

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
