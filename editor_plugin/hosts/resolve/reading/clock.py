"""A timeline's frame rate, drop-frame flag and frames, from settings that must agree."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from editor_plugin.core.errors import EditorUnclear, SettingsInvalid
from editor_plugin.core.timebase import exact_rate, frame_of, has_drop_frame
from editor_plugin.hosts.resolve import api
from editor_plugin.hosts.resolve.edition import NAME
from editor_plugin.hosts.resolve.state.session import Session


@dataclass(frozen=True)
class TimelineClock:
    """Frames per second, drop-frame labels, the first frame, and the frame after the last one."""

    rate: Fraction
    drop_frame: bool
    start_frame: int
    end_frame: int

    def seconds(self, frame: Fraction | int) -> Fraction:
        """Record time of an absolute frame."""
        return (Fraction(frame) - self.start_frame) / self.rate


def clock_of(session: Session) -> TimelineClock:
    """Read the timeline's clock. Raises EditorUnclear for a missing or contradictory rate."""
    timeline, project = session.timeline(), session.project()
    reported = [_reported(timeline), _reported(project)]
    rate_text = next((rate for rate, _ in reported if rate), "")
    flag = next((flag for rate, flag in reported if rate), False)
    try:
        rate = exact_rate(rate_text)
    except SettingsInvalid:
        raise EditorUnclear(NAME, f"it reports a frame rate of “{rate_text}”") from None
    label = api.text(api.call(timeline, "GetStartTimecode"))
    drop = ("DF" in rate_text.upper().split() or flag or ";" in label) and has_drop_frame(rate)
    start = api.whole(api.call(timeline, "GetStartFrame"))
    by_label = labelled(label, rate, drop)
    if start is None:
        start = by_label
    if start is None or (by_label is not None and abs(by_label - start) > 1):
        raise EditorUnclear(
            NAME, f"at {rate_text} frames per second {label} is frame {by_label}, not {start}"
        )
    end = api.whole(api.call(timeline, "GetEndFrame"))
    return TimelineClock(rate, drop, start, start if end is None else max(end, start))


def _reported(owner: Any) -> tuple[str, bool]:
    rate = api.text(api.call(owner, "GetSetting", "timelineFrameRate"))
    drop = api.text(api.call(owner, "GetSetting", "timelineDropFrameTimecode"))
    return rate, drop == "1"


def labelled(label: str, rate: Fraction, drop: bool) -> int | None:
    """The frame that a timecode names; None where it is none."""
    try:
        return frame_of(label, rate, drop)
    except SettingsInvalid:
        return None
