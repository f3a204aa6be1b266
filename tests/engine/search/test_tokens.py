"""What of a text is searched: the same letters, however they are written."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.engine.search.tokens import LONGEST, tokens


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("“Grüße,", ["grusse"]),
        ("don’t", ["don", "t"]),
        ("L'été", ["l", "ete"]),
        ("Łódź", ["lodz"]),
        ("İstanbul ısı", ["istanbul", "isi"]),
        ("Ёлка й", ["елка", "и"]),
        ("ΟΔΥΣΣΕΎΣ", ["οδυσσευσ"]),
        ("ＡＢＣ１２", ["abc12"]),
        ("3.5%", ["3", "5"]),
        ("שָׁלוֹם", ["שלום"]),
        ("مُحَمَّد", ["محمد"]),
        ("हिन्दी", ["हिन्दी"]),
        ("안녕하세요", ["안녕하세요"]),
        ("今日は天気", ["今", "日", "は", "天", "気"]),
        ("がＡガ", ["が", "a", "ガ"]),
        ("ที่นี่", ["ที่", "นี่"]),
        ("iPhone15発売", ["iphone15", "発", "売"]),
        ("— … ♪", []),
        ("a\0b\ud800c", ["a", "b", "c"]),
        ("x" * 100, ["x" * LONGEST]),
    ],
)
def test_a_text_becomes_its_letters(text: str, found: list[str]) -> None:
    assert list(tokens(text)) == found


@given(st.text())
def test_sqlite_takes_the_tokens_as_they_are(text: str) -> None:
    """The tokenizer of the index breaks none and joins none."""
    said = list(tokens(text))
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE VIRTUAL TABLE t USING fts5(said, tokenize='ascii')")
        db.execute("CREATE VIRTUAL TABLE v USING fts5vocab(t, instance)")
        db.execute("INSERT INTO t (said) VALUES (?)", (" ".join(said),))
        found = [row[0] for row in db.execute("SELECT term FROM v ORDER BY offset")]
    assert found == said


@given(st.text())
def test_what_was_shown_is_found_again(text: str) -> None:
    """Tokens of tokens are the same, as of a text that somebody copies from a hit."""
    said = tokens(text)
    assert [each for token in said for each in tokens(token)] == list(said)
