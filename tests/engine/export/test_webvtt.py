"""WebVTT, as ffmpeg and a real browser's track parser read it."""

from __future__ import annotations

import functools
import http.server
import json
import re
import shlex
import subprocess
import threading
from collections.abc import Iterator
from fractions import Fraction
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from editor_plugin.core.cues import Cue
from tests.engine.export.results import (
    NASTY,
    cue,
    ffmpeg_reads,
    result_of,
    visible,
    written,
)
from tests.programs import need

PAGE = """<!DOCTYPE html><meta charset="utf-8"><video><track src="film.vtt" default></video>
<pre id="out"></pre><script>
const track = document.querySelector("track");
const tell = value => document.getElementById("out").textContent = JSON.stringify(value);
track.onload = () => tell([...track.track.cues].map(
  cue => [cue.startTime, cue.endTime, cue.getCueAsHTML().textContent]));
track.onerror = () => tell("error");
track.track.mode = "hidden";
</script>"""


def test_looks_as_webvtt_should() -> None:
    result = result_of(cue(0, "1.44", "Fish & <chips>,", "please."), cue(3600, 3601, "Yes."))
    assert written("vtt", result) == (
        "WEBVTT\n\n00:00:00.000 --> 00:00:01.440\nFish &amp; &lt;chips&gt;,\nplease.\n\n"
        "01:00:00.000 --> 01:00:01.000\nYes.\n"
    )


def test_nothing_makes_a_file_with_only_a_header() -> None:
    assert written("vtt", result_of()) == "WEBVTT\n"


def test_ffmpeg_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "film.vtt"
    result = result_of(cue(0, "1.75", "Wait!", "Who is there & <here>?"), cue(3700, 3701, "日本語"))
    path.write_text(written("vtt", result), encoding="utf-8")
    read = unescape(ffmpeg_reads(path, "srt")).replace("\r\n", "\n")
    assert "00:00:00,000 --> 00:00:01,750\nWait!\nWho is there & <here>?" in read
    assert "01:01:40,000 --> 01:01:41,000\n日本語" in read


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder, and the address that it is served at."""
    folder = tmp_path / "site"
    folder.mkdir()
    handler = functools.partial(_Quiet, directory=str(folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield folder, f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


BROWSER_OPTIONS = (
    "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run "
    "--disable-background-networking --disable-component-update --disable-sync "
    "--virtual-time-budget=20000 --dump-dom"
)


def browser_reads(address: str, profile: Path) -> Any:
    """What the browser's own parser makes of film.vtt: [start, end, text] for each cue."""
    program = need("chromium")
    options = [*shlex.split(BROWSER_OPTIONS), f"--user-data-dir={profile}"]
    command = [program, *options, f"{address}/page.html"]
    run = subprocess.run(command, capture_output=True, timeout=120, check=True)
    found = re.search(r'<pre id="out">(.*?)</pre>', run.stdout.decode("utf-8"), re.DOTALL)
    assert found and found[1], run.stderr.decode("utf-8", "replace")[-2000:]
    return json.loads(unescape(found[1]))


def test_a_browser_shows_every_text_as_it_is_meant(
    served: tuple[Path, str], tmp_path: Path
) -> None:
    folder, address = served
    pairs = zip(NASTY, [*NASTY[7:], *NASTY[:7]], strict=True)
    lines = [(each,) for each in NASTY] + [(f"{a}{b}", f"{b} {a}") for a, b in pairs]
    rate = Fraction(24000, 1001)
    cues = [Cue(at * 50 / rate, (at * 50 + 30) / rate, each) for at, each in enumerate(lines)]
    result = result_of(*cues, rate=rate)
    (folder / "page.html").write_text(PAGE, encoding="utf-8")
    (folder / "film.vtt").write_text(written("vtt", result), encoding="utf-8")
    read = browser_reads(address, tmp_path / "profile")
    expected = visible(result)
    assert len(expected) > 100
    assert [text for _, _, text in read] == ["\n".join(each.lines) for each in expected]
    for (start, end, _), shown in zip(read, expected, strict=True):
        in_ms = [round(time * 1000) for time in (shown.start, shown.end)]
        assert [round(time * 1000, 6) for time in (start, end)] == in_ms
