"""Files of foreign origin against the readers of subtitles and timelines."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

pytest.importorskip("opentimelineio", reason="needs the package opentimelineio")

from editor_plugin.core.errors import RecueError, SubtitlesUnreadable, TimelineUnreadable
from editor_plugin.engine.interchange import expansion, read_timeline
from editor_plugin.engine.reading import read_subtitles
from editor_plugin.hosts.srt import read_srt
from tests.attacks import growing
from tests.attacks.ledger import attempt
from tests.growth import growth

MOST = 3
"""Linear work doubles with its input, quadratic work grows fourfold."""
RATE = Fraction(25)


@pytest.mark.parametrize("case", growing.SUBTITLES)
def test_no_reader_of_subtitles_is_slower_than_linear(case: str, tmp_path: Path) -> None:
    def work(content: bytes) -> None:
        path = tmp_path / "talk"
        path.write_bytes(content)
        try:
            read_subtitles(path)
        except SubtitlesUnreadable as error:
            assert error.data["detail"]

    with attempt("a subtitle file that is slow to read"):
        assert growth(lambda size: growing.SUBTITLES[case](size).encode(), work) < MOST


@pytest.mark.parametrize("case", [each for each in growing.SUBTITLES if each.startswith("srt")])
def test_no_reader_in_an_editor_is_slower_than_linear(case: str) -> None:
    def work(content: bytes) -> None:
        try:
            read_srt(content, "talk.srt")
        except RecueError as error:
            assert error.data

    with attempt("a subtitle file that is slow to read"):
        assert growth(lambda size: growing.SUBTITLES[case](size).encode(), work) < MOST


@pytest.mark.parametrize("case", growing.TIMELINES)
def test_no_reader_of_timelines_is_slower_than_linear(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expansion, "MOST", 5000)  # so that it is reached in a moment
    suffix, _, _ = case.partition(":")

    def put(size: int) -> Path:
        path = tmp_path / f"{size}{suffix}"
        path.write_text(growing.TIMELINES[case](size), encoding="utf-8")
        return path

    def work(path: Path) -> None:
        try:
            read_timeline(path, rate=RATE)
        except TimelineUnreadable as error:
            assert error.data["detail"]

    with attempt("a timeline file that is slow to read"):
        assert growth(put, work) < MOST


LOOPS = {
    ".fcpxml": growing.fcpxml(
        '<ref-clip ref="m"/>', growing.compound("m", '<ref-clip ref="m" name="Opening"/>' * 2)
    ),
    ".xml": growing.fcp7(f"<track>{growing.nested('s')}</track>"),
}


@pytest.mark.parametrize("suffix", LOOPS)
def test_a_timeline_that_contains_itself_is_refused(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"cut{suffix}"
    path.write_text(LOOPS[suffix], encoding="utf-8")
    with (
        attempt("a timeline that contains itself"),
        pytest.raises(TimelineUnreadable, match="contains itself"),
    ):
        read_timeline(path, rate=RATE)


MULTIPLYING = {
    ".fcpxml": growing.fcpxml(
        '<ref-clip ref="m0" duration="1s"/>',
        "".join(
            growing.compound(f"m{at}", f'<ref-clip ref="m{at + 1}" duration="1s"/>' * 2)
            for at in range(40)
        ),
    ),
    ".xml": growing.fcp7(
        f"<track>{growing.nested('t0')}</track>",
        "".join(
            f'<sequence id="t{at}"><media><audio><track>{growing.nested(f"t{at + 1}") * 2}</track>'
            "</audio></media></sequence>"
            for at in range(40)
        ),
    ),
}


@pytest.mark.parametrize("suffix", MULTIPLYING)
def test_a_timeline_that_multiplies_is_refused(
    suffix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(expansion, "MOST", 5000)
    path = tmp_path / f"cut{suffix}"
    path.write_text(MULTIPLYING[suffix], encoding="utf-8")
    with (
        attempt("a timeline that multiplies"),
        pytest.raises(TimelineUnreadable, match="contain more than 5000 elements"),
    ):
        read_timeline(path, rate=RATE)
