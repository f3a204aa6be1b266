"""Ten thousand damaged files: no exception, no cue lost in silence, no work out of proportion."""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.errors import RecueError
from editor_plugin.engine.export.shown import shown
from editor_plugin.engine.reading import KINDS, Read, read_subtitles, read_text
from editor_plugin.engine.reading.encoding import Decoded
from editor_plugin.engine.reading.ttml import TtmlUnreadable
from tests.engine.export.results import NASTY, cue, result_of, written
from tests.engine.reading.test_nasty import ODD

SCRAPS = [
    *NASTY, "\n", "\n\n", "\r", "\r\n", "1", "2\n", " --> ", "00:00:05,000 --> 00:00:06,000\n",
    "00:01", ":", ",", "-", "0", "９", "{", "}", "<", ">", "\\", "\0", "\ufeff", "WEBVTT\n\n",
    "[Events]\n", "Dialogue: ", "Format: Text\n", "<p begin='1s'>", "</p>", "<br/>", "&", "NOTE\n",
]  # fmt: skip
FILM = result_of(
    cue(1, 2, "Good morning,", "everyone."), cue(3, "4.5", "Yes & no."), cue(5, 6, "2")
)
SEEDS = [text for text, _, _ in ODD.values()]
SEEDS += [written(name, FILM) for name in ("vtt", "ass", "ttml")] * 10


def mutated(text: str, chance: random.Random) -> str:
    """A few cuts, doublings and scraps thrown in."""
    for _ in range(chance.randint(1, 6)):
        start = chance.randint(0, len(text))
        end = min(len(text), start + chance.choice([0, 1, 2, 5, 20, 200]))
        put = chance.choice(
            [chance.choice(SCRAPS), text[start:end] * 2, chr(chance.randrange(768))]
        )
        text = text[:start] + put + text[end:]
    return text


def check(text: str) -> Read | None:
    """Read, and see that every letter is in a cue or in a finding."""
    try:
        read = read_text(Decoded(text, "utf-8"))
    except TtmlUnreadable:
        return None
    assert all(each.kind in KINDS for each in read.findings)
    assert [each.start for each in read.cues] == sorted(each.start for each in read.cues)
    for each in read.cues:
        assert each.start >= 0 and each.end >= 0
        assert all(line == shown(line) and line.strip() for line in each.lines)
    if read.format == "srt":
        # Every line is text, times, a number, blank, or told.
        told = {part for each in read.findings for part in each.read.split(" / ")}
        kept = {line for each in read.cues for line in each.lines}
        was_cut = any(each.read.endswith("…") for each in read.findings)
        for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
            plain = line.strip()
            if len(plain) > 2 and plain.isascii() and plain.isalpha():
                assert plain in kept or plain in told or was_cut, (plain, text)
    return read


def test_ten_thousand_damaged_files() -> None:
    chance = random.Random(20261123)
    formats: dict[str, int] = {}
    for _ in range(10_000):
        read = check(mutated(chance.choice(SEEDS), chance))
        name = "refused" if read is None else read.format
        formats[name] = formats.get(name, 0) + 1
    assert set(formats) == {"srt", "vtt", "ass", "ttml", "refused"}
    assert min(formats.values()) > 50


@given(st.lists(st.sampled_from(SCRAPS) | st.text(max_size=5), max_size=30).map("".join))
def test_any_text_is_read(text: str) -> None:
    check(text)


@given(st.binary(max_size=200) | st.sampled_from(SEEDS).map(lambda text: text.encode("utf-16")))
def test_any_bytes_are_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.mktemp("fuzz") / "film.srt"
    path.write_bytes(data)
    try:
        assert isinstance(read_subtitles(path), Read)
    except RecueError as error:
        assert error.code == "subtitles-unreadable"


