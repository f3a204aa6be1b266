r"""ASS, as pysubs2 and ffmpeg read it, and {\k} word by word."""

from __future__ import annotations

import re
import subprocess
from fractions import Fraction
from html import unescape
from pathlib import Path

import pysubs2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.cues import Cue
from editor_plugin.core.transcript import Word
from editor_plugin.engine.export import Result
from editor_plugin.engine.export.shown import WORD_JOINER
from tests.core.words import word_lists
from tests.engine.export.results import (
    RATES,
    cue,
    ffmpeg,
    ffmpeg_reads,
    result_of,
    results,
    spoken_cue,
    visible,
    written,
)
from tests.programs import need_fonts


def dialogue(text: str) -> list[str]:
    return [line for line in text.split("\n") if line.startswith("Dialogue:")]


def test_looks_as_a_script_should() -> None:
    text = written("ass", result_of(cue(0, "1.449", "Good, morning,", "everyone."), name="Fílm"))
    assert text.startswith("[Script Info]\nTitle: Fílm\nScriptType: v4.00+\n")
    assert dialogue(text) == [
        "Dialogue: 0,0:00:00.00,0:00:01.44,Default,,0,0,0,,Good, morning,\\Neveryone."
    ]


def test_what_would_be_an_override_or_a_break_is_shown_literally() -> None:
    (line,) = dialogue(written("ass", result_of(cue(0, 1, "{\\b1}C:\\New"))))
    assert line.endswith(f",,\\{{{WORD_JOINER}\\{WORD_JOINER}b1\\}}C:\\{WORD_JOINER}New")


@given(results())
def test_every_cue_is_one_line_with_its_times(result: Result) -> None:
    text = written("ass", result)
    script = pysubs2.SSAFile.from_string(text, format_="ass")
    assert len(script) == len(dialogue(text)) == len(visible(result))
    for event, shown in zip(script, visible(result), strict=True):
        assert event.start == int(shown.start * 100) * 10
        assert event.end == max(int(shown.end * 100) * 10, event.start + 10)


@given(results(rates=[rate for rate in RATES if rate <= 60]))
def test_a_cue_is_on_screen_in_exactly_its_frames(result: Result) -> None:
    assert result.rate is not None
    script = pysubs2.SSAFile.from_string(written("ass", result), format_="ass")
    for event, shown in zip(script, visible(result), strict=True):

        def on(frame: Fraction, event: pysubs2.SSAEvent = event) -> bool:
            at = frame / (result.rate or 1) * 1000
            return bool(event.start <= at < event.end)

        first, end = shown.start * result.rate, shown.end * result.rate
        assert [on(first - 1), on(first), on(end - 1), on(end)] == [False, True, True, False]


def test_ffmpeg_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "film.ass"
    result = result_of(
        cue(0, "1.75", "Wait, you!", "Who is <b>there</b>?"),
        cue(5, 6, "{\\b1}C:\\New"),
        cue(3700, 3701, "日本語"),
    )
    path.write_text(written("ass", result), encoding="utf-8")
    read = unescape(ffmpeg_reads(path, "webvtt")).replace("\r\n", "\n")
    assert "00:00.000 --> 00:01.750\nWait, you!\nWho is <b>there</b>?" in read
    assert "01:01:40.000 --> 01:01:41.000\n日本語" in read
    # It shows the escaping backslashes, too; libass, which draws the text, does not.
    assert "\\{\\b1\\}C:\\New" in read.replace(WORD_JOINER, "")


