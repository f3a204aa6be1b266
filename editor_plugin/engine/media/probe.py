"""Description of media files: audio streams, frame rate, start time and timecode.

It comes from ffmpeg's libraries through PyAV, which give exact numbers. The text that the ffmpeg
program prints is not parsed, as it differs from version to version: 9.0, for one, indents the
streams of a file with a timecode track.
"""

from __future__ import annotations

import contextlib
import functools
import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from editor_plugin.core.errors import (
    MediaEmpty,
    MediaMissing,
    MediaUnreadable,
    NoAudio,
    SettingsInvalid,
    StreamMissing,
)
from editor_plugin.core.timebase import exact_rate
from editor_plugin.engine.media.forms import REFUSED
from editor_plugin.engine.media.prober import PROBER
from editor_plugin.engine.plain_files import refuse_special

PRIMING = Fraction(1, 10)
"""Seconds. Sound that begins up to so much before the first picture is an encoder's priming (2048
samples at 24 kHz are 85 ms), and time 0 is the picture; sound that begins earlier is sound, and
time 0 is its beginning."""
GUESSED = {1: "mono", 2: "stereo"}
"""The layout of so many channels where the file states none."""
LARGEST_DENOMINATOR = 1001
"""Of a frame rate; no standard rate has a larger denominator. The average of a variable frame rate
is a fraction of large numbers."""


@dataclass(frozen=True)
class AudioStream:
    """An audio stream. `position` counts from 0 among the audio streams. `sample_rate` is in Hz and
    `channels` a count; 0 where ffmpeg cannot decode it. `layout` is ffmpeg's name for the channels
    (“stereo”, “5.1(side)”), or “8 channels” where the file states no positions. `language` is as in
    the file (“eng”), or None."""

    position: int
    codec: str
    sample_rate: int
    channels: int
    layout: str
    language: str | None


@dataclass(frozen=True)
class VideoStream:
    """The first video stream that is no cover image. `rate` is frames per second, None where it is
    not stated; `time_base` is the unit of its time stamps in seconds; `first` is the time stamp of
    its first key frame in seconds, or None."""

    rate: Fraction | None
    time_base: Fraction
    first: Fraction | None


@dataclass(frozen=True)
class MediaInfo:
    """A media file. `duration` is in seconds to the microsecond, an estimate in raw streams (.aac,
    .mp3 without an index), or None. `start` is the container's own time stamp of its beginning in
    seconds. `container` is the name of ffmpeg's reader (“mov,mp4,m4a,3gp,3g2,mj2”). `timecode` is
    the label of the first frame as the file has it, and `time_reference` a Broadcast WAV's first
    sample counted from midnight; None where there is none."""

    path: Path
    container: str
    duration: Fraction | None
    streams: tuple[AudioStream, ...]
    picture: VideoStream | None
    start: Fraction
    timecode: str | None
    time_reference: int | None

    @property
    def video_rate(self) -> Fraction | None:
        """Frames per second; None without a picture, or where it is not stated."""
        return None if self.picture is None else self.picture.rate

    @property
    def zero(self) -> Fraction:
        """How many seconds after `start` source time 0 is."""
        first = None if self.picture is None else self.picture.first
        if first is not None and 0 <= first - self.start <= PRIMING:
            return first - self.start
        return max(-self.start, Fraction(0))  # a time stamp below 0 is the encoder's priming


def inspect(path: Path) -> MediaInfo:
    """Describe a media file, which is read once, unless it changes. Raises MediaMissing,
    MediaEmpty, MediaUnreadable, EnvironmentBroken."""
    try:
        refuse_special(path)
        state = path.stat()
        with path.open("rb"):
            pass
    except FileNotFoundError:
        raise MediaMissing(str(path)) from None
    except OSError as error:
        raise MediaUnreadable(str(path), error.strerror or "") from None
    if state.st_size == 0:
        raise MediaEmpty(str(path))
    return _inspected(path, state.st_size, state.st_mtime_ns)


def probe(path: Path) -> MediaInfo:
    """As `inspect`; raises NoAudio, too."""
    info = inspect(path)
    if not info.streams:
        raise NoAudio(str(path))
    return info


def stream_of(info: MediaInfo, stream: int | None, channel: int | None) -> AudioStream:
    """The audio stream `stream` (None is the first). Raises StreamMissing where it, or its channel
    `channel`, does not exist."""
    count = len(info.streams)
    position = 0 if stream is None else stream
    if not 0 <= position < count:
        raise StreamMissing(str(info.path), f"audio stream {position + 1}", f"{count}")
    chosen = info.streams[position]
    if channel is not None and not 0 <= channel < chosen.channels:
        wanted = f"channel {channel + 1} in audio stream {position + 1}"
        raise StreamMissing(str(info.path), wanted, f"{chosen.channels}")
    return chosen


@functools.lru_cache(maxsize=256)
def _inspected(path: Path, size: int, changed: int) -> MediaInfo:
    found = PROBER.describe(path)
    if "unreadable" in found:
        raise MediaUnreadable(str(path), reason(found["unreadable"]))
    return described(path, found)


def described(path: Path, found: dict[str, Any]) -> MediaInfo:
    """The MediaInfo of a file, from the answer of `probe_child`."""
    return MediaInfo(
        path,
        found["container"],
        _fraction(found["duration"]),
        tuple(_stream(position, stream) for position, stream in enumerate(found["streams"])),
        None if found["picture"] is None else _picture(found["picture"]),
        _fraction(found["start"]) or Fraction(0),
        found["timecode"],
        _whole(found["time_reference"]),
    )


def _stream(position: int, found: dict[str, Any]) -> AudioStream:
    channels, layout = found["channels"], found["layout"]
    if "channels" in layout:
        layout = GUESSED.get(channels, layout)
    language = None if found["language"] in ("", "und") else found["language"]
    return AudioStream(position, found["codec"], found["sample_rate"], channels, layout, language)


def _picture(found: dict[str, Any]) -> VideoStream:
    rate = _fraction(found["rate"])
    if rate is not None:
        with contextlib.suppress(SettingsInvalid):  # slower or faster than any film
            rate = exact_rate(rate)
        rate = rate.limit_denominator(LARGEST_DENOMINATOR) or None
    return VideoStream(rate, Fraction(found["time_base"]), _fraction(found["first"]))


def _fraction(text: str | None) -> Fraction | None:
    return None if text is None else Fraction(text)


def _whole(text: str | None) -> int | None:
    """The count in a file's text; None where it is no count."""
    return int(text) if text is not None and re.fullmatch(r" *[0-9]{1,18} *", text) else None


def reason(messages: str) -> str:
    """The last of ffmpeg's messages, without details for its developers."""
    if "moov atom not found" in messages:
        return "it was cut off while it was written"
    if REFUSED in messages:
        return "it is a playlist, a picture or something else that is no recording"
    lines = [line for line in messages.splitlines() if line.strip()]
    if not lines:
        return ""
    last = re.sub(r"^(\[[^\]@]* @ [^\]@]*\] ?)+", "", lines[-1].strip())
    return last.rpartition(": ")[2]
