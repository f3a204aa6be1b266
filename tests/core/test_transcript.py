"""Windows in samples of one file or another."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.transcript import Window

SAMPLES = st.integers(0, 10**9)
WINDOWS = st.lists(SAMPLES, min_size=4, max_size=4).map(
    lambda at: Window(sorted(at)[1], sorted(at)[2], sorted(at)[0], sorted(at)[3])
)


@given(WINDOWS, st.integers(-(10**9), 10**9))
def test_a_shifted_window_differs_by_the_offset_alone(window: Window, by: int) -> None:
    shifted = window.shifted(by)
    assert (shifted.start, shifted.end) == (window.start + by, window.end + by)
    assert shifted.samples == window.samples
    assert shifted.start - shifted.context_start == window.start - window.context_start
    assert shifted.shifted(-by) == window
    assert window.shifted(0) == window
