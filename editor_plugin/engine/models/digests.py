"""The names of the models on this machine, by the digests that the store knows them by."""

from __future__ import annotations

import functools
from contextlib import suppress
from pathlib import Path

from editor_plugin.core.errors import RecueError
from editor_plugin.engine.models.local import inventory
from editor_plugin.engine.store.identity import FileStat, digest


def names_by_digest() -> dict[str, str]:
    """The name of each model of the catalogue that is here, by the digest of its file."""
    found = {}
    for each in inventory():
        if each.path is not None:
            with suppress(RecueError):  # removed at this moment
                found[_digest(each.path, FileStat.at(each.path))] = each.model.name
    return found


@functools.lru_cache(maxsize=64)
def _digest(path: Path, _stat: FileStat) -> str:
    return digest(path)
