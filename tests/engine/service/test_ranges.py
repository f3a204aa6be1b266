"""Parts of content, as players ask for them: the rules of RFC 9110, and files that change."""

from __future__ import annotations

import asyncio
import os
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.engine.service import ranges
from editor_plugin.engine.service.listening import ABORT
from editor_plugin.engine.service.ranges import (
    PlayedContent,
    RangeResponse,
    RangeTooLate,
    of_bytes,
    of_file,
    wanted,
)
from editor_plugin.engine.slow_work import SlowWork

SIZES = st.integers(0, 40)


@given(st.integers(0, 50), st.none() | st.integers(0, 50), SIZES)
def test_a_range_is_what_it_says_within_the_content(
    first: int, last: int | None, size: int
) -> None:
    header = f"bytes={first}-{'' if last is None else last}"
    if last is not None and last < first:
        assert wanted(header, size) is None
    elif first >= size:
        with pytest.raises(RangeTooLate):
            wanted(header, size)
    else:
        expected = range(size)[first : None if last is None else last + 1]
        assert wanted(header, size) == (expected[0], expected[-1] + 1)


@given(st.integers(0, 50), SIZES)
def test_a_range_from_the_end_is_the_last_bytes(count: int, size: int) -> None:
    if not count or not size:
        with pytest.raises(RangeTooLate):
            wanted(f"Bytes=-{count}", size)
    else:
        assert wanted(f"Bytes=-{count}", size) == (max(size - count, 0), size)


@pytest.mark.parametrize(
    "header",
    [
        *(None, "", "bytes", "bytes=", "bytes=-", "bytes= - ", "items=0-1", "bytes=a-b", "bytes=1"),
        *("bytes=0-1,3-4", "bytes=0-1,99-", "bytes=0--1", "bytes=+1-2", "bytes=1_0-", "bytes=٣-"),
        *("bytes=5-4", "bytes=0x1-2", "bytes=0-1;", "bytes=" + "9" * 5000 + "-", "=0-1"),
    ],
)
def test_what_is_no_single_range_is_ignored(header: str | None) -> None:
    assert wanted(header, 10) is None


@given(st.text(st.sampled_from("bytes=0123456789-, \t"), max_size=20), SIZES)
def test_no_header_leads_out_of_the_content(header: str, size: int) -> None:
    try:
        part = wanted(header, size)
    except RangeTooLate:
        return
    assert part is None or 0 <= part[0] < part[1] <= size


class Reader:
    """Whoever gets an answer: its start, its body, and whether the connection was aborted."""

    def __init__(self, method: str = "GET", **headers: str) -> None:
        self.aborted = False
        self.status = 0
        self.headers: dict[str, str] = {}
        self.body = b""
        self.is_whole = False
        self.goes_after: int | None = None
        self._gone = asyncio.Event()
        raw = [(name.replace("_", "-").encode(), each.encode()) for name, each in headers.items()]
        self.scope = {
            "type": "http",
            "method": method,
            "headers": raw,
            "state": {ABORT: self._abort},
        }

    async def receive(self) -> Any:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): each.decode() for name, each in message["headers"]}
            return
        self.body += message["body"]
        self.is_whole = not message.get("more_body", False)
        if self.goes_after is not None and len(self.body) >= self.goes_after:
            self._gone.set()
        await asyncio.sleep(0)

    def _abort(self) -> None:
        self.aborted = True
        self._gone.set()


def answered(content: PlayedContent, reader: Reader) -> Reader:
    async def run() -> None:
        response = RangeResponse(content, "video/mp4", SlowWork(4))
        await asyncio.wait_for(response(reader.scope, reader.receive, reader.send), 30)

    asyncio.run(run())
    return reader


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "film.mp4"
    path.write_bytes(os.urandom(ranges.PIECE_BYTES * 2 + 9))
    return path


