"""Where the demo's files are."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

HERE = Path(__file__).resolve().parent

MEDIA = HERE / "media" / "recue-demo.mp4"
TIMELINE = HERE / "recue-demo.otio"
REFERENCE = HERE / "reference.json"
RATE = Fraction(24000, 1001)  # frames per second of the film and of the timeline

MODEL = HERE / "model" / "recue-demo.nemo"
RESULTS = HERE / "model" / "results.json"
CARD_TEMPLATE = HERE / "model" / "card_template.md"
CARD = HERE / "model" / "CARD.md"
