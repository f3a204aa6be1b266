"""The engine in the background, as users of the command and of editors meet it: real processes,
real ffmpeg, real NeMo, the bundled demo."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import opentimelineio as otio
import psutil
import pytest

from tests.test_end_to_end import TIMELINE, User, in_mid_recognition, speech
from tests.tiny_models import tiny_model

pytestmark = pytest.mark.nemo


@pytest.fixture
def user(tmp_path: Path) -> Iterator[User]:
    user = User(tmp_path)
    (user.home / "recue").mkdir()
    (user.home / "recue" / "settings.toml").write_text('model = "demo"\nidle_minutes = 5\n')
    yield user
    user.close_terminals()
    user.run("engine", "stop")
    user.wait_until_alone(30)


def finished(events: list[dict[str, Any]]) -> dict[str, Any]:
    (found,) = [event for event in events if event["event"] == "finished"]
    return found


def recut(user: User) -> Path:
    """The demo timeline after an edit: its clips the other way round, the first one trimmed."""
    timeline = otio.adapters.read_from_file(str(TIMELINE))
    for clip in timeline.find_clips():
        if clip.media_reference.target_url:
            path = TIMELINE.parent / clip.media_reference.target_url
            clip.media_reference.target_url = str(path)
    for track in timeline.tracks:
        children = list(track)
        track.clear()
        track.extend(reversed(children))
        first = next(each for each in track if isinstance(each, otio.schema.Clip))
        source = first.trimmed_range()
        second = otio.opentime.RationalTime(source.start_time.rate, source.start_time.rate)
        first.source_range = otio.opentime.TimeRange(
            source.start_time + second, source.duration - second
        )
    path = user.folder / "recut.otio"
    otio.adapters.write_to_file(timeline, str(path))
    return path


def test_one_warm_engine_for_every_command_and_an_edit_costs_no_recognition(user: User) -> None:
    assert user.run("engine", "status")[0] == 1
    status, out, err = user.run("engine", "start")
    assert status == 0, err
    assert user.run("engine", "status")[1] == out
    status, events = user.events("transcribe", TIMELINE, "-o", "cut.srt")
    assert status == 0 and finished(events)["recognised"] > 10
    assert any("running already" in str(event.get("text")) for event in events)
    runners = user.processes("editor_plugin.runner")
    status, events = user.events("transcribe", recut(user), "-o", "recut.srt")
    assert status == 0 and finished(events)["recognised"] == 0
    assert (user.folder / "recut.srt").read_bytes() != (user.folder / "cut.srt").read_bytes()
    still = user.processes("editor_plugin.runner")
    assert [each.pid for each in runners] == [each.pid for each in still]
    status, out, _ = user.run("jobs", "--json")
    assert [job["state"] for job in json.loads(out)] == ["done", "done"]
    assert user.run("engine", "stop")[0] == 0
    user.wait_until_alone(30)
    assert len(user.run("jobs")[1].splitlines()) == 2  # from the store, without an engine


@pytest.mark.skipif(os.name == "nt", reason="Windows has no kill -9")
def test_a_job_goes_on_by_itself_after_its_engine_was_killed(user: User, tmp_path: Path) -> None:
    tiny = tiny_model("tdt", tmp_path)
    speech(user, "long.wav", 600)
    assert user.run("engine", "start")[0] == 0
    arguments = ("transcribe", "long.wav", "--model", str(tiny), "--window-seconds", "10")
    process = in_mid_recognition(user, *arguments)
    (engine,) = user.processes("editor_plugin.engine")
    os.kill(engine.pid, signal.SIGKILL)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    told = finished([json.loads(line) for line in out.splitlines()])
    assert 0 < told["recognised"] < 600 and (user.folder / "long.srt").exists()
    assert not psutil.pid_exists(engine.pid)


def test_the_command_is_an_engine_while_it_runs(user: User, tmp_path: Path) -> None:
    """An editor that comes meanwhile finds it; what it asks for is done after the command's end."""
    tiny = tiny_model("tdt", tmp_path)
    speech(user, "long.wav", 600)
    speech(user, "short.wav", 5)
    process = in_mid_recognition(user, "transcribe", "long.wav", "--model", str(tiny))
    status, out, err = user.run("engine", "status")
    assert status == 0 and f"process {process.pid}" in out, err
    other = user.start("transcribe", "short.wav", "--model", str(tiny))
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=60)
    assert process.returncode == 130
    _, err = other.communicate(timeout=120)
    assert other.returncode == 0, err
    assert (user.folder / "short.srt").exists() and not (user.folder / "long.srt").exists()
