"""Queries: which words of which recordings are meant by what somebody typed."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from editor_plugin.core.transcript import SAMPLE_RATE
from editor_plugin.engine.search.index import left, prepare, refresh
from editor_plugin.engine.search.passages import (
    MINUTE,
    NEAR,
    NEAR_TOKENS,
    Passage,
    SpokenWord,
    minute_of,
    recognition_of,
    unpacked,
)
from editor_plugin.engine.search.tokens import is_spaceless, tokens
from editor_plugin.engine.store.database import Database

BESIDE = 8
"""Words before and after a hit that are shown with it."""
AT_ONCE = 4
"""Parts that a search indexes itself. More than that is left only of a store of an earlier Recue,
or of many jobs of the last moment."""
_BATCH = 64
_QUOTED = re.compile('["“”„‟«»＂]')


@dataclass(frozen=True)
class Phrase:
    """Tokens that follow one another. `is_open`: the last one may be the beginning of a word."""

    tokens: tuple[str, ...]
    is_open: bool = False


@dataclass(frozen=True)
class Hit:
    """Words that were asked for, with those beside them. `stored` is the row of the media, `path`
    where it was last seen, None where it is not known. Times are seconds of the source; `stream`
    and `channel` are None for the first one, and for all of them mixed."""

    stored: int
    name: str
    path: Path | None
    stream: int | None
    channel: int | None
    start: float
    end: float
    before: str
    text: str
    after: str


@dataclass(frozen=True)
class Found:
    """The hits, the newest recordings first; whether there are more; and of how many recordings
    words are still missing in the index."""

    hits: tuple[Hit, ...]
    more: bool
    unindexed: int


def search(database: Database, text: str, limit: int) -> Found:
    """The first `limit` places where all words of a query are said within NEAR of one another.

    A phrase in quotes is found as it stands, and the last word outside of them also as a beginning,
    from its second letter on. Case, accents and punctuation count nowhere. Words that a person
    corrected are found as they were put right, and as they were recognised. Raises
    SearchUnavailable, and what the database raises.
    """
    prepare(database)
    for _ in range(AT_ONCE):
        if not refresh(database):
            break
    phrases = parsed(text)
    hits: list[Hit] = []
    for hit in _hits(database, phrases) if phrases else ():
        if len(hits) == limit:
            return Found(tuple(hits), True, left(database))
        hits.append(hit)
    return Found(tuple(hits), False, left(database))


def parsed(text: str) -> tuple[Phrase, ...]:
    """The phrases of a query. A quote that is not closed ends with the text, and is open there."""
    found: list[Phrase] = []
    pieces = _QUOTED.split(text)
    for at, piece in enumerate(pieces):
        is_quoted = at % 2 == 1
        for part in [piece] if is_quoted else piece.split():
            if said := tokens(part):
                is_closed = is_quoted and at < len(pieces) - 1
                found.append(Phrase(said, not is_closed))
    last = len(found) - 1
    return tuple(
        Phrase(each.tokens, at == last and each.is_open and _may_begin(each.tokens[-1]))
        for at, each in enumerate(found)
    )


def spans(said: Sequence[str], phrases: Sequence[Phrase]) -> list[tuple[int, int]]:
    """The first and last of each shortest run of tokens that has every phrase, in order."""
    places = [_places(said, phrase) for phrase in phrases]
    if not all(places):
        return []
    ends = sorted({end for each in places for _, end in each})
    starts = [[start for start, _ in each] for each in places]
    stops = [[end for _, end in each] for each in places]
    found: list[tuple[int, int]] = []
    for end in ends:
        latest = [bisect_right(each, end) - 1 for each in stops]
        if min(latest) >= 0:
            start = min(starts[at][which] for at, which in enumerate(latest))
            if not found or start > found[-1][0]:
                found.append((start, end))
    return [each for each in found if each[1] - each[0] < NEAR_TOKENS]


def _may_begin(token: str) -> bool:
    """Whether a token is looked for as a beginning: one letter begins too many words."""
    return len(token) > 1 or is_spaceless(token)


def _places(said: Sequence[str], phrase: Phrase) -> list[tuple[int, int]]:
    """The first and last token of each place of a phrase."""
    *before, last = phrase.tokens
    if phrase.is_open:
        ends = [at for at, token in enumerate(said) if token.startswith(last)]
    else:
        ends = [at for at, token in enumerate(said) if token == last]
    count = len(before)
    return [(at - count, at) for at in ends if at >= count and said[at - count : at] == before]


def _hits(database: Database, phrases: Sequence[Phrase]) -> Iterator[Hit]:
    """Every hit. What overlaps an earlier hit in the same source is left out: it is the same words
    in another reading, or heard by another model."""
    sources: dict[int, tuple[Any, ...] | None] = {}
    shown: dict[tuple[Any, ...], list[tuple[int, int]]] = {}
    for row, part in _passages(database, phrases):
        recognition = recognition_of(row)
        if recognition not in sources:
            sources[recognition] = _source(database, recognition)
        source = sources[recognition]
        if source is None:
            continue
        said, places = part.tokens()
        earlier = shown.setdefault((source[0], max(source[3] or 0, 0), source[4]), [])
        for run in spans(said, phrases):
            first, last = (places[at] for at in run)
            start, end = _times(part.words[first : last + 1])
            if part.words[last].middle // MINUTE != minute_of(row):
                continue  # it is in the passage before
            if part.words[last].middle - part.words[first].middle > NEAR:
                continue
            if not any(_overlap(start, end, *each) for each in earlier):
                earlier.append((start, end))
                yield _hit(source, part, first, last)


def _passages(database: Database, phrases: Sequence[Phrase]) -> Iterator[tuple[int, Passage]]:
    """The passages that have every phrase, by their rows."""
    asked = " ".join(f'"{" ".join(e.tokens)}"{" *" if e.is_open else ""}' for e in phrases)
    if len(phrases) > 1:
        asked = f"NEAR({asked}, {NEAR_TOKENS})"
    after = 0
    while True:
        rows = database.read(
            "SELECT passage.id, body FROM spoken CROSS JOIN passage ON passage.id = spoken.rowid"
            " WHERE spoken MATCH ? AND spoken.rowid > ? ORDER BY spoken.rowid LIMIT ?",
            (asked, after, _BATCH),
        )
        for row, body in rows:
            with database.reading():
                each = unpacked(body)
            yield row, each
        if len(rows) < _BATCH:
            return
        after = rows[-1][0]


def _source(database: Database, recognition: int) -> tuple[Any, ...] | None:
    """The media of a recognition, its name, its path, stream and channel."""
    rows = database.read(
        "SELECT media.id, name, (SELECT path FROM place WHERE place.media = media.id"
        " ORDER BY path LIMIT 1), nullif(stream, -1), nullif(channel, -1)"
        " FROM hearing JOIN media ON media.id = hearing.media WHERE hearing.id = ?",
        (recognition,),
    )
    return rows[0] if rows else None


def _hit(source: tuple[Any, ...], each: Passage, first: int, last: int) -> Hit:
    media, name, path, stream, channel = source
    start, end = _times(each.words[first : last + 1])
    return Hit(
        media,
        name,
        None if path is None else Path(path),
        stream,
        channel,
        start / SAMPLE_RATE,
        end / SAMPLE_RATE,
        _shown(each.words[max(0, first - BESIDE) : first]),
        _shown(each.words[first : last + 1]),
        _shown(each.words[last + 1 : last + 1 + BESIDE]),
    )


def _overlap(start: int, end: int, begin: int, until: int) -> bool:
    return (start < until and begin < end) or (start, end) == (begin, until)


def _times(words: Sequence[SpokenWord]) -> tuple[int, int]:
    return min(word.start for word in words), max(word.end for word in words)


def _shown(words: Sequence[SpokenWord]) -> str:
    """The words as a text; half a pair of surrogates, which no text can hold, as “?”."""
    return " ".join(word.text for word in words).encode("utf-8", "replace").decode("utf-8")
