"""The generator of training sentences."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from demo.dialogue import LINES
from demo.sentences import (
    MAX_WORDS,
    MIN_WORDS,
    Writer,
    finish,
    held_out,
    kept_from_training,
    key,
    training_sentences,
)
from demo.words import unknown_words, vocabulary

COUNT = 60_000
OFTEN = 25  # how often each word must come in so many sentences


@pytest.fixture(scope="module")
def sentences() -> list[str]:
    return training_sentences(COUNT)


def test_every_word_is_in_the_vocabulary(sentences: list[str]) -> None:
    assert [s for s in (*sentences, *held_out()) if unknown_words(s)] == []
    assert [line.text for line in LINES if unknown(line.text)] == []


def unknown(text: str) -> list[str]:
    return [word for sentence in re.findall(r"[^.?!]+", text) for word in unknown_words(sentence)]


def test_every_word_comes_often(sentences: list[str]) -> None:
    count = Counter(word for sentence in sentences for word in inner_words(sentence))
    rare = {word: count[word] for word in vocabulary() if count[word] < OFTEN}
    assert rare == {}


def inner_words(sentence: str) -> list[str]:
    """Words as the vocabulary writes them: the capital of the first word undone."""
    words = re.findall(r"[A-Za-z']+", sentence)
    if words[0] not in vocabulary():
        words[0] = words[0][0].lower() + words[0][1:]
    return words


def test_held_out_sentences_and_the_film_are_never_trained_on(sentences: list[str]) -> None:
    assert len(held_out()) == 200
    assert len(set(map(key, held_out()))) == 200
    assert not set(map(key, sentences)) & kept_from_training()
    # The exclusion does something: without it, the generator does say some of them.
    assert {key(line.text) for line in LINES} <= kept_from_training()


def test_what_must_not_be_trained_on_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = training_sentences(50)
    never = frozenset({key(plain[0]), key(plain[7])})
    monkeypatch.setattr("demo.sentences.kept_from_training", lambda: never)
    left = training_sentences(50)
    assert not set(map(key, left)) & never


def test_length_capital_and_mark(sentences: list[str]) -> None:
    for sentence in sentences:
        assert MIN_WORDS <= len(sentence.split()) <= MAX_WORDS
        assert re.fullmatch(r"[A-Z][A-Za-z' ,]*[.?!]", sentence), sentence
        assert "  " not in sentence and " ," not in sentence


def test_all_marks_are_used(sentences: list[str]) -> None:
    share = {mark: sum(mark in s for s in sentences) / COUNT for mark in ".,?!"}
    assert all(share[mark] > 0.05 for mark in ".,?!"), share


def test_the_same_seed_writes_the_same() -> None:
    assert training_sentences(20, seed=5) == training_sentences(20, seed=5)
    assert training_sentences(20, seed=5) != training_sentences(20, seed=6)
    assert Writer(5).write() == Writer(5).write()


def test_a_becomes_an_before_a_vowel() -> None:
    assert finish(["I", "saw", "a", "old", "useful", "egg", "~."]) == "I saw an old useful egg."
    assert finish(["a", "useful", "hat", "~,", "a", "honest", "man", "~!"]) == (
        "A useful hat, an honest man!"
    )
