"""The forms of the calls about what is stored."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


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
