"""The packages of npm that check the page: .ci/run installs them outside of the clone."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

HERE = Path(__file__).parent
FOLDER = "RECUE_TEST_NODE_MODULES"
"""The variable that names the folder node_modules with the packages of package.json."""
ASKED: dict[str, str] = json.loads((HERE / "package.json").read_text())["dependencies"]


def tool(package: str, file: str) -> Path:
    """A file of a package. Skips the test where the package is not here, or is another version."""
    folder = Path(os.environ.get(FOLDER, "")) / package
    about = folder / "package.json"
    found = json.loads(about.read_text(encoding="utf-8"))["version"] if about.is_file() else None
    if found != ASKED[package]:
        pytest.skip(f"needs {package} {ASKED[package]} of npm (see CONTRIBUTING.md)")
    return folder / file
