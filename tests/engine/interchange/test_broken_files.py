"""Whatever a file holds, a reader gives a timeline or TimelineUnreadable."""

from __future__ import annotations

import copy
import json
import re
import zipfile
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import opentimelineio as otio
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from editor_plugin.core.errors import TimelineUnreadable
from editor_plugin.core.projection import findings, needed
from editor_plugin.core.timeline import Timeline
from editor_plugin.engine.interchange import TIMELINE_SUFFIXES, read_timeline
from tests.engine.interchange import reference
from tests.engine.interchange.here import read_here
from tests.engine.interchange.reference import Reference

RATE = Fraction(25)
TOLD = Reference(RATE, False, Path("/nowhere/take.wav"))
WRITERS: dict[str, Callable[[Reference], str]] = {
    ".otio": reference.otio_text,
    ".fcpxml": reference.fcpxml_text,
    ".xml": reference.fcp7_text,
    ".edl": reference.edl_text,
}
quickly = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def check(path: Path) -> None:
    """Read it; what comes out must be a timeline that everything after it can take."""
    try:
        timeline = read_here(path, rate=RATE)
    except TimelineUnreadable as error:
        assert error.data["path"] == str(path)
        assert error.data["detail"]
        return
    assert isinstance(timeline, Timeline)
    findings(timeline)
    assert all(span.start >= 0 for spans in needed(timeline).values() for span in spans)
    for track in timeline.tracks:
        assert all(clip.record.duration >= 0 for clip in track.clips)
        assert all((clip.media is None) == bool(clip.unreadable) for clip in track.clips)


def refused(path: Path) -> str:
    """Why it cannot be read; without the path, whose folder has the test's name."""
    with pytest.raises(TimelineUnreadable) as caught:
        read_timeline(path, rate=RATE)
    assert str(path) in caught.value.message
    return str(caught.value.data["detail"])


@st.composite
def damaged(draw: st.DrawFn, text: str) -> bytes:
    """A file with a few bytes changed, cut out, doubled, or cut off."""
    data = text.encode()
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(data)))
        length = draw(st.sampled_from([0, 1, 3, 40]))
        put = draw(st.sampled_from([b"", b"0", b"-", b"9" * 19, b"1e999", b"\xff", b"<", b"null"]))
        again = data[at : at + length] if draw(st.booleans()) else b""
        data = data[:at] + put + again + data[at + length :]
    return data[: draw(st.integers(0, len(data)))] if draw(st.integers(0, 9)) == 0 else data


@pytest.mark.parametrize("suffix", sorted(WRITERS))
def test_damaged_files(suffix: str, tmp_path: Path) -> None:
    text = WRITERS[suffix](TOLD)

    @quickly
    @given(damaged(text))
    def run(data: bytes) -> None:
        path = tmp_path / f"cut{suffix}"
        path.write_bytes(data)
        check(path)

    run()


ODD = ["", "0", "-1", "x", "1/0s", "9e99", "-5/24s", "1001/24000s", "r2", "nan", "100000000000/1s"]


@pytest.mark.parametrize("suffix", [".fcpxml", ".xml"])
def test_well_formed_xml_with_wrong_content(suffix: str, tmp_path: Path) -> None:
    text = WRITERS[suffix](TOLD)
    size = len(list(ElementTree.fromstring(text).iter()))

    @quickly
    @given(st.data())
    def run(data: st.DataObject) -> None:
        root = ElementTree.fromstring(text)
        for _ in range(data.draw(st.integers(1, 3))):
            elements = list(root.iter())
            element = elements[data.draw(st.integers(0, size - 1)) % len(elements)]
            kind = data.draw(st.sampled_from(["attribute", "text", "tag", "again", "empty"]))
            odd = data.draw(st.sampled_from(ODD))
            if kind == "attribute" and element.attrib:
                element.set(data.draw(st.sampled_from(sorted(element.attrib))), odd)
            elif kind == "text":
                element.text = odd
            elif kind == "tag":
                element.tag = data.draw(st.sampled_from(["spine", "clip", "mc-clip", "sequence"]))
            elif kind == "again":
                element.append(ElementTree.fromstring(ElementTree.tostring(element)))
            else:
                del element[:]
        path = tmp_path / f"cut{suffix}"
        path.write_bytes(ElementTree.tostring(root))
        check(path)

    run()


