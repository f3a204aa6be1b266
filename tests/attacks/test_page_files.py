"""Attacks on what the page reads and keeps: folders, uploads, media addresses, downloads."""

from __future__ import annotations

import hashlib
import http.client
import io
import json
import os
import socket
import sys
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote

import pytest

from editor_plugin.engine import uploads
from editor_plugin.engine.export import Result
from editor_plugin.engine.plain_names import is_plain
from tests.attacks.ledger import attempt
from tests.attacks.other_user import tried
from tests.engine.service.served import ServedEngine
from tests.engine.workspace import Workspace
from tests.page.conftest import OPTIONS
from tests.programs import need
from tests.small_disk import mounted
from tests.small_engine import SmallEngine

SECRET = b"the secret of somebody"
OURS = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "video"}


@pytest.fixture
def served(tmp_path: Path) -> Iterator[ServedEngine]:
    (tmp_path / "data").mkdir()
    with ServedEngine(SmallEngine(tmp_path / "data", work=False)) as engine:
        yield engine


@pytest.fixture
def film(tmp_path: Path) -> Path:
    (tmp_path / "films").mkdir()
    return Workspace(tmp_path / "films").media("film.wav", 3)


@pytest.fixture
def playing(served: ServedEngine, film: Path) -> str:
    """The address of a film."""
    assert served.ask("POST", "/jobs", {"orders": [{"input": str(film)}]}).status == 201
    return str(served.ask("POST", "/media-addresses", {"path": str(film)}).body["address"])


def got(
    served: ServedEngine, path: str, headers: dict[str, str], method: str = "GET"
) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=90)
    try:
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


HOSTILE_NAMES = [
    *("../../.bashrc.mov", "..\\..\\x.mov", "/etc/cron.d/x.wav", "C:\\x.mov", "a\0.mov", ".x.mov"),
    *("CON.mov", "nul.wav", "x\n.mov", "~/x.sh", "x.mov/../../y.mov", "x" * 300 + ".mov"),
    *("x.exe", "engine.json", "settings.toml", "x.mov:stream"),
]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_an_upload_is_written_nowhere_else(served: ServedEngine, tmp_path: Path, name: str) -> None:
    before = sorted(tmp_path.rglob("*"))
    with attempt("an upload under a name that leads elsewhere"):
        answer = served.ask("POST", "/uploads", {"name": name, "bytes": 5})
        assert answer.status in (403, 409)
        assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("upload", ["..", "../engine.json", "..%2f..%2fengine.json", "%00", "*"])
def test_an_upload_is_named_by_its_number_alone(served: ServedEngine, upload: str) -> None:
    sent = {**served.shown, "Recue-Checksum": hashlib.sha256(b"x").hexdigest()}
    for method in ("GET", "DELETE", "PUT"):
        with attempt("an upload whose number is a path"):
            answer = served.ask(method, f"/uploads/{upload}?at=0", b"x", sent)
            assert answer.status in (404, 405, 422)
    assert (served.engine.data / "engine.json").exists()


def test_an_upload_that_is_no_longer_what_was_said_changes_nothing(served: ServedEngine) -> None:
    begun = served.ask("POST", "/uploads", {"name": "a.mov", "bytes": 8}).body["upload"]
    right = {"Recue-Checksum": hashlib.sha256(b"1234").hexdigest(), **served.shown}
    tries = [
        (f"?at={2**60}", b"1234", right),
        ("?at=4", b"1234", right),
        ("?at=0", b"12345", right),
        ("?at=0", b"1234", {**right, "Recue-Checksum": "0" * 64}),
        (
            "?at=0",
            b"123456789",
            {**right, "Recue-Checksum": hashlib.sha256(b"123456789").hexdigest()},
        ),
    ]
    for query, content, headers in tries:
        with attempt("a part of an upload that does not belong there"):
            assert served.ask("PUT", f"/uploads/{begun}{query}", content, headers).status >= 400
            assert served.ask("GET", f"/uploads/{begun}").body["received"] == 0


