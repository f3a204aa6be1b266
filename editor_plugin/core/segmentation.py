"""Words with times → cues of one or two lines.

Every way of cutting the words into cues that fit is weighed by dynamic programming, and the
cheapest is taken: a cue should end where a sentence, a clause or a breath ends, and be neither a
scrap nor a slab. A pause always ends a cue. Timing (`core.timing`) comes afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from editor_plugin.core.cues import Cue
from editor_plugin.core.styles import Style
from editor_plugin.core.transcript import Word

SENTENCE_ENDS = (".", "!", "?", "…", "。", "！", "？")
CLAUSE_ENDS = (",", ";", ":", "、", "，", "–", "—")
CLOSERS = "\"'”’»)]」』"

# Costs were set by hand on the demo transcript; only their order matters much.
CUE = 4.0  # every cue costs something, so that no one-word cues arise without a reason
CLAUSE, OPEN = 3.0, 7.0  # ending a cue after a clause, or in the open; after a sentence it is free
BREATH = 8.0  # what a second of pause takes off that cost
TARGET, SHORT = 45, 0.15  # characters that a cue should reach, and the cost of each missing one
SLOW = 20.0  # each second over the longest duration
LINE, BALANCE = 0.5, 0.08  # a second line, and each character that its lines differ in length


def segment(words: Sequence[Word], style: Style) -> tuple[Cue, ...]:
    """Cut `words`, in time order, into cues; every word is kept, in order.

    A word longer than a line is cut into pieces that fit. Cues start and end with their words.
    """
    fitting = [piece for word in words for piece in _pieces(word, style.max_chars)]
    return tuple(cue for island in _islands(fitting, style) for cue in _solve(island, style))


def break_lines(texts: Sequence[str], style: Style) -> tuple[str, ...] | None:
    """Lay words out on as few lines as hold them, evenly and at punctuation; None if none do."""
    found = _layout(texts, style.max_chars, style.max_lines)
    return None if found is None else found[1]


def _pieces(word: Word, limit: int) -> Iterator[Word]:
    text = word.text
    if len(text) <= limit:
        yield word
        return
    step = (word.end - word.start) / len(text)
    for at in range(0, len(text), limit):
        part = text[at : at + limit]
        start = word.start + step * at
        yield replace(word, text=part, start=start, end=start + step * len(part))


def _islands(words: Iterable[Word], style: Style) -> Iterator[list[Word]]:
    island: list[Word] = []
    for word in words:
        if island and word.start - island[-1].end >= style.pause:
            yield island
            island = []
        island.append(word)
    if island:
        yield island


def _solve(words: list[Word], style: Style) -> list[Cue]:
    texts = [word.text for word in words]
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(words) + 1):
        choices = []
        for start in range(end - 1, -1, -1):
            laid = _layout(texts[start:end], style.max_chars, style.max_lines)
            if laid is None:
                break
            cost = best[start][0] + laid[0] + _cue_cost(words, start, end, style)
            choices.append((cost, start))
        best.append(min(choices))
    cues: list[Cue] = []
    end = len(words)
    while end:
        start = best[end][1]
        lines = break_lines(texts[start:end], style) or ()
        cues.append(Cue(words[start].start, words[end - 1].end, lines, tuple(words[start:end])))
        end = start
    return cues[::-1]


def _cue_cost(words: list[Word], start: int, end: int, style: Style) -> float:
    chars = sum(len(word.text) + 1 for word in words[start:end]) - 1
    over = words[end - 1].end - words[start].start - style.max_duration
    cost = CUE + SHORT * max(0, TARGET - chars) + SLOW * max(0.0, float(over))
    if end < len(words):
        breath = float(words[end].start - words[end - 1].end)
        cost += max(0.0, _open_end(words[end - 1].text) - BREATH * max(0.0, breath))
    return cost


def _open_end(text: str) -> float:
    """What it costs to end a cue or a line after this word."""
    bare = text.rstrip(CLOSERS)
    if bare.endswith(SENTENCE_ENDS):
        return 0.0
    return CLAUSE if bare.endswith(CLAUSE_ENDS) else OPEN


def _layout(
    texts: Sequence[str], limit: int, max_lines: int
) -> tuple[float, tuple[str, ...]] | None:
    """The cheapest layout and its cost, or None where the words do not fit."""
    whole = " ".join(texts)
    if len(whole) <= limit:
        return 0.0, (whole,)
    if max_lines == 1 or len(whole) > limit * max_lines + max_lines - 1:
        return None
    choices = []
    for at in range(1, len(texts)):
        top = " ".join(texts[:at])
        if len(top) > limit:
            break
        rest = _layout(texts[at:], limit, max_lines - 1)
        if rest is not None:
            shape = BALANCE * abs(len(top) - len(rest[1][0])) + _open_end(texts[at - 1]) / 4
            choices.append((rest[0] + LINE + shape, (top, *rest[1])))
    return min(choices) if choices else None
