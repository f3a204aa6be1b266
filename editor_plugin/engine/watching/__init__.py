"""Watched folders: every file that is put into one gets its subtitles. `recue watch` watches one as
long as it runs; `Watches` are those that the engine watches."""

from editor_plugin.engine.watching.folder import WatchedFolder, WatchOptions, refuse_impossible
from editor_plugin.engine.watching.watches import Watches

__all__ = ["WatchOptions", "WatchedFolder", "Watches", "refuse_impossible"]
