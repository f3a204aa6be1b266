"""How long a text is on the screen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.styles import CharWeights
from editor_plugin.core.widths import clusters, width

LATIN = CharWeights()
FULL_WIDTH = CharWeights(narrow=0.5, wide=1.0)


@pytest.mark.parametrize(
    ("text", "latin", "full_width"),
    [
        ("", 0, 0),
        ("dawn", 4, 2),
        ("日本語", 6, 3),
        ("ｶﾀｶﾅ", 4, 2),  # half-width katakana
        ("ＡＢ", 4, 2),  # full-width Latin
        ("한국 TV", 7, 3.5),
        ("שָׁלוֹם", 4, 2),  # four letters with points
        ("مَرْحَبًا", 5, 2.5),  # five letters with vowel marks
        ("cafe\u0301", 4, 2),
        ("กำลัง", 4, 2),  # a vowel above counts nothing, a vowel beside does
        ("a\u200fb", 2, 1),  # a direction mark
        ("“so”", 4, 2),
    ],
)
def test_a_text_has_a_width(text: str, latin: float, full_width: float) -> None:
    assert width(text, LATIN) == latin
    assert width(text, FULL_WIDTH) == full_width


@given(st.text(), st.text())
def test_widths_add_up(left: str, right: str) -> None:
    assert width(left + right, FULL_WIDTH) == width(left, FULL_WIDTH) + width(right, FULL_WIDTH)


@given(st.text())
def test_clusters_lose_nothing_and_none_but_the_first_is_a_bare_mark(text: str) -> None:
    parts = clusters(text)
    assert "".join(parts) == text
    assert all(width(part, LATIN) > 0 for part in parts[1:])
