"""Reading SRT and WebVTT: a linear scan for lines of times, and for the text between them.

A file is read as a person would read it: a line of times begins a cue, what follows is its text,
and a number right before the next times is the next cue's. Whatever belongs to no cue is reported
as a finding.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from editor_plugin.core.cues import Cue
from editor_plugin.engine.export.shown import shown
from editor_plugin.engine.reading.markup import TextReader, has_unseen, srt_text, vtt_text
from editor_plugin.engine.reading.read import ReadingNote, ReadingState, SubtitleFormat
from editor_plugin.engine.reading.stamps import Times, read_times

ARROW = "-->"
_NUMBER = re.compile(r"\d{1,9}")
_COMMENT = re.compile(r"(NOTE|STYLE|REGION)(\s|$)")
_POSITION = re.compile(
    r"[XY][12]:\d+|(align|line|position|region|size|vertical):\S+", re.IGNORECASE
)


@dataclass(frozen=True)
class Dialect:
    """The differences between SRT and WebVTT."""

    vtt: bool
    text: TextReader


SRT = Dialect(False, srt_text)
VTT = Dialect(True, vtt_text)


@dataclass(frozen=True)
class _Paragraph:
    """Lines without a blank one between them; `at` is the number of the first, from 1."""

    at: int
    lines: list[str]

    @property
    def is_comment(self) -> bool:
        """Whether it is a comment or a style of WebVTT."""
        return _COMMENT.match(self.lines[0]) is not None

    def __str__(self) -> str:
        return " / ".join(line.strip() for line in self.lines)


@dataclass(kw_only=True)
class _Scan(ReadingState):
    dialect: Dialect
    expected: int | None = None
    """The number that the next cue should have; None while no cue had one."""

    def numbered(self, number: int | None) -> None:
        """Set the number that the cue after the next one should have."""
        if number is not None:
            self.expected = number + 1
        elif self.expected is not None:
            self.expected += 1


def scan(text: str, dialect: Dialect) -> tuple[list[Cue], list[ReadingNote]]:
    """Read the whole text; cues in the file's order. Work grows with the length of the text."""
    lines = text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    state = _Scan(dialect=dialect)
    times = list(_times(lines, dialect))
    heads = [at for at, _ in times]
    _head(state, lines[: heads[0]] if heads else lines, has_cues=bool(heads))
    for (at, found), end in zip(times, [*heads[1:], len(lines)], strict=False):
        _note_times(state, at + 1, lines[at], found)
        _cue(state, at + 1, found, lines[at + 1 : end], end == len(lines))
    return state.cues, state.findings


def _times(lines: Sequence[str], dialect: Dialect) -> Iterator[tuple[int, Times]]:
    """Every line of times; one without a proper arrow only where a cue can begin."""
    can_begin, after_number = True, False
    for at, line in enumerate(lines):
        found = read_times(line, hours_optional=dialect.vtt)
        if found is not None and (found.arrow == ARROW or can_begin or after_number):
            yield at, found
        after_number = can_begin and _number(line) is not None
        can_begin = not line.strip()


def _head(state: _Scan, lines: list[str], has_cues: bool) -> None:
    """Read the lines before the first cue: its number, WebVTT's header, comments, garbage."""
    paragraphs = _paragraphs(lines, 1)
    if has_cues and paragraphs:
        number = _number(paragraphs[-1].lines[-1])
        named = state.dialect.vtt and lines[-1].strip() and len(paragraphs[-1].lines) == 1
        if number is not None or named:
            state.numbered(number)
            _drop_last_line(paragraphs)
    for paragraph in paragraphs:
        if not (state.dialect.vtt and (paragraph.at == 1 or paragraph.is_comment)):
            _leave_out(state, paragraph)


def _cue(state: _Scan, at: int, times: Times, below: list[str], is_last: bool) -> None:
    """Read the cue with its times on line `at`, and the lines down to the next times."""
    paragraphs = _paragraphs(below, at + 1)
    if state.dialect.vtt and paragraphs and paragraphs[0].at > at + 1 and paragraphs[0].is_comment:
        paragraphs.insert(0, _Paragraph(at + 1, []))  # a cue without text before a comment
    body = [_Paragraph(at, [_after_times(state, at, times)]), *paragraphs[:1]]
    later = []
    for paragraph in paragraphs[1:]:
        if state.dialect.vtt and paragraph.is_comment:
            continue
        if _is_damaged(state, paragraph):
            _leave_out(state, paragraph)
        else:
            later.append(paragraph)
    kept = [*paragraphs[:1], *later]
    _take_name(state, at, kept, bool(below and below[-1].strip()), is_last)
    for paragraph in kept[1:]:
        if state.dialect.vtt:
            _leave_out(state, paragraph)
        else:
            understood = "it follows a blank line: taken as more text of the cue before it"
            state.note(paragraph.at, "blank-line", str(paragraph), understood)
            body.append(paragraph)
    seen = _seen(state, body if kept else body[:1])
    if not seen:
        state.note(at, "empty", "", "a cue without text")
    state.cues.append(Cue(times.start.seconds, times.end.seconds, seen))


