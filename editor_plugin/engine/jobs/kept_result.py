"""Keeping the result of an input, so that it can be written in any format later.

The words' texts and times stand in the provenance, and the cues in the result that editors get.
Here is the rest, in few bytes and little time: a result is kept at the end of every re-cut.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Any

from editor_plugin.core.jobs.result import JobResult
from editor_plugin.core.projection import ProjectedWord
from editor_plugin.core.provenance import Provenance
from editor_plugin.core.timeline import Media
from editor_plugin.core.transcript import Word
from editor_plugin.engine.export.result import Result


def rest_of(result: Result) -> dict[str, Any]:
    """What neither the provenance nor the editors' result has of a result."""
    places: dict[int, int] = {}
    media: list[Media] = []
    sources = []
    for each in result.words:
        at = places.get(id(each.media))
        if at is None:
            at = places[id(each.media)] = len(media)
            media.append(each.media)
        sources.append(at)
    positions = {id(each.word): at for at, each in enumerate(result.words)}
    return {
        "start_frame": result.start_frame,
        "drop_frame": result.drop_frame,
        "language": result.language,
        "joiner": result.joiner,
        "media": [[each.path, each.stream, each.channel] for each in media],
        "sources": sources,
        "tracks": [each.track for each in result.words],
        "clips": [each.clip for each in result.words],
        "confidences": [each.word.confidence for each in result.words],
        "speakers": [each.word.speaker for each in result.words],
        "odd": {
            str(at): [_word_out(each.word), _word_out(each.source)]
            for at, each in enumerate(result.words)
            if _is_odd(each)
        },
        # A part of a word that is longer than a line is none of the words.
        "cues": [
            [positions[id(word)] if id(word) in positions else _word_out(word)
             for word in cue.words]
            for cue in result.cues
        ],
    }  # fmt: skip


def whole_result(shown: JobResult, made: Provenance, rest: dict[str, Any]) -> Result:
    """The result that these were made of. Raises KeyError, IndexError, TypeError, ValueError where
    they do not belong together."""
    media = [Media(*each) for each in rest["media"]]
    words = tuple(_words(made, rest, media))
    cues = tuple(
        replace(
            cue,
            words=tuple(
                words[each].word if isinstance(each, int) else _word_in(each) for each in of_cue
            ),
        )
        for cue, of_cue in zip(shown.cues, rest["cues"], strict=True)
    )
    return Result(
        shown.name,
        shown.rate,
        cues,
        words,
        int(rest["start_frame"]),
        bool(rest["drop_frame"]),
        rest["language"],
        str(rest["joiner"]),
    )


def _is_odd(each: ProjectedWord) -> bool:
    """Whether a word differs from its source in more than its times."""
    word, source = each.word, each.source
    return (word.text, word.confidence, word.speaker) != (
        source.text,
        source.confidence,
        source.speaker,
    )


def _words(made: Provenance, rest: dict[str, Any], media: list[Media]) -> Iterator[ProjectedWord]:
    columns = ("confidences", "speakers", "sources", "tracks", "clips")
    rows = zip(made.words, *(rest[name] for name in columns), strict=True)
    for at, (kept, confidence, speaker, source, track, clip) in enumerate(rows):
        if str(at) in rest["odd"]:
            word, heard = map(_word_in, rest["odd"][str(at)])
        else:
            word, heard = (
                Word(kept.text, span.start, span.end, confidence, speaker)
                for span in (kept.record, kept.source)
            )
        yield ProjectedWord(word, heard, media[source], track, clip)


def _word_out(word: Word) -> list[Any]:
    return [word.text, str(word.start), str(word.end), word.confidence, word.speaker]


def _word_in(wire: list[Any]) -> Word:
    text, start, end, confidence, speaker = wire
    return Word(text, Fraction(start), Fraction(end), confidence, speaker)
