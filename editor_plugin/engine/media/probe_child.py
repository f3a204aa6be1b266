"""A process that describes media files with ffmpeg's libraries, for `engine.media.prober`.

It reads a path and the options to open it with from each line of stdin, as a JSON list, and answers
with a line on stdout, a JSON object with exact numbers: fractions as “30000/1001”, null where the
file states nothing. In a process of its own, a crash or an endless loop of the libraries costs one
file.
"""

from __future__ import annotations

import json
import sys
from fractions import Fraction
from typing import Any

import av
import av.error
import av.logging
from av.stream import Disposition

MICROSECOND = Fraction(1, av.time_base)
"""The unit of a container's own times."""
LONGEST = 100
"""Characters of a metadata value; a timecode has 11."""
PACKETS = 10_000
"""How many packets of the picture are searched for its first key frame."""


def main() -> None:
    """Answer until stdin ends."""
    # Warnings of decoders would only fill the pipe; an error's last message comes with it.
    av.logging.set_level(av.logging.ERROR)
    for line in sys.stdin:
        print(json.dumps(_answer(*json.loads(line))), flush=True)


def _answer(path: str, options: dict[str, str]) -> dict[str, Any]:
    try:
        # “file:” keeps a name with a colon from being read as an address.
        with av.open(f"file:{path}", metadata_errors="replace", options=options) as container:
            return _described(container)
    except (av.error.FFmpegError, OSError) as error:
        log = getattr(error, "log", None)
        return {"unreadable": (log[2] if log else error.strerror or str(error)).strip()}
    except Exception as error:
        return {"failed": f"PyAV failed on it: {type(error).__name__}: {error}"}


def _described(container: Any) -> dict[str, Any]:
    pictures = [
        stream
        for stream in container.streams.video
        if not stream.disposition & (Disposition.attached_pic | Disposition.timed_thumbnails)
    ]
    return {
        "container": container.format.name,
        "duration": _times(container.duration, MICROSECOND),
        "start": _times(container.start_time, MICROSECOND),
        "streams": [_sound(stream) for stream in container.streams if stream.type == "audio"],
        "picture": _picture(container, pictures[0]) if pictures else None,
        "timecode": _said(container, "timecode"),
        "time_reference": _said(container, "time_reference"),
    }


def _sound(stream: Any) -> dict[str, Any]:
    """An audio stream; without a decoder, only its language is known."""
    context = stream.codec_context
    return {
        "codec": context.codec.canonical_name if context else "unknown",
        "sample_rate": context.sample_rate if context else 0,
        "channels": context.layout.nb_channels if context else 0,
        "layout": context.layout.name if context else "",
        "language": stream.metadata.get("language", "")[:LONGEST],
    }


def _picture(container: Any, stream: Any) -> dict[str, Any]:
    rate = stream.average_rate or stream.base_rate
    return {
        "rate": None if rate is None else str(rate),
        "time_base": str(stream.time_base),
        "first": _first_key_frame(container, stream),
    }


def _first_key_frame(container: Any, stream: Any) -> str | None:
    """The time stamp of the first key frame."""
    for count, packet in enumerate(container.demux(stream)):
        if packet.is_keyframe and packet.pts is not None:
            return _times(packet.pts, packet.time_base)
        if count >= PACKETS:
            break
    return None


def _times(count: int | None, unit: Fraction) -> str | None:
    return None if count is None else str(count * unit)


def _said(container: Any, name: str) -> str | None:
    """A metadata value of the container, else of the first stream that has it."""
    for about in (container.metadata, *(stream.metadata for stream in container.streams)):
        if name in about:
            return str(about[name])[:LONGEST]
    return None


if __name__ == "__main__":
    main()
