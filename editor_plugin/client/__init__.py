"""The client of Recue's engine: standard library only, Python 3.9 and later.

A program that may wait calls `connect()`. An editor that must not be blocked makes an `Opening`
and calls its `poll()` from a timer until it returns an `EngineClient`.
"""

from __future__ import annotations

from editor_plugin.client.engine import EngineClient
from editor_plugin.client.finding import Opening, connect, page_address, try_connect
from editor_plugin.client.launching import launch

__all__ = ["EngineClient", "Opening", "connect", "launch", "page_address", "try_connect"]
