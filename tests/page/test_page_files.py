"""The page's files: complete, small, from nowhere else, and without a word of the command line."""

from __future__ import annotations

import gzip
import re
import tomllib
from pathlib import Path

from editor_plugin import page
from tests.core.test_errors import COMMANDS

PROJECT = Path(__file__).parents[2]
MOST_GZIPPED_BYTES = 90_000


def texts(*suffixes: str) -> dict[str, str]:
    """The files of the page with these suffixes."""
    return {
        file.name: file.content().decode("utf-8")
        for file in page.FILES.values()
        if file.name.endswith(suffixes)
    }


def test_the_page_loads_nothing_from_elsewhere() -> None:
    for name, text in texts("js", "css", "html").items():
        # A link that is shown, or is a name and no address, is not loaded.
        text = text.replace('startsWith("https://")', "").replace("http://www.w3.org/2000/svg", "")
        assert not re.search(r"https?:|url\(|@import|innerHTML|\son\w+=|\sstyle=", text), name


def test_a_module_imports_only_what_the_page_has() -> None:
    found = 0
    for name, text in texts("js").items():
        for asked in re.findall(r'(?:from|import) "([^"]+)"', text):
            found += 1
            place = (page.FOLDER / name).parent / asked
            address = f"/page/{place.resolve().relative_to(page.FOLDER.resolve()).as_posix()}"
            assert asked.startswith(".") and address in page.FILES, (name, asked)
    assert found > 100


def test_the_page_names_no_command() -> None:
    quoted = re.findall(r'"[^"\n]* [^"\n]*"|`[^`\n]*`', texts("texts.js")["texts.js"])
    shown = re.findall(r">[^<\n]+<", texts("html")[page.INDEX])
    assert len(quoted) > 150 and len(shown) > 3
    assert [text for text in (*quoted, *shown) if COMMANDS.search(text)] == []


def test_every_file_of_the_page_goes_into_the_package() -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    patterns = project["tool"]["setuptools"]["package-data"]["editor_plugin.page"]
    taken = {path for pattern in patterns for path in page.FOLDER.glob(pattern)}
    there = {path for path in page.FOLDER.rglob("*") if path.is_file() and path.suffix != ".pyc"}
    assert taken == there - {page.FOLDER / "__init__.py"}
    assert {page.FOLDER / file.name for file in page.FILES.values()} <= taken


def test_the_index_asks_for_every_module_at_once() -> None:
    asked = re.findall(r'rel="modulepreload" href="([^"]+)"', texts("html")[page.INDEX])
    assert sorted(asked) == sorted(path for path in page.FILES if path.endswith(".js"))
    assert len(asked) > 30


def test_the_whole_page_is_small() -> None:
    size = sum(len(gzip.compress(file.content())) for file in page.FILES.values())
    assert size < MOST_GZIPPED_BYTES, size
