"""`recue correct`, `recue corrections` and `recue glossary`."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from editor_plugin.commands.corrections import add_correct, add_corrections, add_glossary
from editor_plugin.core.errors import BatchUnknown, CorrectionsUnreadable, CorrectionUnknown
from editor_plugin.engine.store import Database
from tests.engine.corrections.stored_clip import SAID, StoredClip

Recue = Callable[..., list[str]]


@pytest.fixture
def recue(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Recue:
    """Runs a command in process and returns the lines that it printed."""
    monkeypatch.setenv("RECUE_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> list[str]:
        parser = argparse.ArgumentParser("recue")
        commands = parser.add_subparsers()
        add_correct(commands.add_parser("correct"))
        add_corrections(commands.add_parser("corrections"))
        add_glossary(commands.add_parser("glossary"))
        options = parser.parse_args(arguments)
        assert options.run(options) == 0
        return capsys.readouterr().out.splitlines()

    return run


@pytest.fixture
def stored_clip(tmp_path: Path, recue: Recue) -> Iterator[StoredClip]:
    """What a run left: clip.srt, and the store."""
    with closing(Database(tmp_path / "home" / "transcripts.sqlite")) as database:
        found = StoredClip(database)
        found.write(tmp_path / "clip.srt", found.run())
        yield found


def edit(*changes: tuple[str, str], name: str = "clip.srt") -> None:
    text = Path("clip.srt").read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    Path(name).write_text(text, encoding="utf-8")


def test_an_edited_file_is_kept_and_shown(recue: Recue, stored_clip: StoredClip) -> None:
    edit(("Zoey", "Zoë"), ("um ", ""), ("old", "<b>old</b>"))
    assert recue("correct", "clip.srt") == [
        "00:00:00  “Zoey” → “Zoë”",
        "00:00:03  “um” → nothing",
        "Formatting such as italics is not kept; the style decides how subtitles look.",
        "2 corrections kept (number 1); they hold for every run from now on.",
    ]
    assert stored_clip.text() == SAID.replace("Zoey", "Zoë").replace("um ", "")
    assert recue("correct", "clip.srt")[-1] == "No text was changed that is not kept already."


def test_a_dry_run_keeps_nothing(recue: Recue, stored_clip: StoredClip) -> None:
    edit(("Zoey", "Zoë"))
    assert recue("correct", "--dry-run", "clip.srt") == [
        "00:00:00  “Zoey” → “Zoë”",
        "1 correction found; nothing was kept.",
    ]
    assert recue("corrections") == ["There are no corrections."]
    assert stored_clip.text() == SAID


def test_a_renamed_file_needs_its_original(recue: Recue, stored_clip: StoredClip) -> None:
    edit(("Zoey", "Zoë"), name="final.srt")
    with pytest.raises(CorrectionUnknown):
        recue("correct", "final.srt")
    assert recue("correct", "final.srt", "--of", "clip.srt")[0].endswith("“Zoey” → “Zoë”")
    assert stored_clip.text().startswith("Zoë")


def test_corrections_are_listed_and_undone(recue: Recue, stored_clip: StoredClip) -> None:
    edit(("Zoey", "Zoë"))
    recue("correct", "clip.srt")
    edit(("old", "new"))
    recue("correct", "clip.srt")
    lines = recue("corrections", "list")
    assert [line.split()[0] for line in lines] == ["1", "clip.mov", "2", "clip.mov"]
    assert lines[1] == "    clip.mov 00:00:00  “Zoey” → “Zoë”"
    assert lines[0].endswith(str(Path("clip.srt").absolute()))
    data = json.loads("\n".join(recue("corrections", "list", "--json")))
    assert [each["batch"] for each in data["batches"]] == [1, 2]
    assert recue("corrections", "undo", "1")[0] == "“Zoey” → “Zoë”"
    assert stored_clip.text() == SAID.replace("old", "new")
    recue("corrections", "undo")
    assert stored_clip.text() == SAID
    with pytest.raises(BatchUnknown):
        recue("corrections", "undo")


def test_corrections_go_to_a_file_and_back_once(recue: Recue, stored_clip: StoredClip) -> None:
    edit(("Zoey", "Zoë"))
    recue("correct", "clip.srt")
    assert recue("corrections", "export", "mine.json") == ["1 correction → mine.json"]
    assert recue("corrections", "import", "mine.json") == ["0 corrections added."]
    recue("corrections", "undo")
    assert recue("corrections", "import", "mine.json") == ["1 correction added."]
    assert stored_clip.text().startswith("Zoë")
    with pytest.raises(CorrectionsUnreadable):
        recue("glossary", "import", "mine.json")


def test_the_glossary(recue: Recue, stored_clip: StoredClip) -> None:
    assert recue("glossary") == ["There are no terms."]
    assert recue("glossary", "add", "zoey", "Zoë") == ["“zoey” → “Zoë” in every project."]
    recue("glossary", "add", "the harbour", "the Harbour", "--project", "film")
    assert recue("glossary", "list") == [
        "“zoey” → “Zoë”",
        "“the harbour” → “the Harbour”  (film)",
    ]
    assert recue("glossary", "list", "--project", "film") == [
        "“the harbour” → “the Harbour”  (film)"
    ]
    assert len(json.loads("\n".join(recue("glossary", "list", "--json")))["terms"]) == 2
    assert stored_clip.text() == SAID.replace("Zoey", "Zoë")
    assert recue("glossary", "export", "terms.json") == ["2 terms → terms.json"]
    assert recue("glossary", "remove", "Zoey") == ["“Zoey” is forgotten."]
    assert recue("glossary", "import", "terms.json") == ["1 term added."]
