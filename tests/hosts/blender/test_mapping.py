"""Where Blender plays a sound, and where the snapshot says that it does: beeps in a mixdown."""

from __future__ import annotations

import array
import math
import wave
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from editor_plugin.core.projection import findings, record_time
from editor_plugin.core.snapshot import timeline_from_wire
from editor_plugin.core.timeline import Timeline
from tests.hosts.blender.blenders import Blender, Installation, found

BEEP = 3.0
"""Seconds into a file of 10 s at which it beeps."""
SAMPLE = 0.0005
"""Seconds: a beep begins at a sample, and is loud a little later."""

# What is set, and where the beep is to be heard; None where nothing is. Figures of Blender's, not
# of the formula: the mixdown has to agree with both.
BOTH: dict[str, tuple[dict[str, Any], float | None]] = {
    "as it is": ({}, 3.0),
    "trimmed": ({"strip": {"frame_offset_start": 50}}, 3.0),
    "trimmed too far": ({"strip": {"frame_offset_start": 80}}, None),
    "moved": ({"strip": {"frame_start": 101}}, 7.0),
    "slipped": ({"strip": {"animation_offset_start": 25}}, 2.0),
    "slipped, trimmed, moved": (
        {"strip": {"animation_offset_start": 25, "frame_offset_start": 10, "frame_start": 51}},
        4.0,
    ),
    "29.97": ({"rate": (30, 1.001), "strip": {"frame_start": 101}}, 6.3367),
    "a scene that begins later": ({"start": 51}, 1.0),
    "a strip that begins before the scene": ({"start": 51, "strip": {"frame_start": 11}}, 1.4),
    "muted": ({"strip": {"mute": True}}, None),
    "without volume": ({"strip": {"volume": 0.0}}, None),
    "on a muted channel": ({"muted": (1,)}, None),
    "in a meta strip": ({"meta": {}}, 3.0),
    "in a meta strip, trimmed": ({"meta": {"frame_final_start": 60}}, 3.0),
    "in a meta strip, cut off": ({"meta": {"frame_final_end": 70}}, None),
    "in a meta strip, slipped": ({"meta": {}, "strip": {"animation_offset_start": 25}}, 2.0),
    "in a muted meta strip": ({"meta": {"mute": True}}, None),
    "on a muted channel in a meta strip": ({"meta": {}, "muted_inside": (1,)}, None),
    "in another scene": ({"scene": {"frame_start": 51, "frame_offset_start": 20}}, 5.0),
    "in another scene that begins later": ({"scene": {"begins": 26}}, 2.0),
    "in another scene's camera": ({"scene": {"shows": "CAMERA"}}, None),
    "in a meta strip of another scene": ({"scene": {"frame_start": 11}, "meta": {}}, 3.4),
}
OLD: dict[str, tuple[dict[str, Any], float | None]] = {
    "twice as fast": ({"strip": {"speed_factor": 2.0}}, 1.5),
    "twice as fast, trimmed": (
        {"strip": {"speed_factor": 2.0, "frame_offset_start": 20}},
        1.9,
    ),
    "slowed down, slipped, trimmed, moved": (
        {
            "strip": {
                "speed_factor": 0.8,
                "animation_offset_start": 25,
                "frame_offset_start": 10,
                "frame_start": 51,
            }
        },
        4.4,
    ),
    "twice as fast in a meta strip": (
        {"strip": {"speed_factor": 2.0}, "meta": {"frame_final_start": 21}},
        1.9,
    ),
    "twice as fast in another scene": (
        {"strip": {"speed_factor": 2.0}, "scene": {"frame_offset_start": 20}},
        1.9,
    ),
    "twice as fast, begun before the scene": (
        {"strip": {"speed_factor": 2.0}, "start": 21},
        1.1,
    ),
}
NEW: dict[str, tuple[dict[str, Any], float | None]] = {
    "offset": ({"strip": {"sound_offset": 0.5}}, 3.5),
    "offset back": ({"strip": {"sound_offset": -0.5}}, 2.5),
    "offset, slipped, trimmed, moved at 23.976": (
        {
            "rate": (24, 1.001),
            "strip": {
                "sound_offset": 0.5,
                "animation_offset_start": 25,
                "frame_offset_start": 10,
                "frame_start": 51,
            },
        },
        4.5427,
    ),
}
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "offset back and slipped": (
        {"strip": {"sound_offset": -0.5, "animation_offset_start": 25, "frame_start": 51}},
        "its sound is offset",
    ),
    "a slipped scene": ({"scene": {"animation_offset_start": 25}}, "a scene whose start"),
}


