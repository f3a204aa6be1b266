from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.engine.interchange import media_search
from editor_plugin.engine.interchange.media_search import MediaSearch, local_paths


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("file:///home/me/a%20b.mov", "/home/me/a b.mov"),
        ("file://localhost/home/me/m%C3%A9dia.mov", "/home/me/média.mov"),
        ("file:/home/a.mov", "/home/a.mov"),
        ("file:///C:/Media/a%20b.mov", "C:/Media/a b.mov"),
        ("file://localhost/C%3a/Media/a.mov", "C:/Media/a.mov"),
        ("file://C:/Media/a.mov", "C:/Media/a.mov"),
        ("file://server/share/a.mov", "//server/share/a.mov"),
        ("FILE:///a.mov", "/a.mov"),
        (r"C:\Media\a.mov", r"C:\Media\a.mov"),
        (r"\\server\share\a.mov", r"\\server\share\a.mov"),
        ("media/a.mov", "media/a.mov"),
        ("100%.mov", "100%.mov"),
        ("https://host/x/a%20b.mov?key=1", "a b.mov"),
        ("s3://bucket/a.mov", "a.mov"),
    ],
)
def test_what_a_url_means(url: str, path: str) -> None:
    assert next(local_paths(url)) == path


@given(st.text())
def test_any_text_is_taken(text: str) -> None:
    assert all(path and "\0" not in path for path in local_paths(text))


def put(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x")
    return path


def test_absolute_then_relative_then_by_name(tmp_path: Path) -> None:
    (tmp_path / "edit").mkdir()
    search = MediaSearch(tmp_path / "edit" / "cut.otio", [tmp_path / "given"])
    by_name = put(tmp_path / "given" / "deep" / "er" / "A.mov")
    assert search.find(["/lost/a.mov"]) == by_name
    relative = put(tmp_path / "media" / "a.mov")
    assert search.find(["../media/a.mov", "a.mov"]) == relative
    absolute = put(tmp_path / "elsewhere" / "a.mov")
    assert search.find([absolute.as_uri(), "../media/a.mov"]) == absolute


def test_given_folders_come_before_the_timelines_own(tmp_path: Path) -> None:
    put(tmp_path / "edit" / "a.mov")
    wanted = put(tmp_path / "given" / "sub" / "a.mov")
    search = MediaSearch(tmp_path / "edit" / "cut.otio", [tmp_path / "given"])
    assert search.find(["/lost/a.mov"]) == wanted
    assert MediaSearch(tmp_path / "edit" / "cut.otio").find([r"D:\x\a.mov"]) == (
        tmp_path / "edit" / "a.mov"
    )


def test_of_many_with_one_name_the_folders_decide_or_none_is_taken(tmp_path: Path) -> None:
    one, two = put(tmp_path / "CARD1" / "C0001.MP4"), put(tmp_path / "CARD2" / "C0001.MP4")
    search = MediaSearch(tmp_path / "cut.otio")
    assert search.find(["/Volumes/X/card1/C0001.MP4"]) == one
    assert search.find([r"E:\CARD2\C0001.MP4"]) == two
    assert search.find(["/Volumes/X/CARD3/C0001.MP4"]) is None


def test_names_without_suffix_and_in_another_normal_form(tmp_path: Path) -> None:
    path = put(tmp_path / unicodedata.normalize("NFD", "Intervjú é.mov"))
    put(tmp_path / "Intervjú é.txt")
    search = MediaSearch(tmp_path / "cut.edl")
    assert search.find([unicodedata.normalize("NFC", "intervjú é")]) == path
    assert search.find(["nobody"]) is None


def test_the_search_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = tmp_path.joinpath(*"abcdefgh")
    put(deep / "deep.mov")
    assert MediaSearch(tmp_path / "cut.otio").find(["deep.mov"]) is None
    monkeypatch.setattr(media_search, "MOST_FILES", 3)
    for number in range(5):
        put(tmp_path / "1" / f"{number}.mov")
    put(tmp_path / "2" / "later.mov")
    assert MediaSearch(tmp_path / "cut.otio").find(["later.mov"]) is None
    assert MediaSearch(tmp_path / "cut.otio").find(["4.mov"]) is not None


def test_a_folder_is_no_media(tmp_path: Path) -> None:
    (tmp_path / "a.mov").mkdir()
    assert MediaSearch(tmp_path / "cut.otio").find(["a.mov", "\0", "x" * 5000]) is None
