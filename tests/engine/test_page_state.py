"""What the page remembers."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.errors import DiskFull, OutputUnwritable, RequestRefused
from editor_plugin.engine.page_state import (
    MOST_BYTES,
    PAGE_STATE,
    read_page_state,
    write_page_state,
)
from tests.small_disk import mounted

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)  # fmt: skip


@given(st.dictionaries(st.text(), JSON, max_size=4))
def test_it_comes_back_as_it_was(
    tmp_path_factory: pytest.TempPathFactory, state: dict[str, Any]
) -> None:
    data = tmp_path_factory.mktemp("data")
    assert read_page_state(data) == {}
    write_page_state(data, state)
    assert read_page_state(data) == state
    assert [path.name for path in data.iterdir()] == [PAGE_STATE]


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff", b"[" * 100_000, b"{}" + b" " * MOST_BYTES]
)
def test_a_damaged_one_is_forgotten(tmp_path: Path, content: bytes) -> None:
    (tmp_path / PAGE_STATE).write_bytes(content)
    assert read_page_state(tmp_path) == {}


def test_what_is_too_large_or_no_json_is_refused_and_the_last_one_stays(tmp_path: Path) -> None:
    write_page_state(tmp_path, {"style": "netflix-en"})
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    for state in ({"a": "x" * MOST_BYTES}, {"a": float("nan")}, {"a": deep}):
        with pytest.raises(RequestRefused):
            write_page_state(tmp_path, state)
    assert read_page_state(tmp_path) == {"style": "netflix-en"}


def test_a_disk_that_is_full_or_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / PAGE_STATE).mkdir()
    with pytest.raises(OutputUnwritable):
        write_page_state(tmp_path, {})
    with mounted(tmp_path / "disk", "size=16k"):
        (tmp_path / "disk" / "other").write_bytes(bytes(12 * 1024))
        with pytest.raises(DiskFull):
            write_page_state(tmp_path / "disk", {"a": "x" * 60_000})


@pytest.mark.skipif(os.name == "nt", reason="POSIX modes")
def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    write_page_state(tmp_path, {})
    assert (tmp_path / PAGE_STATE).stat().st_mode & 0o777 == 0o600
