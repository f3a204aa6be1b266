"""Opening an address in the user's browser, without waiting for it."""

from __future__ import annotations

import threading
import webbrowser
from collections.abc import Callable

NOT_OPENED = "No browser could be opened. Choose one for web pages in the system's settings."


def open_address(address: str, failed: Callable[[str], None]) -> None:
    """Have the system open it; returns at once. `failed` is called on another thread, with why.

    Python waits up to five seconds for a running browser, and OBS would draw no picture meanwhile.
    """

    def open_it() -> None:
        try:
            opened = webbrowser.open(address)
        except Exception:  # a browser's program that is broken; its words may hold the address
            opened = False
        if not opened:
            failed(NOT_OPENED)

    threading.Thread(target=open_it, name="recue-page", daemon=True).start()
