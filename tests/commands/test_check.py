"""`recue check` on anybody's subtitles."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from editor_plugin.commands.check import add_check
from editor_plugin.core.errors import OutputIsInput, SettingsInvalid
from editor_plugin.engine.reading import read_subtitles
from tests.engine.media.test_shot_changes import make

GOOD = """1
00:00:01,000 --> 00:00:03,000
What a day it was.

2
00:00:03,083 --> 00:00:05,000
It was the best of times.
"""
CLOSE = GOOD.replace("03,083", "03,040")
FAST = GOOD.replace("What a day it was.", "What a day it was, and what a night, too!")


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Runs `recue check` in process; files are named relative to an empty folder."""
    monkeypatch.setenv("RECUE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> int:
        parser = argparse.ArgumentParser("recue check")
        add_check(parser)
        options = parser.parse_args(arguments)
        return int(options.run(options))

    return run


def write(name: str, text: str) -> Path:
    path = Path(name)
    path.write_text(text, encoding="utf-8")
    return path


def asked(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_good_subtitles(check: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    write("a.srt", GOOD)
    assert check("a.srt") == 0
    assert capsys.readouterr().out == "a.srt: 2 cues, netflix-en, milliseconds\nNo findings.\n"


def test_a_finding_is_told_and_sets_the_exit_status(
    check: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    write("a.srt", CLOSE)
    assert check("a.srt", "--style", "netflix-en", "--rate", "25") == 1
    assert capsys.readouterr().out.splitlines() == [
        "a.srt: 2 cues, netflix-en, 25 fps",
        "Cue 1 ends 1 frame before cue 2; the least gap is 2 frames. It can be fixed.",
        "1 finding (gap 1); 1 can be fixed.",
    ]


def test_a_style_of_ones_own(check: Callable[..., int]) -> None:
    write("a.srt", CLOSE)
    write("house.toml", "min_gap_frames = 1\n")
    assert check("a.srt", "--style", "house.toml", "--rate", "25") == 0
    with pytest.raises(SettingsInvalid):
        check("a.srt", "--style", "netflicks")


def test_what_the_reading_found_is_told(
    check: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    write("b.srt", GOOD.replace("00:00:05,000", "00:00:01,000"))
    assert check("b.srt") == 1
    assert "Line 6: " in capsys.readouterr().out


def test_the_report_as_json(check: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    write("Фильм.srt", FAST)
    assert check("Фильм.srt", "--json", "--rate", "24") == 1
    report = asked(capsys)
    assert (report["style"], report["rate"]) == ("netflix-en", "24")
    (file,) = report["files"]
    assert (file["file"], file["format"], file["cues"]) == ("Фильм.srt", "srt", 2)
    (finding,) = file["findings"]
    assert (finding["cue"], finding["rule"], finding["limit"]) == (1, "cps", 20)
    assert (finding["fixed"], finding["fixable"]) == (False, False)


def test_a_file_on_other_frames_than_the_rate(
    check: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    write("a.srt", GOOD)
    assert check("a.srt", "--json", "--rate", "23.976") == 1
    report = asked(capsys)
    assert report["rate"] == "23.976"
    assert {each["rule"] for each in report["files"][0]["findings"]} == {"frame"}


def test_mending_writes_another_file_and_leaves_the_text(check: Callable[..., int]) -> None:
    write("a.srt", CLOSE)
    assert check("a.srt", "--rate", "25", "--fix", "-o", "b.srt") == 0
    assert Path("a.srt").read_text(encoding="utf-8") == CLOSE
    first, second = read_subtitles(Path("b.srt")).cues
    assert second.start - first.end == Fraction(2, 25)
    assert [first.text, second.text] == [
        "What a day it was.",
        "It was the best of times.",
    ]
    assert check("b.srt", "--rate", "25") == 0


def test_mending_into_another_format(check: Callable[..., int]) -> None:
    write("a.srt", CLOSE)
    check("a.srt", "--fix", "-o", "b.vtt")
    assert Path("b.vtt").read_text(encoding="utf-8").startswith("WEBVTT")


def test_what_cannot_be_mended_keeps_the_exit_status(check: Callable[..., int]) -> None:
    write("a.srt", FAST)
    assert check("a.srt", "--fix", "-o", "b.srt") == 1
    assert len(read_subtitles(Path("b.srt")).cues) == 2


def test_the_input_is_never_written_over(check: Callable[..., int]) -> None:
    write("a.srt", CLOSE)
    with pytest.raises(OutputIsInput):
        check("a.srt", "--fix", "-o", "a.srt")
    with pytest.raises(OutputIsInput):
        check("a.srt", "--fix", "-o", ".")
    assert Path("a.srt").read_text(encoding="utf-8") == CLOSE


@pytest.mark.parametrize("arguments", [["--fix"], ["-o", "b.srt"]])
def test_fix_and_output_belong_together(check: Callable[..., int], arguments: list[str]) -> None:
    write("a.srt", CLOSE)
    with pytest.raises(SystemExit) as stopped:
        check("a.srt", *arguments)
    assert stopped.value.code == 2


def test_many_files_into_a_folder_and_one_that_is_missing(
    check: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    write("a.srt", GOOD)
    write("b.srt", CLOSE)
    Path("out").mkdir()
    assert check("a.srt", "none.srt", "b.srt", "--fix", "-o", "out") == 1
    assert "none.srt" in capsys.readouterr().err
    assert sorted(path.name for path in Path("out").iterdir()) == ["a.srt", "b.srt"]
    assert check("none.srt", "b.srt", "--json") == 1
    missing, other = asked(capsys)["files"]
    assert missing["error"]["code"] == "media-missing" and other["findings"]


def test_files_of_one_name_do_not_overwrite_each_other(check: Callable[..., int]) -> None:
    Path("x").mkdir()
    Path("out").mkdir()
    write("a.srt", GOOD)
    write("x/a.srt", GOOD)
    with pytest.raises(SettingsInvalid):
        check("a.srt", "x/a.srt", "--fix", "-o", "out")


def test_a_video_gives_cuts_and_rate(
    check: Callable[..., int], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    make(tmp_path / "clip.mp4", [30, 60], "25")
    write("a.srt", GOOD)
    assert check("a.srt", "--video", "clip.mp4", "--json") == 1
    report = asked(capsys)
    assert report["rate"] == "25"
    rules = [(each["cue"], each["rule"]) for each in report["files"][0]["findings"]]
    assert (1, "cut-in") in rules
    check("a.srt", "--video", "clip.mp4", "--fix", "-o", "b.srt")
    assert read_subtitles(Path("b.srt")).cues[0].start == Fraction(30, 25)


def test_a_video_whose_rate_is_no_usual_one_leaves_milliseconds(
    check: Callable[..., int], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    make(tmp_path / "clip.mp4", [30], "17")
    write("a.srt", GOOD)
    check("a.srt", "--video", "clip.mp4", "--json")
    assert asked(capsys)["rate"] is None
