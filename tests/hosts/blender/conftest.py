"""One installation, one warm engine and one cut project per Blender, for all tests here."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from editor_plugin.client import EngineClient, connect, launching
from editor_plugin.core.jobs.request import JobOptions
from editor_plugin.core.jobs.result import JobResult
from editor_plugin.core.timeline import Timeline, Track
from editor_plugin.engine.interchange import read_timeline
from editor_plugin.hosts.job_client import snapshot_request
from tests.hosts.blender.blenders import ROOT, Blender, Installation, found, installed

MEDIA = ROOT / "demo" / "media" / "recue-demo.mp4"
OTIO = ROOT / "demo" / "recue-demo.otio"


@dataclass(frozen=True)
class Cut:
    """The demo timeline in a Blender project, with subtitles: the file, the reference that it was
    built from, and what the operator told."""

    blender: Blender
    installation: Installation
    file: Path
    reference: Timeline
    told: dict[str, Any]

    def copy(self, folder: Path) -> Path:
        """A copy of the project, for a test that changes it."""
        return Path(shutil.copy(self.file, folder / "copy.blend"))

    def do(self, task: str, **told: Any) -> Any:
        """Have something done in this Blender, with the add-on switched on."""
        return self.blender.do(self.installation, task, addon=str(self.installation.addon), **told)

    def generate(self, file: Path, **told: Any) -> Any:
        """Run an operator in a copy of the project; see inside.py."""
        return self.do("generate", file=str(file), plugin=self.plugin, **told)

    def texts(self, file: Path) -> list[dict[str, Any]]:
        """Every text strip of a project, read by another process."""
        return list(self.do("texts", file=str(file)))

    @property
    def plugin(self) -> str:
        """The plug-in's folder."""
        return str(self.installation.data / "plugin")


@pytest.fixture(scope="package")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    return installed(tmp_path_factory.mktemp("blender"))


@pytest.fixture(scope="package")
def engine(installation: Installation) -> Iterator[EngineClient]:
    """The engine that the Blenders will find, and its end."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RECUE_HOME", str(installation.data))
        patch.setenv("RECUE_PYTHON", os.environ.get("RECUE_PYTHON", sys.executable))
        running = connect(150)
        yield running
        running.stop()
        for process in launching._started:
            process.wait(60)


@pytest.fixture(scope="package", params=["3.4", "5.0"])
def blender(request: pytest.FixtureRequest) -> Blender:
    return found(request.param)


@pytest.fixture(scope="package")
def cut(
    blender: Blender,
    installation: Installation,
    engine: EngineClient,
    tmp_path_factory: pytest.TempPathFactory,
) -> Cut:
    """The demo timeline, built and subtitled. Blender 5.0 cannot slow a sound down but with
    retiming keys: there the slow clip has a picture only."""
    whole = read_timeline(OTIO)
    clips = whole.tracks[0].clips
    if blender.name != "3.4":
        clips = tuple(clip for clip in clips if clip.speed == 1)
    sounds = {clip.name for clip in clips}
    reference = Timeline(
        "Cut", whole.rate, (Track("Channel 1", 1, clips),), shot_changes=whole.shot_changes
    )
    told = [
        {
            "first": _frames(clip.record.start, whole.rate),
            "length": _frames(clip.record.duration, whole.rate),
            "source": _frames(clip.source_in, whole.rate),
            "speed": float(clip.speed),
            "heard": clip.enabled,
            "sound": clip.name in sounds,
        }
        for clip in whole.tracks[0].clips
    ]
    file = tmp_path_factory.mktemp("Schnitt – été") / "cut.blend"
    same = {"addon": str(installation.addon), "file": str(file)}
    blender.do(installation, "build", clips=told, media=str(MEDIA), rate=[24, 1.001], **same)
    plugin = str(installation.data / "plugin")
    return Cut(
        blender,
        installation,
        file,
        reference,
        blender.do(installation, "generate", plugin=plugin, **same),
    )


def made_of(engine: EngineClient, timeline: Timeline) -> JobResult:
    """What the engine makes of a timeline that never was in an editor."""
    job = engine.submit(snapshot_request(timeline, JobOptions("demo")))
    for _ in engine.follow(job):
        pass
    return engine.result(job)


def _frames(seconds: Fraction, rate: Fraction) -> int:
    frames = seconds * rate
    assert frames.denominator == 1
    return int(frames)