@pytest.fixture(scope="module")
def beep(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("beep") / "beep – été.wav"
    samples = array.array(
        "h",
        (
            int(20000 * math.sin(2 * math.pi * at / 48)) if BEEP <= at / 48000 < BEEP + 0.1 else 0
            for at in range(480_000)
        ),
    )
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(48000)
        file.writeframes(samples.tobytes())
    return path


def listen(
    blender: Blender, installation: Installation, beep: Path, cases: list[dict[str, Any]]
) -> list[tuple[list[float], Timeline]]:
    """For each case, where Blender beeps, and the snapshot."""
    answers = blender.do(
        installation,
        "beeps",
        cases=cases,
        sound=str(beep),
        mixdown=str(beep.with_name("mixdown.wav")),
        plugin=str(installation.data / "plugin"),
    )
    return [(each["heard"], timeline_from_wire(each["timeline"])) for each in answers]


def beeps_of(timeline: Timeline) -> list[float]:
    """Where the beep is heard by the snapshot."""
    found = []
    for track in () if timeline is None else timeline.tracks:
        for clip in track.clips:
            if clip.media is not None and clip.enabled and not track.muted:
                at = record_time(clip, Fraction(BEEP))
                if clip.record.start <= at < clip.record.end:
                    found.append(float(at))
    return found


def test_a_beep_is_heard_where_the_snapshot_has_it(
    blender: Blender, installation: Installation, beep: Path
) -> None:
    cases = {**BOTH, **(OLD if blender.name == "3.4" else NEW)}
    answers = listen(blender, installation, beep, [case for case, _ in cases.values()])
    for (name, (_, right)), (heard, timeline) in zip(cases.items(), answers, strict=True):
        expected = [] if right is None else [pytest.approx(right, abs=SAMPLE)]
        assert heard == expected, name
        assert beeps_of(timeline) == expected, name
        for track in timeline.tracks:
            assert all(clip.record.start >= 0 for clip in track.clips), name


def test_what_cannot_be_mapped_is_said(
    blender: Blender, installation: Installation, beep: Path
) -> None:
    if blender.name == "3.4":
        cases = {"a scene": REFUSED["a slipped scene"]}
        faster = {"meta": {"speed_factor": 2.0}}
        cases["a meta strip at another speed"] = (faster, "a group of strips with a changed speed")
    else:
        cases = REFUSED
    answers = listen(blender, installation, beep, [case for case, _ in cases.values()])
    for (name, (_, why)), (_, timeline) in zip(cases.items(), answers, strict=True):
        told = findings(timeline)
        assert len(told) == 1 and why in told[0], (name, told)
        assert beeps_of(timeline) == [], name


def test_retiming_keys_are_said(installation: Installation, beep: Path) -> None:
    plugin = str(installation.data / "plugin")
    told = found("5.0").do(installation, "retimed", sound=str(beep), plugin=plugin)
    assert "its speed is changed with retiming keys" in findings(timeline_from_wire(told))[0]


def test_a_lost_file_is_said(blender: Blender, installation: Installation, beep: Path) -> None:
    gone = beep.with_name("gone.wav")
    gone.write_bytes(beep.read_bytes())
    gone.unlink()
    ((_, timeline),) = listen(blender, installation, gone, [{}])
    assert f"there is no file “{gone}”" in findings(timeline)[0]
