"""The engine as its file in the data folder announces it, and the errors that it answers with."""

from __future__ import annotations

import hmac
import json
from pathlib import Path
from typing import Any

from editor_plugin import __version__
from editor_plugin.core.errors import (
    EngineForeign,
    EngineNewer,
    EngineUnreachable,
    RecueError,
    from_wire,
)
from editor_plugin.core.handshake import ENGINE_FILE, PROTOCOL, Announcement, from_text, version_key
from editor_plugin.core.ownership import refuse_foreign

MOST_BYTES = 65_536
ANOTHER = "another program has taken its place"


def announced(data: Path) -> Announcement | None:
    """The announcement in a data folder; one whose engine was killed may be there still. Raises
    OwnerForeign where another user has written it, or the folder is another user's."""
    for path in (data, data / ENGINE_FILE):
        refuse_foreign(path)
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


def is_proof(content: bytes, expected: str) -> bool:
    """Whether the body of an answer is the proof that was asked for."""
    shown = str(_object(content).get("proof", ""))
    return hmac.compare_digest(shown.encode(), expected.encode())


def is_foreign(content: bytes) -> bool:
    """Whether the body says that the engine is another user's. Of who gave no proof, nothing else
    is believed or shown."""
    error = _object(content).get("error")
    return isinstance(error, dict) and error.get("code") == EngineForeign.code


def _object(content: bytes) -> dict[str, Any]:
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
