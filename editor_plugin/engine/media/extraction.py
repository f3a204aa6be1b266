"""Extraction of audio from media files of any container that ffmpeg reads, to 16 kHz mono.

Time. Source time 0 is the first picture, or the beginning of a file without one. The sample at
source time t is sample (t - start) × 16,000 of the WAV, in every container: sound that begins late
is preceded by silence, an encoder's priming is left out, and a gap in the time stamps (lost
packets) is filled with silence.

Seeking. Where the container has a reliable index, ffmpeg jumps to a second before the range, so
that decoder and resampler are settled when the range begins. Elsewhere (raw MP3 and AAC, Ogg, and
unknown containers) it decodes from the beginning, at some hundred times real time, as such seeks
estimate the position from the bit rate.

Known limitation: where the channels of a stream change (stereo to 5.1 in recorded broadcasts),
ffmpeg restarts its filters, and the rest is late by the time up to the change.
"""

from __future__ import annotations

import errno
import math
import os
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import ffmpeg

from editor_plugin.core.errors import (
    DiskFull,
    MediaEmpty,
    MediaUnreadable,
    OutputUnwritable,
    RangeInvalid,
)
from editor_plugin.core.timeline import Media, Span
from editor_plugin.core.transcript import SAMPLE_RATE
from editor_plugin.engine.media.ffmpeg_process import (
    FfmpegResult,
    ProgressControl,
    run_ffmpeg,
)
from editor_plugin.engine.media.forms import OPENING
from editor_plugin.engine.media.probe import AudioStream, MediaInfo, probe, reason, stream_of
from editor_plugin.engine.media.wav import count_samples, write_silence

EXACT_SEEK = {"mov", "matroska", "mxf", "wav", "w64", "aiff", "caf", "flac"}
"""ffmpeg's readers whose seeks are exact; see the tests."""
PREROLL = 1
"""Seconds, whole, that are decoded before the range after a seek."""
OPUS_LATE = Fraction(1, 2000)
"""Seconds by which Opus is late after a seek in Matroska or WebM, give or take as much again: their
clock has 1 ms, and ffmpeg rounds the skipped beginning (6.5 ms as a rule) up on it."""
GAP = 0.03
"""Seconds by which time stamps may jump without being a gap: time stamps of 1 ms jitter, and one
frame of AAC (21 ms) may be missing."""
MANY_ERRORS = 69
"""ffmpeg's exit status where most of a file could not be decoded, from version 6.1 on."""
NATURAL_CHANNELS = 8
"""Up to so many channels with known positions are mixed as ffmpeg mixes surround sound, with a loud
centre; others, such as eight microphones in one file, are mixed equally."""


@dataclass(frozen=True)
class Extracted:
    """A 16 kHz mono WAV of 16-bit samples. `start` is the source time of its first sample, exact to
    half a sample of the source; `notes` are sentences on what could not be read."""

    path: Path
    start: Fraction
    samples: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Cut:
    """A job for ffmpeg: jump to `seek`, seconds after the container's beginning, and write
    `samples` at 16 kHz from the source time `start`, all if None."""

    seek: int
    start: Fraction
    samples: int | None


def extract(
    media: Media, span: Span | None, target: Path, control: ProgressControl | None = None
) -> Extracted:
    """Write the audio of `media` in `span` (source seconds; None is all) to `target`. A span is
    clipped to the length of the file. `target` exists only when it is complete. Raises
    MediaMissing, MediaEmpty, MediaUnreadable, NoAudio, StreamMissing, RangeInvalid,
    OutputUnwritable, DiskFull, EnvironmentBroken, Cancelled."""
    info = probe(Path(media.path))
    stream = stream_of(info, media.stream, media.channel)
    if stream.sample_rate == 0 or stream.channels == 0:
        raise MediaUnreadable(media.path, f"its sound is in an unknown form, {stream.codec}")
    cut = _cut(info, stream, span)
    part = target.with_name(target.name + ".part")
    try:
        _claim(part)
        finished = run_ffmpeg(
            _arguments(info, stream, media.channel, cut, part), control or ProgressControl()
        )
        samples = _outcome(finished, info, part)
        if samples == 0:
            samples = _silence(info, span, cut, part)
        os.replace(part, target)
    finally:
        part.unlink(missing_ok=True)
    return Extracted(target, cut.start, samples, _notes(finished, info))


def _cut(info: MediaInfo, stream: AudioStream, span: Span | None) -> _Cut:
    if span is None:
        return _Cut(0, Fraction(0), None)
    if span.start >= span.end:
        raise _range_invalid(span, "it ends before it begins")
    if span.end <= 0:
        raise _range_invalid(span, "it is before the beginning of the file")
    start = max(span.start, Fraction(0))
    seek = math.floor(start) - PREROLL if _seeks_exactly(info) else 0
    return _Cut(max(seek, 0), start, math.ceil((span.end - start) * SAMPLE_RATE))


