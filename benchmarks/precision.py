"""The word error rate of the demo model in fp32 and in bf16, on its 200 held-out sentences.

    python -m benchmarks.precision          (needs flite and espeak-ng, which speak them)

Through Recue's own runner. The figures are per cent, and want to be the same within 0.1.
"""

from __future__ import annotations

import argparse
import tempfile
import threading
from collections.abc import Sequence
from pathlib import Path

from demo.needs import MODEL, need_packages

if __name__ == "__main__":
    need_packages(*MODEL, "numpy", "scipy")

import soundfile

from benchmarks.recordings import demo_model
from benchmarks.side_by_side import CountingListener, recogniser
from demo.sentences import held_out
from demo.speech import VOICES, need_voices, say
from demo.training.error_rate import error_rate, plain_words
from editor_plugin.core.transcript import SAMPLE_RATE, HeardWindow, Window
from editor_plugin.engine.recognition.types import RecognitionItem


class TextListener(CountingListener):
    """A listener that keeps the text of each item."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: dict[str, str] = {}

    def heard(self, item: str, heard: HeardWindow) -> None:
        """Keep the window's words; each item is one window."""
        self.texts[item] = " ".join(word.text for word in heard.words)


def error_rates(folder: Path, sentences: Sequence[str]) -> dict[str, float]:
    """Precision → word error rate of plain words, in per cent."""
    work = []
    for number, text in enumerate(sentences):
        path = folder / f"{number}.wav"
        samples = say(text, VOICES[number % len(VOICES)]).samples
        soundfile.write(path, samples, SAMPLE_RATE, subtype="PCM_16")
        length = len(samples)
        work.append(RecognitionItem(str(number), path, (Window(0, length, 0, length),)))
    rates = {}
    for precision in ("fp32", "bf16"):
        with recogniser(folder, demo_model(), precision) as opened:
            listener = TextListener()
            opened.transcribe(work, listener, threading.Event())
        pairs = [
            (plain_words(text), plain_words(listener.texts[str(number)]))
            for number, text in enumerate(sentences)
        ]
        rates[precision] = 100 * error_rate(pairs)
    return rates


def main() -> None:
    """Print both rates."""
    argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0]).parse_args()
    need_voices()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        for precision, rate in error_rates(Path(folder), held_out()).items():
            print(f"{precision}: {rate:.2f} % of the words are wrong")


if __name__ == "__main__":
    main()
