"""What the process reads is what is read without it, and its answer is not taken on trust."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from fractions import Fraction as F
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor_plugin.core.errors import (
    Cancelled,
    EnvironmentBroken,
    RateUnknown,
    SettingsInvalid,
    TimelineUnreadable,
)
from editor_plugin.core.timeline import Span
from editor_plugin.engine.cancelling import cancellable
from editor_plugin.engine.interchange import read_timeline
from editor_plugin.engine.interchange.draft import (
    Draft,
    DraftClip,
    DraftSource,
    DraftTrack,
    RateNeeded,
    Unreadable,
)
from editor_plugin.engine.interchange.draft_wire import (
    DraftInvalid,
    draft_from_wire,
    draft_to_wire,
)
from editor_plugin.engine.interchange.reader_process import read_in_a_process, understood
from tests.engine.interchange import reference
from tests.engine.interchange.here import read_here
from tests.engine.interchange.reference import Reference

WRITERS: dict[str, Callable[[Reference], str]] = {
    ".otio": reference.otio_text,
    ".fcpxml": reference.fcpxml_text,
    ".xml": reference.fcp7_text,
    ".edl": reference.edl_text,
}


@pytest.mark.parametrize("suffix", [*WRITERS, ".aaf"])
def test_the_process_changes_nothing(suffix: str, silent_wav: Path, tmp_path: Path) -> None:
    told = Reference(F(25), False, silent_wav)
    path = tmp_path / f"cut é ’{suffix}"
    if suffix == ".aaf":
        reference.write_aaf(told, path)
    else:
        path.write_text(WRITERS[suffix](told), encoding="utf-8")
    timeline = read_timeline(path, rate=F(25))
    assert timeline == read_here(path, rate=F(25))
    assert len(timeline.tracks[0].clips) >= 4


def test_a_rate_that_nobody_knows(tmp_path: Path) -> None:
    path = tmp_path / "cut.edl"
    path.write_text(reference.edl_text(Reference(F(25), False, Path("/nowhere/take.wav"))))
    with pytest.raises(RateUnknown):
        read_timeline(path)
    with pytest.raises(RateNeeded) as caught:
        read_in_a_process(path, None)
    assert caught.value.guess is None
    assert all(caught.value.wanted)


times = st.fractions(max_denominator=10**20)
names = st.text()
sources = st.builds(
    DraftSource,
    st.lists(names, max_size=3).map(tuple),
    st.none() | times,
    st.frozensets(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=3),
)
clips = st.builds(
    DraftClip,
    names,
    st.builds(Span, times, times),
    times,
    times,
    st.none() | sources,
    st.booleans(),
    st.none() | names,
)
tracks = st.builds(
    DraftTrack, names, st.booleans(), st.lists(clips, max_size=4).map(tuple), st.booleans()
)
drafts = st.builds(
    Draft,
    names,
    times.filter(lambda rate: rate > 0),
    st.lists(tracks, max_size=3),
    st.integers(-(10**9), 10**9),
    st.booleans(),
    st.lists(names, max_size=2),
)


@settings(deadline=None)
@given(drafts)
def test_a_draft_comes_back_as_it_was(draft: Draft) -> None:
    assert draft_from_wire(json.loads(json.dumps(draft_to_wire(draft)))) == draft


ODD: list[Any] = [None, True, -1, 1.5, "", "x", "1e999999999", "1/0", "9" * 9999, [], [[]], {}, 99]


@settings(deadline=None)
@given(st.data())
def test_an_answer_of_another_form_is_refused_or_is_a_draft(data: st.DataObject) -> None:
    clip = DraftClip("a", Span(F(0), F(1)), source=DraftSource(("a.wav",), F(0)))
    node = wire = draft_to_wire(Draft("x", F(25), [DraftTrack("A1", True, (clip,))]))
    while True:
        keys = list(node) if isinstance(node, dict) else list(range(len(node)))
        key = data.draw(st.sampled_from(keys))
        if not isinstance(node[key], (dict, list)) or not node[key] or data.draw(st.booleans()):
            break
        node = node[key]
    node[key] = data.draw(st.sampled_from(ODD))
    try:
        found = draft_from_wire(wire)
    except DraftInvalid:
        return
    assert draft_from_wire(draft_to_wire(found)) == found


@pytest.mark.parametrize(
    "answer", [None, [], {}, {"draft": {}}, {"rate_needed": [1]}, {"draft": 1}]
)
def test_an_answer_that_is_none_is_a_failure(answer: Any) -> None:
    with pytest.raises(Unreadable, match="files failed"):
        understood(answer, Path("cut.edl"))


def test_errors_come_back_as_they_were() -> None:
    error = SettingsInvalid("a frame rate", "x", "a number")
    with pytest.raises(SettingsInvalid) as caught:
        understood({"error": error.to_wire()}, Path("cut.edl"))
    assert caught.value.data == error.data
    with pytest.raises(EnvironmentBroken, match="is missing"):
        understood({"missing": "No module named 'x'"}, Path("cut.edl"))


def test_a_timeline_that_cannot_be_opened_says_so(tmp_path: Path) -> None:
    with pytest.raises(TimelineUnreadable, match="No such file"):
        read_timeline(tmp_path / "cut.edl")


def test_work_that_ends_is_not_cancelled() -> None:
    cancel = threading.Event()
    assert cancellable(lambda: 1, None) == cancellable(lambda: 1, cancel) == 1
    with pytest.raises(ZeroDivisionError):
        cancellable(lambda: 1 // 0, cancel)
    with pytest.raises(TimeoutError):
        cancellable(lambda: _raise(TimeoutError()), cancel)
    threading.Timer(0.1, cancel.set).start()
    with pytest.raises(Cancelled):
        cancellable(threading.Event().wait, cancel)


def _raise(error: BaseException) -> None:
    raise error
