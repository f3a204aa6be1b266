"""A user's machine: media, a data folder, and a runner that listens closely and answers at once."""

from __future__ import annotations

import itertools
import json
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psutil

from editor_plugin.core.jobs.request import (
    JobOptions,
    JobRequest,
    Order,
    OutputFile,
    request_to_wire,
)
from editor_plugin.core.jobs.status import FINAL_STATES, InputStatus, JobStatus
from editor_plugin.engine.engine import STORE, Engine
from editor_plugin.engine.media.ffmpeg_process import find_ffmpeg
from editor_plugin.engine.recognition.recogniser import Recogniser
from editor_plugin.engine.recognition.watchdog import Timeouts
from tests.faults import ledger
from tests.misbehaving.staging import BRISK, Stage

MARK = "RECUE_TEST_HOUSEHOLD"
CALM = replace(BRISK, importing=30, loading=30, planning=30, first_batch=30, batch=30)
"""For runners that are killed and never stall, on a machine that may do other things."""
WORD_SECONDS = 0.5
"""How long the fake runner's words last, or a little longer."""
BATCH = 2
"""Windows in a batch of the fake runner."""
PATIENT_SECONDS = 120.0
"""How long a test waits for what must come; nothing is concluded from how long it took."""


@dataclass(frozen=True)
class Expected:
    """What an undisturbed run of one film gives: its files by suffix, its words, its windows."""

    files: dict[str, bytes]
    words: tuple[str, ...]
    windows: frozenset[tuple[int, int]]

    @property
    def seconds(self) -> float:
        """How long the film is."""
        return max(end for _, end in self.windows) / 16_000


class Household:
    """A folder with everything of one user."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "recue"
        self.work = folder / "work"
        self.out = folder / "Untertitel"
        self.model = folder / "model.nemo"
        self.runners = folder / "runners"
        for made in (self.out, self.runners):
            made.mkdir()
        self.model.write_bytes(b"a model")
        self.stage = Stage(self.runners)
        self.plan()

    def plan(self, *trouble: dict[str, Any], **more: Any) -> None:
        """Tell the runners what to do wrong, and how fast they are."""
        settings = {"attentive": True, "batch_windows": BATCH, "batch_time": 0.02, **more}
        self.stage.plan(*trouble, **settings)

    def request(self, *films: Path, window_seconds: int = 6) -> JobRequest:
        """What a user asks for these films."""
        orders = [Order(film, tuple(self._outputs(film))) for film in films]
        options = JobOptions(str(self.model), window_seconds=window_seconds)
        return JobRequest(tuple(orders), options)

    def _outputs(self, film: Path) -> Iterator[OutputFile]:
        for name, suffix in (("srt", ".srt"), ("words", ".words.json")):
            yield OutputFile(name, self.out / (film.stem + suffix))

    def recogniser(self, timeouts: Timeouts) -> Recogniser:
        """The fake runner's."""
        return Recogniser(self.runners, self.stage.log, self.stage.launch.command, timeouts)

    def start(self, *films: Path) -> dict[str, Any]:
        """What an engine process needs to know."""
        return {
            "data": str(self.data),
            "work": str(self.work),
            "runners": str(self.runners),
            "log": str(self.stage.log),
            "command": self.stage.launch.command,
            "request": request_to_wire(self.request(*films)),
            "mark": str(self.folder),
        }

    def engine(self, busy_seconds: float = PATIENT_SECONDS, brisk: bool = False) -> Engine:
        """The engine in this process; a `brisk` one gives a runner a second."""
        recogniser = self.recogniser(BRISK if brisk else CALM)
        return Engine(self.data, self.work, recogniser, busy_seconds)

    @property
    def store(self) -> Path:
        return self.data / STORE

    def windows(self) -> set[tuple[int, int]]:
        """The windows in the store, of all sources. Reads a copy, so as to leave all as it is."""
        with tempfile.TemporaryDirectory() as folder:
            for part in (STORE, STORE + "-wal"):
                if (self.data / part).exists():
                    shutil.copyfile(self.data / part, Path(folder, part))
            try:
                with closing(sqlite3.connect(Path(folder, STORE))) as db:
                    return set(db.execute('SELECT start, "end" FROM window'))
            except sqlite3.OperationalError:
                return set()  # killed before there was a table

    def files(self, film: Path) -> dict[str, bytes]:
        """What was written for a film, without the name of the film's folder."""
        folder = f"{film.parent}/".encode()
        return {
            suffix: path.read_bytes().replace(folder, b"")
            for suffix in (".srt", ".words.json")
            if (path := self.out / (film.stem + suffix)).exists()
        }

    def heard(self) -> list[str]:
        """What the runners have begun to recognise, each window as often as it was begun."""
        return [each for event in self.stage.events("batch") for each in event["heard"]]

    def lost(self, film: Path, expected: Expected) -> int:
        """How many of the expected words are not in what was written."""
        lost = ledger.missing(expected.words, words_in(self.files(film)))
        ledger.compared(lost)
        return lost

    def check_recut(self, film: Path, expected: Expected) -> None:
        """Where the plan was lost, words may be others than expected; yet there is a word for every
        moment of the sound, and every moment is in exactly one window."""
        other = self.lost(film, expected)
        spans = spans_in(self.files(film))
        edges = [0.0, *(edge for span in spans for edge in span), expected.seconds]
        gaps = [after - before for before, after in itertools.pairwise(edges)][::2]
        silent = sum(round(2 * gap) for gap in gaps if gap >= WORD_SECONDS)
        ledger.compared(silent, other)
        assert silent == 0
        covered = sorted(self.windows())
        assert (covered[0][0], covered[-1][1]) == (0, round(expected.seconds * 16_000))
        assert all(one[1] == later[0] for one, later in itertools.pairwise(covered))

    def check(self, film: Path, expected: Expected) -> None:
        """All is as after an undisturbed run, byte for byte, and nothing is left lying about."""
        assert self.lost(film, expected) == 0
        assert self.files(film) == expected.files
        assert self.windows() == expected.windows
        names = {film.stem + suffix for suffix in expected.files}
        assert {path.name for path in self.out.iterdir()} == names
        assert list(self.work.iterdir()) == []


