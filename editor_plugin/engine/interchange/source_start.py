"""The timecode that a media file starts with, where only the file itself tells it."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from fractions import Fraction

from editor_plugin.core.errors import SettingsInvalid
from editor_plugin.core.timebase import exact_rate, frame_of, frame_time
from editor_plugin.core.timeline import Span

_DURATION = re.compile(r"Duration: ([0-9]+):([0-9]{2}):([0-9]{2}\.[0-9]+)")
_TIMECODE = re.compile(r"timecode\s*: ([0-9]{2}:[0-9]{2}:[0-9]{2}[:;.][0-9]{2,3})")
_RATE = re.compile(r"Video:.*?([0-9.]+) fps")
_TIMEOUT = 20


@dataclass(frozen=True)
class FileFacts:
    """What ffmpeg tells of a media file; None where it does not. Seconds and frames per second."""

    starts_at: Fraction | None = None
    duration: Fraction | None = None
    rate: Fraction | None = None


class SourceStarts:
    """Start timecodes of media files, each file asked once."""

    def __init__(self) -> None:
        self._facts: dict[str, FileFacts] = {}

    def of(self, path: str, source: Span) -> Fraction | None:
        """Return the source time of the file's first frame in the clock of `source`.

        The file's own timecode where it has one and the range lies after it; else 0, where the
        range lies in the file. None where neither can be: then nobody knows what is heard.
        """
        facts = self.facts(path)
        if facts.starts_at is not None and facts.starts_at <= source.start:
            return facts.starts_at
        if facts.duration is None or source.start < facts.duration:
            return Fraction(0)
        return None

    def facts(self, path: str) -> FileFacts:
        """Return what ffmpeg tells of the file."""
        if path not in self._facts:
            self._facts[path] = _asked(path)
        return self._facts[path]


def _asked(path: str) -> FileFacts:
    from imageio_ffmpeg import get_ffmpeg_exe

    program = shutil.which("ffmpeg") or get_ffmpeg_exe()
    try:
        told = subprocess.run(
            [program, "-hide_banner", "-nostdin", "-i", f"file:{path}"],
            capture_output=True,
            timeout=_TIMEOUT,
        ).stderr.decode("utf-8", "replace")
    except (OSError, subprocess.TimeoutExpired):
        return FileFacts()
    return read_facts(told)


def read_facts(told: str) -> FileFacts:
    """Read what `ffmpeg -i` prints of a file."""
    rate = duration = starts_at = None
    if match := _RATE.search(told):
        rate = exact_rate(match[1])
    if match := _DURATION.search(told):
        duration = (int(match[1]) * 60 + int(match[2])) * 60 + Fraction(match[3])
    if (match := _TIMECODE.search(told)) and rate:
        try:
            starts_at = frame_time(frame_of(match[1], rate), rate)
        except SettingsInvalid:
            starts_at = None
    return FileFacts(starts_at, duration, rate)
