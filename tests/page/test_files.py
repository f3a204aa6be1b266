"""Bringing files: copied to the engine, or read where they are."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tests.engine.service.served import ServedEngine
from tests.page.conftest import Opens, wait

NAME = "Größe & “Maß” <b>.wav"


@pytest.fixture
def media(tmp_path: Path) -> Path:
    """A folder with a recording and a timeline."""
    folder = tmp_path / "media ä"
    folder.mkdir()
    (folder / NAME).write_bytes(b"sound")
    (folder / "cut.edl").write_text("TITLE: cut\n")
    (folder / "notes.txt").write_text("nothing for Recue")
    (folder / "inside").mkdir()
    return folder


def send(tab: Any) -> None:
    tab.wait_for_selector(".chosen-file >> text=/copied$|read where it is/")
    tab.get_by_role("button", name=re.compile("^Transcribe")).click()
    tab.wait_for_selector(".job")


def test_a_copied_file_becomes_a_job(still: ServedEngine, opened: Opens, media: Path) -> None:
    tab = opened(still.page())
    tab.set_input_files("#file", [media / NAME, media / "cut.edl"])
    wait(tab, "document.querySelectorAll('.chosen-file progress[hidden]').length === 2")
    send(tab)
    (request,) = still.engine.added
    assert [each.input.name for each in request.orders] == [NAME, "cut.edl"]
    assert request.orders[0].input.read_bytes() == b"sound"
    assert [each.outputs for each in request.orders] == [(), ()], "a copy has no folder of its own"
    assert tab.locator(".chosen-file").count() == 0


def test_what_recue_cannot_read_is_refused_with_a_sentence(
    still: ServedEngine, opened: Opens, media: Path
) -> None:
    tab = opened(still.page())
    tab.set_input_files("#file", [media / "notes.txt"])
    tab.wait_for_selector(".chosen-file .problem >> text=notes.txt")
    tab.get_by_role("button", name="Take notes.txt off the list").click()
    assert tab.locator(".chosen-file").count() == 0
    tab.get_by_role("button", name="Transcribe").click()
    tab.wait_for_selector("text=No file is chosen.")
    assert still.engine.added == []


def test_a_paused_copy_goes_on_also_in_a_later_tab(
    still: ServedEngine, opened: Opens, tmp_path: Path
) -> None:
    large = tmp_path / "large.wav"
    content = bytes(range(256)) * 120_000  # seven and a half parts
    large.write_bytes(content)
    tab = opened(still.page())
    tab.route("**/uploads/*", lambda route: (tab.wait_for_timeout(300), route.continue_()))
    tab.set_input_files("#file", large)
    wait(tab, "document.querySelector('.chosen-file progress')?.value > 20")
    tab.get_by_role("button", name="Pause copying large.wav").click()
    tab.wait_for_selector(".chosen-file >> text=Paused")
    share = tab.evaluate("document.querySelector('.chosen-file progress').value")
    assert 20 < share < 100
    tab.wait_for_timeout(1000)  # what was chosen last is sent a little later
    later = opened(still.page())
    later.set_input_files("#file", large)
    send(later)
    (request,) = still.engine.added
    assert request.orders[0].input.read_bytes() == content


def test_a_file_of_this_computer_is_read_where_it_is(
    still: ServedEngine, opened: Opens, media: Path
) -> None:
    tab = opened(still.page())
    tab.wait_for_selector(".chips input")
    tab.keyboard.press("b")
    where = tab.get_by_label("Folder, as a whole path")
    where.fill(str(media))
    where.press("Enter")
    tab.wait_for_selector(".entry >> text=cut.edl")
    names = tab.locator(".entry .entry-name").all_inner_texts()
    assert names == ["inside", "cut.edl", NAME] or names == ["inside", NAME, "cut.edl"]
    tab.get_by_label("Search in this folder").fill("maß")
    wait(tab, "document.querySelectorAll('.entry').length === 1")
    tab.locator(".entry input").check()
    tab.get_by_role("button", name="Choose 1 file").click()
    tab.locator(".chip >> text=WebVTT").click()
    send(tab)
    (request,) = still.engine.added
    (order,) = request.orders
    assert order.input == media / NAME
    expected = {media / "Größe & “Maß” <b>.srt", media / "Größe & “Maß” <b>.vtt"}
    assert {each.path for each in order.outputs} == expected


def test_what_was_chosen_last_is_chosen_again(
    still: ServedEngine, opened: Opens, media: Path
) -> None:
    tab = opened(still.page())
    tab.locator(".chip >> text=WebVTT").click()
    tab.get_by_label("In one folder").check()
    folder = tab.get_by_label("Folder for the subtitles, as a whole path")
    folder.fill(str(media))
    folder.press("Tab")
    tab.wait_for_timeout(1000)  # it is sent a little later
    later = opened(still.page())
    later.wait_for_selector(".chip:has(:checked) >> text=WebVTT")
    assert later.get_by_label("In one folder").is_checked()
    shown = later.get_by_label("Folder for the subtitles, as a whole path").input_value()
    assert shown == str(media)
    later.set_input_files("#file", media / NAME)
    send(later)
    (request,) = still.engine.added
    assert {each.path.parent for each in request.orders[0].outputs} == {media}


def test_two_files_of_one_name_do_not_write_over_each_other(
    still: ServedEngine, opened: Opens, tmp_path: Path
) -> None:
    for name in ("film.wav", "film.mp3"):
        (tmp_path / name).write_bytes(name.encode())
    tab = opened(still.page())
    tab.get_by_label("In one folder").check()
    tab.get_by_label("Folder for the subtitles, as a whole path").fill(str(tmp_path))
    tab.set_input_files("#file", [tmp_path / "film.wav", tmp_path / "film.mp3"])
    wait(tab, "document.querySelectorAll('.chosen-file progress[hidden]').length === 2")
    send(tab)
    (request,) = still.engine.added
    names = [each.path.name for order in request.orders for each in order.outputs]
    assert names == ["film.srt", "film 2.srt"]


def test_a_range_needs_both_ends_and_numbers_count_from_one(
    still: ServedEngine, opened: Opens, media: Path
) -> None:
    tab = opened(still.page())
    tab.set_input_files("#file", media / NAME)
    tab.wait_for_selector(".chosen-file >> text=/copied$/")
    tab.click("text=Range, streams, media folder, glossary")
    tab.get_by_label("From", exact=True).fill("00:00:10")
    tab.get_by_role("button", name="Transcribe").click()
    tab.wait_for_selector("text=A range has a beginning and an end.")
    tab.get_by_label("To", exact=True).fill("00:00:20")
    tab.get_by_label("Audio stream").fill("0")
    tab.get_by_role("button", name="Transcribe").click()
    tab.wait_for_selector("text=numbers from 1")
    tab.get_by_label("Audio stream").fill("2")
    send(tab)
    options = still.engine.added[0].orders[0].options
    assert (options.span, options.stream) == (("00:00:10", "00:00:20"), 1)


def test_a_folder_that_arrives_late_leaves_alone_what_is_typed(
    still: ServedEngine, opened: Opens, media: Path
) -> None:
    tab = opened(still.page())
    held: list[Any] = []
    tab.route("**/files?*", lambda route: held.append(route))
    tab.get_by_role("button", name="From this computer…").click()
    field = tab.get_by_label("Folder, as a whole path")
    field.press_sequentially(str(media)[:-1])
    tab.wait_for_timeout(100)
    held[0].continue_()
    tab.unroute("**/files?*")
    tab.wait_for_selector(".entries > *")
    field.press_sequentially(str(media)[-1])
    assert field.input_value() == str(media)
    field.press("Enter")
    tab.wait_for_selector(".entry >> text=cut.edl")