def finish(engine: Engine, job: int, *states: str) -> JobStatus:
    """Wait until a job has ended, or is in one of these states; return its status."""
    until = time.monotonic() + PATIENT_SECONDS
    while (status := engine.queue.status(job)).state not in (states or FINAL_STATES):
        assert time.monotonic() < until, status
        time.sleep(0.01)
    return status


def code_of(status: JobStatus | InputStatus) -> str:
    """The code of its error; empty where it has none."""
    return "" if status.error is None else status.error.code


def film_of(path: Path, seconds: int, seed: int = 1) -> Path:
    """A WAV of noise."""
    sound = f"anoisesrc=r=16000:a=0.1:seed={seed}"
    run = [find_ffmpeg(), "-v", "error", "-y", "-f", "lavfi", "-i", sound, "-t", str(seconds)]
    subprocess.run([*run, str(path)], check=True)
    return path


def expected_of(household: Household, film: Path) -> Expected:
    """Run a job that nothing disturbs."""
    with household.engine() as engine:
        job = engine.queue.add(household.request(film))
        assert finish(engine, job).state == "done"
    files = household.files(film)
    assert len(files) == 2
    return Expected(files, words_in(files), frozenset(household.windows()))


def words_in(files: dict[str, bytes]) -> tuple[str, ...]:
    """The words of a words file."""
    if ".words.json" not in files:
        return ()
    return tuple(word["text"] for word in json.loads(files[".words.json"])["words"])


def spans_in(files: dict[str, bytes]) -> list[tuple[float, float]]:
    """When each word of a words file is said, in seconds."""
    return [(word["start"], word["end"]) for word in json.loads(files[".words.json"])["words"]]


def left_over(folder: Path) -> list[psutil.Process]:
    """Processes of a household that do not end by themselves within seconds; they are killed."""
    until = time.monotonic() + 15
    while (left := _marked(folder)) and time.monotonic() < until:
        time.sleep(0.05)
    for process in left:
        process.kill()
    return left


def _marked(folder: Path) -> list[psutil.Process]:
    found = []
    own = psutil.Process().pid
    for process in psutil.process_iter():
        try:
            ours = process.pid != own and process.environ().get(MARK) == str(folder)
            if ours and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except psutil.Error:
            continue
    return found
