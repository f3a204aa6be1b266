"""The queue on the page: steering jobs, coming back to them, and many of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.engine.service.served import ServedEngine
from tests.page.conftest import Opens, wait
from tests.small_engine import SmallEngine


def job(tab: Any, number: int) -> Any:
    return tab.locator(f"[data-job='{number}']")


def state(tab: Any, number: int, wanted: str) -> None:
    """Wait until a job is shown in a state."""
    tab.wait_for_selector(f"[data-job='{number}'][data-state='{wanted}']")


def test_a_job_is_paused_resumed_and_cancelled(still: ServedEngine, opened: Opens) -> None:
    number = still.submit()
    tab = opened(still.page())
    state(tab, number, "queued")
    for act, after in (("Pause", "paused"), ("Resume", "queued"), ("Cancel", "cancelled")):
        job(tab, number).get_by_role("button", name=act).click()
        state(tab, number, after)
        assert still.engine.status(number).state == after
    assert job(tab, number).get_by_role("button", name="Cancel").count() == 0


def test_a_later_job_is_done_first(still: ServedEngine, opened: Opens) -> None:
    first, second = still.submit(), still.submit()
    tab = opened(still.page())
    order = "[...document.querySelectorAll('.job')].map((each) => Number(each.dataset.job))"
    wait(tab, f"JSON.stringify({order}) === '[{first},{second}]'")
    job(tab, second).get_by_role("button", name="Do this first").click()
    wait(tab, f"JSON.stringify({order}) === '[{second},{first}]'")


def test_the_text_appears_as_it_is_recognised_and_a_reload_loses_none(
    still: ServedEngine, opened: Opens
) -> None:
    number = still.submit()
    still.engine._jobs[number]["state"] = "running"
    tab = opened(still.page())
    tab.wait_for_selector(".job")
    tab.evaluate(f"location.hash = '#/jobs/{number}'")
    tab.wait_for_selector(".live:visible")
    still.engine.tell(number, "words", input="a", media="a", start=0.0, end=9.0, text="One.")
    tab.wait_for_selector(".heard-list >> text=One.")
    tab.reload()
    tab.wait_for_selector(".heard-list >> text=One.")
    still.engine.tell(number, "words", input="a", media="a", start=9.0, end=19.0, text="Two.")
    tab.wait_for_selector(".heard-list >> text=Two.")
    assert tab.locator(".heard-list li").count() == 2
    still.engine.finish(number)
    tab.wait_for_selector(".cues >> text=Hello.")
    assert tab.locator(".live").is_hidden()


def test_every_view_has_an_address_and_back_goes_back(still: ServedEngine, opened: Opens) -> None:
    still.engine.finish(still.submit())
    tab = opened(still.page())
    tab.click(".job-name")
    tab.wait_for_selector(".cues")
    assert tab.url.endswith("/page#/jobs/1") and tab.title() == "a · Recue"
    tab.reload()
    tab.wait_for_selector(".cues")
    tab.go_back()
    tab.wait_for_selector(".view-transcribe")
    tab.evaluate("location.hash = '#/nowhere'")
    tab.wait_for_selector("h1 >> text=There is nothing at this address.")
    tab.evaluate("location.hash = '#/jobs/99'")
    tab.wait_for_selector("text=not on the list any more")


def test_an_engine_that_ends_is_told_and_the_next_page_has_its_jobs(
    tmp_path: Path, opened: Opens
) -> None:
    with ServedEngine(SmallEngine(tmp_path, work=False)) as first:
        number = first.submit()
        tab = opened(first.page())
        state(tab, number, "queued")
    tab.wait_for_selector("#banner >> text=Open this page again")
    assert job(tab, number).count() == 1, "what was shown stays in sight"
    with ServedEngine(SmallEngine(tmp_path, work=False)) as second:
        tab.goto("about:blank")
        tab.goto(second.page())
        state(tab, number, "queued")
        assert tab.locator("#banner > *").count() == 0
        second.engine.finish(number)
        state(tab, number, "done")


def test_a_broken_connection_is_gone_on_with(still: ServedEngine, opened: Opens) -> None:
    number = still.submit()
    jobs = still.ask("GET", "/jobs").body["jobs"]
    last = still.engine.feed.last
    told = {"id": last, "event": "state", "jobs": jobs, "models": [], "watches": []}
    asked: list[str] = []

    def serve(route: Any) -> None:
        asked.append(route.request.url.partition("/events")[2])
        if len(asked) == 1:
            route.fulfill(content_type="text/event-stream", body=f"data: {json.dumps(told)}\n\n")
        elif len(asked) < 5:
            route.abort()
        else:
            route.continue_()

    tab = opened("about:blank")
    tab.context.route("**/events*", serve)
    tab.goto(still.page())
    state(tab, number, "queued")
    tab.wait_for_selector("#banner > *")
    still.engine.finish(number)
    state(tab, number, "done")
    tab.wait_for_selector("#connection[data-state=live]")
    assert tab.locator("#banner > *").count() == 0
    assert asked[:2] == ["?after=0", f"?after={last}"]


def test_five_hundred_jobs_are_shown_and_can_be_steered(still: ServedEngine, opened: Opens) -> None:
    numbers = [still.submit() for _ in range(500)]
    tab = opened(still.page())
    tab.wait_for_selector("text=500 jobs to do")
    tab.get_by_role("button", name="Show 440 more jobs").click()
    tab.get_by_role("button", name="Show 200 more jobs").click()
    assert tab.locator(".job").count() == 500
    last = job(tab, numbers[-1])
    last.scroll_into_view_if_needed()
    last.get_by_role("button", name="Cancel").click()
    state(tab, numbers[-1], "cancelled")
    tab.wait_for_selector("text=499 jobs to do")
