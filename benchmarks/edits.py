"""A synthetic edit: an hour of 400 clips from four recordings, and its next versions.

The clips come in shuffled order, so that nothing on the timeline stands as it was recorded. They
lie on two sound tracks in turn, as dialogue editors have them, and on one picture track, which
gives the shot changes.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import opentimelineio as otio
from opentimelineio.opentime import RationalTime, TimeRange

from benchmarks.recordings import recording

RATE = 25
CLIPS = 400
SOURCES = (13, 17, 19, 23)
"""Minutes of each recording: a fifth more than the edit has, as clips are chosen from them."""
LENGTHS = (5 * RATE, 13 * RATE)
"""Frames of the shortest and the longest clip: nine seconds on average, an hour in all."""


@dataclass(frozen=True)
class Shot:
    """A clip: `frames` of a recording from frame `first` on."""

    source: Path
    first: int
    frames: int


def edit(folder: Path) -> tuple[Shot, ...]:
    """The first cut; the recordings are made in `folder` where they are not there."""
    chance = random.Random(1)
    shots = []
    for minutes in SOURCES:
        source, at = recording(folder, minutes), 0
        while (length := chance.randint(*LENGTHS)) <= minutes * 60 * RATE - at:
            shots.append(Shot(source, at, length))
            at += length
    chance.shuffle(shots)
    return tuple(shots[:CLIPS])


def next_version(shots: Sequence[Shot], seed: int) -> tuple[Shot, ...]:
    """An hour's work of an editor: one clip in ten trimmed, one in twenty moved, four taken out.

    Nothing is in it that was not in `shots`.
    """
    chance = random.Random(seed)
    edited = list(shots)
    for at in chance.sample(range(len(edited)), len(edited) // 10):
        head, tail = chance.randint(0, RATE), chance.randint(0, RATE)
        shot = edited[at]
        edited[at] = replace(shot, first=shot.first + head, frames=shot.frames - head - tail)
    for _ in range(len(edited) // 20):
        moved = edited.pop(chance.randrange(len(edited)))
        edited.insert(chance.randrange(len(edited)), moved)
    for _ in range(4):
        edited.pop(chance.randrange(len(edited)))
    return tuple(edited)


def write_timeline(shots: Sequence[Shot], path: Path) -> None:
    """Write a cut as an OTIO file."""
    timeline = otio.schema.Timeline("An hour", global_start_time=_time(3600 * RATE))
    picture = otio.schema.Track("V1", kind=otio.schema.TrackKind.Video)
    sound = [otio.schema.Track(f"A{n}", kind=otio.schema.TrackKind.Audio) for n in (1, 2)]
    for number, shot in enumerate(shots):
        picture.append(_clip(shot, number))
        sound[number % 2].append(_clip(shot, number))
        sound[1 - number % 2].append(otio.schema.Gap(duration=_time(shot.frames)))
    timeline.tracks.extend([picture, *sound])
    otio.adapters.write_to_file(timeline, str(path))


def _clip(shot: Shot, number: int) -> otio.schema.Clip:
    minutes = int(shot.source.stem.partition("-")[0])
    whole = TimeRange(_time(0), _time(minutes * 60 * RATE))
    media = otio.schema.ExternalReference(str(shot.source), whole)
    return otio.schema.Clip(
        f"Shot {number + 1}", media, TimeRange(_time(shot.first), _time(shot.frames))
    )


def _time(frames: int) -> RationalTime:
    return RationalTime(frames, RATE)
