"""The address of the engine's page, for editors without a window of their own."""

from __future__ import annotations

from editor_plugin.client.finding import connect
from editor_plugin.core import handshake


def page_address(timeout: float = 30.0, python: str | None = None) -> str:
    """Where a browser finds the page of the engine that runs, or of a new one.

    The token is in it, so it is for the user's own browser alone: never for a log. Waits and raises
    as `connect` does.
    """
    address = connect(timeout, python).address
    return handshake.page_address(address.port, address.token)
