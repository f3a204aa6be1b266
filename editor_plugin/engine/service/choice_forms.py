"""The forms of the calls about what a user of the page can choose, and has chosen."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel


class FormatWire(BaseModel):
    """A format to write: `suffix` is that of its files, `title` what a user calls it."""

    name: str
    suffix: str
    title: str


class FormatsWire(BaseModel):
    """Every format to write."""

    formats: list[FormatWire]


class StyleLimits(BaseModel):
    """The limits of a style; null where it has none."""

    line_characters: int
    lines: int
    characters_per_second: float | None
    words_per_minute: float | None
    least_seconds: float
    most_seconds: float
    gap_frames: int


class StyleWire(BaseModel):
    """A preset style; `source` says where its line length comes from."""

    name: str
    title: str
    source: str
    limits: StyleLimits


class StylesWire(BaseModel):
    """Every preset style."""

    styles: list[StyleWire]


class PreviewCue(BaseModel):
    """A cue of the passage, in seconds."""

    start: float
    end: float
    lines: list[str]


class PreviewWire(BaseModel):
    """A spoken passage in a style."""

    cues: list[PreviewCue]
    text: str


class DemoWire(BaseModel):
    """The paths of the demo; null where it is not here."""

    film: str | None
    timeline: str | None


class PageStateWire(BaseModel):
    """What the page remembers."""

    chosen: dict[str, Any]
