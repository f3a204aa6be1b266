"""The resources of an FCPXML document (assets, formats, media), and its time values."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from xml.etree.ElementTree import Element

from editor_plugin.core.errors import SettingsInvalid
from editor_plugin.core.timebase import exact_rate

_TIME = re.compile(r"\s*(-?[0-9]{1,20}(?:\.[0-9]{1,20})?)(?:/([0-9]{1,20}))?s?\s*")
_LONGEST = 100
"""Characters of a time; the longest that a program writes has 30."""
MOST_FILES = 20
"""Of an asset; there are its original and perhaps a proxy, each in a library or two."""
_RATE_IN_NAME = re.compile(r"[pi]([0-9]{2})([0-9]{2})?$")


def seconds(element: Element, name: str, default: Fraction = Fraction(0)) -> Fraction:
    """Return a time attribute ("1001/24000s", "5s") in seconds; `default` where there is none."""
    text = element.get(name) or ""
    match = _TIME.fullmatch(text) if len(text) <= _LONGEST else None
    if match is None or int(match[2] or 1) == 0:
        return default
    return Fraction(match[1]) / int(match[2] or 1)


@dataclass(frozen=True)
class Resources:
    """The elements that the story refers to by id. `states_sound`: whether any asset states that it
    has sound; where none does, all are assumed to have. `files` are the paths and URLs of each
    asset's media, the surest first."""

    assets: dict[str, Element]
    formats: dict[str, Element]
    media: dict[str, Element]
    files: dict[str, tuple[str, ...]]
    states_sound: bool

    @classmethod
    def of(cls, root: Element) -> Resources:
        """Collect them from the document."""

        def by_id(tag: str) -> dict[str, Element]:
            return {each.get("id", ""): each for each in root.findall(f"resources/{tag}")}

        assets = by_id("asset")
        states_sound = any(asset.get("hasAudio") == "1" for asset in assets.values())
        files = {name: _files(asset) for name, asset in assets.items()}
        return cls(assets, by_id("format"), by_id("media"), files, states_sound)

    def rate(self, element: Element) -> Fraction | None:
        """The frame rate of the element's format; None where it is not stated."""
        format = self.formats.get(element.get("format", ""))
        if format is None:
            return None
        duration = seconds(format, "frameDuration")
        named = _RATE_IN_NAME.search(format.get("name", "")[-5:])
        try:
            if duration > 0:
                return exact_rate(1 / duration)
            return exact_rate(f"{named[1]}.{named[2] or 0}") if named else None
        except SettingsInvalid:
            return None

    def wanted_media(self, asset: Element, element: Element) -> tuple[str, ...]:
        """The paths, URLs and names of an asset's media, the surest first."""
        files = self.files[asset.get("id", "")]
        names = (*files[:MOST_FILES], asset.get("name"), element.get("name"))
        return tuple(dict.fromkeys(each for each in names if each))

    def has_sound(self, asset: Element) -> bool:
        """Whether the asset has sound."""
        return not self.states_sound or asset.get("hasAudio") == "1"


def heard_channels(element: Element, asset: Element) -> frozenset[tuple[int, int]] | None:
    """The channels that are heard; empty for all, None where every one is switched off."""
    chosen = element.findall("audio-channel-source") if element.tag != "audio" else [element]
    active = [each for each in chosen if "0" not in (each.get("active"), each.get("enabled"))]
    if not chosen or (len(active) == len(chosen) and element.tag != "audio"):
        return frozenset()
    if not active:
        return None if element.tag != "audio" else frozenset()
    channels = frozenset(
        (int(each.get("srcID", "1")) - 1, int(number) - 1)
        for each in active
        for number in re.findall(r"[0-9]{1,3}", each.get("srcCh", ""))
        if re.fullmatch("[1-9][0-9]?", each.get("srcID", "1")) and int(number) > 0
    )
    return frozenset() if str(len(channels)) == asset.get("audioChannels") else channels


def _files(asset: Element) -> tuple[str, ...]:
    reps = sorted(asset.findall("media-rep"), key=lambda rep: rep.get("kind") != "original-media")
    names = (*(rep.get("src") for rep in reps), asset.get("src"))
    return tuple(dict.fromkeys(each for each in names if each))
