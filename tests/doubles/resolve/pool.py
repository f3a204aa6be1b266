"""The media pool and its bins, and the import of files."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path
from typing import Any

from tests.doubles.resolve import clock, subtitles
from tests.doubles.resolve import world as w
from tests.doubles.resolve.append import append
from tests.doubles.resolve.surface import Handle
from tests.doubles.resolve.tracks import numbered

SOUND = (".wav", ".mp3", ".flac", ".aac", ".m4a")


class MediaPool(Handle):
    """The media pool of the open project."""

    _role = "MediaPool"

    def _exists(self) -> bool:
        return self._uid == self._app.world.current and self._app.project is not None

    def _project(self) -> w.Project:
        return self._app.open_project()

    def GetUniqueId(self) -> str:
        return f"pool-of-{self._uid}"

    def GetRootFolder(self) -> Handle:
        return self._app.handle("Folder", self._project().root.uid)

    def GetCurrentFolder(self) -> Handle:
        return self._app.handle("Folder", self._project().bin)

    def SetCurrentFolder(self, folder: Any) -> bool:
        if not isinstance(folder, Folder):
            self._app.violation(f"SetCurrentFolder: {folder!r}")
            return False
        self._project().bin = folder._uid
        return True

    def RefreshFolders(self) -> bool:
        return True

    def AddSubFolder(self, folder: Any, name: str) -> Handle | None:
        parent = self._app.find_bin(folder._uid)
        if parent is None or any(each.name == name for each in parent.folders):
            return None
        parent.folders.append(w.Bin(self._app.world.uid("bin"), name))
        self._project().bin = parent.folders[-1].uid
        return self._app.handle("Folder", parent.folders[-1].uid)

    def DeleteFolders(self, folders: Any) -> bool:
        uids = {each._uid for each in folders}
        for parent in w.all_bins(self._project().root):
            for each in [folder for folder in parent.folders if folder.uid in uids]:
                self._forget({uid for inner in w.all_bins(each) for uid in inner.clips})
                parent.folders.remove(each)
        if self._app.find_bin(self._project().bin) is None:
            self._project().bin = self._project().root.uid
        return True

    def MoveClips(self, clips: Any, folder: Any) -> bool:
        uids, target = [each._uid for each in clips], self._app.find_bin(folder._uid)
        if target is None:
            return False
        for each in w.all_bins(self._project().root):
            each.clips = [uid for uid in each.clips if uid not in uids]
        target.clips.extend(uids)
        return True

    def DeleteClips(self, clips: Any) -> bool:
        """What lies on timelines from an .srt stays there; other items lose their source."""
        if not isinstance(clips, (list, tuple)) or not clips:
            self._app.violation(f"MediaPool.DeleteClips: {clips!r}")
            return False
        self._forget({each._uid for each in clips})
        return True

    def _forget(self, uids: set[str]) -> None:
        project = self._project()
        for each in project.media:
            if each.uid in uids and each.uid not in project.added:
                self._app.violation(f"DeleteClips: “{each.name}” is the user's")
        project.media = [each for each in project.media if each.uid not in uids]
        for folder in w.all_bins(project.root):
            folder.clips = [uid for uid in folder.clips if uid not in uids]
        project.selection = [uid for uid in project.selection if uid not in uids]

    def CreateEmptyTimeline(self, name: str) -> Handle | None:
        project, app = self._project(), self._app
        if any(each.name == name for each in project.timelines):
            return None
        timeline = w.Timeline(app.world.uid("timeline"), name)
        timeline.tracks = [w.Track(app.world.uid("track"), kind) for kind in ("video", "audio")]
        project.timelines.append(timeline)
        project.current = timeline.uid
        return app.handle("Timeline", timeline.uid)

    def AppendToTimeline(self, *clips: Any) -> Any:
        return append(self._app, clips)

    def ImportMedia(self, paths: Any) -> Any:
        """A list of paths. Files that are not there, or are known, give nothing."""
        if not isinstance(paths, (list, tuple)) or not all(isinstance(p, str) for p in paths):
            self._app.violation(f"ImportMedia: {paths!r}")
            return None
        found = [self._import(path) for path in paths]
        made = [self._app.handle("MediaPoolItem", each.uid) for each in found if each]
        return made or None

    def _import(self, path: str) -> w.PoolItem | None:
        project, app = self._project(), self._app
        if not os.path.isabs(path):
            app.violation(f"ImportMedia: {path} is not absolute")
        if not os.path.isfile(path):
            return None
        known = path in project.imported
        if known and app.switches.known_path == "nothing":
            return None
        old = next((each for each in reversed(project.media) if each.path == path), None)
        if known and old is not None and app.switches.known_path == "stale":
            return old
        try:
            media = self._read(path)
        except subtitles.NotStrict as error:
            app.violation(f"ImportMedia: {Path(path).name}: {error}")
            return None
        media.uid = app.world.uid("media")
        project.media.append(media)
        project.imported.append(path)
        project.added.append(media.uid)
        folder = app.find_bin(project.bin)
        (folder or project.root).clips.append(media.uid)
        return media

    def _read(self, path: str) -> w.PoolItem:
        name, rate = Path(path).name, clock.rate_of(self._project().rate)
        if path.lower().endswith(".srt"):
            cues = subtitles.read(Path(path).read_bytes())
            return w.PoolItem("", "subtitle", name, path, rate, channels=0, cues=cues)
        if path.lower().endswith(SOUND):
            return w.PoolItem("", "audio", name, path, rate)
        return w.PoolItem("", "av", name, path, Fraction(rate))

    def GetSelectedClips(self) -> list[Handle]:
        return [self._app.handle("MediaPoolItem", uid) for uid in self._project().selection]

    def SetSelectedClip(self, clip: Any) -> bool:
        self._project().selection = [clip._uid]
        return True


class Folder(Handle):
    """A bin."""

    _role = "Folder"

    def _exists(self) -> bool:
        return self._app.find_bin(self._uid) is not None

    def _bin(self) -> w.Bin:
        folder = self._app.find_bin(self._uid)
        assert folder is not None
        return folder

    def GetName(self) -> str:
        return self._bin().name

    def GetUniqueId(self) -> str:
        return self._uid

    def GetIsFolderStale(self) -> bool:
        return False

    def GetClipList(self) -> list[Handle]:
        return [self._app.handle("MediaPoolItem", uid) for uid in self._bin().clips]

    def GetSubFolderList(self) -> list[Handle]:
        return [self._app.handle("Folder", each.uid) for each in self._bin().folders]

    def GetClips(self) -> dict[Any, Handle]:
        return numbered(self._app, Folder.GetClipList(self))

    def GetSubFolders(self) -> dict[Any, Handle]:
        return numbered(self._app, Folder.GetSubFolderList(self))
