from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction as F
from itertools import pairwise
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from editor_plugin.core.projection import (
    findings,
    needed,
    project,
    record_time,
    source_time,
    unproject,
)
from editor_plugin.core.timeline import Clip, Media, Span, Timeline, Track
from editor_plugin.core.transcript import Word

Time = F | int
A, B = Media("/a.wav"), Media("/b.wav", channel=1)


def clip(
    start: Time, end: Time, source_in: Time, speed: Time = 1, media: Media | None = A, **more: Any
) -> Clip:
    return Clip(
        more.pop("name", "clip"), Span(F(start), F(end)), F(source_in), F(speed), media, **more
    )


def timeline(*tracks: Track | Iterable[Clip], rate: F = F(25), **more: Any) -> Timeline:
    numbered = [
        each if isinstance(each, Track) else Track(f"A{n}", n, tuple(each))
        for n, each in enumerate(tracks, 1)
    ]
    return Timeline("cut", rate, tuple(numbered), **more)


def words(text: str, start: Time = 0, step: Time = 1) -> list[Word]:
    """One word each `step` seconds, half of it long."""
    return [
        Word(each, start + F(n) * step, start + F(n) * step + F(step) / 2, 0.5)
        for n, each in enumerate(text.split())
    ]


def heard(transcripts: Mapping[Media, Sequence[Word]], line: Timeline) -> list[tuple[str, F, F]]:
    return [(w.word.text, w.word.start, w.word.end) for w in project(transcripts, line)]


TEN = words("zero one two three four five six seven eight nine")


def test_trimmed_reordered_and_repeated_clips() -> None:
    line = timeline([clip(0, 2, 6), clip(2, 4, 1), clip(4, 6, 6)])
    got = heard({A: TEN}, line)
    assert [text for text, _, _ in got] == ["six", "seven", "one", "two", "six", "seven"]
    assert [start for _, start, _ in got] == [0, 1, 2, 3, 4, 5]
    assert [end - start for _, start, end in got] == [F(1, 2)] * 6


def test_constant_speed_maps_exactly() -> None:
    line = timeline([clip(10, 15, 2, F(4, 5))])
    assert heard({A: TEN}, line) == [
        ("two", F(10), F(10) + F(5, 8)),
        ("three", F("11.25"), F("11.25") + F(5, 8)),
        ("four", F("12.5"), F("12.5") + F(5, 8)),
        ("five", F("13.75"), F("13.75") + F(5, 8)),
    ]


def test_reverse_freeze_disabled_muted_and_unreadable_give_no_words_and_are_told() -> None:
    line = timeline(
        [
            clip(0, 2, 5, -1, name="back"),
            clip(2, 4, 5, 0, name="still"),
            clip(4, 6, 5, enabled=False, name="off"),
            clip(6, 8, 5, media=None, unreadable="offline", name="lost"),
        ],
        Track("Music", 2, (clip(0, 9, 0),), muted=True),
        Track("Empty", 3, (), muted=True),
        start_frame=90000,
    )
    assert project({A: TEN}, line) == ()
    assert needed(line) == {}
    assert findings(line) == (
        "Track “Music” is muted: no subtitles from it.",
        "Clip “back” at 01:00:00:00 plays in reverse: no subtitles there.",
        "Clip “still” at 01:00:02:00 is a freeze frame: no subtitles there.",
        "Clip “off” at 01:00:04:00 is disabled: no subtitles there.",
        "Clip “lost” at 01:00:06:00 cannot be read (offline): no subtitles there.",
    )


def test_findings_label_in_drop_frame_only_where_it_exists() -> None:
    clips = [clip(60, 61, 0, -1)]
    ntsc = timeline(clips, rate=F(30000, 1001), drop_frame=True)
    assert "at 00:00:59;28 plays" in findings(ntsc)[0]
    assert "at 00:01:00:00 plays" in findings(timeline(clips, drop_frame=True))[0]


def test_overlapping_voices_are_both_kept_sorted_by_start_then_track() -> None:
    line = timeline([clip(0, 3, 0)], [clip(0, 3, 0, media=B)])
    other = words("null eins", step=F(3, 2))
    got = project({A: TEN, B: other}, line)
    assert [(w.word.text, w.track) for w in got] == [
        ("zero", 0),
        ("null", 1),
        ("one", 0),
        ("eins", 1),
        ("two", 0),
    ]
    assert {w.media for w in got} == {A, B}


def test_the_same_sound_on_two_tracks_is_heard_once() -> None:
    line = timeline([clip(0, 3, 0)], [clip(0, 3, 0)])
    assert [(w.word.text, w.track) for w in project({A: TEN}, line)] == [
        ("zero", 0),
        ("one", 0),
        ("two", 0),
    ]


def test_half_of_a_word_decides_and_the_kept_part_is_clamped() -> None:
    word = [Word("word", F(1), F(2))]
    assert heard({A: word}, timeline([clip(0, 1, F("0.5"))])) == [("word", F("0.5"), F(1))]
    assert heard({A: word}, timeline([clip(0, 1, F("0.49"))])) == []
    assert heard({A: word}, timeline([clip(0, 1, F("1.5"))])) == [("word", F(0), F("0.5"))]
    assert heard({A: word}, timeline([clip(0, 1, F("1.51"))])) == []


