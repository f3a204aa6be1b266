"""The properties and the request that comes of them."""

from __future__ import annotations

import os
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.jobs.request import (
    JobOptions,
    JobRequest,
    Order,
    OutputFile,
    request_from_wire,
    request_to_wire,
)
from editor_plugin.core.model_catalogue import CATALOGUE
from editor_plugin.engine.export import WRITERS
from editor_plugin.engine.jobs.settings import check
from editor_plugin.hosts.obs.choices import (
    FORMATS,
    MODELS,
    Choices,
    format_key,
    is_done,
    outputs,
    read_choices,
    recording_request,
)

RECORDING = Path("/films/2026-11-25 04-09-59.mkv")
NAMES = [each.name for each in FORMATS]
texts = st.text(st.characters(codec="utf-8", exclude_characters="/\0"), max_size=12)


def test_the_formats_are_the_engines() -> None:
    assert [(each.name, each.suffix) for each in FORMATS] == [
        (name, WRITERS[name].suffix) for name in NAMES
    ]


def test_the_models_offered_are_those_of_the_catalogue() -> None:
    assert set(MODELS) == {model.name for model in CATALOGUE}


def test_an_untouched_dialog_asks_for_an_srt_beside_the_recording() -> None:
    srt = OutputFile("srt", Path("/films/2026-11-25 04-09-59.srt"))
    request = recording_request(RECORDING, read_choices(lambda _: "", lambda _: False))
    assert request == JobRequest((Order(RECORDING, (srt,)),))


@given(st.dictionaries(st.sampled_from(["model", "style", "language", "folder"]), texts), st.data())
def test_what_is_chosen_is_asked_for_and_nothing_else(
    typed: dict[str, str], data: st.DataObject
) -> None:
    ticked = data.draw(st.sets(st.sampled_from(NAMES)))
    flags = {format_key(name) for name in ticked}
    choices = read_choices(lambda name: typed.get(name, ""), lambda name: name in flags)
    request = recording_request(RECORDING, choices)
    (order,) = request.orders
    assert {each.format for each in order.outputs} == (ticked or {"srt"})
    folder = Path(typed.get("folder", "").strip() or RECORDING.parent)
    for each in order.outputs:
        path = each.path
        assert path.parent == folder and path.name == RECORDING.stem + WRITERS[each.format].suffix
    named = {name: typed[name].strip() for name in ("model", "style", "language") if name in typed}
    assert request.options == JobOptions(
        named.get("model") or None, named.get("style") or None, named.get("language") or None
    )


@given(st.sets(st.sampled_from(NAMES), min_size=1))
def test_no_two_files_have_one_name(ticked: set[str]) -> None:
    paths = outputs(RECORDING, Choices(formats=tuple(ticked)))
    assert len(set(paths)) == len(ticked) and RECORDING not in paths


def test_the_engine_understands_the_request() -> None:
    choices = Choices(model="demo", style="shorts", language="en", formats=("srt", "words"))
    request = recording_request(RECORDING, choices)
    check(request)
    assert request_from_wire(request_to_wire(request)) == request


def test_done_is_what_is_newer_than_the_recording(tmp_path: Path) -> None:
    recording, srt = tmp_path / "a.mkv", tmp_path / "a.srt"
    recording.touch()
    assert not is_done(recording, Choices())
    srt.touch()
    os.utime(srt, ns=(0, recording.stat().st_mtime_ns))
    assert is_done(recording, Choices())
    os.utime(srt, ns=(0, recording.stat().st_mtime_ns - 1))
    assert not is_done(recording, Choices())
    assert not is_done(tmp_path / "gone.mkv", Choices())
