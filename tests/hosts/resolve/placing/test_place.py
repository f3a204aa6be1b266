"""Placing, wherever this Resolve makes an append land: right and read back, or taken back."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from editor_plugin.core.timebase import nearest_frame
from editor_plugin.hosts.resolve.placing.recovery import recover
from editor_plugin.hosts.resolve.state import journal
from tests.doubles.resolve import HostCrashed, Reel
from tests.doubles.resolve.open_project import OpenProject
from tests.hosts.resolve.stage import (
    film,
    ours_on,
    owned,
    placed,
    session_of,
    subtitles,
)

PROFILES = ["18.6", "19.1", "20.2", "20.3", "21.0", "21.1-studio"]
RATES = ["23.976", "24", "25", "29.97", "29.97 DF", "30", "47.952", "50", "59.94", "59.94 DF", "60"]
LANDS = [
    {},
    {"target": "only_unlocked"},
    {"target": "first"},
    {"target": "destination", "destination": 1},
    {"target": "destination", "destination": 2},
    {"position": "programme_end_first"},
    {"append_returns": "none"},
    {"append_returns": "dead"},
    {"settle": 1.2},
    {"list_lags": True},
    {"slip": 1},
    {"slip": -1},
    {"hurry": 1.2},
    {"new_track": "first"},
    {"new_track_disabled": True},
    {"delete_fails": 1, "position": "programme_end_first"},
    {"none_for_false": True, "none_for_empty": True},
    {"float_keys": True},
    {"stale_handles": "none"},
    {"names": "literal"},
    {"srt_property": "crash"},
    {"language": "ja"},
    {"clip_info_plain": "crash"},
]
ASTRAY: list[dict[str, Any]] = [
    {"position": "global_end"},
    {"slip": 51},
    {"target": "destination", "destination": 9},
    {"target": "video"},
    {"refuses": ["Timeline.AddTrack"]},
    {"refuses": ["MediaPool.ImportMedia"]},
    {"refuses": ["Timeline.SetTrackName"]},
    {"refuses": ["MediaPool.AppendToTimeline"]},
]


def expected(opened: OpenProject, slip: int = 0) -> list[tuple[str, int]]:
    rate = opened.reel.rate
    return [(cue.text, nearest_frame(cue.start, rate) + slip) for cue in subtitles().cues]


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("lands", LANDS, ids=str)
def test_wherever_it_can_be_right_it_is_right(
    tmp_path: Path, profile: str, lands: dict[str, Any]
) -> None:
    opened = film(tmp_path, profile, **lands)
    before = owned(opened)
    result = placed(opened, tmp_path)
    assert opened.world.violations == []
    assert owned(opened) == before
    # Before 19.0 no track can be put in front of the others.
    unreachable = profile == "18.6" and (
        lands.get("target") == "first" or lands.get("destination") == 1
    )
    if unreachable:
        assert not result.verified and ours_on(opened) == []
    else:
        assert result.verified, result.sentences
        assert ours_on(opened) == expected(opened, lands.get("slip", 0))


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("lands", ASTRAY, ids=str)
def test_where_it_cannot_be_right_everything_is_taken_back(
    tmp_path: Path, profile: str, lands: dict[str, Any]
) -> None:
    opened = film(tmp_path, profile, **lands)
    tracks, before = len(opened.reel.timeline.tracks), owned(opened)
    result = placed(opened, tmp_path)
    assert not result.verified
    assert "File > Import > Subtitle" in result.sentences[1]
    assert result.sentences[1].endswith(" 01:00:02:00.")  # where the first one belongs
    (left,) = (tmp_path / "srt").glob("*.srt")
    assert str(left) in result.sentences[0]
    assert left.read_text(encoding="utf-8") == subtitles().srt
    assert (opened.world.violations, owned(opened)) == ([], before)
    assert len(opened.reel.timeline.tracks) == tracks
    assert journal.recall(session_of(opened)) is None
    assert opened.world.projects[0].media == [
        each for each in opened.world.projects[0].media if each.kind != "subtitle"
    ]


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("start", ["00:00:00:00", "01:00:00:00"])
@pytest.mark.parametrize("profile", ["20.3", "21.1-studio"])
def test_every_rate_and_start_timecode(tmp_path: Path, rate: str, start: str, profile: str) -> None:
    label = start[:-3] + ";" + start[-2:] if rate.endswith("DF") else start
    reel = {"subtitle": 0, "start_timecode": label, "audio": 2}
    opened = film(tmp_path, profile, rate=rate, reel=reel)
    before = owned(opened)
    result = placed(opened, tmp_path)
    assert result.verified, result.sentences
    assert ours_on(opened) == expected(opened)
    assert (opened.world.violations, owned(opened)) == ([], before)


@pytest.mark.parametrize("profile", PROFILES)
def test_a_second_run_replaces_what_the_first_one_placed(tmp_path: Path, profile: str) -> None:
    opened = film(tmp_path, profile)
    before = owned(opened)
    assert placed(opened, tmp_path).verified
    again = subtitles((("Other", "1", "2"), ("words", "5", "6")))
    result = placed(opened, tmp_path, again)
    assert result.verified, result.sentences
    assert ours_on(opened) == [("Other", 25), ("words", 125)]
    assert [t.name for t in opened.reel.timeline.of_kind("subtitle") if t.name] == ["Recue"]
    assert (opened.world.violations, owned(opened)) == ([], before)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("slip", [2, 50, -2, -400])
@pytest.mark.parametrize("rate", ["25", "29.97 DF"])
def test_what_lands_early_or_late_throughout_is_made_good(
    tmp_path: Path, profile: str, slip: int, rate: str
) -> None:
    label = "01:00:00;00" if rate.endswith("DF") else "01:00:00:00"
    reel = {"subtitle": 1, "audio": 2, "start_timecode": label}
    opened = film(tmp_path, profile, rate=rate, reel=reel, slip=slip)
    before = owned(opened)
    result = placed(opened, tmp_path)
    assert result.verified, result.sentences
    assert ours_on(opened) == expected(opened)
    late = "late" if slip > 0 else "early"
    assert f"Resolve placed them {abs(slip)} frames {late}" in result.sentences[1]
    assert (opened.world.violations, owned(opened)) == ([], before)
    assert not list((tmp_path / "srt").iterdir())
    assert all(each.kind != "subtitle" for each in opened.world.projects[0].media)
    record = journal.recall(session_of(opened))
    assert record is not None and record.cues == subtitles().cues


def test_no_srt_has_a_time_before_its_start(tmp_path: Path) -> None:
    first = subtitles((("At once", "0", "1"), ("Then", "2", "3")))
    opened = film(tmp_path, slip=2)
    assert not placed(opened, tmp_path, first).verified
    assert (ours_on(opened), opened.world.violations) == ([], [])
    opened.world.switches.slip = -2
    assert placed(opened, tmp_path, first).verified
    assert ours_on(opened) == [("At once", 0), ("Then", 50)]


def test_a_track_with_something_of_the_users_on_it_stays(tmp_path: Path) -> None:
    opened = film(tmp_path)
    assert placed(opened, tmp_path).verified
    opened.reel.subtitle(400, 20, "typed in by hand", index=2)
    result = placed(opened, tmp_path)
    assert result.verified
    assert "edited by hand and stays" in result.sentences[1]
    texts = [text for text, _ in ours_on(opened)]
    assert texts.count("typed in by hand") == 1
    assert opened.world.violations == []


def test_a_track_of_ours_that_somebody_deleted_is_made_anew(tmp_path: Path) -> None:
    opened = film(tmp_path)
    assert placed(opened, tmp_path).verified
    opened.reel.timeline.tracks.remove(opened.reel.track("subtitle", 2))
    result = placed(opened, tmp_path)
    assert result.verified and len(result.sentences) == 1
    assert ours_on(opened) == expected(opened)


def test_a_failed_second_run_leaves_the_first_ones_subtitles(tmp_path: Path) -> None:
    opened = film(tmp_path)
    assert placed(opened, tmp_path).verified
    there, before = ours_on(opened), owned(opened)
    opened.world.switches.slip = 51
    assert not placed(opened, tmp_path).verified
    assert (ours_on(opened), owned(opened), opened.world.violations) == (there, before, [])


@pytest.mark.parametrize("after", ["MediaPool.ImportMedia", "Timeline.AddTrack"])
def test_a_timeline_that_is_opened_meanwhile_gets_nothing(tmp_path: Path, after: str) -> None:
    opened = film(tmp_path)
    first = opened.reel.timeline.uid
    Reel(opened.world, "Reel 2", subtitle=1)
    opened.world.projects[0].current = first
    opened.world.switches.interruptions = [
        {"after": after, "do": "switch_timeline", "what": "Reel 2"}
    ]
    before = owned(opened)["projects"][0]["timelines"]
    result = placed(opened, tmp_path)
    assert not result.verified
    assert owned(opened)["projects"][0]["timelines"] == before
    assert opened.world.projects[0].current != first
    assert opened.world.violations == []


def test_a_dialog_that_opens_is_waited_for(tmp_path: Path) -> None:
    opened = film(tmp_path, modal_after="MediaPool.ImportMedia", modal_seconds=30.0)
    before = owned(opened)
    placed(opened, tmp_path)
    assert owned(opened) == before
    assert not list((tmp_path / "recue home").glob("resolve-journal.json"))


def test_what_a_crash_left_is_undone_by_the_next_run(tmp_path: Path, home: Path) -> None:
    opened = film(tmp_path, clip_info_plain="crash", refuses=["MediaPool.AppendToTimeline"])
    before = owned(opened)
    opened.world.switches.refuses = []
    opened.world.switches.interruptions = [{"after": "MediaPool.AppendToTimeline", "do": "crash"}]
    with pytest.raises(HostCrashed):
        placed(opened, tmp_path)
    assert json.loads((home / "resolve-journal.json").read_text(encoding="utf-8"))
    opened.world.crashed = ""
    opened.world.violations.clear()
    session = session_of(opened)
    assert recover(session)
    assert not (home / "resolve-journal.json").exists()
    after = owned(opened)
    assert after["page"] == before["page"]
    assert after["projects"] == before["projects"]


def test_what_a_crash_left_on_one_timeline_outlives_a_run_on_another(
    tmp_path: Path, home: Path
) -> None:
    opened = film(tmp_path)
    before = owned(opened)["projects"][0]["timelines"]
    opened.world.switches.interruptions = [{"after": "MediaPool.AppendToTimeline", "do": "crash"}]
    with pytest.raises(HostCrashed):
        placed(opened, tmp_path)
    opened.world.crashed = ""
    Reel(opened.world, "Reel 2", subtitle=1)
    assert not recover(session_of(opened))
    assert placed(opened, tmp_path).verified
    opened.world.projects[0].current = opened.reel.timeline.uid
    assert recover(session_of(opened))
    assert owned(opened)["projects"][0]["timelines"][:1] == before
    assert not (home / "resolve-journal.json").exists()
