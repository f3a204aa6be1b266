"""Conversion of the output of NeMo's decoders to words.

NeMo counts in frames of the encoder, and converts them to seconds as floats. Only the frames are
used here, since they convert to exact samples.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from editor_plugin.core.transcript import SAMPLE_RATE, Window, Word


def words_of(hypothesis: Any, window: Window, frame_samples: int) -> tuple[Word, ...]:
    """Return the words recognised in `window`, times in samples of the file as seconds.
    `hypothesis` is NeMo's; a list of them is the N best, and the first one counts. Where it has no
    times (Canary without its time tokens), the words are spread over the window by their length."""
    best = hypothesis[0] if isinstance(hypothesis, list) else hypothesis
    texts = (best.text or "").split()
    found = best.timestamp.get("word", []) if isinstance(best.timestamp, dict) else []
    offsets = [
        (str(each["word"]).strip(), int(each["start_offset"]), int(each["end_offset"]))
        for each in found
    ]
    offsets = [each for each in offsets if each[0]]
    if not offsets or any(start < 0 or end < 0 for _, start, end in offsets):
        return _spread(texts, window)
    if len(offsets) != len(texts):  # scripts without spaces: what has a time is a word
        texts = [text for text, _, _ in offsets]
    confidences = _confidences(best, len(offsets))
    spans = [(start * frame_samples, end * frame_samples) for _, start, end in offsets]
    return tuple(
        _word(text, span, window, confidence)
        for text, span, confidence in zip(texts, spans, confidences, strict=True)
    )


def _word(text: str, span: tuple[int, int], window: Window, confidence: float | None) -> Word:
    """Place a word; one that was recognised in the padding is moved to the window's end."""
    start, end = (
        Fraction(min(window.context_start + at, window.context_end), SAMPLE_RATE) for at in span
    )
    return Word(text, start, max(start, end), confidence)


def _confidences(best: Any, count: int) -> Sequence[float | None]:
    given = best.word_confidence
    if given is None or len(given) != count:
        return [None] * count
    return [_unit(float(each)) for each in given]


def _unit(confidence: float) -> float | None:
    """Limit a confidence to 0 to 1; rounding and NeMo's scale, on which chance is 0, exceed it."""
    return None if math.isnan(confidence) else min(1.0, max(0.0, confidence))


def _spread(texts: Sequence[str], window: Window) -> tuple[Word, ...]:
    total = sum(len(text) for text in texts)
    words, before = [], 0
    for text in texts:
        start, end = (
            Fraction(window.context_start + window.samples * at // total, SAMPLE_RATE)
            for at in (before, before + len(text))
        )
        words.append(Word(text, start, end))
        before += len(text)
    return tuple(words)
