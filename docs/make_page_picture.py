"""Make docs/page.png: the engine's page, with the demo's subtitles on it.

python -m docs.make_page_picture   (Recue's environment; chromium)
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from editor_plugin import client
from editor_plugin.core.jobs.request import JobOptions, JobRequest, Order

ROOT = Path(__file__).parents[1]
PICTURE = ROOT / "docs" / "page.png"


def main() -> None:
    """Make the demo's subtitles with an engine of our own, and let a browser show its page."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        os.environ["RECUE_HOME"] = folder
        engine = client.connect(60, sys.executable)
        try:
            order = Order(ROOT / "demo" / "recue-demo.otio")
            job = engine.submit(JobRequest((order,), JobOptions("demo")))
            for _ in engine.follow(job):
                pass
            browser = ["chromium", "--headless", "--no-sandbox", "--disable-gpu"]
            shot = [
                f"--screenshot={PICTURE}",
                "--window-size=960,900",
                "--virtual-time-budget=8000",
            ]
            profile = f"--user-data-dir={folder}/browser"
            address = client.page_address()
            subprocess.run([*browser, *shot, profile, address], check=True, capture_output=True)
        finally:
            engine.stop()


if __name__ == "__main__":
    main()
