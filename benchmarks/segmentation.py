"""Comparison of Recue's segmentation with a person's, and with other methods.

    python -m benchmarks.segmentation REFERENCE [--language en] [--without auto-subs] [--json]

REFERENCE is human-segmented text, one sentence a line, with `<eol>` where a line ends and `<eob>`
where a cue ends. Its words get times at an even pace, so that text alone decides. Printed are
boundary F1 (every end of a line or cue counts, whichever its kind), the part of the lines that are
within 42 characters, and SubER (0 for the reference itself; lower is better). SubER needs the
package subtitle-edit-rate, the comparison with auto-subs that one; either can be left out.
"""

from __future__ import annotations

import argparse
import importlib
import json
import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from benchmarks.references import (
    Break,
    NoReferenceError,
    Sentence,
    breaks_of,
    paced,
    read_reference,
)
from benchmarks.scores import Score, score, total
from demo.needs import refuse
from editor_plugin.core.segmentation import segment
from editor_plugin.core.styles import PLAIN
from editor_plugin.core.transcript import Word

APART = Fraction(3)
"""Seconds between sentences, so that SubER compares them one by one."""

AUTO_SUBS, SUBER = "auto-subs", "SubER"
INSTALL = {
    AUTO_SUBS: "pip install --no-deps auto-subs==0.8.0 pydantic",
    SUBER: "pip install subtitle-edit-rate==0.4.0",
}
"""What can be left out, and how to install it."""
MODULES = {AUTO_SUBS: "autosubs.core.word_segmenter", SUBER: "suber.metrics.suber"}

Cut = Callable[[Sequence[Word]], tuple[Break, ...]]


@dataclass(frozen=True)
class Row:
    """One system's result; `suber` is None where it was left out."""

    system: str
    score: Score
    suber: float | None

    def numbers(self) -> dict[str, float | None]:
        """For printing, each by its name."""
        return {
            "boundary F1": round(self.score.f1, 4),
            "precision": round(self.score.precision, 4),
            "recall": round(self.score.recall, 4),
            "lines that fit": round(self.score.conformity, 4),
            SUBER: self.suber,
        }


def greedy(words: Sequence[Word]) -> tuple[Break, ...]:
    """Fill each line, then the next: what most tools do."""
    marks: list[Break] = []
    length, line = 0, 1
    for word in words:
        if length and length + 1 + len(word.text) > PLAIN.max_chars:
            full = line == PLAIN.max_lines
            marks[-1] = Break.CUE if full else Break.LINE
            length, line = 0, 1 if full else line + 1
        length += len(word.text) + bool(length)
        marks.append(Break.NONE)
    return (*marks[:-1], Break.CUE)


def recue(language: str) -> Cut:
    """Recue's own."""
    return lambda words: breaks_of(segment(words, PLAIN, language))


def auto_subs() -> Cut:
    """The package auto-subs, which makes cues of one line. Raises ImportError."""
    from autosubs.core.word_segmenter import segment_words
    from autosubs.models.subtitles import SubtitleWord

    logging.getLogger("autosubs").setLevel(logging.WARNING)

    def cut(words: Sequence[Word]) -> tuple[Break, ...]:
        theirs = [SubtitleWord(each.text, float(each.start), float(each.end)) for each in words]
        marks: list[Break] = []
        for found in segment_words(theirs, PLAIN.max_chars, max_lines=PLAIN.max_lines):
            marks += [Break.NONE] * (len(found.words) - 1) + [Break.CUE]
        return tuple(marks)

    return cut


def measure(system: str, cut: Cut, sentences: Sequence[Sentence], with_suber: bool = True) -> Row:
    """Cut every sentence by itself and compare."""
    found = [cut(paced(sentence.words)) for sentence in sentences]
    scores = [score(*pair, PLAIN.max_chars) for pair in zip(sentences, found, strict=True)]
    ours = [Sentence(each.words, marks) for each, marks in zip(sentences, found, strict=True)]
    return Row(system, total(scores), suber(ours, sentences) if with_suber else None)


def suber(ours: Sequence[Sentence], theirs: Sequence[Sentence]) -> float:
    """The subtitle edit rate, in percent. Raises ImportError."""
    from suber.metrics.suber import calculate_SubER

    return float(calculate_SubER(_subtitles(ours), _subtitles(theirs)))


def _subtitles(sentences: Sequence[Sentence]) -> list[Any]:
    from suber.data_types import LineBreak, Subtitle, TimedWord

    kinds = {
        Break.NONE: LineBreak.NONE,
        Break.LINE: LineBreak.END_OF_LINE,
        Break.CUE: LineBreak.END_OF_BLOCK,
    }
    found: list[Any] = []
    offset = Fraction(0)
    for sentence in sentences:
        words = paced(sentence.words)
        first = 0
        for last, mark in enumerate(sentence.breaks):
            if mark == Break.CUE:
                start, end = float(offset + words[first].start), float(offset + words[last].end)
                timed = [
                    TimedWord(sentence.words[at], kinds[sentence.breaks[at]], start, end)
                    for at in range(first, last + 1)
                ]
                found.append(Subtitle(timed, len(found) + 1, start, end))
                first = last + 1
        offset += words[-1].end + APART
    return found


def compare(sentences: Sequence[Sentence], language: str, without: Sequence[str]) -> list[Row]:
    """A row for each system; `without` names what is left out."""
    systems = {"recue": recue(language), "greedy": greedy}
    if AUTO_SUBS not in without:
        systems[AUTO_SUBS] = auto_subs()
    return [measure(name, cut, sentences, SUBER not in without) for name, cut in systems.items()]


def look(without: Sequence[str]) -> None:
    """Refuse where a package is missing that was not left out."""
    for name, module in MODULES.items():
        try:
            if name not in without:
                importlib.import_module(module)  # what it needs itself may be missing, too
        except ImportError as error:
            refuse(
                f"{name} cannot be used ({error}): {INSTALL[name]}, or --without {name} to leave "
                "it out."
            )


def table(rows: Sequence[Row]) -> str:
    """The rows as text."""
    names = list(rows[0].numbers())
    lines = ["".join([f"{'':12}", *(f"{name:>16}" for name in names)])]
    for row in rows:
        values = ["–" if value is None else f"{value:.3f}" for value in row.numbers().values()]
        lines.append("".join([f"{row.system:12}", *(f"{value:>16}" for value in values)]))
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("reference", type=Path)
    parser.add_argument("--language", default="en")
    parser.add_argument("--json", action="store_true", help="numbers for programs")
    parser.add_argument(
        "--without", action="append", default=[], choices=list(INSTALL), help="leave this out"
    )
    options = parser.parse_args(arguments)
    try:
        sentences = read_reference(options.reference)
    except NoReferenceError as error:
        refuse(str(error))
    look(options.without)
    rows = compare(sentences, options.language, options.without)
    if options.json:
        systems = {row.system: row.numbers() for row in rows}
        found = {"sentences": len(sentences), "systems": systems, "without": options.without}
        print(json.dumps(found, indent=1, ensure_ascii=False))
    else:
        print(f"{len(sentences)} sentences\n{table(rows)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