def test_a_file_is_sent_whole_or_in_part(film: Path) -> None:
    content = film.read_bytes()
    whole = answered(of_file(film.open("rb")), Reader())
    assert (whole.status, whole.body, whole.is_whole) == (200, content, True)
    assert whole.headers["accept-ranges"] == "bytes"
    assert whole.headers["content-length"] == str(len(content))
    part = answered(of_file(film.open("rb")), Reader(range="bytes=5-300000"))
    assert (part.status, part.body, part.is_whole) == (206, content[5:300001], True)
    assert part.headers["content-range"] == f"bytes 5-300000/{len(content)}"
    late = answered(of_file(film.open("rb")), Reader(range=f"bytes={len(content)}-"))
    assert late.status == 416 and late.headers["content-range"] == f"bytes */{len(content)}"
    assert b"request-refused" in late.body


@pytest.mark.parametrize("range_", [None, "bytes=5-300000", "bytes=-7"])
def test_a_head_has_the_same_headers_and_no_body(film: Path, range_: str | None) -> None:
    asked = {} if range_ is None else {"range": range_}
    get = answered(of_file(film.open("rb")), Reader(**asked))
    head = answered(of_file(film.open("rb")), Reader("HEAD", **asked))
    assert (head.status, head.headers, head.body) == (get.status, get.headers, b"")
    assert head.is_whole


def test_a_part_of_what_has_changed_is_sent_whole(film: Path) -> None:
    etag = answered(of_file(film.open("rb")), Reader("HEAD")).headers["etag"]
    asked = {"range": "bytes=0-3", "if_range": etag}
    assert answered(of_file(film.open("rb")), Reader(**asked)).status == 206
    os.utime(film, (1, 1))
    changed = answered(of_file(film.open("rb")), Reader(**asked))
    assert (changed.status, changed.body) == (200, film.read_bytes())
    for other in ("W/" + etag, "Thu, 01 Jan 1970 00:00:01 GMT", "*", ""):
        asked = {"range": "bytes=0-3", "if_range": other}
        assert answered(of_file(film.open("rb")), Reader(**asked)).status == 200


def test_several_ranges_are_answered_with_the_whole(film: Path) -> None:
    assert answered(of_file(film.open("rb")), Reader(range="bytes=0-1,5-6")).status == 200
    reader = Reader(range="bytes=0-1")
    reader.scope["headers"] = [(b"range", b"bytes=0-1"), (b"range", b"bytes=5-6")]
    assert answered(of_file(film.open("rb")), reader).status == 200


def test_a_file_that_is_replaced_meanwhile_is_sent_as_it_was(film: Path) -> None:
    before, opened = film.read_bytes(), of_file(film.open("rb"))
    film.unlink()
    film.write_bytes(b"other")
    reader = answered(opened, Reader())
    assert (reader.body, reader.headers["content-length"]) == (before, str(len(before)))


def test_a_file_that_grows_is_sent_as_long_as_it_was(film: Path) -> None:
    before, opened = film.read_bytes(), of_file(film.open("rb"))
    with film.open("ab") as file:
        file.write(b"more")
    reader = answered(opened, Reader())
    assert reader.body == before and reader.is_whole


def test_a_file_that_is_cut_off_breaks_the_answer_off(film: Path) -> None:
    """Whoever gets it must not take it for the whole."""
    opened = of_file(film.open("rb"))
    os.truncate(film, 100)
    reader = answered(opened, Reader())
    assert reader.aborted and not reader.is_whole


def test_a_reader_who_goes_ends_the_reading(film: Path) -> None:
    read, closed = [], threading.Event()
    size = 1000 * ranges.PIECE_BYTES

    def bytes_at(start: int, count: int) -> bytes:
        read.append(start)
        return bytes(count)

    reader = Reader()
    reader.goes_after = 3 * ranges.PIECE_BYTES
    answered(PlayedContent(size, '"a"', bytes_at, closed.set), reader)
    assert len(read) < 10 and not reader.is_whole
    assert closed.wait(20)


def test_a_drive_that_stops_answering_breaks_the_answer_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ranges, "READ_SECONDS", 0.05)
    end = threading.Event()

    def hanging(start: int, count: int) -> bytes:
        end.wait(60)
        return bytes(count)

    try:
        content = PlayedContent(9, '"a"', hanging, lambda: end.wait(60))
        assert answered(content, Reader()).aborted
    finally:
        end.set()


@given(st.binary(max_size=50))
def test_bytes_in_memory_are_content_too(content: bytes) -> None:
    reader = answered(of_bytes(content), Reader())
    assert (reader.status, reader.body, reader.is_whole) == (200, content, True)
