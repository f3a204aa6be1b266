"""Reading timeline files that editors export: a format is a module here with a tuple FORMATS."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from editor_plugin.core.discovery import offered
from editor_plugin.core.errors import RecueError, TimelineUnreadable
from editor_plugin.core.timeline import Timeline
from editor_plugin.engine.interchange.draft import TimelineFormat, Unreadable, finish
from editor_plugin.engine.interchange.surroundings import Surroundings

LOG = logging.getLogger(__name__)


def readers() -> dict[str, TimelineFormat]:
    """Every kind of timeline file by its suffix."""
    return {each.suffix: each for each in offered(__name__, __path__, "FORMATS")}


READERS = readers()
TIMELINE_SUFFIXES = frozenset(READERS)
FOLDER_SUFFIXES = frozenset(each.suffix for each in READERS.values() if each.is_folder)


def read_timeline(
    path: Path, media_folders: Sequence[Path] = (), rate: Fraction | None = None
) -> Timeline:
    """Read a timeline file with the reader for its suffix. Media are looked for at the paths in the
    file, relative to it, then by name in `media_folders` and beside the timeline; a clip whose
    media is not found is `unreadable`, the others are read. `rate` is the frame rate where the file
    does not state one. Raises TimelineUnreadable, and RateUnknown where a rate is needed and not
    known."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(sorted(READERS))
        raise TimelineUnreadable(str(path), f"its kind is not known; these are: {known}")
    # Media in an .otiod or .fcpxmld folder are relative to what is in it.
    around = Surroundings(path / "content" if path.is_dir() else path, media_folders, rate)
    try:
        if path.is_file() and path.stat().st_size == 0:
            raise Unreadable("it is empty")
        return finish(reader.read(path, around), around)
    except RecueError:
        raise
    except Unreadable as error:
        raise TimelineUnreadable(str(path), str(error)) from None
    except OSError as error:
        raise TimelineUnreadable(str(path), error.strerror or "it cannot be opened") from None
    except UnicodeDecodeError:
        raise TimelineUnreadable(str(path), "it is damaged, or not what its suffix says") from None
    # The readers and their libraries get files of any origin, and may fail in any way; whether the
    # file is at fault is not known.
    except Exception as error:
        LOG.exception("reading %s", path)
        kind = type(error).__name__
        reason = f"Recue's reader of {path.suffix} files failed ({kind}); it may be damaged"
        raise TimelineUnreadable(str(path), reason) from error
