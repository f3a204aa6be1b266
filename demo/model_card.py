"""Write `model/CARD.md` from `model/results.json`: `python -m demo.model_card`.

The words are in `model/card_template.md`; every figure comes from the results.
"""

from __future__ import annotations

import argparse
from typing import Any

from demo.files import CARD, CARD_TEMPLATE, RESULTS
from demo.needs import need_json
from demo.sentences import grammar_sha256


def row(name: str, rates: dict[str, float]) -> str:
    plain, written = rates["word_error_rate"], rates["with_case_and_punctuation"]
    return f"| … of these, {name} | {plain} % | {written} % |"


def trained(training: dict[str, Any]) -> str:
    """Where and how long, stage by stage."""
    return "; then ".join(map(_stage, training["stages"]))


def grammar_state(training: dict[str, Any]) -> str:
    """Says so where the grammar has changed since the model was trained."""
    same = training["stages"][-1]["grammar_sha256"] == grammar_sha256()
    return "" if same else ", in an earlier and smaller state"


def _stage(stage: dict[str, Any]) -> str:
    device = stage["device"]
    where = f"one {device}" if "NVIDIA" in device else f"a {device}"
    return f"{stage['minutes']} minutes on {where} ({stage['steps']:,} steps)"


def card(results: dict[str, Any]) -> str:
    """The text of the card."""
    held_out, film = results["held_out"], results["demo_film"]
    heard = results["words_heard_in"].items()
    return CARD_TEMPLATE.read_text(encoding="utf-8").format(
        model=results["model"],
        megabytes=results["bytes"] / 1e6,
        millions=results["parameters"] / 1e6,
        vocabulary=results["vocabulary"],
        trained=trained(results["training"]),
        state=grammar_state(results["training"]),
        sentences=held_out["sentences"],
        words=held_out["words"],
        held_out=held_out,
        parts="\n".join(row(name, rates) for name, rates in held_out["parts"].items()),
        by_hand=held_out["written_by_hand"],
        long=results["long_recordings"],
        film=film,
        starts=film["start_error_ms"],
        ends=film["end_error_ms"],
        timed=film["words_with_times"],
        quiet=", ".join(f"{count} words in {name}" for name, count in heard),
    )


def main() -> None:
    argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0]).parse_args()
    results = need_json(RESULTS, "held_out", "demo_film", "words_heard_in", "training")
    CARD.write_text(card(results), encoding="utf-8")
    print(CARD)


if __name__ == "__main__":
    main()