def test_well_formed_json_with_wrong_content(tmp_path: Path) -> None:
    text = reference.otio_text(TOLD)
    values: list[Any] = [None, 0, -1, 1e308, float("nan"), "", "x", [], {}, True]
    values.append({"OTIO_SCHEMA": "Gap.1"})

    @quickly
    @given(st.data())
    def run(data: st.DataObject) -> None:
        tree = json.loads(text)
        for _ in range(data.draw(st.integers(1, 3))):
            node = tree
            while True:
                keys = list(node) if isinstance(node, dict) else list(range(len(node)))
                key = data.draw(st.sampled_from(keys))
                if not isinstance(node[key], (dict, list)) or not node[key]:
                    break
                if data.draw(st.integers(0, 7)) == 0:
                    break
                node = node[key]
            node[key] = copy.deepcopy(data.draw(st.sampled_from(values)))
        path = tmp_path / "cut.otio"
        path.write_text(json.dumps(tree), encoding="utf-8")
        check(path)

    run()


@pytest.mark.parametrize(
    ("name", "key", "value"),
    [("A1", "children", [None]), ("tracks", "children", [None]), ("one", "effects", [None])],
)
def test_null_for_an_object_does_not_crash_opentimelineio(
    name: str, key: str, value: list[None], tmp_path: Path
) -> None:
    def put(node: object) -> None:
        if isinstance(node, dict):
            if node.get("name") == name:
                node[key] = value
            node = list(node.values())
        if isinstance(node, list):
            for each in node:
                put(each)

    tree = json.loads(reference.otio_text(TOLD))
    put(tree)
    path = tmp_path / "cut.otio"
    path.write_text(json.dumps(tree), encoding="utf-8")
    assert re.search("null that must not be", refused(path))


def test_damaged_aaf(tmp_path: Path) -> None:
    whole = tmp_path / "whole.aaf"
    reference.write_aaf(TOLD, whole)
    data = whole.read_bytes()
    path = tmp_path / "cut.aaf"
    for cut in (data[:600], data[: len(data) // 2], data[:40000] + data[41000:]):
        path.write_bytes(cut)
        assert re.search("damaged", refused(path))


FOLDERS = {".otiod", ".fcpxmld"}


@pytest.mark.parametrize("suffix", sorted(TIMELINE_SUFFIXES - FOLDERS))
@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is empty"),
        (bytes(range(256)) * 40, "damaged|no edit|no AAF"),
        (b"<html><body>404</body></html>", "damaged|no edit|no AAF|another kind"),
        (b'{"OTIO_SCHEMA": "Marker.2"}', "damaged|no edit|no AAF|no timeline"),
    ],
    ids=["empty", "garbage", "web page", "other"],
)
def test_wrong_content(suffix: str, content: bytes, reason: str, tmp_path: Path) -> None:
    path = tmp_path / f"cut{suffix}"
    path.write_bytes(content)
    detail = refused(path)
    assert re.search(reason, detail)


@pytest.mark.parametrize("suffix", sorted(TIMELINE_SUFFIXES))
def test_no_such_file(suffix: str, tmp_path: Path) -> None:
    assert re.search("No such file", refused(tmp_path / f"cut{suffix}"))


def test_a_folder_or_an_unknown_kind(tmp_path: Path) -> None:
    (tmp_path / "cut.edl").mkdir()
    assert re.search("directory", refused(tmp_path / "cut.edl"))
    assert re.search(r"its kind is not known.*\.fcpxml", refused(tmp_path / "cut.prproj"))


