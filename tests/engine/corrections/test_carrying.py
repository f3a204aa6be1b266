"""Corrections and terms from one machine to another."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from editor_plugin.core.errors import CorrectionsUnreadable, MediaMissing, SettingsInvalid
from editor_plugin.core.glossary import Term
from editor_plugin.core.timeline import Media
from editor_plugin.engine.corrections import (
    Edit,
    add_term,
    correct,
    export_corrections,
    export_terms,
    import_corrections,
    import_terms,
    listed,
    made_of,
    remove_term,
    terms,
    terms_for,
)
from editor_plugin.engine.corrections.carrying import read_json
from editor_plugin.engine.store import Database
from tests.engine.corrections.stored_clip import SAID, StoredClip, edited, heard


def carried(data: Any) -> Any:
    return json.loads(json.dumps(data))


@pytest.fixture
def exported(stored_clip: StoredClip) -> Any:
    result = stored_clip.run()
    edit = Edit(edited(result, ("Zoey", "Zoë"), ("um ", "")), "/films/clip.srt")
    correct(stored_clip.database, edit, made_of(result, stored_clip.ids))
    return carried(export_corrections(stored_clip.database))


def test_corrections_hold_on_another_machine(exported: Any, other_database: Database) -> None:
    there = StoredClip(other_database, Media("/elsewhere/renamed.mov"))
    assert import_corrections(other_database, exported) == 2
    assert there.text() == SAID.replace("Zoey", "Zoë").replace("um ", "")
    (batch,) = listed(other_database)
    assert batch.origin == "/films/clip.srt"
    assert (
        carried(export_corrections(other_database))["batches"][0]["corrections"][0]["media"]["name"]
        == "renamed.mov"
    )


def test_corrections_of_media_that_is_not_there_yet_wait_for_it(
    exported: Any, other_database: Database
) -> None:
    assert import_corrections(other_database, exported) == 2
    there = StoredClip(other_database, Media("/elsewhere/renamed.mov"))
    assert there.text() == SAID.replace("Zoey", "Zoë").replace("um ", "")
    stranger = StoredClip(other_database, Media("/elsewhere/other.mov"), digest="2:def")
    assert stranger.text() == SAID


def test_importing_twice_adds_nothing(exported: Any, other_database: Database) -> None:
    import_corrections(other_database, exported)
    assert import_corrections(other_database, exported) == 0
    assert len(listed(other_database)) == 1


def test_importing_ones_own_export_adds_nothing(exported: Any, database: Database) -> None:
    assert import_corrections(database, exported) == 0


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: [],
        lambda data: {**data, "format": "recue-words"},
        lambda data: {**data, "version": 2},
        lambda data: {**data, "batches": [{}]},
        lambda data: {**data, "batches": 7},
        lambda data: _with(data, start="1/0"),
        lambda data: _with(data, start="5", end="4"),
        lambda data: _with(data, before="Zoey", after=None),
        lambda data: _with(data, before=[7]),
        lambda data: _with(data, stream=-1),
        lambda data: _with(data, media=None),
    ],
)
def test_a_damaged_file_changes_nothing(
    exported: Any, other_database: Database, damage: Callable[[Any], Any]
) -> None:
    with pytest.raises(CorrectionsUnreadable):
        import_corrections(other_database, damage(exported))
    assert listed(other_database) == ()


def _with(data: Any, **values: Any) -> Any:
    data["batches"][0]["corrections"][-1].update(values)
    return data


def test_files_that_are_no_json(tmp_path: Path) -> None:
    with pytest.raises(MediaMissing):
        read_json(tmp_path / "none.json")
    with pytest.raises(CorrectionsUnreadable):
        read_json(tmp_path)
    (tmp_path / "a.json").write_bytes(b"\xff{")
    with pytest.raises(CorrectionsUnreadable):
        read_json(tmp_path / "a.json")


# -- the glossary -------------------------------------------------------------------------------


def test_terms_hold_in_their_project_and_win_over_general_ones(stored_clip: StoredClip) -> None:
    add_term(stored_clip.database, Term("zoey", "Zoe"))
    add_term(stored_clip.database, Term("the harbour", "the Harbour"))
    add_term(stored_clip.database, Term("Zoey", "Zoë"), "film")
    assert stored_clip.text() == SAID.replace("Zoey", "Zoe").replace("harbour", "Harbour")
    assert stored_clip.text(project="film") == SAID.replace("Zoey", "Zoë").replace(
        "harbour", "Harbour"
    )
    assert {term.right for term in terms_for(stored_clip.database, "film")} == {
        "Zoë",
        "the Harbour",
    }


def test_a_term_is_replaced_whatever_its_case_and_removed(database: Database) -> None:
    add_term(database, Term("zoey", "Zoe"))
    add_term(database, Term(" Zoey ", "Zoë"))
    assert [each.term for each in terms(database)] == [Term("Zoey", "Zoë")]
    remove_term(database, "ZOEY")
    assert terms(database) == ()
    with pytest.raises(SettingsInvalid):
        remove_term(database, "zoey")


@pytest.mark.parametrize("term", [Term("", "x"), Term("—", "x"), Term("x", "  ")])
def test_terms_without_words_are_refused(database: Database, term: Term) -> None:
    with pytest.raises(SettingsInvalid):
        add_term(database, term)


def test_terms_are_carried_and_importing_twice_adds_nothing(
    database: Database, other_database: Database
) -> None:
    add_term(database, Term("zoey", "Zoë"))
    add_term(database, Term("nemo", "NeMo"), "film")
    data = carried(export_terms(database))
    add_term(other_database, Term("Zoey", "Zoe"))
    assert import_terms(other_database, data) == 2
    assert terms(other_database) == terms(database)
    assert import_terms(other_database, data) == 0
    for broken in ({**data, "terms": [{}]}, {**data, "format": "x"}, {**data, "terms": None}):
        with pytest.raises(CorrectionsUnreadable):
            import_terms(other_database, broken)


def test_a_correction_stands_above_a_term_and_neither_is_reported(stored_clip: StoredClip) -> None:
    add_term(stored_clip.database, Term("zoey", "Zoe Smith"))
    result = stored_clip.run()
    edit = Edit(edited(result, ("Smith", "Smythe")), "clip.srt")
    correct(stored_clip.database, edit, made_of(result, stored_clip.ids))
    assert stored_clip.words(heard())[1] == []
    assert stored_clip.text().startswith("Zoe Smythe went")


def test_a_term_that_came_after_a_correction_changes_and_reports_nothing(
    stored_clip: StoredClip,
) -> None:
    result = stored_clip.run()
    edit = Edit(edited(result, ("Zoey", "Zoey B.")), "clip.srt")
    correct(stored_clip.database, edit, made_of(result, stored_clip.ids))
    add_term(stored_clip.database, Term("zoey", "Zoë"))
    words, sentences = stored_clip.words(heard())
    assert words[0].text == "Zoey" and words[1].text == "B." and sentences == []
