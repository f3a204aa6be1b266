"""The table counts what was tried and what was survived."""

from __future__ import annotations

import pytest

from tests.faults import ledger


def test_a_trial_that_raises_was_not_survived_and_one_that_is_skipped_not_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(ledger, "ROWS", {})
    with ledger.trial("a fault"):
        ledger.compared(0)
    with pytest.raises(AssertionError), ledger.trial("a fault"):
        raise AssertionError
    with pytest.raises(pytest.skip.Exception), ledger.trial("a fault"):
        pytest.skip("no fault here")
    assert [each.survived for each in ledger.ROWS["a fault"]] == [True, False]
