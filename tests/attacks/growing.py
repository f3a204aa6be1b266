"""Inputs of any size on which a careless reader works longer than in proportion: by reader and
attempt, a function from a number of repetitions to the content of a file."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

Grow = Callable[[int], str]

_CUE = "1\n00:00:00,000 --> 00:00:01,000\n"
_VTT = "WEBVTT\n\n00:00.000 --> 00:01.000\n"
_ASS = "[Script Info]\n[Events]\nDialogue: 0,0:00:00.00,0:00:01.00,,,0,0,0,,"


def _tt(content: str) -> str:
    styling = 'xmlns:tts="http://www.w3.org/ns/ttml#styling"'
    return f'<tt xmlns="http://www.w3.org/ns/ttml" {styling}>{content}</tt>'


def _paragraph(text: str, attributes: str = "") -> str:
    return _tt(f'<body><div><p begin="1s" end="2s" {attributes}>{text}</p></div></body>')


def _styles(count: int) -> str:
    return "".join(f'<style xml:id="s{at}" style="s{at + 1}"/>' for at in range(count))


SUBTITLES: dict[str, Grow] = {
    "ttml: declarations without an end": lambda size: "<?xml " * size,
    "ttml: spaces before a declaration": lambda size: " " * size + "<?xml",
    "ttml: spaces in the text": lambda size: _paragraph("a" + " " * size),
    "ttml: line breaks": lambda size: _paragraph("a<br/>" * size),
    "ttml: spans with times": lambda size: _paragraph('<span begin="1s">a</span>' * size),
    "ttml: a long number": lambda size: _paragraph("a", 'tts:fontSize="' + "1" * size + 'x"'),
    "ttml: many fonts": lambda size: _paragraph("a", 'tts:fontFamily="' + "a," * size + '"'),
    "ttml: escapes in a font": lambda size: _paragraph(
        "a", 'tts:fontFamily="' + "\\&quot;" * size + '"'
    ),
    "ttml: styles on styles": lambda size: _tt(
        f'<head><styling>{_styles(size)}</styling></head><body style="s0"/>'
    ),
    "ass: braces": lambda size: _ASS + "{" * size,
    "ass: braces with overrides": lambda size: _ASS + "{\\p" * size,
    "ass: a long format": lambda size: (
        "[Script Info]\n[Events]\nFormat: " + "a," * size + "\n" + "Dialogue: 0\n" * size
    ),
    "ass: spaces before the head": lambda size: " " * size + "[Script",
    "srt: tags without an end": lambda size: _CUE + "<b " * size,
    "srt: fonts without an end": lambda size: _CUE + "<font " * size,
    "srt: overrides without an end": lambda size: _CUE + "{\\" * size,
    "srt: word joiners": lambda size: _CUE + "--" + "\u2060" * size,
    "srt: a number after word joiners": lambda size: _CUE + "\u2060" * size + "1" * size,
    "srt: blank lines": lambda size: _CUE + "a\n\n" * size,
    "srt: numbers": lambda size: _CUE + "1\n\n" * size,
    "srt: times that are none": lambda size: ("1:" * 149 + "\n") * size,
    "srt: arrows": lambda size: ("00:00:00,000 " + "-" * 280 + "\n") * size,
    "srt: ligatures": lambda size: ("\ufdfa" * 290 + "::\n") * size,
    "srt: carriage returns": lambda size: "\r" * size,
    "vtt: tags without an end": lambda size: _VTT + "<" * size,
    "vtt: references": lambda size: _VTT + "&#1" * size,
    "vtt: notes": lambda size: _VTT + "a\n\n" + "NOTE x\n\n" * size,
    "vtt: positions": lambda size: "WEBVTT\n\n00:00.000 --> 00:01.000 " + "align:x " * size,
}

_TIMES = "00:00:00:00 00:00:01:00 00:00:00:00 00:00:01:00"
EDIT = f"001  AX       AA    C        {_TIMES}\n"
_ASSET = '<asset id="a" src="file:///nowhere/a.wav" hasAudio="1" duration="8s"/>'
_ITEM = (
    "<clipitem><name>a</name><start>0</start><end>25</end><in>0</in><out>25</out>"
    "<sourcetrack><mediatype>audio</mediatype><trackindex>2</trackindex></sourcetrack>"
    '<file id="f"/></clipitem>'
)


def fcpxml(spine: str, resources: str = _ASSET) -> str:
    """An FCPXML document with one project."""
    return (
        f'<fcpxml version="1.9"><resources>{resources}</resources><project><sequence>'
        f"<spine>{spine}</spine></sequence></project></fcpxml>"
    )


def compound(name: str, spine: str) -> str:
    """A compound clip in the resources of an FCPXML document."""
    return f'<media id="{name}"><sequence><spine>{spine}</spine></sequence></media>'


def multicam(angles: str) -> str:
    """A multicam clip in the resources of an FCPXML document."""
    return f'<media id="m"><multicam>{angles}</multicam></media>'


def fcp7(tracks: str, further: str = "") -> str:
    """A Final Cut Pro 7 document with one sequence of sound, and further elements beside it."""
    return (
        '<xmeml version="5"><sequence id="s"><name>x</name><rate><timebase>25</timebase></rate>'
        f"<media><audio>{tracks}</audio></media></sequence>{further}</xmeml>"
    )


def nested(name: str) -> str:
    """A clip item that plays another sequence."""
    return _ITEM.replace('<file id="f"/>', f'<sequence id="{name}"/>')


def _sequence(tracks: str) -> str:
    return f'<sequence id="t"><media><audio>{tracks}</audio></media></sequence>'


def _fcp7_file(content: str) -> str:
    return _ITEM.replace('<file id="f"/>', f'<file id="f">{content}</file>')


def _otio_range(rate: float) -> dict[str, Any]:
    def time(value: int) -> dict[str, Any]:
        return {"OTIO_SCHEMA": "RationalTime.1", "rate": rate, "value": value}

    return {"OTIO_SCHEMA": "TimeRange.1", "start_time": time(0), "duration": time(25)}


def otio_clip(rate: float = 25, **more: Any) -> dict[str, Any]:
    """A clip in OpenTimelineIO's JSON."""
    media = {"OTIO_SCHEMA": "ExternalReference.1", "target_url": "a.wav"}
    return {
        "OTIO_SCHEMA": "Clip.2",
        "name": "a",
        "source_range": _otio_range(rate),
        "media_references": {"DEFAULT_MEDIA": media | {"available_range": _otio_range(25)}},
        "active_media_reference_key": "DEFAULT_MEDIA",
        **more,
    }


