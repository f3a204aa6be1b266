"""The list of the media that something was heard of."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from editor_plugin.core.transcript import SAMPLE_RATE
from editor_plugin.engine.search.passages import CORRECTED, number
from editor_plugin.engine.search.tokens import tokens
from editor_plugin.engine.store.database import Database
from editor_plugin.engine.store.store import is_provisional


@dataclass(frozen=True)
class HeardBy:
    """What one model heard of one source. `model` is its name, None where it is not on this machine
    any more; `language`, `stream` and `channel` are None for the model's own choice, the first one,
    and all mixed. `seconds` are those that were recognised; `words` those that are indexed."""

    model: str | None
    language: str | None
    stream: int | None
    channel: int | None
    seconds: float
    words: int


@dataclass(frozen=True)
class StoredMedia:
    """A media file in the store. `path` is where it was last seen, None where it is not known;
    `seconds` is its length, None while its end was not seen. `words` counts those of every source
    once, however many models heard them. `last_used` is when subtitles were last made of it, ISO
    8601, None where an earlier Recue did."""

    id: int
    name: str
    path: Path | None
    is_there: bool
    seconds: float | None
    heard: tuple[HeardBy, ...]
    words: int
    corrections: int
    last_used: str | None


def stored(
    database: Database, models: Mapping[str, str], like: str = "", after: int = 0, limit: int = 100
) -> tuple[tuple[StoredMedia, ...], bool]:
    """The media in whose name is all of `like`, the newest first, and whether there are more;
    `after` is the last one that was listed, 0 for none. `models` are names by digests of model
    files. Raises what the database raises."""
    rows = database.read("SELECT id, name FROM media ORDER BY id DESC")
    wanted = tokens(like)
    found = [
        media
        for media, name in rows
        if (not after or media < after) and _is_like("".join(tokens(name)), wanted)
    ]
    listed = tuple(_stored(database, media, models) for media in found[:limit])
    return listed, len(found) > limit


def _is_like(name: str, wanted: tuple[str, ...]) -> bool:
    return all(each in name for each in wanted)


def _stored(database: Database, media: int, models: Mapping[str, str]) -> StoredMedia:
    name, used = database.read(
        "SELECT name, at FROM media LEFT JOIN used ON used.media = media.id WHERE id = ?", (media,)
    )[0]
    places = [Path(row[0]) for row in database.read(
        "SELECT path FROM place WHERE media = ? ORDER BY path", (media,)
    )]  # fmt: skip
    there = [path for path in places if os.path.exists(path)]
    heard, extents = [], []
    for recognition, extent, *row in database.read(
        "SELECT id, extent, model, language, stream, channel FROM hearing WHERE media = ?"
        " ORDER BY id",
        (media,),
    ):
        if not is_provisional(row[0]):
            heard.append(_heard(database, recognition, row, models))
            extents += [] if extent is None else [extent]
    (corrections,) = database.read(
        "SELECT count(*) FROM correction WHERE media IN"
        " (SELECT id FROM media WHERE digest = (SELECT digest FROM media WHERE id = ?))",
        (media,),
    )[0]
    by_source: dict[tuple[int, int | None], int] = {}
    for each in heard:
        source = each.stream or 0, each.channel
        by_source[source] = max(each.words, by_source.get(source, 0))
    return StoredMedia(
        media,
        name,
        next(iter([*there, *places]), None),
        bool(there),
        max(extents) / SAMPLE_RATE if extents else None,
        tuple(heard),
        sum(by_source.values()),
        corrections,
        used,
    )


def _heard(
    database: Database, recognition: int, row: list[object], models: Mapping[str, str]
) -> HeardBy:
    model, language, stream, channel = row
    samples = database.read(
        'SELECT coalesce(sum("end" - start), 0) FROM window WHERE hearing = ?', (recognition,)
    )[0][0]
    words = database.read(
        "SELECT coalesce(sum(words), 0) FROM passage WHERE id >= ? AND id < ? AND id % 2 = 0",
        (number(recognition, 0, CORRECTED), number(recognition - 1, 0, CORRECTED)),
    )[0][0]
    assert isinstance(stream, int) and isinstance(channel, int)
    return HeardBy(
        models.get(str(model)),
        str(language) or None,
        None if stream < 0 else stream,
        None if channel < 0 else channel,
        samples / SAMPLE_RATE,
        words,
    )
