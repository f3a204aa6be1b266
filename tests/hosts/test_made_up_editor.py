"""An editor that nobody has heard of needs a snapshot, a placement and forty lines between them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from editor_plugin import client
from editor_plugin.core.cues import Cue
from editor_plugin.core.jobs.request import JobOptions
from editor_plugin.core.jobs.status import progress_text
from editor_plugin.core.timeline import Clip, Media, Span, Timeline, Track
from editor_plugin.engine.service import Service
from editor_plugin.hosts.job_client import EngineTransport, JobClient, snapshot_request
from editor_plugin.hosts.placed import Placed
from tests.small_engine import SmallEngine


class MadeUpEditor:
    """A timeline with one clip, and a track for subtitles."""

    def __init__(self) -> None:
        self.subtitles: tuple[Cue, ...] = ()

    def snapshot(self) -> Timeline:
        clip = Clip("c", Span(Fraction(0), Fraction(2)), Fraction(0), media=Media("/films/a.mov"))
        return Timeline("My cut", Fraction(25), (Track("A1", 1, (clip,)),))

    def place(self, cues: tuple[Cue, ...]) -> Placed:
        self.subtitles = cues
        return Placed(self.subtitles == cues, (f"{len(cues)} placed.",))


def generate(editor: MadeUpEditor) -> Iterator[str | Placed]:
    """What the editor's timer steps through: progress, and at last what was placed."""
    transport = EngineTransport(lambda: client.Opening().poll)
    job = JobClient(transport, snapshot_request(editor.snapshot(), JobOptions(style="shorts")))
    while not job.step():
        yield "" if job.status is None else progress_text(job.status)
    assert job.result is not None
    yield editor.place(job.result.cues)


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallEngine]:
    monkeypatch.setenv("RECUE_HOME", str(tmp_path))
    engine = SmallEngine(tmp_path)
    service = Service(engine)
    service.start()
    yield engine
    service.stop()
    engine.stop()


def test_a_made_up_editor_gets_its_subtitles(engine: SmallEngine) -> None:
    editor, seen = MadeUpEditor(), []
    for step in generate(editor):
        seen.append(step)
        time.sleep(0.01)
    placed = seen[-1]
    assert placed == Placed(True, ("1 placed.",))
    (request,) = engine.added
    assert request.options == JobOptions(style="shorts")
    assert request.orders[0].timeline == editor.snapshot()
    assert [cue.text for cue in editor.subtitles] == ["Hello."]
