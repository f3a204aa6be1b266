"""Timeline files in: what an editor exports, to `core.timeline`."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from fractions import Fraction
from pathlib import Path

from editor_plugin.core.errors import RecueError, TimelineUnreadable
from editor_plugin.core.timeline import Timeline
from editor_plugin.engine.interchange.aaf import read_aaf
from editor_plugin.engine.interchange.draft import Draft, Unreadable, finish
from editor_plugin.engine.interchange.edl import read_edl
from editor_plugin.engine.interchange.fcp7 import read_fcp7
from editor_plugin.engine.interchange.fcpxml import read_fcpxml
from editor_plugin.engine.interchange.otio_file import read_otio, read_otiod, read_otioz
from editor_plugin.engine.interchange.surroundings import Surroundings

LOG = logging.getLogger(__name__)
Reader = Callable[[Path, Surroundings], Draft]

READERS: dict[str, Reader] = {
    ".otio": read_otio,
    ".otioz": read_otioz,
    ".otiod": read_otiod,
    ".fcpxml": read_fcpxml,
    ".fcpxmld": read_fcpxml,
    ".xml": read_fcp7,
    ".edl": read_edl,
    ".aaf": read_aaf,
}
"""A new format is a module with a reader, and a line here."""

TIMELINE_SUFFIXES = frozenset(READERS)
FOLDER_SUFFIXES = frozenset({".otiod", ".fcpxmld"})
"""Those that are folders."""


def read_timeline(
    path: Path, media_folders: Sequence[Path] = (), rate: Fraction | None = None
) -> Timeline:
    """Read a timeline file by its suffix.

    Media are looked for where the file says, relative to it, then by name in `media_folders` and
    beside the timeline; a clip whose media is not found is `unreadable`, the rest goes on. `rate`
    is the frame rate where the file does not state one. Raises TimelineUnreadable for what cannot
    be read, RateUnknown where a rate is needed and nothing tells it.
    """
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        known = ", ".join(sorted(READERS))
        raise TimelineUnreadable(str(path), f"its kind is not known; these are: {known}")
    # Media in an .otiod or .fcpxmld folder are relative to what is in it.
    around = Surroundings(path / "content" if path.is_dir() else path, media_folders, rate)
    try:
        if path.is_file() and path.stat().st_size == 0:
            raise Unreadable("it is empty")
        return finish(reader(path, around), around)
    except RecueError:
        raise
    except Unreadable as error:
        raise TimelineUnreadable(str(path), str(error)) from None
    except OSError as error:
        raise TimelineUnreadable(str(path), error.strerror or "it cannot be opened") from None
    except UnicodeDecodeError:
        raise TimelineUnreadable(str(path), "it is damaged, or not what its suffix says") from None
    # The readers and their libraries meet files from anywhere, and fail in every way there is;
    # whether the file is at fault is not known.
    except Exception as error:
        LOG.exception("reading %s", path)
        kind = type(error).__name__
        reason = f"Recue's reader of {path.suffix} files failed ({kind}); it may be damaged"
        raise TimelineUnreadable(str(path), reason) from error
