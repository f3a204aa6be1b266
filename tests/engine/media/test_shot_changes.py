"""Picture cuts of made clips whose cuts are known."""

from __future__ import annotations

import subprocess
import threading
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import pytest

from editor_plugin.core.errors import Cancelled, MediaEmpty, MediaMissing, MediaUnreadable
from editor_plugin.engine.media.ffmpeg_process import ProgressControl, find_ffmpeg
from editor_plugin.engine.media.probe import inspect
from editor_plugin.engine.media.shot_changes import find_shot_changes

pytestmark = pytest.mark.usefixtures("each_ffmpeg")

SHOTS = ("testsrc2", "smptebars", "mandelbrot", "rgbtestsrc")


def make(path: Path, frames: Sequence[int], rate: str, *options: str) -> Path:
    """A clip of shots with so many frames each, at `rate`; `options` before the output's name."""
    sources = [
        argument
        for shot in SHOTS[: len(frames)]
        for argument in ("-f", "lavfi", "-i", f"{shot}=s=192x108:r={rate}")
    ]
    parts = "".join(
        f"[{at}:v]trim=end_frame={count},setpts=PTS-STARTPTS,format=yuv420p[v{at}];"
        for at, count in enumerate(frames)
    )
    joined = "".join(f"[v{at}]" for at in range(len(frames)))
    graph = f"{parts}{joined}concat=n={len(frames)}:v=1[v]"
    quick = ("-c:v", "mpeg4", "-qscale:v", "3")
    run(*sources, "-filter_complex", graph, "-map", "[v]", *quick, *options, str(path))
    return path


def run(*arguments: str) -> None:
    subprocess.run([find_ffmpeg(), "-v", "error", "-y", *arguments], check=True, timeout=60)


@pytest.mark.parametrize(
    ("rate", "seconds"),
    [("25", Fraction(1, 25)), ("24000/1001", Fraction(1001, 24000)), ("50", Fraction(1, 50))],
)
def test_cuts_are_exact(tmp_path: Path, rate: str, seconds: Fraction) -> None:
    clip = make(tmp_path / "clip.mp4", [31, 17, 40], rate)
    assert find_shot_changes(clip) == (31 * seconds, 48 * seconds)


def test_a_clip_of_one_shot_has_no_cut(tmp_path: Path) -> None:
    assert find_shot_changes(make(tmp_path / "clip.mp4", [50], "25")) == ()


def test_a_variable_rate(tmp_path: Path) -> None:
    # The first shot at 25, then every other frame only, on a clock of 1/12800 s.
    slow = ("-vf", "settb=1/12800,select='lt(n,30)+not(mod(n,2))'")
    clip = make(tmp_path / "even.mkv", [30, 20, 20], "25")
    run("-i", str(clip), *slow, "-c:v", "mpeg4", str(tmp_path / "clip.mkv"))
    shot_changes = find_shot_changes(tmp_path / "clip.mkv")
    assert shot_changes == (Fraction(30, 25), Fraction(50, 25))


def test_a_picture_that_begins_late_in_its_container_still_begins_at_zero(tmp_path: Path) -> None:
    even = make(tmp_path / "even.mp4", [31, 20], "25")
    clip = tmp_path / "late.ts"
    run("-i", str(even), "-c:v", "mpeg2video", "-output_ts_offset", "12.5", str(clip))
    assert find_shot_changes(clip) == (Fraction(31, 25),)


def test_a_name_in_another_script_and_with_a_percent_sign(tmp_path: Path) -> None:
    clip = make(tmp_path / "clip.mp4", [20, 20], "25")
    odd = clip.rename(tmp_path / "Фильм 100%d 'x' [1].mp4")
    assert find_shot_changes(odd) == (Fraction(20, 25),)


def test_sound_alone_has_no_cuts(tmp_path: Path) -> None:
    sound = tmp_path / "sound.wav"
    run("-f", "lavfi", "-i", "sine=d=1", str(sound))
    assert find_shot_changes(sound) == ()
    assert inspect(sound).picture is None


def test_the_rate_of_a_clip_without_sound(tmp_path: Path) -> None:
    picture = inspect(make(tmp_path / "clip.mp4", [20], "24000/1001")).picture
    assert picture is not None and picture.rate == Fraction(24000, 1001)


def test_what_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(MediaMissing):
        find_shot_changes(tmp_path / "none.mp4")
    (tmp_path / "empty.mp4").touch()
    with pytest.raises(MediaEmpty):
        find_shot_changes(tmp_path / "empty.mp4")
    (tmp_path / "text.mp4").write_text("no picture at all")
    with pytest.raises(MediaUnreadable):
        find_shot_changes(tmp_path / "text.mp4")


def test_it_can_be_stopped(tmp_path: Path) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(Cancelled):
        find_shot_changes(make(tmp_path / "clip.mp4", [20, 20], "25"), ProgressControl(cancel=stop))


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[float] = []
    find_shot_changes(
        make(tmp_path / "clip.mp4", [20, 20], "25"), ProgressControl(progress=told.append)
    )
    assert told == sorted(told) and told
