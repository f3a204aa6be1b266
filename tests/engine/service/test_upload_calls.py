"""Uploads by HTTP: parts, broken connections, engines that are killed, and flat memory."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from editor_plugin.core.handshake import ENGINE_FILE
from editor_plugin.engine.uploads import MOST_PART_BYTES
from tests.engine.service.served import Answer, ServedEngine

PART = bytes(range(256)) * (MOST_PART_BYTES // 256)


def checked(content: bytes) -> dict[str, str]:
    sum_ = hashlib.sha256(content).hexdigest()
    return {"Recue-Checksum": sum_, "Content-Type": "application/octet-stream"}


def begin(served: ServedEngine, name: str, size: int) -> str:
    answer = served.ask("POST", "/uploads", {"name": name, "bytes": size})
    assert answer.status == 201, answer.body
    upload = answer.body["upload"]
    assert answer.body == {"upload": upload, "received": 0, "bytes": size, "path": None}
    return str(upload)


def put(served: ServedEngine, upload: str, at: int, content: bytes, **headers: str) -> Answer:
    sent = {**served.shown, **checked(content), **headers}
    return served.ask("PUT", f"/uploads/{upload}?at={at}", content, sent)


def test_a_file_is_uploaded_and_can_be_a_job(still: ServedEngine) -> None:
    content = os.urandom(3000)
    upload = begin(still, "Film – 1.mov", 3000)
    for at in range(0, 3000, 1000):
        answer = put(still, upload, at, content[at : at + 1000])
        assert (answer.status, answer.body["received"]) == (200, at + 1000)
    path = answer.body["path"]
    assert Path(path).name == "Film – 1.mov" and Path(path).read_bytes() == content
    assert still.ask("GET", f"/uploads/{upload}").body == answer.body
    assert still.ask("POST", "/jobs", {"orders": [{"input": path}]}).status == 201
    assert still.ask("DELETE", f"/uploads/{upload}").body["path"] is None
    assert not Path(path).exists()
    assert still.ask("GET", f"/uploads/{upload}").code == "upload-unknown"


def test_what_does_not_fit_is_refused_and_the_upload_goes_on(still: ServedEngine) -> None:
    upload = begin(still, "film.mov", 8)
    assert put(still, upload, 0, b"1234").status == 200
    elsewhere = put(still, upload, 0, b"1234")
    assert (elsewhere.status, elsewhere.code) == (409, "upload-elsewhere")
    assert elsewhere.body["error"]["data"]["received"] == 4
    damaged = put(still, upload, 4, b"5678", **checked(b"other"))
    assert (damaged.status, damaged.code) == (409, "upload-damaged")
    assert put(still, upload, 4, b"56789").status == 403
    assert put(still, upload, 4, b"5678").body["path"] is not None


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/uploads/{}?at=0", {"Recue-Checksum": "X" * 64}, 422),
        ("/uploads/{}?at=0", {"Recue-Checksum": "0" * 63}, 422),
        ("/uploads/{}?at=-1", {}, 422),
        ("/uploads/{}", {}, 422),
        ("/uploads/../hello?at=0", {}, 404),
        ("/uploads/" + "0" * 32 + "?at=0", {}, 404),
        ("/uploads/" + "g" * 32 + "?at=0", {}, 422),
    ],
)
def test_a_part_of_no_form_is_refused(
    still: ServedEngine, path: str, headers: dict[str, str], status: int
) -> None:
    upload = begin(still, "film.mov", 8)
    sent = {**still.shown, **checked(b"1234"), **headers}
    assert still.ask("PUT", path.format(upload), b"1234", sent).status == status
    assert still.ask("GET", f"/uploads/{upload}").body["received"] == 0


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"name": "../film.mov", "bytes": 8}, 403),
        ({"name": "film.exe", "bytes": 8}, 409),
        ({"name": "film.mov", "bytes": 0}, 409),
        ({"name": "film.mov", "bytes": 2**53}, 409),
        ({"name": "film.mov", "bytes": 2**53 + 1}, 422),
        ({"name": "film.mov", "bytes": -1}, 422),
        ({"name": "", "bytes": 8}, 422),
        ({"name": "x" * 1001, "bytes": 8}, 422),
        ({"name": "film.mov"}, 422),
        ({"name": "film.mov", "bytes": 8, "path": "/etc"}, 422),
    ],
)
def test_an_upload_of_no_form_is_refused(still: ServedEngine, body: Any, status: int) -> None:
    assert still.ask("POST", "/uploads", body).status == status
    assert not list(still.engine.uploads.folder.glob("*"))


def test_a_part_has_its_limit(still: ServedEngine) -> None:
    upload = begin(still, "film.mov", 2 * len(PART))
    assert put(still, upload, 0, PART + b"!").status == 413
    assert put(still, upload, 0, PART).body["received"] == len(PART)


def test_a_connection_that_breaks_leaves_the_upload_as_it_was(still: ServedEngine) -> None:
    upload = begin(still, "film.mov", len(PART))
    head = still.head(
        f"PUT /uploads/{upload}?at=0",
        f"Content-Length: {len(PART)}",
        f"Recue-Checksum: {checked(PART)['Recue-Checksum']}",
    )
    with socket.create_connection(("127.0.0.1", still.port), 20) as connection:
        connection.sendall(head + PART[: len(PART) // 2])
    assert still.ask("GET", f"/uploads/{upload}").body["received"] == 0
    assert put(still, upload, 0, PART).body["path"] is not None


class EngineProcess:
    """An engine in a process of its own, spoken to in plain HTTP."""

    def __init__(self, data: Path) -> None:
        self.data = data
        (data / ENGINE_FILE).unlink(missing_ok=True)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.small_engine"],
            env={**os.environ, "RECUE_HOME": str(data)},
        )
        while not (data / ENGINE_FILE).exists():  # on a busy machine it takes its time
            assert self.process.poll() is None
            time.sleep(0.02)
        self.announced = json.loads((data / ENGINE_FILE).read_text())

    def ask(self, method: str, path: str, body: bytes = b"", **headers: str) -> Any:
        shown = {"Authorization": f"Bearer {self.announced['token']}", **headers}
        connection = http.client.HTTPConnection("127.0.0.1", self.announced["port"], timeout=60)
        try:
            connection.request(method, path, body, shown)
            answer = connection.getresponse()
            return json.loads(answer.read())
        finally:
            connection.close()

    def begin(self, size: int) -> str:
        body = json.dumps({"name": "film.mov", "bytes": size}).encode()
        asked = self.ask("POST", "/uploads", body, **{"Content-Type": "application/json"})
        return str(asked["upload"])

    def put(self, upload: str, at: int, content: bytes) -> Any:
        return self.ask("PUT", f"/uploads/{upload}?at={at}", content, **checked(content))

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def peak_mb(self) -> float:
        """The most memory that it ever had."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"VmHWM:\s*(\d+) kB", status)
        assert found
        return int(found[1]) / 1000


