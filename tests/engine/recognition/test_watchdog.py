"""The watchdog's decision, with a clock of its own."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.protocol import STAGES
from editor_plugin.engine.recognition.watchdog import (
    WATCHED,
    AwakeClock,
    CallSize,
    FinishedBatch,
    Timeouts,
    Watchdog,
    allowed,
)

CALM = Timeouts(silence=1e9, idle=1e9)
"""Without the rules about silence and idleness, so that a test sees the others."""
STEP = 1.0


def pass_time(watch: Watchdog, now: float, seconds: float) -> float:
    """Let a runner compute; look once a second, until a stall at most. Returns the new time."""
    until = now + seconds
    while now < until and not watch.stalled():
        now = min(until, now + STEP)
        watch.tick(now)
        watch.used(now)
    return now


@given(
    batch_audio=st.floats(10, 600),
    overhead=st.floats(0, 5),
    pace=st.floats(0.001, 1.5),
    batches=st.lists(st.tuples(st.floats(0.01, 1), st.floats(1, CALM.factor)), max_size=12),
)
def test_a_slow_machine_is_never_called_stalled(
    batch_audio: float, overhead: float, pace: float, batches: list[tuple[float, float]]
) -> None:
    """A batch takes `overhead + pace * audio` and, by bad luck, up to `factor` times that."""
    watch, now = Watchdog(CallSize("transcribing", 0, 1e6, batch_audio), CALM, 0.0), 0.0
    for number, (share, luck) in enumerate(batches):
        audio = share * batch_audio
        took = overhead + pace * audio
        if number >= 2:
            took *= luck
        now = pass_time(watch, now, took)
        assert not watch.stalled()
        watch.finished_batch(audio)


@given(
    stage=st.sampled_from(WATCHED),
    claims=st.lists(st.sampled_from([*STAGES, "nonsense"]), min_size=1, max_size=20),
    size=st.integers(0, 10**10),
    audio=st.floats(0, 1e5),
    finished=st.lists(st.tuples(st.floats(0, 1000), st.floats(0, 1000)), max_size=5),
    sleep=st.floats(0, 1e6),
)
def test_a_runner_that_has_stopped_is_found_out_whatever_it_says(
    stage: str,
    claims: list[str],
    size: int,
    audio: float,
    finished: list[tuple[float, float]],
    sleep: float,
) -> None:
    batches = tuple(FinishedBatch(*each) for each in finished)
    task = CallSize(stage, size, audio, 0.0, batches)
    bound = sum(allowed(each, task, CALM) for each in {stage, *claims} if each in WATCHED)
    watch = Watchdog(task, CALM, 0.0)
    now = sleep  # right at the beginning the machine slept
    watch.tick(now)
    for number in range(10**7):
        watch.heard()
        watch.entered(claims[number % len(claims)])
        now += CALM.longest_tick
        watch.tick(now)
        if watch.stalled():
            break
    assert watch.stalled()
    assert watch.awake <= bound + (len(claims) + 2) * CALM.longest_tick


@given(st.lists(st.floats(-10, 1e7), max_size=50))
def test_no_look_counts_for_more_than_the_longest_tick(leaps: list[float]) -> None:
    clock, now = AwakeClock(0.0, 2.0), 0.0
    for leap in leaps:
        before = clock.awake
        now += leap
        clock.tick(now)
        # By the same addition, which rounds: its difference may be a little over 2.
        assert before <= clock.awake <= before + 2.0


def test_a_laptop_that_slept_through_the_deadline_goes_on() -> None:
    watch = Watchdog(CallSize("transcribing"), Timeouts(), 0.0)
    now = pass_time(watch, 0.0, 100)
    watch.tick(now + 8 * 3600)
    assert not watch.stalled()
    assert watch.waited <= 102


def test_time_that_the_engine_spent_itself_is_not_counted() -> None:
    watch = Watchdog(CallSize("transcribing"), Timeouts(), 0.0)
    watch.tick(1.0)
    watch.skip(500.0)
    watch.tick(501.0)
    assert watch.awake == 2.0


def test_silence_alone_is_a_sign_only_after_long() -> None:
    timeouts = Timeouts()
    watch = Watchdog(CallSize("loading", model_bytes=10**10), timeouts, 0.0)
    now = pass_time(watch, 0.0, timeouts.silence)
    assert not watch.stalled()
    pass_time(watch, now, 2.0)
    assert watch.stalled()


@pytest.mark.parametrize(("share", "found"), [(0.0, True), (0.002, True), (0.05, False)])
def test_a_batch_without_processor_time_is_found_early(share: float, found: bool) -> None:
    timeouts = Timeouts()
    watch = Watchdog(CallSize("transcribing"), timeouts, 0.0)
    for second in range(int(timeouts.idle) + 60):
        watch.heard()
        watch.tick(second)
        watch.used(1000 + share * second)
    assert watch.stalled() == found


def test_other_stages_may_wait_for_disks_without_processor_time() -> None:
    watch = Watchdog(CallSize("importing"), Timeouts(), 0.0)
    for second in range(150):
        watch.heard()
        watch.tick(second)
        watch.used(0.0)
    assert not watch.stalled()


def test_a_heartbeat_is_no_progress() -> None:
    timeouts = Timeouts()
    watch, now = Watchdog(CallSize("importing"), timeouts, 0.0), 0.0
    for _ in range(400):
        now = pass_time(watch, now, 1.0)
        watch.heard()
        watch.entered("importing")
    assert watch.stalled()
    assert watch.waited == pytest.approx(timeouts.importing, abs=2)


def test_a_new_stage_has_its_own_time_and_an_old_one_no_more() -> None:
    watch = Watchdog(CallSize("loading"), Timeouts(importing=10, loading=10), 0.0)
    watch.entered("importing")
    now = pass_time(watch, 0.0, 9)
    watch.entered("loading")
    now = pass_time(watch, now, 9)
    assert not watch.stalled()
    watch.entered("importing")
    pass_time(watch, now, 2)
    assert watch.stalled()


def test_before_two_batches_a_machine_slower_than_real_time_is_expected() -> None:
    timeouts, task = Timeouts(), CallSize("transcribing", audio=1e4, batch_audio=200.0)
    first = timeouts.first_batch + 200 * timeouts.first_batch_per_second
    assert allowed("transcribing", task, timeouts) == first
    once = replace(task, batches=(FinishedBatch(200, 1.0),))
    assert allowed("transcribing", once, timeouts) == first


def test_later_batches_follow_the_measured_speed() -> None:
    timeouts, task = Timeouts(batch=10, factor=5), CallSize("transcribing", 0, 1e4, 200.0)
    warm_up = FinishedBatch(200, 500.0)
    fast = replace(task, batches=(warm_up, FinishedBatch(200, 0.5)))
    assert allowed("transcribing", fast, timeouts) == 10
    slow = replace(task, batches=(warm_up, FinishedBatch(100, 30.0), FinishedBatch(100, 20.0)))
    assert allowed("transcribing", slow, timeouts) == 5 * 60
    # A tail of half a second says nothing of a large batch.
    tail = replace(task, batches=(warm_up, FinishedBatch(200, 4.0), FinishedBatch(0.5, 2.0)))
    assert allowed("transcribing", tail, timeouts) == 5 * 4


def test_a_tiny_batch_makes_the_next_one_wait_no_longer_than_an_unknown_machine_may() -> None:
    timeouts, first = Timeouts(), FinishedBatch(240, 60.0)
    task = CallSize("transcribing", 0, 1e4, 240.0, (first, FinishedBatch(1 / 16_000, 0.5)))
    unknown = 240 * timeouts.first_batch_per_second
    assert allowed("transcribing", task, timeouts) <= timeouts.factor * (0.5 + unknown)


def test_a_batch_is_not_expected_to_be_longer_than_all_the_audio() -> None:
    timeouts, task = Timeouts(batch=1), CallSize("transcribing", audio=10.0)
    expected = timeouts.first_batch + 10 * timeouts.first_batch_per_second
    assert allowed("transcribing", task, timeouts) == expected


def test_a_runner_that_goes_on_in_smaller_steps_is_measured_anew() -> None:
    timeouts = CALM
    warm = (FinishedBatch(200, 1.0), FinishedBatch(200, 1.0))
    watch = Watchdog(CallSize("transcribing", 0, 1e4, 200.0, warm), timeouts, 0.0)
    now = pass_time(watch, 0.0, timeouts.batch - 1)
    watch.changed()
    now = pass_time(watch, now, timeouts.first_batch)
    assert not watch.stalled()
    for _ in range(100):
        watch.changed()
        now = pass_time(watch, now, timeouts.first_batch)
    assert watch.stalled()


def test_a_batch_that_only_failed_is_no_evidence_of_speed() -> None:
    watch = Watchdog(CallSize("transcribing"), Timeouts(), 0.0)
    watch.tick(1.0)
    watch.finished_batch(0.0)
    after_failure = watch.batches
    assert after_failure == ()
    watch.tick(3.0)
    watch.finished_batch(8.0)
    assert watch.batches == (FinishedBatch(8.0, 2.0),)


def test_large_models_and_long_plans_have_more_time() -> None:
    timeouts = Timeouts()
    assert allowed("loading", CallSize("loading", 2 * 10**9), timeouts) == 180 + 2 * 120
    assert allowed("planning", CallSize("planning", audio=3600.0), timeouts) == 180 + 720
