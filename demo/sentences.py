"""Varied sentences over the closed vocabulary: `python -m demo.sentences 20` prints twenty.

The grammar is `text/grammar.txt`. Among the words that fit a place, one that was said least so far
is preferred, so that every word of the vocabulary is met often.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from hashlib import sha256
from pathlib import Path

from demo.dialogue import LINES
from demo.words import plural, sections, verb, vocabulary

TEXT = Path(__file__).resolve().parent / "text"
GRAMMAR = TEXT / "grammar.txt"
HELD_OUT = TEXT / "held_out.txt"
MIN_WORDS, MAX_WORDS = 2, 16
CANDIDATES = 6  # the least said of so many random words is taken
AN = re.compile(r"\b(a) (?=[aeio]|honest|u(?!s|ni))")

# The rule names of the grammar's word groups, and the sections of words.txt behind them.
NOUNS = {"thing": "things", "person": "people", "animal": "animals", "spot": "places"}
NOUNS |= {"time": "times"}
VERBS = {"do": "things done", "meet": "done to people", "go": "just done", "think": "thought"}
VERBS |= {"seem": "seeming"}
PLAIN = {
    "name": "names",
    "day": "days",
    "month": "months",
    "number": "numbers",
    "substance": "substances",
    "single": "single",
    "quality": "qualities",
    "stronger": "stronger",
    "color": "colors",
    "manner": "manner",
    "adverb spot": "spots",
    "often": "often",
    "degree": "degrees",
}


@cache
def word_groups() -> dict[str, tuple[str, ...]]:
    """The words that may stand for each `<name>` of the grammar."""
    groups = {rule: sections()[section] for rule, section in PLAIN.items()}
    groups["any"] = tuple(sorted(vocabulary() - set(sections()["sounding alike"])))
    for rule, section in NOUNS.items():
        pairs = [plural(entry) for entry in sections()[section]]
        groups[rule] = tuple(one for one, _ in pairs)
        groups[f"{rule}.s"] = tuple(many for _, many in pairs)
    for rule, section in VERBS.items():
        verbs = [verb(entry) for entry in sections()[section]]
        for form in ("base", "third", "past", "participle", "ing"):
            forms = [getattr(each, form) for each in verbs]
            groups[f"{rule}.{form}"] = tuple(form for form in forms if form)
    return groups


@cache
def grammar() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Alternatives of each rule, as tuples of tokens; frequent ones are repeated."""
    rules = {}
    for line in GRAMMAR.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        name, _, right = line.partition(":")
        alternatives: list[tuple[str, ...]] = []
        for alternative in right.split("|"):
            times, _, rest = alternative.strip().rpartition("*")
            tokens = tuple(re.findall(r"<[^>]+>|[^\s<>]+", rest))
            alternatives += [tokens] * int(times or 1)
        rules[name] = tuple(alternatives)
    return rules


def grammar_sha256() -> str:
    """Tells one state of the grammar from another."""
    return sha256(GRAMMAR.read_bytes()).hexdigest()


class Writer:
    """Writes sentences; the same seed writes the same ones."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._said: Counter[str] = Counter()

    def write(self) -> str:
        """One sentence of at most `MAX_WORDS` words, with a capital and an end mark."""
        while True:
            tokens = list(self._expand("sentence"))
            words = [token for token in tokens if not token.startswith("~")]
            if MIN_WORDS <= len(words) <= MAX_WORDS:
                self._said.update(words)
                return finish(tokens)

    def _expand(self, rule: str) -> Iterator[str]:
        for token in self._random.choice(grammar()[rule]):
            if not token.startswith("<"):
                yield token
            elif token[1:-1] in grammar():
                yield from self._expand(token[1:-1])
            else:
                yield self._word(token[1:-1])

    def _word(self, group: str) -> str:
        words = word_groups()[group]
        candidates = [self._random.choice(words) for _ in range(CANDIDATES)]
        return min(candidates, key=self._said.__getitem__)


def finish(tokens: list[str]) -> str:
    """Join tokens to a written sentence."""
    text = re.sub(r" ~", "", " ".join(tokens))
    text = AN.sub(r"an ", text)
    return text[0].upper() + text[1:]


def key(sentence: str) -> str:
    """What makes two sentences the same: their words, whatever the case and the marks."""
    return " ".join(re.findall(r"[a-z']+", sentence.lower()))


@cache
def held_out() -> tuple[str, ...]:
    """The fixed test sentences, never used in training."""
    return tuple(HELD_OUT.read_text(encoding="utf-8").split("\n")[:-1])


@cache
def kept_from_training() -> frozenset[str]:
    """Keys of all sentences that no training may contain: the test's and the demo film's."""
    return frozenset(map(key, held_out())) | frozenset(key(line.text) for line in LINES)


def training_sentences(count: int, seed: int = 1) -> list[str]:
    """Sentences for training, without the held-out ones; short ones may come more than once."""
    writer, never, sentences = Writer(seed), kept_from_training(), list[str]()
    while len(sentences) < count:
        sentence = writer.write()
        if key(sentence) not in never:
            sentences.append(sentence)
    return sentences


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("count", type=int)
    print("\n".join(training_sentences(parser.parse_args().count)))
