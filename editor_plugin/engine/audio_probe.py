"""What is in a media file, as ffmpeg tells it.

ffmpeg alone, without ffprobe, has no machine-readable description of its input, so its banner is
read; the time of the first picture, which the banner does not have, comes from a `framecrc` of the
first packet.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import ffmpeg

from editor_plugin.core.errors import (
    MediaEmpty,
    MediaMissing,
    MediaUnreadable,
    NoAudio,
    StreamMissing,
)
from editor_plugin.engine.audio_ffmpeg import capture_ffmpeg

PRIMING = Fraction(1, 10)
"""Sound that begins up to so much before the first picture is what an audio encoder needs to get
going (2048 samples at 24 kHz are 85 ms), and time 0 is the picture; sound that begins earlier is
sound, and time 0 is where it begins."""


@dataclass(frozen=True)
class AudioStream:
    """An audio stream. `position` counts from 0 among the audio streams.

    `sample_rate` is in Hz and `channels` a count; 0 where ffmpeg cannot tell. `layout` is ffmpeg's
    name for the channels (“stereo”, “5.1(side)”), or “8 channels” where the file gives no meaning
    to them. `language` is as in the file (“eng”), or None.
    """

    position: int
    codec: str
    sample_rate: int
    channels: int
    layout: str
    language: str | None


@dataclass(frozen=True)
class MediaInfo:
    """A media file with sound.

    `duration` is in seconds on ffmpeg's grid of 10 ms, an estimate in raw streams (.aac, .mp3
    without an index), or None. `video_rate` is frames per second, or None without a picture.
    `start` is the container's own time stamp of its beginning, and `zero` how long after it source
    time 0 is, both in seconds. `container` is the name of ffmpeg's reader.
    """

    path: Path
    container: str
    duration: Fraction | None
    streams: tuple[AudioStream, ...]
    video_rate: Fraction | None
    start: Fraction
    zero: Fraction


@dataclass(frozen=True)
class Banner:
    """What ffmpeg prints about an input. `pictures` tells of video that is no cover image."""

    container: str
    duration: Fraction | None
    start: Fraction
    streams: tuple[AudioStream, ...]
    video_rate: Fraction | None
    pictures: bool


def probe(path: Path) -> MediaInfo:
    """Look into a media file. A file that has not changed is looked into once.

    Raises MediaMissing, MediaEmpty, MediaUnreadable, NoAudio.
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
    return _probed(path, state.st_size, state.st_mtime_ns)


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
def _probed(path: Path, size: int, changed: int) -> MediaInfo:
    source = ffmpeg.input(f"file:{path}", guess_layout_max=2)
    first_picture = source.output(
        "pipe:1",
        map="0:V:0?",
        an=None,
        sn=None,
        dn=None,
        c="copy",
        format="framecrc",
        **{"frames:v": 1},
    )
    options = first_picture.global_args("-hide_banner", "-nostdin", "-nostats", "-copyts")
    out, messages = capture_ffmpeg(options.get_args())
    banner = parse_banner(messages)
    if banner is None:
        raise MediaUnreadable(str(path), reason(messages))
    if not banner.streams:
        raise NoAudio(str(path))
    zero = max(-banner.start, Fraction(0))  # a time stamp below 0 is the encoder's priming
    picture = parse_first_packet(out) if banner.pictures else None
    if picture is not None and 0 <= picture - banner.start <= PRIMING:
        zero = picture - banner.start
    return MediaInfo(
        path,
        banner.container,
        banner.duration,
        banner.streams,
        banner.video_rate,
        banner.start,
        zero,
    )


def reason(messages: str) -> str:
    """The last of ffmpeg's messages, without what only its developers need."""
    if "moov atom not found" in messages:
        return "it was cut off while it was written"
    lines = [line for line in messages.splitlines() if line.strip()]
    if not lines:
        return ""
    last = re.sub(r"^(\[[^\]]* @ [^\]]*\] ?)+", "", lines[-1].strip())
    return last.rpartition(": ")[2]


