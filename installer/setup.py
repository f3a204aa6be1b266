"""The values that every action of install.py is called with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from editor_plugin.hosts.folders import Machine, OwnFolders, own_folders

Say = Callable[[str], None]


@dataclass(frozen=True)
class Setup:
    """The project's folder, the machine, whether only to print what would be done, how to print,
    and whether menu scripts go into the folders for all users."""

    project: Path
    machine: Machine
    dry_run: bool
    say: Say
    system: bool = False

    @property
    def folders(self) -> OwnFolders:
        """Recue's own folders on this machine."""
        return own_folders(self.machine)
