"""The double's timecode against the project's: two that were written apart."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core import timebase
from tests.doubles.resolve import clock

RATES = ["23.976", "24", "25", "29.97", "29.97 DF", "30", "47.952", "50", "59.94", "59.94 DF", "60"]


@given(st.sampled_from(RATES), st.integers(0, 2 * 10**6))
def test_both_agree_on_every_label(text: str, frame: int) -> None:
    rate, drop = clock.rate_of(text), clock.is_drop(text)
    label = clock.timecode(frame, rate, drop)
    assert label == timebase.timecode(frame, timebase.exact_rate(text.split()[0]), drop)
    assert clock.frame_of(label, rate) == frame


@pytest.mark.parametrize("text", ["", "1:00:00:00", "01:60:00:00", "01:00:00:25", "01:00:00.00"])
def test_what_is_no_timecode_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        clock.frame_of(text, Fraction(25))
