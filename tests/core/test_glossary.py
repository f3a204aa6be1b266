"""Terms in the words of a source."""

from __future__ import annotations

from collections.abc import Collection
from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.glossary import Term, apply_terms
from editor_plugin.core.transcript import Word
from tests.core.words import spoken


def put(text: str, *terms: tuple[str, str], by_hand: Collection[int] = ()) -> str:
    words = apply_terms(spoken(text), [Term(*term) for term in terms], by_hand)
    return " ".join(word.text for word in words)


@pytest.mark.parametrize(
    ("said", "wrong", "right", "written"),
    [
        ("I saw zoey.", "Zoey", "Zoë", "I saw Zoë."),
        ("“Zoey,” he said", "zoey", "Zoë", "“Zoë,” he said"),
        ("in new york, today", "New York", "New York City", "in New York City, today"),
        ("the nemo model", "nemo", "NeMo", "the NeMo model"),
        ("Color is all. Which color?", "color", "colour", "Colour is all. Which colour?"),
        ("I use C++, too", "c++", "Rust", "I use Rust, too"),
        ("Zoeys and Zoey", "zoey", "Zoë", "Zoeys and Zoë"),
        ("that is new. York is old", "new york", "NY", "that is new. York is old"),
        ("it is Acme inc.", "acme inc", "ACME Inc.", "it is ACME Inc."),
        ("we go to saint louis", "Saint Louis", "St. Louis", "we go to St. Louis"),
    ],
)
def test_a_term_is_put_right(said: str, wrong: str, right: str, written: str) -> None:
    assert put(said, (wrong, right)) == written


def test_the_longest_match_wins() -> None:
    terms = ("new", "old"), ("new york city", "NYC"), ("new york", "NY")
    assert put("new york city in new york is new", *terms) == "NYC in NY is old"


def test_a_right_that_holds_the_wrong_ends() -> None:
    assert put("york york", ("york", "New York")) == "New York New York"


def test_words_by_hand_are_left_alone() -> None:
    assert put("zoey and zoey", ("zoey", "Zoë"), by_hand={0}) == "zoey and Zoë"
    assert put("new york", ("new york", "NY"), by_hand={1}) == "new york"


def test_a_term_does_not_reach_across_speakers() -> None:
    words = [Word("new", F(0), F(1), None, "Ann"), Word("york", F(1), F(2), None, "Bob")]
    assert apply_terms(words, [Term("new york", "NY")]) == tuple(words)


def test_times_and_confidence() -> None:
    words = [Word("new", F(0), F(1), 0.9), Word("york", F(1), F(2), 0.4), Word("x", F(3), F(4))]
    (one, rest) = apply_terms(words, [Term("new york", "NY")])
    assert one == Word("NY", F(0), F(2), 0.4) and rest == words[2]
    assert apply_terms(words[:1], [Term("new", "new")]) == (words[0],)


def test_a_term_of_punctuation_only_is_none() -> None:
    assert put("a — b", ("—", "x"), ("", "y")) == "a — b"


texts = st.sampled_from(["new", "New", "york,", "city.", "a", "—"])


@given(st.lists(texts, max_size=12), st.lists(st.tuples(texts, texts), max_size=4))
def test_words_without_a_term_stay_as_they_are(
    said: list[str], terms: list[tuple[str, str]]
) -> None:
    words = spoken(" ".join(said))
    got = apply_terms(words, [Term(*term) for term in terms])
    assert len(got) == len(words)
    assert [(w.start, w.end) for w in got] == [(w.start, w.end) for w in words]
    wrong = {term[0].strip(",.").lower() for term in terms}
    for word, other in zip(words, got, strict=True):
        assert word == other or word.text.strip(",.").lower() in wrong