def _take_name(
    state: _Scan, at: int, paragraphs: list[_Paragraph], adjacent: bool, is_last: bool
) -> None:
    """Remove the next cue's number, or its name in WebVTT, from the end of the lines before it.
    `adjacent`: no blank line follows it. A number that could as well be the text of the cue above
    is taken only where it continues the numbers of the file."""
    if not paragraphs or not paragraphs[-1].lines:
        return state.numbered(None)
    lines = paragraphs[-1].lines
    number = _number(lines[-1])
    alone = len(lines) == 1
    apart = alone and (len(paragraphs) > 1 or paragraphs[-1].at > at + 1)
    continues = number is not None and number == state.expected
    if is_last:
        if apart and continues and len(paragraphs) > 1:
            state.note(paragraphs[-1].at, "ignored", lines[0], "a number without a cue")
            paragraphs.pop()
        return None
    if state.dialect.vtt:
        taken = adjacent and apart
    elif adjacent:
        taken = number is not None and (apart or continues or _is_glued(state, alone))
    else:
        taken = continues and apart and len(paragraphs) > 1
    state.numbered(number if taken else None)
    if taken:
        _drop_last_line(paragraphs)
    return None


def _is_glued(state: _Scan, alone: bool) -> bool:
    """Whether a number follows text in a numbered file, without the blank line between cues."""
    return not alone and state.expected is not None


def _is_damaged(state: _Scan, paragraph: _Paragraph) -> bool:
    """Whether this is a damaged cue: it has an arrow, or the next cue's number and text."""
    first, *others = paragraph.lines
    number = _number(first)
    if number is None:
        return ARROW in first
    if others and (ARROW in others[0] or number == state.expected):
        state.numbered(number)
        return True
    return False


def _leave_out(state: _Scan, paragraph: _Paragraph) -> None:
    numbered = len(paragraph.lines) > 1 and _number(paragraph.lines[0]) is not None
    if numbered or any(ARROW in line for line in paragraph.lines[:2]):
        understood = "its times cannot be read: this cue is missing"
        state.note(paragraph.at, "lost", str(paragraph), understood)
    else:
        state.note(paragraph.at, "ignored", str(paragraph), "it belongs to no cue")


def _note_times(state: _Scan, at: int, line: str, times: Times) -> None:
    read = line.strip()
    if times.arrow != ARROW:
        state.note(at, "times", read, f"taken as times, although the arrow is no {ARROW}")
    for kind, understood in dict.fromkeys((*times.start.oddities, *times.end.oddities)):
        state.note(at, kind, read, understood)
    state.note_length(at, read, times.start.seconds, times.end.seconds)


def _after_times(state: _Scan, at: int, times: Times) -> str:
    """The text after the times on their line; empty where it is a position."""
    rest = times.rest
    if not rest:
        return ""
    if all(_POSITION.fullmatch(each) for each in rest.replace(": ", ":").split()):
        state.note(at, "position", rest, "the position was not kept")
        return ""
    state.note(at, "times", rest, "taken as text of the cue")
    return rest


def _seen(state: _Scan, paragraphs: list[_Paragraph]) -> tuple[str, ...]:
    seen = []
    for paragraph in paragraphs:
        for at, line in enumerate(paragraph.lines, start=paragraph.at):
            text, had_markup = state.dialect.text(line)
            if had_markup:
                state.note(at, "markup", line.strip(), "only the text was kept")
            if has_unseen(text):
                state.note(at, "characters", repr(line), "what cannot be shown was left out")
            seen.append(shown(text))
    return tuple(line for line in seen if line.strip())


def _paragraphs(lines: Sequence[str], at: int) -> list[_Paragraph]:
    """Group lines between blank ones; `at` is the number of the first line."""
    paragraphs: list[_Paragraph] = []
    blank_before = True
    for number, line in enumerate(lines, start=at):
        blank = not line.strip()
        if not blank and blank_before:
            paragraphs.append(_Paragraph(number, []))
        if not blank:
            paragraphs[-1].lines.append(line)
        blank_before = blank
    return paragraphs


def _drop_last_line(paragraphs: list[_Paragraph]) -> None:
    paragraphs[-1].lines.pop()
    if not paragraphs[-1].lines:
        paragraphs.pop()


def _number(line: str) -> int | None:
    plain = line.strip().removeprefix("\ufeff")
    return int(plain) if _NUMBER.fullmatch(plain) else None


def _is_vtt(text: str) -> bool:
    return text.lstrip("\ufeff \t\r\n").startswith("WEBVTT")


FORMATS = (
    SubtitleFormat("vtt", _is_vtt, lambda text: scan(text, VTT)),
    SubtitleFormat("srt", lambda _: True, lambda text: scan(text, SRT)),
)
