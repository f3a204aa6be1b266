"""The vocabulary and its forms."""

from __future__ import annotations

import pytest

from demo.words import plural, sections, unknown_words, verb, vocabulary


def test_it_has_at_least_1500_words() -> None:
    assert len(vocabulary()) >= 1500


def test_all_are_plain_words() -> None:
    assert all(word.replace("'", "").isalpha() and word.isascii() for word in vocabulary())


@pytest.mark.parametrize(
    ("entry", "one", "many"),
    [
        ("dog", "dog", "dogs"),
        ("box", "box", "boxes"),
        ("city", "city", "cities"),
        ("day", "day", "days"),
        ("leaf/leaves", "leaf", "leaves"),
    ],
)
def test_plurals(entry: str, one: str, many: str) -> None:
    assert plural(entry) == (one, many)


@pytest.mark.parametrize(
    ("entry", "forms"),
    [
        ("look", "look looks looked looked looking"),
        ("love", "love loves loved loved loving"),
        ("agree", "agree agrees agreed agreed agreeing"),
        ("carry", "carry carries carried carried carrying"),
        ("stay", "stay stays stayed stayed staying"),
        ("wash", "wash washes washed washed washing"),
        ("hide/hides/hid/hidden/hiding", "hide hides hid hidden hiding"),
        ("read/reads/-/-/reading", "read reads reading"),
    ],
)
def test_verb_forms(entry: str, forms: str) -> None:
    assert " ".join(verb(entry).forms()) == forms


def test_words_that_sound_alike_are_words_of_the_vocabulary() -> None:
    others = {name: words for name, words in sections().items() if name != "sounding alike"}
    plain = {form for words in others.values() for form in words}
    inflected = vocabulary() - plain
    assert set(sections()["sounding alike"]) <= plain | inflected
    assert "scene" in vocabulary()


def test_a_word_outside_is_found() -> None:
    assert unknown_words("The dog ate my xylophone.") == ["xylophone"]
    assert unknown_words("Xylophone music is lovely.") == ["Xylophone"]
    assert unknown_words("Sam and the dog.") == []
    assert unknown_words("the sam") == ["sam"]
