"""Fetching from a real web server on loopback that speaks the hub's API."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import filelock
import pytest

from editor_plugin.core.errors import (
    Cancelled,
    DiskFull,
    FetchFailed,
    ModelUnknown,
    OutputUnwritable,
    RecueError,
    from_wire,
)
from editor_plugin.engine.models import download, local
from editor_plugin.engine.models.download import fetch
from tests.engine.models.hub import Hub, serve

V2 = "parakeet-tdt-0.6b-v2"
CONTENT = bytes(range(256)) * 4096 + b"the end"


@pytest.fixture(autouse=True)
def quick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECUE_HOME", str(tmp_path))
    monkeypatch.delenv("HF_TOKEN", raising=False)
    monkeypatch.setattr(download, "PAUSE_SECONDS", 0.01)


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with serve(Hub(CONTENT)) as hub:
        monkeypatch.setenv("HF_ENDPOINT", hub.url)
        yield hub


def target() -> Path:
    return local.file_of(local.known(V2))


def part(hub: Hub) -> Path:
    return target().with_name(f"{target().name}.{hub.sha256[:12]}.part")


def test_a_model_is_fetched_verified_and_recorded(hub: Hub) -> None:
    seen: list[tuple[int, int]] = []
    located = fetch(V2, lambda done, of: seen.append((done, of)))
    assert located == local.LocatedModel(V2, target(), hub.sha256, False)
    assert located.path.read_bytes() == CONTENT
    assert seen[0] == (0, len(CONTENT))
    assert seen[-1] == (len(CONTENT), len(CONTENT))
    assert seen == sorted(seen)
    assert local.partials(target()) == []
    expected = "/nvidia/parakeet-tdt-0.6b-v2/resolve/main/parakeet-tdt-0.6b-v2.nemo"
    assert {path for _, path, _ in hub.requests} == {expected}


def test_a_model_that_is_here_is_not_fetched_again(hub: Hub) -> None:
    fetch(V2)
    hub.requests.clear()
    fetch("nvidia/" + V2)
    assert hub.requests == []


def test_a_damaged_model_is_fetched_again(hub: Hub) -> None:
    fetch(V2).path.write_bytes(b"cut")
    assert fetch(V2).path.read_bytes() == CONTENT


def test_a_connection_that_was_closed_meanwhile_is_opened_again(hub: Hub) -> None:
    fetch(V2).path.write_bytes(b"cut")
    hub.drops = 1
    assert fetch(V2).path.read_bytes() == CONTENT
    assert [method for method, _, _ in hub.requests] == ["HEAD", "GET", "HEAD", "HEAD", "GET"]


def test_a_hub_that_never_answers_is_given_up(hub: Hub) -> None:
    hub.drops = 99
    with pytest.raises(FetchFailed, match="RemoteProtocolError"):
        fetch(V2)
    assert len(hub.requests) == 2


def test_a_cut_connection_goes_on_where_it_stopped(hub: Hub) -> None:
    hub.cut_after = [300_000, 200_000]
    assert fetch(V2).path.read_bytes() == CONTENT
    assert hub.ranges()[0] is None
    starts = [int(str(asked)[6:-1]) for asked in hub.ranges()[1:]]
    assert len(starts) == 2
    assert 0 < starts[0] <= 300_000 < starts[0] + starts[1]
    assert starts[0] < starts[1] <= 500_000


def test_another_run_goes_on_where_a_dead_one_stopped(hub: Hub) -> None:
    part(hub).write_bytes(CONTENT[:400_000])
    seen: list[int] = []
    assert fetch(V2, lambda done, of: seen.append(done)).path.read_bytes() == CONTENT
    assert hub.ranges() == ["bytes=400000-"]
    assert seen[0] == 400_000


def test_a_part_that_is_complete_is_only_verified(hub: Hub) -> None:
    part(hub).write_bytes(CONTENT)
    assert fetch(V2).path.read_bytes() == CONTENT
    assert hub.ranges() == []


def test_a_server_that_ignores_ranges_sends_it_all_again(hub: Hub) -> None:
    hub.knows_ranges = False
    part(hub).write_bytes(CONTENT[:400_000])
    assert fetch(V2).path.read_bytes() == CONTENT


def test_parts_of_another_version_and_too_long_ones_are_thrown_away(hub: Hub) -> None:
    old = target().with_name(f"{target().name}.000000000000.part")
    old.write_bytes(b"old")
    part(hub).write_bytes(CONTENT + b"more")
    assert fetch(V2).path.read_bytes() == CONTENT
    assert local.partials(target()) == []


def test_a_connection_that_is_always_cut_is_given_up_and_its_part_kept(hub: Hub) -> None:
    hub.cut_after = [100_000] + [0] * 99
    with pytest.raises(FetchFailed, match="goes on where it stopped"):
        fetch(V2)
    assert 0 < part(hub).stat().st_size <= 100_000
    assert len(hub.ranges()) == 1 + download.ATTEMPTS
    hub.cut_after = []
    assert fetch(V2).path.read_bytes() == CONTENT


@pytest.mark.parametrize("wrong", [CONTENT[:-1] + b"?", CONTENT + b"more", b"<html>Log in</html>"])
def test_wrong_bytes_never_get_the_models_name(hub: Hub, wrong: bytes) -> None:
    hub.wrong = wrong
    with pytest.raises(FetchFailed):
        fetch(V2)
    assert not part(hub).exists()
    assert not target().exists()
    hub.wrong = None
    assert fetch(V2).path.read_bytes() == CONTENT


def test_a_wrong_checksum_is_told(hub: Hub) -> None:
    hub.wrong = CONTENT[::-1]
    with pytest.raises(FetchFailed, match="checksum"):
        fetch(V2)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "Accept its terms"),
        (403, "Accept its terms at https://huggingface.co/nvidia/"),
        (404, "does not have it any more"),
        (500, "error .HTTP 500"),
        (503, "error .HTTP 503"),
    ],
)
def test_a_refusal_is_told_in_plain_words(hub: Hub, status: int, words: str) -> None:
    hub.refuses = status
    with pytest.raises(FetchFailed, match=words) as caught:
        fetch(V2)
    assert str(from_wire(caught.value.to_wire())) == str(caught.value)
    assert not target().exists()


def test_a_server_without_checksums_is_not_believed(hub: Hub) -> None:
    hub.names_checksum = False
    with pytest.raises(FetchFailed, match="checksum to verify"):
        fetch(V2)


def test_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{port}")
    with pytest.raises(FetchFailed, match="Check the connection"):
        fetch(V2)


def test_offline_mode_is_named(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub.constants

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(FetchFailed, match="HF_HUB_OFFLINE"):
        fetch(V2)


def test_a_silent_server_is_given_up(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    import huggingface_hub.constants

    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_DOWNLOAD_TIMEOUT", 0.1)
    hub.cut_after = [0] * 99
    hub.stall = threading.Event()
    with pytest.raises(FetchFailed, match="ReadTimeout"):
        fetch(V2)


def test_a_cancelled_fetch_keeps_its_part_and_goes_on_later(hub: Hub) -> None:
    cancel = threading.Event()

    def stop_half_way(done: int, of: int) -> None:
        if done > of // 2:
            cancel.set()

    with pytest.raises(Cancelled):
        fetch(V2, stop_half_way, cancel)
    kept = part(hub).stat().st_size
    assert len(CONTENT) // 2 < kept < len(CONTENT)
    assert fetch(V2).path.read_bytes() == CONTENT
    assert hub.ranges() == [None, f"bytes={kept}-"]


def test_too_little_room_is_told_before_anything_is_fetched(
    hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        download, "shutil", SimpleNamespace(disk_usage=lambda path: SimpleNamespace(free=1000))
    )
    with pytest.raises(DiskFull, match="has no room for 68 MB") as caught:
        fetch(V2)
    assert str(from_wire(caught.value.to_wire())) == str(caught.value)
    assert hub.ranges() == []


@pytest.mark.parametrize(
    ("code", "expected"), [(errno.ENOSPC, DiskFull), (errno.EACCES, OutputUnwritable)]
)
def test_a_disk_that_fails_while_writing(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, code: int, expected: type[RecueError]
) -> None:
    def fail(*_: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(download, "_append", fail)
    with pytest.raises(expected):
        fetch(V2)


def test_two_at_once_do_not_write_into_one_file(hub: Hub) -> None:
    lock = filelock.FileLock(target().with_name(target().name + ".lock"))
    with lock, pytest.raises(FetchFailed, match="another Recue"):
        fetch(V2)
    assert hub.requests == []


def test_the_demo_needs_no_fetching_and_an_unknown_one_is_unknown(hub: Hub) -> None:
    with pytest.raises(ModelUnknown):
        fetch("parakeet")
    assert hub.requests == []


def test_the_hub_library_is_quiet_and_tells_nothing_of_this_machine(hub: Hub) -> None:
    program = f"from editor_plugin.engine.models.download import fetch; fetch({V2!r})"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")
    assert hub.agents
    assert not any("torch" in agent for agent in hub.agents), hub.agents
