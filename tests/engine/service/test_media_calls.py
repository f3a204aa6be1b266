"""Media played by their addresses: real files, real ffmpeg, the real engine."""

from __future__ import annotations

import hashlib
import http.client
import io
import json
import shutil
import socket
import subprocess
import wave
from pathlib import Path
from typing import Any

import psutil
import pytest

from editor_plugin.core.errors import MediaAddressEnded
from editor_plugin.engine.media.ffmpeg_process import find_ffmpeg
from editor_plugin.engine.service import media_addresses
from editor_plugin.engine.service.access import Access
from editor_plugin.engine.service.media_addresses import MediaAddresses, token_in
from tests.engine.jobs.open_engine import asking, open_engine, plain, until
from tests.engine.service.served import ServedEngine
from tests.engine.service.served import until as wait_until
from tests.engine.workspace import Workspace

OURS = {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Dest": "video"}


def fetched(
    served: ServedEngine, path: str, method: str = "GET", **headers: str
) -> tuple[int, dict[str, str], bytes]:
    """Ask as a browser's `<video>` does: without the token."""
    connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=60)
    sent = {**OURS, **{name.replace("_", "-"): value for name, value in headers.items()}}
    try:
        connection.request(method, path, headers=sent)
        answer = connection.getresponse()
        return answer.status, {k.lower(): v for k, v in answer.headers.items()}, answer.read()
    finally:
        connection.close()


def code(body: bytes) -> str:
    return str(json.loads(body)["error"]["code"])


def address(served: ServedEngine, path: Path) -> str:
    answer = served.ask("POST", "/media-addresses", {"path": str(path)})
    assert answer.status == 201, answer.body
    return str(answer.body["address"])


