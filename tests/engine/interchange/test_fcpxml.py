from __future__ import annotations

from fractions import Fraction as F
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor_plugin.core.timeline import Clip, Media, Span, Timeline
from editor_plugin.engine.interchange import fcpxml, read_timeline
from editor_plugin.engine.interchange.draft import DraftClip

ASSETS = """
  <format id="f25" name="FFVideoFormat1080p25" width="1920" height="1080"/>
  <format id="f24" frameDuration="100/2400s"/>
  <asset id="a" name="A" start="0s" duration="1000s" hasVideo="1" hasAudio="1" format="f25">
    <media-rep kind="proxy-media" src="proxy.wav"/>
    <media-rep kind="original-media" src="a.wav"/></asset>
  <asset id="b" name="B" start="3600s" duration="100s" hasAudio="1" audioSources="2"
    audioChannels="4"><media-rep src="b.wav"/></asset>
  <asset id="mute" name="M" duration="100s" hasVideo="1"><media-rep src="m.mov"/></asset>
"""


def read(
    tmp_path: Path, spine: str, resources: str = "", sequence: str = 'format="f25"'
) -> Timeline:
    for name in ("a.wav", "b.wav", "m.mov"):
        (tmp_path / name).write_bytes(b"RIFF")
    path = tmp_path / "cut.fcpxml"
    path.write_text(
        f'<fcpxml version="1.10"><resources>{ASSETS}{resources}</resources>'
        f'<library><event><project name="P"><sequence {sequence}><spine>{spine}</spine></sequence>'
        "</project></event></library></fcpxml>"
    )
    return read_timeline(path)


def clips(timeline: Timeline) -> list[Clip]:
    return sorted(
        (clip for track in timeline.tracks for clip in track.clips),
        key=lambda clip: (clip.record.start, clip.name),
    )


def heard(timeline: Timeline) -> list[tuple[str, F, F, F]]:
    """Name, record start and end, source in."""
    return [
        (clip.name, clip.record.start, clip.record.end, clip.source_in) for clip in clips(timeline)
    ]


def test_rate_from_the_name_of_a_format(tmp_path: Path) -> None:
    assert read(tmp_path, "").rate == 25
    assert read(tmp_path, "", sequence='format="f24"').rate == 24
    unknown = read(tmp_path, "", sequence='format="none"')
    assert (unknown.rate, unknown.notes) == (
        24,
        ("The timeline does not state its frame rate; 24 is assumed.",),
    )


def test_clips_without_offset_or_duration_follow_each_other(tmp_path: Path) -> None:
    timeline = read(
        tmp_path,
        '<asset-clip ref="a" name="x" duration="5s"/><asset-clip ref="b" name="y" start="3690s"/>',
    )
    assert heard(timeline) == [("x", 0, 5, 0), ("y", 5, 15, 90)]


def test_offsets_that_count_from_zero_in_a_timeline_at_one_hour(tmp_path: Path) -> None:
    spine = '<asset-clip ref="a" name="x" offset="{}s" duration="5s"/>'
    for offset in ("3602", "2"):
        gap = f'<gap offset="{int(offset) - 2}s" duration="2s"/>'
        timeline = read(
            tmp_path, gap + spine.format(offset), sequence='format="f25" tcStart="3600s"'
        )
        assert heard(timeline) == [("x", 2, 7, 0)]
        assert timeline.start_frame == 90000


def test_connected_clips_and_storylines_hang_on_their_parents_clock(tmp_path: Path) -> None:
    timeline = read(
        tmp_path,
        '<gap offset="0s" start="3600s" duration="10s">'
        '<asset-clip ref="a" lane="-1" name="on gap" offset="3602s" start="7s" duration="20s"/>'
        "</gap>"
        '<asset-clip ref="a" name="main" offset="10s" start="100s" duration="20s">'
        '<spine lane="-2" offset="104s"><asset-clip ref="b" name="s1" start="3610s" duration="2s"/>'
        '<asset-clip ref="b" name="s2" start="3650s" duration="3s"/></spine></asset-clip>',
    )
    assert heard(timeline) == [
        ("on gap", 2, 22, 7),
        ("main", 10, 30, 100),
        ("s1", 14, 16, 10),
        ("s2", 16, 19, 50),
    ]
    assert [track.name for track in timeline.tracks] == ["Primary storyline", "Lane -1", "Lane -2"]