def _seeks_exactly(info: MediaInfo) -> bool:
    return not EXACT_SEEK.isdisjoint(info.container.split(","))


def _range_invalid(span: Span, why: str) -> RangeInvalid:
    return RangeInvalid(f"{float(span.start):.3f} s", f"{float(span.end):.3f} s", why)


def _claim(part: Path) -> None:
    """Create the file, so that a read-only folder is not taken for bad input."""
    try:
        part.open("wb").close()
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise DiskFull(str(part.parent)) from None
        raise OutputUnwritable(str(part.parent), error.strerror or str(error)) from None


def _arguments(
    info: MediaInfo, stream: AudioStream, channel: int | None, cut: _Cut, part: Path
) -> list[str]:
    """ffmpeg's command line, without its name."""
    lead = cut.start + info.zero - cut.seek
    length = None if cut.samples is None else lead + Fraction(cut.samples, SAMPLE_RATE)
    if cut.seek and stream.codec == "opus" and "matroska" in info.container:
        lead += OPUS_LATE
    reading: dict[str, Any] = {"guess_layout_max": 2, "vn": None, "sn": None, "dn": None}
    reading |= OPENING
    # Time stamps as they are in the file, or from the seek; otherwise ffmpeg counts them from what
    # it takes for the file's beginning, on which its versions differ by an encoder's priming.
    reading["seek_timestamp"] = 1
    if cut.seek:
        reading["ss"] = f"{int((info.start + cut.seek) * 1_000_000)}us"
    else:
        lead += info.start
    if length is not None:
        reading["t"] = math.ceil(length) + PREROLL
    sound = ffmpeg.input(f"file:{info.path}", **reading)[f"a:{stream.position}"]
    # At the source's own rate, where its time stamps are exact to the sample.
    timing = {
        "async": 1,
        "first_pts": round(lead * stream.sample_rate),
        "min_comp": 1e-6,
        "min_hard_comp": GAP,
    }
    sound = sound.filter("aresample", **timing)
    chosen = range(stream.channels) if channel is None else [channel]
    if channel is not None or not _natural(stream):
        # “<” scales the sum to full level, so that nothing clips.
        sound = sound.filter_("pan", "mono|c0<" + "+".join(f"c{each}" for each in chosen))
    sound = sound.filter(
        "aformat", sample_fmts="s16", sample_rates=SAMPLE_RATE, channel_layouts="mono"
    )
    if cut.samples is not None:
        sound = sound.filter("atrim", end_sample=cut.samples)
    sound = sound.filter("asetpts", "N/SR/TB")  # what is reported as progress
    target = sound.output(
        f"file:{part}", format="wav", acodec="pcm_s16le", rf64="auto", map_metadata=-1
    )
    quiet = ("-hide_banner", "-nostdin", "-nostats", "-v", "error", "-progress", "pipe:1", "-y")
    arguments: list[str] = target.global_args(*quiet).get_args()
    return arguments


def _natural(stream: AudioStream) -> bool:
    """Whether the file states the position of each channel."""
    return stream.channels <= NATURAL_CHANNELS and "channels" not in stream.layout


def _outcome(finished: FfmpegResult, info: MediaInfo, part: Path) -> int:
    """The number of samples that ffmpeg wrote; raises where it failed."""
    if any("No space left on device" in line for line in finished.messages):
        raise DiskFull(str(part.parent))
    samples = count_samples(part)
    if finished.status not in (0, MANY_ERRORS):
        messages = "\n".join(finished.messages) or f"ffmpeg ended with {finished.status}"
        raise MediaUnreadable(str(info.path), reason(messages))
    return samples


def _silence(info: MediaInfo, span: Span | None, cut: _Cut, part: Path) -> int:
    """Write silence for a range in the file without sound, as before sound that begins late; raise
    where the range is not in the file."""
    if span is None or cut.samples is None or info.duration is None:
        raise MediaEmpty(str(info.path))
    if span.start >= info.duration:
        raise _range_invalid(span, f"there is nothing so late in “{info.path}”")
    samples = min(cut.samples, math.ceil((info.duration - span.start) * SAMPLE_RATE))
    write_silence(part, samples)
    return samples


def _notes(finished: FfmpegResult, info: MediaInfo) -> tuple[str, ...]:
    if not finished.messages:
        return ()
    detail = reason(finished.messages[0])
    return (f"“{info.path}” is damaged ({detail}); what cannot be read is silent or missing.",)