def calls(work: Callable[[], object]) -> int:
    """How many Python functions are called; the scan's work outside of C."""
    count = 0

    def seen(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(seen)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


SHAPES = {
    "cues": "1\n00:00:01,000 --> 00:00:02,000\nHi\n\n",
    "blank lines": "\n",
    "numbers": "123456\n",
    "text": "some words\n",
    "times only": "00:00:01,000 --> 00:00:02,000\n",
    "arrows": "-->\n",
    "paragraphs": "7\nhello\n\n",
}


@pytest.mark.parametrize("shape", SHAPES)
def test_twice_the_text_is_twice_the_work(shape: str) -> None:
    once, twice = (
        calls(lambda size=size: read_text(Decoded(SHAPES[shape] * size, "utf-8")))  # type: ignore[misc]
        for size in (500, 1000)
    )
    assert twice < 2.2 * once


# Each of these costs a careless reader minutes or hours; the general time limit is the judge.
ONE_CUE = "1\n00:00:01,000 --> 00:00:02,000\n"
ONE_VTT = "WEBVTT\n\n00:01.000 --> 00:02.000\n"
ONE_ASS = "[Script Info]\nDialogue: 0,0:00:01.00,0:00:02.00,,,,,,,"
MONSTERS = {
    "lines of digits": "1234567890\n" * 200_000,
    "a run of digits": "1" * 2_000_000,
    "digits before an arrow": "1" * 1_000_000 + " --> " + "2" * 1_000_000,
    "blank lines": "\n" * 2_000_000,
    "carriage returns": "\r" * 2_000_000,
    "spaces": " " * 2_000_000,
    "colons": "0:" * 1_000_000,
    "times that never end": ("0 :" * 90 + "\n") * 20_000,
    "arrows": "--" * 1_000_000 + ">",
    "settings": f"1\n00:00:01,000 --> 00:00:02,000 {'align:a' * 35} !\nHi",
    "unclosed tags": ONE_CUE + "<i" * 1_000_000 + "\0",
    "unclosed fonts": ONE_CUE + "<font " * 300_000 + "\0",
    "a font of spaces": ONE_CUE + "<font " + " " * 1_000_000 + "\0",
    "a tag of spaces": ONE_CUE + "<i" + " " * 1_000_000 + "\0",
    "unclosed braces": ONE_CUE + "{\\a" * 500_000 + "\0",
    "an unclosed brace": ONE_CUE + "{" + "\\a" * 500_000 + "\0",
    "joiners": ONE_CUE + "--" + "\u2060" * 1_000_000 + "\0",
    "ampersands in WebVTT": ONE_VTT + "&amp" * 300_000 + "&" * 300_000 + "\0",
    "a long reference in WebVTT": ONE_VTT + "&#" + "1" * 1_000_000 + ";\0",
    "open tags in WebVTT": ONE_VTT + "<" * 1_000_000 + "\0",
    "garbage before the first cue": "x\n\n" * 200_000 + ONE_CUE + "Hi",
    "a long tail": ONE_CUE + "Hi\n" + "x\n\n" * 200_000,
    "braces in ASS": ONE_ASS + "{" * 1_000_000 + "\0",
    "drawings in ASS": ONE_ASS + "{\\p" * 500_000 + "\0",
    "a drawing in ASS": ONE_ASS + "{" + "\\p1" * 500_000 + "\0",
    "commas in ASS": ONE_ASS.replace("\n", "\n[Events]\nFormat: " + "a," * 500_000 + "\n", 1),
}
"""Those that would be read without a finding end with a zero byte, which is one."""


@pytest.mark.parametrize("name", MONSTERS)
def test_a_monster_is_read_in_good_time(name: str) -> None:
    read = read_text(Decoded(MONSTERS[name], "utf-8"))
    assert read.findings


def test_two_hundred_thousand_lines_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "long.srt"
    blocks = [
        f"{n}\n{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02},000 --> "
        f"{n // 3600:02}:{n // 60 % 60:02}:{n % 60:02},900\nHéllo {n}\n\n"
        for n in range(1, 50_001)
    ]
    path.write_text("".join(blocks), encoding="cp1252")
    read = read_subtitles(path)
    assert len(read.cues) == 50_000 and read.cues[-1].lines == ("Héllo 50000",)
    assert [each.kind for each in read.findings] == ["encoding"]
