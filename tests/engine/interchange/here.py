"""Reading timeline files in the tests' own process, for tests that read hundreds."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from editor_plugin.core.timeline import Timeline
from editor_plugin.engine.interchange import read_with
from editor_plugin.engine.interchange.draft import Draft
from editor_plugin.engine.interchange.reader_child import answer
from editor_plugin.engine.interchange.reader_process import understood


def read_here(
    path: Path, media_folders: Sequence[Path] = (), rate: Fraction | None = None
) -> Timeline:
    """As `read_timeline`, all but the process."""

    def ask(path: Path, rate: Fraction | None) -> Draft:
        return understood(answer(path, rate), path)

    return read_with(ask, path, media_folders, rate)
