"""Keeps the index of the search up to date in the background."""

from __future__ import annotations

import threading

from editor_plugin.core.errors import RecueError
from editor_plugin.engine.log import LOG
from editor_plugin.engine.search.index import refresh
from editor_plugin.engine.store.database import Database

LOOK_SECONDS = 2.0
PAUSE_SECONDS = 0.02
"""Between two parts, so that whoever waits for the store has it first."""
REST_SECONDS = 60.0
"""After an error, such as a full disk."""


class Indexer:
    """A thread that indexes what is marked, until it is stopped."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._loop, name="index", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """End after the current part."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def _loop(self) -> None:
        seconds = LOOK_SECONDS
        while not self._stopping.wait(seconds):
            try:
                seconds = PAUSE_SECONDS if refresh(self._database) else LOOK_SECONDS
            except RecueError as error:  # damage is repaired when no job runs
                LOG.error("the index is not brought up to date: %s", error)
                seconds = REST_SECONDS
            except Exception:
                LOG.exception("indexing")
                seconds = REST_SECONDS