@pytest.fixture(scope="module")
def made_film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten seconds with picture and sound; in the second half the sound is silent."""
    path = tmp_path_factory.mktemp("film") / "film.mkv"
    make = [find_ffmpeg(), "-v", "error", "-f", "lavfi", "-i", "testsrc=s=64x48:r=25:d=10"]
    make += ["-f", "lavfi", "-i", "sine=f=440:d=5,apad=whole_dur=10", "-c:v", "mpeg4", str(path)]
    subprocess.run(make, check=True)
    return path


@pytest.fixture
def film(tmp_path: Path, made_film: Path) -> Path:
    """A copy for one test."""
    return Path(shutil.copy(made_film, tmp_path / "film – 1.mkv"))


@pytest.fixture
def known(still: ServedEngine, film: Path) -> str:
    """The address of the film, which is of a job."""
    assert still.ask("POST", "/jobs", {"orders": [{"input": str(film)}]}).status == 201
    return address(still, film)


def test_media_are_played_in_ranges_without_the_token(
    still: ServedEngine, known: str, film: Path
) -> None:
    content = film.read_bytes()
    status, headers, body = fetched(still, known)
    assert (status, body, headers["content-type"]) == (200, content, "video/x-matroska")
    assert headers["cache-control"] == "no-store" and headers["accept-ranges"] == "bytes"
    assert headers["cross-origin-resource-policy"] == "same-origin"
    status, headers, body = fetched(still, known, Range="bytes=100-199")
    assert (status, body) == (206, content[100:200])
    assert headers["content-range"] == f"bytes 100-199/{len(content)}"
    status, headers, body = fetched(still, known, "HEAD", Range="bytes=100-199")
    assert (status, headers["content-length"], body) == (206, "100", b"")
    status, headers, body = fetched(still, known, Range=f"bytes={len(content)}-")
    assert (status, code(body)) == (416, "request-refused")
    assert headers["content-range"] == f"bytes */{len(content)}"


def test_an_address_tells_what_it_plays(still: ServedEngine, known: str, film: Path) -> None:
    told = still.ask("POST", "/media-addresses", {"path": str(film)}).body
    assert told["address"] != known and told["kind"] == "video"
    assert told["seconds"] == pytest.approx(10, abs=0.2)


def test_what_no_job_upload_or_transcript_knows_is_not_played(
    still: ServedEngine, tmp_path: Path
) -> None:
    unknown = tmp_path / "other.wav"
    unknown.write_bytes(b"RIFF")
    for path in (unknown, tmp_path, Path("/etc/passwd"), Path("/proc/self/environ"), "film.wav"):
        answer = still.ask("POST", "/media-addresses", {"path": str(path)})
        assert (answer.status, answer.code) == (403, "request-refused"), path


def test_what_is_known_and_is_no_recording_is_not_played(
    still: ServedEngine, tmp_path: Path
) -> None:
    for name, content in (
        ("cut.otio", "{}"),
        ("list.mov", "#EXTM3U\n/etc/passwd\n"),
        ("a.wav", ""),
    ):
        path = tmp_path / name
        path.write_text(content)
        assert still.ask("POST", "/jobs", {"orders": [{"input": str(path)}]}).status == 201
        answer = still.ask("POST", "/media-addresses", {"path": str(path)})
        assert (answer.status, answer.code) in ((409, "media-unreadable"), (409, "media-empty"))
    path.unlink()
    assert still.ask("POST", "/media-addresses", {"path": str(path)}).code == "media-missing"


def test_an_upload_is_played(still: ServedEngine, film: Path) -> None:
    content = film.read_bytes()
    begun = still.ask("POST", "/uploads", {"name": "up.mkv", "bytes": len(content)}).body
    sums = {"Recue-Checksum": hashlib.sha256(content).hexdigest()}
    sent = {**still.shown, **sums, "Content-Type": "application/octet-stream"}
    added = still.ask("PUT", f"/uploads/{begun['upload']}?at=0", content, sent)
    assert fetched(still, address(still, Path(added.body["path"])))[2] == content


def test_what_the_store_knows_is_played_by_path_or_number(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    film = workspace.media("film.wav", 10)
    with open_engine(workspace) as engine, ServedEngine(engine) as real:
        until(engine, engine.queue.add(asking(workspace, plain(film, "srt"))), "done")
        number = engine.store.known(film).media
        for job in engine.queue.numbers():
            engine.queue.remove(job)
        assert fetched(real, address(real, film))[2] == film.read_bytes()
        answer = real.ask("POST", "/media-addresses", {"stored": number})
        assert answer.status == 201 and answer.body["kind"] == "audio"
        assert real.ask("POST", "/media-addresses", {"stored": 999}).code == "media-missing"
        film.rename(tmp_path / "moved.wav")
        assert real.ask("POST", "/media-addresses", {"stored": number}).code == "media-missing"
        status, _, body = fetched(real, answer.body["address"])
        assert (status, code(body)) == (409, "media-missing")


@pytest.mark.parametrize(
    "body", [{}, {"path": ""}, {"stored": -1}, {"path": "a", "stored": 1}, {"path": "\0"}]
)
def test_a_request_of_no_form_is_refused(still: ServedEngine, body: Any) -> None:
    assert still.ask("POST", "/media-addresses", body).status == 422


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "none"},
        {"Sec_Fetch_Site": ""},
        {"Sec_Fetch_Dest": "document"},
        {"Sec_Fetch_Dest": "iframe"},
        {"Sec_Fetch_Dest": "script"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
    ],
)
@pytest.mark.parametrize("of", ["", "/sound?start=0&seconds=1"])
def test_another_page_gets_nothing(
    still: ServedEngine, known: str, headers: dict[str, str], of: str
) -> None:
    status, _, body = fetched(still, known + of, **headers)
    assert (status, code(body)) == (403, "request-refused")


def test_whoever_does_not_say_from_where_gets_nothing(still: ServedEngine, known: str) -> None:
    for headers in (still.shown, {}):
        assert still.ask("GET", known, headers=headers).status == 403
    twice = still.head(f"GET {known}", *["Sec-Fetch-Site: same-origin"] * 2, "Connection: close")
    assert still.raw(twice).startswith(b"HTTP/1.1 403")


def test_an_address_opens_nothing_but_its_file(still: ServedEngine, known: str) -> None:
    token = known.removeprefix("/media/")
    shown = {"Authorization": f"Bearer {token}"}
    assert still.ask("GET", "/jobs", headers=shown).status == 401
    for path in (f"{known}/", f"{known}/..", f"{known}/other", "/media/", f"/media/{token}x"):
        assert fetched(still, path)[0] == 401
    other = token[:-1] + ("A" if token[-1] != "A" else "B")
    status, _, body = fetched(still, f"/media/{other}")
    assert (status, code(body)) == (404, "media-address-ended")
    for method in ("POST", "PUT", "DELETE", "OPTIONS"):
        assert fetched(still, known, method)[0] == 401
    body_sent = still.head(f"GET {known}", "Sec-Fetch-Site: same-origin", "Content-Length: 5")
    assert still.raw(body_sent + b"hello").startswith(b"HTTP/1.1 413")


def test_the_sound_of_a_span_is_that_of_the_source(still: ServedEngine, known: str) -> None:
    status, headers, body = fetched(still, f"{known}/sound?start=4&seconds=2.5")
    assert (status, headers["content-type"]) == (200, "audio/wav")
    with wave.open(io.BytesIO(body)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (1, 2, 16000)
        assert sound.getnframes() == 40000
        frames = sound.readframes(40000)
    loud = [
        abs(int.from_bytes(frames[at : at + 2], "little", signed=True)) for at in range(0, 80000, 2)
    ]
    assert max(loud[:15000]) > 1000 and max(loud[17000:]) < 100  # the tone ends after one second
    part = fetched(still, f"{known}/sound?start=4&seconds=2.5", Range="bytes=0-1")
    assert (part[0], part[2]) == (206, body[:2])


@pytest.mark.parametrize(
    ("query", "status"),
    [
        *(("", 422), ("start=-1&seconds=1", 422), ("start=0&seconds=61", 422)),
        *(("start=0&seconds=0", 422), ("start=nan&seconds=1", 422), ("start=0&seconds=inf", 422)),
        *(("start=1e400&seconds=1", 422), ("start=100&seconds=1", 409)),
        *(("start=0&seconds=1&stream=7", 409), ("start=0&seconds=1&channel=9", 409)),
        ("start=0&seconds=1&stream=-1", 422),
    ],
)
def test_a_span_that_is_none_is_refused(
    still: ServedEngine, known: str, query: str, status: int
) -> None:
    assert fetched(still, f"{known}/sound?{query}")[0] == status


def test_a_listener_who_goes_ends_ffmpeg(
    still: ServedEngine, known: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = tmp_path / "slow"
    slow.write_text(
        "#!/bin/sh\n"
        f'[ "$1" = -version ] && exec "{find_ffmpeg()}" -version\n'
        f'echo $$ > "{tmp_path}/begun"; exec sleep 300\n'
    )
    slow.chmod(0o755)
    monkeypatch.setenv("RECUE_FFMPEG", str(slow))
    head = still.head(
        f"GET {known}/sound?start=0&seconds=1", "Sec-Fetch-Site: same-origin", token=False
    )
    with socket.create_connection(("127.0.0.1", still.port), 20) as connection:
        connection.sendall(head)
        wait_until(lambda: (tmp_path / "begun").exists() and (tmp_path / "begun").read_text() != "")
        process = psutil.Process(int((tmp_path / "begun").read_text()))
        assert process.is_running()
    wait_until(lambda: not process.is_running() or process.status() == psutil.STATUS_ZOMBIE)
    assert still.ask("GET", "/hello").status == 200


def test_a_file_that_changes_is_sent_whole_to_who_has_a_part(
    still: ServedEngine, known: str, film: Path
) -> None:
    etag = fetched(still, known, "HEAD")[1]["etag"]
    assert fetched(still, known, Range="bytes=0-9", If_Range=etag)[0] == 206
    film.write_bytes(b"recorded anew")
    status, headers, body = fetched(still, known, Range="bytes=0-9", If_Range=etag)
    assert (status, body) == (200, b"recorded anew") and headers["etag"] != etag


def test_memory_stays_flat_while_a_large_file_is_played(
    still: ServedEngine, known: str, film: Path
) -> None:
    with film.open("r+b") as file:
        file.truncate(200_000_000)
    process = psutil.Process()
    fetched(still, known, Range="bytes=0-9")
    before = process.memory_info().rss
    connection = http.client.HTTPConnection("127.0.0.1", still.port, timeout=60)
    connection.request("GET", known, headers=OURS)
    answer = connection.getresponse()
    size, most = 0, before
    while piece := answer.read(1 << 20):
        size += len(piece)
        most = max(most, process.memory_info().rss)
    connection.close()
    assert size == 200_000_000 and most - before < 40_000_000


def test_a_session_that_ends_takes_its_addresses_along(still: ServedEngine, film: Path) -> None:
    ticket = still.ask("POST", "/tickets").body["ticket"]
    session = still.ask("POST", "/sessions", headers={"Recue-Ticket": ticket}).body
    shown = {"Authorization": f"Bearer {session['secret']}"}
    still.ask("POST", "/jobs", {"orders": [{"input": str(film)}]})
    asked = still.ask("POST", "/media-addresses", {"path": str(film)}, shown)
    assert fetched(still, asked.body["address"])[0] == 200
    # Somebody uses the ticket once more: whoever was first may be a thief.
    assert still.ask("POST", "/sessions", headers={"Recue-Ticket": ticket}).status == 409
    assert fetched(still, asked.body["address"])[0] == 404


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_an_address_ends_ten_minutes_after_its_last_use(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    kept = Access("t" * 43, clock).media
    token, other = kept.add(Path("a"), "t" * 43), kept.add(Path("b"), "t" * 43)
    for _ in range(5):
        clock.now += 599
        with kept.used(token) as path:
            assert path == Path("a")
    assert not kept.knows(other) and kept.knows(token)
    with kept.used(token):
        clock.now += 5000  # it is played
        assert kept.knows(token)
    assert kept.knows(token)
    clock.now += 601
    assert not kept.knows(token)


def test_an_address_is_as_good_as_the_secret_of_who_asked() -> None:
    good = {"a", "b"}
    kept = MediaAddresses(good.__contains__)
    token, other = kept.add(Path("a"), "a"), kept.add(Path("b"), "b")
    good.remove("a")
    assert not kept.knows(token) and kept.knows(other)
    with pytest.raises(MediaAddressEnded), kept.used(token):
        pass


def test_addresses_are_few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(media_addresses, "MOST_ADDRESSES", 3)
    clock = Clock()
    kept = MediaAddresses(lambda _: True, clock)
    tokens = []
    for _ in range(5):
        clock.now += 1
        tokens.append(kept.add(Path("a"), "s"))
    assert [kept.knows(token) for token in tokens] == [False, False, True, True, True]


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        ("/media/" + "a" * 43, True),
        ("/media/" + "a" * 43 + "/sound", True),
        ("/media/" + "a" * 42, False),
        ("/media/" + "a" * 43 + "/", False),
        ("/media/" + "a" * 43 + "\n", False),
        ("/media/" + "ä" * 43, False),
        ("//media/" + "a" * 43, False),
        ("/MEDIA/" + "a" * 43, False),
    ],
)
def test_only_an_address_is_one(path: str, is_one: bool) -> None:
    assert (token_in(path) is not None) is is_one