def test_uploads_do_not_fill_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "SPARE_BYTES", 2_000_000)
    with (
        mounted(tmp_path / "disk", "size=12m"),
        ServedEngine(SmallEngine(tmp_path / "disk", work=False)) as served,
    ):
        with attempt("an upload that is larger than the disk"):
            answer = served.ask("POST", "/uploads", {"name": "a.mov", "bytes": 10**12})
            assert (answer.status, answer.code) == (409, "disk-full")
        with attempt("many uploads that fill the disk together"):
            made = [
                served.ask("POST", "/uploads", {"name": "a.mov", "bytes": 4_000_000}).status
                for _ in range(5)
            ]
            assert made.count(201) <= 2 and made[-1] == 409


@pytest.mark.skipif(sys.platform != "linux", reason="Linux's folders")
def test_the_file_browser_opens_nothing_of_the_system(served: ServedEngine, film: Path) -> None:
    (film.parent / "memory").symlink_to("/proc/self")
    folders = [
        *("/proc/self", "/proc/1/root/root", "/dev", "/sys/kernel", "/dev/fd", "relative", "."),
        *("", "\0", "~", "/" + "x" * 5000, "//proc", "/tmp/../proc", str(film.parent / "memory")),
        *("\\\\server\\share", "\\\\.\\pipe\\x", "file:///etc", "/" + "a/" * 2040),
    ]
    for folder in folders:
        with attempt("a folder that is none, or the system's"):
            answer = served.ask("GET", f"/files?folder={quote(folder, safe='')}")
            assert answer.status in (403, 409, 422), folder


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX files")
def test_the_file_browser_shows_nothing_that_would_hang_or_is_hidden(
    served: ServedEngine, film: Path
) -> None:
    folder = film.parent
    os.mkfifo(folder / "pipe.mov")
    (folder / "endless.wav").symlink_to("/dev/zero")
    (folder / ".ssh").mkdir()
    (folder / ".secret.mov").write_bytes(SECRET)
    (folder / "passwords.txt").write_bytes(SECRET)
    (folder / "circle").symlink_to(folder)
    (folder / "self.mov").symlink_to(folder / "self.mov")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "socket.mov"))
        with attempt("pipes, devices, hidden files and circles in a folder"):
            body = served.ask("GET", f"/files?folder={quote(str(folder))}").body
            names = [each["name"] for each in body["entries"]]
            assert [name for name in names if name != "runner"] == ["film.wav"]


def test_no_address_is_made_for_what_is_not_known(served: ServedEngine, tmp_path: Path) -> None:
    secret = tmp_path / "secret.wav"
    secret.write_bytes(SECRET)
    announced = str(served.engine.data / "engine.json")
    for path in ("/etc/passwd", "/dev/zero", "/proc/self/environ", str(secret), announced, "-i"):
        with attempt("an address for a file that no job knows"):
            answer = served.ask("POST", "/media-addresses", {"path": path})
            assert answer.status == 403


PLAYLISTS = {
    "list.mov": "#EXTM3U\n#EXTINF:1,\nfile://{}\n",
    "concat.mkv": "ffconcat version 1.0\nfile '{}'\n",
    "stream.mp4": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nm=audio 9 RTP/AVP 0\n",
    "page.webm": "<html><script>alert(1)</script></html>",
    "cut.otio": '{{"OTIO_SCHEMA": "Timeline.1", "name": "{}"}}',
}


@pytest.mark.parametrize("name", PLAYLISTS)
def test_what_only_has_the_name_of_a_recording_is_not_played(
    served: ServedEngine, film: Path, name: str
) -> None:
    path = film.with_name(name)
    path.write_text(PLAYLISTS[name].format(film))
    served.ask("POST", "/jobs", {"orders": [{"input": str(path)}]})
    with attempt("a playlist or a page with the name of a recording, to be played"):
        answer = served.ask("POST", "/media-addresses", {"path": str(path)})
        assert (answer.status, answer.code) == (409, "media-unreadable")


