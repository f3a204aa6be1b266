"""Who may call: whoever shows engine.json's token, or a session that the page got for a ticket.

A browser is started with the page's address on its command line, which every user of the computer
can read. So the address has a ticket, which is good once and for a minute. A cookie would go to
every program that listens on this computer, for cookies do not know ports; and a file that leads
to the page would be out of reach for browsers in a sandbox, which see no hidden or temporary
folders.
"""

from __future__ import annotations

import hmac
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from editor_plugin.core.errors import RequestRefused, TicketUsed
from editor_plugin.core.handshake import proof
from editor_plugin.engine.service.media_addresses import MediaAddresses

TICKET_SECONDS = 60.0


@dataclass(frozen=True)
class PageSession:
    """A browser tab's right to call: `secret` in place of the token, and the name to ask for a
    proof with."""

    name: str
    secret: str


@dataclass
class Ticket:
    """When it was made (by the clock), and the session that it was exchanged for."""

    made: float
    session: PageSession | None = None


class Access:
    """The token, the tickets and the sessions of an engine. Safe to use from several threads."""

    def __init__(self, token: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._token = token
        self._clock = clock
        self._lock = threading.Lock()
        self._tickets: dict[str, Ticket] = {}
        self._sessions: dict[str, PageSession] = {}
        self.media = MediaAddresses(self.allows, clock)

    def allows(self, shown: str) -> bool:
        """Whether this is the token, or the secret of a session."""
        with self._lock:
            good = [self._token, *(each.secret for each in self._sessions.values())]
        return any(hmac.compare_digest(shown.encode(), each.encode()) for each in good)

    def new_ticket(self) -> str:
        """A ticket for the page's address."""
        ticket = secrets.token_urlsafe(32)
        with self._lock:
            self._forget_old()
            self._tickets[ticket] = Ticket(self._clock())
        return ticket

    def exchange(self, ticket: str) -> PageSession:
        """The session for a ticket. Raises TicketUsed where it is old, unknown or was used; its
        first user may be another than the one that it was made for, and loses the session."""
        with self._lock:
            self._forget_old()
            found = self._tickets.get(ticket)
            if found is None:
                raise TicketUsed
            if found.session is not None:
                self._sessions.pop(found.session.name, None)
                raise TicketUsed
            found.session = PageSession(secrets.token_hex(16), secrets.token_urlsafe(32))
            self._sessions[found.session.name] = found.session
            return found.session

    def proof(self, nonce: str, session: str | None) -> str:
        """The proof for whoever has the token, or this session. Raises RequestRefused."""
        if session is None:
            return proof(self._token, nonce)
        with self._lock:
            found = self._sessions.get(session)
        if found is None:
            raise RequestRefused("its session has ended")
        return proof(found.secret, nonce)

    def _forget_old(self) -> None:
        """Forget the tickets that nobody used in time; of the others a second use is noticed."""
        oldest = self._clock() - TICKET_SECONDS
        kept = {
            key: each for key, each in self._tickets.items() if each.session or each.made > oldest
        }
        self._tickets = kept
