"""Names that every system takes, and that lead nowhere else."""

from __future__ import annotations

import os
import unicodedata
from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.engine.plain_names import is_plain, is_too_long, plain_stem

ANYTHING = st.text(st.characters(codec=None), max_size=12)
HOSTILE = st.text(st.sampled_from("./\\:\0\n conCON$1\u202ex\ud800"), max_size=12)


@given(ANYTHING | HOSTILE)
def test_a_name_that_is_taken_stays_in_its_folder(name: str) -> None:
    if is_plain(name):
        place = Path("folder", name)
        assert place.name == name and os.path.normpath(place) == str(place)
        assert PureWindowsPath("folder", name).name == name
        assert not PureWindowsPath(name).is_reserved() and name.encode()


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "..", ".hidden", "../a", "a/b", "a\\b", "/a", "C:a", "a\0", "a\n", "a\ud800"),
        *("CON", "con.edl", "nul .x.xml", "LPT1.mov", "conin$"),
    ],
)
def test_what_is_no_plain_name_is_none(name: str) -> None:
    assert not is_plain(name)


@given(ANYTHING | HOSTILE | st.text(min_size=100, max_size=300))
def test_a_stem_is_made_of_any_text(text: str) -> None:
    stem = plain_stem(text)
    assert is_plain(stem + ".srt") and is_plain(stem) and not is_too_long(stem)
    assert stem == stem.strip(" .") == plain_stem(stem)
    assert not set(stem) & set('<>:"/\\|?*\u202e\u2066\u200f')


@pytest.mark.parametrize("text", ["Interview – „neu“", "日本語", "a'b;c", "x.y", "con2", "e\u0301"])
def test_a_plain_stem_stays_as_it_is(text: str) -> None:
    assert plain_stem(text) == unicodedata.normalize("NFC", text)
