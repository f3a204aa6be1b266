"""Which windows make a batch, and reading their audio."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.errors import MediaEmpty, MediaMissing, MediaUnreadable
from editor_plugin.core.transcript import Window
from editor_plugin.runner.pieces import LOOK_AHEAD, SHORTEST, AudioPiece, pick, read, usable


def piece(samples: int, start: int = 0, audio: Path = Path("a.wav")) -> AudioPiece:
    window = Window(start, start + samples, start, start + samples)
    return AudioPiece("a", audio, window, window)


lengths = st.lists(st.integers(1, 40 * SHORTEST), min_size=1, max_size=60)


@given(lengths, st.integers(1, 200 * SHORTEST))
def test_a_batch_has_the_first_and_fits(sizes: list[int], limit: int) -> None:
    waiting = [piece(size) for size in sizes]
    chosen = pick(waiting, limit)
    assert chosen[0] == 0
    assert chosen == sorted(set(chosen))
    padded = max(max(sizes[i], SHORTEST) for i in chosen) * len(chosen)
    assert padded <= limit or len(chosen) == 1


@given(lengths, st.integers(SHORTEST, 200 * SHORTEST))
def test_taking_batch_after_batch_takes_everything_once_and_roughly_in_order(
    sizes: list[int], limit: int
) -> None:
    waiting = [(index, piece(size)) for index, size in enumerate(sizes)]
    taken: list[int] = []
    while waiting:
        chosen = pick([each for _, each in waiting], limit)
        skipped = [waiting[i][1].window.samples for i in range(chosen[-1]) if i not in chosen]
        assert sum(skipped) < LOOK_AHEAD * limit
        taken += [waiting[i][0] for i in chosen]
        waiting = [each for i, each in enumerate(waiting) if i not in chosen]
    assert sorted(taken) == list(range(len(sizes)))


def test_windows_of_like_length_go_together() -> None:
    second = SHORTEST
    waiting = [piece(second * n) for n in (30, 2, 30, 2, 30, 2)]
    assert pick(waiting, 90 * second) == [0, 2, 4]


def test_a_window_is_read_with_its_context_and_silence_after_it(tmp_path: Path) -> None:
    audio = tmp_path / "ä b.wav"
    ramp = np.arange(20000, dtype=np.int16)
    soundfile.write(audio, ramp, 16000, subtype="PCM_16")
    window = Window(500, 600, 400, 700)
    samples = read(AudioPiece("a", audio, window, window))
    assert len(samples) == SHORTEST
    assert (samples[:300] * 32768).round().astype(int).tolist() == list(range(400, 700))
    assert not samples[300:].any()
    assert len(read(piece(17000, 1000, audio))) == 17000


def test_what_cannot_be_used_is_told(tmp_path: Path) -> None:
    with pytest.raises(MediaMissing):
        usable(tmp_path / "none.wav", [])
    text = tmp_path / "text.wav"
    text.write_text("these are words")
    with pytest.raises(MediaUnreadable):
        usable(text, [])
    empty = tmp_path / "empty.wav"
    soundfile.write(empty, np.zeros(0), 16000)
    with pytest.raises(MediaEmpty):
        usable(empty, [])
    stereo = tmp_path / "stereo.wav"
    soundfile.write(stereo, np.zeros((100, 2)), 44100)
    with pytest.raises(MediaUnreadable, match="44100 Hz with 2 channels"):
        usable(stereo, [])
    short = tmp_path / "short.wav"
    soundfile.write(short, np.zeros(100), 16000)
    usable(short, [Window(0, 100, 0, 100)])
    with pytest.raises(MediaUnreadable, match="ends at sample 100, before 101"):
        usable(short, [Window(0, 100, 0, 101)])
