"""The calls, over real HTTP."""

from __future__ import annotations

import json
import os
from fractions import Fraction
from typing import Any

import pytest

import editor_plugin
from editor_plugin.core.errors import MediaMissing, ModelUnknown, RequestRefused
from editor_plugin.core.jobs.request import request_to_wire
from editor_plugin.core.snapshot import timeline_to_wire
from editor_plugin.core.timeline import Clip, Media, Span, Timeline, Track
from tests.engine.service.served import ServedEngine


def timeline(path: str) -> dict[str, Any]:
    clip = Clip("c", Span(Fraction(0), Fraction(2)), Fraction(0), media=Media(path))
    return timeline_to_wire(Timeline("Cut 3", Fraction(25), (Track("A1", 1, (clip,)),)))


def test_hello_tells_which_engine_this_is_and_what_it_has_to_do(still: ServedEngine) -> None:
    first, second = still.submit(), still.submit()
    still.engine.finish(first)
    assert still.ask("GET", "/hello").body == {
        "version": editor_plugin.__version__,
        "protocol": 1,
        "pid": os.getpid(),
        "jobs": [second],
    }


def test_a_request_reaches_the_queue_as_it_was_sent(still: ServedEngine) -> None:
    request = still.request(
        outputs=[{"format": "srt", "path": str(still.engine.data / "a.srt")}],
        span=["1", "00:00:05"],
        stream=0,
        channel=1,
        rate="24000/1001",
        media_folders=[str(still.engine.data)],
    )
    request["settings"] = {"model": "demo", "window_seconds": 30, "find_shot_changes": True}
    assert still.ask("POST", "/jobs", request).status == 201
    (added,) = still.engine.added
    assert request_to_wire(added) == request


def test_a_snapshot_reaches_the_queue_whole_though_its_media_are_gone(still: ServedEngine) -> None:
    sent = timeline("/nowhere/a.wav")
    request = {"orders": [{"timeline": sent, "name": "Cut 3", "outputs": []}]}
    assert still.ask("POST", "/jobs", request).status == 201
    assert timeline_to_wire(still.engine.added[0].orders[0].timeline) == sent


@pytest.mark.parametrize("named", [True, False])
def test_a_name_that_the_user_chose_needs_no_suffix(still: ServedEngine, named: bool) -> None:
    output = {"format": "srt", "path": str(still.engine.data / "subtitles"), "named": named}
    answer = still.ask("POST", "/jobs", still.request(outputs=[output]))
    assert answer.status == (201 if named else 409)


def test_jobs_come_in_the_order_of_the_queue(still: ServedEngine) -> None:
    jobs = [still.submit() for _ in range(3)]
    assert still.ask("POST", f"/jobs/{jobs[2]}/first").status == 200
    listed = still.ask("GET", "/jobs").body["jobs"]
    assert [each["job"] for each in listed] == [jobs[2], jobs[0], jobs[1]]


@pytest.mark.parametrize(
    ("how", "state"), [("pause", "paused"), ("resume", "queued"), ("cancel", "cancelled")]
)
def test_a_job_is_steered_and_its_state_told(still: ServedEngine, how: str, state: str) -> None:
    job = still.submit()
    assert still.ask("POST", f"/jobs/{job}/{how}").body["state"] == state
    assert still.ask("GET", f"/jobs/{job}").body["state"] == state


def test_news_come_at_once_and_from_where_the_reader_was(still: ServedEngine) -> None:
    job = still.submit()
    still.engine.tell(job, "note", text="One.")
    first = still.engine.feed.last
    still.engine.tell(job, "note", text="Two.")
    found = still.ask("GET", f"/jobs/{job}/news?after={first}").body
    assert [each["text"] for each in found["news"]] == ["Two."]
    assert found["status"]["job"] == job
    assert len(still.ask("GET", f"/jobs/{job}/news").body["news"]) == 2


def test_a_result_is_there_when_its_job_is_done(still: ServedEngine) -> None:
    job = still.submit()
    assert still.ask("GET", f"/jobs/{job}/results/0").status == 404
    still.engine.finish(job)
    assert still.ask("GET", f"/jobs/{job}/results/0").body["cues"][0]["end"] == "3/2"


def test_stop_reaches_the_house(still: ServedEngine) -> None:
    assert still.ask("POST", "/stop").body == {"stopping": True}
    assert still.engine.stopping.is_set()


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/jobs/99"),
        ("GET", "/jobs/99/news"),
        ("GET", "/jobs/99/events"),
        ("GET", "/jobs/99/results/0"),
        ("POST", "/jobs/99/cancel"),
        ("POST", "/jobs/99/first"),
    ],
)
def test_a_job_that_is_not_there_is_said_to_be_so(
    still: ServedEngine, method: str, path: str
) -> None:
    answer = still.ask(method, path)
    assert (answer.status, answer.code) == (404, "job-unknown")


