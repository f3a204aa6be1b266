"""CMX 3600 edit decision lists (.edl), as DaVinci Resolve, Premiere Pro and Avid write them.

Recue has its own reader: OpenTimelineIO's adapter refuses a whole list for one dissolve at its
head, for drop-frame M2 lines, for picture and sound of one event on two lines, and drops the head
gap.

An EDL states neither its frame rate nor the start of its timeline. The rate is the one given, else
that of the video it names; the start is the full hour before the first edit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from editor_plugin.core.errors import SettingsInvalid
from editor_plugin.core.timebase import (
    frame_of,
    frame_time,
    has_drop_frame,
    nominal_rate,
    timecode,
)
from editor_plugin.core.timeline import Span
from editor_plugin.engine.interchange.content import content
from editor_plugin.engine.interchange.draft import (
    Draft,
    DraftClip,
    DraftSource,
    DraftTrack,
    RateNeeded,
    TimelineFormat,
    Unreadable,
)

# A line is split into its words first, and each pattern is for one word: a pattern for the whole
# line, with spaces and names of any length between the fields, takes cubic time.
_WORD = re.compile(r"\S+")
_TC = re.compile(r"-?[0-9]{1,3}[:;.][0-9]{2}[:;.][0-9]{2}[:;.,][0-9]{2,3}")
_NUMBER = re.compile(r"([0-9]{1,9})[A-Z]?", re.IGNORECASE)
_CHANNELS = re.compile(r"[AVB][A-Z0-9/]*|NONE", re.IGNORECASE)
_EDIT = re.compile(r"C|D|W[0-9]*|K[BO]?", re.IGNORECASE)
_LENGTH = re.compile(r"\(?[FO0-9.]+\)?", re.IGNORECASE)
"""How long a dissolve or a wipe takes, between the kind of the edit and its times."""
_SPEED = re.compile(r"(.*?)(-?[0-9]{1,6}(?:\.[0-9]{1,6})?)")
"""An M2 line's frames per second, perhaps with the end of the reel's name right before them."""
_NAMES = re.compile(
    r"\*?\s*(?P<which>FROM CLIP NAME|TO CLIP NAME|FROM CLIP|FROM FILE|TO CLIP|TO FILE|SOURCE FILE"
    r"|CLIP NAME)(?: IS)?\s*:\s*(?P<name>.+)",
    re.IGNORECASE,
)
_BLACK = {"BL", "BLACK", "BARS"}
_LEADER = 2 * 60
"""Seconds before a full hour in which a timeline begins with its leader, not long before that."""


@dataclass
class _Event:
    """An edit line with the facts of the lines below it. `times` are its four timecodes as text:
    source in and out point, record in and out point."""

    number: str
    reel: str
    channels: str
    edit: str
    times: list[str]
    drop_frame: bool
    motion: Fraction | None = None
    frozen: bool = False
    names: dict[str, str] = field(default_factory=dict)


def read_edl(path: Path, rate: Fraction | None = None) -> Draft:
    """Read an .edl file. Raises RateNeeded without a frame rate."""
    raw = content(path)
    text = raw.decode("utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig", "replace")
    title, events = _parse(text)
    if not events:
        raise Unreadable("there is no edit in it")
    drop_frame = any(each.drop_frame or ";" in each.times[2] for each in events)
    if rate is None:
        guess = Fraction(30000, 1001) * (2 if _highest_frame(events) >= 30 else 1)
        wanted = tuple(dict.fromkeys(_wanted(each) for each in events))
        raise RateNeeded(wanted, guess if drop_frame else None)
    try:
        return _draft(title or path.stem, events, rate, drop_frame and has_drop_frame(rate))
    except SettingsInvalid as error:
        raise Unreadable(error.message.rstrip(".")) from None


def _parse(text: str) -> tuple[str, list[_Event]]:
    title, drop_frame = "", False
    events: list[_Event] = []
    for line in (each.strip() for each in text.splitlines()):
        if event := _event(line, drop_frame):
            events.append(event)
        elif line.upper().startswith("FCM"):
            drop_frame = "NON" not in line.upper()
        elif line.upper().startswith("TITLE:"):
            title = line.partition(":")[2].strip()
        elif events:
            _remark(line, [each for each in events[-2:] if each.number == events[-1].number])
    return title, events


def _event(line: str, drop_frame: bool) -> _Event | None:
    """The edit on a line: a number, the reel (of one word or more), the channels, the kind of edit
    and perhaps its length, and four times. None where the line is something else."""
    words = list(_WORD.finditer(line))
    number = _NUMBER.fullmatch(words[0][0]) if words else None
    timed = [_TC.fullmatch(word[0]) is not None for word in words] if number else []
    times = next((at for at in range(len(words)) if timed[at : at + 4] == [True] * 4), 0)
    if number is None or times == 0:
        return None
    edit = times - 1
    while edit > 0 and _LENGTH.fullmatch(words[edit][0]):
        edit -= 1
    channels = edit - 1
    if channels < 2 or not (
        _EDIT.fullmatch(words[edit][0]) and _CHANNELS.fullmatch(words[channels][0])
    ):
        return None
    return _Event(
        number[1],
        line[words[1].start() : words[channels - 1].end()],
        words[channels][0],
        words[edit][0],
        [word[0] for word in words[times : times + 4]],
        drop_frame,
    )


def _motion(line: str) -> tuple[str, Fraction] | None:
    """The reel of an M2 line, which may be empty, and its frames per second; None where the line is
    none."""
    words = list(_WORD.finditer(line))
    if not words or words[0][0] != "M2":
        return None
    for before, word in pairwise(words[1:]):
        speed = _SPEED.fullmatch(before[0]) if _TC.fullmatch(word[0]) else None
        if speed:
            return line[words[1].start() : before.start() + speed.end(1)].strip(), Fraction(
                speed[2]
            )
    return None


def _remark(line: str, group: list[_Event]) -> None:
    """Add the facts of a comment line to the lines of the event above it."""
    if named := _NAMES.fullmatch(line):
        for event in group:
            event.names.setdefault(" ".join(named["which"].upper().split()), named["name"].strip())
    elif motion := _motion(line):
        reel, speed = motion
        # Of the two lines of a dissolve the one from this reel is meant.
        meant = [each for each in group if each.reel == reel] or group
        meant[-1].motion = speed
    elif "FREEZE FRAME" in line.upper():
        group[-1].frozen = True
    elif re.match(r"AUD\s+[0-9]", line) and "A" not in group[-1].channels.upper():
        group[-1].channels += "/A"


def _wanted(event: _Event) -> tuple[str, ...]:
    to = ("TO FILE", "TO CLIP", "TO CLIP NAME") if event.edit.upper() != "C" else ()
    order = (*to, "SOURCE FILE", "FROM FILE", "FROM CLIP", "FROM CLIP NAME", "CLIP NAME")
    names = [event.names[each] for each in order if each in event.names]
    if to and any(each in event.names for each in to):
        names = [event.names[each] for each in to if each in event.names]
    if event.reel.upper() != "AX":
        names.append(event.reel)
    return tuple(dict.fromkeys(names))


def _highest_frame(events: list[_Event]) -> int:
    return max(int(re.split("[:;.,]", each.times[2])[-1]) for each in events)


def _draft(title: str, events: list[_Event], rate: Fraction, drop_frame: bool) -> Draft:
    labels = _Labels(rate, drop_frame)
    first = min(labels.frame(each.times[2]) for each in events)
    start = _start(first, labels)
    draft = Draft(title, rate, start_frame=start, drop_frame=drop_frame)
    if start != first:
        draft.notes.append(
            "An EDL does not state where its timeline starts; Recue assumes "
            f"{timecode(start, rate, drop_frame)}, as the first edit is at "
            f"{timecode(first, rate, drop_frame)}."
        )
    tracks: dict[str, list[DraftClip]] = {}
    for event in events:
        for clip in _clip(event, labels, start):
            for name in _tracks(event.channels):
                tracks.setdefault(name, []).append(clip)
    draft.tracks += [
        DraftTrack(name, name.startswith("A"), tuple(sorted(clips, key=lambda c: c.record.start)))
        for name, clips in sorted(tracks.items())
    ]
    return draft


@dataclass(frozen=True)
class _Labels:
    """Conversion of the list's timecodes to frames."""

    rate: Fraction
    drop_frame: bool

    def frame(self, label: str) -> int:
        try:
            return frame_of(label, self.rate, self.drop_frame)
        except SettingsInvalid:
            # In a drop-frame list a tape can still be non-drop, where every label exists.
            if self.drop_frame and ";" not in label:
                return frame_of(label, self.rate)
            raise