def test_a_recording_that_becomes_something_else_is_not_shown_as_a_page(
    served: ServedEngine, playing: str, film: Path
) -> None:
    film.write_text("<html><script>alert(1)</script></html>")
    with attempt("a recording that was replaced by a page"):
        status, _ = got(served, playing, {**OURS, "Sec-Fetch-Dest": "document"})
        assert status == 403
    with attempt("a recording that was replaced by a page"):
        connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=90)
        connection.request("GET", playing, headers=OURS)
        headers = {name.lower(): value for name, value in connection.getresponse().headers.items()}
        connection.close()
        assert (
            headers["content-type"] == "audio/wav"
            and "sandbox" in headers["content-security-policy"]
        )
        assert headers["x-content-type-options"] == "nosniff"
    film.unlink()
    if sys.platform != "win32":
        os.mkfifo(film)
        with attempt("a recording that was replaced by a pipe"):
            status, body = got(served, playing, OURS)
            assert status == 409 and b"a pipe" in body


@pytest.mark.parametrize("of", ["", "/sound?start=0&seconds=1"])
def test_a_media_address_is_for_our_own_page_alone(
    served: ServedEngine, playing: str, film: Path, of: str
) -> None:
    origins = [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Host": "evil.example"}]
    sites = [
        {"Sec-Fetch-Site": each} for each in ("cross-site", "same-site", "none", "", "Same-Origin ")
    ]
    uses = [{"Sec-Fetch-Dest": each} for each in ("document", "iframe", "object", "embed", "image")]
    for hostile in (*origins, *sites, *uses):
        with attempt("another page asks for media, and knows their address"):
            assert got(served, playing + of, {**OURS, **hostile})[0] in (403, 421)
    with attempt("another page asks for media, and knows their address"):
        assert got(served, playing + of, {})[0] == 403
    for wrong in ("A" * 43, "", "..", playing[7:] + "/../../jobs", "%2e%2e/jobs", "x" * 5000):
        with attempt("a media address that was guessed"):
            status, body = got(served, f"/media/{wrong}{of}", OURS)
            assert status in (400, 401, 404) and film.read_bytes()[:40] not in body
    for method in ("POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"):
        with attempt("a media address for something else than playing"):
            assert got(served, playing + of, OURS, method)[0] in (401, 405)
    with attempt("a media address in place of the token"):
        shown = {"Authorization": f"Bearer {playing.removeprefix('/media/')}"}
        assert got(served, "/jobs", shown)[0] == 401


def test_another_user_who_knows_a_media_address_hears_nothing(
    served: ServedEngine, playing: str
) -> None:
    code = """
import http.client, json, sys
connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=90)
connection.request("GET", sys.argv[2], headers=json.loads(sys.argv[3]))
answer = connection.getresponse()
print(json.dumps([answer.status, answer.read().decode("latin-1")]))
"""
    for path in (playing, playing + "/sound?start=0&seconds=1"):
        with attempt("another user knows a media address"):
            status, text = tried(code, served.port, path, json.dumps(OURS))
            assert status == 403 and "another user of this computer" in text


RANGES = [
    *("bytes=-0", "bytes=99999999999-", "bytes=" + ",".join(["0-"] * 2000), "bytes=0-0," * 300),
    *("bytes=18446744073709551616-", "bytes=-99999999999999999999999", "bytes=5-1", "lines=0-1"),
    *("bytes=\u0660-", "bytes=0x10-", "bytes=1e3-", "bytes=--5"),
]


@pytest.mark.parametrize("range_", RANGES)
def test_no_range_gets_more_than_the_file(
    served: ServedEngine, playing: str, film: Path, range_: str
) -> None:
    with attempt("a range that multiplies, overflows or leaves the file"):
        asked = {**OURS, "Range": range_.encode("utf-8").decode("latin-1")}
        status, body = got(served, playing, asked)
        assert (status, len(body)) == (200, film.stat().st_size) or status == 416


QUERIES = [
    *(
        "start=0&seconds=1e9",
        "start=-5&seconds=1",
        "start=nan&seconds=nan",
        "start=0&seconds=60.001",
    ),
    *("start=1e308&seconds=1", "start=0;rm&seconds=1", "start=0&seconds=1&stream=-1", "seconds=1"),
    *(
        "start=" + "9" * 5000 + "&seconds=1",
        "start=0&seconds=1&stream=0:a/../../x",
        "start=1/3&seconds=1",
    ),
]


@pytest.mark.parametrize("query", QUERIES)
def test_a_span_of_sound_is_a_short_one(served: ServedEngine, playing: str, query: str) -> None:
    with attempt("a span of sound without end, or with words for ffmpeg"):
        assert got(served, f"{playing}/sound?{query}", OURS)[0] in (409, 422)


def test_a_zip_leads_nowhere_else(served: ServedEngine) -> None:
    job = served.submit()
    served.engine.finish(job)
    original = served.engine.whole

    def named(name: str, job: int, number: int) -> Result:
        found: Result = original(job, number)
        return replace(found, name=name)

    for name in ("../../x", "/etc/passwd", "C:\\x", "CON", "..", "", "a\0b", "\u202egpj.exe", "~"):
        served.engine.whole = partial(named, name)
        with attempt("a result whose name leads elsewhere, in a zip"):
            connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=90)
            connection.request(
                "GET", f"/jobs/{job}/files.zip?formats=srt,vtt", headers=served.shown
            )
            content = connection.getresponse().read()
            connection.close()
            names = zipfile.ZipFile(io.BytesIO(content)).namelist()
            assert len(set(names)) == 2 and all(map(is_plain, names))