def test_what_gives_no_sound(tmp_path: Path) -> None:
    timeline = read(
        tmp_path,
        '<asset-clip ref="mute" name="no sound" duration="1s"/>'
        '<asset-clip ref="a" name="video only" duration="1s" srcEnable="video"/>'
        '<asset-clip ref="a" name="turned down" duration="1s"><adjust-volume amount="-96dB"/>'
        "</asset-clip>"
        '<title name="title" duration="1s" ref="t"/>'
        '<asset-clip ref="a" name="quiet" duration="1s"><adjust-volume amount="-9.6dB"/>'
        "</asset-clip>"
        '<asset-clip ref="a" name="off" duration="1s" enabled="0">'
        '<asset-clip ref="a" name="hung on it" lane="1" offset="0s" duration="1s"/></asset-clip>',
    )
    assert [(clip.name, clip.enabled) for clip in clips(timeline)] == [
        ("quiet", True),
        ("hung on it", True),
        ("off", False),
    ]
    assert timeline.shot_changes == (0, 1, 2, 3, 4, 5, 6)


@pytest.mark.parametrize(
    ("points", "start", "speed", "source_in"),
    [
        ("0 0 50 100", 10, F(2), 20),
        ("0 0 100 100", 10, F(1), 10),
        ("10 100 20 105", 14, F(1, 2), 102),
        ("0 100 100 0", 10, F(-1), 90),
        ("0 40 100 40", 10, F(0), 40),
    ],
)
def test_constant_retimes(
    tmp_path: Path, points: str, start: int, speed: F, source_in: int
) -> None:
    t0, v0, t1, v1 = points.split()
    timeline = read(
        tmp_path,
        f'<asset-clip ref="a" name="x" start="{start}s" duration="5s"><timeMap>'
        f'<timept time="{t0}s" value="{v0}s"/><timept time="{t1}s" value="{v1}s"/></timeMap>'
        "</asset-clip>",
    )
    (clip,) = clips(timeline)
    assert (clip.speed, clip.source_in) == (speed, source_in)


@pytest.mark.parametrize(
    ("points", "start"),
    [("3600 3600 3800 3700", "3610"), ("0 0 200 100", "10"), ("0 3600 200 3700", "10")],
    ids=["in timecode", "from the first frame", "mixed"],
)
def test_a_retime_of_media_with_a_timecode(tmp_path: Path, points: str, start: str) -> None:
    t0, v0, t1, v1 = points.split()
    timeline = read(
        tmp_path,
        f'<asset-clip ref="b" name="x" start="{start}s" duration="5s"><timeMap>'
        f'<timept time="{t0}s" value="{v0}s"/><timept time="{t1}s" value="{v1}s"/></timeMap>'
        "</asset-clip>",
    )
    (clip,) = clips(timeline)
    assert (clip.speed, clip.source_in) == (F(1, 2), 5)


def test_a_speed_that_changes_is_unreadable(tmp_path: Path) -> None:
    timeline = read(
        tmp_path,
        '<asset-clip ref="a" name="x" duration="5s"><timeMap><timept time="0s" value="0s"/>'
        '<timept time="2s" value="1s"/><timept time="5s" value="9s"/></timeMap></asset-clip>',
    )
    assert [clip.unreadable for clip in clips(timeline)] == ["variable speed"]


