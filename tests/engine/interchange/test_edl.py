from __future__ import annotations

from fractions import Fraction as F
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from editor_plugin.core.errors import RateUnknown, TimelineUnreadable
from editor_plugin.core.timebase import timecode
from editor_plugin.core.timeline import Clip, Timeline
from editor_plugin.engine.interchange import edl
from tests.engine.interchange.here import read_here


def read(tmp_path: Path, text: str, rate: F | None = F(25), encoding: str = "utf-8") -> Timeline:
    for name in ("A001.wav", "B001.wav"):
        (tmp_path / name).write_bytes(b"RIFF")
    path = tmp_path / "cut.edl"
    path.write_text(text, encoding=encoding)
    return read_here(path, rate=rate)


def clips(timeline: Timeline) -> list[Clip]:
    return [clip for track in timeline.tracks for clip in track.clips]


def heard(timeline: Timeline) -> list[tuple[str, F, F, F]]:
    """Name, record start and end, source in; in seconds."""
    return [(c.name, c.record.start, c.record.end, c.source_in) for c in clips(timeline)]


ONE = "001  A001  {}  C  00:00:05:00 00:00:07:00 01:00:01:00 01:00:03:00\n"


@pytest.mark.parametrize("channels", ["V", "A", "AA", "A2", "B", "AA/V", "A2/V", "A/V", "aa/v"])
def test_sound_and_picture_of_one_event_are_one(tmp_path: Path, channels: str) -> None:
    timeline = read(tmp_path, ONE.format(channels))
    assert heard(timeline) == [("A001", 1, 3, 5)]
    assert timeline.shot_changes == ((1, 3) if channels.upper() not in ("A", "AA", "A2") else ())


def test_picture_and_sound_of_one_event_on_two_lines(tmp_path: Path) -> None:
    timeline = read(tmp_path, ONE.format("V") + ONE.format("A") + ONE.format("A2"))
    assert heard(timeline) == [("A001", 1, 3, 5)]


def test_extra_audio_channels_are_sound(tmp_path: Path) -> None:
    assert len(clips(read(tmp_path, ONE.format("V") + "AUD  3  4\n"))) == 1


def test_where_a_timeline_starts(tmp_path: Path) -> None:
    event = "001 A001 AA C 00:00:05:00 00:00:07:00 {} {}\n"
    for first, last, start, note in (
        ("00:00:10:00", "00:00:12:00", "00:00:00:00", True),
        ("01:00:00:00", "01:00:02:00", "01:00:00:00", False),
        ("10:02:00:00", "10:02:02:00", "10:00:00:00", True),
        ("09:58:30:00", "09:58:32:00", "09:58:30:00", False),
    ):
        timeline = read(tmp_path, event.format(first, last))
        assert timecode(timeline.start_frame, F(25)) == start
        assert bool(timeline.notes) == note


def test_black_at_the_head_keeps_its_place(tmp_path: Path) -> None:
    black = "000 BL V C 00:00:00:00 00:00:01:00 01:00:00:00 01:00:01:00\n"
    timeline = read(tmp_path, black + ONE.format("AA"))
    assert heard(timeline) == [("A001", 1, 3, 5)]
    assert timeline.notes == ()


@pytest.mark.parametrize(
    ("out", "motion", "speed", "source_in"),
    [
        ("00:00:06:15", "020.0", F(4, 5), 5),
        ("00:00:09:00", "050.0", F(2), 5),
        ("00:00:07:00", "020.0", F(4, 5), 5),  # the source out is not told, M2 is
        ("00:00:07:00", "-025.0", F(-1), 7),
        ("00:00:07:00", "000.0", F(0), 5),
        ("00:00:06:09", "017.0", F(17, 25), 5),
    ],
)
def test_speeds(tmp_path: Path, out: str, motion: str, speed: F, source_in: int) -> None:
    line = f"001 A001 AA C 00:00:05:00 {out} 01:00:00:00 01:00:02:00\n"
    (clip,) = clips(read(tmp_path, f"{line}M2   A001   {motion}   00:00:05:00\n"))
    assert (clip.speed, clip.source_in) == (speed, source_in)


