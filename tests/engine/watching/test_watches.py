"""Folders that the engine watches: real folders, real jobs, a runner that answers at once."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from editor_plugin.core.errors import OutputUnwritable, SettingsInvalid, WatchUnknown
from editor_plugin.engine.engine import Engine
from editor_plugin.engine.watching import folder as folder_module
from editor_plugin.engine.watching import watches as watches_module
from editor_plugin.engine.watching.watch_list import FILE, KEPT_DEEDS, Watch, read_list
from editor_plugin.engine.watching.watches import WatchRequest
from tests.engine.jobs.open_engine import open_engine
from tests.engine.workspace import Workspace

PATIENCE = 120.0


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """One whose user settings name the test's model, and whose watches look often."""
    workspace = Workspace(tmp_path)
    (tmp_path / "data").mkdir()
    settings = f"model = {json.dumps(str(workspace.model))}\n"
    (tmp_path / "data" / "settings.toml").write_text(settings, "utf-8")
    monkeypatch.setattr(watches_module, "LOOK_SECONDS", 0.05)
    monkeypatch.setattr(folder_module, "SETTLED_SECONDS", 0.2)
    return workspace


@pytest.fixture
def engine(workspace: Workspace) -> Iterator[Engine]:
    with open_engine(workspace) as engine:
        yield engine


def made(workspace: Workspace, name: str) -> Path:
    folder = workspace.folder / name
    folder.mkdir()
    return folder


def asked(folder: Path, **more: Any) -> WatchRequest:
    return replace(WatchRequest(folder, None, ("srt",)), **more)


