"""What a render sounds like: the audible ranges of a timeline, mixed by ffmpeg.

Muted tracks and disabled items are silent. A nested item sounds like its `sound`; an item whose
channel mapping points beyond the file's own channels sounds like its linked file.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from fractions import Fraction

from tests.doubles.resolve import world as w
from tests.doubles.resolve.application import Application

RATE = 48000
CODECS = {
    "wav": ["-c:a", "pcm_s16le"],
    "mov": ["-c:a", "pcm_s16le"],
    "mp4": ["-c:a", "aac"],
    "mp3": ["-c:a", "libmp3lame"],
}


@dataclass(frozen=True)
class Heard:
    """A stretch of a file in seconds: where it comes in the render, from, to, and speed.

    `channels` count from 0; none means all of them, mixed.
    """

    path: str
    at: Fraction
    first: Fraction
    last: Fraction
    speed: Fraction
    channels: tuple[int, ...] = ()


def heard(
    app: Application, project: w.Project, timeline: w.Timeline, span: tuple[int, int]
) -> list[Heard]:
    """What can be heard of a span in absolute frames."""
    rate, stretches = w.rate(project, timeline), []
    for track in timeline.of_kind("audio"):
        for item in track.items if track.enabled else []:
            start, end = max(item.start, Fraction(span[0])), min(item.end, Fraction(span[1]))
            media = app.find_pool_item(item.pool)
            if media is None or not item.enabled or start >= end or item.speed == 0:
                continue
            path, offset, channels = source_of(media, item)
            edges = [
                item.source_in + (edge - item.start) / rate * item.speed + offset
                for edge in (start, end)
            ]
            at = (start - span[0]) / rate
            if path and os.path.isfile(path):
                low, high = sorted(edges)
                stretches.append(Heard(path, at, low, high, item.speed, channels))
    return stretches


def source_of(media: w.PoolItem, item: w.Item) -> tuple[str, Fraction, tuple[int, ...]]:
    """The file that is heard, what to add to a source time to get one of that file, its channels.

    A mapping counts the file's own channels from 1, then those of the linked files in order; the
    first channel of the item's track says which file it is.
    """
    mapping = item.mapping or media.mapping
    before = mapping.get("embedded_audio_channels", media.channels)
    wanted = mapping.get("track_mapping", {}).get("1", {}).get("channel_idx", [])
    if not wanted or wanted[0] <= before:
        own = tuple(channel - 1 for channel in wanted if channel <= before)
        return media.sound or media.path, Fraction(0), own
    for _, linked in sorted(mapping.get("linked_audio", {}).items()):
        after = before + linked["channels"]
        if wanted[0] <= after:
            inside = tuple(channel - before - 1 for channel in wanted if before < channel <= after)
            return linked["path"], Fraction(-linked["offset"], media.sample_rate), inside
        before = after
    return "", Fraction(0), ()


def write(
    app: Application,
    project: w.Project,
    timeline: w.Timeline,
    job: w.RenderJob,
    span: tuple[int, int],
) -> str:
    """Write the job's file. Returns what went wrong, or nothing."""
    length = (span[1] - span[0]) / w.rate(project, timeline)
    stretches = heard(app, project, timeline, span)
    command = [app.world.ffmpeg, "-nostdin", "-v", "error", "-y"]
    command += ["-f", "lavfi", "-t", _text(length), "-i", f"anullsrc=r={RATE}:cl=mono"]
    chains = []
    for place, each in enumerate(stretches, 1):
        command += ["-i", each.path]
        chains.append(f"[{place}:a:0]{_filters(each)}[s{place}]")
    names = "".join(f"[s{place}]" for place in range(1, len(stretches) + 1))
    mix = f"[0:a]{names}amix=inputs={len(stretches) + 1}:duration=first:normalize=0"
    # Both sides as loud as the source: ffmpeg's own way from one channel to two is 3 dB softer.
    mix += ",pan=stereo|c0=c0|c1=c0[mix]"
    command += ["-filter_complex", ";".join([*chains, mix]), "-map", "[mix]"]
    command += ["-ar", str(job.settings.get("AudioSampleRate", RATE))]
    command += [*CODECS.get(job.extension, []), job.file]
    try:
        done = subprocess.run(command, capture_output=True)
    except OSError as error:
        return str(error)
    return done.stderr.decode(errors="replace") if done.returncode else ""


def _filters(each: Heard) -> str:
    """Cut, turn, change the speed, and put at its place."""
    filters = [
        f"aresample={RATE}",
        _down_mix(each.channels),
        f"atrim=start={_text(max(each.first, Fraction(0)))}:end={_text(each.last)}",
        "asetpts=PTS-STARTPTS",
    ]
    if each.speed < 0:
        filters.append("areverse")
    if abs(each.speed) != 1:
        filters.append(f"asetrate={round(RATE * abs(each.speed))},aresample={RATE}")
    filters.append(f"adelay={round(each.at * RATE)}S:all=1")
    return ",".join(filters)


def _down_mix(channels: tuple[int, ...]) -> str:
    if not channels:
        return "aformat=channel_layouts=mono"
    share = f"{1 / len(channels):.6f}"
    return "pan=mono|c0=" + "+".join(f"{share}*c{channel}" for channel in channels)


def _text(seconds: Fraction) -> str:
    return f"{float(seconds):.9f}"
