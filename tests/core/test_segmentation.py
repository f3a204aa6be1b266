"""Words to cues: nothing lost, nothing too long, and breaks where a reader would make them."""

from __future__ import annotations

import itertools
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core import segmentation
from editor_plugin.core.boundaries import ends_sentence
from editor_plugin.core.cues import Cue
from editor_plugin.core.segmentation import break_lines, segment
from editor_plugin.core.styles import PLAIN, STYLES, Style, style_named
from editor_plugin.core.transcript import Word
from editor_plugin.core.utterances import Utterance
from editor_plugin.core.widths import width
from tests.core.words import spoken, word_lists

ANY_STYLE = st.sampled_from(STYLES)
LANGUAGES = st.sampled_from(["en", "de", "fr", "pl", "ja", None])

HARBOUR = (
    "When the light over the harbour finally turned from grey to gold, the whole crew stopped "
    "talking, and for a moment nobody remembered that the camera was still running."
)


def lines_of(cues: tuple[Cue, ...]) -> list[tuple[str, ...]]:
    return [cue.lines for cue in cues]


@given(word_lists(), ANY_STYLE, LANGUAGES)
def test_every_word_is_kept_in_order(words: list[Word], style: Style, language: str | None) -> None:
    cues = segment(words, style, language)
    said = "".join(word.text for word in words)
    assert "".join(cue.text for cue in cues).replace(" ", "").replace("\n", "") == said
    assert "".join(word.text for cue in cues for word in cue.words) == said


@given(word_lists(), ANY_STYLE, LANGUAGES)
def test_no_cue_is_larger_than_the_style_allows(
    words: list[Word], style: Style, language: str | None
) -> None:
    for cue in segment(words, style, language):
        assert 1 <= len(cue.lines) <= style.max_lines
        assert all(width(line, style.char_weights) <= style.max_chars for line in cue.lines)
        assert all(line for line in cue.lines)
        assert style.words_per_cue is None or len(cue.words) <= style.words_per_cue


@given(word_lists(), ANY_STYLE)
def test_a_cue_lasts_from_its_first_word_to_its_last(words: list[Word], style: Style) -> None:
    cues = segment(words, style, "en")
    for cue in cues:
        assert (cue.start, cue.end) == (cue.words[0].start, cue.words[-1].end)
    assert all(a.end <= b.start for a, b in itertools.pairwise(cues))


@given(word_lists(), ANY_STYLE)
def test_no_cue_holds_a_long_pause(words: list[Word], style: Style) -> None:
    for cue in segment(words, style):
        pauses = [b.start - a.end for a, b in itertools.pairwise(cue.words)]
        assert all(pause < style.pause for pause in pauses)


@given(word_lists(), ANY_STYLE, LANGUAGES)
def test_cutting_the_words_of_cues_again_gives_the_same_cues(
    words: list[Word], style: Style, language: str | None
) -> None:
    cues = segment(words, style, language)
    again = segment([word for cue in cues for word in cue.words], style, language)
    assert again == cues


