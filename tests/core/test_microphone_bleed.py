"""The same line on two tracks is written once, and nobody else loses a word."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.microphone_bleed import MOMENT, PAUSE, without_bleed
from editor_plugin.core.projection import ProjectedWord
from editor_plugin.core.timeline import Media
from editor_plugin.core.transcript import Word
from tests.core.words import spoken

MS = Fraction(1, 1000)
LINE = "Almost, I only have to find the sound."


def on(track: int, words: list[Word]) -> list[ProjectedWord]:
    media = Media(f"/{track}.wav")
    return [ProjectedWord(word, word, media, track, 0) for word in words]


def mixed(*tracks: list[Word]) -> list[ProjectedWord]:
    """Tracks together, in record order."""
    words = [word for number, track in enumerate(tracks) for word in on(number, track)]
    return sorted(words, key=lambda each: (each.word.start, each.track))


def left(*tracks: list[Word]) -> dict[int, str]:
    """What is written of each track."""
    texts: dict[int, list[str]] = {}
    for each in without_bleed(mixed(*tracks)):
        texts.setdefault(each.track, []).append(each.word.text)
    return {track: " ".join(words) for track, words in texts.items()}


def sure(words: list[Word], confidence: float) -> list[Word]:
    return [replace(word, confidence=confidence) for word in words]


@st.composite
def voices(draw: st.DrawFn, letters: str = "abcdefg", max_size: int = 40) -> list[Word]:
    """Words in their order without overlaps, in utterances of any length."""
    at, words = draw(st.integers(0, 5000)), []
    confidence = draw(st.sampled_from([None, 0.5]))
    for text in draw(st.lists(st.text(letters, min_size=1, max_size=7), max_size=max_size)):
        length = draw(st.integers(50, 600))
        words.append(Word(text, at * MS, (at + length) * MS, confidence))
        at += length + draw(st.sampled_from([0, 40, 300, 700, 3000]))
    return words


def test_the_line_is_written_once_from_the_lower_track() -> None:
    assert left(spoken(LINE), spoken(LINE, Fraction(3, 10))) == {0: LINE}


def test_the_surer_of_two_equal_readings_is_kept() -> None:
    assert left(sure(spoken(LINE), 0.6), sure(spoken(LINE), 0.9)) == {1: LINE}


def test_what_bleeds_in_partly_and_wrongly_goes() -> None:
    bleed = spoken("most I lonely have to find a sound", Fraction(1, 5))
    assert left(bleed, spoken(LINE)) == {1: LINE}
    assert left(spoken(LINE), bleed[:3] + bleed[4:]) == {0: LINE}


def test_pauses_that_only_one_track_has_change_nothing() -> None:
    """Two utterances on one track, one on the other, whose words run on in the pause."""
    first, second = spoken("Good morning everybody,"), spoken("here is the news.", Fraction(17, 10))
    noisy = [
        *spoken("good morning everybody", Fraction(1, 10)),
        Word("here", Fraction(3, 2), Fraction(2)),
        *spoken("is the", Fraction(61, 30)),
    ]
    assert left(first + second, noisy) == {0: "Good morning everybody, here is the news."}


def test_two_people_who_say_different_things_at_once_both_stay() -> None:
    other = "Nobody told me we have to go there today."
    assert left(spoken(LINE), spoken(other, Fraction(1, 10))) == {0: LINE, 1: other}


def test_the_same_answer_at_the_same_instant_is_written_once_and_a_later_one_again() -> None:
    yes = spoken("Yes.")
    assert left(yes, spoken("Yes!", Fraction(1, 5))) == {0: "Yes."}
    assert left(yes, spoken("Yes!", MOMENT)) == {0: "Yes.", 1: "Yes!"}


def test_who_speaks_over_the_bleed_of_another_keeps_all_words() -> None:
    line = spoken("I think that we should leave it until tomorrow then")
    over = [*line[:4], *spoken("no way never", line[5].start), *line[8:]]
    assert left(line, over) == {0: " ".join(word.text for word in line), 1: "no way never"}


def test_what_follows_an_echo_without_a_pause_stays_with_it() -> None:
    both = spoken("Have you got the keys? I have them here.")
    asked = spoken("Have you got the keys?")
    assert left(asked, both) == {1: "Have you got the keys? I have them here."}


def test_of_four_microphones_one_is_written() -> None:
    tracks = [spoken(LINE, Fraction(n, 10)) for n in range(4)]
    assert left(*tracks) == {0: LINE}
    assert left(*(sure(track, n / 10) for n, track in enumerate(tracks, 1))) == {3: LINE}


@given(st.lists(voices(), min_size=1, max_size=4))
def test_words_are_only_left_out_and_stay_in_order(tracks: list[list[Word]]) -> None:
    words = mixed(*tracks)
    kept = iter(words)
    result = without_bleed(words)
    assert all(any(each is other for other in kept) for each in result)
    assert result == without_bleed(words)


@given(st.lists(voices(), min_size=2, max_size=4))
def test_what_is_said_is_written_somewhere(tracks: list[list[Word]]) -> None:
    """At any time at which somebody speaks, somebody's words are left within a moment or two."""
    words = mixed(*tracks)
    result = without_bleed(words)
    for each in words:
        start, end = each.word.start - 3 * MOMENT, each.word.end + 3 * MOMENT
        assert any(other.word.end >= start and other.word.start <= end for other in result)


@given(voices())
def test_one_track_alone_is_unchanged(track: list[Word]) -> None:
    assert without_bleed(mixed([], [], track)) == tuple(mixed([], [], track))


@given(st.lists(voices(), min_size=2, max_size=4))
def test_tracks_that_speak_one_after_the_other_are_unchanged(tracks: list[list[Word]]) -> None:
    at, apart = Fraction(0), []
    for track in tracks:
        apart.append([replace(w, start=w.start + at, end=w.end + at) for w in track])
        at = max([at, *(word.end for word in apart[-1])]) + 2 * MOMENT
    assert without_bleed(mixed(*apart)) == tuple(mixed(*apart))


@given(voices(), st.integers(-320, 320), st.data())
def test_a_copy_with_jitter_vanishes_completely(
    track: list[Word], offset: int, data: st.DataObject
) -> None:
    """Its words in their order: an offset of up to 0.32 s, jitter of two frames of 80 ms."""
    copy: list[Word] = []
    for word in track:
        shift = (offset + data.draw(st.integers(-160, 160))) * MS
        start = max(word.start + shift, copy[-1].start if copy else Fraction(-10))
        copy.append(replace(word, start=start, end=start + word.end - word.start))
    assert without_bleed(mixed(track, copy)) == tuple(on(0, track))


@given(st.tuples(voices("abcdefg"), voices("abcdefg"), voices("tuvwxyz")))
def test_an_independent_voice_never_loses_a_word(tracks: tuple[list[Word], ...]) -> None:
    """Whose words nobody else says."""
    result = [each for each in without_bleed(mixed(*tracks)) if each.track == 2]
    assert result == on(2, tracks[2])


@given(voices(), st.data())
def test_what_echoes_is_cut_at_pauses(track: list[Word], data: st.DataObject) -> None:
    """Bleed of some whole utterances vanishes, the track that it bled from is untouched."""
    utterances: list[list[Word]] = [[]]
    for word in track:
        if utterances[-1] and word.start - utterances[-1][-1].end >= PAUSE:
            utterances.append([])
        utterances[-1].append(word)
    bleed = [word for each in utterances if data.draw(st.booleans()) for word in each]
    assert without_bleed(mixed(track, bleed)) == tuple(on(0, track))
