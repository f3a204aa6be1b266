"""Cut long audio into windows, in silences where there are any.

The level of every 20 ms is cheap to compute. Shortly before a window reaches the limit, the longest
pause in it becomes the cut. Only where no pause stands out (music, noise, fast speech) silero-vad
analyses the last seconds; and where speech runs on, the cut falls on the quietest moment and
both windows contain the seconds on either side of it, for `core.stitching` to join.
"""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import soundfile

from editor_plugin.core.errors import MediaMissing, MediaUnreadable, RangeInvalid
from editor_plugin.core.transcript import SAMPLE_RATE, Window

Curve = npt.NDArray[np.float32]
Listen = Callable[[int, int], Curve]
"""Given [start, end) in samples, how probable speech is in each step of VOICE_STEP samples."""

SHORTEST_LIMIT = SAMPLE_RATE
"""The smallest limit that leaves room for a search and for context."""
STEP = 320
"""Samples for which one level is taken: 20 ms."""
VOICE_STEP = 512
"""Samples in one step of silero-vad at 16 kHz."""
SEARCH = 10 * SAMPLE_RATE
"""How far before the latest possible cut a pause is searched for."""
VOICE_SEARCH = 3 * SAMPLE_RATE
"""The same for silero-vad, which runs at some 140 times real time on a core: 3 s in a window of
40 s cost 2 % of a recogniser that runs at 37 times real time."""
CONTEXT = 2 * SAMPLE_RATE
"""How much of the other window each window contains where speech runs on over the cut."""
PAUSE = int(0.3 * SAMPLE_RATE)
"""The shortest quiet that counts as a pause; the closure of a stop consonant is under 0.15 s."""
LONG_PAUSE = int(0.6 * SAMPLE_RATE)
"""Longer pauses are no better: of several, the latest is taken."""
SMOOTH = 5
"""Steps over which the quietest moment is sought: 100 ms."""

SILENT = -90.0
"""dB of full scale; digital silence counts as this."""
INAUDIBLE = -60.0
"""Audio that is never louder holds no speech."""
CONTRAST = 18.0
"""dB between the loud and the quiet parts under which no pause stands out."""
SPEECH = 0.3
"""Probability of silero-vad under which there is no speech; its authors end speech at 0.35."""


def plan(audio: Path, ranges: Sequence[tuple[int, int]], limit: int) -> list[Window]:
    """Return the windows that tile each of `ranges`, in order.

    `audio` is a 16 kHz mono WAV; `ranges` are [start, end) in its samples. No window contains more
    than `limit` samples (at least SHORTEST_LIMIT), nor anything outside its range. The file is read
    in blocks, and only where a range is longer than the limit.

    Raises MediaMissing, MediaUnreadable, RangeInvalid; ValueError for too small a limit.
    """
    if limit < SHORTEST_LIMIT:
        raise ValueError(f"a limit of {limit} samples is under {SHORTEST_LIMIT}")
    with _opened(audio) as sound:
        windows = []
        for start, end in ranges:
            if not 0 <= start < end <= sound.frames:
                raise RangeInvalid(str(start), str(end), f"“{audio}” has {sound.frames} samples")
            if end - start <= limit:
                windows.append(Window(start, end, start, end))
                continue
            levels = _levels(sound, start, end)
            listen = functools.partial(_speech, sound, start)
            windows += [each.shifted(start) for each in tile(end - start, levels, limit, listen)]
        return windows


