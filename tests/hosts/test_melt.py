"""An editor that knows nothing of us shows our subtitles: MLT's melt, as Kdenlive and Shotcut do.

The demo timeline's clips and an SRT of ours become an MLT project; frames of what melt renders with
and without the subtitles differ where a cue stands, and nowhere else.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
import srt

from editor_plugin.core.timeline import Clip, Timeline
from editor_plugin.engine.interchange import read_timeline
from editor_plugin.engine.media.ffmpeg_process import find_ffmpeg
from tests.programs import SYSTEM_PATH, need

ROOT = Path(__file__).parents[2]
OTIO = ROOT / "demo" / "recue-demo.otio"
WIDTH, HEIGHT = 320, 180
CUES = 4
"""How many cues are looked at: the first, the last, and two between."""

pytestmark = pytest.mark.nemo


@pytest.fixture(scope="module")
def melt() -> str:
    return need("melt", path=SYSTEM_PATH)


@pytest.fixture(scope="module")
def subtitles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo timeline's SRT, as the command writes it."""
    folder = tmp_path_factory.mktemp("melt")
    command = [sys.executable, "-m", "editor_plugin", "transcribe", str(OTIO), "--model", "demo"]
    environ = {**os.environ, "RECUE_HOME": str(folder / "recue"), "PYTHONPATH": str(ROOT)}
    path = folder / "demo.srt"
    subprocess.run([*command, "-o", str(path)], check=True, env=environ, capture_output=True)
    return path


def project(timeline: Timeline, subtitles: Path | None) -> str:
    """An MLT project of the timeline's clips, with the subtitles burned in."""
    rate = timeline.rate
    position, producers, entries = 0, [], []
    for number, clip in enumerate(timeline.tracks[0].clips):
        first, end = (int(edge * rate) for edge in (clip.record.start, clip.record.end))
        if first > position:
            entries.append(f'<blank length="{first - position}"/>')
        producers.append(_producer(clip, number))
        start = int(clip.source_in * rate)
        entries.append(
            f'<entry producer="p{number}" in="{start}" out="{start + end - first - 1}"/>'
        )
        position = end
    burned = "" if subtitles is None else _burned(subtitles, position)
    return (
        '<?xml version="1.0"?><mlt LC_NUMERIC="C">'
        f'<profile width="{WIDTH}" height="{HEIGHT}" progressive="1" sample_aspect_num="1" '
        'sample_aspect_den="1" display_aspect_num="16" display_aspect_den="9" '
        f'frame_rate_num="{rate.numerator}" frame_rate_den="{rate.denominator}"/>'
        f"{''.join(producers)}<playlist id='v'>{''.join(entries)}</playlist>"
        f"<tractor id='t'><multitrack><track producer='v'/></multitrack>{burned}</tractor></mlt>"
    )


def _producer(clip: Clip, number: int) -> str:
    assert clip.media is not None
    name = escape(clip.media.path)
    return f'<producer id="p{number}"><property name="resource">{name}</property></producer>'


def _burned(subtitles: Path, frames: int) -> str:
    properties = {"mlt_service": "avfilter.subtitles", "av.filename": str(subtitles)}
    written = "".join(
        f'<property name="{name}">{escape(value)}</property>' for name, value in properties.items()
    )
    return f'<filter in="0" out="{frames - 1}">{written}</filter>'


def rendered(melt: str, text: str, folder: Path, name: str) -> list[bytes]:
    """The frames that melt renders, grey, without loss."""
    written, film = folder / f"{name}.mlt", folder / f"{name}.mkv"
    written.write_text(text, encoding="utf-8")
    consumer = [f"avformat:{film}", "vcodec=ffv1", "an=1", "pix_fmt=yuv420p", "real_time=-1"]
    subprocess.run(
        [melt, str(written), "-consumer", *consumer],
        check=True,
        capture_output=True,
        timeout=120,
        env={**os.environ, "PATH": SYSTEM_PATH},
    )
    raw = subprocess.run(
        [find_ffmpeg(), "-v", "error", "-i", str(film), "-f", "rawvideo", "-pix_fmt", "gray", "-"],
        check=True,
        capture_output=True,
    ).stdout
    size = WIDTH * HEIGHT
    return [raw[at : at + size] for at in range(0, len(raw), size)]


def test_melt_shows_each_cue_from_its_first_frame_to_its_last(
    melt: str, subtitles: Path, tmp_path: Path
) -> None:
    timeline = read_timeline(OTIO)
    plain = rendered(melt, project(timeline, None), tmp_path, "plain")
    burned = rendered(melt, project(timeline, subtitles), tmp_path, "burned")
    length = int(timeline.tracks[0].clips[-1].record.end * timeline.rate)
    assert len(plain) == len(burned) == length
    differ = [one != other for one, other in zip(plain, burned, strict=True)]
    cues = list(srt.parse(subtitles.read_text(encoding="utf-8")))
    edges = [
        tuple(round(time.total_seconds() * timeline.rate) for time in (cue.start, cue.end))
        for cue in cues
    ]
    covered = {frame for first, end in edges for frame in range(first, end)}
    chosen = edges[:: max(len(edges) // CUES, 1)]
    for first, end in chosen:
        assert all(differ[first + 1 : end - 1]), (first, end)
    for frame, other in enumerate(differ):
        # MLT tells its filters the time in milliseconds: the frame of an edge may fall either way.
        near = {frame - 1, frame, frame + 1}
        if not near & covered:
            assert not other, frame
    assert len(chosen) >= CUES
