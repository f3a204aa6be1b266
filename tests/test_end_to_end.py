"""The command as its user runs it: real process, real ffmpeg, real NeMo, the bundled demo."""

from __future__ import annotations

import difflib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import psutil
import pytest
import srt

from editor_plugin.core.projection import needed, project
from editor_plugin.core.transcript import Word
from editor_plugin.engine.interchange import read_timeline
from editor_plugin.engine.media.ffmpeg_process import find_ffmpeg
from tests.tiny_models import tiny_model

ROOT = Path(__file__).parents[1]
DEMO = ROOT / "demo"
TIMELINE = DEMO / "recue-demo.otio"
MARK = "RECUE_TEST_HOME"
MODEL_FRAME = timedelta(milliseconds=90)
"""Two frames of the demo model, and the film's frame that a time may round to."""

pytestmark = pytest.mark.nemo


class User:
    """Somebody at a terminal, with a home folder of their own."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.folder = home / "Schnitt – été"
        self.folder.mkdir()
        self.started: list[subprocess.Popen[str]] = []
        self.environment = {
            **os.environ,
            "RECUE_HOME": str(home / "recue"),
            "PYTHONPATH": str(ROOT),
            MARK: str(home),
        }

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "editor_plugin", *map(str, arguments)],
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        self.started.append(process)
        return process

    def run(self, *arguments: str | Path) -> tuple[int, str, str]:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=240)
        assert "Traceback" not in out + err
        return process.returncode, out, err

    def events(self, *arguments: str | Path) -> tuple[int, list[dict[str, Any]]]:
        status, out, _ = self.run(*arguments, "--events")
        return status, [json.loads(line) for line in out.splitlines()]

    def ffmpeg(self, name: str, *arguments: str) -> Path:
        path = self.folder / name
        subprocess.run([find_ffmpeg(), "-v", "error", "-y", *arguments, str(path)], check=True)
        return path

    def processes(self, of: str = "") -> list[psutil.Process]:
        """Recue's processes that have not ended; only those whose command has an argument `of`
        where that is given."""
        found = []
        for process in psutil.process_iter():
            try:
                if process.environ().get(MARK) == str(self.home):
                    command, status = process.cmdline(), process.status()
                    if status != psutil.STATUS_ZOMBIE and (not of or of in command):
                        found.append(process)
            except psutil.Error:  # somebody else's, or it has just ended
                continue
        return found

    def close_terminals(self) -> None:
        """Close what a test that failed has left open; some later test would be blamed for it."""
        for process in self.started:
            for pipe in (process.stdout, process.stderr):
                if pipe is not None:
                    pipe.close()

    def wait_until_alone(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while self.processes() and time.monotonic() < end:
            time.sleep(0.1)
        assert self.processes() == []


@pytest.fixture
def user(tmp_path: Path) -> Iterator[User]:
    user = User(tmp_path)
    yield user
    user.close_terminals()
    left = user.processes()
    for process in left:
        process.kill()
    assert left == []


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_model("tdt", tmp_path_factory.mktemp("models"))


def speech(user: User, name: str, seconds: int) -> Path:
    """The demo film's sound, again and again."""
    film = str(DEMO / "media" / "recue-demo.mp4")
    return user.ffmpeg(name, "-stream_loop", "-1", "-i", film, "-vn", "-t", str(seconds))


def test_every_bad_input_has_its_own_error_and_the_good_one_is_done(user: User) -> None:
    good = speech(user, "good.m4a", 20)
    whole = user.ffmpeg("whole.mp4", "-i", str(DEMO / "media" / "recue-demo.mp4"), "-c", "copy")
    (user.folder / "cut off.mp4").write_bytes(whole.read_bytes()[:200_000])
    (user.folder / "empty.wav").write_bytes(b"")
    (user.folder / "text.wav").write_text("This is a letter, not a recording.\n" * 100)
    user.ffmpeg("picture.mp4", "-f", "lavfi", "-i", "testsrc=d=1")
    user.ffmpeg("silence.wav", "-f", "lavfi", "-i", "anullsrc", "-t", "5")
    user.ffmpeg("noise.wav", "-f", "lavfi", "-i", "anoisesrc=a=0.1:seed=3:r=16000", "-t", "5")
    user.ffmpeg("blink.wav", "-f", "lavfi", "-i", "anoisesrc=a=0.01:seed=3:r=16000", "-t", "0.05")
    (user.folder / "taken.wav").symlink_to(good)
    (user.folder / "taken.srt").symlink_to(user.folder / "good.m4a")
    expected = {
        "missing.wav": "media-missing",
        "empty.wav": "media-empty",
        "text.wav": "media-unreadable",
        "picture.mp4": "no-audio",
        "cut off.mp4": "media-unreadable",
        "silence.wav": "no-speech",
        "noise.wav": "no-speech",
        "blink.wav": "no-speech",
        "taken.wav": "output-is-input",
    }
    status, events = user.events("transcribe", "--model", "demo", *expected, "good.m4a")
    failed = {
        Path(event["input"]).name: event["error"]["code"]
        for event in events
        if event["event"] == "failed"
    }
    assert failed == expected and status == 1
    assert (user.folder / "good.srt").stat().st_size > 100
    assert sorted(path.name for path in user.folder.glob("*.srt")) == ["good.srt", "taken.srt"]


