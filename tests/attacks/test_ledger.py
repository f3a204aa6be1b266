"""The table counts what was tried and what got through."""

from __future__ import annotations

import pytest

from tests.attacks import ledger


def test_an_attempt_that_raises_got_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger, "ROWS", {})
    assert ledger.table() == []
    with ledger.attempt("a bomb"):
        pass
    with pytest.raises(AssertionError), ledger.attempt("a bomb"):
        raise AssertionError
    with pytest.raises(pytest.skip.Exception), ledger.attempt("a bomb"):
        pytest.skip("no bomb here")
    assert [line.split() for line in ledger.table()] == [
        ["attack", "tried", "got", "through"],
        ["a", "bomb", "2", "1"],
        ["all", "2", "1"],
    ]