def drawn_width(folder: Path, text: str) -> int:
    """How many columns of a picture libass draws something in."""
    (folder / "film.ass").write_text(written("ass", result_of(cue(0, 1, text))), encoding="utf-8")
    size = "640x360"
    command = [ffmpeg(), "-v", "error", "-f", "lavfi", "-i", f"color=black:s={size}:r=25:d=0.04"]
    command += ["-vf", "ass=film.ass", "-frames:v", "1", "-f", "rawvideo", "-pix_fmt", "gray", "-"]
    run = subprocess.run(command, capture_output=True, cwd=folder, timeout=60)
    if b"No such filter" in run.stderr:
        pytest.skip("this ffmpeg was built without libass")
    rows = [run.stdout[at : at + 640] for at in range(0, 640 * 360, 640)]
    assert len(rows[-1]) == 640, run.stderr
    return sum(any(row[column] > 128 for row in rows) for column in range(640))


def test_libass_draws_what_would_be_an_override(tmp_path: Path) -> None:
    need_fonts()
    assert drawn_width(tmp_path, "xx") > 0
    assert drawn_width(tmp_path, "{\\b1}xx") > 2 * drawn_width(tmp_path, "xx")
    assert drawn_width(tmp_path, "{bb}") > drawn_width(tmp_path, "bb")
    assert drawn_width(tmp_path, "x\\Nx") > 1.5 * drawn_width(tmp_path, "x")


def test_a_recording_of_more_than_ten_hours_keeps_its_times() -> None:
    (line,) = dialogue(written("ass", result_of(cue(360_000, 360_001, "Still there?"))))
    assert line.startswith("Dialogue: 0,100:00:00.00,100:00:01.00,")


def test_karaoke_gives_each_word_its_time() -> None:
    spoken = spoken_cue("Wait for it.", "1", "1.5", "2.25", "3")
    (line,) = dialogue(written("ass-karaoke", result_of(spoken)))
    assert line.endswith(",,{\\k50}Wait {\\k75}for {\\k75}it.")


def test_karaoke_waits_for_the_first_word_and_goes_on_over_line_breaks() -> None:
    words = spoken_cue("Wait for it.", "1", "1.5", "2.25", "3").words
    shown = Cue(Fraction("0.5"), Fraction(4), ("Wait", "for it."), words)
    (line,) = dialogue(written("ass-karaoke", result_of(shown)))
    assert line.endswith(",,{\\k50}{\\k50}Wait\\N{\\k75}for {\\k175}it.")


def test_karaoke_of_text_without_spaces() -> None:
    words = (Word("日本", Fraction(0), Fraction(1)), Word("語。", Fraction(1), Fraction(2)))
    shown = Cue(Fraction(0), Fraction(2), ("日本語。",), words)
    (line,) = dialogue(written("ass-karaoke", result_of(shown)))
    assert line.endswith(",,{\\k100}日本{\\k100}語。")


def test_a_corrected_cue_is_written_plain() -> None:
    words = spoken_cue("Wait for it.", "1", "1.5", "2.25", "3").words
    for lines in (("Weight for it.",), ("Wait for it. Now.",), ("Wait for",)):
        shown = Cue(Fraction(1), Fraction(3), lines, words)
        (line,) = dialogue(written("ass-karaoke", result_of(shown)))
        assert line.endswith(f",,{lines[0]}")


@given(word_lists(max_size=8), st.integers(-20_000, 20_000), st.integers(0, 100_000))
def test_karaoke_times_add_up_and_the_text_stays(words: list[Word], late: int, length: int) -> None:
    if not words:
        return
    # Retiming moves a cue's ends to either side of its words'.
    start = max(Fraction(0), words[0].start + Fraction(late, 16000))
    end = start + Fraction(length + 160, 16000)
    shown = Cue(start, end, (" ".join(word.text for word in words),), tuple(words))
    plain, lit = (dialogue(written(name, result_of(shown))) for name in ("ass", "ass-karaoke"))
    (line,) = lit
    spent = sum(int(each) for each in re.findall(r"\{\\k(\d+)\}", line))
    assert line.count("{\\k") >= len(words)
    assert spent == int(end * 100) - int(start * 100)
    assert re.sub(r"\{\\k\d+\}", "", line) == plain[0]
