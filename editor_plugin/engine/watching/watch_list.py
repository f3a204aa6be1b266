"""The list of watched folders, `watches.json` in the data folder."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

from editor_plugin.core.errors import OutputUnwritable
from editor_plugin.core.jobs.request import InputOptions
from editor_plugin.engine.plain_files import read_plain
from editor_plugin.engine.watching.files import write_json
from editor_plugin.engine.watching.folder import WatchOptions

FILE = "watches.json"
LARGEST = 16 * 1024 * 1024
KEPT_DEEDS = 50
"""What is kept of what a watch has done."""


@dataclass(frozen=True)
class Deed:
    """What a watch did of one file: its name, when (ISO 8601), whether it has subtitles now, and a
    sentence on it."""

    name: str
    at: str
    ok: bool
    text: str


@dataclass(frozen=True)
class Watch:
    """A watched folder. `output` is the folder for the subtitles, None for beside each file; `rate`
    is for EDLs, the text of a fraction. `done` are the last deeds, the newest last."""

    id: int
    folder: str
    output: str | None
    formats: tuple[str, ...]
    media_folders: tuple[str, ...] = ()
    rate: str | None = None
    paused: bool = False
    done: tuple[Deed, ...] = ()

    @property
    def options(self) -> WatchOptions:
        """What is watched, and what is made of it."""
        return WatchOptions(
            Path(self.folder),
            None if self.output is None else Path(self.output),
            self.formats,
            InputOptions(
                media_folders=tuple(map(Path, self.media_folders)),
                rate=None if self.rate is None else Fraction(self.rate),
            ),
        )

    def did(self, name: str, ok: bool, text: str) -> Watch:
        """The watch with one more deed. The same failure as the last time takes its place."""
        deed = Deed(name, datetime.now().astimezone().isoformat(timespec="seconds"), ok, text)
        last = [each for each in self.done if each.name == name][-1:]
        before = self.done
        if not ok and last and (last[0].ok, last[0].text) == (ok, text):
            before = tuple(each for each in before if each is not last[0])
        return replace(self, done=(*before, deed)[-KEPT_DEEDS:])


@dataclass(frozen=True)
class WatchList:
    """The watches, and the number of the next one: none is used twice."""

    watches: tuple[Watch, ...] = ()
    next: int = 1


def read_list(data: Path) -> tuple[WatchList, tuple[str, ...]]:
    """Read the list; also return a note for the user where it could not be read, and was set
    aside."""
    path = data / FILE
    try:
        told = json.loads(read_plain(path, LARGEST))
        return WatchList(tuple(map(_watch, told["watches"])), int(told["next"])), ()
    except FileNotFoundError:
        return WatchList(), ()
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        aside = _aside(path)
        os.replace(path, aside)
        said = "The list of watched folders could not be read."
        return WatchList(), (f"{said} It is kept as “{aside}”; add them again.",)


def write_list(data: Path, kept: WatchList) -> None:
    """Write the list, whole or not at all. Raises OutputUnwritable."""
    try:
        write_json(data / FILE, {"next": kept.next, "watches": [asdict(w) for w in kept.watches]})
    except OSError as error:
        raise OutputUnwritable(str(data / FILE), error.strerror or str(error)) from None


def _watch(wire: dict[str, Any]) -> Watch:
    done = tuple(
        Deed(str(each["name"]), str(each["at"]), bool(each["ok"]), str(each["text"]))
        for each in wire["done"]
    )
    rate = wire["rate"]
    if rate is not None:
        Fraction(rate)
    return Watch(
        int(wire["id"]),
        str(wire["folder"]),
        None if wire["output"] is None else str(wire["output"]),
        tuple(map(str, wire["formats"])),
        tuple(map(str, wire["media_folders"])),
        rate,
        bool(wire["paused"]),
        done,
    )


def _aside(path: Path) -> Path:
    number = 1
    while (aside := path.with_name(f"{path.stem}.damaged-{number}{path.suffix}")).exists():
        number += 1
    return aside
