"""JSON of the words: what a person reads in it. That it is exact is tested with its reader."""

from __future__ import annotations

import json
from collections.abc import Sequence
from fractions import Fraction

from editor_plugin.core.projection import ProjectedWord
from editor_plugin.core.transcript import Word
from editor_plugin.engine.export import Result
from tests.engine.export.results import MEDIA, written


def placed(words: Sequence[Word]) -> Result:
    """A result of a media file in which these words were heard."""
    projected = tuple(ProjectedWord(word, word, MEDIA, 0, 0) for word in words)
    return Result("film", None, (), projected)


def test_words_tell_where_they_come_from() -> None:
    word = Word("Yes.", Fraction(2), Fraction(9, 4), 0.5, "Ann")
    source = Word("Yes.", Fraction(1, 3), Fraction(1, 2), 0.5)
    projected = ProjectedWord(word, source, MEDIA, 1, 4)
    result = Result("film", Fraction(24000, 1001), (), (projected,), 86400, False, "en")
    assert json.loads(written("words", result)) == {
        "format": "recue-words",
        "version": 1,
        "name": "film",
        "rate": "24000/1001",
        "start_frame": 86400,
        "drop_frame": False,
        "language": "en",
        "words": [
            {
                "text": "Yes.",
                "start": 2.0,
                "end": 2.25,
                "exact": ["2", "9/4"],
                "confidence": 0.5,
                "speaker": "Ann",
                "track": 1,
                "clip": 4,
                "source": {
                    "path": MEDIA.path,
                    "stream": None,
                    "channel": 1,
                    "start": 0.333333,
                    "end": 0.5,
                    "exact": ["1/3", "1/2"],
                },
            }
        ],
    }


def test_each_word_has_a_line_of_its_own() -> None:
    words = [Word(f"w{at}", Fraction(at), Fraction(at + 1)) for at in range(3)]
    lines = written("words", placed(words)).splitlines()
    found = [line for line in lines if '"text"' in line]
    assert [json.loads(line.rstrip(","))["text"] for line in found] == ["w0", "w1", "w2"]
    assert json.loads(written("words", placed([])))["words"] == []
