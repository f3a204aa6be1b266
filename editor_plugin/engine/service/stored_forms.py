"""The forms of the calls about what is stored."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from editor_plugin.engine.service.forms import MOST


class StoredWanted(BaseModel):
    """Which media are listed: those whose names are like this, after the last one that is known."""

    model_config = ConfigDict(extra="forbid")

    like: Annotated[str, Field(max_length=200)] = ""
    after: Annotated[int, Field(ge=0, le=MOST)] = 0


class HeardWire(BaseModel):
    """What one model heard of one source. `model` is null where it is not on this machine any more;
    `language`, `stream` and `channel` are null for the model's own choice, the first, and all."""

    model: str | None
    language: str | None
    stream: int | None
    channel: int | None
    seconds: float
    words: int


class StoredWire(BaseModel):
    """Media in the store; `path` is where they were last seen, `seconds` how long they last, where
    that is known, `last_used` when subtitles were last made of them (ISO 8601)."""

    id: int
    name: str
    path: str | None
    is_there: bool
    seconds: float | None
    heard: list[HeardWire]
    words: int
    corrections: int
    last_used: str | None


class StoredListWire(BaseModel):
    """A part of the list, the newest first."""

    stored: list[StoredWire]
    more: bool


class ForgottenWire(BaseModel):
    """What was forgotten: the name, how many parts were deleted, and where damaged stores that were
    set aside may hold its words, too."""

    name: str
    parts: int
    aside: list[str]


class WordsWanted(BaseModel):
    """What is searched, and how many hits are wanted."""

    model_config = ConfigDict(extra="forbid")

    like: Annotated[str, Field(max_length=200)]
    limit: Annotated[int, Field(ge=1, le=500)] = 50


class HitWire(BaseModel):
    """Words that were found; times are seconds of the source. `stream` and `channel` are null for
    the first one, and for all of them mixed."""

    stored: int
    name: str
    path: str | None
    stream: int | None
    channel: int | None
    start: float
    end: float
    before: str
    text: str
    after: str


class HitsWire(BaseModel):
    """The hits; `unindexed` is of how many recordings words are still missing in the index."""

    hits: list[HitWire]
    more: bool
    unindexed: int
