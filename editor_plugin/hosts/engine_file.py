"""The engine as its file in the data folder announces it, and the errors that it answers with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from editor_plugin import __version__
from editor_plugin.core.errors import EngineNewer, EngineUnreachable, RecueError, from_wire
from editor_plugin.core.handshake import ENGINE_FILE, PROTOCOL, Announcement, from_text, version_key

MOST_BYTES = 65_536


def announced(data: Path) -> Announcement | None:
    """The announcement in a data folder; one whose engine was killed may be there still."""
    try:
        with (data / ENGINE_FILE).open(encoding="utf-8") as file:
            return from_text(file.read(MOST_BYTES))
    except (OSError, ValueError):
        return None


def is_older(engine: Announcement) -> bool:
    """Whether the engine is to be replaced. Raises EngineNewer where it is this program."""
    theirs, ours = version_key(engine.version), version_key(__version__)
    if theirs > ours and engine.protocol != PROTOCOL:
        raise EngineNewer(__version__, engine.version)
    return theirs < ours


def error_of(status: int, content: Any) -> RecueError:
    """The error in an answer whose HTTP status is not a good one."""
    wire = content.get("error") if isinstance(content, dict) else None
    if isinstance(wire, dict) and isinstance(wire.get("data", {}), dict):
        return from_wire(wire)
    return EngineUnreachable(f"it answered with status {status}")
