"""What a run looks like on a terminal, in a log and to a program."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from editor_plugin.commands.display import Bars, EventLines, Lines, choose_display
from editor_plugin.core.errors import MediaMissing
from editor_plugin.core.jobs.events import (
    Event,
    InputFailed,
    InputFinished,
    InputStarted,
    Note,
    StageProgress,
    event_from_wire,
)

FILM, TALK = Path("/a/film.mov"), Path("/a/Grüße.wav")
RUN: list[Event] = [
    InputStarted(FILM, 1, 2),
    StageProgress(FILM, "extracting", 5.0, 10.0),
    StageProgress(FILM, "recognising", 1.0, 10.0),
    StageProgress(FILM, "recognising", 1.5, 10.0),
    StageProgress(FILM, "recognising", 10.0, 10.0),
    Note(FILM, "Clip “x” is offline."),
    InputFinished(FILM, (Path("/a/film.srt"),), 3, 20, 10.0),
    InputStarted(TALK, 2, 2),
    InputFailed(TALK, MediaMissing("/a/Grüße.wav")),
]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_lines_say_each_tenth_once() -> None:
    said: list[str] = []
    display = Lines(said.append)
    for event in RUN:
        display.emit(event)
    assert said == [
        "film.mov (1 of 2)",
        "film.mov: reading the sound, 50 %",
        "film.mov: recognising, 10 %",
        "film.mov: recognising, 100 %",
        "film.mov: Clip “x” is offline.",
        "film.mov: 3 subtitles, 20 words → /a/film.srt",
        "Grüße.wav (2 of 2)",
        f"Grüße.wav: {MediaMissing('/a/Grüße.wav')}",
    ]


def test_event_lines_are_json_with_everything() -> None:
    out = io.StringIO()
    display = EventLines(out)
    for event in RUN:
        display.emit(event)
    bodies = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [event_from_wire(body) for body in bodies[:-1]] == RUN[:-1]
    assert bodies[4] == {
        "event": "progress",
        "input": str(FILM),
        "stage": "recognising",
        "done": 10.0,
        "of": 10.0,
    }
    assert bodies[6]["outputs"] == ["/a/film.srt"]
    assert bodies[8]["error"]["code"] == "media-missing"


def test_bars_print_what_lasts_above_them() -> None:
    err = Terminal()
    display = Bars(err)
    for event in RUN:
        display.emit(event)
    display.close()
    shown = err.getvalue()
    assert "film.mov: 3 subtitles, 20 words" in shown and "There is no file" in shown


def test_a_bar_ignores_an_input_that_is_read_ahead() -> None:
    display = Bars(Terminal())
    display.emit(InputStarted(FILM, 1, 2))
    display.emit(StageProgress(TALK, "extracting", 10.0, 10.0))
    assert [task.completed for task in display._bar.tasks] == [0, 0]
    display.emit(StageProgress(FILM, "recognising", 10.0, 10.0))
    assert max(task.percentage for task in display._bar.tasks) == 100
    display.close()


@pytest.mark.parametrize(
    ("events", "terminal", "kind"),
    [(True, True, EventLines), (False, True, Bars), (False, False, Lines)],
)
def test_the_display_fits_where_it_is_shown(
    events: bool, terminal: bool, kind: type[object]
) -> None:
    display = choose_display(events, io.StringIO(), Terminal() if terminal else io.StringIO())
    display.close()
    assert type(display) is kind
