"""A public class name stands for one class of the package, and a module stays readable."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

PROJECT = Path(__file__).parents[1]
PACKAGE = PROJECT / "editor_plugin"

MOST_LINES = 400
SHARED_NAMES: dict[str, str] = {}
"""Class names that several modules define, and why."""


def sources() -> dict[str, str]:
    """Each module's path below the package, with its text."""
    return {
        path.relative_to(PACKAGE).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(PACKAGE.rglob("*.py"))
    }


def shared_names(texts: dict[str, str]) -> dict[str, list[str]]:
    """Public class names that more than one module defines at its top level, with the modules."""
    modules: dict[str, list[str]] = defaultdict(list)
    for module, text in texts.items():
        names = {node.name for node in ast.parse(text).body if isinstance(node, ast.ClassDef)}
        for name in names:
            if not name.startswith("_"):
                modules[name].append(module)
    return {name: found for name, found in modules.items() if len(found) > 1}


def long_modules(texts: dict[str, str]) -> dict[str, int]:
    """Modules of more than MOST_LINES lines, with how many they have."""
    lengths = {module: len(text.splitlines()) for module, text in texts.items()}
    return {module: lines for module, lines in lengths.items() if lines > MOST_LINES}


def test_a_class_name_is_defined_in_one_module() -> None:
    shared = shared_names(sources())
    unexplained = {name: modules for name, modules in shared.items() if name not in SHARED_NAMES}
    assert unexplained == {}
    assert sorted(shared) == sorted(SHARED_NAMES), "an explanation is no longer needed"


def test_no_module_is_too_long_to_read() -> None:
    assert long_modules(sources()) == {}


def test_both_rules_notice_a_breach() -> None:
    one, two = "class Cue: ...\nclass _Cue: ...\n", "class Other:\n    class Cue: ...\n"
    assert shared_names({"a.py": one, "b.py": two}) == {}
    assert shared_names({"a.py": one, "b.py": one}) == {"Cue": ["a.py", "b.py"]}
    lines = {"a.py": "\n" * MOST_LINES, "b.py": "\n" * (MOST_LINES + 1)}
    assert long_modules(lines) == {"b.py": MOST_LINES + 1}
