"""The result of a run, which every format is written from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from editor_plugin.core.cues import Cue
from editor_plugin.core.projection import ProjectedWord


@dataclass(frozen=True)
class Result:
    """The subtitles of one input. Times are seconds from the first frame of the input. `rate` is
    the timeline's frames per second, or None for a plain media file. `start_frame` and `drop_frame`
    are the label of its first frame, as in core.timeline. `language` is a BCP 47 tag ("en",
    "pt-BR"), or None where it is not known. `joiner` stands between two words, as in core.styles:
    it is empty in scripts without spaces."""

    name: str
    rate: Fraction | None
    cues: tuple[Cue, ...]
    words: tuple[ProjectedWord, ...]
    start_frame: int = 0
    drop_frame: bool = False
    language: str | None = None
    joiner: str = " "


@dataclass(frozen=True)
class ExportFormat:
    """A format to write: its name, the suffix of its files, the writer of its text, and what a user
    calls it."""

    name: str
    suffix: str
    write: Callable[[Result], str]
    title: str