def test_rate_conform_plays_frame_for_frame_between_near_rates(tmp_path: Path) -> None:
    clip = '<asset-clip ref="a" name="x" start="50s" duration="5s"><conform-rate {}/></asset-clip>'
    for told, speed in (
        ('srcFrameRate="25"', F(24, 25)),
        ('scaleEnabled="0" srcFrameRate="25"', F(1)),
        ('srcFrameRate="60"', F(1)),
    ):
        timeline = read(tmp_path, clip.format(told), sequence='format="f24"')
        (got,) = clips(timeline)
        assert (got.speed, got.source_in) == (speed, 50)
        assert bool(timeline.notes) == (speed != 1)


def test_channels_of_a_clip(tmp_path: Path) -> None:
    timeline = read(
        tmp_path,
        '<clip name="c" offset="0s" start="3610s" duration="5s">'
        '<audio ref="b" offset="3600s" start="3600s" duration="100s" srcCh="2" role="dialogue.B">'
        '<audio ref="b" lane="-1" offset="3600s" start="3600s" duration="100s" srcCh="1"'
        ' srcID="2"/>'
        "</audio></clip>",
    )
    assert [(c.record.start, c.record.end, c.source_in) for c in clips(timeline)] == [(0, 5, 10)]
    (clip,) = clips(timeline)  # two channels at once: mixed, not doubled
    assert clip.media == Media(str(tmp_path / "b.wav"))
    assert "several audio streams" in timeline.notes[0]


def test_one_active_channel_of_a_clip(tmp_path: Path) -> None:
    timeline = read(
        tmp_path,
        '<asset-clip ref="b" name="x" start="3600s" duration="5s">'
        '<audio-channel-source srcCh="1" active="0"/><audio-channel-source srcCh="3"/></asset-clip>'
        '<asset-clip ref="b" name="y" start="3600s" duration="5s">'
        '<audio-channel-source srcCh="1" active="0"/></asset-clip>',
    )
    (clip,) = clips(timeline)
    assert clip.media == Media(str(tmp_path / "b.wav"), None, 2)


COMPOUND = """<media id="c"><sequence format="f25" duration="20s" tcStart="0s"><spine>
  <asset-clip ref="a" name="in1" offset="0s" start="100s" duration="10s"/>
  <asset-clip ref="b" name="in2" offset="10s" start="3600s" duration="10s">
    <asset-clip ref="a" name="music" lane="-1" offset="3602s" start="500s" duration="5s"/>
  </asset-clip></spine></sequence></media>"""


def test_a_compound_clip_is_laid_open_and_trimmed(tmp_path: Path) -> None:
    timeline = read(
        tmp_path,
        '<gap duration="3s"/><ref-clip ref="c" name="C" start="6s" duration="10s"/>',
        COMPOUND,
    )
    assert heard(timeline) == [("in1", 3, 7, 106), ("in2", 7, 13, 0), ("music", 9, 13, 500)]


def test_a_retimed_compound_clip(tmp_path: Path) -> None:
    retime = '<timeMap><timept time="0s" value="0s"/><timept time="10s" value="20s"/></timeMap>'
    timeline = read(
        tmp_path,
        f'<ref-clip ref="c" name="C" start="1s" duration="8s">{retime}</ref-clip>',
        COMPOUND,
    )
    assert heard(timeline) == [("in1", 0, 4, 102), ("in2", 4, 8, 0), ("music", 5, F(15, 2), 500)]
    assert {clip.speed for clip in clips(timeline)} == {2}


MULTICAM = """<media id="mc"><multicam format="f25" tcStart="100s">
  <mc-angle name="1" angleID="one"><gap offset="0s" duration="2s"/>
    <asset-clip ref="a" name="cam" offset="2s" start="50s" duration="90s"/></mc-angle>
  <mc-angle name="2" angleID="two">
    <asset-clip ref="b" name="rec" offset="0s" start="3600s" duration="90s"/></mc-angle>
</multicam></media>"""


