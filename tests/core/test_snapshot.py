"""A snapshot crosses the process border whole, and nothing else is taken for one."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.errors import SnapshotInvalid
from editor_plugin.core.snapshot import timeline_from_wire, timeline_to_wire
from editor_plugin.core.timeline import Clip, Media, Span, Timeline, Track

times = st.fractions(min_value=-10, max_value=10**6)
numbers = st.none() | st.integers(0, 64)
medias = st.builds(Media, st.text(), numbers, numbers)
clips = st.builds(
    Clip,
    name=st.text(),
    record=st.builds(Span, times, times),
    source_in=times,
    speed=times,
    media=st.none() | medias,
    enabled=st.booleans(),
    unreadable=st.none() | st.text(),
)
tracks = st.builds(
    Track,
    name=st.text(),
    index=st.integers(1, 99),
    clips=st.lists(clips, max_size=3).map(tuple),
    muted=st.booleans(),
)
timelines = st.builds(
    Timeline,
    name=st.text(),
    rate=st.fractions(min_value=1, max_value=120),
    tracks=st.lists(tracks, max_size=3).map(tuple),
    start_frame=st.integers(0, 10**7),
    drop_frame=st.booleans(),
    shot_changes=st.lists(times, max_size=3).map(tuple),
    notes=st.lists(st.text(), max_size=3).map(tuple),
)


@given(timelines)
def test_a_snapshot_comes_back_as_it_was(timeline: Timeline) -> None:
    assert timeline_from_wire(json.loads(json.dumps(timeline_to_wire(timeline)))) == timeline


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(anything)
def test_what_is_no_snapshot_is_said(wire: Any) -> None:
    with pytest.raises(SnapshotInvalid):
        timeline_from_wire(wire)


@given(timelines, st.data())
def test_a_damaged_snapshot_is_read_or_said(timeline: Timeline, data: st.DataObject) -> None:
    wire = timeline_to_wire(timeline)
    key = data.draw(st.sampled_from(sorted(wire)))
    wire[key] = data.draw(anything)
    try:
        read = timeline_from_wire(wire)
    except SnapshotInvalid:
        return
    assert isinstance(read, Timeline) and read.rate > 0


@pytest.mark.parametrize("rate", ["0", "-25", "1/0", "fast"])
def test_a_rate_that_cannot_be_is_said(rate: str) -> None:
    wire = timeline_to_wire(Timeline("cut", Fraction(25), ()))
    wire["rate"] = rate
    with pytest.raises(SnapshotInvalid):
        timeline_from_wire(wire)


def test_a_snapshot_that_an_older_recue_kept_is_read() -> None:
    timeline = Timeline("Cut", Fraction(25), (), shot_changes=(Fraction(4),))
    wire = timeline_to_wire(timeline)
    wire["cuts"] = wire.pop("shot_changes")
    assert timeline_from_wire(wire) == timeline
