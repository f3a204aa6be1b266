"""A real browser whose tabs a test drives, by Chromium's DevTools protocol over two pipes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.programs import need

SECONDS = 60
"""The most that a tab is waited for."""
OPTIONS = [
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


class Chromium:
    """A browser with a profile of its own. Use it as a context manager."""

    def __init__(self, profile: Path) -> None:
        self._command = [
            need("chromium"),
            *OPTIONS,
            "--remote-debugging-pipe",
            f"--user-data-dir={profile}",
        ]
        self._last = 0

    def __enter__(self) -> Chromium:
        theirs_in, self._out = os.pipe()
        ours_in, theirs_out = os.pipe()
        # Chromium reads from descriptor 3 and writes to 4.
        moved = f"import os, sys; os.dup2({theirs_in}, 3); os.dup2({theirs_out}, 4); "
        moved += "os.execv(sys.argv[1], sys.argv[1:])"
        self._process = subprocess.Popen(
            [sys.executable, "-c", moved, *self._command],
            pass_fds=(theirs_in, theirs_out),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._in = os.fdopen(ours_in, "rb", buffering=0)
        self._unread = b""
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait(30)
        self._in.close()
        os.close(self._out)

    def open(self, address: str) -> Tab:
        """Open a tab."""
        target = self.call("Target.createTarget", url=address)["targetId"]
        attached = self.call("Target.attachToTarget", targetId=target, flatten=True)
        return Tab(self, attached["sessionId"])

    def call(self, method: str, session: str = "", **parameters: Any) -> Any:
        """Make a call, and return its result."""
        self._last += 1
        call = {"id": self._last, "method": method, "params": parameters}
        if session:
            call["sessionId"] = session
        os.write(self._out, json.dumps(call).encode() + b"\0")
        while True:
            told = self._message()
            if told.get("id") == self._last:
                return told.get("result", {})

    def _message(self) -> Any:
        while b"\0" not in self._unread:
            piece = self._in.read(65536)
            assert piece, "the browser has ended"
            self._unread += piece
        message, _, self._unread = self._unread.partition(b"\0")
        return json.loads(message)


class Tab:
    """A tab of the browser."""

    def __init__(self, browser: Chromium, session: str) -> None:
        self._browser = browser
        self._session = session

    def value(self, expression: str) -> Any:
        """The value of an expression in the page; None while there is none."""
        asked = self._browser.call(
            "Runtime.evaluate", self._session, expression=expression, returnByValue=True
        )
        return asked.get("result", {}).get("value")

    def until(self, expression: str) -> None:
        """Wait until an expression is true."""
        end = time.monotonic() + SECONDS
        while self.value(expression) is not True:
            assert time.monotonic() < end, self.value("document.body.textContent")
            time.sleep(0.05)

    def reload(self) -> None:
        """Load the page again; returns when the former one is gone."""
        self.value("window.former = true")
        self._browser.call("Page.reload", self._session)
        self.until("window.former === undefined && document.body !== null")
