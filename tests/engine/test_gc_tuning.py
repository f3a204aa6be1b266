"""Python's search for cyclic garbage while an engine is open."""

from __future__ import annotations

import gc
import weakref

import pytest

from editor_plugin.engine import gc_tuning


class Ring:
    """Something that refers to itself, so that only a search finds it."""

    def __init__(self) -> None:
        self.itself = self


def test_searches_are_seldom_while_an_engine_is_open_and_as_before_afterwards() -> None:
    before = gc.get_threshold()
    with pytest.raises(KeyError), gc_tuning.seldom():
        assert gc.get_threshold()[0] > 100 * before[0]
        raise KeyError
    assert gc.get_threshold() == before


def test_what_nobody_refers_to_is_gone_after_a_search() -> None:
    with gc_tuning.seldom():
        lost = weakref.ref(Ring())
        gc_tuning.now()
        assert lost() is None
