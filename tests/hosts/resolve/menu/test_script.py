"""The entries of the menu, from the click to the report, with an engine in this process."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from editor_plugin.core.errors import EngineUnreachable, ModelNotFetched, OutOfMemory, Surface
from editor_plugin.core.jobs.request import JobOptions
from editor_plugin.hosts.resolve.menu.script import ENTRIES, run
from editor_plugin.hosts.resolve.state import preferences
from editor_plugin.hosts.resolve.state.preferences import Preferences
from tests.doubles.resolve import HostCrashed, new_world, open_resolve
from tests.doubles.resolve.host import BmdDouble, FusionDouble
from tests.doubles.resolve.open_project import OpenProject
from tests.hosts.resolve.stage import LINES, FakeEngine, film, ours_on, owned, subtitles

PROFILES = ["18.6", "19.1", "20.2", "20.3", "21.0", "21.1-studio"]
EDITIONS = [
    *((profile, "studio") for profile in PROFILES),
    *((profile, "free") for profile in PROFILES[:-1]),
]


def click(opened: OpenProject, entry: str, engine: Any = None) -> int:
    """What a script does: with everything that Resolve gives it."""
    fusion = FusionDouble(opened.app)
    given = {
        "resolve": opened.resolve,
        "bmd": BmdDouble(opened.app),
        "fusion": fusion,
        "app": fusion,
    }
    return run(entry, given, lambda: engine or FakeEngine(), opened.app.sleep)


@pytest.mark.parametrize(("profile", "edition"), EDITIONS)
def test_generate(
    tmp_path: Path, profile: str, edition: str, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = film(tmp_path, profile, edition)
    engine, before, threads = FakeEngine(), owned(opened), threading.active_count()
    assert click(opened, "generate", engine) == 0
    told = capsys.readouterr().out
    assert "3 subtitles on the track “Recue”" in told
    assert "A note." in told
    assert "“Subtitle 1” stay" in told
    assert "“Audio 2” is muted" not in told  # there is nothing on it
    assert [text for text, _ in ours_on(opened)] == [line[0] for line in LINES]
    assert (opened.world.violations, opened.world.modal, owned(opened)) == ([], "", before)
    (request,) = engine.requests
    timeline = request.orders[0].timeline
    assert timeline is not None and timeline.tracks[0].clips[0].source_in == 12
    assert request.options == JobOptions(project="Film")
    assert threading.active_count() <= threads  # those of earlier tests may have ended


@pytest.mark.parametrize("entry", ENTRIES)
@pytest.mark.parametrize("profile", PROFILES)
def test_every_entry_leaves_the_users_things_alone(
    tmp_path: Path, entry: str, profile: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RECUE_PYTHON", str(tmp_path / "none"))
    opened = film(tmp_path, profile)
    before = owned(opened)
    assert click(opened, entry) == 0
    assert (opened.world.violations, owned(opened)) == ([], before)


@pytest.mark.parametrize("entry", ENTRIES)
@pytest.mark.parametrize("given", [{}, {"resolve": None}, {"resolve": object()}])
def test_without_a_resolve_there_is_a_sentence(
    entry: str, given: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(entry, given, FakeEngine) == 1
    assert "Recue: " in capsys.readouterr().out


def test_without_a_project_there_is_a_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("generate", {"resolve": open_resolve(new_world("20.3"))}, FakeEngine) == 1
    assert "no timeline open" in capsys.readouterr().out


@pytest.mark.parametrize(
    "kind", [EngineUnreachable("it is asleep"), OutOfMemory("cpu"), ModelNotFetched("m", 10)]
)
def test_an_error_of_the_engine_is_told_and_changes_nothing(
    tmp_path: Path, kind: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = film(tmp_path)
    before = owned(opened)
    engine = FakeEngine(state="failed", error=kind.to_wire())
    assert click(opened, "generate", engine) == 1
    told = capsys.readouterr().out
    assert kind.message in told and kind.remedy(Surface.EDITOR) in told
    assert (owned(opened), ours_on(opened)) == (before, [])


def test_what_nobody_expected_goes_to_the_log_without_its_words(
    tmp_path: Path, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = film(tmp_path)

    words = " ".join(["what", "somebody", "said"])

    def fail(polls: int) -> None:
        raise ValueError(words)

    assert click(opened, "generate", FakeEngine(poll=fail)) == 1
    log = (home / "logs" / "resolve.log").read_text(encoding="utf-8")
    assert "ValueError" in log and "job_client.py" in log
    assert words not in log + capsys.readouterr().out


def test_an_engine_that_goes_away_is_looked_for_again(tmp_path: Path) -> None:
    opened = film(tmp_path)

    def away(polls: int) -> None:
        if polls == 1:
            raise EngineUnreachable("it was killed")

    engine = FakeEngine(poll=away)
    assert click(opened, "generate", engine) == 0
    assert engine.cancelled == []
    assert len(ours_on(opened)) == 3


def test_a_crash_of_resolve_ends_the_job(tmp_path: Path) -> None:
    opened = film(tmp_path)

    def crash(polls: int) -> None:
        raise HostCrashed("gone")

    engine = FakeEngine(poll=crash)
    with pytest.raises(HostCrashed):
        click(opened, "generate", engine)
    assert engine.cancelled == [1]


def test_in_and_out_point_keep_what_is_around_them(tmp_path: Path) -> None:
    opened = film(tmp_path)
    click(opened, "generate")
    engine = FakeEngine(subtitles((("New words", "4.5", "5"),)))
    opened.reel.timeline.marks = {k: {"in": 100, "out": 174} for k in ("video", "audio")}
    assert click(opened, "transcribe_in_out", engine) == 0
    assert engine.requests[0].orders[0].options.span == ("4.000000000", "7.000000000")
    # The cue from 4 to 6 seconds is replaced; the others stay.
    assert ours_on(opened) == [("One fine day.", 50), ("New words", 113), ("3", 230)]
    assert opened.world.violations == []


def test_a_new_subtitle_that_reaches_over_the_out_point_takes_the_others_place(
    tmp_path: Path,
) -> None:
    opened = film(tmp_path)
    click(opened, "generate")
    opened.reel.timeline.marks = {k: {"in": 100, "out": 229} for k in ("video", "audio")}
    click(opened, "transcribe_in_out", FakeEngine(subtitles((("Long", "8", "9.5"),))))
    assert ours_on(opened) == [("One fine day.", 50), ("Long", 200)]
    assert opened.world.violations == []


def test_selected_clips_only_are_handed_over(tmp_path: Path) -> None:
    opened = film(tmp_path, "21.0")
    opened.reel.timeline.selection = [opened.reel.track("video").items[1].uid]
    engine = FakeEngine(subtitles((("Second clip", "12", "13"),)))
    assert click(opened, "transcribe_selected", engine) == 0
    timeline = engine.requests[0].orders[0].timeline
    assert timeline is not None
    assert [each.source_in for each in timeline.tracks[0].clips] == [40]
    assert ours_on(opened) == [("Second clip", 300)]


@pytest.mark.parametrize("profile", ["20.3", "21.1-studio"])
def test_what_was_changed_by_hand_becomes_a_correction(
    tmp_path: Path, profile: str, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = film(tmp_path, profile)
    click(opened, "generate")
    track = next(t for t in opened.reel.timeline.of_kind("subtitle") if t.name == "Recue")
    track.items[0].text = "One fine night."
    engine = FakeEngine()
    assert click(opened, "refresh", engine) == 0
    (body,) = engine.corrections
    assert body["of"] == {"job": 1, "input": 0}
    texts = [cue["text"] for cue in body["cues"]]
    assert texts == ["One fine night.", "Two lines\nof text", "3"]
    assert "1 subtitle edited by hand: kept as corrections." in capsys.readouterr().out


def test_what_cannot_be_kept_is_not_replaced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = film(tmp_path)
    click(opened, "generate")
    track = next(t for t in opened.reel.timeline.of_kind("subtitle") if t.name == "Recue")
    track.items[0].text = "One fine night."

    class Refusing(FakeEngine):
        def correct(self, body: dict[str, Any]) -> dict[str, Any]:
            raise EngineUnreachable("it is asleep")

    engine = Refusing()
    assert click(opened, "refresh", engine) == 0
    assert "left as they are" in capsys.readouterr().out
    assert engine.requests == []
    assert ours_on(opened)[0] == ("One fine night.", 50)


def test_nothing_changed_is_no_correction(tmp_path: Path) -> None:
    opened = film(tmp_path)
    click(opened, "generate")
    engine = FakeEngine()
    click(opened, "refresh", engine)
    assert engine.corrections == []


def test_where_texts_are_not_told_the_user_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = film(tmp_path, "20.2")
    click(opened, "generate")
    capsys.readouterr()
    engine = FakeEngine()
    assert click(opened, "refresh", engine) == 0
    told = capsys.readouterr().out
    assert told.index("does not report whether") < told.index("Starting the engine")
    assert engine.corrections == []


def test_markers_at_words_to_check_are_renewed(tmp_path: Path) -> None:
    opened = film(tmp_path)
    preferences.save(Preferences(markers=True))
    before = owned(opened)
    for _ in range(2):
        assert click(opened, "generate") == 0
    mine = [m for m in opened.reel.timeline.markers if m.custom_data.startswith("recue")]
    assert [(m.frame, m.note) for m in mine] == [(100, "fine (30% sure)")]
    assert (opened.world.violations, owned(opened)) == ([], before)
    preferences.save(Preferences())
    click(opened, "generate")
    assert not [m for m in opened.reel.timeline.markers if m.custom_data]


def test_export_writes_what_is_on_the_timeline(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "Documents").mkdir()
    opened = film(tmp_path)
    click(opened, "generate")
    for _ in range(2):
        assert click(opened, "export_srt") == 0
    first, second = sorted((tmp_path / "Documents").iterdir())
    assert (first.name, second.name) == ("Reel 1 2.srt", "Reel 1.srt")
    assert first.read_text(encoding="utf-8") == subtitles().srt
    assert str(second) in capsys.readouterr().out


def test_check_names_what_the_style_objects_to(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    opened = film(tmp_path)
    click(opened, "generate", FakeEngine(subtitles((("x" * 90, "1", "1.2"),))))
    capsys.readouterr()
    assert click(opened, "check") == 0
    assert "min-duration" in capsys.readouterr().out


def test_an_unreadable_choice_is_as_at_first(home: Path) -> None:
    home.mkdir()
    (home / "resolve.json").write_text('{"style": 3, "markers": true, "x": 1}', encoding="utf-8")
    assert preferences.load() == Preferences(markers=True)