def test_what_the_page_may_keep_is_bounded(served: ServedEngine) -> None:
    for body in (b"[" * 1_000_000, b'{"a":' * 50_000, b'{"a": "' + b"x" * 70_000 + b'"}', b"[]"):
        with attempt("a page's memory without bounds"):
            assert served.ask("PUT", "/page-state", body).status in (400, 403, 422)
            assert served.ask("GET", "/page-state").body == {"chosen": {}}


@contextmanager
def foreign_page(content: str) -> Iterator[str]:
    """Another program's page on this computer; its address."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(content.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


PLAY = """
<audio id=a></audio><iframe id=f></iframe><script>
const told = [];
const a = document.getElementById("a");
a.onloadedmetadata = () => told.push("heard");
a.onerror = () => told.push("refused");
a.src = "ADDRESS";
fetch("ADDRESS", {mode: "no-cors"}).then((answer) => told.push(answer.type), () => told.push("no"));
</script>
"""


def test_a_browser_plays_for_our_page_and_for_no_other(served: ServedEngine, playing: str) -> None:
    """Headers as a real browser sends them."""
    reason = "needs the package playwright"
    playwright = pytest.importorskip("playwright.sync_api", reason=reason)
    chromium = need("chromium")
    address = f"http://127.0.0.1:{served.port}{playing}"
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=chromium, args=OPTIONS)
        ours = browser.new_page()
        ours.goto(served.page())
        heard = ours.evaluate(
            "(address) => new Promise((done) => { const sound = new Audio();"
            "sound.onloadedmetadata = () => done(sound.duration);"
            "sound.onerror = () => done(sound.error.message);"
            "sound.preload = 'auto'; sound.src = address; })",
            playing,
        )
        assert heard == pytest.approx(3, abs=0.1)
        with foreign_page(PLAY.replace("ADDRESS", address)) as foreign:
            tab = browser.new_page()
            tab.goto(foreign)
            with attempt("another page in a real browser plays a recording"):
                tab.wait_for_function("told.length === 2")
                assert "refused" in tab.evaluate("told") and "heard" not in tab.evaluate("told")
        browser.close()
