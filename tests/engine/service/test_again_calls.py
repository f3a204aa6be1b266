"""A job is ordered once more, with what an error advised."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from editor_plugin.core.errors import JobUnknown
from editor_plugin.core.jobs.request import JobOptions, JobRequest, Order
from editor_plugin.engine.jobs.queue import JobQueue
from editor_plugin.engine.store import Store
from tests.engine.service.served import ServedEngine


def again(served: ServedEngine, job: int, body: Any = None) -> Any:
    return served.ask("POST", f"/jobs/{job}/again", {} if body is None else body)


def test_the_same_orders_are_put_into_the_queue_once_more(still: ServedEngine) -> None:
    job = still.submit()
    still.engine.finish(job, "failed")
    answer = again(still, job)
    assert answer.status == 201 and answer.body["job"] != job
    first, second = still.engine.added
    assert second == first


def test_what_is_changed_is_changed_in_every_order(still: ServedEngine, tmp_path: Path) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    media = tmp_path / "a.wav"
    media.write_bytes(b"sound")
    order = {"input": str(media), "media_folders": [str(old), str(new)], "stream": 1}
    still.ask("POST", "/jobs", {"orders": [order, order], "settings": {"language": "de"}})
    changes = {"media_folders": [str(new)], "rate": "30000/1001", "settings": {"model": "demo"}}
    assert again(still, 1, changes).status == 201
    first, second = still.engine.added
    assert second.options == replace(first.options, model="demo")
    expected = replace(
        first.orders[0].options, media_folders=(new, old), rate=Fraction(30000, 1001)
    )
    assert [each.options for each in second.orders] == [expected, expected]


def test_an_unknown_job_and_a_wrong_form_are_refused(still: ServedEngine) -> None:
    assert (again(still, 7).status, again(still, 7).code) == (404, "job-unknown")
    job = still.submit()
    assert again(still, job, {"outputs": []}).status == 422
    assert again(still, job, {"rate": "0"}).status == 422
    assert again(still, job, {"media_folders": ["/dev/null"]}).status == 403
    assert len(still.engine.added) == 1


def test_the_queue_keeps_what_a_job_was_asked(tmp_path: Path) -> None:
    store = Store.at(tmp_path / "store.sqlite")
    queue = JobQueue(store.database)
    request = JobRequest((Order(tmp_path / "a.wav"),), JobOptions("demo"))
    assert queue.request(queue.add(request)) == request
    with pytest.raises(JobUnknown):
        queue.request(99)
    store.close()
