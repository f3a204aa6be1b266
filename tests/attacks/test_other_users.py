"""What another user of the same computer gets from Recue: the real engine, attacked as `nobody`."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

from editor_plugin.client import EngineClient, connect
from editor_plugin.core.errors import RecueError
from editor_plugin.engine.store import Store
from tests.attacks.ledger import attempt
from tests.attacks.other_user import WORDS, stranger_python, tried

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="users are made for Linux here")


@dataclass(frozen=True)
class Victim:
    """A user's data folder in a place that everybody may enter, and the user's engine."""

    data: Path
    engine: EngineClient


@pytest.fixture(scope="module")
def victim() -> Iterator[Victim]:
    """Folders and files as Recue made them before: open to all. Then its engine starts."""
    stranger_python()
    with pytest.MonkeyPatch.context() as patch:
        house = Path(tempfile.mkdtemp(prefix="recue-attacks-"))
        house.chmod(0o755)
        data = house / "recue"
        for folder in (data, data / "logs", data / "cache" / "work", data / "models"):
            folder.mkdir(parents=True, exist_ok=True)
        Store.at(data / "transcripts.sqlite").close()
        for name in ("settings.toml", "logs/recue.log", "cache/work/kept.wav", "engine.lock"):
            text = 'model = "demo"\n' if name == "settings.toml" else WORDS
            (data / name).write_text(text, encoding="utf-8")
        for path in (data, *data.rglob("*")):
            path.chmod(0o777 if path.is_dir() else 0o666)
        patch.setenv("RECUE_HOME", str(data))
        engine = connect(60, sys.executable)
        yield Victim(data, engine)
        with suppress(RecueError):
            engine.stop()
        shutil.rmtree(house, ignore_errors=True)


READ = """
import json, os, sys
got = []
for parent, folders, files in os.walk(sys.argv[1]):
    got += [os.path.join(parent, name) for name in folders]
for path in sys.argv[2:]:
    try:
        open(path, "rb").read()
        got.append(path)
    except OSError:
        pass
    try:
        open(path, "ab")
        got.append(path)
    except OSError:
        pass
print(json.dumps(got))
"""


def test_nobody_reads_or_changes_a_file_of_recues(victim: Victim) -> None:
    files = [path for path in victim.data.rglob("*") if path.is_file()]
    assert {"engine.json", "engine.lock", "engine.log", "transcripts.sqlite"} <= {
        path.name for path in files
    }
    for path in files:
        with attempt("another user opens a file"):
            assert tried(READ, victim.data, path) == []


def test_every_folder_and_file_is_its_owners_alone(victim: Victim) -> None:
    for path in (victim.data, *victim.data.rglob("*")):
        with attempt("modes that let others in"):
            wanted = 0o700 if path.is_dir() else 0o600
            assert path.stat().st_mode & 0o777 == wanted, path


LOCK = """
import fcntl, json, sys
try:
    with open(sys.argv[1]) as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    print(json.dumps("locked"))
except OSError as error:
    print(json.dumps(type(error).__name__))
"""


def test_nobody_holds_the_engines_lock(victim: Victim) -> None:
    with attempt("another user holds engine.lock"):
        assert tried(LOCK, victim.data / "engine.lock") == "PermissionError"
    # The folder's modes are not all that keeps others from it.
    os.chmod(victim.data, 0o755)
    try:
        with attempt("another user holds engine.lock"):
            assert tried(LOCK, victim.data / "engine.lock") == "PermissionError"
    finally:
        os.chmod(victim.data, 0o700)
