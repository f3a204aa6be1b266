"""Models are fetched, verified and removed beside the jobs, from a hub on loopback."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import huggingface_hub.constants
import pytest

from editor_plugin.core.errors import EnvironmentBroken, ModelInUse, ModelNotFetched, ModelUnknown
from editor_plugin.core.model_catalogue import CATALOGUE, LICENCES
from editor_plugin.engine.engine import Engine
from editor_plugin.engine.models import download, local
from editor_plugin.engine.models.keeper import ModelKeeper
from editor_plugin.engine.service import model_forms
from tests.engine.jobs.open_engine import asking, open_engine, plain, until
from tests.engine.models.hub import STALL_SECONDS, Hub, serve
from tests.engine.workspace import Workspace

V2, FLASH = "parakeet-tdt-0.6b-v2", "canary-180m-flash"
CONTENT = bytes(range(256)) * 4096 + b"the end"
HALF = len(CONTENT) // 2


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("RECUE_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.setattr(download, "PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_DOWNLOAD_TIMEOUT", STALL_SECONDS)
    return tmp_path / "home"


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with serve(Hub(CONTENT)) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        yield hub


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


@pytest.fixture
def engine(workspace: Workspace) -> Iterator[Engine]:
    with open_engine(workspace) as engine:
        yield engine


@pytest.fixture
def keeper(engine: Engine) -> ModelKeeper:
    return engine.models


def stalled(hub: Hub) -> threading.Event:
    """Have the hub send half of the file, and then nothing until the event is set. On a busy
    machine that may be longer than a fetch waits for a silent hub by itself."""
    hub.cut_after, hub.stall = [HALF], threading.Event()
    return hub.stall


def wait(true: Callable[[], bool]) -> None:
    end = time.monotonic() + 120  # a busy machine
    while not true():
        assert time.monotonic() < end
        time.sleep(0.01)


def done(keeper: ModelKeeper, name: str = V2) -> dict[str, Any]:
    """The model, once nothing is done to it."""
    wait(lambda: keeper.idle)
    found = keeper.one(name)
    assert model_forms.ModelWire.model_validate(found, strict=True).model_dump() == found
    return found


def test_every_model_says_what_a_user_wants_to_know(keeper: ModelKeeper) -> None:
    listed = keeper.all()
    assert {each["name"] for each in listed} == {each.name for each in CATALOGUE}
    assert [each["name"] for each in listed if each["is_here"]] == [listed[0]["name"]] == ["demo"]
    assert [each["name"] for each in listed if each["is_default"]] == ["parakeet-tdt-0.6b-v3"]
    for each in listed:
        assert each["licence_url"] == LICENCES[each["licence"]]
        assert each["is_demo"] or each["source"].startswith("https://huggingface.co/nvidia/")
        assert each["languages"] and each["title"] and each["bytes"] and each["speed"] is None


def test_the_default_is_that_of_the_settings(engine: Engine) -> None:
    settings = engine.data / "settings.toml"
    for text, default in (
        (f'model = "{V2}"', [V2]),
        ('model = "/a/b.nemo"', []),
        ("model = ", ["parakeet-tdt-0.6b-v3"]),
    ):
        settings.write_text(text)
        assert [each["name"] for each in engine.models.all() if each["is_default"]] == default


def test_a_model_is_fetched_and_its_progress_told(engine: Engine, hub: Hub) -> None:
    start, keeper = engine.feed.last, engine.models
    release = stalled(hub)
    keeper.fetch(V2)
    wait(lambda: keeper.one(V2)["received"] == HALF)
    under_way = keeper.one(V2)
    assert (under_way["doing"], under_way["bytes"]) == ("fetching", len(CONTENT))
    assert not engine.idle
    release.set()
    found = done(keeper)
    assert (found["is_here"], found["doing"], found["error"]) == (True, None, None)
    assert (found["bytes"], found["received"]) == (len(CONTENT), 0)
    told = [each for each in engine.state.since(start) if each["event"] in ("model", "models")]
    assert told[-1]["models"] == keeper.all()
    hub.requests.clear()
    keeper.fetch(V2)
    assert done(keeper)["is_here"] and hub.requests == []


def test_one_is_fetched_at_a_time_and_the_others_wait(keeper: ModelKeeper, hub: Hub) -> None:
    release = stalled(hub)
    keeper.fetch(V2)
    keeper.fetch(FLASH)
    keeper.fetch(FLASH)
    wait(lambda: keeper.one(V2)["received"] == HALF)
    assert keeper.one(FLASH)["doing"] == "waiting"
    assert not any(FLASH in path for _, path, _ in hub.requests)
    release.set()
    assert done(keeper, V2)["is_here"] and done(keeper, FLASH)["is_here"]
    assert len([path for how, path, _ in hub.requests if FLASH in path and how == "GET"]) == 1


def test_one_that_waits_is_taken_out_by_a_pause(keeper: ModelKeeper, hub: Hub) -> None:
    release = stalled(hub)
    keeper.fetch(V2)
    keeper.fetch(FLASH)
    keeper.pause(FLASH)
    assert keeper.one(FLASH)["doing"] is None
    release.set()
    assert not done(keeper, FLASH)["is_here"]
    assert not any(FLASH in path for _, path, _ in hub.requests)


def test_a_paused_fetch_keeps_its_part_and_goes_on_there(keeper: ModelKeeper, hub: Hub) -> None:
    release = stalled(hub)
    keeper.fetch(V2)
    wait(lambda: keeper.one(V2)["received"] == HALF)
    keeper.pause(V2)
    assert keeper.one(V2)["doing"] == "paused"
    release.set()
    found = done(keeper)
    assert (found["doing"], found["received"], found["error"]) == ("paused", HALF, None)
    keeper.fetch(V2)
    assert done(keeper)["is_here"]
    assert hub.ranges()[-1] == f"bytes={HALF}-"


def test_a_fetch_that_is_paused_and_asked_for_again_at_once_goes_on(
    keeper: ModelKeeper, hub: Hub
) -> None:
    release = stalled(hub)
    keeper.fetch(V2)
    wait(lambda: keeper.one(V2)["received"] == HALF)
    keeper.pause(V2)
    keeper.fetch(V2)
    release.set()
    assert done(keeper)["is_here"]


def test_a_broken_connection_is_taken_up_again(keeper: ModelKeeper, hub: Hub) -> None:
    hub.cut_after = [100_000, 200_000, 50_000]
    keeper.fetch(V2)
    assert done(keeper)["is_here"]
    assert len(hub.ranges()) == 4


def test_a_hub_that_always_breaks_off_leaves_an_error_and_the_part(
    keeper: ModelKeeper, hub: Hub
) -> None:
    hub.cut_after = [100_000] + [0] * 99
    keeper.fetch(V2)
    found = done(keeper)
    assert (found["doing"], found["error"]["code"]) == (None, "fetch-failed")
    assert 0 < found["received"] <= 100_000
    assert "command" not in found["error"]["remedies"]["page"]
    hub.cut_after = []
    keeper.fetch(V2)
    found = done(keeper)
    assert found["is_here"] and found["error"] is None


def test_a_wrong_checksum_is_told_and_nothing_of_it_kept(keeper: ModelKeeper, hub: Hub) -> None:
    hub.wrong = CONTENT[::-1]
    keeper.fetch(V2)
    found = done(keeper)
    assert "checksum" in found["error"]["message"]
    assert (found["is_here"], found["received"], found["doing"]) == (False, 0, None)


def test_a_full_disk_is_told(
    keeper: ModelKeeper, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patched:
        patched.setattr(download, "_append", full)
        keeper.fetch(V2)
        assert done(keeper)["error"]["code"] == "disk-full"
    keeper.fetch(V2)
    assert done(keeper)["is_here"]


def test_a_defect_of_ours_ends_no_thread(
    keeper: ModelKeeper, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(download, "_hub", lambda: 1 / 0)
        keeper.fetch(V2)
        assert done(keeper)["error"]["code"] == "inner"
    keeper.fetch(V2)
    assert done(keeper)["is_here"]


def test_an_engine_that_was_killed_in_the_middle_is_gone_on_from(
    workspace: Workspace, hub: Hub
) -> None:
    release = stalled(hub)
    program = f"""
