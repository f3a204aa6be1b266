"""How good a place a gap is, and the word lists behind it."""

from __future__ import annotations

from dataclasses import fields

import pytest

from editor_plugin.core.boundaries import ends_sentence, evidence, rate
from editor_plugin.core.boundary_weights import WITH_LEXICON, WITHOUT, Weights
from editor_plugin.core.languages import LEXICONS, Lexicon, lexicon
from editor_plugin.core.styles import PLAIN
from tests.core.words import spoken


def ratings(text: str, language: str | None = "en") -> dict[str, float]:
    """How good a place for the end of a cue each word but the last is."""
    words = spoken(text)
    known = lexicon(language)
    found = rate(words, PLAIN, known, WITH_LEXICON if known else WITHOUT).cue
    return {word.text: value for word, value in zip(words, found, strict=False)}


def test_a_sentence_closes_more_than_a_comma_and_a_comma_more_than_nothing() -> None:
    for language in ("en", "de", None, "xx"):
        found = ratings("port. Light, harbour camera", language)
        assert found["port."] > found["Light,"] > found["harbour"]


@pytest.mark.parametrize(
    ("better", "worse", "text"),
    [
        ("key", "on", "the key on tables"),
        ("harbour", "the", "in the harbour because ships"),
        ("boats", "and", "boats and harbours"),
        ("camera", "was", "the camera was running"),
        ("ship", "that", "a ship that sank"),
        ("know", "I", "know I went"),
    ],
)
def test_small_words_stay_with_what_follows(better: str, worse: str, text: str) -> None:
    found = ratings(text)
    assert found[better] > found[worse]


def test_a_closing_quotation_mark_hides_no_full_stop() -> None:
    assert ends_sentence("harbour.”") and ends_sentence("港。」")
    assert not ends_sentence("harbour,”") and not ends_sentence("harbour")


def test_all_evidence_that_there_is_has_a_weight() -> None:
    """Word lists of any language must not make evidence that no weight knows."""
    classes = [field.name for field in fields(Lexicon)]
    made = Lexicon(**{name: name for name in classes})
    texts = [*classes, "content", "content,", *classes, "Name", "Name", "content;", "x", "y", "z--"]
    mixed = [text for one in texts for other in ("content", *classes) for text in (one, other)]
    seen = {name for found in evidence(mixed, made) for name in found}
    never_seen = {"before genitive", "before particle", "after relative"}
    assert seen - set(WITH_LEXICON.gaps) - never_seen == set()
    unknown = {name for found in evidence(mixed, None) for name in found}
    assert unknown - set(WITHOUT.gaps) == set()


def test_no_weight_is_for_evidence_that_never_comes() -> None:
    words = " ".join(getattr(LEXICONS["en"], field.name) for field in fields(Lexicon)).split()
    mixed = [
        text for word in words for text in (word, "camera", "Film", "Set", "lamp,", word + ",")
    ]
    mixed += [
        "lamp,",
        "and",
        "film,",
        "now,",
        "lamp;",
        "lamp",
        "--",
        "lamp.",
        "the",
        "old",
        "lamp",
        "of",
        "you",
        "see",
        "lamp",
        "of",
    ]
    mixed += [text for word in words for other in words[::7] for text in (word, "lamp", other)]
    seen = {name for found in evidence(mixed, LEXICONS["en"]) for name in found}
    assert set(WITH_LEXICON.gaps) - seen == set()


def test_other_weights_may_be_tried() -> None:
    words = spoken("one two")
    tried = Weights({"any": (2.5, 0.5)}, WITHOUT.shape)
    found = rate(words, PLAIN, None, tried)
    assert (found.cue, found.line) == ([2.5], [0.5])


@pytest.mark.parametrize("language", LEXICONS)
def test_word_lists_are_lower_case_and_hold_each_word_once(language: str) -> None:
    for field in fields(Lexicon):
        words = getattr(LEXICONS[language], field.name).split()
        assert words == [word.lower() for word in words]
        assert sorted(words) == sorted(set(words)), f"{language}, {field.name}"


@pytest.mark.parametrize(
    ("language", "word", "opens", "closes"),
    [
        ("en", "I'm", "subject", "auxiliary"),
        ("en", "Don’t,", "negation", "negation"),
        ("en", "captain's", None, "genitive"),
        ("fr", "l’homme", "article", None),
        ("fr", "d'un", "preposition", "article"),
        ("fr", "«Qu'il", "subordinator", "subject"),
        ("it", "dell'acqua", "preposition", None),
        ("de", "und", "coordinator", "coordinator"),
        ("nl", "'t", "article", "article"),
        ("pt-BR", "não", "negation", "negation"),
        ("es", "¿Dónde", "relative", "relative"),
        ("pl", "który", "relative", "relative"),
    ],
)
def test_a_word_is_known_from_both_sides(
    language: str, word: str, opens: str | None, closes: str | None
) -> None:
    known = lexicon(language)
    assert known is not None
    assert (opens in known.opening(word)) if opens else not known.opening(word)
    assert (closes in known.closing(word)) if closes else not known.closing(word)


def test_unknown_languages_have_no_lexicon() -> None:
    assert lexicon(None) is None and lexicon("xx") is None and lexicon("ja-JP") is None