def wait(true: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < end
        time.sleep(0.02)


def deeds(engine: Engine, number: int = 1) -> list[tuple[str, bool, str]]:
    return [(e["name"], e["ok"], e["text"]) for e in engine.watches.one(number)["done"]]


def test_what_is_put_into_a_folder_gets_its_subtitles(workspace: Workspace, engine: Engine) -> None:
    films, out = made(workspace, "Büro films"), made(workspace, "out")
    found = engine.watches.add(asked(films, output=out, formats=("srt", "vtt")))
    assert found == {
        "id": 1, "folder": str(films), "output": str(out), "formats": ["srt", "vtt"],
        "state": "watching", "done": [],
    }  # fmt: skip
    workspace.media("Büro films/a.wav", 3)
    wait(lambda: len(deeds(engine)) == 1)
    assert deeds(engine) == [("a.wav", True, "1 subtitle → a.srt, a.vtt.")]
    assert sorted(path.name for path in out.iterdir()) == ["a.srt", "a.vtt"]
    assert not engine.idle
    engine.watches.remove(1)
    wait(lambda: engine.idle)
    assert engine.watches.all() == []
    with pytest.raises(WatchUnknown):
        engine.watches.pause(1)


def test_one_bad_file_stops_neither_the_others_nor_another_folder(
    workspace: Workspace, engine: Engine
) -> None:
    one, two = made(workspace, "one"), made(workspace, "two")
    (one / "a bad.otio").write_text("{")
    workspace.media("one/b.wav", 3)
    workspace.media("two/c.wav", 4)
    engine.watches.add(asked(one))
    engine.watches.add(asked(two))
    wait(lambda: len(deeds(engine)) == 2 and len(deeds(engine, 2)) == 1)
    assert {name: ok for name, ok, _ in deeds(engine)} == {"a bad.otio": False, "b.wav": True}
    assert "a bad.otio" in next(text for _, ok, text in deeds(engine) if not ok)
    assert (one / "b.srt").exists() and (two / "c.srt").exists()


def test_a_watch_that_is_paused_does_what_was_put_there_when_it_goes_on(
    workspace: Workspace, engine: Engine
) -> None:
    films = made(workspace, "films")
    engine.watches.add(asked(films))
    assert engine.watches.pause(1)["state"] == "paused" and engine.idle
    workspace.media("films/a.wav", 3)
    time.sleep(1)  # many looks
    assert deeds(engine) == [] and not (films / "a.srt").exists()
    assert engine.watches.pause(1, False)["state"] == "watching"
    wait(lambda: (films / "a.srt").exists())


def test_a_folder_that_is_away_is_said_and_waited_for(workspace: Workspace, engine: Engine) -> None:
    films = made(workspace, "films")
    engine.watches.add(asked(films))
    films.rename(workspace.folder / "unplugged")
    wait(lambda: engine.watches.one(1)["state"] == "away")
    (workspace.folder / "unplugged").rename(films)
    wait(lambda: engine.watches.one(1)["state"] == "watching")
    workspace.media("films/a.wav", 3)
    wait(lambda: (films / "a.srt").exists())


def test_the_list_outlives_the_engine_and_nothing_is_done_twice(workspace: Workspace) -> None:
    films = made(workspace, "films")
    workspace.media("films/a.wav", 3)
    with open_engine(workspace) as engine:
        engine.watches.add(asked(films))
        engine.watches.add(asked(made(workspace, "other")))
        engine.watches.pause(2)
        wait(lambda: len(deeds(engine)) == 1)
    with open_engine(workspace) as engine:
        assert [each["state"] for each in engine.watches.all()] == ["watching", "paused"]
        workspace.media("films/b.wav", 4)
        wait(lambda: len(deeds(engine)) == 2)
        assert [name for name, _, _ in deeds(engine)] == ["a.wav", "b.wav"]
        engine.watches.remove(1)
        assert engine.watches.add(asked(films))["id"] == 3  # no number comes twice


def test_an_engine_that_ends_in_the_middle_leaves_the_rest_to_the_next(
    workspace: Workspace,
) -> None:
    films = made(workspace, "films")
    workspace.media("films/a.wav", 200)
    workspace.stage.plan(batch_windows=1, batch_time=0.3)
    with open_engine(workspace) as engine:
        engine.watches.add(asked(films))
        wait(lambda: any(each.state == "running" for each in engine.queue.all()))
    workspace.stage.plan()
    with open_engine(workspace) as engine:
        wait(lambda: len(deeds(engine)) == 1)
        assert deeds(engine)[0][:2] == ("a.wav", True) and (films / "a.srt").exists()


def test_what_concerns_every_file_is_said_and_tried_again(
    workspace: Workspace, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watches_module, "REST_SECONDS", 0.1)
    films, model = made(workspace, "films"), workspace.model.read_bytes()
    workspace.media("films/a.wav", 3)
    workspace.model.unlink()
    engine.watches.add(asked(films))
    wait(lambda: len(deeds(engine)) == 1)
    ((name, ok, text),) = deeds(engine)
    assert (name, ok) == ("a.wav", False) and "recue models" not in text
    time.sleep(1)  # several tries more, which are one deed
    assert len(deeds(engine)) == 1
    workspace.model.write_bytes(model)
    wait(lambda: (films / "a.srt").exists() and deeds(engine)[-1][1])


def test_who_cancels_the_job_wants_nothing_of_the_file_until_it_changes(
    workspace: Workspace, engine: Engine
) -> None:
    films = made(workspace, "films")
    workspace.stage.plan(batch_windows=1, batch_time=0.3)
    film = workspace.media("films/a.wav", 300)
    engine.watches.add(asked(films))
    wait(lambda: any(each.state == "running" for each in engine.queue.all()))
    engine.queue.cancel(engine.queue.all()[0].job)
    wait(lambda: len(deeds(engine)) == 1)
    assert not deeds(engine)[0][1] and "Stopped." in deeds(engine)[0][2]
    time.sleep(1)
    assert len(engine.queue.all()) == 1
    workspace.media("films/a.wav", 3)
    assert film.exists()
    wait(lambda: (films / "a.srt").exists())


def test_what_cannot_be_watched_is_refused(workspace: Workspace, engine: Engine) -> None:
    films = made(workspace, "films")
    engine.watches.add(asked(films))
    missing = workspace.folder / "missing"
    for wrong, name in (
        (asked(missing), "the folder to watch"),
        (asked(films), "the folder to watch"),  # it is watched already
        (asked(made(workspace, "x"), output=missing), "the folder for the subtitles"),
        (asked(workspace.folder / "x", media_folders=(missing,)), "a folder of media"),
    ):
        with pytest.raises(SettingsInvalid, match=name):
            engine.watches.add(wrong)
    if os.name == "posix" and os.geteuid():
        (workspace.folder / "x").chmod(0o500)
        with pytest.raises(OutputUnwritable):
            engine.watches.add(asked(workspace.folder / "x"))
    assert len(engine.watches.all()) == 1


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"watches": [{}], "next": 2}', "\0" * 9])
def test_a_list_that_cannot_be_read_is_set_aside_and_that_is_said(
    workspace: Workspace, content: str
) -> None:
    data = workspace.folder / "data"
    (data / FILE).write_text(content)
    with open_engine(workspace) as engine:
        assert any("watched folders could not be read" in note for note in engine.notes)
        assert engine.watches.all() == []
    assert (data / "watches.damaged-1.json").read_text() == content
    assert read_list(data) == read_list(workspace.folder)


def test_the_last_deeds_are_kept_and_the_same_failure_once() -> None:
    watch = Watch(1, "/films", None, ("srt",))
    for number in range(KEPT_DEEDS + 10):
        watch = watch.did(f"{number}.wav", True, "done")
    assert [each.name for each in watch.done] == [f"{n}.wav" for n in range(10, KEPT_DEEDS + 10)]
    for _ in range(3):
        watch = watch.did("a.wav", False, "no model")
        watch = watch.did("b.wav", False, "no model")
    assert [each.name for each in watch.done[-3:]] == [f"{KEPT_DEEDS + 9}.wav", "a.wav", "b.wav"]