def test_a_long_word_that_began_before_the_clip_is_found_behind_short_ones() -> None:
    sung = [Word("aah", F(0), F(100)), *words("a b c", start=F(1))]
    assert heard({A: sung}, timeline([clip(0, 60, 30)])) == [("aah", F(0), F(60))]


def test_words_of_no_length_are_kept_once() -> None:
    at = [Word("in", F(1), F(1)), Word("cut", F(2), F(2)), Word("out", F(3), F(3))]
    line = timeline([clip(0, 1, 1), clip(1, 2, 2)])
    assert heard({A: at}, line) == [("in", F(0), F(0)), ("cut", F(1), F(1))]


def test_a_word_across_a_razor_cut_stays_whole() -> None:
    word = [Word("word", F(1), F(2))]
    line = timeline([clip(0, F("1.3"), 0), clip(F("1.3"), 3, F("1.3"))])
    (got,) = project({A: word}, line)
    assert (got.word, got.source, got.clip) == (word[0], word[0], 0)


def test_clips_that_do_not_continue_each_other_are_apart() -> None:
    word = [Word("word", F(1), F(2))]
    ends = clip(0, F("1.4"), 0)
    for other in (
        clip(F("1.4"), 3, F("1.5")),  # something was removed
        clip(F("1.5"), 3, F("1.4")),  # moved apart
        clip(F("1.4"), 3, F("1.4"), media=B),
        clip(F("1.4"), 3, F("1.4"), enabled=False),
    ):
        assert all(
            w.word.end <= F("1.4") or w.clip == 1
            for w in project({A: word}, timeline([ends, other]))
        )
        assert (word[0].start, word[0].end) not in [
            (start, end) for _, start, end in heard({A: word}, timeline([ends, other]))
        ]


def test_a_razor_cut_in_a_retimed_clip_that_was_rounded_to_frames() -> None:
    word = [Word("word", F(1), F(2))]
    speed, cut = F(4, 5), F(2)
    line = timeline([clip(0, cut, 0, speed), clip(cut, 4, F(40, 25) + F(1, 100), speed)])
    ((_, start, end),) = heard({A: word}, line)
    assert start == F(5, 4)
    assert abs(end - F(5, 2)) < F(1, 25)


def test_needed_merges_what_overlaps_or_touches_and_starts_at_the_file() -> None:
    line = timeline(
        [clip(0, 2, 6), clip(2, 4, 1), clip(4, 6, 7), clip(6, 7, 3), clip(7, 8, 20, 2)],
        [clip(0, 2, -1, media=B), clip(3, 3, 5, media=B)],
    )
    assert needed(line) == {
        A: (Span(F(1), F(4)), Span(F(6), F(9)), Span(F(20), F(22))),
        B: (Span(F(0), F(1)),),
    }


def test_a_source_without_a_transcript_gives_no_words() -> None:
    assert project({B: TEN}, timeline([clip(0, 9, 0)])) == ()
    assert project({A: []}, timeline([clip(0, 9, 0)])) == ()


def test_a_long_film_is_projected_by_search_not_by_scan() -> None:
    lookups = 0

    class Counted(F):
        def _count(self) -> None:
            nonlocal lookups
            lookups += 1

        def __lt__(self, other: Any) -> bool:
            self._count()
            return super().__lt__(other)

        def __gt__(self, other: Any) -> bool:
            self._count()
            return super().__gt__(other)

    spoken = [Word(str(n), Counted(n, 3), Counted(n, 3) + F(1, 4)) for n in range(3000)]
    clips = [clip(n, n + 1, (n * 7) % 990) for n in range(100)]
    got = project({A: spoken}, timeline(clips))
    assert len(got) == 300
    assert lookups < 100 * 3000 / 4  # a scan would compare each word with each clip


# -- properties ---------------------------------------------------------------------------------

times = st.builds(F, st.integers(0, 400), st.sampled_from([25, 24, 10]))
lengths = st.builds(F, st.integers(1, 100), st.sampled_from([25, 24, 10]))
speeds = st.sampled_from([F(1), F(1), F(4, 5), F(2), F(1001, 1000), F(-1), F(0)])


@st.composite
def transcripts(draw: st.DrawFn) -> list[Word]:
    now = F(0)
    spoken: list[Word] = []
    for n in range(draw(st.integers(0, 25))):
        now += draw(times) / 10
        end = now + draw(st.sampled_from([F(0), F(1, 5), F(1, 2), F(3)]))
        spoken.append(Word(f"w{n}", now, end))
        now = draw(st.sampled_from([now, end]))
    return spoken


