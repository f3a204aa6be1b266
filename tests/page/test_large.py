"""A large file is copied through the browser, and neither engine nor page takes more memory."""

from __future__ import annotations

import contextlib
import sys
from pathlib import Path

import psutil
import pytest

from editor_plugin.core.handshake import page_address
from tests.engine.service.test_upload_calls import PART, engine
from tests.page.conftest import Opens

PATIENCE = 1_000_000
"""Milliseconds for two gigabytes on a busy machine."""
COLLECTED_LATE = 500
"""Megabytes of parts that were sent, which a page may hold until the browser collects its garbage:
240 were seen with 200 MB, and with 2 GB."""


def page_peak_mb() -> float:
    """The most memory that a process of the browser which shows a page has taken, in megabytes."""
    peaks = []
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error, OSError, IndexError):  # it has just ended
            if "--type=renderer" in process.cmdline():
                status = Path(f"/proc/{process.pid}/status").read_text()
                peaks.append(int(status.partition("VmHWM:")[2].split()[0]) / 1000)
    return max(peaks)


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize(
    "megabytes", [200, pytest.param(2000, marks=[pytest.mark.long, pytest.mark.timeout(1200)])]
)
def test_a_file_of_any_size_is_copied_with_flat_memory(
    tmp_path: Path, opened: Opens, megabytes: int
) -> None:
    size = megabytes * 1_000_000
    small, large = tmp_path / "small.mov", tmp_path / "Größe.mov"
    for path, length in ((small, 3 * len(PART)), (large, size)):
        with path.open("wb") as file:
            file.truncate(length)
            file.seek(length - 7)
            file.write(b"the end")
    data = tmp_path / "data"
    data.mkdir()
    with engine(data) as running:
        tab = opened(
            page_address(running.announced["port"], running.ask("POST", "/tickets")["ticket"])
        )
        tab.set_input_files("#file", small)
        tab.wait_for_selector(".chosen-file:has-text('small.mov') >> text=/copied$/")
        before, page_before = running.peak_mb(), page_peak_mb()
        tab.set_input_files("#file", large)
        tab.wait_for_selector(
            ".chosen-file:has-text('Größe.mov') >> text=/copied$/", timeout=PATIENCE
        )
        grown = running.peak_mb() - before
        (copy,) = data.rglob("Größe.mov")
        assert copy.stat().st_size == size
        with copy.open("rb") as file:
            file.seek(size - 7)
            assert file.read() == b"the end"
        assert grown < 3 * len(PART) / 1_000_000, f"{grown:.0f} MB more"
        page_grown = page_peak_mb() - page_before
        assert page_grown < COLLECTED_LATE, f"{page_grown:.0f} MB more"
