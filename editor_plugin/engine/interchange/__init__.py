"""Reading timeline files that editors export: a format is a module here with a tuple FORMATS."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

from editor_plugin.core.discovery import offered
from editor_plugin.core.errors import RateUnknown, TimelineUnreadable
from editor_plugin.core.timeline import Timeline
from editor_plugin.engine.cancelling import cancellable
from editor_plugin.engine.interchange.draft import Draft, RateNeeded, TimelineFormat, Unreadable
from editor_plugin.engine.interchange.finishing import finish
from editor_plugin.engine.interchange.reader_process import read_in_a_process
from editor_plugin.engine.interchange.surroundings import Surroundings


def readers() -> dict[str, TimelineFormat]:
    """Every kind of timeline file by its suffix."""
    return {each.suffix: each for each in offered(__name__, __path__, "FORMATS")}


READERS = readers()
TIMELINE_SUFFIXES = frozenset(READERS)
FOLDER_SUFFIXES = frozenset(each.suffix for each in READERS.values() if each.is_folder)


def read_timeline(
    path: Path,
    media_folders: Sequence[Path] = (),
    rate: Fraction | None = None,
    cancel: threading.Event | None = None,
) -> Timeline:
    """Read a timeline file with the reader for its suffix, which runs in a process of its own.
    Media are looked for at the paths in the file, relative to it, then by name in `media_folders`
    and beside the timeline; a clip whose media is not found is `unreadable`, the others are read.
    `rate` is the frame rate where the file does not state one. Raises TimelineUnreadable,
    RateUnknown where a rate is needed and not known, and Cancelled as soon as `cancel` is set."""

    def ask(path: Path, rate: Fraction | None) -> Draft:
        return read_in_a_process(path, rate, cancel)

    return cancellable(lambda: read_with(ask, path, media_folders, rate, cancel), cancel)


def read_with(
    ask: Callable[[Path, Fraction | None], Draft],
    path: Path,
    media_folders: Sequence[Path] = (),
    rate: Fraction | None = None,
    cancel: threading.Event | None = None,
) -> Timeline:
    """As `read_timeline`, with a function that returns the draft in a file for a frame rate."""
    if path.suffix.lower() not in READERS:
        known = ", ".join(sorted(READERS))
        raise TimelineUnreadable(str(path), f"its kind is not known; these are: {known}")
    # Media in an .otiod or .fcpxmld folder are relative to what is in it.
    around = Surroundings(path / "content" if path.is_dir() else path, media_folders, cancel)
    try:
        try:
            draft = ask(path, rate)
        except RateNeeded as needed:
            found = around.video_rate(needed.wanted) or needed.guess
            if found is None:
                raise RateUnknown(str(path)) from None
            draft = ask(path, found)
        return finish(draft, around)
    except Unreadable as error:
        raise TimelineUnreadable(str(path), str(error)) from None
