"""Figures: ratios of Recue's time or memory to that of another program, in one run."""

from __future__ import annotations

import json
import platform
import statistics
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """A measurement. `ours` and `theirs` are in `unit`; a ratio of at most `goal` is wanted."""

    name: str
    ours: float
    theirs: float
    unit: str
    goal: float
    against: str
    more: dict[str, float] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        """Ours over theirs."""
        return self.ours / self.theirs


def alternate(
    ours: Callable[[], float], theirs: Callable[[], float], times: int
) -> tuple[float, float]:
    """Measure both in turn, so that other load affects both; return the medians."""
    pairs = [(ours(), theirs()) for _ in range(times)]
    return statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


def table(figures: Sequence[Figure]) -> str:
    """The figures as a Markdown table."""
    rows = ["| what | Recue | against | ratio | goal |", "|---|---|---|---|---|"]
    for each in figures:
        met = "" if each.ratio <= each.goal else " (missed)"
        rows.append(
            f"| {each.name} | {each.ours:.2f} {each.unit} | {each.against}: "
            f"{each.theirs:.2f} {each.unit} | {each.ratio:.2f} | ≤ {each.goal:.2f}{met} |"
        )
    return "\n".join(rows)


def write(figures: Sequence[Figure], path: Path) -> None:
    """Write the figures and the machine they were measured on as JSON."""
    path.parent.mkdir(parents=True, exist_ok=True)
    machine = {"system": platform.platform(), "python": platform.python_version()}
    body = {
        "machine": machine,
        "figures": [asdict(each) | {"ratio": each.ratio} for each in figures],
    }
    path.write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")
