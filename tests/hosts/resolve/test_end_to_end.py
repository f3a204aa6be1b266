"""From the click in Resolve to its timeline: real engine, real ffmpeg, real NeMo, the demo film.

One engine serves all of it, so that the model is loaded once; Resolve is the double.
"""

from __future__ import annotations

import difflib
import json
import re
import sys
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import psutil
import pytest

from editor_plugin.client import connect, try_connect
from editor_plugin.core.projection import project
from editor_plugin.core.timeline import Clip, Media, Span, Timeline, Track
from editor_plugin.core.transcript import Word
from editor_plugin.hosts.resolve.menu.script import run
from editor_plugin.hosts.resolve.state import preferences
from editor_plugin.hosts.resolve.state.preferences import Preferences
from tests.doubles.resolve.clock import rate_of
from tests.doubles.resolve.open_project import OpenProject
from tests.hosts.resolve.stage import ours_on, owned

DEMO = Path(__file__).parents[3] / "demo"
FILM = DEMO / "media" / "recue-demo.mp4"
RATES = (
    *("23.976", "24", "25", "29.97", "29.97 DF", "30", "47.952", "48", "50", "59.94", "59.94 DF"),
    *("60", "119.88", "120"),
)
CUTS = ((30, 12), (0, 14), (20, 9))
"""In points in the film and lengths, in seconds: the parts in the order of the timeline."""
MODEL_FRAME = Fraction(9, 100)
"""Two frames of the demo model, as in tests/test_end_to_end.py."""

pytestmark = pytest.mark.nemo


@pytest.fixture(scope="session")
def engine_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A data folder, and the end of the engine that was started in it."""
    home = tmp_path_factory.mktemp("resolve end to end")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECUE_HOME", str(home))
        yield home
        engine = try_connect()
        if engine is not None:
            pid = int(engine.hello()["pid"])
            engine.stop()
            psutil.wait_procs([psutil.Process(pid)] if psutil.pid_exists(pid) else [], 60)
            assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == "zombie"


@pytest.fixture(autouse=True)
def in_this_home(engine_home: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RECUE_HOME", str(engine_home))
    monkeypatch.setenv("RECUE_PYTHON", sys.executable)
    preferences.save(Preferences(model="demo", language="en"))


def edited(rate: str, profile: str) -> OpenProject:
    """The film in three parts out of order, on the timeline of a user who has a track already."""
    mark = ";" if rate.endswith("DF") else ":"
    reel = {"subtitle": 1, "start_timecode": f"01:00:00{mark}00"}
    opened = OpenProject(profile, "studio", rate=rate, reel=reel)
    media = opened.reel.media(
        str(FILM), fps=rate_of("23.976"), frames=1384, start_timecode="10:00:00:00"
    )
    at = 0
    for first, length in CUTS:
        frames = round(length * opened.reel.rate)
        first_frame = round(first * opened.reel.rate)
        opened.reel.clip(media, at, frames, source_in=Fraction(first_frame) / opened.reel.rate)
        at += frames
    opened.reel.subtitle(5, 30, "The user's own.")
    return opened


def said(opened: OpenProject) -> list[Word]:
    """What is said on the timeline, by the synthesiser's own times."""
    told = json.loads((DEMO / "reference.json").read_text(encoding="utf-8"))
    words = [
        Word(each["text"], Fraction(str(each["start_s"])), Fraction(str(each["end_s"])))
        for sentence in told["sentences"]
        for each in sentence["words"]
    ]
    media = Media(str(FILM))
    clips = [
        Clip(
            "",
            Span(
                (i.start - opened.reel.start) / opened.reel.rate,
                (i.end - opened.reel.start) / opened.reel.rate,
            ),
            i.source_in,
            media=media,
        )
        for i in opened.reel.track("audio").items
    ]
    timeline = Timeline("", opened.reel.rate, (Track("", 1, tuple(clips)),))
    return [each.word for each in project({media: words}, timeline)]


