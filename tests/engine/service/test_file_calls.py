"""The file browser by HTTP."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from urllib.parse import quote

import pytest

from editor_plugin.engine.browsing.listing import list_folder
from editor_plugin.engine.service import file_calls
from tests.engine.service.served import Answer, ServedEngine


def files(served: ServedEngine, folder: object, like: str = "") -> Answer:
    return served.ask("GET", f"/files?folder={quote(str(folder), safe='')}&like={quote(like)}")


def test_a_folder_is_listed(still: ServedEngine, tmp_path: Path) -> None:
    (tmp_path / "film – 1.mov").write_bytes(b"content")
    (tmp_path / "work").mkdir()
    body = files(still, f"{tmp_path}/./work/..").body
    assert body["folder"] == str(tmp_path) and body["parent"] == str(tmp_path.parent)
    assert [each["name"] for each in body["entries"]] == ["work", "film – 1.mov"]
    assert body["entries"][1]["bytes"] == 7 and body["entries"][0]["bytes"] is None
    assert body["more"] is False and body["notes"] == []
    path = body["entries"][1]["path"]
    assert still.ask("POST", "/jobs", {"orders": [{"input": path}]}).status == 201


@pytest.mark.parametrize(
    "folder", ["relative", "~", "~root", "", "\0", "/nowhere/at/all", "x" * 4097]
)
def test_what_is_no_folder_is_refused(still: ServedEngine, folder: str) -> None:
    answer = files(still, folder)
    assert answer.status in (409, 422)
    assert answer.code == ("folder-unreadable" if answer.status == 409 else "request-refused")


@pytest.mark.skipif(sys.platform != "linux", reason="Linux's folders")
@pytest.mark.parametrize("folder", ["/proc", "/proc/self/fd", "/dev", "/sys/kernel", "/dev/fd"])
def test_folders_of_the_system_are_not_opened(still: ServedEngine, folder: str) -> None:
    answer = files(still, folder)
    assert (answer.status, answer.code) == (409, "folder-unreadable")
    assert not {"proc", "dev", "sys"} & {each["name"] for each in files(still, "/").body["entries"]}


def test_places_are_folders_that_are_there(still: ServedEngine) -> None:
    places = still.ask("GET", "/places").body["places"]
    assert places and all(Path(each["path"]).is_dir() for each in places)


def test_a_drive_that_does_not_answer_holds_up_no_other_call(
    still: ServedEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    end = threading.Event()

    def hanging(folder: Path, like: str) -> object:
        if folder.name == "drive":
            end.wait(60)
        return list_folder(folder, like)

    monkeypatch.setattr(file_calls, "list_folder", hanging)
    monkeypatch.setattr(file_calls, "LISTING_SECONDS", 0.1)
    (tmp_path / "drive").mkdir()
    try:
        for number in range(60):
            answer = files(still, tmp_path / "drive", str(number))
            assert (answer.status, answer.code) == (409, "folder-unreadable")
            assert "does not answer" in answer.body["error"]["message"]
        monkeypatch.setattr(file_calls, "LISTING_SECONDS", 20)
        assert files(still, tmp_path).status == 200
        assert still.ask("GET", "/hello").status == 200
    finally:
        end.set()


def test_a_place_that_does_not_answer_is_left_out(
    still: ServedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    end = threading.Event()
    usable = file_calls._is_usable
    first = still.ask("GET", "/places").body["places"][0]["path"]
    monkeypatch.setattr(file_calls, "PLACE_SECONDS", 0.1)
    monkeypatch.setattr(
        file_calls, "_is_usable", lambda path: end.wait(60) if path == first else usable(path)
    )
    try:
        assert first not in [each["path"] for each in still.ask("GET", "/places").body["places"]]
    finally:
        end.set()
