"""Segmentation in scripts without spaces, and from right to left."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.cues import Cue
from editor_plugin.core.segmentation import segment
from editor_plugin.core.styles import style_named
from editor_plugin.core.transcript import Word
from editor_plugin.core.widths import width
from tests.core.words import spoken

JAPANESE = "昨日の朝、古い港に着いたとき、みんなが話していた船はもうそこにはありませんでした。"
CHINESE = "昨天早上，我们到达旧港口的时候，大家谈论的那艘船已经不在那里了。"
THAI = "เมื่อวานตอนเช้าเรามาถึงท่าเรือเก่าเรือที่ทุกคนพูดถึงไม่ได้อยู่ที่นั่นแล้ว"


def lines_of(cues: tuple[Cue, ...]) -> list[str]:
    return [line for cue in cues for line in cue.lines]


@pytest.mark.parametrize(("language", "text"), [("ja", JAPANESE), ("zh", CHINESE), ("th", THAI)])
@pytest.mark.parametrize("by_character", [True, False])
def test_text_without_spaces_is_broken_and_joined_without_any(
    language: str, text: str, by_character: bool
) -> None:
    style = style_named(f"netflix-{language}")
    words = spoken(" ".join(text) if by_character else text, pace=Fraction(len(text), 5))
    lines = lines_of(segment(words, style, language))
    assert "".join(lines) == text
    assert len(lines) > 1
    assert all(width(line, style.char_weights) <= style.max_chars for line in lines)


@given(st.text("あいかーっゃ、。「」（）漢字カナ", min_size=1, max_size=120))
def test_no_line_begins_or_ends_with_what_must_not_stand_there(text: str) -> None:
    style = style_named("netflix-ja")
    lines = lines_of(segment(spoken(" ".join("港" + each for each in text)), style, "ja"))
    assert not [line for line in lines if line[0] in style.no_line_start]
    lines = lines_of(segment(spoken(" ".join(each + "港" for each in text)), style, "ja"))
    assert not [line for line in lines if line[-1] in style.no_line_end]


def test_forbidden_breaks_are_avoided_between_characters() -> None:
    style = style_named("netflix-ja")
    for start in range(1, 14):
        text = "漢" * start + "「カッター」、" + "港" * 14
        lines = lines_of(segment(spoken(" ".join(text)), style, "ja"))
        assert not [line for line in lines if line[0] in style.no_line_start], lines
        assert not [line for line in lines if line[-1] in style.no_line_end], lines


def test_chinese_cues_end_at_its_punctuation() -> None:
    lines = lines_of(segment(spoken(CHINESE), style_named("netflix-zh"), "zh"))
    assert lines == ["昨天早上，我们到达旧港口的时候，", "大家谈论的那艘船已经不在那里了。"]


def test_latin_words_in_japanese_keep_their_space_and_are_not_cut() -> None:
    style = style_named("netflix-ja")
    assert lines_of(segment(spoken("港 Blue Harbour 港"), style, "ja")) == ["港Blue Harbour港"]
    phrase = Word("港の名前はBlueHarbour1998だと彼は言った", Fraction(0), Fraction(6))
    assert any("BlueHarbour1998" in line for line in lines_of(segment([phrase], style, "ja")))


def test_right_to_left_text_stays_in_logical_order_with_its_marks() -> None:
    text = "عندما وصلنا إلى الميناء القديم في الصباح، لم تكن السَّفينةُ الكبيرةُ في مكانِها."
    style = style_named("netflix-ar")
    lines = lines_of(segment(spoken(text), style, "ar"))
    assert " ".join(lines) == text
    assert lines[0].endswith("الصباح،")
    assert style.direction == "rtl"


def test_a_korean_line_holds_sixteen_syllables_and_spaces_count_half() -> None:
    style = style_named("netflix-ko")
    fits = "우리가 오래된 항구에 도착했을 때"  # 14 syllables, 4 spaces
    assert lines_of(segment(spoken(fits), style, "ko")) == [fits]
    assert len(lines_of(segment(spoken(fits + "쯤"), style, "ko"))) == 2
