"""The windows, on a made-up UIManager with a dispatcher of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from editor_plugin.core.errors import EngineUnreachable
from editor_plugin.hosts.resolve.menu.window import DialogWindow
from editor_plugin.hosts.resolve.user_interface import Question

QUESTIONS = [Question("Style", "Style", ("a", "b")), Question("Model", "Model", ("x",))]


class Widget(SimpleNamespace):
    def AddItem(self, text: str) -> None:
        self.items = [*getattr(self, "items", []), text]


class Handlers:
    def __getattr__(self, name: str) -> SimpleNamespace:
        self.__dict__[name] = SimpleNamespace()
        return self.__dict__[name]  # type: ignore[no-any-return]


class FakeUi:
    """Widgets are kept by their ID; layouts and windows are only passed on."""

    def __init__(self) -> None:
        self.widgets: dict[str, Widget] = {}
        self.timers = 0

    def _make(self, about: Any) -> Widget:
        about = about if isinstance(about, dict) else {}
        widget = Widget(**about)
        self.widgets[about.get("ID", "")] = widget
        return widget

    Button = Label = ComboBox = TextEdit = HGroup = VGroup = _make

    def Timer(self, about: dict[str, Any]) -> SimpleNamespace:
        def count(step: int) -> Callable[[], None]:
            def change() -> None:
                self.timers += step

            return change

        return SimpleNamespace(Start=count(1), Stop=count(-1))


class FakeDispatcher:
    """`events` is what a person does in each loop; a loop without any gets the timer's ticks."""

    def __init__(self, ui: FakeUi) -> None:
        self.ui = ui
        self.On = SimpleNamespace(Timeout=lambda event: None)
        self.windows: list[Any] = []
        self.events: list[Callable[[Any], None]] = []
        self.looping = False
        self.shown = 0

    def AddWindow(self, place: dict[str, Any], rows: list[Any]) -> SimpleNamespace:
        def show(by: int) -> Callable[[], None]:
            def change() -> None:
                self.shown += by

            return change

        window = SimpleNamespace(
            place=place,
            On=Handlers(),
            GetItems=lambda: self.ui.widgets,
            Show=show(1),
            Hide=show(-1),
        )
        self.windows.append(window)
        return window

    def RunLoop(self) -> None:
        self.looping = True
        if self.events:
            self.events.pop(0)(self.windows[-1])
        while self.looping:
            self.On.Timeout({})

    def ExitLoop(self) -> None:
        self.looping = False


@pytest.fixture
def dispatcher() -> FakeDispatcher:
    return FakeDispatcher(FakeUi())


@pytest.fixture
def window(dispatcher: FakeDispatcher) -> DialogWindow:
    bmd = SimpleNamespace(UIDispatcher=lambda ui: dispatcher)
    made = DialogWindow(SimpleNamespace(UIManager=dispatcher.ui), bmd)
    assert made.opens()
    return made


def test_choices_come_back(window: DialogWindow, dispatcher: FakeDispatcher) -> None:
    def choose(shown: Any) -> None:
        dispatcher.ui.widgets["Style"].CurrentIndex = 1
        shown.On.Go.Clicked({})

    dispatcher.events = [choose]
    assert window.ask("Recue", QUESTIONS) == [1, 0]
    assert dispatcher.ui.widgets["Style"].items == ["a", "b"]
    assert dispatcher.shown == 0


@pytest.mark.parametrize("how", ["button", "closed"])
def test_cancel_and_a_closed_window_call_it_off(
    window: DialogWindow, dispatcher: FakeDispatcher, how: str
) -> None:
    def leave(shown: Any) -> None:
        (shown.On.Cancel.Clicked if how == "button" else shown.On.RecueAsk.Close)({})

    dispatcher.events = [leave]
    assert window.ask("Recue", QUESTIONS) is None


def test_work_is_driven_by_the_timer_and_leaves_none_behind(
    window: DialogWindow, dispatcher: FakeDispatcher
) -> None:
    texts = []

    def steps() -> Iterator[float]:
        for percent in (0, 50, 100):
            window.progress("Recognising", percent, 90)
            texts.append(dispatcher.ui.widgets["Bar"].Text)
            assert dispatcher.ui.timers == dispatcher.shown == 1
            yield 0.0

    window.drive("Recue", steps())
    assert texts[1] == "██████████░░░░░░░░░░ 50 %  about 2 minutes left"
    assert dispatcher.ui.timers == dispatcher.shown == 0


def test_an_error_in_a_step_comes_out_of_the_loop(
    window: DialogWindow, dispatcher: FakeDispatcher
) -> None:
    def steps() -> Iterator[float]:
        yield 0.0
        raise EngineUnreachable("it is asleep")

    with pytest.raises(EngineUnreachable):
        window.drive("Recue", steps())
    assert dispatcher.ui.timers == dispatcher.shown == 0


def test_cancel_is_heard_by_the_work(window: DialogWindow, dispatcher: FakeDispatcher) -> None:
    dispatcher.events = [lambda shown: shown.On.Cancel.Clicked({})]
    seen = []

    def steps() -> Iterator[float]:
        seen.append(window.cancelled())
        yield 0.0

    window.drive("Recue", steps())
    assert seen == [True]


def test_a_report_is_read_and_closed(window: DialogWindow, dispatcher: FakeDispatcher) -> None:
    dispatcher.events = [lambda shown: shown.On.Go.Clicked({})]
    window.report("Recue", ["One.", "Two."])
    assert dispatcher.ui.widgets["Text"].PlainText == "One.\nTwo."


@pytest.mark.parametrize("fusion", [None, SimpleNamespace(), SimpleNamespace(UIManager=object())])
def test_without_a_manager_no_window_opens(fusion: Any) -> None:
    assert not DialogWindow(fusion, SimpleNamespace(UIDispatcher=lambda ui: None)).opens()
