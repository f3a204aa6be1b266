"""FCPXML titles: the structure that Final Cut Pro and Resolve ask for, and exact times."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.timebase import frame_time
from editor_plugin.engine.export import Result
from editor_plugin.engine.export.fcpxml import MEDIA_RATE
from tests.engine.export.results import RATES, cue, result_of, results, visible, written


def seconds(written_time: str | None) -> Fraction:
    match = re.fullmatch(r"(\d+)(?:/(\d+))?s", written_time or "")
    assert match, written_time
    return Fraction(int(match[1]), int(match[2] or 1))


@given(results(), st.sampled_from([0, 86400, 107892]))
def test_titles_lie_on_their_frames_of_the_timeline(result: Result, start_frame: int) -> None:
    result = replace(result, start_frame=start_frame)
    rate = result.rate or MEDIA_RATE
    root = ElementTree.fromstring(written("fcpxml", result))
    (sequence,), (gap,) = root.iter("sequence"), root.iter("gap")
    begin = frame_time(start_frame, rate)
    assert seconds(sequence.get("tcStart")) == seconds(gap.get("offset")) == begin
    assert seconds(root.find("resources/format").get("frameDuration")) == 1 / rate  # type: ignore[union-attr]
    titles = list(gap.iter("title"))
    expected = visible(result)
    assert [title.findtext("text/text-style") for title in titles] == [
        "\n".join(each.lines) for each in expected
    ]
    for title, shown in zip(titles, expected, strict=True):
        offset, duration = seconds(title.get("offset")), seconds(title.get("duration"))
        assert (offset * rate).denominator == 1 and (duration * rate).denominator == 1
        start = offset - seconds(gap.get("start"))
        if result.rate is None:
            assert abs(start - shown.start) <= 1 / MEDIA_RATE
        else:
            assert (start, start + duration) == (shown.start, shown.end)
            assert start + duration <= seconds(gap.get("duration"))
    assert seconds(sequence.get("duration")) == seconds(gap.get("duration")) > 0


@given(results(rates=list(RATES)))
def test_every_reference_is_resolved_and_every_name_is_unique(result: Result) -> None:
    root = ElementTree.fromstring(written("fcpxml", result))
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(set(ids)) == len(ids)
    references = [element.get("ref") for element in root.iter() if element.get("ref")]
    (sequence,) = root.iter("sequence")
    assert {*references, sequence.get("format")} <= set(ids)


def test_the_elements_stand_in_the_order_of_the_dtd() -> None:
    text = written("fcpxml", result_of(cue(1, 2, "A <b>", "& c"), rate=Fraction(25)))
    assert text.startswith(
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n<fcpxml version="1.9">'
    )
    root = ElementTree.fromstring(text)
    assert [child.tag for child in root] == ["resources", "library"]
    assert [child.tag for child in root[0]] == ["format", "effect"]
    (title,) = root.iter("title")
    assert [child.tag for child in title] == ["text", "text-style-def"]
    path = "library/event/project/sequence/spine/gap/title"
    assert root.find(path) is title
    assert (title.get("offset"), title.get("duration"), title.get("lane")) == ("1s", "1s", "1")


def test_drop_frame_is_told() -> None:
    ntsc = Fraction(30000, 1001)
    result = Result("film", ntsc, (), (), start_frame=107892, drop_frame=True)
    (sequence,) = ElementTree.fromstring(written("fcpxml", result)).iter("sequence")
    assert sequence.get("tcFormat") == "DF"
    assert sequence.get("tcStart") == f"{107892 * 1001}/30000s"
