"""Results as files to be downloaded."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath, PureWindowsPath

from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.engine.export import WRITERS, Result
from editor_plugin.engine.jobs.result_files import content, file_name, zipped
from editor_plugin.engine.plain_names import is_plain
from tests.engine.export.results import results

HOSTILE = st.sampled_from(
    ["../../etc/passwd", "C:\\x", "con", "", ".", "..", "a/b", "A", "a", "x" * 400, "\ud800",
     "a (2)", "\u202egpj", "é", "e\u0301", "a.times", "~", "-rf", "\0", "a\nb"]
)  # fmt: skip
FORMATS = st.lists(st.sampled_from(sorted(WRITERS)), min_size=1, max_size=4, unique=True)


@given(st.lists(st.tuples(results(), HOSTILE | st.text(max_size=9)), max_size=5), FORMATS)
def test_a_zip_has_every_file_once_under_a_plain_name(
    made: list[tuple[Result, str]], formats: list[str]
) -> None:
    named = [replace(result, name=name) for result, name in made]
    archive = zipfile.ZipFile(io.BytesIO(b"".join(zipped(named, formats))))
    assert archive.testzip() is None
    names = archive.namelist()
    assert len({name.casefold() for name in names}) == len(names) == len(named) * len(formats)
    for name in names:
        assert is_plain(name) and len(name.encode()) < 255
        assert PurePosixPath(name).name == PureWindowsPath(name).name == name
    expected = [content(result, each) for result in named for each in formats]
    assert [archive.read(name) for name in names] == expected
    for result in named:
        assert is_plain(file_name(result, formats[0]))


def test_a_zip_is_sent_while_it_is_made() -> None:
    """One result is in memory at a time, however many there are."""
    asked = []

    def some() -> Iterator[Result]:
        for number in range(3):
            asked.append(number)
            yield Result(f"film {number}", None, (), ())

    pieces = zipped(some(), ["json"])
    assert next(pieces) and asked == [0]
    assert next(pieces) and asked == [0, 1]
    assert b"".join(pieces).endswith(bytes(2)) and asked == [0, 1, 2]
