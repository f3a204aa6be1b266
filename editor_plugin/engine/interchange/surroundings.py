"""The surroundings of a timeline file: the media that it names."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from editor_plugin.core.errors import Cancelled, InputError, SettingsInvalid
from editor_plugin.core.timebase import exact_rate, frame_of, frame_time
from editor_plugin.core.timeline import Span
from editor_plugin.engine.interchange.media_search import MediaSearch
from editor_plugin.engine.media.probe import MediaInfo, inspect


@dataclass(frozen=True)
class FileFacts:
    """The start, duration (seconds) and frame rate of a media file; None where it states none.
    `starts_at` is the timecode of the first frame as seconds after 00:00:00:00."""

    starts_at: Fraction | None = None
    duration: Fraction | None = None
    rate: Fraction | None = None


class Surroundings:
    """Finds and describes the media of a timeline. Once `cancel` is set, every call raises
    Cancelled."""

    def __init__(
        self,
        timeline: Path,
        folders: Sequence[Path] = (),
        cancel: threading.Event | None = None,
    ) -> None:
        self._cancel = cancel
        self._search = MediaSearch(timeline, folders)
        self._paths: dict[tuple[str, ...], str | None] = {}
        self._facts: dict[str, FileFacts] = {}

    def path(self, wanted: tuple[str, ...]) -> str | None:
        """The file of the paths, URLs or names; None where it is not on this machine."""
        self._go_on()
        if wanted not in self._paths:
            found = self._search.find(wanted)
            self._paths[wanted] = None if found is None else str(found)
        return self._paths[wanted]

    def facts(self, path: str) -> FileFacts:
        """The facts of a media file, without any where it is unreadable; each is read once."""
        self._go_on()
        if path not in self._facts:
            self._facts[path] = FileFacts()
            with contextlib.suppress(InputError):  # reported when its sound is extracted
                self._facts[path] = facts_of(inspect(Path(path)))
        return self._facts[path]

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences on media that were not looked for."""
        machines = ", ".join(f"“{each}”" for each in sorted(self._search.untouched))
        if not machines:
            return ()
        return (
            f"Media on {machines} were not looked for: Recue connects to another machine only "
            "where you name the folder of the media on it.",
        )

    def video_rate(self, wanted: Iterable[tuple[str, ...]]) -> Fraction | None:
        """The frame rate of the first of several media that is here and has one."""
        for each in wanted:
            path = self.path(each)
            rate = self.facts(path).rate if path else None
            if rate is not None:
                return rate
        return None

    def _go_on(self) -> None:
        if self._cancel is not None and self._cancel.is_set():
            raise Cancelled

    def starts_at(self, path: str, source: Span) -> Fraction | None:
        """The time of the file's first frame on the scale of the source range: its timecode, else
        0, whichever of them puts the beginning of the range into the file. None where neither does.
        """
        facts = self.facts(path)
        for begin in (facts.starts_at, Fraction(0)):
            if begin is None or source.start < begin:
                continue
            if facts.duration is None or source.start < begin + facts.duration:
                return begin
        return None


def facts_of(info: MediaInfo) -> FileFacts:
    """The facts in the description of a media file."""
    starts_at = None
    rate = info.video_rate
    try:
        rate = None if rate is None else exact_rate(rate)
        if info.timecode and rate:
            starts_at = frame_time(frame_of(info.timecode, rate), rate)
        elif info.time_reference is not None and info.streams and info.streams[0].sample_rate:
            starts_at = Fraction(info.time_reference, info.streams[0].sample_rate)
    except SettingsInvalid:  # an impossible timecode
        starts_at = None
    return FileFacts(starts_at, info.duration, rate)