@contextmanager
def engine(data: Path) -> Iterator[EngineProcess]:
    running = EngineProcess(data)
    try:
        yield running
    finally:
        running.kill()


def test_an_upload_goes_on_after_its_engine_was_killed_and_replaced(tmp_path: Path) -> None:
    content = os.urandom(3 * len(PART) + 5)
    with engine(tmp_path) as first:
        upload = first.begin(len(content))
        first.put(upload, 0, content[: len(PART)])
        # Killed while it takes the second part, at whatever point.
        sent = content[len(PART) : 2 * len(PART)]
        head = (
            f"PUT /uploads/{upload}?at={len(PART)} HTTP/1.1\r\n"
            f"Host: 127.0.0.1:{first.announced['port']}\r\n"
            f"Authorization: Bearer {first.announced['token']}\r\n"
            f"Content-Length: {len(sent)}\r\n"
            f"Recue-Checksum: {checked(sent)['Recue-Checksum']}\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", first.announced["port"]), 20) as connection:
            connection.sendall(head.encode() + sent)
            first.kill()
    with engine(tmp_path) as second:
        now = second.ask("GET", f"/uploads/{upload}")
        assert now["received"] in (len(PART), 2 * len(PART)) and now["path"] is None
        while now["path"] is None:
            at = now["received"]
            now = second.put(upload, at, content[at : at + len(PART)])
        assert Path(now["path"]).read_bytes() == content


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize(
    "megabytes", [200, pytest.param(2000, marks=[pytest.mark.long, pytest.mark.timeout(1200)])]
)
def test_memory_stays_flat_however_large_the_file_is(tmp_path: Path, megabytes: int) -> None:
    with engine(tmp_path) as running:
        size = megabytes * 1_000_000
        upload = running.begin(size)
        now = running.put(upload, 0, PART)
        now = running.put(upload, now["received"], PART)
        before = running.peak_mb()
        while now["path"] is None:
            at = now["received"]
            now = running.put(upload, at, PART[: min(len(PART), size - at)])
        grown = running.peak_mb() - before
        assert Path(now["path"]).stat().st_size == size
        assert grown < 3 * len(PART) / 1_000_000, f"{grown:.0f} MB more"
        running.ask("DELETE", f"/uploads/{upload}")
