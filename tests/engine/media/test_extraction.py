"""The sound of every container, at the right time."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest
import soundfile

from editor_plugin.core.timeline import Media, Span
from editor_plugin.engine.media.extraction import extract
from tests.engine.media.clicks import CLICKS, SECONDS, found_clicks, run, write_clicks

pytestmark = pytest.mark.usefixtures("each_ffmpeg")

MILLISECOND = 0.001


@dataclass(frozen=True)
class Form:
    """How a test file is made from clicks.

    `late` is how many seconds too late its clicks are by the file's own fault: raw streams do not
    tell how much of their beginning is the encoder's priming.
    """

    suffix: str
    options: str
    rate: int = 48_000
    subtype: str = "PCM_16"
    picture: str = ""
    late: float = 0.0


X264 = "-c:v libx264 -preset ultrafast"
FORMS = {
    "wav": Form("wav", "-c:a pcm_s16le"),
    "wav of 24 bits at 96 kHz": Form("wav", "-c:a pcm_s24le", 96_000, "PCM_24"),
    "wav of floats at 192 kHz": Form("wav", "-c:a pcm_f32le", 192_000, "FLOAT"),
    "wav at 8 kHz": Form("wav", "-c:a pcm_s16le", 8_000),
    "aiff": Form("aiff", "-c:a pcm_s16be", 44_100),
    "flac": Form("flac", "-c:a flac", 44_100),
    "mp3": Form("mp3", "-c:a libmp3lame -b:a 96k", 44_100),
    "mp3 of variable rate": Form("mp3", "-c:a libmp3lame -q:a 4", 44_100),
    "mp3 of variable rate, no index": Form(
        "mp3", "-c:a libmp3lame -q:a 4 -write_xing 0", 44_100, late=1105 / 44_100
    ),
    "m4a": Form("m4a", "-c:a aac", 44_100),
    "aac": Form("aac", "-c:a aac -f adts", 44_100, late=1024 / 44_100),
    "ogg with vorbis": Form("ogg", "-c:a libvorbis", 44_100),
    "ogg with opus": Form("opus", "-c:a libopus"),
    "mp4": Form("mp4", "-c:a aac", picture=X264),
    "mov with pcm": Form("mov", "-c:a pcm_s24le", picture=X264),
    "mov with alac": Form("mov", "-c:a alac", picture=X264),
    "mkv with aac": Form("mkv", "-c:a aac", picture=X264),
    "mkv with pcm": Form("mkv", "-c:a pcm_s16le", picture=X264),
    "mkv with flac": Form("mkv", "-c:a flac", picture=X264),
    "webm with vorbis": Form(
        "webm", "-c:a libvorbis", picture="-c:v libvpx -deadline realtime -r 5"
    ),
    "webm of opus alone": Form("webm", "-c:a libopus"),
    "mxf": Form("mxf", "-c:a pcm_s16le", picture="-c:v mpeg2video"),
    "avi": Form("avi", "-c:a pcm_s16le", picture="-c:v mpeg4"),
    "ts": Form("ts", "-c:a aac", picture="-c:v mpeg2video"),
    "ts with mp2": Form("ts", "-c:a mp2", picture="-c:v mpeg2video"),
    "wmv": Form("wmv", "-c:a wmav2", 44_100, picture="-c:v wmv2"),
    "flv": Form("flv", "-c:a aac", 44_100, picture="-c:v flv1"),
    "ac3": Form("ac3", "-c:a ac3 -b:a 192k", late=256 / 48_000),
}
SPANS = {
    "all": None,
    "frames": Span(Fraction(1001 * 371, 24000), Fraction(1001 * 470, 24000)),
    "end": Span(Fraction("23.4"), Fraction(SECONDS)),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("forms")


def make(form: Form, folder: Path) -> Path:
    source = folder / f"{form.rate} {form.subtype}.wav"
    if not source.exists():
        write_clicks(source, form.rate, form.subtype)
    target = folder / f"clicks.{form.suffix}"
    picture = f"testsrc=s=64x64:r=24000/1001:d={SECONDS}"
    before = ("-f", "lavfi", "-i", picture) if form.picture else ()
    run(*before, "-i", source, *form.picture.split(), *form.options.split(), target)
    return target


def expected(span: Span | None, late: float) -> list[float]:
    start, end = (span.start, span.end) if span else (0, SECONDS)
    return [time + late for time in CLICKS if start < time + late < end]


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_click_is_found_where_it_is(form: Form, folder: Path, tmp_path: Path) -> None:
    media = Media(str(make(form, folder)))
    for name, span in SPANS.items():
        extracted = extract(media, span, tmp_path / "out.wav")
        found = [time + float(extracted.start) for time in found_clicks(extracted.path)]
        wanted = expected(span, form.late)
        assert len(found) == len(wanted), (name, found, wanted)
        assert max(abs(f - w) for f, w in zip(found, wanted, strict=True)) <= MILLISECOND, name
        assert extracted.samples == soundfile.info(extracted.path).frames
        assert not extracted.notes
