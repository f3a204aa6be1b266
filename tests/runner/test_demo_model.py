"""The bundled model on the bundled film: real speech, real words, real times."""

from __future__ import annotations

import difflib
import json
from pathlib import Path
from statistics import median
from typing import Any

import pytest

from editor_plugin.core import protocol
from editor_plugin.core.protocol import ROUTES
from editor_plugin.core.stitching import join
from editor_plugin.core.timeline import Media
from editor_plugin.core.transcript import SAMPLE_RATE, HeardWindow, Word
from editor_plugin.engine.media.extraction import extract
from tests.runner.conftest import Talk, item

pytestmark = [pytest.mark.nemo]

DEMO = Path(__file__).resolve().parents[2] / "demo"


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The film's sound, which begins with its first frame."""
    target = tmp_path_factory.mktemp("film") / "film.wav"
    extracted = extract(Media(str(DEMO / "media" / "recue-demo.mp4")), None, target)
    assert extracted.start == 0
    return target


def reference() -> list[dict[str, Any]]:
    sentences = json.loads((DEMO / "reference.json").read_text("utf-8"))["sentences"]
    return [word for sentence in sentences for word in sentence["words"]]


def heard(talk: Talk, film: Path, **changes: Any) -> tuple[Word, ...]:
    """Plan, transcribe and join, as the engine does."""
    import soundfile

    limit = 15 * SAMPLE_RATE
    span = [0, soundfile.info(film).frames]
    planned = talk.call("plan_windows", audio=str(film), ranges=[span], limit=limit)["windows"]
    assert len(planned) > 3
    talk.transcribe(item("film", film, *planned), **changes)
    return join(
        [
            HeardWindow(
                protocol.window_from_wire(about["window"]),
                tuple(protocol.word_from_wire(word) for word in about["words"]),
            )
            for about in talk.told("words")
        ]
    )


def bare(text: str) -> str:
    return text.strip(".,?!").lower()


def test_the_film_is_understood_by_every_route(talk: Talk, film: Path) -> None:
    talk.load(DEMO / "model" / "recue-demo.nemo")
    by_route = {route: heard(talk, film, route=route, batch_seconds=30) for route in ROUTES}
    words = by_route[ROUTES[0]]
    for route in ROUTES[1:]:
        assert [word.text for word in by_route[route]] == [word.text for word in words]
        for ours, theirs in zip(words, by_route[route], strict=True):
            assert (ours.start, ours.end) == (theirs.start, theirs.end)
    said = reference()
    matcher = difflib.SequenceMatcher(
        None, [bare(word["text"]) for word in said], [bare(word.text) for word in words], False
    )
    pairs = [
        (said[block.a + i], words[block.b + i])
        for block in matcher.get_matching_blocks()
        for i in range(block.size)
    ]
    assert len(pairs) >= 0.85 * len(said)  # its card says 5 % of errors, sentence by sentence
    assert any(word.text[0].isupper() for word in words)
    assert any(word.text.endswith((".", "?")) for word in words)
    starts = [abs(float(word.start) - there["start_s"]) for there, word in pairs]
    ends = [abs(float(word.end) - there["end_s"]) for there, word in pairs]
    frame = 0.08
    assert median(starts) <= frame and median(ends) <= frame
    assert max(starts) <= 4 * frame and max(ends) <= 4 * frame
    assert all(word.confidence is not None for word in words)


def test_bf16_says_the_same_as_fp32(talk: Talk, film: Path) -> None:
    texts = {}
    for precision in ("fp32", "bf16"):
        facts = talk.load(DEMO / "model" / "recue-demo.nemo", precision=precision)
        assert facts["precision"] == precision
        texts[precision] = [word.text for word in heard(talk, film)]
    differing = sum(
        max(b - a, d - c)
        for kind, a, b, c, d in difflib.SequenceMatcher(
            None, texts["fp32"], texts["bf16"], False
        ).get_opcodes()
        if kind != "equal"
    )
    assert differing <= len(texts["fp32"]) // 50


def test_cutting_windows_for_memory_keeps_the_words(talk: Talk, film: Path) -> None:
    import torch

    talk.load(DEMO / "model" / "recue-demo.nemo")
    whole = [bare(word.text) for word in heard(talk, film)]
    loaded = talk.recognition._loaded
    assert loaded is not None
    original = loaded.model.forward

    def small(**inputs: Any) -> Any:
        if inputs["input_signal"].numel() > 8 * SAMPLE_RATE:
            raise torch.OutOfMemoryError("CUDA out of memory.")
        return original(**inputs)

    loaded.model.forward = small
    cut = [bare(word.text) for word in heard(talk, film)]
    del loaded.model.forward
    assert difflib.SequenceMatcher(None, whole, cut, False).ratio() > 0.95
