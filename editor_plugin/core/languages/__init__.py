"""What is known of each language: its small words, as data."""

from __future__ import annotations

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
    """The lexicon for a language tag ("en", "pt-BR"); None where there is none."""
    if language is None:
        return None
    return LEXICONS.get(language.replace("_", "-").split("-")[0].lower())


__all__ = ["LEXICONS", "Lexicon", "lexicon"]
