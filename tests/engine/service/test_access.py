"""Tickets and sessions: good once, for a minute, and only for the tab that was first."""

from __future__ import annotations

import http.client
import json

import pytest

from editor_plugin.core.errors import RequestRefused, TicketUsed
from editor_plugin.core.handshake import proof
from editor_plugin.engine.service.access import TICKET_SECONDS, Access
from tests.engine.service.served import ServedEngine

TOKEN = "t" * 43


class Clock:
    """Time that goes on when it is told to."""

    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_only_the_token_and_the_sessions_are_let_in() -> None:
    access = Access(TOKEN)
    ticket = access.new_ticket()
    session = access.exchange(ticket)
    assert access.allows(TOKEN) and access.allows(session.secret)
    refused = (ticket, session.name, "", TOKEN[1:], "ü" * 43, access.new_ticket())
    assert not any(access.allows(each) for each in refused)


def test_a_ticket_that_is_used_twice_lets_nobody_in() -> None:
    access, other = Access(TOKEN), Access(TOKEN)
    ticket, second = access.new_ticket(), access.new_ticket()
    thief, honest = access.exchange(ticket), access.exchange(second)
    for _ in range(2):
        with pytest.raises(TicketUsed):
            access.exchange(ticket)
    assert not access.allows(thief.secret) and access.allows(honest.secret)
    with pytest.raises(RequestRefused):
        access.proof("0" * 32, thief.name)
    with pytest.raises(TicketUsed):
        other.exchange(access.new_ticket())


def test_a_ticket_lasts_a_minute_and_a_session_longer() -> None:
    clock = Clock()
    access = Access(TOKEN, clock)
    early, late, used = (access.new_ticket() for _ in range(3))
    session = access.exchange(used)
    clock.now += TICKET_SECONDS - 1
    access.exchange(early)
    clock.now += 2
    with pytest.raises(TicketUsed):
        access.exchange(late)
    assert access.allows(session.secret)
    # A thief who was first is found out even where the user comes late.
    with pytest.raises(TicketUsed):
        access.exchange(used)
    assert not access.allows(session.secret)


def test_a_proof_is_of_the_token_or_of_the_session() -> None:
    access = Access(TOKEN)
    session = access.exchange(access.new_ticket())
    assert access.proof("ab", None) == proof(TOKEN, "ab")
    assert access.proof("ab", session.name) == proof(session.secret, "ab")


def opened(still: ServedEngine, ticket: str) -> tuple[int, dict[str, str]]:
    """Exchange a ticket over HTTP: the status, and the session or the error."""
    answer = still.ask("POST", "/sessions", headers={"Recue-Ticket": ticket})
    return answer.status, answer.body if answer.status == 201 else {"code": answer.code}


def test_a_session_may_do_what_the_token_may(still: ServedEngine) -> None:
    ticket = still.ask("POST", "/tickets").body["ticket"]
    status, session = opened(still, ticket)
    assert status == 201
    shown = {"Authorization": f"Bearer {session['secret']}"}
    assert still.ask("GET", "/jobs", headers=shown).status == 200
    nonce = "0" * 32
    asked = still.ask("GET", f"/proof/{nonce}?session={session['name']}", headers={})
    assert asked.body == {"proof": proof(session["secret"], nonce)}
    assert opened(still, ticket) == (409, {"code": "ticket-used"})
    assert still.ask("GET", "/jobs", headers=shown).status == 401
    asked = still.ask("GET", f"/proof/{nonce}?session={session['name']}", headers={})
    assert asked.status == 403


@pytest.mark.parametrize(
    ("ticket", "status"), [("x" * 43, 409), ("", 422), ("x", 422), ("x" * 44, 422)]
)
def test_what_is_no_ticket_opens_nothing(still: ServedEngine, ticket: str, status: int) -> None:
    assert opened(still, ticket)[0] == status
    assert opened(still, still.token)[0] == 409


def test_a_ticket_is_made_only_for_who_is_let_in(still: ServedEngine) -> None:
    assert still.ask("POST", "/tickets", headers={}).status == 401


def test_no_answer_sets_a_cookie(still: ServedEngine) -> None:
    ticket = still.ask("POST", "/tickets").body["ticket"]
    sent = {"Recue-Ticket": ticket, "Cookie": "a=b"}
    for method, path in (("GET", "/page"), ("POST", "/sessions"), ("GET", "/jobs")):
        connection = http.client.HTTPConnection("127.0.0.1", still.port, timeout=90)
        connection.request(method, path, headers={**still.shown, **sent})
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        assert answer.status < 300 and answer.getheader("Set-Cookie") is None
        if path == "/sessions":
            assert set(json.loads(content)) == {"name", "secret"}