def test_a_speed_that_one_decimal_rounds_is_taken_from_the_durations(tmp_path: Path) -> None:
    line = "001 A001 AA C 00:00:00:00 00:01:06:16 01:00:00:00 01:01:40:00\n"
    (clip,) = clips(read(tmp_path, f"{line}M2   A001   016.7   00:00:00:00\n"))
    assert clip.speed == F(1666, 2500)


def test_durations_that_differ_without_a_reason_are_unreadable(tmp_path: Path) -> None:
    line = "001 A001 AA C 00:00:05:00 00:00:06:00 01:00:00:00 01:00:02:00\n"
    (clip,) = clips(read(tmp_path, line))
    assert clip.unreadable == "its source and record durations differ"


def test_a_freeze_frame(tmp_path: Path) -> None:
    line = "001 A001 AA C 00:00:05:00 00:00:05:01 01:00:00:00 01:00:02:00\n* FREEZE FRAME\n"
    assert [c.speed for c in clips(read(tmp_path, line))] == [0]


def test_a_dissolve_names_both_its_clips(tmp_path: Path) -> None:
    timeline = read(
        tmp_path,
        "001 AX AA C 00:00:05:00 00:00:07:00 01:00:00:00 01:00:02:00\n"
        "* FROM CLIP NAME: A001.wav\n"
        "002 AX AA C 00:00:07:00 00:00:07:00 01:00:02:00 01:00:02:00\n"
        "002 AX AA D 025 00:00:20:00 00:00:24:00 01:00:02:00 01:00:06:00\n"
        "EFFECTS NAME IS CROSS DISSOLVE\n* FROM CLIP NAME: A001.wav\n* TO CLIP NAME: B001.wav\n",
    )
    assert heard(timeline) == [("A001.wav", 0, 2, 5), ("B001.wav", 2, 6, 20)]


def test_a_dissolve_may_be_the_first_event(tmp_path: Path) -> None:
    timeline = read(tmp_path, "001 A001 AA D 025 00:00:05:00 00:00:07:00 01:00:00:00 01:00:02:00\n")
    assert heard(timeline) == [("A001", 0, 2, 5)]


def test_drop_frame_tells_the_rate(tmp_path: Path) -> None:
    line = "001 A001 AA C 00:00:00;00 00:01:00;02 01:00:00;00 01:01:00;02\n"
    timeline = read(tmp_path, line, rate=None)
    assert (timeline.rate, timeline.drop_frame) == (F(30000, 1001), True)
    assert timeline.start_frame == 107892
    assert clips(timeline)[0].record.end == 1800 * F(1001, 30000)
    fcm = "FCM: DROP FRAME\n" + line.replace(";", ":")
    assert heard(read(tmp_path, fcm, rate=None)) == heard(timeline)


def test_a_tape_without_drop_frame_in_a_drop_frame_list(tmp_path: Path) -> None:
    line = "FCM: DROP FRAME\n001 A001 AA C 00:01:00:00 00:01:02:00 01:00:00:00 01:00:02:00\n"
    (clip,) = clips(read(tmp_path, line, rate=None))
    assert clip.source_in == 1800 * F(1001, 30000)


def test_no_rate_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(RateUnknown, match=r"does not state its frame rate.*--rate 25"):
        read(tmp_path, ONE.format("AA"), rate=None)


def test_labels_that_the_rate_does_not_have(tmp_path: Path) -> None:
    with pytest.raises(TimelineUnreadable, match="01:00:02:29"):
        read(tmp_path, ONE.format("AA").replace("01:00:03:00", "01:00:02:29"))