def _start(first: int, labels: _Labels) -> int:
    hour = 3600 * nominal_rate(labels.rate)
    label = timecode(first, labels.rate, labels.drop_frame)
    whole = labels.frame(f"{label.split(':')[0]}:00:00:00")
    return first if first - whole > hour - _LEADER * nominal_rate(labels.rate) else whole


def _tracks(channels: str) -> Iterator[str]:
    """The tracks of V, A, A2, AA/V, B and the like; a pair of audio channels is one track."""
    upper = channels.upper()
    if "V" in upper or upper.startswith("B"):
        yield "V"
    sound = re.search(r"A[0-9]*", upper.replace("AA", "A").replace("B", "A"))
    if sound:
        yield sound[0] if sound[0] != "A" else "A1"


def _clip(event: _Event, labels: _Labels, start: int) -> Iterator[DraftClip]:
    frames = (labels.frame(event.times[2]) - start, labels.frame(event.times[3]) - start)
    record = Span(*(frame_time(each, labels.rate) for each in frames))
    # The outgoing side of a cut to a dissolve has no length.
    if record.duration <= 0 or event.reel.upper() in _BLACK:
        return
    source = [labels.frame(event.times[0]), labels.frame(event.times[1])]
    speed = _speed(event, source[1] - source[0], frames[1] - frames[0], labels.rate)
    wanted = _wanted(event)
    source_in = frame_time(source[0], labels.rate)
    if speed is not None and speed < 0:
        source_in = frame_time(source[1], labels.rate)
    yield DraftClip(
        Path(wanted[0].replace("\\", "/")).name if wanted else event.reel,
        record,
        source_in,
        Fraction(1) if speed is None else speed,
        DraftSource(wanted) if wanted else None,
        unreadable="its source and record durations differ" if speed is None else None,
    )


def _speed(event: _Event, source: int, record: int, rate: Fraction) -> Fraction | None:
    """Source seconds per record second; None where the durations differ without a stated reason."""
    if event.frozen:
        return Fraction(0)
    if event.motion is None:
        return Fraction(1) if abs(source - record) <= 1 else None
    stated = event.motion / nominal_rate(rate)
    exact = Fraction(abs(source), record) * (-1 if stated < 0 else 1)
    # M2 has one decimal of frames per second; the durations, where they agree, are more exact.
    agree = abs(exact - stated) <= Fraction(1, 10 * nominal_rate(rate)) + Fraction(1, record)
    if abs(stated - 1) * nominal_rate(rate) < Fraction(1, 10) and not agree:
        return Fraction(1)
    return exact if agree and exact else stated


FORMATS = (TimelineFormat(".edl", read_edl),)