def test_multicam_sound_comes_from_its_audio_angle(tmp_path: Path) -> None:
    timeline = read(
        tmp_path,
        '<mc-clip ref="mc" name="M" start="110s" duration="5s">'
        '<mc-source angleID="one" srcEnable="video"/><mc-source angleID="two" srcEnable="audio"/>'
        '</mc-clip><mc-clip ref="mc" name="M" start="110s" duration="5s">'
        '<mc-source angleID="one" srcEnable="all"/></mc-clip>'
        '<mc-clip ref="mc" name="M" duration="5s"/>',
        MULTICAM,
    )
    assert heard(timeline)[:2] == [("rec", 0, 5, 10), ("cam", 5, 10, 58)]
    assert clips(timeline)[2].unreadable == "multicam clip"


def test_a_synchronised_clip_uses_the_sound_that_is_switched_on(tmp_path: Path) -> None:
    timeline = read(
        tmp_path,
        '<sync-clip name="S" offset="0s" start="10s" duration="5s">'
        '<asset-clip ref="a" name="cam" offset="0s" start="0s" duration="60s" audioRole="dialogue">'
        '<asset-clip ref="b" name="rec" lane="-1" offset="0s" start="3600s" duration="60s"'
        ' audioRole="dialogue"/></asset-clip>'
        '<sync-source sourceID="storyline">'
        '<audio-role-source role="dialogue.dialogue-1" active="0"/></sync-source>'
        '<sync-source sourceID="connected"><audio-role-source role="dialogue.dialogue-1"/>'
        "</sync-source></sync-clip>",
    )
    assert heard(timeline) == [("rec", 0, 5, 10)]


def test_what_is_connected_to_a_synchronised_clip_may_reach_beyond_it(tmp_path: Path) -> None:
    timeline = read(
        tmp_path,
        '<sync-clip name="S" offset="0s" start="10s" duration="5s"><spine>'
        '<asset-clip ref="a" name="cam" offset="0s" start="0s" duration="60s"/></spine>'
        '<asset-clip ref="b" name="voice" lane="-1" offset="12s" start="3600s" duration="20s"/>'
        "</sync-clip>",
    )
    assert heard(timeline) == [("cam", 0, 5, 10), ("voice", 2, 22, 0)]


def test_a_clip_trims_what_it_holds_and_not_what_hangs_on_it(tmp_path: Path) -> None:
    timeline = read(
        tmp_path,
        '<clip name="c" offset="0s" start="10s" duration="5s">'
        '<asset-clip ref="a" name="held" offset="0s" start="0s" duration="60s"/>'
        '<asset-clip ref="b" name="voice" lane="1" offset="12s" start="3600s" duration="20s"/>'
        "</clip>",
    )
    assert heard(timeline) == [("held", 0, 5, 10), ("voice", 2, 22, 0)]


def test_an_audition_is_its_pick(tmp_path: Path) -> None:
    timeline = read(
        tmp_path,
        '<audition><asset-clip ref="a" name="pick" duration="4s"/>'
        '<asset-clip ref="b" name="other" duration="4s"/></audition>'
        '<asset-clip ref="a" name="next" duration="1s"/>',
    )
    assert heard(timeline) == [("pick", 0, 4, 0), ("next", 4, 5, 0)]


def test_the_original_is_preferred_to_the_proxy(tmp_path: Path) -> None:
    (tmp_path / "proxy.wav").write_bytes(b"RIFF")
    (clip,) = clips(read(tmp_path, '<asset-clip ref="a" name="x" duration="5s"/>'))
    assert clip.media == Media(str(tmp_path / "a.wav"))


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(1, 9)), max_size=30))
def test_clips_over_each_other_go_to_the_first_free_track(spans: list[tuple[int, int]]) -> None:
    clips = [DraftClip("", Span(F(start), F(start + length))) for start, length in spans]
    tracks = fcpxml._without_overlap(clips)
    expected: list[list[DraftClip]] = []
    for clip in sorted(clips, key=lambda each: each.record.start):
        free = (track for track in expected if track[-1].record.end <= clip.record.start)
        track = next(free, None)
        if track is None:
            expected.append(track := [])
        track.append(clip)
    assert tracks == expected
