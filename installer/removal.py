"""Uninstalls Recue: removes exactly what was installed, and nobody else's files."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from editor_plugin.hosts.folders import APP, OwnFolders
from installer import placed_files
from installer.engine import stop_engine
from installer.environment import STAMP
from installer.setup import Setup


def uninstall(setup: Setup, purge: bool) -> int:
    """Remove what was installed. Transcripts, models and settings go only with `purge`."""
    placed = placed_files.read_list(setup.folders.data)
    doomed = list(_own_things(setup.folders, purge))
    if setup.dry_run:
        for path in [*map(Path, placed.files), *doomed]:
            setup.say(f"Would remove {path}")
        return 0
    stop_engine(setup.folders, setup.say)
    failed = False
    for path in list(map(Path, placed.files)):
        placed, result = placed_files.withdraw(placed, path)
        placed_files.write_list(setup.folders.data, placed)
        left = f"Left as it is: {path} ({result.reason})."
        setup.say(f"Removed {path}" if result.state == "removed" else left)
        failed = failed or result.state == "failed"
    placed_files.write_list(setup.folders.data, placed_files.withdraw_folders(placed))
    for path in doomed:
        _remove(path)
        setup.say(f"Removed {path}")
    _remove_empty(setup.folders)
    if setup.folders.data.is_dir() and not purge:
        setup.say(f"Transcripts, models and settings are kept in {setup.folders.data}")
        setup.say("To remove these too: python3 install.py --uninstall --purge")
    setup.say("Recue is uninstalled.")
    return 1 if failed else 0


def _own_things(folders: OwnFolders, purge: bool) -> Iterator[Path]:
    """Recue's own files in its folders. Named one by one: with RECUE_HOME, others may be there."""
    if (folders.environment / STAMP).exists():
        yield folders.environment
    data = ["install.lock", "demo/recue-demo.srt", "plugin", "plugin.new", "plugin.old"]
    data += ["engine.json", "engine.lock", "recue-blender.zip"]
    if purge:
        data += ["transcripts.sqlite*", "settings.toml", "models/*.nemo*"]
    for folder, patterns in (
        (folders.data, data),
        (folders.cache, ["work", "pip"]),
        (folders.logs, ["install.log*", "recue.log*", "runner.log*", "engine.log*"]),
    ):
        for pattern in patterns:
            yield from sorted(folder.glob(pattern))


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def _remove_empty(folders: OwnFolders) -> None:
    data, logs = folders.data, folders.logs
    ours = [data / "demo", data / "models", folders.cache, logs]
    if logs.parent.name == APP and logs.parent != data:  # on Linux the logs lie one deeper
        ours.append(logs.parent)
    for folder in [*ours, data]:
        with contextlib.suppress(OSError):  # something is in it, or it was never made
            folder.rmdir()
