"""How good a place a gap is, and the word lists behind it."""

from __future__ import annotations

from dataclasses import fields

import pytest

from editor_plugin.core.boundaries import ends_sentence, evidence, rate
from editor_plugin.core.boundary_weights import WITH_LEXICON, WITHOUT, Weights
from editor_plugin.core.languages import LEXICONS, Lexicon, guess, lexicon
from editor_plugin.core.styles import PLAIN, style_named
from editor_plugin.core.utterances import Utterance
from tests.core.words import spoken


def ratings(text: str, language: str | None = "en") -> dict[str, float]:
    """How good a place for the end of a cue each word but the last is."""
    words = spoken(text)
    known = lexicon(language)
    found = rate(Utterance.of(words), PLAIN, known, WITH_LEXICON if known else WITHOUT).cue
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


def test_the_script_forbids_and_favours() -> None:
    japanese = style_named("netflix-ja")
    found = rate(Utterance.of(spoken("港 に 行 「 船 」 、 船")), japanese, None, WITHOUT).line
    _, best, _, after_opening, before_closing, before_comma, _ = found
    assert max(after_opening, before_closing, before_comma) < -20
    assert best == max(found[:5]) and found[0] < 0
    assert ratings("so we -- went")["we"] < -20
    assert ratings("so we - went")["we"] > -20


def test_shapes_go_with_the_length_of_a_style_s_lines() -> None:
    shape, shorts = WITHOUT.shape, style_named("shorts")
    assert shape.scaled(shorts).one_line(24) == pytest.approx(shape.one_line(42))
    assert shape.scaled(shorts).uneven == pytest.approx(shape.uneven * 42 / 24)


def test_other_weights_may_be_tried() -> None:
    words = spoken("one two")
    tried = Weights({"any": (2.5, 0.5)}, WITHOUT.shape)
    found = rate(Utterance.of(words), PLAIN, None, tried)
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


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "The crew had left the harbour before it was light, and nobody saw them."),
        ("de", "Als wir in den alten Hafen kamen, lag das Schiff nicht mehr an seinem Platz."),
        ("fr", "Le bateau dont tout le monde parlait n'était plus à sa place."),
        ("es", "El barco del que todos hablaban ya no estaba en su sitio."),
        ("it", "La barca di cui tutti parlavano non era più al suo posto."),
        ("pt", "O barco de que todos falavam já não estava no seu lugar."),
        ("nl", "Het schip waar iedereen over had gesproken lag niet meer op zijn plaats."),
        ("pl", "Statku, o którym wszyscy mówili, już tam nie było."),
        (None, "Skeppet som alla hade talat om låg inte längre på sin plats."),
        (None, "Loď, o které všichni mluvili, už tam nebyla."),
        (None, "昨日の朝 古い港に 着いたとき"),
        (None, "Stop."),
        (None, ""),
    ],
)
def test_a_language_is_told_by_its_small_words(language: str | None, text: str) -> None:
    assert guess(text.split()) == language
    assert guess(text.split() * 2000) == language or language is None
