"""A job's request there and back, and what is refused."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.errors import RequestRefused, SettingsInvalid
from editor_plugin.core.jobs.request import (
    InputOptions,
    JobOptions,
    JobRequest,
    Order,
    OutputFile,
    request_from_wire,
    request_to_wire,
)
from editor_plugin.core.timeline import Clip, Media, Span, Timeline, Track

CLIP = Clip("a", Span(Fraction(0), Fraction(2)), Fraction(1, 24), media=Media("/a.wav", 1, None))
TIMELINE = Timeline("My cut", Fraction(25), (Track("A1", 1, (CLIP,)),))

words = st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1, max_size=9)
paths = words.filter(lambda name: name not in (".", "..")).map(lambda name: Path("/films", name))
numbers = st.none() | st.integers(0, 99)
rates = st.none() | st.fractions(1, 240)
input_options = st.builds(
    InputOptions,
    st.none() | st.tuples(words, words),
    numbers,
    numbers,
    st.lists(paths, max_size=2).map(tuple),
    rates,
)
outputs = st.lists(st.builds(OutputFile, words, paths, st.booleans()), max_size=3).map(tuple)
orders = st.builds(Order, paths, outputs, input_options) | st.builds(
    Order, words.map(Path), outputs, input_options, st.just(TIMELINE)
)
texts = st.none() | words
job_options = st.builds(
    JobOptions,
    texts,
    texts,
    texts,
    texts,
    texts,
    st.none() | st.integers(1, 10**4),
    st.booleans(),
    st.text(max_size=9),
)
requests = st.builds(JobRequest, st.lists(orders, min_size=1, max_size=3).map(tuple), job_options)


@given(requests)
def test_a_request_comes_back_as_it_was(request: JobRequest) -> None:
    assert request_from_wire(json.loads(json.dumps(request_to_wire(request)))) == request


def test_a_path_becomes_absolute_and_a_link_keeps_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link.wav").symlink_to(tmp_path / "a.wav")
    wire = request_to_wire(JobRequest((Order(Path("link.wav")), Order(Path("../x/a.wav")))))
    assert [order["input"] for order in wire["orders"]] == [
        str(tmp_path / "link.wav"),
        str(tmp_path.parent / "x" / "a.wav"),
    ]


@pytest.mark.parametrize(
    "order",
    [
        {},
        {"input": "relative.wav"},
        {"input": "/a/../../etc/passwd"},
        {"input": "/a\0b"},
        {"input": 7},
        {"input": "/a.wav", "stream": -1},
        {"input": "/a.wav", "outputs": [{"format": "srt"}]},
        {"input": "/a.wav", "outputs": [{"format": "srt", "path": "a.srt"}]},
        {"input": "/a.wav", "span": ["1"]},
        {"input": "/a.wav", "rate": "1/0"},
        "no order",
    ],
)
def test_what_is_no_order_is_refused(order: Any) -> None:
    with pytest.raises(RequestRefused):
        request_from_wire({"orders": [order], "settings": {}})


@pytest.mark.parametrize("wire", [{"orders": []}, {}, [], None, {"orders": None}])
def test_a_request_without_an_order_is_refused(wire: Any) -> None:
    with pytest.raises(RequestRefused):
        request_from_wire(wire)


@pytest.mark.parametrize(
    "settings",
    [{"modle": "x"}, {"model": 7}, {"window_seconds": "30"}, {"find_shot_changes": 1}],
)
def test_options_that_cannot_be_are_named(settings: dict[str, Any]) -> None:
    (name,) = settings
    with pytest.raises(SettingsInvalid, match=name):
        request_from_wire({"orders": [{"input": "/a.wav"}], "settings": settings})


def test_a_request_that_an_older_recue_kept_is_read() -> None:
    wire = {"orders": [{"input": "/a.wav"}], "settings": {"find_cuts": True, "model": "demo"}}
    assert request_from_wire(wire).options == JobOptions("demo", find_shot_changes=True)
