"""Lexicons of small words (articles, prepositions …) by language, and language detection."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from editor_plugin.core.languages.dutch import DUTCH
from editor_plugin.core.languages.english import ENGLISH
from editor_plugin.core.languages.french import FRENCH
from editor_plugin.core.languages.german import GERMAN
from editor_plugin.core.languages.italian import ITALIAN
from editor_plugin.core.languages.lexicon import Lexicon
from editor_plugin.core.languages.polish import POLISH
from editor_plugin.core.languages.portuguese import PORTUGUESE
from editor_plugin.core.languages.spanish import SPANISH

LEXICONS = {
    "de": GERMAN,
    "en": ENGLISH,
    "es": SPANISH,
    "fr": FRENCH,
    "it": ITALIAN,
    "nl": DUTCH,
    "pl": POLISH,
    "pt": PORTUGUESE,
}
"""By ISO 639-1 code."""


def lexicon(language: str | None) -> Lexicon | None:
    """Return the lexicon for a language tag ("en", "pt-BR"); None where there is none."""
    if language is None:
        return None
    return LEXICONS.get(language.replace("_", "-").split("-")[0].lower())


SAMPLE = 1000
"""Words that are enough to detect a language."""


def guess(texts: Sequence[str]) -> str | None:
    """Detect the language of words by its small words; None where none stands out.

    It stands out with three small words, 30 % of all words, and half as many again as any other.
    """
    sample = texts[:: len(texts) // SAMPLE + 1]
    often = Counter(sample)
    found = {
        code: sum(times for text, times in often.items() if known.opening(text))
        for code, known in LEXICONS.items()
    }
    first, second = sorted(found, key=lambda code: found[code], reverse=True)[:2]
    hits = found[first]
    stands_out = hits >= 3 and 10 * hits >= 3 * len(sample) and 2 * hits > 3 * found[second]
    return first if stands_out else None


__all__ = ["LEXICONS", "Lexicon", "guess", "lexicon"]
