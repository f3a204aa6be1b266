"""The page: who gets it, what it lets in, and what a real browser makes of it."""

from __future__ import annotations

import http.client
import json
import re
import socket
import subprocess
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from editor_plugin.core.jobs.status import JobStatus
from editor_plugin.engine import page
from editor_plugin.engine.interchange import FOLDER_SUFFIXES, TIMELINE_SUFFIXES
from editor_plugin.engine.service import server
from tests.core.test_errors import COMMANDS
from tests.engine.service.chromium import Chromium
from tests.engine.service.served import ServedEngine, until
from tests.programs import need
from tests.small_engine import SmallEngine

BROWSER = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


def fetched(
    served: ServedEngine, path: str, method: str = "GET"
) -> tuple[int, dict[str, str], bytes]:
    """Ask for something without the token."""
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=20)
    try:
        connection.request(method, path)
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
    finally:
        connection.close()


@pytest.mark.parametrize("path", page.FILES)
def test_the_page_is_given_without_the_token_and_keeps_everything_else_out(
    still: ServedEngine, path: str
) -> None:
    status, headers, content = fetched(still, path)
    file = page.FILES[path]
    assert (status, headers["content-type"]) == (200, file.kind)
    assert content == Path(page.__file__).with_name(file.name).read_bytes()
    policy = headers["content-security-policy"].split("; ")
    assert policy[:4] == [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "connect-src 'self'",
    ]
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "no-referrer"
    assert still.token.encode() not in content
    host = {"Host": f"evil.example:{still.port}"}
    assert still.ask("GET", path, headers=host).status == 421


def test_the_page_loads_nothing_from_elsewhere() -> None:
    for file in page.FILES.values():
        text = file.content().decode("utf-8")
        assert not re.search(r"https?:|url\(|@import|innerHTML|\son\w+=|\sstyle=", text), file.name


def test_the_page_names_no_command() -> None:
    for file in page.FILES.values():
        if file.name.endswith(("js", "html")):
            texts = re.findall(
                r'"[^"\n]* [^"\n]*"|`[^`\n]*`|>[^<\n]+<', file.content().decode("utf-8")
            )
            assert len(texts) > 10
            assert [text for text in texts if COMMANDS.search(text)] == []


@pytest.mark.parametrize(
    "path",
    [
        *("/page/", "/page/page.html", "/page/__init__.py", "/page/../hello", "/page/%2e%2e/hello"),
        *("/page/..%2f..%2fengine.json", "/page/page.js/", "/page/page.js%00", "/PAGE"),
        *("//page", "/pages", "/uploads/" + "0" * 32),
    ],
)
def test_nothing_else_is_given_without_the_token(still: ServedEngine, path: str) -> None:
    assert fetched(still, path)[0] == 401


@pytest.mark.parametrize("path", ["/page/page.html", "/page/..%2fengine.py", "/page/__init__.py"])
def test_no_other_file_is_given_with_the_token(still: ServedEngine, path: str) -> None:
    assert still.ask("GET", path).status == 404


@pytest.mark.parametrize("path", page.FILES)
def test_the_page_is_only_to_be_read(still: ServedEngine, path: str) -> None:
    assert fetched(still, path, "POST")[0] == 405


