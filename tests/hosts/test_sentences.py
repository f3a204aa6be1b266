"""What an editor shows besides errors: its users have no command line."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.test_errors import COMMANDS

PROJECT = Path(__file__).parents[2]
SOURCES = sorted(
    path
    for folder in (PROJECT / "editor_plugin" / "hosts", PROJECT / "scripts")
    for path in folder.rglob("*.py")
)


def sentences(path: Path) -> Iterator[str]:
    """Every text with a blank in it that is no docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    alone = {id(each.value) for each in ast.walk(tree) if isinstance(each, ast.Expr)}
    for each in ast.walk(tree):
        text = each.value if isinstance(each, ast.Constant) else None
        if isinstance(text, str) and " " in text and id(each) not in alone:
            yield text


def test_there_are_sentences() -> None:
    assert sum(1 for path in SOURCES for _ in sentences(path)) > 200


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_no_sentence_names_a_command(path: Path) -> None:
    assert [text for text in sentences(path) if COMMANDS.search(text)] == []