def test_names_of_sources(tmp_path: Path) -> None:
    sub = tmp_path / "sub dir"
    sub.mkdir()
    (sub / "été 1.mov").write_bytes(b"x")
    for remark in (
        "* FROM CLIP NAME:  été 1.mov",
        "* SOURCE FILE: D:\\x\\été 1.mov",
        f"* FROM CLIP: {(sub / 'été 1.mov').as_uri()}",
        "* CLIP NAME IS: ÉTÉ 1.MOV",
    ):
        (clip,) = clips(read(tmp_path, ONE.format("AA").replace("A001", "AX") + remark + "\n"))
        assert clip.media is not None
        assert clip.media.path == str(sub / "été 1.mov")


def test_utf_16_and_windows_line_ends(tmp_path: Path) -> None:
    text = ("TITLE: Schnitt é\n" + ONE.format("AA")).replace("\n", "\r\n")
    assert read(tmp_path, text, encoding="utf-16").name == "Schnitt é"


@settings(max_examples=80, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 50), st.integers(1, 5000), st.integers(0, 10**6)), min_size=1,
        max_size=10,
    ),
    st.sampled_from([(F(24000, 1001), False), (F(25), False), (F(30000, 1001), True)]),
)  # fmt: skip
def test_frames_come_through_exactly(
    tmp_path_factory: pytest.TempPathFactory,
    shot_changes: list[tuple[int, int, int]],
    labelled: tuple[F, bool],
) -> None:
    rate, drop_frame = labelled
    start = 107892 if drop_frame else 3600 * round(rate)
    lines, wanted, now = [f"FCM: {'' if drop_frame else 'NON-'}DROP FRAME"], [], 0
    for space, length, source in shot_changes:
        points = (source, source + length, start + now + space, start + now + space + length)
        labels = " ".join(timecode(point, rate, drop_frame) for point in points)
        lines.append(f"{len(lines):03} LOST AA C {labels}")
        wanted.append((now + space, now + space + length, source))
        now += space + length
    timeline = read(tmp_path_factory.mktemp("edl"), "\n".join(lines), rate)
    got = [
        (c.record.start * rate, c.record.end * rate, c.source_in * rate) for c in clips(timeline)
    ]
    assert got == wanted


WORDS = st.text(st.sampled_from("abXY1_.-"), min_size=1, max_size=6)
SPACES = st.sampled_from([" ", "  ", "\t", " \t  "])


@settings(deadline=None)
@given(
    st.lists(WORDS, min_size=1, max_size=4),
    st.sampled_from(["A", "AA", "aa/v", "NONE", "A2"]),
    st.sampled_from(["C", "D 024", "W001 012", "K 000 (F)", "KB (010)"]),
    SPACES,
    st.sampled_from(["", " x", " 00:00:00:00"]),
)
def test_an_edit_is_read_whatever_its_reel(
    reel: list[str], channels: str, edit: str, space: str, rest: str
) -> None:
    times = ["00:00:05:00", "00:00:07:00", "01:00:01:00", "01:00:03;00"]
    line = space.join(["001", *reel, channels, *edit.split(), *times]) + rest
    found = edl._event(line, False)
    assert found is not None
    assert (found.number, found.reel) == ("001", space.join(reel))
    assert (found.channels, found.edit, found.times) == (channels, edit.split()[0], times)


@pytest.mark.parametrize("missing", range(8))
def test_a_line_without_one_of_its_fields_is_no_edit(missing: int) -> None:
    words = ONE.format("AA").split()
    assert edl._event(" ".join(words), False) is not None
    assert edl._event(" ".join(words[:missing] + words[missing + 1 :]), False) is None


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("M2   A001       -025.0      00:00:05:00", ("A001", F(-25))),
        ("M2   my reel    12.5  00:00:05:00  rest", ("my reel", F(25, 2))),
        ("M2   A001-B-012.0  00:00:05:00", ("A001-B", F(-12))),
        ("M2   024.0  00:00:05:00", ("", F(24))),
        ("M2   A001  00:00:05:00", ("A", F(1))),
        ("M2   A  00:00:05:00", None),
        ("M2   A001  025.0", None),
        ("M3   A001  025.0  00:00:05:00", None),
        ("M2", None),
    ],
)
def test_what_a_motion_line_says(line: str, found: tuple[str, F] | None) -> None:
    assert edl._motion(line) == found
