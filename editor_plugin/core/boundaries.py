"""Ratings of the gaps between words as places to end a cue or a line.

A rating is in log-odds: 1 more makes it 2.7 times as likely that a subtitler ends a cue (or a
line) there. The evidence is punctuation, small words of the language, word lengths and pauses;
`core.boundary_weights` has the weight of each. Without a lexicon for the language, the small words
are left out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from editor_plugin.core.boundary_weights import BREATH, FORBIDDEN, SCRIPTS, Weights
from editor_plugin.core.languages import Lexicon
from editor_plugin.core.styles import Style
from editor_plugin.core.utterances import Utterance

STOPS = {
    "sentence": (".", "!", "?", "…", "。", "！", "？", "．", "؟", "۔", "।", "॥"),
    "comma": (",", "，", "、", "､", "،"),
    "clause": (";", ":", "；", "：", "؛"),
    "dash": ("--", "–", "—", "―"),
}
"""Punctuation at the end of a word, by kind."""

CLOSERS = "\"'”’»›)]}）］｝」』】〕〉》♪"
ATTACHED = ".,;:!?…%)]}”»›،؛؟।॥–—-"
"""Characters that, standing alone, begin no line in any script."""

NO_CLASSES: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Ratings:
    """Ratings of each gap, after word 0, 1, 2 …, as the end of a cue and as the end of a line."""

    cue: list[float]
    line: list[float]


@dataclass(frozen=True)
class _Signs:
    """Features of one word that count as evidence."""

    stop: str
    opening: frozenset[str]
    closing: frozenset[str]
    capital: bool
    length: float


def rate(utterance: Utterance, style: Style, known: Lexicon | None, weights: Weights) -> Ratings:
    """Rate the gaps between words, which are one fewer than the words."""
    texts = utterance.texts
    ratings = Ratings([], [])
    for at, signs in enumerate(evidence(texts, known)):
        cue = line = 0.0
        for name, value in signs.items():
            for_cue, for_line = weights.gaps.get(name, (0.0, 0.0))
            cue += value * for_cue
            line += value * for_line
        breath = _breath(utterance.gaps[at])
        fixed = _script(texts[at], texts[at + 1], style)
        ratings.cue.append(cue + BREATH[0] * breath + fixed)
        ratings.line.append(line + BREATH[1] * breath + fixed)
    return ratings


def evidence(texts: Sequence[str], known: Lexicon | None) -> Iterator[dict[str, float]]:
    """Yield the evidence at each gap: the amount (mostly 1) by its name."""
    seen: dict[str, _Signs] = {}
    signs = [seen.get(text) or seen.setdefault(text, _look(text, known)) for text in texts]
    content = ("content",) if known else ()
    since, phrase = 0, NO_CLASSES  # content words since the last small word, and what that was
    for at in range(len(signs) - 1):
        left, right = signs[at], signs[at + 1]
        if left.closing:
            since, phrase = 0, left.closing
        elif at and signs[at - 1].stop:
            since, phrase = 1, NO_CLASSES
        else:
            since += 1
        found = {"any": 1.0}
        if left.stop:
            found[left.stop] = 1.0
            _after_stop(found, signs, at)
        else:
            found.update((f"after {name}", 1.0) for name in left.closing or content)
            found["length before"] = left.length
            found["length after"] = right.length
            if left.capital and right.capital:
                found["name"] = 1.0
            if known and not left.closing:
                _in_phrase(found, since, phrase, right)
        found.update((f"before {name}", 1.0) for name in right.opening or content)
        yield found


def ends_sentence(text: str) -> bool:
    """Whether a word ends a sentence, as far as its punctuation tells."""
    return _stop(text) == "sentence"


def _look(text: str, known: Lexicon | None) -> _Signs:
    opening, closing = (known.opening(text), known.closing(text)) if known else (NO_CLASSES,) * 2
    capital = text[:1].isupper() and "subject" not in opening
    return _Signs(_stop(text), opening, closing, capital, min(len(text), 10) / 10)


def _stop(text: str) -> str:
    bare = text.rstrip(CLOSERS)
    for name, marks in STOPS.items():
        if bare.endswith(marks):
            return name
    return ""


def _after_stop(found: dict[str, float], signs: list[_Signs], at: int) -> None:
    """Add the evidence of a comma together with the words around it."""
    if signs[at].stop == "comma":
        if "coordinator" in signs[at + 1].opening:
            found["comma, then coordinator"] = 1.0
        if at == 0 or signs[at - 1].stop:
            found["one word, then comma"] = 1.0


def _in_phrase(found: dict[str, float], since: int, phrase: frozenset[str], right: _Signs) -> None:
    """Add the evidence, after a content word, on whether a small word's phrase is complete."""
    words = "one word" if since == 1 else "more words"
    goes_on = "content" if not right.opening else "small word"
    if phrase & {"article", "possessive"}:
        found[f"noun phrase of {words}, then {goes_on}"] = 1.0
    elif "preposition" in phrase and not right.opening:
        found[f"preposition with {words}, then content"] = 1.0
    elif phrase & {"subject", "auxiliary", "infinitive"}:
        found[f"verb phrase of {words}, then {goes_on}"] = 1.0


def _breath(gap: float) -> float:
    """Return 0 for no pause between two words, 1 for 0.4 s and more.

    The first tenth of a second does not count: word times are no more exact than that.
    """
    return min(1.0, max(0.0, (gap - 0.1) / 0.3))


def _script(left: str, right: str, style: Style) -> float:
    """Return the rating that the script alone demands, whatever the phrase."""
    opens, closes = right[0], left[-1]
    alone = right != "-" and not right.strip(ATTACHED)  # a single hyphen opens a speaker's line
    if alone or opens in style.no_line_start or closes in style.no_line_end:
        return FORBIDDEN
    if style.joiner:
        return 0.0
    return SCRIPTS.get((_kind(closes), _kind(opens)), 0.0)


def _kind(char: str) -> str:
    """Return a character's script, as far as it shows where East Asian words end."""
    name = unicodedata.name(char, "")
    for kind in ("KATAKANA", "HIRAGANA", "CJK", "DIGIT"):
        if kind in name:
            return kind
    return ""
