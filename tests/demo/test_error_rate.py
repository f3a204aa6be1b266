"""Word error rates."""

from __future__ import annotations

import pytest

from demo.training.error_rate import error_rate, plain_words, word_errors


@pytest.mark.parametrize(
    ("said", "heard", "errors"),
    [
        ("a b c", "a b c", 0),
        ("a b c", "a x c", 1),
        ("a b c", "a c", 1),
        ("a b c", "a b b c", 1),
        ("a b c", "", 3),
        ("", "a", 1),
        ("all ready now", "already now then", 3),
    ],
)
def test_fewest_errors(said: str, heard: str, errors: int) -> None:
    assert word_errors(said.split(), heard.split()) == errors


def test_rate_is_over_all_words_not_over_sentences() -> None:
    pairs = [(["a"], ["b"]), (["a"] * 9, ["a"] * 9)]
    assert error_rate(pairs) == pytest.approx(0.1)


def test_plain_words_have_no_case_and_no_marks() -> None:
    assert plain_words("Well, DON'T go!") == ["well", "don't", "go"]
