"""The plan of a run: the audio to recognise, and the windows that it is cut into.

An interrupted run goes on with its plan. With a new one the rest would be cut elsewhere, and a word
beside a cut could be recognised differently than in a run that was not interrupted.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from editor_plugin.core.protocol import window_from_wire, window_to_wire
from editor_plugin.core.transcript import Window


@dataclass(frozen=True)
class Planned:
    """A range of audio that is extracted at once, and its windows, in samples of the source."""

    recognition: int
    outer: tuple[int, int]
    windows: tuple[Window, ...]

    @property
    def cores(self) -> list[tuple[int, int]]:
        """The windows without their context."""
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
    """The plan in a text; an empty one where there is none."""
    return tuple(
        Planned(
            recognition, (outer[0], outer[1]), tuple(window_from_wire(each) for each in windows)
        )
        for recognition, outer, windows in json.loads(text or "[]")
    )