@pytest.mark.parametrize("suffix", [".xml", ".fcpxml"])
def test_entities_are_refused(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"cut{suffix}"
    path.write_text('<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><xmeml>&b;</xmeml>')
    assert re.search("entities", refused(path))


@pytest.mark.parametrize("suffix", [".xml", ".fcpxml", ".otio"])
def test_endless_nesting_is_refused(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"cut{suffix}"
    path.write_text("[" * 100_000 if suffix == ".otio" else "<a>" * 100_000)
    assert refused(path)


def test_compound_clips_that_repeat_each_other_end(
    tmp_path: Path,
) -> None:
    inside = "".join(
        f'<media id="m{n}"><sequence duration="1s"><spine>'
        + f'<ref-clip ref="m{n + 1}" offset="0s" duration="1s"/>' * 20
        + "</spine></sequence></media>"
        for n in range(12)
    )
    path = tmp_path / "cut.fcpxml"
    path.write_text(
        f"<fcpxml version='1.10'><resources>{inside}</resources><project><sequence><spine>"
        "<ref-clip ref='m0' offset='0s' duration='1s'/></spine></sequence></project></fcpxml>"
    )
    assert re.search("compound clips contain more", refused(path))


def test_a_multicam_clip_in_its_own_angle_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "cut.fcpxml"
    clip = "<mc-clip ref='m' name='Talk'><mc-source angleID='1'/></mc-clip>"
    path.write_text(
        "<fcpxml version='1.10'><resources><media id='m'><multicam><mc-angle angleID='1'>"
        f"{clip}</mc-angle></multicam></media></resources><project><sequence><spine>{clip}</spine>"
        "</sequence></project></fcpxml>"
    )
    assert re.search("“Talk” contains itself", refused(path))


def test_one_compound_clip_may_be_used_many_times(tmp_path: Path) -> None:
    path = tmp_path / "cut.fcpxml"
    path.write_text(
        "<fcpxml version='1.10'><resources><media id='m'><sequence duration='1s'><spine>"
        "<asset-clip name='a' duration='1s'/></spine></sequence></media></resources><project>"
        "<sequence><spine>" + "<ref-clip ref='m' duration='1s'/>" * 300 + "</spine></sequence>"
        "</project></fcpxml>"
    )
    track = read_timeline(path, rate=RATE).tracks[0]
    assert [clip.record.start for clip in track.clips] == list(range(300))


def test_otioz(silent_wav: Path, tmp_path: Path) -> None:
    told = Reference(RATE, False, silent_wav)
    path = tmp_path / "cut.otioz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("version.txt", "1.0.0")
        archive.writestr("content.otio", reference.otio_text(told))
        archive.writestr("media/Interview.wav", "RIFF")
    timeline = read_timeline(path)
    assert len(timeline.tracks[0].clips) == len(reference.CUTS)
    assert "unpack it" in timeline.notes[0]


def test_otiod(silent_wav: Path, tmp_path: Path) -> None:
    folder = tmp_path / "cut.otiod"
    (folder / "media").mkdir(parents=True)
    (folder / "media" / "a.wav").write_bytes(b"RIFF")
    told = Reference(RATE, False, silent_wav)
    text = reference.otio_text(told).replace(told.url, "media/a.wav")
    (folder / "content.otio").write_text(text)
    media = read_timeline(folder).tracks[0].clips[0].media
    assert media is not None
    assert media.path == str(folder / "media" / "a.wav")


def test_fcpxmld(silent_wav: Path, tmp_path: Path) -> None:
    folder = tmp_path / "cut.fcpxmld"
    folder.mkdir()
    told = Reference(RATE, False, silent_wav)
    (folder / "Info.fcpxml").write_text(reference.fcpxml_text(told), encoding="utf-8")
    assert read_timeline(folder).tracks[0].clips[0].media is not None


def test_a_failure_of_a_reader_is_not_called_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise TypeError("read_from_string() got an unexpected keyword argument")

    path = tmp_path / "cut.otio"
    path.write_text(reference.otio_text(TOLD), encoding="utf-8")
    monkeypatch.setattr(otio.core, "deserialize_json_from_string", broken)
    with pytest.raises(TimelineUnreadable) as caught:
        read_here(path, rate=RATE)
    detail = str(caught.value.data["detail"])
    assert "failed (TypeError)" in detail and "is damaged" not in detail
    assert "unexpected keyword" in caplog.text
