"""The quality report: every rule is found, what can be mended is, and text never changes."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.checks import RULES, CheckOptions, Finding, check, fix, sentences
from editor_plugin.core.cues import Cue
from editor_plugin.core.reports import report_json, report_lines, summary
from editor_plugin.core.styles import PLAIN, Style, style_named
from editor_plugin.core.text_checks import relaid
from editor_plugin.core.timing import MILLISECONDS, retime
from editor_plugin.core.transcript import Word
from tests.core.test_timing import FILM, Job, cue_lists, cut_lists, jobs, rates, said, styles

TEXT = "What a day it was."


def shown(first: int, last: int, *lines: str) -> Cue:
    """A cue from a file, in frames at 24 per second, its times in milliseconds as SRT has them."""
    start, end = (Fraction(round(frame / FILM * 1000), 1000) for frame in (first, last))
    return Cue(start, end, lines or (TEXT,))


def found(*cues: Cue, shot_changes: tuple[int, ...] = ()) -> list[Finding]:
    return list(check(cues, PLAIN, FILM, [cut / FILM for cut in shot_changes]))


def only(*cues: Cue, shot_changes: tuple[int, ...] = ()) -> Finding:
    (finding,) = found(*cues, shot_changes=shot_changes)
    return finding


def test_good_cues_have_no_findings() -> None:
    assert found(shown(24, 72), shown(74, 120), shown(132, 200), shot_changes=(74,)) == []


CASES = {
    "empty": ([shown(24, 72, " ")], (), False),
    "order": ([shown(124, 172), shown(24, 72)], (), True),
    "characters": ([shown(24, 72, "a\x07b")], (), False),
    "line-length": ([shown(24, 96, "It was the best of times and the worst of times")], (), True),
    "lines": ([shown(24, 96, "It", "was", "he")], (), True),
    "confidence": (
        [replace(said(24, 72), words=(Word("Yes.", Fraction(1), Fraction(3), 0.3),))],
        (),
        False,
    ),
    "frame": ([replace(shown(24, 72), start=Fraction(101, 100))], (), True),
    "shown": ([shown(24, 24)], (), True),
    "min-duration": ([shown(24, 43, "No.")], (), True),
    "max-duration": ([shown(24, 193)], (), True),
    "cps": ([shown(24, 60, "x" * 40)], (), True),
    "overlap": ([shown(24, 72), shown(60, 120)], (), True),
    "gap": ([shown(24, 72), shown(73, 120)], (), True),
    "gap-open": ([shown(24, 72), shown(80, 120)], (), True),
    "cut-in": ([shown(24, 72)], (22,), True),
    "cut-out": ([shown(24, 72)], (73,), True),
    "straddle": ([shown(24, 72)], (48,), False),
    "in-time": ([replace(said(30, 72), start=Fraction(1))], (), True),
    "cut-off": ([replace(said(24, 72), end=Fraction(2))], (), True),
}


@pytest.mark.parametrize("rule", CASES)
def test_each_rule_is_found_and_mended_where_it_can_be(rule: str) -> None:
    cues, shot_changes, fixable = CASES[rule]
    seconds = [cut / FILM for cut in shot_changes]
    finding = only(*cues, shot_changes=shot_changes)
    assert (finding.rule, finding.fixable, finding.fixed) == (rule, fixable, False)
    mended, after = fix(cues, PLAIN, FILM, seconds)
    assert [(each.rule, each.fixed) for each in after] == [(rule, fixable)]
    left = check(mended, PLAIN, FILM, seconds)
    assert [each.rule for each in left] == ([] if fixable else [rule])


def test_every_rule_has_a_case() -> None:
    assert {*CASES, "wpm"} == {*RULES}


def test_words_per_minute() -> None:
    bbc = style_named("bbc-16x9")
    (finding,) = check([shown(24, 54, "one two three four")], bbc, FILM)
    assert (finding.rule, finding.value, finding.limit) == ("wpm", 192, 180)


def test_values_and_limits_are_in_the_units_of_the_rule() -> None:
    fast = only(shown(24, 60, "x" * 40))
    assert (fast.value, fast.limit) == (Fraction(80, 3), 20)
    assert fast.sentence == "Cue 1 has 26.667 characters per second; the most is 20."
    close = only(shown(24, 72), shown(73, 120))
    assert (close.cue, close.value, close.limit) == (1, Fraction(1, 24), Fraction(1, 12))
    assert close.sentence == "Cue 1 ends 1 frame before cue 2; the least gap is 2 frames."
    late = only(shown(24, 72), shot_changes=(22,))
    assert late.limit == Fraction(22, 24)
    assert late.sentence == (
        "Cue 1 starts 2 frames from a shot change; it should start at 0.917 s."
    )


def test_a_start_within_the_tolerance_is_not_remarked_upon() -> None:
    assert check([replace(said(26, 72), start=Fraction(1))], PLAIN, FILM) == ()


def test_mending_gives_a_last_word_its_last_frame() -> None:
    short = replace(said(24, 72), end=71 / FILM)
    assert check([short], PLAIN, FILM) == ()  # within the tolerance, and yet not as it should be
    assert fix([short], PLAIN, FILM)[0][0].end == 72 / FILM


def test_the_limit_of_confidence_is_the_users() -> None:
    word = Word("Yes.", Fraction(1), Fraction(3), 0.6)
    cue = replace(said(24, 72), words=(word,))
    assert check([cue], PLAIN, FILM) == ()
    (finding,) = check([cue], PLAIN, FILM, (), CheckOptions(low_confidence=0.7))
    assert (finding.value, finding.limit) == (Fraction(3, 5), Fraction(7, 10))


def test_numbers_are_those_of_the_order_given() -> None:
    late = shown(124, 192, "x" * 50)
    assert {each.cue: each.rule for each in found(late, shown(24, 72))} == {
        1: "line-length",
        2: "order",
    }


def test_a_dialogue_is_not_run_together() -> None:
    both = shown(24, 96, "-It was the best of times and the worst of times", "-No.")
    finding = only(both)
    assert (finding.rule, finding.fixable) == ("line-length", False)
    assert fix([both], PLAIN, FILM)[0][0].lines == both.lines


def test_japanese_lines_are_broken_between_characters_and_not_in_a_latin_word() -> None:
    text = "これはとても長い字幕ですからRecueで二行にします"
    cue = shown(24, 192, text)
    (mended,), findings = fix([cue], style_named("netflix-ja"), FILM)
    assert len(mended.lines) == 2 and "".join(mended.lines) == text
    assert any("Recue" in line for line in mended.lines)
    assert ("line-length", True) in [(each.rule, each.fixed) for each in findings]


def test_a_finding_that_cannot_be_mended_says_so() -> None:
    fast = shown(24, 60, "x" * 42)
    first, second = found(fast, shown(62, 112), shown(160, 220, "y" * 43))
    assert (first.rule, first.fixable) == ("cps", False)
    assert (second.rule, second.fixable) == ("line-length", False)


def test_without_a_frame_rate_frames_of_24_pass() -> None:
    cues = [shown(24, 44, "No."), shown(46, 66, "No."), shown(68, 116)]
    assert check(cues, PLAIN, MILLISECONDS, [46 / FILM, 118 / FILM]) == ()


@given(jobs())
def test_nothing_is_left_to_mend_in_what_was_timed(job: Job) -> None:
    cues, rate, style, shot_changes = job
    fitting = [relaid(cue, style) for cue in cues]
    findings = check(retime(fitting, rate, style, shot_changes), style, rate, shot_changes)
    assert [each for each in findings if each.fixable] == []


@given(st.data(), styles, rates, cut_lists)
def test_mending_changes_no_text_and_leaves_nothing_to_mend(
    data: st.DataObject, style: Style, rate: Fraction, shot_changes: list[Fraction]
) -> None:
    cues = data.draw(cue_lists(style))
    mended, findings = fix(cues, style, rate, shot_changes)
    ordered = sorted(cues, key=lambda cue: (cue.start, cue.end))
    assert ["".join(cue.text.split()) for cue in mended] == [
        "".join(cue.text.split()) for cue in ordered
    ]
    assert [each for each in check(mended, style, rate, shot_changes) if each.fixable] == []
    asked = check(cues, style, rate, shot_changes)
    assert [each.fixable for each in asked].count(True) == [each.fixed for each in findings].count(
        True
    )


@given(st.data(), styles, rates)
def test_the_sentences_alone_are_those_of_the_findings(
    data: st.DataObject, style: Style, rate: Fraction
) -> None:
    cues = data.draw(cue_lists(style))
    expected = tuple(each.sentence for each in check(cues, style, rate))
    assert sentences(cues, style, rate) == expected


def test_the_report_in_words() -> None:
    findings = found(shown(24, 43, "No."), shown(100, 200, "x" * 43))
    assert report_lines(findings) == [
        "Cue 1 is shown for 0.792 s; the least is 0.833 s. It can be fixed.",
        f"Cue 2 has a line of 43 characters; the most is 42: “{'x' * 43}”",
        "2 findings (min-duration 1, line-length 1); 1 can be fixed.",
    ]
    _, fixed = fix([shown(24, 43, "No.")], PLAIN, FILM)
    assert report_lines(fixed)[0].endswith(" s. Fixed.")
    assert summary(fixed) == "1 finding (min-duration 1); 1 fixed."


def test_the_report_in_json() -> None:
    (finding,) = report_json(found(shown(24, 43, "No.")))
    assert finding == {
        "cue": 1,
        "rule": "min-duration",
        "value": 0.791667,
        "limit": 0.833333,
        "sentence": "Cue 1 is shown for 0.792 s; the least is 0.833 s.",
        "fixed": False,
        "fixable": True,
    }
