"""Work that may never end holds nobody up."""

from __future__ import annotations

import asyncio
import threading

import pytest

from editor_plugin.engine.slow_work import SlowWork


def test_what_is_done_in_time_is_returned_or_raised() -> None:
    work = SlowWork(2)

    async def run() -> None:
        assert await work.done(lambda: 7, 20) == 7
        with pytest.raises(KeyError):
            await work.done(lambda: {}["a"], 20)  # type: ignore[index]

    for _ in range(3):  # and its place is free again
        asyncio.run(run())


def test_what_hangs_is_left_and_not_begun_twice() -> None:
    end, begun = threading.Event(), []

    def hang() -> None:
        begun.append(1)
        end.wait(60)

    async def run() -> None:
        work = SlowWork(2)
        for _ in range(3):
            with pytest.raises(TimeoutError):
                await work.done(hang, 0.05, "the same")
        assert len(begun) == 1
        assert await work.done(lambda: 7, 20, "another") == 7
        with pytest.raises(TimeoutError):
            await work.done(hang, 0.05, "another")
        with pytest.raises(TimeoutError):  # two hang: a third has no place
            await work.done(lambda: 7, 20, "a third")
        end.set()
        while len(work._running):
            await asyncio.sleep(0.01)
        assert await work.done(lambda: 7, 20, "the same") == 7

    asyncio.run(run())


def test_two_at_once_with_one_key_are_both_done() -> None:
    """Only what hangs is not begun again."""

    async def run() -> list[int]:
        work = SlowWork(9)
        return await asyncio.gather(*(work.done(lambda: 7, 20, "key") for _ in range(5)))

    assert asyncio.run(run()) == [7] * 5
