"""Word classes of a language's small words.

Only closed classes are listed: the few hundred words of each language (articles, prepositions,
conjunctions, pronouns, auxiliaries …) that show where its phrases begin and end.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property

APOSTROPHES = str.maketrans("’ʼ＇", "'''")
AROUND = '"“”„‟«»‹›()[]{}<>¿¡.,;:!?…*_/\\|—–-♪'
"""Characters around a word that are no part of it. Apostrophes are part of it."""


@dataclass(frozen=True)
class Lexicon:
    """Lists of words by class, in lower case, separated by white space.

    A word may be in several. A part of a word that an apostrophe joins to the rest is listed with
    its apostrophe: "l'" and "'ll".
    """

    article: str = ""
    possessive: str = ""
    demonstrative: str = ""
    quantifier: str = ""
    number: str = ""
    preposition: str = ""
    infinitive: str = ""
    """Marker of an infinitive: to, zu."""
    coordinator: str = ""
    """Joins equals: and, but, or."""
    subordinator: str = ""
    """Opens a clause: because, if, when."""
    relative: str = ""
    """Opens a relative clause or an indirect question: which, who, what, how."""
    auxiliary: str = ""
    negation: str = ""
    subject: str = ""
    """Pronouns that are the subject of the verb after them."""
    object: str = ""
    """Pronouns that are an object, reflexive ones included."""
    adverb: str = ""
    """Adverbs of degree and focus, which belong to the word after them: very, just."""
    particle: str = ""
    """Words that belong to the verb before them: up, out."""
    genitive: str = ""
    """Endings that make a name a possessor: 's."""

    @cached_property
    def _classes(self) -> dict[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for field in fields(self):
            for word in getattr(self, field.name).split():
                found.setdefault(word, set()).add(field.name)
        return {word: frozenset(classes) for word, classes in found.items()}

    def opening(self, word: str) -> frozenset[str]:
        """Return the classes, seen from the left, of a word or of its part before an apostrophe."""
        bare = _bare(word)
        head, apostrophe, _ = bare.partition("'")
        return self._classes.get(bare) or self._classes.get(head + apostrophe) or self._of(head)

    def closing(self, word: str) -> frozenset[str]:
        """Return the classes, seen from the right, of a word or of its part after an apostrophe."""
        bare = _bare(word)
        _, apostrophe, tail = bare.rpartition("'")
        return self._classes.get(bare) or self._classes.get(apostrophe + tail) or self._of(tail)

    def _of(self, part: str) -> frozenset[str]:
        return self._classes.get(part, frozenset())


def _bare(word: str) -> str:
    return word.translate(APOSTROPHES).strip(AROUND).lower()
