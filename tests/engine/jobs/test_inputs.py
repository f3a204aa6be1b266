"""Inputs: media or timeline, and which part of them."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

import opentimelineio as otio
import pytest

from editor_plugin.core.errors import Cancelled, RangeInvalid, TimelineUnreadable
from editor_plugin.core.jobs.request import InputOptions
from editor_plugin.core.timeline import Clip, Media, Span, Timeline, Track
from editor_plugin.core.transcript import Word
from editor_plugin.engine.jobs.inputs import END, from_snapshot, read_input, words_of
from tests.engine.workspace import Workspace

RATE = 25


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    yield Workspace(tmp_path)


def clip(media: Path, start: float, seconds: float) -> otio.schema.Clip:
    def time(value: float) -> otio.opentime.RationalTime:
        return otio.opentime.RationalTime(round(value * RATE), RATE)

    available = otio.opentime.TimeRange(time(0), time(60))
    reference = otio.schema.ExternalReference(media.name, available)
    return otio.schema.Clip(
        media.stem, reference, otio.opentime.TimeRange(time(start), time(seconds))
    )


def cut(workspace: Workspace, *clips: otio.schema.Clip, start: str = "01:00:00:00") -> Path:
    timeline = otio.schema.Timeline("cut")
    timeline.global_start_time = otio.opentime.from_timecode(start, RATE)
    track = otio.schema.Track("A1", kind=otio.schema.TrackKind.Audio)
    track.extend(clips)
    timeline.tracks.append(track)
    path = workspace.folder / "cut.otio"
    otio.adapters.write_to_file(timeline, str(path))
    return path


def span(start: int, end: int) -> Span:
    return Span(Fraction(start), Fraction(end))


def test_a_media_file_is_needed_as_a_whole(workspace: Workspace) -> None:
    film = workspace.media("film.wav", 3)
    project = read_input(film, InputOptions(stream=0, channel=1))
    assert project.needed == {Media(str(film), 0, 1): (Span(Fraction(0), END),)}
    assert (project.timeline, project.rate, project.length) == (None, None, 3)


@pytest.mark.parametrize(
    ("texts", "wanted"),
    [
        (("0.5", "2"), Span(Fraction(1, 2), Fraction(2))),
        (("00:00:01", "00:00:02.5"), Span(Fraction(1), Fraction(5, 2))),
    ],
)
def test_a_range_of_a_media_file(
    workspace: Workspace, texts: tuple[str, str], wanted: Span
) -> None:
    project = read_input(workspace.media("film.wav", 3), InputOptions(span=texts))
    assert list(project.needed.values()) == [(wanted,)] and project.span == wanted


@pytest.mark.parametrize(
    "texts", [("2", "1"), ("1", "1"), ("-1", "1"), ("a", "b"), ("1", "x"), ("5", "6"), ("", "")]
)
def test_a_range_that_cannot_be_is_refused(workspace: Workspace, texts: tuple[str, str]) -> None:
    with pytest.raises(RangeInvalid):
        read_input(workspace.media("film.wav", 3), InputOptions(span=texts))


def test_a_timeline_needs_what_its_clips_play(workspace: Workspace) -> None:
    film = workspace.media("film.wav", 60)
    project = read_input(cut(workspace, clip(film, 40, 5), clip(film, 10, 5)), InputOptions())
    assert project.needed == {Media(str(film)): (span(10, 15), span(40, 45))}
    assert (project.rate, project.length) == (25, 10)


@pytest.mark.parametrize("texts", [("4", "6"), ("01:00:04:00", "01:00:06:00")])
def test_a_range_of_a_timeline_is_in_seconds_or_in_its_timecode(
    workspace: Workspace, texts: tuple[str, str]
) -> None:
    film = workspace.media("film.wav", 60)
    path = cut(workspace, clip(film, 40, 5), clip(film, 10, 5))
    project = read_input(path, InputOptions(span=texts))
    assert project.span == span(4, 6)
    assert project.needed == {Media(str(film)): (span(10, 11), span(44, 45))}


def test_words_outside_the_range_are_left_out(workspace: Workspace) -> None:
    film = workspace.media("film.wav", 60)
    path = cut(workspace, clip(film, 40, 5), clip(film, 10, 5))
    spoken = [Word(str(at), Fraction(at), Fraction(at + 1)) for at in range(60)]
    project = read_input(path, InputOptions(span=("4", "6")))
    placed = words_of(project, {Media(str(film)): spoken})
    assert [(each.word.text, each.word.start) for each in placed] == [("44", 4), ("10", 5)]


def test_a_missing_clip_is_said_and_the_rest_goes_on(workspace: Workspace) -> None:
    film = workspace.media("film.wav", 60)
    path = cut(workspace, clip(film, 0, 5), clip(workspace.folder / "lost.wav", 0, 5))
    project = read_input(path, InputOptions())
    assert list(project.needed) == [Media(str(film))]
    assert any("lost" in note for note in project.notes)


def test_a_timeline_of_nothing_but_missing_clips_is_an_error(workspace: Workspace) -> None:
    path = cut(workspace, clip(workspace.folder / "lost.wav", 0, 5))
    with pytest.raises(TimelineUnreadable, match="lost") as caught:
        read_input(path, InputOptions())
    assert ".." not in caught.value.message


def test_media_is_found_in_a_given_folder(workspace: Workspace) -> None:
    film = workspace.media("film.wav", 60)
    path = cut(workspace, clip(film, 0, 5))
    elsewhere = workspace.folder / "archive"
    elsewhere.mkdir()
    moved = film.rename(elsewhere / "film.wav")
    timeline = path.rename(workspace.folder / "runner" / "cut.otio")
    project = read_input(timeline, InputOptions(media_folders=(elsewhere,)))
    assert list(project.needed) == [Media(str(moved))]


def test_words_that_are_others_by_now_are_not_taken_for_those_of_before() -> None:
    """Whether they come as a list that has changed, or as another tuple in the same place."""
    media = Media("/a.wav")
    clips = (Clip("a", Span(Fraction(0), Fraction(9)), Fraction(0), media=media),)
    project = from_snapshot(Timeline("cut", Fraction(25), (Track("A1", 1, clips),)), InputOptions())

    def said(words: Sequence[Word]) -> list[str]:
        return [each.word.text for each in words_of(project, {media: words})]

    changing = [Word("one", Fraction(1), Fraction(2))]
    assert said(changing) == ["one"]
    changing[0] = Word("two", Fraction(1), Fraction(2))
    assert said(changing) == ["two"]
    for number in range(200):
        assert said((Word(f"{number}", Fraction(1), Fraction(2)),)) == [f"{number}"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs named pipes")
def test_a_cancel_reaches_the_reader_of_a_timeline(workspace: Workspace) -> None:
    path = cut(workspace, clip(workspace.media("film.wav", 3), 0, 2))
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        read_input(path, InputOptions(), cancel)
