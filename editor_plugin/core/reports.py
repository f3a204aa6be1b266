"""The quality report as text and as JSON."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from editor_plugin.core.findings import Finding, Value


def report_lines(findings: Sequence[Finding]) -> list[str]:
    """Return one line for each finding, and a summary line."""
    lines = [f"{each.sentence}{_remark(each)}" for each in findings]
    return [*lines, summary(findings)]


def summary(findings: Sequence[Finding]) -> str:
    """Return the number of findings by rule, and how many were or can be fixed.

    >>> summary(())
    'No findings.'
    """
    if not findings:
        return "No findings."
    counts = Counter(each.rule for each in findings)
    rules = ", ".join(f"{rule} {count}" for rule, count in counts.most_common())
    fixed = sum(each.fixed for each in findings)
    fixable = sum(each.fixable and not each.fixed for each in findings)
    state = f"; {fixed} fixed" if fixed else ""
    state += f"; {fixable} can be fixed" if fixable else ""
    many = "1 finding" if len(findings) == 1 else f"{len(findings)} findings"
    return f"{many} ({rules}){state}."


def report_json(findings: Sequence[Finding]) -> list[dict[str, Any]]:
    """Return the findings as JSON values, numbers rounded to 6 decimals."""
    return [
        {
            "cue": each.cue,
            "rule": each.rule,
            "value": _plain(each.value),
            "limit": None if each.limit is None else _plain(each.limit),
            "sentence": each.sentence,
            "fixed": each.fixed,
            "fixable": each.fixable,
        }
        for each in findings
    ]


def _remark(finding: Finding) -> str:
    if finding.fixed:
        return " Fixed."
    return " It can be fixed." if finding.fixable else ""


def _plain(value: Value) -> float | int | str:
    return round(float(value), 6) if isinstance(value, Fraction) else value
