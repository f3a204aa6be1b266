"""kill -9 of the runner, of the engine and of both, two hundred times, at every point of a job."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults import ledger
from tests.faults.engines import Engine, Engines
from tests.faults.household import BATCH, Expected, Household

JOBS = 22
KILLS = 10
"""In each job."""
STAGES = ("started", "opened", "extracting", "planning", "recognising", "writing")
LONGEST = {"started": 0.03, "extracting": 0.15, "recognising": 0.2, "writing": 0.008}
"""Seconds after the beginning of a stage in which a kill falls; 0.02 where there is no number."""


@pytest.fixture(scope="module")
def engines() -> Iterator[Engines]:
    engines = Engines()
    yield engines
    engines.close()


class Story:
    """One job and its kills: what was told and kept until now."""

    def __init__(self, engines: Engines, household: Household, film: Path) -> None:
        self.engines, self.household, self.film = engines, household, film
        self.engine: Engine | None = None
        self.kept: set[tuple[int, int]] = set()
        self.kills: list[str] = []

    def life(self) -> Engine:
        """The engine, started where there is none."""
        if self.engine is None or self.engine.gone:
            self.engine = self.engines.start(self.household, self.film)
        return self.engine

    def kill(self, stage: str, wait: float, who: str) -> None:
        """Kill somebody so many seconds after a stage was reached, or at once where it is past."""
        engine = self.life()
        if not engine.reached(*STAGES[STAGES.index(stage) :]):
            return  # the job had ended before
        time.sleep(wait)
        if who != "engine" and not engine.runners():
            who = "engine"
        engine.kill(who)
        self.kills.append(who)
        if who == "runner":
            # A runner that dies again and again without any progress is broken: that is a failure.
            engine.until("kept", "ended")
        else:
            self.look()

    def look(self) -> None:
        """With the engine dead: every window that was ever told or seen is in the store."""
        assert self.engine is not None
        told = {(round(start * 16000), round(end * 16000)) for start, end in self.engine.kept}
        now = self.household.windows()
        assert self.kept | told <= now
        self.kept = now

    def end(self) -> None:
        """Let the job go on to its end by itself."""
        engine = self.life()
        engine.until("gone")
        if engine.end is None:  # killed between the job's end and its own
            engine = self.engines.start(self.household, self.film)
            engine.until("gone")
        self.engine = engine
        assert engine.end is not None and engine.end["state"] == "done", engine.end
        self.look()


def moments(seed: int) -> list[tuple[str, float, str]]:
    """Kills in the order of a job's life: the stage, seconds after its beginning, and who. One that
    is past already, as planning is for good once it is done, falls in the one that follows."""
    chance = random.Random(seed)
    stages = list(STAGES) + chance.choices(STAGES, k=KILLS - len(STAGES))
    return [
        (
            stage,
            chance.uniform(0, LONGEST.get(stage, 0.02)),
            chance.choice(("runner", "engine", "both")),
        )
        for stage in sorted(stages, key=STAGES.index)
    ]


@pytest.mark.parametrize("seed", range(JOBS))
def test_a_job_that_is_killed_again_and_again_gives_what_an_undisturbed_one_gives(
    engines: Engines, household: Household, film: Path, expected: Expected, seed: int
) -> None:
    story = Story(engines, household, film)
    lost = len(expected.words)
    whole = False
    try:
        for stage, wait, who in moments(seed):
            story.kill(stage, wait, who)
        story.end()
        lost = household.lost(film, expected)
        household.check(film, expected)
        begun = Counter(household.heard())
        assert len(begun) == len(expected.windows)
        assert begun.total() - len(begun) <= BATCH * len(story.kills)
        whole = True
    finally:
        for number, who in enumerate(story.kills):
            fault = "kill -9 of both" if who == "both" else f"kill -9 of the {who}"
            # What a job has lost is counted once, with its first kill.
            ledger.count(fault, ledger.Count(whole, lost if number == 0 else 0))