@st.composite
def tracks(draw: st.DrawFn, number: int = 1) -> Track:
    now = F(0)
    clips: list[Clip] = []
    for _ in range(draw(st.integers(0, 6))):
        now += draw(st.sampled_from([F(0), F(0), F(1, 25), F(3)]))
        end = now + draw(lengths)
        clips.append(
            Clip(
                f"c{len(clips)}",
                Span(now, end),
                draw(times),
                draw(speeds),
                draw(st.sampled_from([A, A, B])),
                draw(st.sampled_from([True, True, True, False])),
            )
        )
        now = end
    return Track(f"A{number}", number, tuple(clips), draw(st.sampled_from([False, False, True])))


timelines = st.lists(tracks(), max_size=3).map(
    lambda each: Timeline("cut", F(25), tuple(replace(t, index=n) for n, t in enumerate(each, 1)))
)


@given(transcripts(), transcripts(), timelines)
def test_projecting_and_unprojecting_is_the_identity_on_kept_words(
    a: list[Word], b: list[Word], line: Timeline
) -> None:
    for each in project({A: a, B: b}, line):
        kept_by = line.tracks[each.track].clips[each.clip]
        if kept_by.source.start <= each.source.start < kept_by.source.end:
            assert source_time(kept_by, each.word.start) == each.source.start
            assert record_time(kept_by, each.source.start) == each.word.start
            found = unproject(line, each.word.start)
            assert (each.media, each.source.start, each.track, each.clip) in [
                (at.media, at.time, at.track, at.clip) for at in found
            ]
        else:
            assert each.word.start == kept_by.record.start


@given(transcripts(), transcripts(), timelines)
def test_no_word_outside_its_clip_text_kept_and_in_order(
    a: list[Word], b: list[Word], line: Timeline
) -> None:
    got = project({A: a, B: b}, line)
    assert [(w.word.start, w.track) for w in got] == sorted((w.word.start, w.track) for w in got)
    for each in got:
        track = line.tracks[each.track]
        kept_by = track.clips[each.clip]
        assert each.source in (a if each.media == A else b)
        assert (each.word.text, each.word.confidence) == (each.source.text, each.source.confidence)
        assert kept_by.media == each.media
        assert kept_by.enabled and kept_by.speed > 0 and not track.muted
        assert kept_by.record.start <= each.word.start <= each.word.end
        assert each.word.start <= kept_by.record.end
        assert any(c.record.start <= each.word.end <= c.record.end for c in track.clips)
    for index, track in enumerate(line.tracks):
        for number in range(len(track.clips)):
            starts = [w.source.start for w in got if (w.track, w.clip) == (index, number)]
            assert starts == sorted(starts)


@given(transcripts(), timelines)
def test_what_is_kept_was_asked_for(spoken: list[Word], line: Timeline) -> None:
    ranges = needed(line).get(A, ())
    assert all(one.end < two.start for one, two in pairwise(ranges))
    for each in project({A: spoken}, line):
        inside = sum(
            max(F(0), min(r.end, each.source.end) - max(r.start, each.source.start)) for r in ranges
        )
        assert inside * 2 >= each.source.end - each.source.start


@given(transcripts(), times, lengths, st.sampled_from([F(1), F(4, 5), F(2), F(1001, 1000)]))
def test_durations_scale_with_speed(spoken: list[Word], source_in: F, length: F, speed: F) -> None:
    one = clip(5, 5 + length, source_in, speed)
    for each in project({A: spoken}, timeline([one])):
        if one.source.start <= each.source.start and each.source.end <= one.source.end:
            duration = each.word.end - each.word.start
            assert duration == (each.source.end - each.source.start) / speed


@given(transcripts(), timelines, st.data())
def test_a_razor_cut_changes_no_word(
    spoken: list[Word], line: Timeline, data: st.DataObject
) -> None:
    assume(any(track.clips for track in line.tracks))
    number = data.draw(
        st.sampled_from([n for n, track in enumerate(line.tracks) if track.clips]), "track"
    )
    track = line.tracks[number]
    position = data.draw(st.integers(0, len(track.clips) - 1), "clip")
    whole = track.clips[position]
    share = data.draw(st.fractions(F(1, 10), F(9, 10)), "where")
    cut = whole.record.start + whole.record.duration * share
    halves = (
        replace(whole, record=Span(whole.record.start, cut)),
        replace(whole, record=Span(cut, whole.record.end), source_in=source_time(whole, cut)),
    )
    clips = (*track.clips[:position], *halves, *track.clips[position + 1 :])
    razored = replace(
        line,
        tracks=tuple(
            replace(each, clips=clips) if n == number else each
            for n, each in enumerate(line.tracks)
        ),
    )
    before, after = project({A: spoken}, line), project({A: spoken}, razored)
    assert [(w.word, w.source, w.track) for w in before] == [
        (w.word, w.source, w.track) for w in after
    ]
    assert needed(line) == needed(razored)


@given(transcripts(), timelines)
def test_findings_are_sentences(spoken: list[Word], line: Timeline) -> None:
    for sentence in findings(line):
        assert sentence.startswith(("Clip “", "Track “"))
        assert sentence.endswith(("no subtitles there.", "no subtitles from it."))
    if spoken and not findings(line):
        assert all(c.enabled and c.speed > 0 for t in line.tracks for c in t.clips)
