"""Measure everything and print the ratios: python -m benchmarks [--only warm,memory,…]."""

from __future__ import annotations

import argparse
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

from benchmarks import big_model, cold_start, extraction, memory, recut, warm
from benchmarks.figures import Figure, table, write

ALL: dict[str, Callable[[Path], list[Figure]]] = {
    "warm": warm.measure,
    "memory": memory.measure,
    "extraction": extraction.measure,
    "cold-start": cold_start.measure,
    "recut": recut.measure,
    "big-model": big_model.measure,
}
RESULTS = Path(__file__).parent / "results" / "latest.json"


def main() -> None:
    """Run the chosen measurements, print a table, write JSON."""
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    parser.add_argument("--only", default=",".join(ALL), help=f"of {','.join(ALL)}")
    parser.add_argument("--folder", type=Path, help="keep recordings and models here")
    options = parser.parse_args()
    if not hasattr(tarfile, "data_filter"):
        parser.error("NeMo as it comes, which Recue is compared with, needs Python 3.11.4 or newer")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        folder = options.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        figures: list[Figure] = []
        for name in options.only.split(","):
            figures += ALL[name](folder)
            write(figures, RESULTS)  # after each, so that a long run that is stopped is not lost
    print(table(figures))


if __name__ == "__main__":
    main()