def otio(*tracks: list[dict[str, Any]]) -> str:
    """OpenTimelineIO's JSON of a timeline with these children of its tracks."""
    track = {"OTIO_SCHEMA": "Track.1", "kind": "Audio"}
    children = [{**track, "children": each} for each in tracks]
    stack = {"OTIO_SCHEMA": "Stack.1", "children": children}
    return json.dumps({"OTIO_SCHEMA": "Timeline.1", "name": "x", "tracks": stack})


def _warp(speed: float) -> dict[str, Any]:
    return {"OTIO_SCHEMA": "LinearTimeWarp.1", "effect_name": "x", "time_scalar": speed}


def _on_channel(at: int) -> dict[str, Any]:
    channel = {"Source Track ID": at, "Source Channel ID": at}
    return otio_clip(metadata={"Resolve_OTIO": {"Channels": [channel]}})


TIMELINES: dict[str, Grow] = {
    ".edl: spaces after M2": lambda size: EDIT + "M2" + " " * size + "\n",
    ".edl: digits after M2": lambda size: EDIT + "M2 " + "1" * size + "\n",
    ".edl: numbers after M2": lambda size: EDIT + "M2 " + "1 " * size + "\n",
    ".edl: times after M2": lambda size: EDIT + "M2 " + "00:00:00:00 " * size + "\n",
    ".edl: spaces in an edit": lambda size: EDIT + "001 " + " " * size + "x\n",
    ".edl: channels in an edit": lambda size: EDIT + "001 " + "A C " * size + "\n",
    ".edl: lengths in an edit": lambda size: EDIT + "001 A C " + "0 " * size + "\n",
    ".edl: times in an edit": lambda size: EDIT + "001 A C " + "0:0:00 00:00:00:00 " * size + "\n",
    ".edl: spaces in a name": lambda size: EDIT + "* FROM CLIP NAME" + " " * size + "x\n",
    ".edl: many names": lambda size: EDIT + "* FROM CLIP NAME: a\n" * size,
    ".edl: one long channel": lambda size: EDIT.replace("AA", "A" * size),
    ".edl: many edits": lambda size: EDIT * size,
    ".fcpxml: clips over each other": lambda size: fcpxml(
        '<asset-clip ref="a" offset="0s" duration="1s"/>' * size
    ),
    ".fcpxml: durations without a common multiple": lambda size: fcpxml(
        "".join(f'<asset-clip ref="a" duration="1/{10**18 + 2 * at + 7}s"/>' for at in range(size))
    ),
    ".fcpxml: children of a synchronised clip": lambda size: fcpxml(
        '<sync-clip duration="8s">' + "<asset-clip/>" * size + "</sync-clip>"
    ),
    ".fcpxml: spaces in a volume": lambda size: fcpxml(
        '<asset-clip ref="a"><adjust-volume amount="-96' + " " * size + 'x"/></asset-clip>'
    ),
    ".fcpxml: copies of an asset": lambda size: fcpxml(
        '<asset-clip ref="a" duration="1s"/>' * size,
        _ASSET.replace(
            "/>", ">" + "".join(f'<media-rep src="{n}"/>' for n in range(size)) + "</asset>"
        ),
    ),
    ".fcpxml: roles": lambda size: fcpxml(
        '<mc-clip ref="m" duration="8s"><mc-source angleID="1">'
        + "".join(f'<audio-role-source role="{at}" active="0"/>' for at in range(size))
        + "</mc-source></mc-clip>",
        multicam('<mc-angle angleID="1">' + "<sync-clip/>" * size + "</mc-angle>"),
    ),
    ".fcpxml: compound clips of many clips": lambda size: fcpxml(
        '<ref-clip ref="m" duration="1s"/>' * (99 + size),
        compound("m", '<gap duration="1s"/>' * (999 + size)),
    ),
    ".fcpxml: compound clips of nothing": lambda size: fcpxml(
        '<ref-clip ref="m" duration="1s"/>' * (999 + size),
        compound("m", "<junk/>" * (999 + size)),
    ),
    ".fcpxml: angles": lambda size: fcpxml(
        '<mc-clip ref="m"><mc-source angleID="x"/></mc-clip>' * (999 + size),
        multicam("<mc-angle/>" * (999 + size)),
    ),
    ".fcpxml: text": lambda size: fcpxml("&lt;" * size),
    ".xml: clips over each other": lambda size: fcp7(f"<track>{_ITEM}</track>" * size),
    ".xml: streams of a file": lambda size: fcp7(
        "<track>"
        + _fcp7_file("<media>" + "<audio/>" * size + "</media>")
        + _ITEM * size
        + "</track>"
    ),
    ".xml: spaces in a path": lambda size: fcp7(
        "<track>"
        + _fcp7_file("<pathurl>" + " " * size + "a </pathurl>")
        + _ITEM * size
        + "</track>"
    ),
    ".xml: nested sequences of empty tracks": lambda size: fcp7(
        f"<track>{nested('t') * (999 + size)}</track>",
        _sequence("<track/>" * (999 + size)),
    ),
    ".xml: nested sequences of many clips": lambda size: fcp7(
        f"<track>{nested('t') * (99 + size)}</track>",
        _sequence(f"<track>{_ITEM * (999 + size)}</track>"),
    ),
    ".xml: one clip again and again": lambda size: fcp7(
        "<track>"
        + '<clipitem id="c"/>' * (999 + size)
        + _ITEM.replace("<clipitem>", '<clipitem id="c">' + "<filter/>" * (999 + size))
        + "</track>"
    ),
    ".otio: clips": lambda size: otio([otio_clip()] * size),
    ".otio: rates without a common multiple": lambda size: otio(
        [otio_clip(24 + (at + 1) * 1e-9) for at in range(size)]
    ),
    ".otio: speeds": lambda size: otio([otio_clip(effects=[_warp(1 + 1e-9)] * size)]),
    ".otio: clips of one channel each": lambda size: otio(
        *([_on_channel(at)] for at in range(size))
    ),
    ".otio: stacks": lambda size: otio(
        [{"OTIO_SCHEMA": "Stack.1", "children": [otio_clip()]}] * size
    ),
    ".otio: digits": lambda size: otio([otio_clip()]).replace(
        '"value": 0', f'"value": 0.{"1" * size}'
    ),
    ".otio: lists in lists": lambda size: "[" * size,
}
