"""Edited files become corrections, and corrections come back on every run."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from fractions import Fraction as F
from pathlib import Path

import pytest

from editor_plugin.core.cues import Cue
from editor_plugin.core.errors import CorrectionForeign, CorrectionUnknown
from editor_plugin.core.timeline import Media
from editor_plugin.core.transcript import Word
from editor_plugin.engine.corrections import (
    CorrectionSource,
    Edit,
    EditedFile,
    Report,
    correct,
    correct_file,
    for_source,
    listed,
    made_of,
    read_made,
    undo,
)
from editor_plugin.engine.export import Result
from editor_plugin.engine.store.database import Database
from tests.core.words import spoken
from tests.engine.corrections.stored_clip import CLIP, SAID, StoredClip, edited, heard, twice


def corrected_from(stored_clip: StoredClip, result: Result, *changes: tuple[str, str]) -> Report:
    edit = Edit(edited(result, *changes), "/films/clip.srt")
    return correct(stored_clip.database, edit, made_of(result, stored_clip.ids))


def test_what_was_made_comes_back(stored_clip: StoredClip) -> None:
    result = stored_clip.run(line=twice())
    made = read_made(made_of(result, stored_clip.ids))
    assert [each.text for each in made.words] == [each.source.text for each in result.words]
    assert [each.source.start for each in made.words] == [w.source.start for w in result.words]
    assert [each.record.end for each in made.words] == [w.word.end for w in result.words]
    assert [each.cue.lines for each in made.cues] == [cue.lines for cue in result.cues]
    assert not made.is_plain and read_made(made_of(stored_clip.run(), stored_clip.ids)).is_plain
    assert {each.owner for each in made.words} == {(stored_clip.ids[CLIP], -1, -1)}


def test_a_corrected_word_is_right_on_the_next_run(stored_clip: StoredClip) -> None:
    report = corrected_from(stored_clip, stored_clip.run(), ("Zoey", "Zoë"), ("ship.", "ship!"))
    assert [c.correction.after for c in report.changes] == ["Zoë", "ship!"]
    words, sentences = stored_clip.words(heard())
    assert " ".join(w.text for w in words) == SAID.replace("Zoey", "Zoë").replace("ship.", "ship!")
    assert sentences == []
    assert words[0].confidence == 1.0


def test_words_that_are_recognised_otherwise_are_corrected_and_reported(
    stored_clip: StoredClip,
) -> None:
    corrected_from(stored_clip, stored_clip.run(), ("Zoey", "Zoë"), ("um", ""))
    other = heard(SAID.replace("Zoey", "So he").replace("um", "ham"))
    later = [Word(w.text, w.start - F(1, 2), w.end - F(1, 2)) for w in other[2:]]
    said = [Word("So", F(0), F(1, 8)), Word("he", F(1, 8), F(3, 8)), *later]
    words, sentences = stored_clip.words(said)
    assert " ".join(w.text for w in words) == SAID.replace("Zoey", "Zoë").replace("um ", "")
    assert sentences == [
        "clip.mov: “So he” is recognised at 00:00:00, where “Zoey” was corrected; “Zoë” stands "
        "there.",
        "clip.mov: “ham” is recognised at 00:00:03, where “um” was corrected; it was left out.",
    ]


def test_a_clip_used_twice_and_corrected_once_is_right_in_both_places(
    stored_clip: StoredClip,
) -> None:
    result = stored_clip.run(line=twice())
    cues = list(result.cues)
    assert [cue.text.count("Zoey") for cue in cues].count(1) == 2
    last = next(cue for cue in cues[::-1] if "Zoey" in cue.text)
    lines = tuple(line.replace("Zoey", "Zoë") for line in last.lines)
    cues[cues.index(last)] = Cue(last.start, last.end, lines)
    correct(stored_clip.database, Edit(tuple(cues), "cut.srt"), made_of(result, stored_clip.ids))
    again = stored_clip.run(line=twice())
    assert [w.source.text for w in again.words].count("Zoë") == 2


def test_a_merged_cue_a_retyped_one_and_a_deletion(stored_clip: StoredClip) -> None:
    result = stored_clip.run()
    first, second, *rest = edited(result, ("um ", ""))
    merged = Cue(first.start, second.end, first.lines + second.lines)
    retyped = Cue(rest[-1].start, rest[-1].end, ("Her hull was", "green with weed."))
    edit = Edit((merged, *rest[:-1], retyped), "clip.srt")
    report = correct(stored_clip.database, edit, made_of(result, stored_clip.ids))
    expected = " ".join(token for cue in edit.cues for token in cue.text.split())
    assert stored_clip.text() == expected
    assert any("words of other cues" in sentence for sentence in report.sentences)


def test_an_unchanged_file_adds_nothing(stored_clip: StoredClip) -> None:
    result = stored_clip.run()
    report = corrected_from(stored_clip, result)
    assert report == Report(None, (), ())
    assert listed(stored_clip.database) == ()


def test_a_dry_run_tells_and_keeps_nothing(stored_clip: StoredClip) -> None:
    result = stored_clip.run()
    edit = Edit(edited(result, ("Zoey", "Zoë")), "clip.srt")
    report = correct(stored_clip.database, edit, made_of(result, stored_clip.ids), dry_run=True)
    assert report.batch is None and len(report.changes) == 1
    assert listed(stored_clip.database) == ()


def test_the_same_edit_twice_is_kept_once(stored_clip: StoredClip) -> None:
    result = stored_clip.run()
    assert corrected_from(stored_clip, result, ("Zoey", "Zoë")).batch == 1
    assert corrected_from(stored_clip, result, ("Zoey", "Zoë")).batch is None
    more = corrected_from(stored_clip, result, ("Zoey", "Zoë"), ("old", "new"))
    assert [c.correction.before for c in more.changes] == [("old.",)]


def test_undo_restores_the_earlier_correction_of_the_same_place(stored_clip: StoredClip) -> None:
    corrected_from(stored_clip, stored_clip.run(), ("Zoey", "Zoé"))
    second = corrected_from(stored_clip, stored_clip.run(), ("Zoé", "Zoë"))
    assert second.changes[0].correction.before == ("Zoé",)
    assert stored_clip.text().startswith("Zoë went")
    assert undo(stored_clip.database).number == second.batch
    assert stored_clip.text().startswith("Zoé went")
    undo(stored_clip.database)
    assert stored_clip.text() == SAID


def test_a_second_thought_about_the_same_file_replaces_the_first(stored_clip: StoredClip) -> None:
    result = stored_clip.run()
    corrected_from(stored_clip, result, ("Zoey", "Zoé"), ("old", "new"))
    corrected_from(stored_clip, result, ("Zoey", "Zoë"))
    words, sentences = stored_clip.words(heard())
    assert " ".join(w.text for w in words) == SAID.replace("Zoey", "Zoë")
    assert sentences == []
    assert corrected_from(stored_clip, result, ("Zoey", "Zoë")).batch is None
    undo(stored_clip.database)
    assert stored_clip.text() == SAID.replace("Zoey", "Zoé").replace("old", "new")


def test_a_correction_from_another_file_is_not_set_back(stored_clip: StoredClip) -> None:
    result = stored_clip.run()
    corrected_from(stored_clip, result, ("Zoey", "Zoë"))
    edit = Edit(edited(result, ("old", "new")), "/films/other.srt")
    correct(stored_clip.database, edit, made_of(result, stored_clip.ids))
    assert stored_clip.text() == SAID.replace("Zoey", "Zoë").replace("old", "new")


def test_what_another_file_corrected_since_is_not_set_back(stored_clip: StoredClip) -> None:
    result = stored_clip.run()
    corrected_from(stored_clip, result, ("Zoey", "Zoé"))
    edit = Edit(edited(result, ("Zoey", "Zoë")), "/films/other.srt")
    correct(stored_clip.database, edit, made_of(result, stored_clip.ids))
    corrected_from(stored_clip, result, ("old", "new"))
    assert stored_clip.text() == SAID.replace("Zoey", "Zoë").replace("old", "new")


def test_a_file_of_something_else_is_refused(stored_clip: StoredClip) -> None:
    long = spoken(" ".join(f"word{n}" for n in range(40)))
    result = stored_clip.run(long)
    made = made_of(result, stored_clip.ids)
    other = (Cue(F(0), F(2), ("Nothing of that at all",)),)
    for cues in (other, ()):
        with pytest.raises(CorrectionForeign):
            correct(stored_clip.database, Edit(cues, "x.srt"), made)


def test_words_of_media_without_an_id_are_not_corrected(stored_clip: StoredClip) -> None:
    result = stored_clip.run()
    edit = Edit(edited(result, ("Zoey", "Zoë")), "clip.srt")
    report = correct(stored_clip.database, edit, made_of(result, {}))
    assert report.changes == ()
    assert report.sentences == ("Changes of words whose source is not known cannot be kept.",)


def test_corrections_belong_to_the_channel_and_the_first_stream_has_two_names(
    stored_clip: StoredClip,
) -> None:
    corrected_from(stored_clip, stored_clip.run(), ("Zoey", "Zoë"))
    row = stored_clip.ids[CLIP]
    assert len(for_source(stored_clip.database, CorrectionSource(row, -1, -1))) == 1
    assert len(for_source(stored_clip.database, CorrectionSource(row, 0, -1))) == 1
    assert for_source(stored_clip.database, CorrectionSource(row, 1, -1)) == ()
    assert for_source(stored_clip.database, CorrectionSource(row, -1, 0)) == ()
    assert for_source(stored_clip.database, CorrectionSource(row + 1, -1, -1)) == ()


def test_the_same_content_under_another_row_has_the_same_corrections(
    stored_clip: StoredClip,
) -> None:
    corrected_from(stored_clip, stored_clip.run(), ("Zoey", "Zoë"))
    again = StoredClip(stored_clip.database, Media("/elsewhere/copy.mov"))
    assert again.ids != stored_clip.ids
    assert again.text().startswith("Zoë went")


def test_the_log_of_a_source_is_found_by_an_index(
    stored_clip: StoredClip, database: Database
) -> None:
    plan = database.read(
        "EXPLAIN QUERY PLAN SELECT start FROM correction WHERE correction.media IN"
        " (SELECT id FROM media WHERE digest = (SELECT digest FROM media WHERE id = ?))",
        (1,),
    )
    assert any("correction_source" in row[-1] for row in plan)


# -- files --------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["srt", "vtt", "ass", "ttml"])
def test_an_edited_file_of_each_format(stored_clip: StoredClip, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"clip.{kind}"
    text = stored_clip.write(path, stored_clip.run(), kind)
    assert correct_file(stored_clip.database, EditedFile(path)).changes == ()
    path.write_text(text.replace("Zoey", "Zoë"), encoding="utf-8")
    report = correct_file(stored_clip.database, EditedFile(path))
    assert [c.correction.after for c in report.changes] == ["Zoë"] and report.sentences == ()
    assert stored_clip.text().startswith("Zoë went")


def test_a_word_longer_than_a_line_and_characters_that_are_not_shown(
    stored_clip: StoredClip, tmp_path: Path
) -> None:
    said = heard("Die Donaudampfschifffahrtsgesellschaft fährt, um\ufeff das zu sehen.")
    path = tmp_path / "clip.srt"
    text = stored_clip.write(path, stored_clip.run(said))
    assert "Donaudampfschifffahrtsgesellschaft" not in text and "\ufeff" not in text
    assert correct_file(stored_clip.database, EditedFile(path)) == Report(None, (), ())
    path.write_text(text.replace("Donau", "Rhein"), encoding="utf-8")
    (change,) = correct_file(stored_clip.database, EditedFile(path)).changes
    assert change.correction.before == ("Donaudampfschifffahrtsgesellschaft",)
    assert change.correction.after == "Rheindampfschifffahrtsgesellschaft"


@pytest.mark.parametrize(
    "written",
    [
        lambda text: text.replace("\n", "\r\n").encode("utf-8"),
        lambda text: codecs.BOM_UTF8 + text.encode("utf-8"),
        lambda text: text.replace("\n", "\r\n").encode("utf-16"),
        lambda text: text.encode("cp1252"),
    ],
    ids=["crlf", "bom", "utf-16", "cp1252"],
)
def test_a_file_that_an_editor_saved_in_its_own_way(
    stored_clip: StoredClip, tmp_path: Path, written: Callable[[str], bytes]
) -> None:
    path = tmp_path / "clip.srt"
    text = stored_clip.write(path, stored_clip.run())
    path.write_bytes(written(text.replace("Zoey", "Zoë")))
    report = correct_file(stored_clip.database, EditedFile(path))
    assert [c.correction.after for c in report.changes] == ["Zoë"]


def test_italics_and_times_are_told(stored_clip: StoredClip, tmp_path: Path) -> None:
    path = tmp_path / "clip.srt"
    text = stored_clip.write(path, stored_clip.run())
    path.write_text(text.replace("ship", "<i>ship</i>").replace(",000 -->", ",300 -->"))
    report = correct_file(stored_clip.database, EditedFile(path))
    assert report.changes == ()
    assert [sentence.split()[0] for sentence in report.sentences] == ["2", "Formatting"]


def test_a_file_that_was_moved_or_put_aside_is_known_by_its_name(
    stored_clip: StoredClip, tmp_path: Path
) -> None:
    text = stored_clip.write(tmp_path / "clip.srt", stored_clip.run())
    stored_clip.write(tmp_path / "other.srt", stored_clip.run(heard("Nothing of that at all.")))
    (tmp_path / "mail").mkdir()
    for name in ("mail/clip.srt", "clip.kept-1.srt", "mail/Clip.srt"):
        (tmp_path / name).write_text(text.replace("Zoey", "Zoë"), encoding="utf-8")
        assert (
            len(
                correct_file(
                    stored_clip.database, EditedFile(tmp_path / name), dry_run=True
                ).changes
            )
            == 1
        )


def test_of_several_files_of_one_name_the_nearest_text_counts(
    stored_clip: StoredClip, tmp_path: Path
) -> None:
    for folder, said in (("a", "Nothing of that at all."), ("b", SAID), ("c", "Or of this.")):
        (tmp_path / folder).mkdir()
        stored_clip.write(tmp_path / folder / "clip.srt", stored_clip.run(heard(said)))
    text = (tmp_path / "b" / "clip.srt").read_text(encoding="utf-8")
    (tmp_path / "clip.srt").write_text(text.replace("Zoey", "Zoë"), encoding="utf-8")
    report = correct_file(stored_clip.database, EditedFile(tmp_path / "clip.srt"))
    assert [c.correction.after for c in report.changes] == ["Zoë"]


def test_a_file_by_another_name_needs_to_be_told(stored_clip: StoredClip, tmp_path: Path) -> None:
    text = stored_clip.write(tmp_path / "clip.srt", stored_clip.run())
    other = tmp_path / "final v2.srt"
    other.write_text(text.replace("Zoey", "Zoë"), encoding="utf-8")
    with pytest.raises(CorrectionUnknown) as refused:
        correct_file(stored_clip.database, EditedFile(other))
    assert str(other) in refused.value.message
    assert correct_file(stored_clip.database, EditedFile(other, tmp_path / "clip.srt")).batch == 1
    with pytest.raises(CorrectionUnknown):
        correct_file(stored_clip.database, EditedFile(other, tmp_path / "nothing.srt"))


def test_a_file_written_before_recue_kept_what_of_is_unknown(
    stored_clip: StoredClip, tmp_path: Path
) -> None:
    path = tmp_path / "clip.srt"
    stored_clip.write(path, stored_clip.run())
    with stored_clip.database.write() as db:
        db.execute("UPDATE output SET made = NULL")
    with pytest.raises(CorrectionUnknown):
        correct_file(stored_clip.database, EditedFile(path))