@given(word_lists(), st.integers(1, 8))
def test_no_cue_holds_two_speakers(words: list[Word], turn: int) -> None:
    told = [replace(word, speaker="AB"[number // turn % 2]) for number, word in enumerate(words)]
    for cue in segment(told, PLAIN, "en"):
        assert len({word.speaker for word in cue.words}) == 1


def test_the_work_grows_with_the_length_and_no_faster(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = 0
    best_below = segmentation._Text._best_below

    def counted(text: segmentation._Text, above: list[object], last: int) -> object:
        nonlocal asked
        asked += len(above)
        return best_below(text, above, last)  # type: ignore[arg-type]

    monkeypatch.setattr(segmentation._Text, "_best_below", counted)
    work = []
    for times in (5, 40):
        asked = 0
        segment(spoken(" ".join([HARBOUR] * times)), PLAIN, "en")
        work.append(asked)
    assert 7 < work[1] / work[0] < 9


def test_a_short_sentence_is_one_line() -> None:
    (cue,) = segment(spoken("We open on the harbour at dawn."), PLAIN)
    assert cue.lines == ("We open on the harbour at dawn.",)


def test_cues_and_lines_end_where_clauses_and_phrases_do() -> None:
    assert lines_of(segment(spoken(HARBOUR), PLAIN, "en")) == [
        ("When the light over the harbour", "finally turned from grey to gold,"),
        ("the whole crew stopped talking,",),
        ("and for a moment nobody remembered", "that the camera was still running."),
    ]


def test_without_a_language_the_words_tell_it() -> None:
    text = (
        "Quando la mattina dopo siamo arrivati al vecchio porto, la barca di cui tutti parlavano "
        "non era più al suo posto e nessuno sapeva dirci dove fosse andata."
    )
    assert segment(spoken(text), PLAIN) == segment(spoken(text), PLAIN, "it")
    assert segment(spoken(text), PLAIN) != segment(spoken(text), PLAIN, "und")


LEANING = {
    "en": "the a of to in on from and that was had nobody",
    "de": "der die das dem den im auf in von und",
    "fr": "le la les de du sur à dans a et que",
    "es": "el la los de en por y que no se",
    "it": "il la dei di della sul in ha e che",
    "pt": "o a os de da em num e que não",
    "nl": "de het een op in van aan en dat",
    "pl": "w na do i z nie się o",
}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "He left the key on the table of the old captain"),
        ("en-GB", "The people on the island had seen the ship that was lost"),
        ("de", "Niemand auf der Insel wusste von dem Schiff im alten Hafen"),
        ("fr", "Le capitaine a laissé la clé sur la table de la cuisine"),
        ("es", "El capitán dejó la llave en la mesa de la cocina vieja"),
        ("it", "Il capitano ha lasciato la chiave sul tavolo della cucina"),
        ("pt", "O capitão deixou a chave em cima da mesa da cozinha velha"),
        ("nl", "De kapitein liet de sleutel op de tafel in de keuken liggen"),
        ("pl", "Kapitan zostawił klucz na stole w kuchni starego domu"),
    ],
)
def test_no_line_ends_with_a_word_that_leans_on_the_next(language: str, text: str) -> None:
    (cue,) = segment(spoken(text), PLAIN, language)
    upper, lower = cue.lines
    assert upper.split()[-1].lower() not in LEANING[language[:2]].split()
    assert f"{upper} {lower}" == text


def test_two_sentences_that_do_not_fit_together_part_at_the_full_stop() -> None:
    text = (
        "The first scene shows the old harbour and the boats. "
        "Then the camera moves slowly to the window above it."
    )
    first, second = segment(spoken(text), PLAIN)
    assert first.text.endswith("boats.") and second.text.startswith("Then")


def test_a_style_may_want_one_sentence_a_cue() -> None:
    words = spoken("I saw him. He was at the harbour.", pace=Fraction(1, 2))
    free = replace(PLAIN, min_duration=Fraction(0))
    single = replace(free, one_sentence_per_cue=True)
    for cue in segment(words, single, "en"):
        assert not any(ends_sentence(word.text) for word in cue.words[:-1])
    yes = spoken("Yes. No.", pace=Fraction(1, 20))
    assert lines_of(segment(yes, replace(single, min_duration=Fraction(5)), "en")) == [
        ("Yes. No.",)
    ]


def test_a_pause_ends_a_cue_even_in_mid_sentence() -> None:
    words = spoken("And then") + spoken("he fell.", start=Fraction(4))
    assert [cue.text for cue in segment(words, PLAIN)] == ["And then", "he fell."]


def test_a_silence_of_exactly_the_pause_ends_a_cue_before_the_last_word() -> None:
    for silence, count in ((PLAIN.pause, 2), (PLAIN.pause - Fraction(1, 100), 1)):
        words = [Word("the", Fraction(0), Fraction(1)), Word("end", 1 + silence, 3 + silence)]
        short = replace(PLAIN, min_duration=Fraction(7))  # so that only the pause parts them
        assert len(segment(words, short, "en")) == count


def test_a_breath_moves_the_end_of_a_cue() -> None:
    text = "we went down to the boats and the captain told us about his brother in the north"
    left = "we went down to the boats and the captain"
    plain = spoken(text)
    breath = [
        word if at < len(left.split()) else replace(word, start=word.start + 1, end=word.end + 1)
        for at, word in enumerate(plain)
    ]
    assert segment(plain, PLAIN, "en")[0].text.replace("\n", " ") != left
    assert segment(breath, PLAIN, "en")[0].text.replace("\n", " ") == left


def haste(text: str, pace: Fraction, style: Style) -> float:
    """What one cue of the whole text costs."""
    words = spoken(text, pace=pace)
    return segmentation._Text(Utterance.of(words), style, "en").haste(0, len(words) - 1)


def test_haste_costs_beyond_each_limit_and_nothing_within() -> None:
    text = "Yes. The extraordinary harbourmaster remembered"
    none = replace(PLAIN, max_cps=None, min_duration=Fraction(0), linger=Fraction(0))
    fast, slow = Fraction(1, 5), Fraction(1)
    assert haste(text, fast, none) == 0
    assert haste(text, fast, replace(none, max_cps=Fraction(20))) > 0
    assert haste(text, slow, replace(none, max_cps=Fraction(20))) == 0
    assert haste(text, fast, replace(none, max_wpm=Fraction(180))) > 0
    assert haste(text, slow, replace(none, max_wpm=Fraction(180))) == 0
    assert haste(text, fast, replace(none, min_duration=Fraction(2))) > 0
    assert haste(text, fast, replace(none, min_duration=Fraction(2), linger=Fraction(2))) == 0
    assert haste(text, slow, replace(none, max_duration=Fraction(2))) > 0
    assert haste(text, slow, replace(none, one_sentence_per_cue=True)) > 0
    assert haste(text[5:], slow, replace(none, one_sentence_per_cue=True)) == 0


def test_fast_speech_and_long_speech_make_shorter_cues() -> None:
    slow = spoken("so we waited there and nothing came at all", pace=Fraction(2))
    cues = segment(slow, PLAIN, "en")
    assert all(cue.end - cue.start <= PLAIN.max_duration for cue in cues)


def test_the_lower_of_two_lines_is_the_longer_where_a_style_wants_it() -> None:
    words = ["abcdefghi"] * 5  # 2 + 3 or 3 + 2
    top, bottom = break_lines(words, PLAIN) or ("", "")
    assert len(top) < len(bottom)


def test_lines_break_after_a_comma_rather_than_in_a_phrase() -> None:
    text = "When the light goes down, we turn the camera to the door"
    lines = ("When the light goes down,", "we turn the camera to the door")
    assert break_lines(text.split(), PLAIN) == lines
    assert break_lines(text.split(), PLAIN, "en") == lines


def test_a_word_longer_than_a_line_is_cut_into_pieces_in_time() -> None:
    (word,) = spoken("a" * 100, pace=Fraction(4))
    pieces = [piece for cue in segment([word], PLAIN) for piece in cue.words]
    assert [len(piece.text) for piece in pieces] == [42, 42, 16]
    assert pieces[0].start == word.start and pieces[-1].end == word.end
    assert all(a.end == b.start for a, b in itertools.pairwise(pieces))


def test_nothing_said_gives_no_cue() -> None:
    assert segment([], PLAIN) == ()
    assert segment([Word(" ", Fraction(0), Fraction(1))], PLAIN) == ()


def test_a_word_with_space_in_it_stays_on_one_line() -> None:
    (cue,) = segment([Word(" New\nYork ", Fraction(0), Fraction(1))], PLAIN)
    assert cue.lines == ("New York",)


@pytest.mark.parametrize("lines", [1, 2, 3])
def test_a_style_sets_how_many_lines_there_are(lines: int) -> None:
    style = Style(max_chars=12, max_lines=lines)
    text = "one two three four five six seven eight nine ten"
    assert max(len(cue.lines) for cue in segment(spoken(text), style)) == lines


def test_karaoke_shows_one_word_at_a_time() -> None:
    cues = segment(spoken("One word at a time."), style_named("karaoke"), "en")
    assert [cue.text for cue in cues] == ["One", "word", "at", "a", "time."]


def test_words_that_no_layout_holds_have_none() -> None:
    assert break_lines(["x" * 43], PLAIN) is None
    assert break_lines(["x" * 40, "y" * 40, "z" * 5], PLAIN) is None
    assert break_lines([], PLAIN) is None
