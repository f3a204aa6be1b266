"""The provenance of a subtitle file in bytes, kept in the store until the file comes back edited.

zlib of JSON: {"plain", "sources": [[media, stream, channel], …], "words": [[text, source, source
start, source end, record start, record end], …], "cues": [[start, end, [line, …], [word, …]], …]}.
Times are texts of fractions, sources and words are referred to by position; a word of no known
source has null.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import Any

from editor_plugin.core.cues import Cue
from editor_plugin.core.projection import ProjectedWord
from editor_plugin.core.provenance import Provenance, ProvenanceCue, ProvenanceWord
from editor_plugin.core.timeline import Media, Span
from editor_plugin.core.transcript import Word
from editor_plugin.engine.corrections.source import CorrectionSource
from editor_plugin.engine.export.result import Result
from editor_plugin.engine.export.shown import shown_lines
from editor_plugin.engine.store.outputs import packed, unpacked


def made_of(result: Result, media_ids: Mapping[Media, int]) -> bytes:
    """Return the provenance of a result's subtitles. Media without an id have no source."""
    sources = {
        media: CorrectionSource.of(media, media_ids[media])
        for media in _media(result)
        if media in media_ids
    }
    places = {media: at for at, media in enumerate(sources)}
    index = _WordIndex(result)
    body = {
        "plain": _is_plain(result),
        "sources": [list(source) for source in sources.values()],
        "words": list(_words_out(result.words, places)),
        "cues": [
            [str(cue.start), str(cue.end), list(shown_lines(cue)), index.words(cue)]
            for cue in result.cues
        ],
    }
    return packed(body)


def _media(result: Result) -> dict[Media, None]:
    """The media of a result, in the order in which they are first heard."""
    by_identity = {id(each.media): each.media for each in result.words}
    return dict.fromkeys(by_identity.values())


def _is_plain(result: Result) -> bool:
    """Whether the result is a media file by itself: one source, at its own times."""
    return len(_media(result)) == 1 and all(
        (each.word.start, each.word.end) == (each.source.start, each.source.end)
        for each in result.words
    )


def read_made(data: bytes) -> Provenance:
    """Read what `made_of` returned. Each word's owner is a CorrectionSource, or None."""
    body = unpacked(data)
    sources = [CorrectionSource(*each) for each in body["sources"]]
    return Provenance(
        tuple(_word_in(each, sources) for each in body["words"]),
        tuple(
            ProvenanceCue(Cue(Fraction(start), Fraction(end), tuple(lines)), tuple(words))
            for start, end, lines, words in body["cues"]
        ),
        bool(body["plain"]),
    )


def _words_out(words: Iterable[ProjectedWord], places: Mapping[Media, int]) -> Iterator[list[Any]]:
    media, place = None, None
    for each in words:
        if each.media is not media:  # faster than to look each up
            media = each.media
            place = places.get(media)
        source, word = each.source, each.word
        spans = (source.start, source.end, word.start, word.end)
        yield [source.text, place, *map(_time_out, spans)]


def _time_out(time: Fraction) -> str:
    """`str(time)`, in half the time."""
    over, under = time.as_integer_ratio()
    return f"{over}/{under}" if under != 1 else f"{over}"


def _word_in(wire: list[Any], sources: list[CorrectionSource]) -> ProvenanceWord:
    text, source, *times = wire
    start, end, record_start, record_end = map(Fraction, times)
    owner = None if source is None else sources[source]
    return ProvenanceWord(text, owner, Span(start, end), Span(record_start, record_end))


_Key = tuple[object, ...]


def _key(word: Word) -> _Key:
    """A key that only equal words share; it compares faster than they do."""
    times = word.start.as_integer_ratio(), word.end.as_integer_ratio()
    return word.text, times, word.confidence, word.speaker


class _WordIndex:
    """Finds the words of a cue among the words of a result."""

    def __init__(self, result: Result) -> None:
        self._words = [each.word for each in result.words]
        self._at: dict[_Key, list[int]] = {}
        self._of: dict[int, list[int]] = {}  # by identity, which the words of most cues keep
        for at, word in enumerate(self._words):
            places = self._at.setdefault(_key(word), [])
            places.append(at)
            self._of[id(word)] = places

    def words(self, cue: Cue) -> list[int]:
        """The positions of a cue's words, in their order. Equal words of two tracks are two words:
        each is taken in turn."""
        found: list[int] = []
        for word in cue.words:
            places = self._of.get(id(word)) or self._at.get(_key(word)) or self._whole(word)
            at = next((place for place in places if place not in found), None)
            if at is None and places and places[0] != found[-1]:
                at = places[0]
            if at is not None:
                found.append(at)
        return found

    def _whole(self, piece: Word) -> list[int]:
        """The word that a piece was cut from because it is longer than a line."""
        return [
            at
            for at, word in enumerate(self._words)
            if word.start <= piece.start
            and piece.end <= word.end
            and piece.text in " ".join(word.text.split())
        ]
