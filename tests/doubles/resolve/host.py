"""Resolve itself, its project manager, and what a menu script is given beside it: fusion, bmd."""

from __future__ import annotations

import os
from typing import Any

from tests.doubles.resolve import world as w
from tests.doubles.resolve.application import Application
from tests.doubles.resolve.items import TimelineItem
from tests.doubles.resolve.media import MediaPoolItem
from tests.doubles.resolve.pool import Folder, MediaPool
from tests.doubles.resolve.profiles import edition_of
from tests.doubles.resolve.project import Project
from tests.doubles.resolve.surface import DATA, Handle
from tests.doubles.resolve.timeline import Timeline
from tests.doubles.resolve.tracks import numbered

UNTITLED = "Untitled Project"


class Resolve(Handle):
    """The program."""

    _role = "Resolve"

    def Fusion(self) -> FusionDouble:
        return FusionDouble(self._app)

    def GetMediaStorage(self) -> Handle:
        return self._app.handle("MediaStorage", "storage")

    def GetProjectManager(self) -> Handle:
        return self._app.handle("ProjectManager", "manager")

    def OpenPage(self, page: str) -> bool:
        if page not in DATA["pages"]:
            self._app.violation(f"OpenPage: {page!r}")
            return False
        self._app.world.page = page
        return True

    def GetCurrentPage(self) -> str | None:
        return self._app.world.page or None

    def GetProductName(self) -> str:
        studio = edition_of(self._app.world) == "studio"
        return "DaVinci Resolve Studio" if studio else "DaVinci Resolve"

    def GetVersion(self) -> list[Any]:
        return [*self._app.profile.version, ""]

    def GetVersionString(self) -> str:
        return ".".join(map(str, self._app.profile.version))

    def GetCurrentProject(self) -> Handle | None:
        return self._app.handle("Project", self._app.world.current) if self._app.project else None

    def GetCurrentTimeline(self) -> Handle | None:
        current = self._app.current
        return self._app.handle("Timeline", current.uid) if current else None

    def GetMediaPool(self) -> Handle | None:
        project = self._app.project
        return self._app.handle("MediaPool", project.uid) if project else None

    def IsStudio(self) -> bool:
        return edition_of(self._app.world) == "studio"


class ProjectManager(Handle):
    """The project manager."""

    _role = "ProjectManager"

    def GetCurrentProject(self) -> Handle | None:
        return self._app.handle("Project", self._app.world.current) if self._app.project else None

    def GetProjectListInCurrentFolder(self) -> list[str]:
        return [each.name for each in self._app.world.projects]

    def GetProjectsInCurrentFolder(self) -> dict[Any, str]:
        return numbered(self._app, [each.name for each in self._app.world.projects])

    def LoadProject(self, name: str) -> Handle | None:
        self._app.violation("LoadProject: closes the user's project")
        found = next((each for each in self._app.world.projects if each.name == name), None)
        if found is None:
            return None
        self._app.world.current = found.uid
        return self._app.handle("Project", found.uid)

    def SaveProject(self) -> bool:
        """False for a project that was never named."""
        project = self._app.project
        if project is None or project.name == UNTITLED:
            return False
        project.saves += 1
        return True

    def GetCurrentDatabase(self) -> dict[str, str] | None:
        return None if self._app.switches.no_database else dict(self._app.world.database)

    def GetDatabaseList(self) -> list[dict[str, str]]:
        return [dict(self._app.world.database)]


class MediaStorage(Handle):
    """The disks."""

    _role = "MediaStorage"

    def GetMountedVolumeList(self) -> list[str]:
        return ["/"]

    def GetMountedVolumes(self) -> dict[Any, str]:
        return numbered(self._app, ["/"])

    def AddItemListToMediaPool(self, *items: Any) -> Any:
        paths = items[0] if len(items) == 1 and isinstance(items[0], list) else list(items)
        pool = MediaPool(self._app, self._app.world.current)
        return MediaPool.ImportMedia(pool, paths)


class Extra:
    """An object beside the API: what it has not is None."""

    def __init__(self, app: Application) -> None:
        self._app = app

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return None


class FusionDouble(Extra):
    """The global `fusion` (and `fu`)."""

    @property
    def UIManager(self) -> Any:
        """Windows of one's own: sold with Studio from 19.1, gone on free 21.1."""
        version, world = self._app.profile.key, self._app.world
        if edition_of(world) == "free" and version >= (19, 1, 0):
            if version < (21, 1, 0):
                self._app.sales_window("fusion.UIManager")
            return None
        return Extra(self._app)

    def GetResolve(self) -> Handle:
        return self._app.handle("Resolve", "resolve")

    def SetPrefs(self, name: str, value: Any) -> None:
        self._app.world.prefs[name] = value

    def GetPrefs(self, name: str) -> Any:
        return self._app.world.prefs.get(name)

    def SavePrefs(self) -> bool:
        return True


class BmdDouble(Extra):
    """The global `bmd`."""

    def scriptapp(self, name: str) -> Any:
        given = name == "Resolve" and self._app.profile.menu
        return self._app.handle("Resolve", "resolve") if given else None

    def wait(self, seconds: float) -> None:
        self._app.sleep(seconds)

    def fileexists(self, path: str) -> bool:
        return os.path.isfile(path)

    def direxists(self, path: str) -> bool:
        return os.path.isdir(path)


CLASSES: tuple[type[Handle], ...] = (
    *(Resolve, ProjectManager, Project, MediaStorage, MediaPool, Folder, MediaPoolItem),
    *(Timeline, TimelineItem),
)
Application.role_classes.update({each._role: each for each in CLASSES})


def open_resolve(world: w.World) -> Handle:
    """Start Resolve over a world; returns the object that scripts call `resolve`."""
    return Application(world).handle("Resolve", "resolve")


def application_of(resolve: Handle) -> Application:
    """The double behind a handle: its world, its clock (`sleep`), its dialogs."""
    return resolve._app
