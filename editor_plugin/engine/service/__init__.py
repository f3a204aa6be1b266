"""The engine's HTTP service on 127.0.0.1, described in docs/design/engine.md."""

from __future__ import annotations

from editor_plugin.engine.service.server import Service

__all__ = ["Service"]
