from __future__ import annotations

from fractions import Fraction as F
from pathlib import Path

import pytest

from editor_plugin.core.timeline import Clip, Media, Timeline
from editor_plugin.engine.interchange import read_timeline

RATE = "<rate><timebase>25</timebase><ntsc>FALSE</ntsc></rate>"
FILE = (
    '<file id="f"><name>a.wav</name><pathurl>a.wav</pathurl>'
    "<media><audio><channelcount>2</channelcount></audio>"
    "<audio><channelcount>4</channelcount></audio></media></file>"
)


def item(
    name: str, start: int, end: int, begin: int, more: str = FILE, out: int | None = None
) -> str:
    out = begin + end - start if out is None else out
    return (
        f'<clipitem id="{name}"><name>{name}</name><start>{start}</start><end>{end}</end>'
        f"<in>{begin}</in><out>{out}</out>{more}</clipitem>"
    )


def speed(percent: float | str, **parameters: str) -> str:
    told = {"speed": str(percent), **parameters}
    listed = "".join(
        f"<parameter><parameterid>{name}</parameterid><value>{value}</value></parameter>"
        for name, value in told.items()
    )
    return f"<filter><effect><effectid>timeremap</effectid>{listed}</effect></filter>"


def channel(index: int) -> str:
    return (
        f"<sourcetrack><mediatype>audio</mediatype><trackindex>{index}</trackindex></sourcetrack>"
    )


def sequence(audio: str, video: str = "", name: str = "S", rate: str = RATE) -> str:
    return (
        f'<sequence id="{name}"><name>{name}</name>{rate}<media><video>{video}</video>'
        f"<audio>{audio}</audio></media></sequence>"
    )


def read(tmp_path: Path, *tracks: str, more: str = "", **given: str) -> Timeline:
    (tmp_path / "a.wav").write_bytes(b"RIFF")
    body = sequence("".join(f"<track>{each}</track>" for each in tracks), **given)
    path = tmp_path / "cut.xml"
    path.write_text(
        f'<xmeml version="5"><project><children>{body}{more}</children></project></xmeml>'
    )
    return read_timeline(path)


def clips(timeline: Timeline) -> list[Clip]:
    return [clip for track in timeline.tracks for clip in track.clips]


def heard(timeline: Timeline) -> list[tuple[str, F, F, F]]:
    """Name, record start and end, source in; in frames."""
    return [
        (c.name, c.record.start * 25, c.record.end * 25, c.source_in * 25) for c in clips(timeline)
    ]


def test_clips_at_a_transition_meet_at_its_cut_point(tmp_path: Path) -> None:
    def transition(alignment: str) -> str:
        return (
            f"<transitionitem><start>90</start><end>110</end><alignment>{alignment}</alignment>"
            "</transitionitem>"
        )

    for alignment, cut in (("center", 100), ("start-black", 90), ("end-black", 110)):
        timeline = read(
            tmp_path,
            item("a", 0, -1, 0, out=110) + transition(alignment) + item("b", -1, 200, 500, out=610),
        )
        assert heard(timeline) == [("a", 0, cut, 0), ("b", cut, 200, 500 + cut - 90)]


@pytest.mark.parametrize(
    ("begin", "out", "more", "source_in", "told"),
    [
        (100, 150, speed(200), 200, F(2)),  # in and out count after the retime
        (100, 200, speed(200), 100, F(2)),  # in and out count in the source
        (125, 175, speed(80), 100, F(4, 5)),
        (100, 140, speed(80), 100, F(4, 5)),
        (100, 150, speed(100), 100, F(1)),
        (100, 150, speed(0), 0, F(0)),
        (100, 150, speed(100, reverse="TRUE"), 100, F(-1)),
        (100, 150, speed(-50), 50, F(-1, 2)),
    ],
)
def test_retimes(tmp_path: Path, begin: int, out: int, more: str, source_in: int, told: F) -> None:
    (clip,) = clips(read(tmp_path, item("x", 0, 50, begin, FILE + more, out)))
    assert (clip.source_in * 25, clip.speed, clip.unreadable) == (source_in, told, None)


@pytest.mark.parametrize("more", [speed(100, variablespeed="1"), speed("fast")])
def test_a_speed_that_changes_is_unreadable(tmp_path: Path, more: str) -> None:
    (clip,) = clips(read(tmp_path, item("x", 0, 50, 0, FILE + more)))
    assert clip.unreadable == "variable speed"


