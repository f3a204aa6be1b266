"""The user interface in windows of Resolve's UIManager, for Studio and for free before 19.1.

A menu script is a process of its own, so Resolve never waits for these windows. The work is a
chain of short steps that a timer of the dispatcher asks for, so that the window stays alive.
Handlers swallow what is raised in them; so nothing may be.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

from editor_plugin.core.jobs.status import time_left
from editor_plugin.core.printable import printable_lines
from editor_plugin.hosts.resolve import api
from editor_plugin.hosts.resolve.user_interface import Question

STEP_MILLISECONDS = 300
WIDTH = 460


class DialogWindow:
    """A user interface of windows. `opens` returns whether this Resolve can make them."""

    def __init__(self, fusion: Any, bmd: Any) -> None:
        self._ui: Any = getattr(fusion, "UIManager", None)
        self._dispatcher: Any = None
        if self._ui is not None:
            self._dispatcher = api.call(bmd, "UIDispatcher", self._ui)
        self._stop = False
        self._window: Any = None
        self._error: BaseException | None = None

    def opens(self) -> bool:
        """Whether windows can be made."""
        return api.has(self._dispatcher, "AddWindow") and api.has(self._ui, "VGroup")

    def ask(self, title: str, questions: Sequence[Question]) -> list[int] | None:
        """A list to choose from for each question, and two buttons."""
        rows = [self._row(question) for question in questions]
        cancel = self._ui.Button({"ID": "Cancel", "Text": "Cancel"})
        ok = self._ui.Button({"ID": "Go", "Text": "OK", "Default": True})
        buttons = self._ui.HGroup([cancel, ok])
        window = self._open("RecueAsk", title, [*rows, buttons], 60 + 40 * len(rows))
        items = window.GetItems()
        for question in questions:
            for choice in question.choices:
                items[question.name].AddItem(choice)
            items[question.name].CurrentIndex = question.chosen
        answer: list[list[int]] = []

        def go(_event: Any) -> None:
            answer.append([int(items[each.name].CurrentIndex) for each in questions])
            self._dispatcher.ExitLoop()

        window.On.Go.Clicked = go
        window.On.Cancel.Clicked = self._exit
        self._show(window, "RecueAsk")
        return answer[0] if answer else None

    def drive(self, title: str, steps: Iterator[float]) -> None:
        """Show progress while the steps are made; raises what a step raises."""
        rows = [
            self._ui.Label({"ID": "What", "Text": title, "WordWrap": True}),
            self._ui.Label({"ID": "Bar", "Text": ""}),
            self._ui.Button({"ID": "Cancel", "Text": "Cancel"}),
        ]
        self._window = self._open("RecueWork", title, rows, 130)
        self._stop, self._error = False, None
        timer = self._ui.Timer({"ID": "RecueStep", "Interval": STEP_MILLISECONDS})
        due = [0.0]

        def step(_event: Any) -> None:
            try:
                if time.monotonic() >= due[0]:
                    due[0] = time.monotonic() + next(steps)
            except BaseException as error:
                self._error = None if isinstance(error, StopIteration) else error
                self._dispatcher.ExitLoop()

        def cancel(_event: Any) -> None:
            self._stop = True

        self._window.On.Cancel.Clicked = cancel
        self._window.On.RecueWork.Close = cancel
        self._dispatcher.On.Timeout = step
        try:
            timer.Start()
            self._window.Show()
            self._dispatcher.RunLoop()
        finally:
            timer.Stop()
            self._window.Hide()
            self._window = None
        if self._error is not None:
            raise self._error

    def progress(self, what: str, percent: float, seconds_left: float | None) -> None:
        """The texts of the window; there is no bar among the widgets, so letters draw one."""
        if self._window is None:
            return
        done = max(0, min(20, round(percent / 5)))
        items = self._window.GetItems()
        items["What"].Text = what
        bar = "█" * done + "░" * (20 - done)
        items["Bar"].Text = f"{bar} {percent:.0f} %  {time_left(seconds_left)}"

    def announce(self, sentence: str) -> None:
        """In the window where one is open; else a window of its own."""
        if self._window is None:
            self.report("Recue", [sentence])
        else:
            self._window.GetItems()["What"].Text = sentence

    def report(self, title: str, sentences: Sequence[str]) -> None:
        """A text to be read, and a button."""
        text = printable_lines("\n".join(sentences))
        rows = [
            self._ui.TextEdit({"ID": "Text", "PlainText": text, "ReadOnly": True}),
            self._ui.Button({"ID": "Go", "Text": "Close", "Default": True}),
        ]
        window = self._open("RecueReport", title, rows, 260)
        window.On.Go.Clicked = self._exit
        self._show(window, "RecueReport")

    def cancelled(self) -> bool:
        """Whether Cancel was clicked."""
        return self._stop

    def close(self) -> None:
        """Nothing stays: each window is hidden when its loop ends."""
        if self._window is not None:
            api.call(self._window, "Hide")
            self._window = None

    def _row(self, question: Question) -> Any:
        label = self._ui.Label({"Text": question.text, "Weight": 0.4})
        return self._ui.HGroup([label, self._ui.ComboBox({"ID": question.name, "Weight": 0.6})])

    def _open(self, name: str, title: str, rows: list[Any], height: int) -> Any:
        place = {"ID": name, "WindowTitle": title, "Geometry": [300, 200, WIDTH, height]}
        return self._dispatcher.AddWindow(place, [self._ui.VGroup(rows)])

    def _show(self, window: Any, name: str) -> None:
        getattr(window.On, name).Close = self._exit
        window.Show()
        self._dispatcher.RunLoop()
        window.Hide()

    def _exit(self, _event: Any) -> None:
        self._dispatcher.ExitLoop()
