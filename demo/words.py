"""The closed vocabulary of the demo model: `text/words.txt` with all its forms.

`python -m demo.words` prints every form, one a line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

WORDS = Path(__file__).resolve().parent / "text" / "words.txt"
COUNTED = ("people", "animals", "things", "places", "times")
DONE = ("things done", "done to people", "just done", "thought", "seeming")


@dataclass(frozen=True)
class Verb:
    """The forms of one verb; None where English uses a form that we leave out."""

    base: str
    third: str
    past: str | None
    participle: str | None
    ing: str

    def forms(self) -> list[str]:
        every = (self.base, self.third, self.past, self.participle, self.ing)
        return [form for form in every if form]


@cache
def sections() -> dict[str, tuple[str, ...]]:
    """The entries of words.txt as written, by section."""
    found: dict[str, list[str]] = {}
    entries: list[str] = []
    for line in WORDS.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            entries = found.setdefault(line.strip("[]"), [])
        elif not line.startswith("#"):
            entries.extend(line.split())
    return {name: tuple(dict.fromkeys(words)) for name, words in found.items()}


def _with_s(word: str) -> str:
    if re.search(r"[^aeiou]y$", word):
        return word[:-1] + "ies"
    return word + ("es" if re.search(r"(s|x|z|ch|sh)$", word) else "s")


def plural(entry: str) -> tuple[str, str]:
    """Singular and plural of a noun's entry."""
    one, _, many = entry.partition("/")
    return one, many or _with_s(one)


def verb(entry: str) -> Verb:
    """All forms of a verb's entry."""
    if "/" in entry:
        base, third, past, participle, ing = entry.split("/")
        return Verb(base, third, _given(past), _given(participle), ing)
    stem = entry[:-1] if re.search(r"[^eoy]e$", entry) else entry
    past = re.sub(r"([^aeiou])y$", r"\1i", entry).removesuffix("e") + "ed"
    return Verb(entry, _with_s(entry), past, past, stem + "ing")


def _given(form: str) -> str | None:
    return None if form == "-" else form


@cache
def vocabulary() -> frozenset[str]:
    """Every form, as written inside a sentence (names, days, months and `I` with a capital)."""
    forms: set[str] = set()
    for name, entries in sections().items():
        for entry in entries:
            if name in COUNTED:
                forms.update(plural(entry))
            elif name in DONE:
                forms.update(verb(entry).forms())
            else:
                forms.add(entry)
    return frozenset(forms)


def unknown_words(sentence: str) -> list[str]:
    """The words of a sentence that are not in the vocabulary; a capital may open a sentence."""
    words = re.findall(r"[A-Za-z']+", sentence)
    known = vocabulary()
    opens = {words[0][:1].lower() + words[0][1:]} if words else set()
    missing = [word for word in words[1:] if word not in known]
    return missing if words and (words[0] in known or opens & known) else words[:1] + missing


if __name__ == "__main__":
    print("\n".join(sorted(vocabulary(), key=str.lower)))
