"""Sentences that report applied corrections to the user."""

from __future__ import annotations

from fractions import Fraction

from editor_plugin.core.corrections import Reported


def sentence(report: Reported) -> str:
    """Return one sentence: what was recognised in the source, and what is written there now."""
    correction = report.correction
    before, found = " ".join(correction.before), " ".join(report.found)
    was = f"“{before}” was corrected" if before else "text was added"
    now = f"“{correction.after}” stands there" if correction.after else "it was left out"
    where = f"at {clock(correction.start)}"
    if not found:
        return f"No word is recognised any more {where}, where {was}; {now}."
    return f"“{found}” is recognised {where}, where {was}; {now}."


def clock(seconds: Fraction) -> str:
    """Return a time as HH:MM:SS."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{rest:02}"
