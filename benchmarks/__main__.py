"""Measure everything and print the ratios: python -m benchmarks [--only warm,memory,…]."""

from __future__ import annotations

import argparse
import sys
import tarfile
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from demo.needs import (
    ENGINE,
    MODEL,
    missing_packages,
    need_files,
    need_folder,
    need_packages,
    refuse,
)

if __name__ == "__main__":
    need_packages(*ENGINE, "opentimelineio")

from benchmarks import big_model, cold_start, extraction, memory, recut, search, warm
from benchmarks.figures import Figure, table, write
from benchmarks.recordings import FILM


@dataclass(frozen=True)
class Benchmark:
    """A measurement, the packages that it needs, and whether it reads Linux's /proc."""

    measure: Callable[[Path], list[Figure]]
    needs: tuple[str, ...] = MODEL
    linux: bool = False


ALL = {
    "warm": Benchmark(warm.measure),
    "memory": Benchmark(memory.measure, linux=True),
    "extraction": Benchmark(extraction.measure, ENGINE),
    "cold-start": Benchmark(cold_start.measure),
    "recut": Benchmark(recut.measure),
    "search": Benchmark(search.measure, ENGINE),
    "big-model": Benchmark(big_model.measure, (*MODEL, "onnx", "onnxruntime")),
}
RESULTS = Path(__file__).parent / "results" / "latest.json"


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the chosen measurements, print a table, write JSON."""
    parser = argparse.ArgumentParser("python -m benchmarks", description=__doc__)
    parser.add_argument("--only", type=_names, default=",".join(ALL), help=f"of {','.join(ALL)}")
    parser.add_argument("--folder", type=Path, help="keep recordings and models here")
    options = parser.parse_args(arguments)
    if not hasattr(tarfile, "data_filter"):
        parser.error("NeMo as it comes, which Recue is compared with, needs Python 3.11.4 or newer")
    _look(options.only)
    need_folder(RESULTS.parent)
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as temporary:
        folder = options.folder or Path(temporary)
        need_folder(folder)
        try:
            for name in options.only:
                figures += ALL[name].measure(folder)
                write(figures, RESULTS)
        finally:  # what a long run has measured before it was stopped is not lost
            if figures:
                print(table(figures))


def _names(text: str) -> list[str]:
    names = text.split(",")
    if wrong := [name for name in names if name not in ALL]:
        absent = ", ".join(f"“{name}”" for name in wrong)
        raise argparse.ArgumentTypeError(f"there is no {absent}; there are {', '.join(ALL)}")
    return names


def _look(names: Sequence[str]) -> None:
    """Refuse before anything is measured where something is missing for any of the chosen."""
    for name in names:
        if missing := missing_packages(ALL[name].needs):
            refuse(
                f"{name} needs {', '.join(missing)}, which {sys.executable} does not have: "
                "install what is missing, or choose others with --only."
            )
        if ALL[name].linux and sys.platform != "linux":
            refuse(f"{name} can be measured on Linux only; choose others with --only.")
    need_files(FILM)


if __name__ == "__main__":
    main()
