"""FCPXML: a title for each cue, over a gap as long as all of them.

Version 1.9 is read by Final Cut Pro since 10.4.9 and by DaVinci Resolve since 17. Times are
rational and on frames of the timeline; the gap starts at the timeline's first timecode in its own
time, too, so that a title's offset means the same to readers that forget to convert it.
"""

from __future__ import annotations

from fractions import Fraction
from xml.etree import ElementTree
from xml.etree.ElementTree import Element, SubElement

from editor_plugin.core.cues import Cue
from editor_plugin.engine.export.result import ExportFormat, Result
from editor_plugin.engine.export.shown import shown, shown_lines

MEDIA_RATE = Fraction(60)
"""Frames per second for a media file whose rate is not known: the finest that all programs take."""

BASIC_TITLE = ".../Titles.localized/Bumper:Opener.localized/Basic Title.localized/Basic Title.moti"
"""Final Cut's own plain title; Resolve makes its Text+ or Text of it."""

_LOOK = {
    "font": "Helvetica",
    "fontSize": "54",
    "fontFace": "Regular",
    "fontColor": "1 1 1 1",
    "alignment": "center",
}
_LONGEST_NAME = 60


def to_fcpxml(result: Result) -> str:
    """Return the FCPXML document."""
    rate = result.rate or MEDIA_RATE
    cues = [(cue, lines) for cue in result.cues if (lines := shown_lines(cue))]
    length = max((_frame(cue.end, rate) for cue, _ in cues), default=0) or 1
    name = shown(result.name)
    root = Element("fcpxml", version="1.9")
    _add_resources(root, rate)
    event = SubElement(SubElement(root, "library"), "event", name=name)
    sequence = SubElement(
        SubElement(event, "project", name=name),
        "sequence",
        format="r1",
        duration=_time(length, rate),
        tcStart=_time(result.start_frame, rate),
        tcFormat="DF" if result.drop_frame else "NDF",
    )
    start = _time(result.start_frame, rate)
    spine = SubElement(sequence, "spine")
    gap = SubElement(
        spine, "gap", name="Gap", offset=start, start=start, duration=_time(length, rate)
    )
    for number, (cue, lines) in enumerate(cues, start=1):
        _add_title(gap, number, lines, _placed(cue, rate, result.start_frame))
    ElementTree.indent(root)
    body = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE fcpxml>\n{body}\n'


def _add_resources(root: Element, rate: Fraction) -> None:
    resources = SubElement(root, "resources")
    frame = _time(1, rate)
    SubElement(resources, "format", id="r1", frameDuration=frame, width="1920", height="1080")
    SubElement(resources, "effect", id="r2", name="Basic Title", uid=BASIC_TITLE)


def _placed(cue: Cue, rate: Fraction, start_frame: int) -> dict[str, str]:
    start, end = _frame(cue.start, rate), _frame(cue.end, rate)
    return {
        "offset": _time(start_frame + start, rate),
        "duration": _time(max(1, end - start), rate),
    }


def _add_title(gap: Element, number: int, lines: tuple[str, ...], placed: dict[str, str]) -> None:
    name = " ".join(lines)[:_LONGEST_NAME]
    title = SubElement(gap, "title", {"ref": "r2", "lane": "1", "name": name, **placed})
    style = f"ts{number}"
    SubElement(SubElement(title, "text"), "text-style", ref=style).text = "\n".join(lines)
    SubElement(SubElement(title, "text-style-def", id=style), "text-style", _LOOK)


def _frame(seconds: Fraction, rate: Fraction) -> int:
    return round(seconds * rate)


def _time(frames: int, rate: Fraction) -> str:
    """A time in FCPXML: a fraction over the rate's own time scale, or whole seconds."""
    seconds = frames / rate
    if seconds.denominator == 1:
        return f"{seconds.numerator}s"
    return f"{frames * rate.denominator}/{rate.numerator}s"


FORMATS = (
    ExportFormat("fcpxml", ".fcpxml", to_fcpxml, "Titles for Final Cut Pro and Resolve (FCPXML)"),
)