_INPUT = re.compile(r"^Input #0, (?P<container>.+?), from '")
_DURATION = re.compile(
    r"^  Duration: (?:(?P<h>\d+):(?P<m>\d+):(?P<s>\d+(?:\.\d+)?)|N/A)"
    r"(?:, start: (?P<start>-?\d+(?:\.\d+)?))?"
)
_STREAM = re.compile(
    r"^  Stream #0:\d+(?:\[0x[0-9a-fA-F]+\])?(?:\((?P<language>[^)]*)\))?: "
    r"(?P<kind>\w+): (?P<details>.*)$"
)
_SOUND = re.compile(r", (?P<rate>\d+) Hz, (?P<layout>[^,]+)")
_RATE = re.compile(r", (?P<number>\d+(?:\.\d+)?)(?P<kilo>k?) (?P<unit>fps|tbr)\b")


def parse_banner(messages: str) -> Banner | None:
    """Read the banner of the first input; None where there is none.

    Only the banner's own lines are indented by two spaces: what a file says about itself, in
    whatever words, is indented further.
    """
    lines = (line.rstrip("\r") for line in messages.split("\n"))
    container = next((found["container"] for line in lines if (found := _INPUT.match(line))), None)
    if container is None:
        return None
    duration, start, rate, pictures = None, Fraction(0), None, False
    streams: list[AudioStream] = []
    for line in lines:
        if re.match(r"Output #|Stream mapping:|At least one", line):
            break
        if found := _DURATION.match(line):
            duration = _seconds(found)
            start = Fraction(found["start"] or 0)
        elif (found := _STREAM.match(line)) and found["kind"] == "Audio":
            streams.append(_audio_stream(len(streams), found))
        elif found and found["kind"] == "Video" and "(attached pic)" not in line and not pictures:
            pictures, rate = True, _video_rate(found["details"])
    return Banner(container, duration, start, tuple(streams), rate, pictures)


def parse_first_packet(framecrc: str) -> Fraction | None:
    """The presentation time in seconds of the first packet in ffmpeg's `framecrc` form."""
    base = re.search(r"^#tb 0: (\d+/\d+)$", framecrc, re.MULTILINE)
    packet = re.search(r"^0, *-?\d+, *(-?\d+),", framecrc, re.MULTILINE)
    return Fraction(base[1]) * int(packet[1]) if base and packet else None


def _seconds(found: re.Match[str]) -> Fraction | None:
    if found["h"] is None:
        return None
    return int(found["h"]) * 3600 + int(found["m"]) * 60 + Fraction(found["s"])


def _audio_stream(position: int, found: re.Match[str]) -> AudioStream:
    details = found["details"]
    codec = re.split(r"[ ,]", details, maxsplit=1)[0]
    sound = _SOUND.search(details)
    rate, layout = (int(sound["rate"]), sound["layout"].strip()) if sound else (0, "")
    language = found["language"]
    known = language if language and language != "und" else None
    return AudioStream(position, codec, rate, channel_count(layout), layout, known)


_NAMED = {
    "mono": 1, "stereo": 2, "downmix": 2, "binaural": 2, "quad": 4, "hexagonal": 6,
    "octagonal": 8, "cube": 8, "hexadecagonal": 16,
}  # fmt: skip


def channel_count(layout: str) -> int:
    """How many channels ffmpeg's name of a layout means; 0 for a name that is not known.

    >>> [channel_count(name) for name in ("stereo", "5.1(side)", "7.1.4", "6 channels (FL+FR)")]
    [2, 6, 12, 6]
    """
    name = layout.partition("(")[0].strip()
    if name in _NAMED:
        return _NAMED[name]
    if counted := re.fullmatch(r"(\d+) channels", name):
        return int(counted[1])
    if re.fullmatch(r"\d+(\.\d+)+", name):
        return sum(int(part) for part in name.split("."))
    if ambisonic := re.fullmatch(r"ambisonic (\d+)", name):
        return (int(ambisonic[1]) + 1) ** 2
    return 0


def _video_rate(details: str) -> Fraction | None:
    """The frame rate of a video stream; the banner rounds it to two digits."""
    rates = {each["unit"]: each for each in _RATE.finditer(details)}
    found = rates.get("fps") or rates.get("tbr")
    if found is None:
        return None
    rate = Fraction(found["number"]) * (1000 if found["kilo"] else 1)
    whole = round(rate * Fraction(1001, 1000))
    ntsc = Fraction(whole * 1000, 1001)
    return ntsc if rate.denominator > 1 and abs(rate - ntsc) <= Fraction(1, 200) else rate