@pytest.mark.parametrize("number", ["-1", "x", "1.5", "%00", "1e3", "０"])
def test_what_is_no_number_is_no_job(still: ServedEngine, number: str) -> None:
    from urllib.parse import quote

    answer = still.ask("GET", f"/jobs/{quote(number, safe='%')}")
    assert answer.status == 404 and answer.code


def test_a_number_beyond_all_jobs_is_refused(still: ServedEngine) -> None:
    assert still.ask("GET", f"/jobs/{2**53 + 1}").status == 422
    assert still.ask("GET", "/jobs/" + "9" * 5000).status == 404


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe",
        b'{"orders": ' + b"[" * 100_000,
        b'{"orders": [' + b"9" * 5000 + b"]}",
    ],
    ids=["cut", "not-utf8", "deep", "huge-number"],
)
def test_what_is_not_json_is_refused(still: ServedEngine, body: bytes) -> None:
    answer = still.ask("POST", "/jobs", body)
    assert answer.status in (400, 422) and answer.code == "request-refused"


@pytest.mark.parametrize(
    "change",
    [
        {"orders": []},
        {"orders": "all"},
        {"orders": [{}]},
        {"orders": [{"input": 5}]},
        {"orders": [{"input": ""}]},
        {"orders": [{"input": "/a\0b"}]},
        {"orders": [{"input": "/a", "timeline": {}, "name": "a"}]},
        {"orders": [{"timeline": {}}]},
        {"settings": {"window_seconds": "30"}},
        {"settings": {"window_seconds": 0}},
        {"settings": {"window_seconds": True}},
        {"settings": {"device": "abacus"}},
        {"settings": {"colour": "red"}},
        {"extra": 1},
    ],
    ids=str,
)
def test_another_form_is_refused(still: ServedEngine, change: dict[str, Any]) -> None:
    answer = still.ask("POST", "/jobs", {**still.request(), **change})
    assert (answer.status, answer.code) == (422, "request-refused")
    assert still.engine.added == []


def test_a_format_that_is_not_known_is_refused(still: ServedEngine) -> None:
    outputs = [{"format": "doc", "path": "/tmp/a.doc"}]
    assert still.ask("POST", "/jobs", still.request(outputs=outputs)).status == 422


@pytest.mark.parametrize("text", ["\\ud800", "a\\udfffb"])
def test_half_a_character_is_refused_wherever_it_hides(still: ServedEngine, text: str) -> None:
    sent = json.dumps(timeline("/nowhere")).replace("Cut 3", text)
    body = '{"orders": [{"name": "a", "timeline": ' + sent + "}]}"
    assert still.ask("POST", "/jobs", body).status in (403, 422)


def test_a_snapshot_that_is_none_is_named(still: ServedEngine) -> None:
    answer = still.ask("POST", "/jobs", {"orders": [{"timeline": {"rate": "25"}, "name": "a"}]})
    assert (answer.status, answer.code) == (409, "snapshot-invalid")


def test_a_body_that_is_not_said_to_be_json_is_not_taken(still: ServedEngine) -> None:
    # A page could send this one without asking first.
    headers = {**still.shown, "Content-Type": "text/plain"}
    body = json.dumps(still.request())
    assert still.ask("POST", "/jobs", body, headers).status == 422


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (MediaMissing("/a"), 409),
        (ModelUnknown("x", ["demo"]), 409),
        (RequestRefused("it was so"), 403),
    ],
)
def test_the_queues_own_errors_come_through_whole(
    still: ServedEngine, error: MediaMissing, status: int
) -> None:
    still.engine.fail_with = error
    answer = still.ask("POST", "/jobs", still.request())
    assert answer.status == status
    assert answer.body == {"error": error.to_wire()}


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_another_method_is_refused_in_the_same_form(still: ServedEngine, method: str) -> None:
    answer = still.ask(method, "/jobs")
    assert (answer.status, answer.code) == (405, "request-refused")
    assert "GET" in answer.headers["allow"] or "POST" in answer.headers["allow"]


def test_there_is_no_page_that_tells_about_the_calls(still: ServedEngine) -> None:
    for path in ("/docs", "/redoc", "/openapi.json", "/", "/static/../../etc/passwd"):
        assert still.ask("GET", path).status == 404
