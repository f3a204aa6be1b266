"""Write the trained demo model as a NeMo file: `python -m demo.export_model WORK`.

The weights are stored in half precision, which halves the file; NeMo puts them into a model of full
precision when it loads them.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from demo.needs import need_files, need_folder, need_packages

os.environ.setdefault("NEMO_REDIRECT_LOGS_TO_STDERR", "1")
if __name__ == "__main__":
    need_packages("nemo", "torch")

import torch

from demo.files import MODEL
from demo.training import network


def export(work: Path, target: Path) -> None:
    """Put the averaged weights of a training into a model and save it."""
    model = network.build(work / "tokenizer")
    model.load_state_dict(torch.load(work / "weights.pt", map_location="cpu", weights_only=True))
    model.eval().half()
    target.parent.mkdir(parents=True, exist_ok=True)
    model.save_to(str(target))


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the trained demo model as a .nemo file.")
    parser.add_argument("work", type=Path, help="the folder of demo.train_model")
    parser.add_argument("--target", type=Path, default=MODEL)
    arguments = parser.parse_args()
    need_files(arguments.work / "weights.pt", arguments.work / "tokenizer" / "vocab.txt")
    need_folder(arguments.target.parent)
    export(arguments.work, arguments.target)
    print(f"{arguments.target}: {arguments.target.stat().st_size} bytes")


if __name__ == "__main__":
    main()
