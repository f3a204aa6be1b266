"""From edited cues to corrections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction as F

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.corrections import Correction, apply
from editor_plugin.core.cues import Cue
from editor_plugin.core.edits import Difference, difference
from editor_plugin.core.provenance import Provenance, ProvenanceCue, ProvenanceWord
from editor_plugin.core.timeline import Span
from editor_plugin.core.transcript import Word
from tests.core.provenances import cues_of, cut, made_of_words, said, timeline_of
from tests.core.words import spoken

SAID = spoken("Zoey went to the harbour and um saw a ship", pace=F(1))
MADE = made_of_words(SAID)  # Zoey went / to | the harbour / and | um saw / a | ship


def edited(*texts: str, made: Provenance = MADE) -> list[Cue]:
    """The made cues with other texts; a text of "" deletes a cue."""
    pairs = zip(cues_of(made), texts, strict=True)
    return [replace(cue, lines=tuple(text.split("\n"))) for cue, text in pairs if text]


def short(got: Difference) -> list[tuple[str, str]]:
    return [(" ".join(c.correction.before), c.correction.after) for c in got.changes]


def written(words: Sequence[Word], got: Difference) -> list[str]:
    return [word.text for word in apply(words, [c.correction for c in got.changes]).words]


def test_an_unchanged_file_has_no_difference() -> None:
    assert difference(MADE, cues_of(MADE)) == Difference((), (), 1.0)


@pytest.mark.parametrize(
    ("texts", "changes"),
    [
        (("Zoë went\nto", "the harbour\nand", "um saw\na", "ship"), [("Zoey", "Zoë")]),
        (("Zoey went\nto", "the harbour,\nand", "um saw\na", "ship"), [("harbour", "harbour,")]),
        (("zoey went\nto", "the harbour\nand", "um saw\na", "Ship"), [("Zoey", "zoey"),
                                                                     ("ship", "Ship")]),
        (("Zoey went\nout to", "the harbour\nand", "um saw\na", "ship"), [("went", "went out")]),
        (("So Zoey went\nto", "the harbour\nand", "um saw\na", "ship"), [("Zoey", "So Zoey")]),
        (("Zoey went\nto", "the harbour\nand", "saw\na", "ship"), [("um", "")]),
        (("Zoey went\nto", "the harbour\nand", "", "ship"), [("um saw a", "")]),
        (("Zoey went\nto", "the harbour\nand", "He was not\nthere at all.", "ship"),
         [("um saw a", "He was not there at all.")]),
        (("Zoey's gone\nto", "the harbour\nand", "um saw\na", "ship"),
         [("Zoey", "Zoey's"), ("went", "gone")]),
        (("Zoey went\nto", "the\nharbour and um saw a", "", "big ship"), [("ship", "big ship")]),
    ],
)  # fmt: skip
def test_what_reads_differently_is_a_correction(
    texts: tuple[str, ...], changes: list[tuple[str, str]]
) -> None:
    got = difference(MADE, edited(*texts))
    assert short(got) == changes
    assert written(SAID, got) == said(edited(*texts))


def test_a_correction_names_its_source_its_span_and_when_it_is_seen() -> None:
    made = timeline_of(cut(SAID[:3], F(100)), cut(SAID[5:8], F(103)))
    got = difference(made, edited("Zoey went to", "and uh saw", made=made))
    (change,) = got.changes
    assert (change.owner, change.time) == ("A", F(104))
    assert change.correction == Correction(F(6), F(27, 4), ("um",), "uh")


def test_a_clip_that_is_used_twice_is_corrected_once() -> None:
    made = timeline_of(cut(SAID[:3], F(0)), cut(SAID[3:6], F(10)), cut(SAID[:3], F(20)))
    once = edited("Zoey went to", "the harbour and", "Zoë went to", made=made)
    both = edited("Zoë went to", "the harbour and", "Zoë went to", made=made)
    assert short(difference(made, once)) == short(difference(made, both)) == [("Zoey", "Zoë")]


def test_a_clip_that_is_used_twice_and_corrected_in_two_ways_takes_the_later_one() -> None:
    made = timeline_of(cut(SAID[:3], F(0)), cut(SAID[:3], F(20)))
    got = difference(made, edited("Zoé went to", "Zoë went to", made=made))
    assert short(got) == [("Zoey", "Zoë")]
    assert got.not_kept == (
        "“Zoey” is heard twice and was changed in two ways, at 00:00:00 and at 00:00:20; "
        "“Zoë” is kept.",
    )


def test_words_on_both_sides_of_a_cut_are_never_one_correction() -> None:
    made = timeline_of([*cut(SAID[7:9], F(0)), *cut(SAID[0:2], F(2))])  # saw a | Zoey went
    got = difference(made, edited("seen one Zoë gone out there", made=made))
    assert all(each.correction.start < each.correction.end for each in got.changes)
    befores = [each.correction.before for each in got.changes]
    assert befores == [("saw",), ("a",), ("Zoey", "went")]
    assert [token for each in got.changes for token in each.correction.texts] == [
        *["seen", "one", "Zoë", "gone", "out", "there"]
    ]


def test_a_correction_across_a_jump_cut_leaves_alone_what_was_cut_away() -> None:
    made = timeline_of([*cut(SAID[5:6], F(0)), *cut(SAID[7:9], F(1))])  # and | saw a; "um" is gone
    got = difference(made, edited("but then she saw one", made=made))
    assert written(SAID, got) == ["Zoey", "went", "to", "the", "harbour", "but", "then", "she",
                                  "um", "saw", "one", "ship"]  # fmt: skip


def test_an_added_cue_in_a_pause_has_a_time_of_its_own() -> None:
    late = [*spoken("one two three"), *spoken("four five six", F(10))]
    made = made_of_words(late)
    first, second = cues_of(made)
    got = difference(made, [first, Cue(F(4), F(6), ("Never heard.",)), second])
    (change,) = got.changes
    assert change.correction == Correction(F(4), F(6), (), "Never heard.")
    assert written(late, got) == ["one", "two", "three", "Never", "heard.", "four", "five", "six"]


def test_added_cues_lie_between_the_words_and_one_after_the_other() -> None:
    late = [*spoken("one two three"), *spoken("four five six", F(10))]
    made = made_of_words(late)
    first, second = cues_of(made)
    added = [Cue(F(1, 2), F(4), ("Never heard.",)), Cue(F(3), F(20), ("Nor that.",))]
    got = difference(made, [first, *added, second])
    spans = [(each.correction.start, each.correction.end) for each in got.changes]
    assert spans == [(late[2].end, F(4)), (F(4), F(10))]
    assert written(late, got) == [*said([first, *added, second])]


def test_an_added_cue_on_a_timeline_follows_the_speed_of_its_clip() -> None:
    def at(word: Word) -> ProvenanceWord:  # the clip plays twice as fast from 100 s on
        place = Span(100 + word.start / 2, 100 + word.end / 2)
        return ProvenanceWord(word.text, "A", Span(word.start, word.end), place)

    late = [*spoken("one two three"), *spoken("four five six", F(10))]
    made = timeline_of([at(w) for w in late[:3]], [at(w) for w in late[3:]])
    first, second = cues_of(made)
    got = difference(made, [first, Cue(F(102), F(103), ("Never heard.",)), second])
    assert got.changes[0].correction == Correction(F(4), F(6), (), "Never heard.")


def test_an_added_cue_beside_a_cut_goes_with_the_word_before_and_that_is_said() -> None:
    made = timeline_of(cut(SAID[:3], F(0)), cut(SAID[5:8], F(20)))
    first, second = cues_of(made)
    got = difference(made, [first, Cue(F(7, 2), F(9, 2), ("New text",)), second])
    assert short(got) == [("to", "to New text")]
    assert got.not_kept == (
        "The text added at 00:00:03 is kept with the word beside it, without a time of its own.",
    )


def test_times_and_line_breaks_are_not_kept_and_that_is_said() -> None:
    first, second, third, last = cues_of(MADE)
    moved = replace(first, start=first.start + 1, end=first.end + 1)
    broken = replace(second, lines=("the", "harbour and"))
    got = difference(MADE, [moved, broken, third, last])
    assert got.changes == ()
    assert got.not_kept == (
        "One cue has other times; times are made anew from the words and the style.",
        "One cue has other line breaks; those are made anew in the style.",
    )


def test_merged_and_split_cues_are_not_kept_and_that_is_said() -> None:
    first, second, third, last = cues_of(MADE)
    merged = Cue(first.start, second.end, first.lines + second.lines)
    half = Cue(third.start, third.start + 1, ("um saw",)), Cue(F(8), third.end, ("a",))
    got = difference(MADE, [merged, *half, last])
    assert got.changes == ()
    assert got.not_kept == (
        "3 cues have words of other cues; which words share a cue is decided anew by the style.",
    )


def test_all_cues_moved_by_an_hour_are_still_recognised() -> None:
    moved = [replace(c, start=c.start + 3600, end=c.end + 3600) for c in edited(
        "Zoë went\nto", "the harbour\nand", "um saw\na", "ship")]  # fmt: skip
    got = difference(MADE, moved)
    assert short(got) == [("Zoey", "Zoë")]
    assert got.not_kept[0].startswith("4 cues have other times")


def test_a_deleted_cue_is_the_one_that_stood_there() -> None:
    yes = spoken("Yes. Yes. Yes.", pace=F(5))
    made = made_of_words(yes, [1, 1, 1])
    first, _, last = cues_of(made)
    (change,) = difference(made, [first, last]).changes
    assert change.correction.start == yes[1].start


def test_dashes_that_mark_speakers_are_no_text() -> None:
    words = spoken("Hello there Go away", pace=F(1))
    for dash in ("-", "- "):
        made = made_of_words(words, [4])
        cue = Cue(F(0), F(4), (f"{dash}Hello there", f"{dash}Go away"))
        made = replace(made, cues=(ProvenanceCue(cue, (0, 1, 2, 3)),))
        assert difference(made, [cue]).changes == ()
        no_dash = replace(cue, lines=("Hello there", "Go away"))
        assert difference(made, [no_dash]).changes == ()
        other = replace(cue, lines=("-Hallo there", "- Go on!"))
        assert short(difference(made, [other])) == [("Hello", "Hallo"), ("away", "on!")]


def test_a_word_too_long_for_a_line_stays_one_word() -> None:
    words = [Word("Donaudampfschiff", F(0), F(2)), Word("fährt", F(2), F(3))]
    made = Provenance(
        made_of_words(words).words,
        (
            ProvenanceCue(Cue(F(0), F(1), ("Donaudampf",)), (0,)),
            ProvenanceCue(Cue(F(1), F(3), ("schiff fährt",)), (0, 1)),
        ),
        True,
    )
    cues = cues_of(made)
    assert difference(made, cues).changes == ()
    got = difference(made, [cues[0], replace(cues[1], lines=("Schiff fährt",))])
    assert short(got) == [("Donaudampfschiff", "DonaudampfSchiff")]


def test_scripts_without_spaces_are_compared_by_character() -> None:
    words = [Word("今日は東京へ", F(0), F(2)), Word("行きます。", F(2), F(4))]
    made = Provenance(
        made_of_words(words).words,
        (ProvenanceCue(Cue(F(0), F(4), ("今日は東京", "へ行きます。")), (0, 1)),),
        True,
    )
    (cue,) = cues_of(made)
    assert difference(made, [cue]).changes == ()
    broken = replace(cue, lines=("今日は", "東京へ行きます。"))
    assert difference(made, [broken]).changes == ()
    other = replace(cue, lines=("今日は京都", "へ行きます。"))
    assert short(difference(made, [other])) == [("今日は東京へ", "今日は京都へ")]


def test_words_of_an_unknown_source_cannot_be_corrected() -> None:
    made = made_of_words(SAID, owner=None)
    got = difference(made, edited("Zoë went\nto", "the harbour\nand", "um saw\na", "ship"))
    assert got.changes == ()
    assert got.not_kept == ("Changes of words whose source is not known cannot be kept.",)


def test_how_much_is_common_tells_a_foreign_file() -> None:
    assert difference(MADE, [Cue(F(0), F(1), ("Something else entirely",))]).common == 0
    assert difference(MADE, []).common == 0


# -- properties ---------------------------------------------------------------------------------

tokens = st.sampled_from(["the", "the", "a", "Zoey", "zoey", "went,", "went", "Yes!", "—", "out"])
Edit = tuple[list[Word], Provenance, list[Cue]]


@st.composite
def edits(draw: st.DrawFn) -> Edit:
    """A plain file, and any edit of it: other words, cues merged, split, moved, added, deleted."""
    at, words = F(0), []
    for text in draw(st.lists(tokens, min_size=1, max_size=14)):
        at += F(draw(st.sampled_from([0, 0, 2, 40, 200])), 40)
        length = F(draw(st.integers(2, 40)), 40)
        words.append(Word(text, at, at + length, 0.5))
        at += length
    made = made_of_words(words, draw(st.lists(st.integers(1, 5), max_size=8)))
    texts = [token for cue in cues_of(made) for token in [*cue.text.split(), "|"]]
    for _ in range(draw(st.integers(0, 6))):
        place = draw(st.integers(0, len(texts)))
        gone = draw(st.integers(0, 3))
        texts[place : place + gone] = draw(st.lists(tokens | st.just("|"), max_size=3))
    cues, now = [], F(0)
    made_starts = [cue.start for cue in cues_of(made)]
    for group in " ".join(texts).split("|"):
        if group.split():
            kept = draw(st.booleans()) and made_starts and made_starts[0] >= now
            start = made_starts.pop(0) if kept else now + F(draw(st.integers(0, 100)), 40)
            now = start + F(draw(st.integers(1, 100)), 40)
            cues.append(Cue(start, now, tuple(group.split(maxsplit=1))))
    return words, made, cues


@given(edits())
def test_applying_the_difference_gives_the_edited_text(edit: Edit) -> None:
    words, made, cues = edit
    got = difference(made, cues)
    applied = apply(words, [each.correction for each in got.changes])
    assert [word.text for word in applied.words] == said(cues)
    assert applied.reports == ()
    again = apply(words, [each.correction for each in reversed(got.changes)])
    assert again.words == applied.words


@given(edits())
def test_words_that_no_change_names_stay_as_they_are(edit: Edit) -> None:
    words, made, cues = edit
    changed = [each.correction for each in difference(made, cues).changes]
    kept = [w for w in words if not any(c.start <= w.start and w.end <= c.end for c in changed)]
    after = apply(words, changed).words
    assert all(word in after for word in kept)


@given(edits())
def test_a_file_without_a_change_of_text_has_no_correction(edit: Edit) -> None:
    _, made, _ = edit
    lines = [replace(cue, lines=tuple(cue.text.split())) for cue in cues_of(made)]
    assert difference(made, lines).changes == ()
    moved = [replace(cue, start=cue.start + 7, end=cue.end + 7) for cue in cues_of(made)]
    assert difference(made, moved).changes == ()
    one = Cue(F(0), F(9), tuple(cue.text for cue in cues_of(made)))
    assert difference(made, [one]).changes == ()
