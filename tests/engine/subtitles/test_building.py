"""Words to subtitles, again and again in one process."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from editor_plugin.core.projection import ProjectedWord
from editor_plugin.core.segmentation import Piece, cut_utterance
from editor_plugin.core.styles import PLAIN, Style
from editor_plugin.core.timeline import Media
from editor_plugin.core.transcript import Word
from editor_plugin.core.utterances import Utterance
from editor_plugin.engine.export import Result
from editor_plugin.engine.subtitles import building
from editor_plugin.engine.subtitles.building import SubtitleOptions, subtitled
from tests.core.words import spoken

SAID = "Good morning, Sam. Is the new cut ready? Almost, I only have to find the sound."


def result(words: list[Word]) -> Result:
    media = Media("/a.wav")
    placed = tuple(ProjectedWord(word, word, media, 0, 0) for word in words)
    return Result("cut", Fraction(25), (), placed)


def test_what_is_kept_from_one_version_is_right_in_the_next(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A line that moved with a clip is cut as it was, with the times that it has now."""
    first = spoken(SAID)
    moved = [*spoken("A new beginning.", pace=Fraction(1, 5)), *spoken(SAID, Fraction(4))]
    look = SubtitleOptions(PLAIN, "en", (Fraction(1), Fraction(9, 2)))
    subtitled(result(first), look)
    cut: list[tuple[str, ...]] = []

    def counting(stretch: Utterance, style: Style, language: str | None) -> tuple[Piece, ...]:
        cut.append(stretch.texts)
        return cut_utterance(stretch, style, language)

    monkeypatch.setattr(building, "cut_utterance", counting)
    warm = subtitled(result(moved), look)
    assert cut == [("A", "new", "beginning.")]
    building._cutter.cache_clear()
    building._known_moves.cache_clear()
    assert warm == subtitled(result(moved), look)
    assert next(each for each in warm.cues if each.start >= 4).words[0] == moved[3]


def test_known_moves_do_not_grow_without_end() -> None:
    known = building._moves(PLAIN, Fraction(25))
    known.update({(number,): None for number in range(building.MOST_MOVES + 1)})
    assert building._moves(PLAIN, Fraction(25)) == {}
    assert subtitled(result([]), replace(SubtitleOptions(PLAIN))).cues == ()
