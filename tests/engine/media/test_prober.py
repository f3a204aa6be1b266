"""The process that describes media files: kept, ended, replaced, given up."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from editor_plugin.core.errors import EnvironmentBroken, MediaUnreadable
from editor_plugin.engine.media import prober
from editor_plugin.engine.media.prober import Prober

ANSWERING = """
import json, os, sys, time
for line in sys.stdin:
    path, options = json.loads(line)
    name = os.path.basename(path)
    if name == "crash" or name == "once" and not os.path.exists(path + ".seen"):
        open(path + ".seen", "w").close()
        os.abort()
    if name == "endless":
        time.sleep(60)
    print(json.dumps({"process": os.getpid(), "path": path}), flush=True)
"""
MISSING = "import a_package_of_that_name"


def started(program: str = ANSWERING, timeout: float = 30, idle: float = 30) -> Prober:
    return Prober((sys.executable, "-I", "-c", program), timeout, idle)


def test_one_process_describes_many_files(tmp_path: Path) -> None:
    asked = started()
    answers = [asked.describe(tmp_path / name) for name in ("a", "b", "c")]
    asked.close()
    assert [answer["path"] for answer in answers] == [str(tmp_path / name) for name in "abc"]
    assert len({answer["process"] for answer in answers}) == 1


def test_a_file_that_crashes_it_costs_that_file_alone(tmp_path: Path) -> None:
    asked = started()
    asked.describe(tmp_path / "a")
    with pytest.raises(MediaUnreadable, match="crash") as caught:
        asked.describe(tmp_path / "crash")
    assert caught.value.data["path"] == str(tmp_path / "crash")
    assert asked.describe(tmp_path / "b")["path"] == str(tmp_path / "b")
    asked.close()


def test_a_file_is_not_blamed_for_one_death(tmp_path: Path) -> None:
    asked = started()
    assert asked.describe(tmp_path / "once")["path"] == str(tmp_path / "once")
    asked.close()


def test_a_file_that_never_ends_is_given_up(tmp_path: Path) -> None:
    asked = started(timeout=2)
    with pytest.raises(MediaUnreadable, match="within 2 s"):
        asked.describe(tmp_path / "endless")
    assert asked.describe(tmp_path / "a")["path"] == str(tmp_path / "a")
    asked.close()


def test_a_missing_package_is_not_the_files_fault(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentBroken, match="PyAV"):
        started(MISSING).describe(tmp_path / "a")
    nowhere = Prober((str(tmp_path / "python"),))
    with pytest.raises(EnvironmentBroken, match="cannot be started"):
        nowhere.describe(tmp_path / "a")
    nowhere.close()


def test_it_ends_when_there_is_nothing_to_do_and_starts_again(tmp_path: Path) -> None:
    asked = started(idle=0.2)
    first = asked.describe(tmp_path / "a")["process"]
    until = time.monotonic() + 90
    while asked._process is not None and time.monotonic() < until:
        time.sleep(0.05)
    assert asked._process is None
    assert asked.describe(tmp_path / "b")["process"] != first
    asked.close()


def test_an_unforeseen_failure_in_the_library_is_told_as_one(tmp_path: Path) -> None:
    program = (
        "import runpy, sys, av\n"
        "def broken(*args, **kwargs): raise TypeError('takes no keyword arguments')\n"
        "av.open = broken\n"
        f"runpy.run_path({str(prober._CHILD)!r}, run_name='__main__')\n"
    )
    asked = started(program)
    with pytest.raises(MediaUnreadable, match="PyAV failed on it: TypeError"):
        asked.describe(tmp_path / "a")
    asked.close()
