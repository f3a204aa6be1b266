"""Inputs, paths and names that attack: what they lead to is a sentence, and the rest goes on."""

from __future__ import annotations

from pathlib import Path

from editor_plugin.core.errors import JobSetAside
from editor_plugin.core.jobs.request import JobRequest, Order
from editor_plugin.engine.jobs.queue import JobQueue
from editor_plugin.engine.store import Database
from tests.attacks.ledger import attempt


def test_a_job_that_ends_every_engine_is_not_begun_a_third_time(tmp_path: Path) -> None:
    with attempt("a job that ends every engine"):
        begun = 0
        for _ in range(5):  # lives of an engine, each of which ends without a word
            database = Database(tmp_path / "store.sqlite")
            queue = JobQueue(database)
            if begun == 0:
                queue.add(JobRequest((Order(Path("/films/deadly.mov")),)))
            queue.recover()
            begun += queue.next() is not None
            database.close()
        assert begun == 2
        state, error = JobQueue(Database(tmp_path / "store.sqlite")).standing(1)
        assert state == "failed" and isinstance(error, JobSetAside)
