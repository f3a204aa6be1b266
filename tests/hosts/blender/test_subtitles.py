"""Subtitles in real Blender projects, made by a real engine with the demo model."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from editor_plugin.client import EngineClient
from editor_plugin.core.jobs.result import JobResult
from editor_plugin.core.snapshot import timeline_from_wire
from editor_plugin.core.timeline import Timeline
from tests.hosts.blender.blenders import ROOT
from tests.hosts.blender.conftest import Cut, made_of

pytestmark = pytest.mark.nemo

NOTHING_NEW = "All of the sound had been recognised before."
USERS = {"first": 19, "end": 59, "text": "A title of the user", "channel": 5}


def ours(texts: Iterable[Mapping[str, Any]]) -> list[tuple[int, int, str]]:
    return [(t["first"], t["end"], t["text"]) for t in texts if t["name"].startswith("Recue")]


def expected(result: JobResult, rate: Fraction) -> list[tuple[int, int, str]]:
    """The cues of a result in frames; they lie on frames, or this fails."""
    found = []
    for cue in result.cues:
        frames = [cue.start * rate, cue.end * rate]
        assert all(frame.denominator == 1 for frame in frames)
        found.append((int(frames[0]), int(frames[1]), cue.text))
    return found


def words(text: str) -> list[str]:
    return re.findall(r"[a-z']+", text.lower())


def test_the_snapshot_is_the_timeline_that_was_built(cut: Cut) -> None:
    assert timeline_from_wire(cut.told["timeline"]) == cut.reference


def test_every_text_strip_is_where_the_reference_has_its_cue(
    cut: Cut, engine: EngineClient
) -> None:
    texts = cut.texts(cut.file)
    reference = made_of(engine, cut.reference)
    assert cut.told["ended"] == ["FINISHED"], cut.told["report"]
    assert ours(texts) == expected(reference, cut.reference.rate)
    assert f"{len(reference.cues)} subtitles on channel 6." in cut.told["report"]
    assert NOTHING_NEW in cut.told["report"] or "of sound recognised" in " ".join(
        cut.told["report"]
    )


def test_what_they_say_is_what_is_said(cut: Cut) -> None:
    told = json.loads((ROOT / "demo" / "reference.json").read_text(encoding="utf-8"))
    rate = cut.reference.rate
    said = []
    for clip in cut.reference.tracks[0].clips:
        if clip.enabled:
            for word in (word for sentence in told["sentences"] for word in sentence["words"]):
                middle = Fraction(str(word["start_s"])) + Fraction(str(word["end_s"]))
                if clip.source.start <= middle / 2 < clip.source.end:
                    said += words(word["text"])
    shown = words(" ".join(text for _, _, text in ours(cut.texts(cut.file))))
    assert rate == Fraction(24000, 1001)
    assert difflib.SequenceMatcher(None, said, shown, autojunk=False).ratio() > 0.9


def test_a_new_cut_needs_no_recognition_and_the_users_title_stays(
    cut: Cut, engine: EngineClient, tmp_path: Path
) -> None:
    file = cut.copy(tmp_path)
    # Cut 9 goes, Cut 8 is trimmed by 30 frames, and Cut 3 is heard 12 frames later.
    first = cut.reference.tracks[0].clips[2].record.start * cut.reference.rate
    changes = [
        {"strip": "Cut 9", "do": "delete"},
        {"strip": "Cut 8", "do": {"frame_final_start": _first(cut, "Cut 8") + 31}},
        {"strip": "Cut 4", "do": {"channel": 7}},
        {"strip": "Cut 3", "do": {"frame_final_start": int(first) + 1 + 12}},
    ]
    told = cut.generate(file, operator="refresh", changes=changes)
    assert NOTHING_NEW in told["report"], told["report"]
    now = timeline_from_wire(told["timeline"])
    assert [clip.name for track in now.tracks for clip in track.clips] == [
        each.name for each in cut.reference.tracks[0].clips if each.name not in ("Cut 9", "Cut 4")
    ] + ["Cut 4"]
    texts = cut.texts(file)
    assert ours(texts) == expected(made_of(engine, now), cut.reference.rate)
    assert ours(texts) != ours(cut.texts(cut.file))
    mine = [text for text in texts if text["name"] == "My own title"]
    assert mine == [{"name": "My own title", **USERS}]


def test_blenders_own_export_says_the_same(cut: Cut, tmp_path: Path) -> None:
    mine, builtin = tmp_path / "ours.srt", tmp_path / "builtin.srt"
    cut.do("exports", file=str(cut.file), ours=str(mine), builtin=str(builtin))
    assert _cues_of(mine) == _cues_of(builtin)
    assert len(_cues_of(mine)) == len(ours(cut.texts(cut.file)))


def test_an_exported_file_comes_back_as_it_was(cut: Cut, tmp_path: Path) -> None:
    mine = tmp_path / "ours.srt"
    cut.do("exports", file=str(cut.file), ours=str(mine), builtin=str(tmp_path / "other.srt"))
    made = cut.do("imported", srt=str(mine))
    assert [text for _, _, text in made] == [text for _, _, text in ours(cut.texts(cut.file))]


def test_only_the_selected_strips_get_subtitles(
    cut: Cut, engine: EngineClient, tmp_path: Path
) -> None:
    file = cut.copy(tmp_path)
    clip = next(each for each in cut.reference.tracks[0].clips if each.name == "Cut 3")
    edges = [int(edge * cut.reference.rate) for edge in (clip.record.start, clip.record.end)]
    before = cut.texts(file)
    outside = [
        text
        for text in before
        if text["name"].startswith("Recue")
        and (text["end"] <= edges[0] or text["first"] >= edges[1])
    ]
    changes = [{"strip": text["name"], "do": {"channel": 9}} for text in outside]
    cut.generate(file, operator="generate_selected", changes=changes, select=["Cut 3"])
    after = cut.texts(file)
    within = ours(text for text in after if text["channel"] != 9)
    track = replace(cut.reference.tracks[0], clips=(clip,))
    alone = made_of(
        engine,
        Timeline("Cut", cut.reference.rate, (track,), shot_changes=cut.reference.shot_changes),
    )
    assert within == expected(alone, cut.reference.rate)
    assert [text for text in after if text["channel"] == 9] == [
        {**text, "channel": 9} for text in outside
    ]


def test_an_edited_subtitle_is_never_lost(cut: Cut, tmp_path: Path) -> None:
    file = cut.copy(tmp_path)
    first = cut.texts(file)
    name = next(text["name"] for text in first if text["name"].startswith("Recue"))
    changes = [{"strip": name, "do": {"text": "Something else entirely"}}]
    told = cut.generate(file, operator="refresh", changes=changes)
    assert told["ended"] == ["FINISHED"], told["report"]
    shown = [text["text"].replace("\n", " ") for text in cut.texts(file)]
    assert any("Something else entirely" in text for text in shown), told["report"]


def _first(cut: Cut, name: str) -> int:
    clip = next(each for each in cut.reference.tracks[0].clips if each.name == name)
    return int(clip.record.start * cut.reference.rate)


def _cues_of(file: Path) -> list[list[str]]:
    """Times and text of an SRT file, whatever its numbers."""
    blocks = file.read_text(encoding="utf-8").strip().split("\n\n")
    return [block.split("\n")[1:] for block in blocks]