@pytest.mark.parametrize(
    ("model", "said"), [("damaged", "is damaged"), ("speaker", "does not turn speech into text")]
)
def test_a_model_that_is_none_is_said(user: User, tiny: Path, model: str, said: str) -> None:
    speech(user, "good.wav", 3)
    if model == "damaged":
        path = user.folder / "damaged.nemo"
        path.write_bytes(tiny.read_bytes()[:300_000])
    else:
        path = tiny_model("speaker", user.folder)
    status, _, err = user.run("transcribe", "good.wav", "--model", path)
    assert status == 1 and said in err and path.name in err
    assert not (user.folder / "good.srt").exists()


def in_mid_recognition(user: User, *arguments: str) -> subprocess.Popen[str]:
    """The command, with its first batch finished and more to do."""
    process = user.start(*arguments, "--events")
    assert process.stdout is not None
    for line in process.stdout:
        if json.loads(line).get("stage") == "recognising":
            break
    return process


def goes_on(user: User, *arguments: str) -> None:
    """The same command gets to the end, and recognises less than the whole 1,200 s."""
    status, events = user.events(*arguments)
    (finished,) = [event for event in events if event["event"] == "finished"]
    assert status == 0 and 0 < finished["recognised"] < 1200


def test_ctrl_c_stops_at_once_and_keeps_what_is_finished(user: User, tiny: Path) -> None:
    speech(user, "long.wav", 1200)
    arguments = ("transcribe", "long.wav", "--model", str(tiny), "--window-seconds", "10")
    process = in_mid_recognition(user, *arguments)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130 and "Finished parts are kept" in err
    user.wait_until_alone(0)
    assert not (user.folder / "long.srt").exists()
    goes_on(user, *arguments)


@pytest.mark.skipif(os.name == "nt", reason="Windows has no kill -9")
def test_a_killed_command_leaves_no_process_and_goes_on_the_next_time(
    user: User, tiny: Path
) -> None:
    speech(user, "long.wav", 1200)
    arguments = ("transcribe", "long.wav", "--model", str(tiny), "--window-seconds", "10")
    process = in_mid_recognition(user, *arguments)
    process.kill()
    process.communicate()
    user.wait_until_alone(15)
    goes_on(user, *arguments)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with what the demo gives, as SRT and as words."""
    user = User(tmp_path_factory.mktemp("demo"))
    status, out, err = user.run(
        "transcribe", TIMELINE, "--model", "demo", "--print", "--format", "srt,words", "-o", "demo"
    )
    assert status == 0, err
    assert out.startswith((user.folder / "demo.srt").read_text(encoding="utf-8"))
    return user.folder


def test_the_demo_gives_the_golden_subtitles(demo: Path) -> None:
    """To the letter; a time may differ by a frame or two, as processors' numbers do."""
    found, golden = (
        list(srt.parse(path.read_text(encoding="utf-8")))
        for path in (demo / "demo.srt", ROOT / "tests" / "golden" / "recue-demo.srt")
    )
    assert [each.content for each in found] == [each.content for each in golden]
    for one, other in zip(found, golden, strict=True):
        assert abs(one.start - other.start) <= MODEL_FRAME
        assert abs(one.end - other.end) <= MODEL_FRAME


def test_the_demo_says_what_was_spoken_where_the_timeline_has_it(demo: Path) -> None:
    """Against the synthesiser's own words, put through the timeline by the same projection."""
    film = json.loads((DEMO / "reference.json").read_text(encoding="utf-8"))
    spoken = [
        Word(word["text"], Fraction(str(word["start_s"])), Fraction(str(word["end_s"])))
        for sentence in film["sentences"]
        for word in sentence["words"]
    ]
    timeline = read_timeline(TIMELINE)
    expected = project(dict.fromkeys(needed(timeline), spoken), timeline)
    heard = json.loads((demo / "demo.words.json").read_text(encoding="utf-8"))["words"]
    texts = ([bare(each.word.text) for each in expected], [bare(each["text"]) for each in heard])
    matcher = difflib.SequenceMatcher(None, *texts, autojunk=False)
    same = [
        (expected[block.a + step].word, heard[block.b + step])
        for block in matcher.get_matching_blocks()
        for step in range(block.size)
    ]
    assert len(same) >= 0.9 * max(len(expected), len(heard))
    late = [abs(float(word.start) - other["start"]) for word, other in same]
    # The model's own error, at most 80 ms (demo/model/CARD.md), stretched by the slowest clip.
    assert max(late) <= 0.2 and sorted(late)[len(late) // 2] <= 0.08


def bare(text: str) -> str:
    return re.sub(r"[^a-z']", "", text.lower())
