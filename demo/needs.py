"""What a command of `demo` or `benchmarks` needs, asked for before it begins.

Measuring and training take minutes to hours; whoever lacks a package or a file wants to know at
once, in a sentence.
"""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, NoReturn

DISTRIBUTIONS = {
    "autosubs": "auto-subs",
    "ffmpeg": "ffmpeg-python",
    "nemo": "nemo_toolkit[asr]",
    "opentimelineio": "OpenTimelineIO",
    "suber": "subtitle-edit-rate",
}
"""What pip calls a package, where it is not the name that Python imports."""
ENGINE = ("av", "ffmpeg", "filelock", "imageio_ffmpeg", "platformdirs", "psutil", "soundfile")
"""What Recue's engine imports as soon as it works with sound."""
MODEL = (*ENGINE, "nemo", "torch", "lhotse")
"""What recognition needs on top of that."""


def refuse(sentence: str) -> NoReturn:
    """End the command with a sentence."""
    print(sentence, file=sys.stderr)
    raise SystemExit(2)


def missing_packages(modules: Sequence[str]) -> list[str]:
    """Those of the packages that this Python does not have, by pip's names."""
    return [DISTRIBUTIONS.get(name, name) for name in modules if find_spec(name) is None]


def need_packages(*modules: str) -> None:
    """Refuse where a package is missing."""
    if missing := missing_packages(modules):
        refuse(
            f"This needs {', '.join(missing)}, which {sys.executable} does not have. "
            "CONTRIBUTING.md tells how to set everything up."
        )


def need_programs(*names: str) -> None:
    """Refuse where a program is missing."""
    if missing := [name for name in names if shutil.which(name) is None]:
        refuse(f"This needs {', '.join(missing)}; on Debian or Ubuntu: apt install {missing[0]}")


def need_files(*paths: Path) -> None:
    """Refuse where a file cannot be read."""
    for path in paths:
        try:
            path.open("rb").close()
        except OSError as error:
            refuse(f"“{path}” cannot be read: {error.strerror}.")


def need_folder(path: Path) -> None:
    """Make a folder where it is not there; refuse where nothing can be written in it."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path):
            pass
    except OSError as error:
        refuse(f"“{path}” cannot be written to: {error.strerror}.")


def need_json(path: Path, *keys: str) -> dict[str, Any]:
    """What a JSON file says; refuse where it cannot be read or lacks one of the keys."""
    need_files(path)
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        told = None
    if not isinstance(told, dict) or not all(key in told for key in keys):
        refuse(f"“{path}” is not the JSON that is needed here: it wants {', '.join(keys)}.")
    return told
