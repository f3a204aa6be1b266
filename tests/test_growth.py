"""The measure of growth tells linear work from quadratic."""

from __future__ import annotations

from tests.growth import growth


def test_linear_and_quadratic_work_are_told_apart() -> None:
    def once(text: str) -> int:
        return sum(1 for _ in text)

    def squared(text: str) -> int:
        return sum(1 for at in range(len(text)) for _ in text[at:])

    assert growth(lambda size: "x" * size, once) < 3 < growth(lambda size: "x" * size, squared)


def test_what_is_fast_at_any_size_does_not_grow() -> None:
    assert growth(lambda size: "x" * size, len) == 0
