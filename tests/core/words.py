"""Words to test with: plain sentences at an even pace, and Hypothesis strategies."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import strategies as st

from editor_plugin.core.transcript import Word


def spoken(text: str, start: Fraction = Fraction(0), pace: Fraction = Fraction(1, 3)) -> list[Word]:
    """The words of `text`, one every `pace` seconds, each lasting three quarters of it."""
    return [
        Word(each, start + pace * number, start + pace * (number + Fraction(3, 4)))
        for number, each in enumerate(text.split())
    ]


@st.composite
def word_lists(draw: st.DrawFn, max_size: int = 60) -> list[Word]:
    """Words in time order, on the 16 kHz grid, with any text, pauses, and some very long words."""
    texts = draw(
        st.lists(
            st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1, max_size=14)
            | st.sampled_from(["end.", "so,", "What?", "x" * 43, "y" * 130, "—", "日本語"]),
            max_size=max_size,
        )
    )
    at, words = 0, []
    for text in texts:
        at += draw(st.sampled_from([0, 0, 160, 1600, 8000, 24000, 80000]) | st.integers(0, 5000))
        length = draw(st.integers(0, 16000))
        words.append(Word(text, Fraction(at, 16000), Fraction(at + length, 16000)))
        at += length
    return words