import sys, time
from pathlib import Path
from tests.engine.jobs.open_engine import open_engine
from tests.engine.workspace import Workspace
workspace = Workspace.__new__(Workspace)
workspace.folder = Path({str(workspace.folder)!r})
workspace.runner = workspace.folder / "runner"
from tests.misbehaving.staging import Stage
workspace.stage = Stage(workspace.runner)
with open_engine(workspace) as engine:
    engine.models.fetch({V2!r})
    while engine.models.one({V2!r})["received"] < {HALF}:
        time.sleep(0.01)
    print("half", flush=True)
    time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as engine:
        assert engine.stdout is not None
        assert engine.stdout.readline() == b"half\n"
        engine.send_signal(signal.SIGKILL)
    release.set()
    with open_engine(workspace) as another:
        found = another.models.one(V2)
        assert (found["doing"], found["received"], found["is_here"]) == ("paused", HALF, False)
        another.models.fetch(V2)
        assert done(another.models)["is_here"]
    assert hub.ranges()[-1] == f"bytes={HALF}-"


def test_an_engine_that_ends_stops_its_fetch_and_keeps_the_part(
    workspace: Workspace, hub: Hub
) -> None:
    release = stalled(hub)
    with open_engine(workspace) as engine:
        engine.models.fetch(V2)
        wait(lambda: engine.models.one(V2)["received"] == HALF)
        release.set()
        engine.models.pause(V2)
    assert engine.models.one(V2)["doing"] == "paused"
    engine.models.fetch(FLASH)  # too late
    assert engine.models.one(FLASH)["doing"] is None


