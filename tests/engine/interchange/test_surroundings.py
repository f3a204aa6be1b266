from __future__ import annotations

import subprocess
from dataclasses import replace
from fractions import Fraction as F
from pathlib import Path

import pytest

from editor_plugin.core.timeline import Span
from editor_plugin.engine.interchange.surroundings import FileFacts, Surroundings, facts_of
from editor_plugin.engine.media.ffmpeg_process import find_ffmpeg
from editor_plugin.engine.media.probe import inspect
from tests.engine.interchange.conftest import FilmMaker


@pytest.mark.parametrize("rate", [F(24000, 1001), F(25), F(30000, 1001)])
def test_a_film_tells_its_timecode_rate_and_length(
    film: FilmMaker, rate: F, tmp_path: Path
) -> None:
    facts = Surroundings(tmp_path / "cut.edl").facts(str(film(rate)))
    assert facts.rate == rate
    assert facts.starts_at == 3600 * round(rate) / rate
    assert facts.duration is not None
    assert abs(facts.duration - 1000 / rate) < F(1, 10)


def test_a_broadcast_wave_tells_samples_since_midnight(tmp_path: Path) -> None:
    path = tmp_path / "take.wav"
    command = [find_ffmpeg(), "-v", "error", "-f", "lavfi", "-i", "anullsrc=r=48000:d=2"]
    command += ["-metadata", "time_reference=172800123", "-write_bext", "1", str(path)]
    subprocess.run(command, check=True)
    facts = Surroundings(tmp_path / "cut.edl").facts(str(path))
    assert facts == FileFacts(F(172800123, 48000), F(2), None)


def test_what_is_no_media_tells_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.wav"
    path.write_text("no sound")
    assert Surroundings(tmp_path / "cut.edl").facts(str(path)) == FileFacts()


def test_a_label_that_cannot_be_tells_nothing(film: FilmMaker) -> None:
    info = inspect(film(F(25)))
    wrong, right = (replace(info, timecode=f"01:00:00:{frames}") for frames in ("99", "10"))
    assert facts_of(wrong) == FileFacts(None, info.duration, F(25))
    assert facts_of(right).starts_at == F(90010, 25)


def test_where_a_source_starts(film: FilmMaker, tmp_path: Path) -> None:
    around = Surroundings(tmp_path / "cut.edl")
    path = str(film(F(25)))
    for start, begin in ((3605, 3600), (5, 0), (1800, None), (3641, None), (-1, None)):
        assert around.starts_at(path, Span(F(start), F(start + 1))) == begin
