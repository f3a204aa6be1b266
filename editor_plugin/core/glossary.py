"""Glossary: names and terms that models often misrecognise, replaced wherever they occur."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from editor_plugin.core.rewording import bare, reworded, stripped
from editor_plugin.core.transcript import Word


@dataclass(frozen=True)
class Term:
    """A glossary entry: the recognised text, one word or several, and what to write instead."""

    wrong: str
    right: str


def apply_terms(
    words: Sequence[Word], terms: Iterable[Term], by_hand: Collection[int] = frozenset()
) -> tuple[Word, ...]:
    """Replace each term in the words of one source, which are in time order.

    Whole words match, whatever their case and the punctuation around them, which stays; the longest
    match wins. A `right` in small letters takes a capital where the recognised words had one. Every
    word is looked at once. Words at the positions `by_hand` are left alone. Times as for
    corrections; the confidence is the least of the words that were replaced.
    """
    by_first = _by_first(terms)
    if not by_first:
        return tuple(words)
    written: list[Word] = []
    at = 0
    while at < len(words):
        count, right = _match(words, at, by_first, by_hand)
        if count:
            following = words[at + count].start if at + count < len(words) else None
            old = words[at : at + count]
            least = min((w.confidence for w in old if w.confidence is not None), default=None)
            new = reworded(old, right.split(), following)
            changed = [word.text for word in new] != [word.text for word in old]
            written += [replace(word, confidence=least) for word in new] if changed else old
        else:
            written.append(words[at])
        at += count or 1
    return tuple(written)


def _by_first(terms: Iterable[Term]) -> dict[str, list[tuple[list[str], Term]]]:
    """Terms by their first word, the longest first; of equals, the one given first."""
    table: dict[str, list[tuple[list[str], Term]]] = {}
    for term in terms:
        texts = bare(" ".join(term.wrong.split())).split()
        if stripped(term.wrong)[1] and term.right.strip():
            table.setdefault(bare(texts[0]), []).append((texts, term))
    for found in table.values():
        found.sort(key=lambda each: -len(each[0]))
    return table


def _match(
    words: Sequence[Word],
    at: int,
    by_first: dict[str, list[tuple[list[str], Term]]],
    by_hand: Collection[int],
) -> tuple[int, str]:
    """Return how many words from `at` on are a term, and their replacement; 0 for none."""
    for texts, term in by_first.get(bare(words[at].text), ()):
        run = words[at : at + len(texts)]
        heard = " ".join(word.text for word in run)
        if (
            bare(heard).split() == texts
            and len({word.speaker for word in run}) == 1
            and not any(at <= position < at + len(texts) for position in by_hand)
        ):
            return len(texts), _written(heard, " ".join(term.right.split()))
    return 0, ""


def _written(heard: str, right: str) -> str:
    """Return the term with the case of, and the punctuation around, the recognised words."""
    before, said, after = stripped(heard)
    if right == right.lower() and said[:1] != said[:1].lower():
        right = right[:1].upper() + right[1:]
    if before and right.startswith(before):
        before = ""
    if after and right.endswith(after):
        after = ""
    return before + right + after