def tile(length: int, levels: Curve, limit: int, listen: Listen) -> list[Window]:
    """Return windows that tile [0, length). `levels` are dB of full scale, one for each STEP
    samples. `listen` is called only where the levels show no pause."""
    windows = []
    start = context_start = 0
    search, context = min(SEARCH, limit // 3), min(CONTEXT, limit // 8)
    while length - context_start > limit:
        latest = context_start + limit
        rest = length - start
        if rest < 2 * limit:  # two like halves rather than a full window and a tiny one
            latest = min(latest, start + (rest + search) // 2)
        audible = _threshold(levels[context_start // STEP : latest // STEP])
        at = _pause(levels, latest - search, latest, audible)
        if at is None:
            at = _unvoiced(listen, max(latest - search, latest - VOICE_SEARCH), latest)
        overlap = 0
        if at is None:
            overlap = context
            at = _quietest(levels, latest - search, latest - context)
        windows.append(Window(start, at, context_start, at + overlap))
        start, context_start = at, at - overlap
    return [*windows, Window(start, length, context_start, length)]


def _threshold(levels: Curve) -> float:
    """Return the level in dB under which audio is quiet here; minus infinity if none stands out."""
    floor, loud = np.percentile(levels, [1, 95])
    if loud < INAUDIBLE:
        return np.inf
    if loud - floor < CONTRAST:
        return -np.inf
    return float(floor + (loud - floor) / 3)


def _pause(levels: Curve, earliest: int, latest: int, audible: float) -> int | None:
    """Return the middle of the best pause in [earliest, latest], in samples."""
    first = -(-earliest // STEP)
    quiet = levels[first : latest // STEP] < audible
    return _middle_of_best(quiet, STEP, first * STEP)


def _unvoiced(listen: Listen, earliest: int, latest: int) -> int | None:
    """Return the middle of the best range in [earliest, latest] without speech, in samples."""
    return _middle_of_best(listen(earliest, latest) < SPEECH, VOICE_STEP, earliest)


def _quietest(levels: Curve, earliest: int, latest: int) -> int:
    """Return the quietest moment in [earliest, latest], in samples; of equals the latest."""
    first = -(-earliest // STEP)
    power = 10 ** (levels[first : latest // STEP] / 10)
    smooth = np.convolve(power, np.ones(SMOOTH), mode="valid")
    back = int(np.argmin(smooth[::-1]))
    return (first + len(smooth) - 1 - back) * STEP + SMOOTH * STEP // 2


def _middle_of_best(quiet: npt.NDArray[np.bool_], step: int, origin: int) -> int | None:
    """Return the middle of the longest run of True from PAUSE on; all over LONG_PAUSE are equal. Of
    equals the latest, for longer windows. None where no run is long enough."""
    edges = np.flatnonzero(np.diff(quiet.astype(np.int8), prepend=0, append=0))
    begins, ends = edges[::2] * step, edges[1::2] * step
    lengths = np.minimum(ends - begins, LONG_PAUSE)
    if not len(lengths) or lengths.max() < PAUSE:
        return None
    best = len(lengths) - 1 - int(np.argmax(lengths[::-1]))
    return origin + int(begins[best] + ends[best]) // 2


def _opened(audio: Path) -> soundfile.SoundFile:
    if not audio.exists():
        raise MediaMissing(str(audio))
    try:
        sound = soundfile.SoundFile(audio)
    except soundfile.LibsndfileError as error:
        raise MediaUnreadable(str(audio), error.error_string) from None
    if (sound.samplerate, sound.channels) != (SAMPLE_RATE, 1):
        found = f"{sound.samplerate} Hz with {sound.channels} channels, not 16 kHz mono"
        sound.close()
        raise MediaUnreadable(str(audio), found)
    return sound


def _levels(sound: soundfile.SoundFile, start: int, end: int) -> Curve:
    """Return the level of every STEP samples of [start, end), in dB of full scale."""
    sound.seek(start)
    powers = []
    for block in sound.blocks(STEP * 8192, frames=end - start, dtype="float32"):
        padded = np.pad(block, (0, -len(block) % STEP)).reshape(-1, STEP)
        powers.append(np.einsum("ij,ij->i", padded, padded) / STEP)
    power = np.concatenate(powers)
    levels: Curve = 10 * np.log10(np.maximum(power, np.float32(10 ** (SILENT / 10))))
    return levels


def _speech(sound: soundfile.SoundFile, offset: int, start: int, end: int) -> Curve:
    """Return the probability of speech in each VOICE_STEP of [start, end), from `offset` on."""
    import torch

    sound.seek(offset + start)
    samples = torch.from_numpy(sound.read(end - start, dtype="float32"))
    threads = torch.get_num_threads()
    try:
        with torch.inference_mode():
            model = _voice_model()
            torch.set_num_threads(
                1
            )  # its steps are so small that two threads take ten times as long
            probabilities: Curve = model.audio_forward(samples, SAMPLE_RATE)[0].numpy()
    finally:
        torch.set_num_threads(threads)
    return probabilities


@functools.cache
def _voice_model() -> Any:
    import silero_vad  # sets torch to one thread; the caller sets it back

    with warnings.catch_warnings():  # TorchScript is deprecated, and how silero-vad comes
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        return silero_vad.load_silero_vad()
