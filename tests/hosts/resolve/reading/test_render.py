"""Rendering nested, multicam and reversed clips: the sound comes, the Deliver page is as it was."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from editor_plugin.core.timeline import Timeline
from editor_plugin.hosts.resolve.menu.console import Console
from editor_plugin.hosts.resolve.reading.render import rendered
from editor_plugin.hosts.resolve.reading.snapshot import snapshot
from tests.doubles.resolve.open_project import OpenProject
from tests.doubles.resolve.world import RenderJob
from tests.hosts.resolve.stage import film, owned, session_of
from tests.programs import need

PROFILES = ["19.1", "20.3", "21.0", "21.1-studio"]
WORKS: list[dict[str, Any]] = [
    {},
    {"marks_move": True},
    {"start_form": "list"},
    {"start_form": "single"},
    {"language": "de"},
    {"render_seconds": 200.0},
    {"render_extension": "mp3"},
]
FAILS: list[dict[str, Any]] = [
    {"render_fails": "error"},
    {"render_fails": "cancelled"},
    {"render_fails": "no_file"},
    {"render_fails": "hangs"},
    {"refuses": ["Project.AddRenderJob"]},
    {"refuses": ["Project.SetRenderSettings"]},
    {"refuses": ["Project.SaveAsNewRenderPreset"]},
    {"refuses": ["Project.StartRendering"]},
]


def nested(folder: Path, profile: str, **switches: Any) -> OpenProject:
    """A film with a compound clip, and a job of the user's in the queue."""
    opened = film(folder, profile, **switches)
    media = opened.reel.media("", "compound", name="Scene 5")
    opened.reel.clip(media, 600, 50)
    deliver = opened.world.projects[0].deliver
    deliver.settings = {"TargetDir": "/mine", "CustomName": "Film"}
    deliver.jobs.append(RenderJob("job-mine", opened.reel.timeline.uid, dict(deliver.settings)))
    opened.world.ffmpeg = need("ffmpeg")  # the double renders with it
    return opened


def made(opened: OpenProject, folder: Path) -> Timeline:
    session = session_of(opened)
    quiet = Console(lambda line: None, opened.app.sleep)
    return rendered(session, snapshot(session), folder / "renders", quiet)


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("switches", WORKS, ids=str)
def test_a_compound_clip_is_rendered(
    tmp_path: Path, profile: str, switches: dict[str, Any]
) -> None:
    opened = nested(tmp_path, profile, **switches)
    before = owned(opened)
    clip = made(opened, tmp_path).tracks[0].clips[2]
    assert (opened.world.violations, owned(opened)) == ([], before)
    assert clip.unreadable is None and clip.media is not None
    assert Path(clip.media.path).stat().st_size > 0
    assert (clip.source_in, clip.record.start) == (0, Fraction(600, 25))


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("switches", FAILS, ids=str)
def test_a_render_that_fails_leaves_the_clip_and_everything_else(
    tmp_path: Path, profile: str, switches: dict[str, Any]
) -> None:
    opened = nested(tmp_path, profile, **switches)
    before = owned(opened)
    assert made(opened, tmp_path).tracks[0].clips[2].unreadable == "compound clip"
    assert (opened.world.violations, owned(opened)) == ([], before)


def test_where_the_page_could_not_be_put_back_nothing_is_rendered(tmp_path: Path) -> None:
    opened = nested(tmp_path, "18.6")
    before = owned(opened)
    assert made(opened, tmp_path).tracks[0].clips[2].unreadable == "compound clip"
    assert owned(opened) == before
    assert not any("Render" in each["call"] for each in opened.world.calls)
