"""Recordings' jobs against the engine's own service, and against none, an old one, a stranger."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from editor_plugin.core.errors import (
    EngineNewer,
    EngineUnreachable,
    EnvironmentBroken,
    JobUnknown,
    RecueError,
)
from editor_plugin.core.handshake import ENGINE_FILE, PROTOCOL, Announcement, to_text
from editor_plugin.engine.service.server import Service
from editor_plugin.hosts.obs.choices import Choices, recording_request
from editor_plugin.hosts.obs.engine_link import LAUNCH_SECONDS
from editor_plugin.hosts.obs.jobs import MOST_ENDED, RecordingJobs
from tests.small_engine import SmallEngine


class Engines:
    """Counts how often an engine is to be started; `trouble` is why it cannot be."""

    def __init__(self, trouble: RecueError | None = None) -> None:
        self.launched = 0
        self.trouble = trouble

    def launch(self) -> object:
        self.launched += 1
        if self.trouble is not None:
            raise self.trouble
        return None


class Clock:
    """Time that goes on when it is told to."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECUE_HOME", str(tmp_path))
    return tmp_path


@pytest.fixture
def engine(data: Path) -> Iterator[SmallEngine]:
    """An engine that is served."""
    engine = SmallEngine(data)
    service = Service(engine)
    service.start()
    yield engine
    service.stop()


def give(jobs: RecordingJobs, data: Path, name: str) -> Path:
    """Hand a recording over."""
    recording = data / name
    recording.write_bytes(b"film")
    jobs.add(recording, recording_request(recording, Choices()))
    return recording


def go_on(jobs: RecordingJobs, until: Callable[[], object], seconds: float = 20) -> None:
    """Step as OBS's timer does."""
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, jobs.all
        jobs.step()
        time.sleep(0.01)
    jobs.close()


def states(jobs: RecordingJobs) -> list[str]:
    statuses = [each.client.status for each in jobs.all]
    return [each.state for each in statuses if each is not None]


def ended(jobs: RecordingJobs) -> bool:
    return all(each.has_ended for each in jobs.all)


def test_recordings_are_taken_done_and_told(engine: SmallEngine, data: Path) -> None:
    engines = Engines()
    jobs = RecordingJobs(engines)
    first, second = give(jobs, data, "a.mkv"), give(jobs, data, "b.mkv")
    assert jobs.unsent == (first, second)
    go_on(jobs, lambda: ended(jobs))
    assert states(jobs) == [
        "done",
        "done",
    ]
    assert [each.orders[0].input for each in engine.added] == [first, second]
    assert jobs.unsent == () and engines.launched == 0


def test_a_recording_under_way_is_not_taken_twice(engine: SmallEngine, data: Path) -> None:
    jobs = RecordingJobs(Engines())
    give(jobs, data, "a.mkv")
    give(jobs, data, "a.mkv")
    go_on(jobs, lambda: ended(jobs))
    assert len(engine.added) == 1
    give(jobs, data, "a.mkv")
    go_on(jobs, lambda: ended(jobs))
    assert len(engine.added) == 2 and len(jobs.all) == 1


def test_only_the_last_ended_ones_are_kept(engine: SmallEngine, data: Path) -> None:
    jobs = RecordingJobs(Engines())
    for number in range(MOST_ENDED + 3):
        give(jobs, data, f"{number}.mkv")
        go_on(jobs, lambda: ended(jobs))
    assert [each.recording.stem for each in jobs.all] == [str(n) for n in range(3, 8)]


def test_cancelling_ends_what_is_sent_and_forgets_the_rest(data: Path) -> None:
    engine = SmallEngine(data, work=False)
    service = Service(engine)
    service.start()
    jobs = RecordingJobs(Engines())
    give(jobs, data, "a.mkv")
    go_on(jobs, lambda: not jobs.unsent)
    give(jobs, data, "b.mkv")
    jobs.cancel()
    go_on(jobs, lambda: ended(jobs))
    service.stop()
    assert states(jobs) == ["cancelled"]


def test_what_the_engine_refuses_is_told(engine: SmallEngine, data: Path) -> None:
    engine.fail_with = JobUnknown("7")
    jobs = RecordingJobs(Engines())
    give(jobs, data, "a.mkv")
    go_on(jobs, lambda: ended(jobs))
    assert isinstance(jobs.all[0].error, JobUnknown)


def test_an_engine_is_started_but_not_again_and_again(data: Path) -> None:
    engines, clock = Engines(), Clock()
    jobs = RecordingJobs(engines, clock)
    give(jobs, data, "a.mkv")
    for _ in range(50):
        jobs.step()
    assert engines.launched == 1 and jobs.trouble is None
    clock.now += LAUNCH_SECONDS + 1
    jobs.step()
    assert engines.launched == 2 and isinstance(jobs.trouble, EngineUnreachable)


def test_why_no_engine_can_be_started_is_told_and_tried_again(data: Path) -> None:
    engines, clock = Engines(EnvironmentBroken("It is gone.", "Install it.")), Clock()
    jobs = RecordingJobs(engines, clock)
    recording = give(jobs, data, "a.mkv")
    jobs.step()
    assert jobs.trouble is engines.trouble and jobs.unsent == (recording,)
    clock.now += LAUNCH_SECONDS + 1
    jobs.step()
    assert engines.launched == 2


def test_the_file_of_a_killed_engine_counts_for_nothing(data: Path) -> None:
    announce(data, port=1)
    engines = Engines()
    jobs = RecordingJobs(engines)
    give(jobs, data, "a.mkv")
    go_on(jobs, lambda: engines.launched)
    assert jobs.unsent


def test_a_stranger_in_the_engines_place_gets_nothing(engine: SmallEngine, data: Path) -> None:
    told = (data / ENGINE_FILE).read_text(encoding="utf-8")
    port = int(told.partition('"port": ')[2].partition(",")[0])
    announce(data, port=port, token="another-token-than-that-one")
    engines = Engines()
    jobs = RecordingJobs(engines)
    give(jobs, data, "a.mkv")
    go_on(jobs, lambda: engines.launched)
    assert engine.added == []


def test_a_newer_engine_wants_the_editor_restarted(engine: SmallEngine, data: Path) -> None:
    told = (data / ENGINE_FILE).read_text(encoding="utf-8")
    newer = told.replace('"protocol": 1', '"protocol": 2').replace('"0.1.0"', '"99.0.0"')
    assert newer != told
    (data / ENGINE_FILE).write_text(newer, encoding="utf-8")
    jobs = RecordingJobs(Engines())
    give(jobs, data, "a.mkv")
    go_on(jobs, lambda: jobs.trouble)
    assert isinstance(jobs.trouble, EngineNewer) and engine.added == []


def test_an_older_engine_is_asked_to_stop(engine: SmallEngine, data: Path) -> None:
    told = (data / ENGINE_FILE).read_text(encoding="utf-8")
    (data / ENGINE_FILE).write_text(told.replace('"0.1.0"', '"0.0.1"'), encoding="utf-8")
    jobs = RecordingJobs(Engines())
    give(jobs, data, "a.mkv")
    go_on(jobs, engine.stopping.is_set)
    assert engine.added == []


def announce(data: Path, port: int, token: str = "t" * 30) -> None:
    """Leave the file of an engine behind."""
    engine = Announcement(port, token, 1, "0.1.0", PROTOCOL, "here")
    (data / ENGINE_FILE).write_text(to_text(engine), encoding="utf-8")