def click(opened: OpenProject, entry: str) -> int:
    def sleep(seconds: float) -> None:
        time.sleep(min(seconds, 0.1))
        opened.app.sleep(seconds)

    return run(entry, {"resolve": opened.resolve}, lambda: connect(60.0), sleep)


def plain(text: str) -> list[str]:
    return [re.sub(r"[^a-z0-9']", "", each.lower()) for each in text.split()]


@pytest.mark.parametrize("rate", RATES)
def test_the_subtitles_are_where_the_words_are(
    rate: str, capsys: pytest.CaptureFixture[str]
) -> None:
    profile = "21.1-studio" if rate in ("24", "29.97 DF", "60") else "20.3"
    opened = edited(rate, profile)
    before = owned(opened)
    assert click(opened, "generate") == 0, capsys.readouterr().out
    told = capsys.readouterr().out
    assert "each read back within a frame of its place" in told
    assert (opened.world.violations, owned(opened)) == ([], before)
    cues = ours_on(opened)
    heard = [(word, text_at) for text, text_at in cues for word in plain(text)]
    expected = said(opened)
    spoken = [plain(word.text)[0] for word in expected]
    match = difflib.SequenceMatcher(None, [word for word, _ in heard], spoken, autojunk=False)
    assert match.ratio() > 0.9
    _first_words_are_in_time(opened, cues, (match, expected))


def _first_words_are_in_time(
    opened: OpenProject, cues: list[tuple[str, int]], found: tuple[Any, list[Word]]
) -> None:
    """A cue starts with its first word, or earlier where the style closes a gap to a cut."""
    match, expected = found
    place = {a + n: b + n for a, b, size in match.get_matching_blocks() for n in range(size)}
    number = checked = 0
    for text, frame in cues:
        if number in place:
            late = frame / opened.reel.rate - expected[place[number]].start
            assert -Fraction(3, 4) < late < MODEL_FRAME + 2 / opened.reel.rate, text
            checked += 1
        number += len(plain(text))
    assert checked >= len(cues) * 3 // 4


def test_a_second_run_on_a_recut_timeline_recognises_nothing_anew(
    capsys: pytest.CaptureFixture[str],
) -> None:
    opened = edited("25", "20.3")
    assert click(opened, "generate") == 0
    first, second, _ = opened.reel.track("audio").items
    first.source_in, second.source_in = second.source_in, first.source_in
    second.end = second.start + (first.end - first.start)
    assert click(opened, "refresh") == 0
    engine = connect(60.0)
    (job,) = engine.jobs()[:1]
    assert job.inputs[0].recognised == 0
    match = difflib.SequenceMatcher(
        None,
        [word for text, _ in ours_on(opened) for word in plain(text)],
        [plain(word.text)[0] for word in said(opened)],
        autojunk=False,
    )
    assert match.ratio() > 0.85
    assert opened.world.violations == []


def test_edits_after_a_run_of_a_part_are_kept_and_nothing_is_taken_for_deleted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    opened = edited("25", "20.3")
    assert click(opened, "generate") == 0
    whole = ours_on(opened)
    first, last = whole[2][1], whole[4][1]
    opened.reel.timeline.marks = {k: {"in": first, "out": last - 1} for k in ("video", "audio")}
    assert click(opened, "transcribe_in_out") == 0
    assert [text for text, _ in ours_on(opened)] == [text for text, _ in whole]
    items = next(t for t in opened.reel.timeline.of_kind("subtitle") if t.name == "Recue").items
    for at in (0, 3):
        items[at].text = items[at].text.replace(items[at].text.split()[0], "Zebra", 1)
    assert click(opened, "refresh") == 0
    assert "2 subtitles edited by hand: kept as corrections." in capsys.readouterr().out
    now = ours_on(opened)
    changed = [at for at, (old, new) in enumerate(zip(whole, now, strict=True)) if old != new]
    assert changed == [0, 3]
    assert all(now[at][0].startswith("Zebra") for at in changed)
    assert opened.world.violations == []
