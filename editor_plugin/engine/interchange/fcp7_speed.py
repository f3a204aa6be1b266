"""The source time and the speed of clips in an FCP 7 XML."""

from __future__ import annotations

import re
from fractions import Fraction
from xml.etree.ElementTree import Element


def source_start(
    item: Element, frames: Fraction, clip_rate: Fraction | None, rate: Fraction
) -> tuple[Fraction, Fraction | None]:
    """Return the source time in seconds at `in`, and the speed; None where that changes. `frames`
    is the clip's length on the timeline, `rate` the sequence's. Programs differ in what `in` and
    `out` count: frames of the sequence or of the source, before or after the retime. Their distance
    against the clip's length tells which."""
    speed = clip_speed(item)
    begin, end = (number(item, name) for name in ("in", "out"))
    if begin is None or speed is None:
        return Fraction(0), speed
    ways = [
        (Fraction(1), rate, True),
        (speed, rate, False),
        (clip_rate / rate, clip_rate, True) if clip_rate else None,
        (speed * clip_rate / rate, clip_rate, False) if clip_rate else None,
    ]
    for way in ways:
        if way is None or end is None:
            continue
        stretch, unit, retimed = way
        if abs((end - begin) - frames * abs(stretch)) <= 1:
            return begin / unit * (abs(speed) if retimed else 1), speed
    return begin / rate * abs(speed), speed


def clip_speed(item: Element) -> Fraction | None:
    """Source seconds per record second, 0 for a freeze; None where it changes within the clip."""
    for effect in item.iterfind("filter/effect"):
        if (effect.findtext("effectid") or "").strip() != "timeremap":
            continue
        parameters = {
            (each.findtext("parameterid") or "").strip(): (each.findtext("value") or "").strip()
            for each in effect.iterfind("parameter")
        }
        if parameters.get("variablespeed", "0").upper() in ("1", "TRUE"):
            return None
        percent = parameters.get("speed", "100")
        if not re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{1,12})?", percent):
            return None
        speed = Fraction(percent) / 100
        return -abs(speed) if parameters.get("reverse", "").upper() == "TRUE" else speed
    return Fraction(1)


def number(element: Element, path: str) -> Fraction | None:
    """The number at a path below an element; None where there is none."""
    text = (element.findtext(path) or "").strip()
    return Fraction(text) if re.fullmatch(r"-?[0-9]{1,15}(\.[0-9]{1,9})?", text) else None