def test_every_file_of_the_page_goes_into_the_package() -> None:
    folder = Path(page.__file__).parent
    project = tomllib.loads((folder.parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = project["tool"]["setuptools"]["package-data"]["editor_plugin.engine.page"]
    taken = {path.name for pattern in patterns for path in folder.glob(pattern)}
    assert {file.name for file in page.FILES.values()} == taken


def test_the_page_offers_every_kind_of_timeline_file() -> None:
    text = page.FILES["/page"].content().decode("utf-8")
    offered = re.search(r'accept="([^"]*)"', text)
    assert offered and set(offered[1].split(",")) == TIMELINE_SUFFIXES - FOLDER_SUFFIXES


def shown_by_chromium(address: str, profile: Path) -> str:
    """The page as it stands after a while, as HTML."""
    options = [*BROWSER, "--virtual-time-budget=8000", "--dump-dom", f"--user-data-dir={profile}"]
    command = [need("chromium"), *options, address]
    run = subprocess.run(command, capture_output=True, timeout=120, check=True)
    return unescape(run.stdout.decode("utf-8"))


def test_a_browser_shows_the_jobs_and_the_subtitles_of_the_finished_one(
    still: ServedEngine, tmp_path: Path
) -> None:
    still.engine.finish(still.submit())
    html = shown_by_chromium(still.page(), tmp_path / "profile")
    assert re.search(r"<td>00:00:00\.000</td><td[^>]*>Hello\.</td>", html)
    assert "finished" in html and "Save SRT" in html and "Nothing is being transcribed." in html
    assert still.token not in html


def test_a_browser_whose_ticket_somebody_used_is_told_what_to_do(
    still: ServedEngine, tmp_path: Path
) -> None:
    still.engine.finish(still.submit())
    address = still.page()
    sent = {"Recue-Ticket": address.partition("ticket=")[2]}
    stolen = still.ask("POST", "/sessions", headers=sent).body
    html = shown_by_chromium(address, tmp_path / "profile")
    assert "was used before" in html and "Open this page again" in html and "Hello." not in html
    shown = {"Authorization": f"Bearer {stolen['secret']}"}
    assert still.ask("GET", "/jobs", headers=shown).status == 401


def test_a_browser_without_a_ticket_is_told_what_to_do(still: ServedEngine, tmp_path: Path) -> None:
    html = shown_by_chromium(f"http://127.0.0.1:{still.port}/page", tmp_path / "profile")
    assert "Open this page again" in html and "Hello." not in html


TEXT = "document.getElementById('jobs').textContent"


def test_a_tab_keeps_its_session_and_no_other_tab_has_it(
    still: ServedEngine, tmp_path: Path
) -> None:
    still.engine.finish(still.submit())
    with Chromium(tmp_path / "profile") as browser:
        tab = browser.open(still.page())
        tab.until(f"{TEXT}.includes('Hello.')")
        assert tab.value("location.href") == f"http://127.0.0.1:{still.port}/page"
        assert tab.value("document.cookie") == "" and tab.value("localStorage.length") == 0
        for _ in range(2):
            tab.reload()
            tab.until(f"{TEXT}.includes('Hello.')")
        other = browser.open(f"http://127.0.0.1:{still.port}/page")
        other.until("document.body.textContent.includes('Open this page again')")
        assert other.value("sessionStorage.length") == 0


def test_a_page_believes_no_stranger_who_took_over_the_port(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A port whose connections have just ended is free at once, and not after a minute.
    monkeypatch.setattr(server, "open_socket", lambda: socket.create_server(("127.0.0.1", 0)))
    with Chromium(tmp_path / "profile") as browser:
        with ServedEngine(SmallEngine(tmp_path, work=False)) as still:
            still.engine.finish(still.submit())
            tab = browser.open(still.page())
            tab.until(f"{TEXT}.includes('Hello.')")
            port = still.port
        secret = tab.value("JSON.parse(sessionStorage.getItem('recue-session')).secret")
        heard: list[bytes] = []
        with stranger(port, heard):
            until(lambda: sum(b"GET /proof/" in each for each in heard) > 2)
            tab.until("document.body.textContent.includes('Open this page again')")
            assert not any(b"/jobs" in each or secret.encode() in each for each in heard)
        assert "Forged" not in tab.value("document.body.textContent")


@contextmanager
def stranger(port: int, heard: list[bytes]) -> Iterator[None]:
    """Another program that listens at a port, and answers every call with a job and a proof."""
    forged = json.dumps({"proof": "0" * 64, "jobs": [], "name": "Forged"}).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(forged)}\r\nConnection: close\r\n\r\n"

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
                    connection.sendall(head.encode() + forged)

    listening = socket.create_server(("127.0.0.1", port))
    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        thread.join(10)


def test_a_text_of_the_engine_is_never_taken_for_html(still: ServedEngine, tmp_path: Path) -> None:
    evil = "<img src=x onerror=document.title='caught'>"
    original = still.engine.status

    def status(job: int) -> JobStatus:
        found: JobStatus = original(job)
        return replace(found, inputs=(replace(found.inputs[0], name=evil, notes=(evil,)),))

    still.engine.status = status
    still.submit()
    chromium = need("chromium")
    profile = tmp_path / "profile"
    address = still.page()
    options = [*BROWSER, "--virtual-time-budget=4000", "--dump-dom", f"--user-data-dir={profile}"]
    command = [chromium, *options, address]
    raw = subprocess.run(command, capture_output=True, timeout=120, check=True).stdout.decode()
    assert "&lt;img src=x" in raw and "<img" not in raw
