"""`recue page` where the page does not open: what is said at a terminal, and by the starter."""

from __future__ import annotations

import webbrowser

import pytest

from editor_plugin import client
from editor_plugin.commands.command_line import parser
from editor_plugin.core.errors import EngineUnreachable

ADDRESS = "http://127.0.0.1:4711/page#ticket"


def page(*arguments: str) -> int:
    options = parser().parse_args(["page", *arguments])
    return int(options.run(options))


def test_the_starters_sentences_name_no_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(**_: object) -> str:
        raise EngineUnreachable("it took too long")

    monkeypatch.setattr(client, "page_address", fail)
    assert page("--starter") == 1
    told = capsys.readouterr().err
    assert "does not answer: it took too long. Try again" in told and "recue doctor" not in told
    with pytest.raises(EngineUnreachable):
        page()


@pytest.mark.parametrize("arguments", [[], ["--starter"]])
def test_without_a_browser_the_ticket_is_shown_to_nobody_but_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    monkeypatch.setattr(client, "page_address", lambda **_: ADDRESS)
    monkeypatch.setattr(webbrowser, "open", lambda _: False)
    assert page(*arguments) == 1
    told = "".join(capsys.readouterr())
    assert "ticket" not in told
    assert ("recue page" in told) is (arguments == [])
    assert "recue page" in told or "Choose one in the system's settings" in told


def test_the_address_is_printed_for_a_person_without_a_browser(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(client, "page_address", lambda **_: ADDRESS)
    monkeypatch.setattr(webbrowser, "open", lambda _: pytest.fail("a browser was opened"))
    assert page("--print") == 0
    printed = capsys.readouterr()
    assert printed.out == f"{ADDRESS}\n"
    assert "within a minute" in printed.err
