"""Displays of a run: progress bars on a terminal, lines elsewhere, or JSON lines."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TextIO, cast

from rich.console import Console
from rich.progress import BarColumn, TaskID, TaskProgressColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from editor_plugin.core.jobs.events import (
    Event,
    InputFailed,
    InputFinished,
    InputStarted,
    Note,
    StageProgress,
    Words,
    event_to_wire,
)
from editor_plugin.core.jobs.status import STATE_TEXTS, count
from editor_plugin.core.printable import printable, printable_lines

STAGES = {"extracting": "reading the sound", "recognising": "recognising"}


class Display(Protocol):
    """Shows events; `close` leaves the terminal tidy."""

    def emit(self, event: Event) -> None:
        """Show one event. Called from several threads."""

    def close(self) -> None:
        """End the display."""


def choose_display(events: bool, out: TextIO, err: TextIO) -> Display:
    """JSON lines on `out` if asked for, a bar on `err` if it is a terminal, else lines on `err`."""
    return Bars(err) if err.isatty() and not events else lines(events, out, err)


def lines(events: bool, out: TextIO, err: TextIO) -> Display:
    """JSON lines on `out` if asked for, else plain lines on `err`."""
    return EventLines(out) if events else Lines(lambda text: print(text, file=err, flush=True))


class Lines:
    """One line for each thing worth saying; progress only at each further tenth."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._tenth: dict[tuple[Path, str], int] = {}

    def emit(self, event: Event) -> None:
        """Say it, if it is worth a line."""
        if isinstance(event, StageProgress):
            tenth = int(10 * event.stage_share)
            key = (event.input, event.stage)
            if tenth > self._tenth.get(key, 0):
                self._tenth[key] = tenth
                self._say(printable(f"{event.input.name}: {STAGES[event.stage]}, {10 * tenth} %"))
        elif not isinstance(event, Words):
            self._say(describe(event))

    def close(self) -> None:
        """Nothing to tidy."""


class Bars:
    """A bar for the input in work, one for all of them, each with the time left."""

    def __init__(self, err: TextIO) -> None:
        text = TextColumn("{task.description}", markup=False)
        columns = (text, BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
        self._bar = Bar(*columns, console=console(err), transient=True)
        self._current: TaskID | None = None
        self._all: TaskID | None = None
        self._lines = Lines(self._print)
        self._bar.start()

    def emit(self, event: Event) -> None:
        """Move the bars, or print a line above them."""
        if isinstance(event, InputStarted):
            self._start(event)
        elif isinstance(event, StageProgress):
            self._move(event)
        else:
            self._lines.emit(event)
        if isinstance(event, InputFinished | InputFailed) and self._all is not None:
            self._bar.advance(self._all)

    def close(self) -> None:
        """Take the bars off the terminal."""
        self._bar.stop()

    def _print(self, text: str) -> None:
        self._bar.console.print(text, markup=False, highlight=False, soft_wrap=True)

    def _start(self, event: InputStarted) -> None:
        if self._current is not None:
            self._bar.remove_task(self._current)
        if self._all is None and event.of > 1:
            self._all = self._bar.add_task(f"all {event.of} inputs", total=event.of)
        self._input = event.input
        self._current = self._bar.add_task(printable(event.input.name), total=1.0)

    def _move(self, event: StageProgress) -> None:
        if self._current is None or event.input != self._input:
            return  # an input that is read ahead of its turn
        text = printable(f"{event.input.name}: {STAGES[event.stage]}")
        self._bar.update(self._current, completed=event.share, description=text)


class EventLines:
    """Every event as one JSON object a line: {"event": "progress", …}."""

    def __init__(self, out: TextIO) -> None:
        self._out = out

    def emit(self, event: Event) -> None:
        """Write one line."""
        print(json.dumps(event_to_wire(event)), file=self._out, flush=True)

    def close(self) -> None:
        """Nothing to tidy."""


def describe(event: Event) -> str:
    """One line of text for an event, which may be shown as it is."""
    return printable(_described(event))


def _described(event: Event) -> str:
    if isinstance(event, InputStarted):
        return f"{event.input.name} ({event.number} of {event.of})"
    if isinstance(event, Note):
        return f"{event.input.name}: {event.text}" if event.input else event.text
    if isinstance(event, InputFinished):
        where = ", ".join(_near(path) for path in event.outputs)
        made = f"{count(event.cues, 'subtitle')}, {count(event.words, 'word')}"
        return f"{event.input.name}: {made} → {where}"
    if isinstance(event, InputFailed):
        return f"{event.input.name}: {event.error}"
    if isinstance(event, Words):
        return f"{event.input.name}: {event.text}"
    if isinstance(event, StageProgress):
        return f"{event.input.name}: {STAGES[event.stage]}, {event.stage_share:.0%}"
    return STATE_TEXTS[event.state]


def _near(path: Path) -> str:
    """A path as the user would type it here."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


class PrintableStream(io.TextIOBase):
    """A stream whose reader may be a terminal: what a name could make it do is not written."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        """Write it with replacements."""
        self.stream.write(printable_lines(text))
        return len(text)

    def flush(self) -> None:
        """Flush the stream."""
        self.stream.flush()

    def isatty(self) -> bool:
        """Whether the stream is a terminal."""
        return self.stream.isatty()

    def fileno(self) -> int:
        """The stream's descriptor."""
        return self.stream.fileno()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The stream's encoding."""
        return self.stream.encoding


@contextmanager
def printable_streams() -> Iterator[None]:
    """Let whatever is printed meanwhile be safe to show, on a terminal that cannot show a character
    as well. What a program reads, which is what else stdout is for, stays as it is."""
    out, err = sys.stdout, sys.stderr
    for stream in (out, err):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    sys.stderr = cast(TextIO, PrintableStream(err))
    if out.isatty():
        sys.stdout = cast(TextIO, PrintableStream(out))
    try:
        yield
    finally:
        sys.stdout, sys.stderr = out, err


def console(stream: TextIO) -> Console:
    """For rich, whose own escape sequences are to reach the terminal; what it is given to print
    must be printable."""
    return Console(file=stream.stream if isinstance(stream, PrintableStream) else stream)
