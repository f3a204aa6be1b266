"""Who may use the page: tickets, sessions, and an engine that somebody else pretends to be."""

from __future__ import annotations

import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from editor_plugin.core.jobs.status import JobStatus
from editor_plugin.engine.service import access, server
from tests.engine.service.served import ServedEngine, until
from tests.page.conftest import Opens
from tests.small_engine import SmallEngine

AGAIN = "Open this page again"


def bare(still: ServedEngine) -> str:
    """The page's address without a ticket."""
    return f"http://127.0.0.1:{still.port}/page"


def test_the_ticket_leaves_the_address_and_a_reload_keeps_the_session(
    still: ServedEngine, opened: Opens
) -> None:
    still.engine.finish(still.submit())
    tab = opened(still.page())
    tab.wait_for_selector(".job[data-state=done]")
    assert "ticket" not in tab.url and tab.url.startswith(bare(still))
    assert tab.evaluate("document.cookie") == ""
    assert tab.evaluate("localStorage.length") == 0
    for _ in range(2):
        tab.reload()
        tab.wait_for_selector(".job[data-state=done]")
    assert still.token not in tab.content()


def test_no_other_tab_has_the_session(still: ServedEngine, opened: Opens) -> None:
    still.engine.finish(still.submit())
    tab = opened(still.page())
    tab.wait_for_selector(".job")
    other = opened(bare(still), context=tab.context)
    other.wait_for_selector(f"#banner >> text={AGAIN}")
    assert other.evaluate("sessionStorage.length") == 0
    assert other.query_selector(".job") is None


def test_a_ticket_that_somebody_used_opens_nothing_and_says_what_to_do(
    still: ServedEngine, opened: Opens
) -> None:
    still.engine.finish(still.submit())
    address = still.page()
    sent = {"Recue-Ticket": address.partition("ticket=")[2]}
    stolen = still.ask("POST", "/sessions", headers=sent).body
    tab = opened(address)
    tab.wait_for_selector(f"#banner >> text={AGAIN}")
    assert "was used before" in tab.inner_text("#banner")
    assert tab.query_selector(".job") is None
    shown = {"Authorization": f"Bearer {stolen['secret']}"}
    assert still.ask("GET", "/jobs", headers=shown).status == 401


@pytest.mark.parametrize("ticket", ["A" * 43, "x", "%00", "<script>"])
def test_a_wrong_ticket_opens_nothing_and_says_what_to_do(
    still: ServedEngine, opened: Opens, ticket: str
) -> None:
    tab = opened(f"{bare(still)}#ticket={ticket}")
    tab.wait_for_selector(f"#banner >> text={AGAIN}")
    assert tab.url == bare(still)


def test_an_address_that_is_too_old_says_so(
    still: ServedEngine, opened: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = still.page()
    monkeypatch.setattr(access, "TICKET_SECONDS", -1.0)
    tab = opened(address)
    tab.wait_for_selector("#banner >> text=more than a minute old")


def test_another_sites_page_gets_nothing(still: ServedEngine, opened: Opens) -> None:
    """One under another name of this computer, which is another origin, and one in a frame."""
    still.engine.finish(still.submit())
    with foreign_page() as address:
        tab = opened(address, allowed=True)
        results = tab.evaluate(
            """async (ours) => {
              const tried = [];
              const calls = [["GET", "/jobs"], ["POST", "/sessions"], ["GET", "/page"],
                             ["GET", "/hello"], ["GET", "/events"]];
              for (const [method, path] of calls) {
                try {
                  const answer = await fetch(ours + path, { method, mode: "no-cors" });
                  tried.push([path, answer.type, await answer.text()]);
                } catch (error) { tried.push([path, "error", ""]); }
              }
              const frame = document.createElement("iframe");
              frame.src = ours + "/page";
              document.body.append(frame);
              await new Promise((resolve) => setTimeout(resolve, 500));
              let seen = null;
              try { seen = frame.contentDocument?.body.textContent ?? null; } catch { seen = null; }
              return { tried, seen };
            }""",
            f"http://127.0.0.1:{still.port}",
        )
    assert len(results["tried"]) == 5
    assert all(content == "" for _, _, content in results["tried"])
    assert not results["seen"]


@contextmanager
def foreign_page() -> Iterator[str]:
    """A page of another program on this computer."""
    body = b"<!DOCTYPE html><title>Elsewhere</title><body>Elsewhere"
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n"
    answer = head + f"Content-Length: {len(body)}\r\n\r\n".encode() + body
    with answering(0, answer, []) as port:
        yield f"http://localhost:{port}/"


@contextmanager
def answering(port: int, answer: bytes, heard: list[bytes]) -> Iterator[int]:
    """A program that listens at a port, and gives every call the same answer."""

    def serve() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(1)  # browsers open connections that they do not use
                with suppress(OSError):
                    heard.append(connection.recv(65536))
                    connection.sendall(answer)

    listening = socket.create_server(("127.0.0.1", port))
    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(10)


def test_a_page_believes_no_stranger_who_took_over_the_port(
    tmp_path: Path, opened: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A port whose connections have just ended is free at once, and not after a minute.
    monkeypatch.setattr(server, "open_socket", lambda: socket.create_server(("127.0.0.1", 0)))
    with ServedEngine(SmallEngine(tmp_path, work=False)) as still:
        still.engine.finish(still.submit())
        tab = opened(still.page())
        tab.wait_for_selector(".job")
        port = still.port
    secret = tab.evaluate("JSON.parse(sessionStorage.getItem('recue-session')).secret")
    heard: list[bytes] = []
    forged = json.dumps({"proof": "0" * 64, "jobs": [], "name": "Forged"}).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(forged)}\r\nConnection: close\r\n\r\n"
    with answering(port, head.encode() + forged, heard):
        until(lambda: sum(b"GET /proof/" in each for each in heard) > 2)
        tab.wait_for_selector(f"#banner >> text={AGAIN}")
        assert not any(b"/jobs" in each or b"/events" in each for each in heard)
        assert not any(secret.encode() in each for each in heard)
    assert "Forged" not in tab.inner_text("body")


EVIL = [
    "<img src=x onerror=document.title='caught'>",
    "</a><script>document.title='caught'</script>.mov",
    "javascript:document.title='caught'",
    "‮gpj.vom‬ \" ' ` ${1} {{x}} &lt;b&gt;",
    "a" * 240 + ".mov",
]


@pytest.mark.parametrize("evil", EVIL, ids=range(len(EVIL)))
def test_a_text_of_the_engine_is_never_taken_for_html(
    still: ServedEngine, opened: Opens, evil: str
) -> None:
    original = still.engine.status

    def status(job: int) -> JobStatus:
        found: JobStatus = original(job)
        return replace(found, inputs=(replace(found.inputs[0], name=evil, notes=(evil,)),))

    still.engine.status = status
    job = still.submit()
    tab = opened(still.page())
    tab.wait_for_selector(".job-name")
    assert tab.evaluate("document.querySelector('.job-name').childElementCount") == 0
    still.engine.tell(job, "words", input=evil, media=evil, start=0.0, end=1.0, text=evil)
    still.engine.finish(job)
    tab.evaluate(f"location.hash = '#/jobs/{job}'")
    tab.wait_for_selector(".notes")
    assert tab.inner_text(".notes").strip() == tab.inner_text(".notes li").strip()
    assert tab.title() != "caught"
    assert tab.query_selector("main img, main script") is None
    width = tab.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert width <= 0, "a long name makes the page wider than the window"
    assert re.search(r"\S", tab.inner_text("h1"))
