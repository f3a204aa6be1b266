"""What is in a media file: its sound, its picture's rate, its clock.

ffmpeg's libraries are asked, through PyAV, and give exact numbers. The ffmpeg that extracts may be
of another version, and what it prints for people differs from version to version: 9.0 indents the
streams of a file with a timecode track, for one. Nothing is read out of that text.
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
from editor_plugin.engine.media.prober import PROBER

PRIMING = Fraction(1, 10)
"""Sound that begins up to so much before the first picture is what an audio encoder needs to get
going (2048 samples at 24 kHz are 85 ms), and time 0 is the picture; sound that begins earlier is
sound, and time 0 is where it begins."""
GUESSED = {1: "mono", 2: "stereo"}
"""What so many channels mean where the file gives no meaning to them."""
LARGEST_DENOMINATOR = 1001
"""Of a frame rate. The average of a picture with a rate that varies is a fraction of large numbers;
no standard rate has a larger denominator than this."""


@dataclass(frozen=True)
class AudioStream:
    """An audio stream. `position` counts from 0 among the audio streams.

    `sample_rate` is in Hz and `channels` a count; 0 where ffmpeg cannot decode it. `layout` is
    ffmpeg's name for the channels (“stereo”, “5.1(side)”), or “8 channels” where the file gives no
    meaning to them. `language` is as in the file (“eng”), or None.
    """

    position: int
    codec: str
    sample_rate: int
    channels: int
    layout: str
    language: str | None


@dataclass(frozen=True)
class VideoStream:
    """The first video stream that is no cover image. `rate` is frames per second, or None where the
    file does not say; `time_base` is the unit of its time stamps in seconds; `first` is the time
    stamp of its first key frame in seconds, or None."""

    rate: Fraction | None
    time_base: Fraction
    first: Fraction | None


@dataclass(frozen=True)
class MediaInfo:
    """A media file.

    `duration` is in seconds to the microsecond, an estimate in raw streams (.aac, .mp3 without an
    index), or None. `start` is the container's own time stamp of its beginning in seconds.
    `container` is the name of ffmpeg's reader (“mov,mp4,m4a,3gp,3g2,mj2”). `timecode` is the label
    of the first frame as the file has it, and `time_reference` a Broadcast WAV's first sample
    counted from midnight; None where there is none.
    """

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
        """Frames per second; None without a picture, or where the file does not say."""
        return None if self.picture is None else self.picture.rate

    @property
    def zero(self) -> Fraction:
        """How many seconds after `start` source time 0 is."""
        first = None if self.picture is None else self.picture.first
        if first is not None and 0 <= first - self.start <= PRIMING:
            return first - self.start
        return max(-self.start, Fraction(0))  # a time stamp below 0 is the encoder's priming


def inspect(path: Path) -> MediaInfo:
    """Look into a media file. A file that has not changed is looked into once.

    Raises MediaMissing, MediaEmpty, MediaUnreadable, EnvironmentBroken.
    """
    try:
        state = path.stat()
        if not path.is_file():
            raise MediaUnreadable(str(path), "it is a folder, not a file")
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
    """As `inspect`, for a file whose sound is wanted. Raises NoAudio too."""
    info = inspect(path)
    if not info.streams:
        raise NoAudio(str(path))
    return info


def stream_of(info: MediaInfo, stream: int | None, channel: int | None) -> AudioStream:
    """The audio stream `stream` (None is the first), which has the channel `channel`.

    Raises StreamMissing.
    """
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
    told = PROBER.describe(path)
    if "unreadable" in told:
        raise MediaUnreadable(str(path), reason(told["unreadable"]))
    return described(path, told)


def described(path: Path, told: dict[str, Any]) -> MediaInfo:
    """The form of what `probe_child` says of a file."""
    return MediaInfo(
        path,
        told["container"],
        _fraction(told["duration"]),
        tuple(_stream(position, stream) for position, stream in enumerate(told["streams"])),
        None if told["picture"] is None else _picture(told["picture"]),
        _fraction(told["start"]) or Fraction(0),
        told["timecode"],
        _whole(told["time_reference"]),
    )


def _stream(position: int, told: dict[str, Any]) -> AudioStream:
    channels, layout = told["channels"], told["layout"]
    if "channels" in layout:
        layout = GUESSED.get(channels, layout)
    language = told["language"]
    known = None if language in ("", "und") else language
    return AudioStream(position, told["codec"], told["sample_rate"], channels, layout, known)


def _picture(told: dict[str, Any]) -> VideoStream:
    rate = _fraction(told["rate"])
    if rate is not None:
        with contextlib.suppress(SettingsInvalid):  # slower or faster than any film
            rate = exact_rate(rate)
        rate = rate.limit_denominator(LARGEST_DENOMINATOR) or None
    return VideoStream(rate, Fraction(told["time_base"]), _fraction(told["first"]))


def _fraction(told: str | None) -> Fraction | None:
    return None if told is None else Fraction(told)


def _whole(told: str | None) -> int | None:
    """A count as a file writes it; None where it is no count."""
    return int(told) if told is not None and re.fullmatch(r" *[0-9]{1,18} *", told) else None


def reason(messages: str) -> str:
    """The last of ffmpeg's messages, without what only its developers need."""
    if "moov atom not found" in messages:
        return "it was cut off while it was written"
    lines = [line for line in messages.splitlines() if line.strip()]
    if not lines:
        return ""
    last = re.sub(r"^(\[[^\]]* @ [^\]]*\] ?)+", "", lines[-1].strip())
    return last.rpartition(": ")[2]
