"""Reading ASS and SSA: each Dialogue line is a cue.

Recue has its own reader: pysubs2 fails on a whole file for one unreadable time, and does not know
escaped braces. The tests compare with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from editor_plugin.core.cues import Cue
from editor_plugin.engine.export.shown import shown
from editor_plugin.engine.reading.markup import ass_text, has_unseen
from editor_plugin.engine.reading.read import ReadingNote, ReadingState, SubtitleFormat
from editor_plugin.engine.reading.stamps import Stamp, read_stamp

_FIELDS = ("layer", "start", "end", "style", "name", "marginl", "marginr", "marginv", "effect")
_OVERRIDES = re.compile(r"\{[^{}]*\}")
_DRAWING = re.compile(r"\\p[1-9]")


@dataclass
class _Script(ReadingState):
    fields: tuple[str, ...] = (*_FIELDS, "text")


def read_ass(text: str) -> tuple[list[Cue], list[ReadingNote]]:
    """Read the whole text; cues in the file's order."""
    script = _Script()
    in_events = False
    for at, line in enumerate(re.split("\r\n|\r|\n", text), start=1):
        name, colon, value = line.strip(" \t\ufeff").partition(":")
        if name.startswith("["):
            in_events = name.lower().startswith("[events")
        elif colon and name.lower() == "dialogue":
            _dialogue(script, at, value)
        elif colon and in_events and name.lower() == "format":
            script.fields = tuple(each.strip().lower() for each in value.split(","))
    return script.cues, script.findings


def _dialogue(script: _Script, at: int, value: str) -> None:
    values = dict(zip(script.fields, value.split(",", len(script.fields) - 1), strict=False))
    start, end = (read_stamp(values.get(name, "")) for name in ("start", "end"))
    if start is None or end is None or "text" not in values:
        understood = "its times cannot be read: this cue is missing"
        return script.note(at, "lost", value.strip(), understood)
    if any(_DRAWING.search(block) for block in _OVERRIDES.findall(values["text"])):
        return script.note(at, "ignored", value.strip(), "a drawing, not a text")
    _note_times(script, at, value.strip(), start, end)
    text, had_overrides = ass_text(values["text"])
    if had_overrides:
        script.note(at, "markup", values["text"], "only the text was kept")
    if any(has_unseen(line) for line in text.split("\n")):
        script.note(at, "characters", repr(text), "what cannot be shown was left out")
    lines = tuple(seen for line in text.split("\n") if (seen := shown(line)).strip())
    if not lines:
        script.note(at, "empty", value.strip(), "a cue without text")
    script.cues.append(Cue(start.seconds, end.seconds, lines))
    return None


def _note_times(script: _Script, at: int, read: str, start: Stamp, end: Stamp) -> None:
    # Two decimals are this format's standard, and not ambiguous.
    for kind, understood in dict.fromkeys((*start.oddities, *end.oddities)):
        if kind != "ambiguous":
            script.note(at, kind, read, understood)
    script.note_length(at, read, start.seconds, end.seconds)


def _matches(text: str) -> bool:
    return re.match(r"\s*\[Script Info\]", text, re.IGNORECASE) is not None


FORMATS = (SubtitleFormat("ass", _matches, read_ass),)
