"""What a run has decided to recognise: which sound, and cut into which windows.

A run that was cut off goes on by its own plan. Planned anew, what is left would be cut elsewhere,
and a word beside a cut could come out otherwise than in a run that nothing disturbed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from editor_plugin.core.protocol import window_from_wire, window_to_wire
from editor_plugin.core.transcript import Window


@dataclass(frozen=True)
class Planned:
    """A range of sound that is extracted at once, and its windows. In samples of the source."""

    recognition: int
    outer: tuple[int, int]
    windows: tuple[Window, ...]

    @property
    def cores(self) -> list[tuple[int, int]]:
        """What the windows answer for."""
        return [(window.start, window.end) for window in self.windows]


Plan = tuple[Planned, ...]


def plan_to_text(plan: Plan) -> str:
    """A plan as JSON."""
    return json.dumps(
        [
            [
                each.recognition,
                list(each.outer),
                [window_to_wire(window) for window in each.windows],
            ]
            for each in plan
        ]
    )


def plan_from_text(text: str | None) -> Plan:
    """Read a plan; none where there is no text."""
    return tuple(
        Planned(
            recognition, (outer[0], outer[1]), tuple(window_from_wire(each) for each in windows)
        )
        for recognition, outer, windows in json.loads(text or "[]")
    )
