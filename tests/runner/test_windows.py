"""Windows tile what they are cut from, in silences where there are any."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from editor_plugin.core.errors import MediaMissing, MediaUnreadable, RangeInvalid
from editor_plugin.core.transcript import SAMPLE_RATE, Window
from editor_plugin.runner import windows as planning
from editor_plugin.runner.windows import CONTEXT, STEP, VOICE_STEP, plan, tile
from tests.recordings import SPEECH, needs_speech

SECOND = SAMPLE_RATE
STEPS = SECOND // STEP
LOUD, QUIET = -20.0, -70.0


def always(probability: float) -> planning.Listen:
    def listen(start: int, end: int) -> planning.Curve:
        return np.full(-(-(end - start) // VOICE_STEP), probability, dtype=np.float32)

    return listen


def never(start: int, end: int) -> planning.Curve:
    raise AssertionError("silero-vad was asked")


def talk(seconds: int, pauses: dict[float, float]) -> planning.Curve:
    """Levels of talk with pauses: when each begins, and how long it is, in seconds."""
    levels = np.full(seconds * STEPS, LOUD, dtype=np.float32)
    for start, length in pauses.items():
        levels[round(start * STEPS) : round((start + length) * STEPS)] = QUIET
    return levels


def seconds(windows: list[Window]) -> list[tuple[float, float]]:
    return [(each.start / SECOND, each.end / SECOND) for each in windows]


@settings(deadline=None)
@given(
    arrays.arrays(np.float32, st.integers(1, 6000), elements=st.sampled_from([-90, -60, -40, -12])),
    st.integers(0, STEP - 1),
    st.integers(SECOND, 60 * SECOND),
    st.sampled_from([0.0, 0.29, 1.0]),
)
def test_windows_tile_any_sound_and_keep_the_limit(
    levels: planning.Curve, spare: int, limit: int, voice: float
) -> None:
    length = len(levels) * STEP - spare
    windows = tile(length, levels, limit, always(voice))
    assert windows[0].start == 0
    assert windows[-1].end == length
    assert all(a.end == b.start for a, b in pairwise(windows))
    for each in windows:
        assert each.start < each.end
        assert each.samples <= limit
        assert 0 <= each.context_start <= each.start < each.end <= each.context_end <= length
    assert windows == tile(length, levels, limit, always(voice))


@settings(deadline=None)
@given(st.lists(st.floats(0.4, 9), min_size=1, max_size=40), st.integers(30, 60))
def test_every_cut_is_in_a_pause_where_they_come_often_enough(
    gaps: list[float], limit: int
) -> None:
    starts = np.cumsum(np.array(gaps) + 0.5)
    total = int(starts[-1]) + 10
    levels = talk(total, {float(start): 0.5 for start in starts})
    windows = tile(total * SECOND, levels, limit * SECOND, never)
    for each in windows[:-1]:
        assert each.context_end == each.end
        assert levels[each.end // STEP] == QUIET


def test_latest_of_equal_pauses_is_taken_in_its_middle() -> None:
    levels = talk(100, {22: 0.6, 25: 0.6, 28: 0.6, 50: 0.6, 52: 1.0, 60: 0.6})
    windows = tile(100 * SECOND, levels, 30 * SECOND, always(1.0))
    assert seconds(windows)[0] == (0, 28.3)
    assert seconds(windows)[1] == (28.3, 52.5)


def test_longer_pause_is_better_than_a_later_one() -> None:
    levels = talk(100, {24: 0.8, 28: 0.32, 50: 0.5, 75: 0.5})
    assert seconds(tile(100 * SECOND, levels, 30 * SECOND, always(1.0)))[0] == (0, 24.4)


def test_closure_of_a_consonant_is_no_pause() -> None:
    levels = talk(50, {25: 0.2})
    windows = tile(50 * SECOND, levels, 30 * SECOND, always(1.0))
    assert windows[0].context_end > windows[0].end


def test_last_two_windows_share_what_is_left() -> None:
    levels = talk(64, {start + 0.5: 0.5 for start in range(64)})
    windows = tile(64 * SECOND, levels, 30 * SECOND, never)
    assert [round(end - start) for start, end in seconds(windows)] == pytest.approx(
        [29, 20, 15], abs=4
    )
    assert min(each.samples for each in windows) > 10 * SECOND


def test_both_sides_hear_the_words_around_a_cut_in_speech() -> None:
    levels = talk(60, {})
    levels[26 * STEPS : 26 * STEPS + 5] = -30  # the quietest moment
    first, second, *_ = tile(60 * SECOND, levels, 30 * SECOND, always(1.0))
    assert first.end == 26 * SECOND + 5 * STEP // 2
    assert first.context_end == first.end + CONTEXT
    assert second.context_start == first.end - CONTEXT


def test_speech_detector_finds_the_pause_under_music() -> None:
    levels = talk(60, {})  # as loud throughout

    def listen(start: int, end: int) -> planning.Curve:
        times = (start + np.arange(0, end - start, VOICE_STEP)) / SECOND
        return np.where((times > 28.5) & (times < 29), 0.01, 0.99).astype(np.float32)

    first, *_ = tile(60 * SECOND, levels, 30 * SECOND, listen)
    assert first.context_end == first.end
    assert 28.5 < first.end / SECOND < 29


def write(path: Path, sound: npt.NDArray[np.float64], rate: int = SAMPLE_RATE) -> Path:
    soundfile.write(path, sound, rate, subtype="PCM_16")
    return path


def bursts(seconds: int) -> npt.NDArray[np.float64]:
    """Noise of 1.5 s and silence of 0.5 s, in turn."""
    noise = np.random.default_rng(1).normal(0, 0.1, seconds * SECOND)
    return np.where(np.arange(seconds * SECOND) % (2 * SECOND) < 1.5 * SECOND, noise, 0)


def test_ranges_of_a_file_are_tiled_each_by_itself(tmp_path: Path) -> None:
    audio = write(tmp_path / "a.wav", bursts(100))
    ranges = [(0, 5 * SECOND), (7, 90 * SECOND + 1), (95 * SECOND, 95 * SECOND + 800)]
    windows = plan(audio, ranges, 20 * SECOND)
    assert windows[0] == Window(0, 5 * SECOND, 0, 5 * SECOND)
    assert windows[-1] == Window(*ranges[2], *ranges[2])
    long = windows[1:-1]
    assert (long[0].start, long[-1].end) == ranges[1]
    assert all(a.end == b.start for a, b in pairwise(long))
    for each in long[:-1]:
        assert 1.5 < each.end / SECOND % 2 < 2
    assert plan(audio, [], 20 * SECOND) == []


def test_speech_detector_itself_is_asked_where_noise_hides_the_pauses(tmp_path: Path) -> None:
    """White noise alone: no pause stands out, and silero-vad hears no speech in it."""
    import torch

    noise = np.random.default_rng(1).normal(0, 0.05, 50 * SECOND)
    threads = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        windows = plan(write(tmp_path / "n.wav", noise), [(0, 50 * SECOND)], 30 * SECOND)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(threads)
    assert len(windows) == 2
    assert windows[0].context_end == windows[0].end


def test_bad_input_is_said(tmp_path: Path) -> None:
    audio = write(tmp_path / "a.wav", bursts(2))
    with pytest.raises(MediaMissing):
        plan(tmp_path / "none.wav", [(0, 1)], SECOND)
    (tmp_path / "text.wav").write_text("no sound")
    with pytest.raises(MediaUnreadable):
        plan(tmp_path / "text.wav", [(0, 1)], SECOND)
    with pytest.raises(MediaUnreadable, match="16 kHz"):
        plan(write(tmp_path / "b.wav", bursts(2), 48_000), [(0, 1)], SECOND)
    for bad in [(0, 2 * SECOND + 1), (5, 5), (-1, 5), (6, 5)]:
        with pytest.raises(RangeInvalid):
            plan(audio, [bad], SECOND)
    with pytest.raises(ValueError, match="limit"):
        plan(audio, [(0, 1)], SECOND - 1)


READING = SPEECH / "librivox"


@needs_speech
@pytest.mark.parametrize("limit", [5, 6, 8, 10, 12])
def test_no_word_of_a_real_reading_is_cut_without_context(limit: int, tmp_path: Path) -> None:
    sounds, spoken, offset = [], [], 0.0
    for each in json.loads((READING / "reference.json").read_text()):
        sounds.append(soundfile.read(READING / each["file"])[0])
        spoken += [(offset + w["start"], offset + w["end"]) for w in each["words"]]
        offset += len(sounds[-1]) / SECOND
    audio = write(tmp_path / "reading.wav", np.concatenate(sounds))
    windows = plan(audio, [(0, soundfile.info(audio).frames)], limit * SECOND)
    assert len(windows) > 1
    for cut in [each.end / SECOND for each in windows[:-1] if each.end == each.context_end]:
        # The reference was aligned by a machine: its edges are true to some 0.1 s.
        assert not [word for word in spoken if word[0] + 0.1 < cut < word[1] - 0.1]
