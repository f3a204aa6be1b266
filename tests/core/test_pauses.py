"""Segmentation of real speech: with its pauses it is better than from the text alone.

The recordings' reference times are not in the repository; without them these tests are skipped.
"""

from __future__ import annotations

import json
import wave
from fractions import Fraction
from typing import Any

from benchmarks.references import paced
from editor_plugin.core.segmentation import segment
from editor_plugin.core.styles import PLAIN
from editor_plugin.core.transcript import Word
from tests.recordings import SPEECH, needs_speech


def reference(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((SPEECH / name / "reference.json").read_text("utf-8"))
    return found


def exact(seconds: float) -> Fraction:
    return Fraction(str(seconds))


def novel() -> tuple[list[Word], set[int]]:
    """Five recordings of a novel in one, without punctuation; the last word of each but the last.

    They were cut apart at the reader's pauses.
    """
    words: list[Word] = []
    lasts: set[int] = set()
    offset = Fraction(0)
    for recording in reference("librivox"):
        words += [
            Word(each["word"], offset + exact(each["start"]), offset + exact(each["end"]))
            for each in recording["words"]
        ]
        lasts.add(len(words) - 1)
        with wave.open(str(SPEECH / "librivox" / recording["file"])) as sound:
            offset += Fraction(sound.getnframes(), sound.getframerate())
    return words, lasts - {len(words) - 1}


def sonnet() -> tuple[list[Word], set[int]]:
    """A sonnet without its punctuation, half a second's pause after each verse; verses' ends.

    The verses' times are those of the recording, the words' share of them goes by their length.
    """
    words: list[Word] = []
    lasts: set[int] = set()
    for verse in reference("sonnet")[1:]:
        texts = [text.strip(".,:;?!") for text in verse["text"].split()]
        at, end = exact(verse["start"]), exact(verse["end"]) - Fraction(1, 2)
        step = (end - at) / (sum(map(len, texts)) + len(texts) - 1)
        for text in texts:
            words.append(Word(text, at, at + step * len(text)))
            at += step * (len(text) + 1)
        lasts.add(len(words) - 1)
    return words, lasts - {len(words) - 1}


def ends_of(words: list[Word]) -> set[int]:
    """The words that cues end with, but for the last."""
    at, found = -1, set()
    for cue in segment(words, PLAIN, "en"):
        at += len(cue.words)
        found.add(at)
    return found - {len(words) - 1}


def without_pauses(words: list[Word]) -> list[Word]:
    return paced([word.text for word in words])


@needs_speech
def test_cues_end_at_every_pause_of_a_reader() -> None:
    words, pauses = novel()
    assert len(pauses) == 4
    assert pauses <= ends_of(words)
    assert len(pauses & ends_of(without_pauses(words))) < len(pauses)


@needs_speech
def test_cues_of_verse_end_with_verses() -> None:
    words, verses = sonnet()
    with_pauses, text_only = ends_of(words), ends_of(without_pauses(words))
    assert with_pauses <= verses
    assert not text_only <= verses
    assert len(with_pauses & verses) > len(text_only & verses)
