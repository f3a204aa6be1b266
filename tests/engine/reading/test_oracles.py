"""On sane files other readers agree with ours: srt, pysubs2, ffmpeg."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction
from pathlib import Path

import pysubs2
import srt
from hypothesis import given, settings
from hypothesis import strategies as st

from editor_plugin.core.cues import Cue
from editor_plugin.engine.reading import read_text
from editor_plugin.engine.reading.encoding import Decoded
from tests.engine.export.results import ffmpeg_reads

# No markup, and nothing that any reader takes for more than a letter.
plain_words = st.text(
    st.characters(exclude_categories=["C", "Z"], exclude_characters="<>{}\\&-"), min_size=1
)
plain_lines = st.lists(plain_words, min_size=1, max_size=5).map(" ".join)
sane_texts = st.lists(
    plain_lines.filter(lambda line: not line.strip().isdecimal()), min_size=1, max_size=3
)


@st.composite
def sane(draw: st.DrawFn) -> list[tuple[int, int, list[str]]]:
    """Cues as (start, end, lines), in milliseconds."""
    at, cues = 0, []
    for text in draw(st.lists(sane_texts, min_size=1, max_size=8)):
        at += draw(st.integers(0, 4_000_000))
        length = draw(st.integers(1, 20_000))
        cues.append((at, at + length, text))
        at += length
    return cues


def clock(ms: int, mark: str) -> str:
    return f"{ms // 3600000:02}:{ms // 60000 % 60:02}:{ms // 1000 % 60:02}{mark}{ms % 1000:03}"


def as_srt(cues: list[tuple[int, int, list[str]]], newline: str = "\n") -> str:
    return newline.join(
        newline.join([str(n), f"{clock(start, ',')} --> {clock(end, ',')}", *lines, ""])
        for n, (start, end, lines) in enumerate(cues, start=1)
    )


def ours(text: str) -> list[tuple[int, int, list[str]]]:
    read = read_text(Decoded(text, "utf-8"))
    assert read.findings == ()
    return [(int(c.start * 1000), int(c.end * 1000), list(c.lines)) for c in read.cues]


@given(sane(), st.sampled_from(["\n", "\r\n"]))
def test_srt_reads_the_same(cues: list[tuple[int, int, list[str]]], newline: str) -> None:
    text = as_srt(cues, newline)
    theirs = [
        (
            each.start // timedelta(milliseconds=1),
            each.end // timedelta(milliseconds=1),
            each.content.replace("\r\n", "\n").split("\n"),
        )
        for each in srt.parse(text)
    ]
    assert ours(text) == theirs == cues


@given(sane())
def test_pysubs2_reads_the_same(cues: list[tuple[int, int, list[str]]]) -> None:
    short = [each for each in cues if each[1] < 36_000_000]  # it has one digit for the hours
    script = pysubs2.SSAFile.from_string(as_srt(short), format_="srt")
    theirs = [(event.start, event.end, event.plaintext.split("\n")) for event in script]
    assert ours(as_srt(short)) == theirs if short else theirs == []


@given(sane())
def test_pysubs2_and_we_agree_on_ass(cues: list[tuple[int, int, list[str]]]) -> None:
    script = pysubs2.SSAFile()
    for start, end, lines in cues:
        if end < 36_000_000:
            script.append(pysubs2.SSAEvent(start // 10 * 10, end // 10 * 10, "\\N".join(lines)))
    read = read_text(Decoded(script.to_string("ass"), "utf-8"))
    found = [Cue(Fraction(e.start, 1000), Fraction(e.end, 1000), ()) for e in script]
    assert [(each.start, each.end) for each in read.cues] == [(c.start, c.end) for c in found]
    assert [list(each.lines) for each in read.cues] == [e.plaintext.split("\n") for e in script]


@settings(max_examples=10, deadline=None)
@given(sane())
def test_ffmpeg_reads_the_same(
    tmp_path_factory: object, cues: list[tuple[int, int, list[str]]]
) -> None:
    path = Path(tmp_path_factory.mktemp("ffmpeg")) / "film.srt"  # type: ignore[attr-defined]
    path.write_text(as_srt(cues), encoding="utf-8")
    assert ours(ffmpeg_reads(path, "srt").replace("\r\n", "\n")) == cues
