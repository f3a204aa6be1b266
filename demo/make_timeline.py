"""Cut the demo film into the demo timeline: `python -m demo.make_timeline`.

Needs OpenTimelineIO. Reads `reference.json`, so that most cuts fall in the pauses between two
sentences; one falls in the middle of a sentence on purpose. Writes `recue-demo.otio`.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from fractions import Fraction

from demo.needs import need_json, need_packages

if __name__ == "__main__":
    need_packages("opentimelineio")

import opentimelineio as otio
from opentimelineio.opentime import RationalTime, TimeRange

from demo.files import RATE, REFERENCE, TIMELINE

START_FRAMES = 24 * 60 * 60  # 01:00:00:00: timecode counts 24 frames in each second
SLOW = Fraction(4, 5)


@dataclass(frozen=True)
class Cut:
    """Sentences `first` to `last` of the film (from 1, both shown); see `CUTS`.

    `words` keeps only that many words of the last sentence; `gap_frames` is empty timeline before.
    """

    first: int
    last: int
    words: int | None = None
    speed: Fraction = Fraction(1)
    heard: bool = True
    gap_frames: int = 0


CUTS = (
    Cut(16, 16, gap_frames=12),
    Cut(1, 3),
    Cut(10, 12),
    Cut(4, 5, words=7, gap_frames=24),  # out in mid-sentence: "... on my desk,"
    Cut(6, 7, speed=SLOW),
    Cut(8, 9, heard=False),
    Cut(4, 5, words=7),  # the same clip again
    Cut(13, 15),
    Cut(17, 18, gap_frames=10),
)


def source_range(cut: Cut, reference: dict[str, object]) -> tuple[int, int]:
    """First frame and frame after the last one of the film that `cut` shows."""
    sentences = reference["sentences"]
    assert isinstance(sentences, list)
    before, after = sentences[cut.first - 2 : cut.first - 1], sentences[cut.last : cut.last + 1]
    opens = before[0]["end_s"] if before else 0.0
    first = _frame_between(opens, sentences[cut.first - 1]["start_s"])
    words = sentences[cut.last - 1]["words"]
    if cut.words is not None:
        end = _frame_between(words[cut.words - 1]["end_s"], words[cut.words]["start_s"])
    elif after:
        end = _frame_between(words[-1]["end_s"], after[0]["start_s"])
    else:
        end = int(str(reference["frames"]))
    whole = (cut.speed * 1).numerator  # a retimed clip must fill whole timeline frames
    return first, end - (end - first) % whole


def _frame_between(earlier_s: float, later_s: float) -> int:
    return round((Fraction(str(earlier_s)) + Fraction(str(later_s))) / 2 * RATE)


def _time(frames: int) -> RationalTime:
    return RationalTime(frames, float(RATE))


def _clip(cut: Cut, reference: dict[str, object], name: str) -> otio.schema.Clip:
    first, end = source_range(cut, reference)
    media = otio.schema.ExternalReference(
        target_url=str(reference["media"]),
        available_range=TimeRange(_time(0), _time(int(str(reference["frames"])))),
    )
    # OTIO counts the duration of a retimed clip in timeline frames, its start in media frames.
    shown = (end - first) / cut.speed
    assert shown.denominator == 1
    clip = otio.schema.Clip(name, media, TimeRange(_time(first), _time(int(shown))))
    if cut.speed != 1:
        warp = otio.schema.LinearTimeWarp(name="80 %", time_scalar=float(cut.speed))
        clip.effects.append(warp)
    return clip


def _track(kind: str, name: str, reference: dict[str, object]) -> otio.schema.Track:
    track = otio.schema.Track(name=name, kind=kind)
    for number, cut in enumerate(CUTS, start=1):
        if cut.gap_frames:
            track.append(otio.schema.Gap(duration=_time(cut.gap_frames)))
        clip = _clip(cut, reference, f"Cut {number}")
        clip.enabled = cut.heard or kind == otio.schema.TrackKind.Video
        track.append(clip)
    return track


def build(reference: dict[str, object]) -> otio.schema.Timeline:
    """The timeline: one picture track, one sound track, the same cuts in both."""
    timeline = otio.schema.Timeline("Recue demo", global_start_time=_time(START_FRAMES))
    timeline.tracks.append(_track(otio.schema.TrackKind.Video, "V1", reference))
    timeline.tracks.append(_track(otio.schema.TrackKind.Audio, "A1", reference))
    return timeline


def main() -> None:
    argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0]).parse_args()
    timeline = build(need_json(REFERENCE, "sentences", "frames", "media"))
    otio.adapters.write_to_file(timeline, str(TIMELINE))
    seconds = timeline.duration().value / float(RATE)
    print(f"{TIMELINE.name}: {len(CUTS)} cuts, {seconds:.3f} s")


if __name__ == "__main__":
    main()
