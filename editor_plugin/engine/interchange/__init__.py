"""Timeline files in: what an editor exports, to `core.timeline`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

from editor_plugin.core.errors import RecueError, TimelineUnreadable
from editor_plugin.core.timeline import Timeline
from editor_plugin.engine.interchange.draft import Draft, finish
from editor_plugin.engine.interchange.media_search import MediaSearch
from editor_plugin.engine.interchange.otio_file import read_otio, read_otiod, read_otioz

Reader = Callable[[Path, "Fraction | None"], Draft]

READERS: dict[str, Reader] = {
    ".otio": read_otio,
    ".otioz": read_otioz,
    ".otiod": read_otiod,
}
"""A new format is a module with a reader, and a line here."""

TIMELINE_SUFFIXES = frozenset(READERS)


def read_timeline(
    path: Path, media_folders: Sequence[Path] = (), rate: Fraction | None = None
) -> Timeline:
    """Read a timeline file by its suffix.

    Media are looked for where the file says, relative to it, then by name in `media_folders` and
    beside the timeline; a clip whose media is not found is `unreadable`, the rest goes on. `rate`
    is the frame rate where the file does not state one. Raises TimelineUnreadable for what cannot
    be read, SettingsInvalid where the rate is needed and not known.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(sorted(READERS))
        raise TimelineUnreadable(str(path), f"its kind is not known; these are: {known}")
    home = path / "content" if path.is_dir() else path
    try:
        return finish(reader(path, rate), MediaSearch(home, media_folders))
    except RecueError:
        raise
    except FileNotFoundError:
        raise TimelineUnreadable(str(path), "there is no such file") from None
    # The readers and their libraries meet files from anywhere, and fail in every way there is.
    except Exception as error:
        raise TimelineUnreadable(str(path), _reason(error)) from error


def _reason(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0].rstrip(".")[:200] if lines else type(error).__name__
