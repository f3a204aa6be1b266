"""Results to write: Hypothesis strategies with the worst texts, and the programs that read them."""

from __future__ import annotations

import shutil
import subprocess
from fractions import Fraction
from pathlib import Path

from hypothesis import strategies as st

from editor_plugin.core.cues import Cue
from editor_plugin.core.projection import ProjectedWord
from editor_plugin.core.timeline import Media
from editor_plugin.core.transcript import Word
from editor_plugin.engine.export import WRITERS, Result
from editor_plugin.engine.export.shown import shown_lines

RATES = [
    Fraction(24000, 1001),
    Fraction(24),
    Fraction(25),
    Fraction(30000, 1001),
    Fraction(50),
    Fraction(60000, 1001),
    Fraction(60),
    Fraction(25, 2),
]
MEDIA = Media("/films/Ünïcode clip.mov", None, 1)

NASTY = (
    "<i>not italic</i>", "</i>", "<b", "a < b > c", "<00:00:01.000>", "<v Bob>", "{\\b1}bold",
    "{comment}", "{\\an8}", "\\N", "\\n new", "\\h", "C:\\new", "\\", "}{", "&amp;", "&lt;i&gt;",
    "R&D", "&#10;", "&", "-->", "a --> b", "00:00:01,000 --> 00:00:02,000", "00:01.000 --> 00:02",
    "0:01 -> 0:02", "--\u2060>", "<\u2060i>", "1", "42", "  two  ", "\t", "", "\ufeff", "\ufeffx",
    "a\nb", "a\r\nb", "a\n\n\nb", "\u2028", "\x85", "\x00", "\x1b[0m", "\x07", "😀", "👩‍👩‍👧",
    "שלום עולם", "\u202bمرحبا\u202c", "日本語。", "\u3000字下げ", "NOTE x", "STYLE", "WEBVTT",
    "]]>", "<!--", "<![CDATA[", "&quot;'\"", "=1+1", "-Hello", "@x", "+1", "'=x", "a|b", "|C:x",
    "Dialogue: 0,0:00:01.00", "\ud800", "\uffff", "a,b;c", "％s", "%s {0}", "e\u0301", "X1:10",
)  # fmt: skip

texts = st.lists(st.sampled_from(NASTY) | st.text(max_size=8), max_size=4).map("".join)
lines = st.lists(texts | st.sampled_from(NASTY), max_size=3).map(tuple)


@st.composite
def results(draw: st.DrawFn, rates: list[Fraction | None] | None = None) -> Result:
    """Cues on frames, in order and without overlap, with any text whatever."""
    rate = draw(st.sampled_from([None, *RATES] if rates is None else rates))
    grid, at, cues = rate or Fraction(1000), draw(st.integers(0, 400_000)), []
    for each in draw(st.lists(lines, max_size=6)):
        at += draw(st.integers(0, 100))
        length = draw(st.integers(1, 200))
        cues.append(Cue(at / grid, (at + length) / grid, each))
        at += length
    language = draw(st.sampled_from([None, "en", "pt-BR"]))
    return Result(draw(texts), rate, tuple(cues), (), language=language)


def result_of(*cues: Cue, rate: Fraction | None = None, name: str = "film") -> Result:
    """A result with these cues and their words."""
    words = tuple(word for cue in cues for word in cue.words)
    return Result(name, rate, cues, tuple(ProjectedWord(w, w, MEDIA, 0, 0) for w in words))


def cue(start: Fraction | float | str, end: Fraction | float | str, *lines: str) -> Cue:
    """A cue without words."""
    return Cue(Fraction(str(start)), Fraction(str(end)), lines)


def spoken_cue(text: str, *times: str) -> Cue:
    """A cue of one line whose words start at these times; the last time is its end."""
    starts = [Fraction(each) for each in times]
    words = tuple(
        Word(each, start, end)
        for each, start, end in zip(text.split(), starts, starts[1:], strict=False)
    )
    return Cue(starts[0], starts[-1], (text,), words)


def written(name: str, result: Result) -> str:
    return WRITERS[name].write(result)


def visible(result: Result) -> list[Cue]:
    """The cues that have anything to show, with the lines as they are seen."""
    return [Cue(each.start, each.end, seen) for each in result.cues if (seen := shown_lines(each))]


def ffmpeg() -> str:
    """The path of an ffmpeg: the system's, or the one that Recue brings."""
    import imageio_ffmpeg

    return shutil.which("ffmpeg") or str(imageio_ffmpeg.get_ffmpeg_exe())


def ffmpeg_reads(path: Path, as_format: str) -> str:
    """What ffmpeg's own demuxer and decoder make of a file, as another format."""
    command = [ffmpeg(), "-v", "error", "-i", str(path), "-f", as_format, "-"]
    run = subprocess.run(command, capture_output=True, check=True, timeout=60)
    assert run.stderr == b""
    return run.stdout.decode("utf-8")