def test_in_points_of_another_rate(tmp_path: Path) -> None:
    fifty = "<rate><timebase>50</timebase><ntsc>FALSE</ntsc></rate>"
    in_source_frames, in_sequence_frames = clips(
        read(
            tmp_path,
            item("x", 0, 50, 200, fifty + FILE, out=300)
            + item("y", 50, 100, 200, fifty + FILE, out=250),
        )
    )
    assert (in_source_frames.source_in, in_sequence_frames.source_in) == (4, 8)


def test_disabled_clips_and_tracks(tmp_path: Path) -> None:
    off = item("off", 0, 50, 0, FILE + "<enabled>FALSE</enabled>")
    timeline = read(tmp_path, off, item("on", 0, 50, 0) + "<enabled>FALSE</enabled>")
    assert [c.enabled for c in clips(timeline)] == [False, True]
    assert [t.muted for t in timeline.tracks] == [False, True]


def test_a_stereo_pair_is_heard_once_and_two_microphones_are_two(tmp_path: Path) -> None:
    path = str(tmp_path / "a.wav")
    pair = read(
        tmp_path,
        item("l", 0, 50, 0, FILE + channel(1)),
        item("r", 0, 50, 0, '<file id="f"/>' + channel(2)),
    )
    assert [c.media for c in clips(pair)] == [Media(path)]
    apart = read(
        tmp_path,
        item("lav", 0, 50, 0, FILE + channel(1)),
        item("boom", 50, 90, 50, '<file id="f"/>' + channel(4)),
    )
    assert [c.media for c in clips(apart)] == [Media(path, None, 0), Media(path, 1, 1)]


def test_only_the_microphone_that_is_not_muted_is_heard(tmp_path: Path) -> None:
    timeline = read(
        tmp_path,
        item("lav", 0, 50, 0, FILE + channel(1)),
        item("boom", 0, 50, 0, '<file id="f"/>' + channel(2)) + "<enabled>FALSE</enabled>",
    )
    lav = timeline.tracks[0].clips[0].media
    assert lav == Media(str(tmp_path / "a.wav"), None, 0)


def test_index_one_alone_is_the_whole_stereo_clip(tmp_path: Path) -> None:
    (clip,) = clips(read(tmp_path, item("st", 0, 50, 0, FILE + channel(1))))
    assert clip.media == Media(str(tmp_path / "a.wav"))


def test_a_nested_sequence_is_laid_open(tmp_path: Path) -> None:
    inner = sequence(
        f"<track>{item('a', 0, 60, 100)}{item('b', 60, 120, 300)}</track>", name="inner"
    )
    timeline = read(
        tmp_path,
        item("nest", 10, 60, 40, inner),
        item("nest2", 10, 60, 40, '<sequence id="inner"/>'),
    )
    assert heard(timeline) == [("a", 10, 30, 140), ("b", 30, 60, 300)]
    (clip,) = clips(read(tmp_path, item("n", 0, 50, 0, inner + speed(100, reverse="TRUE"))))
    assert clip.unreadable == "retimed nested sequence"


def test_what_cannot_be_read_does_not_stop_the_rest(tmp_path: Path) -> None:
    timeline = read(
        tmp_path,
        "<clipitem/>"
        + item("multi", 0, 10, 0, "<multiclip/>")
        + "<generatoritem><name>tone</name><start>10</start><end>20</end></generatoritem>"
        + item("bare", 20, 30, 0, "")
        + item("good", 30, 40, 0),
    )
    assert [(c.name, c.unreadable) for c in clips(timeline)] == [
        ("multi", "multicam clip"),
        ("tone", "generator"),
        ("bare", "no media"),
        ("good", None),
    ]


def test_drop_frame_and_start_from_the_label_alone(tmp_path: Path) -> None:
    rate = "<rate><timebase>30</timebase><ntsc>TRUE</ntsc></rate>"
    label = "<timecode><string>01;00;00;00</string><displayformat>DF</displayformat></timecode>"
    timeline = read(tmp_path, rate=rate + label)
    assert (timeline.rate, timeline.start_frame, timeline.drop_frame) == (
        F(30000, 1001),
        107892,
        True,
    )