def test_verifying_finds_what_has_changed(keeper: ModelKeeper, hub: Hub) -> None:
    keeper.fetch(V2)
    done(keeper)
    keeper.verify(V2)
    assert done(keeper)["error"] is None
    path = local.file_of(local.known(V2))
    path.write_bytes(CONTENT[::-1])
    keeper.verify(V2)
    found = done(keeper)
    assert (found["error"]["code"], found["is_here"]) == ("model-corrupt", True)
    keeper.remove(V2)
    keeper.fetch(V2)
    found = done(keeper)
    assert found["error"] is None and path.read_bytes() == CONTENT


def test_what_is_not_here_is_not_verified(keeper: ModelKeeper) -> None:
    with pytest.raises(ModelNotFetched):
        keeper.verify(V2)
    assert keeper.one(V2)["error"] is None


def test_a_part_that_gets_its_name_while_it_is_counted_is_nothing_odd(
    keeper: ModelKeeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(local, "partials", lambda path: [path.with_name("gone.part")])
    assert keeper.one(V2)["received"] == 0


def test_one_that_is_fetched_again_while_its_pause_takes_a_moment_can_be_removed(
    keeper: ModelKeeper, hub: Hub
) -> None:
    release = stalled(hub)
    keeper.fetch(V2)
    wait(lambda: keeper.one(V2)["received"] == HALF)
    keeper.pause(V2)
    keeper.fetch(V2)
    threading.Timer(0.2, release.set).start()
    keeper.remove(V2)
    assert keeper.idle and local.partials(local.file_of(local.known(V2))) == []


def test_a_model_is_removed_in_part_and_whole(keeper: ModelKeeper, hub: Hub) -> None:
    release = stalled(hub)
    keeper.fetch(V2)
    wait(lambda: keeper.one(V2)["received"] == HALF)
    threading.Timer(0.1, release.set).start()
    keeper.remove(V2)
    found = keeper.one(V2)
    assert (found["doing"], found["received"], found["is_here"]) == (None, 0, False)
    hub.stall = None
    keeper.fetch(V2)
    assert done(keeper)["is_here"]
    keeper.remove(V2)
    keeper.remove(V2)  # gone already
    assert not keeper.one(V2)["is_here"]
    assert not local.file_of(local.known(V2)).exists()


def test_the_demo_model_stays_and_an_unknown_one_is_unknown(keeper: ModelKeeper) -> None:
    with pytest.raises(EnvironmentBroken, match="stays"):
        keeper.remove("demo")
    keeper.fetch("demo")
    assert keeper.idle
    for act in (keeper.one, keeper.fetch, keeper.pause, keeper.verify, keeper.remove):
        with pytest.raises(ModelUnknown):
            act("parakeet")


def test_a_model_at_work_is_not_removed_and_a_warm_one_is_let_go(
    engine: Engine, workspace: Workspace, hub: Hub
) -> None:
    engine.models.fetch(V2)
    done(engine.models)
    film = workspace.media("film.wav", 600)
    job = engine.queue.add(asking(workspace, plain(film), model=V2))
    until(engine, job, "running")
    wait(lambda: bool(engine.feed.since(job, 0)[1:]))
    with pytest.raises(ModelInUse, match="a job is working with it"):
        engine.models.remove(V2)
    until(engine, job, "done")
    wait(lambda: not engine.models._used.total())
    runner = engine.recogniser._runner._runner
    assert runner is not None and runner.alive
    engine.models.remove(V2)
    assert not runner.alive and not engine.models.one(V2)["is_here"]
    again = engine.queue.add(asking(workspace, plain(film)))  # with another model
    assert until(engine, again, "done", "failed").state == "done"


def test_a_job_waits_for_its_model_that_is_being_fetched(
    engine: Engine, workspace: Workspace, hub: Hub
) -> None:
    release = stalled(hub)
    engine.models.fetch(V2)
    wait(lambda: engine.models.one(V2)["received"] == HALF)
    film = workspace.media("film.wav", 10)
    job = engine.queue.add(asking(workspace, plain(film), model=V2))
    wait(lambda: bool(engine.queue.status(job).notes))
    assert "is being fetched" in engine.queue.status(job).notes[0]
    release.set()
    assert until(engine, job, "done", "failed").state == "done"


def test_a_job_that_waits_for_a_model_ends_with_the_fetch_or_before(
    engine: Engine, workspace: Workspace, hub: Hub
) -> None:
    release = stalled(hub)
    engine.models.fetch(V2)
    film = workspace.media("film.wav", 10)
    cancelled = engine.queue.add(asking(workspace, plain(film), model=V2))
    wait(lambda: bool(engine.queue.status(cancelled).notes))
    engine.queue.cancel(cancelled)
    until(engine, cancelled, "cancelled")
    failed = engine.queue.add(asking(workspace, plain(film), model=V2))
    wait(lambda: bool(engine.queue.status(failed).notes))
    hub.refuses = 404
    hub.stall = None
    release.set()
    status = until(engine, failed, "failed")
    assert status.error is not None and status.error.code == "fetch-failed"


def test_a_models_speed_is_measured_and_outlives_the_engine(workspace: Workspace, hub: Hub) -> None:
    film, short = workspace.media("film.wav", 60), workspace.media("short.wav", 5)
    with open_engine(workspace) as engine:
        engine.models.fetch(V2)
        done(engine.models)
        for path, is_measured in ((short, False), (film, True)):
            job = engine.queue.add(asking(workspace, plain(path), model=V2))
            until(engine, job, "done")
            assert (engine.models.one(V2)["speed"] is not None) is is_measured
        speed = done(engine.models)["speed"]
    with open_engine(workspace) as engine:
        assert done(engine.models)["speed"] == speed > 1
        again = engine.queue.add(asking(workspace, plain(film), model=V2))  # known words
        until(engine, again, "done")
        assert engine.models.one(V2)["speed"] == speed
        assert engine.models.one("demo")["speed"] is None
