"""The benchmark of segmentation, on sentences of its own."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import pytest

from benchmarks import segmentation
from benchmarks.references import Break, Sentence, breaks_of, joined, paced, read_reference
from benchmarks.scores import Score, score, total
from editor_plugin.core.segmentation import segment
from editor_plugin.core.styles import PLAIN

NONE_OF_OTHERS = ["--without", "auto-subs", "--without", "SubER"]
TEXT = """\
When the light over the harbour <eol> finally turned to gold, <eob> we stopped. <eob>
We stopped. <eob>
The captain left the key on the table <eol> and nobody saw him again. <eob>
"""


@pytest.fixture
def reference(tmp_path: Path) -> Path:
    path = tmp_path / "référence.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_a_reference_is_read_word_by_word(reference: Path) -> None:
    first, second, _ = read_reference(reference)
    assert first.words[4:8] == ("the", "harbour", "finally", "turned")
    assert [at for at, mark in enumerate(first.breaks) if mark == Break.LINE] == [5]
    assert [at for at, mark in enumerate(first.breaks) if mark == Break.CUE] == [9, 11]
    assert second.breaks == (Break.NONE, Break.CUE)


def test_sentences_are_joined_to_running_text(reference: Path) -> None:
    sentences = read_reference(reference)
    both, last = joined(sentences, 2)
    assert both.words == sentences[0].words + sentences[1].words
    assert last == sentences[2]


def test_the_breaks_of_cues_are_found_again(reference: Path) -> None:
    for sentence in read_reference(reference):
        marks = breaks_of(segment(paced(sentence.words), PLAIN, "en"))
        assert len(marks) == len(sentence.words) and marks[-1] == Break.CUE


def test_the_reference_itself_scores_one(reference: Path) -> None:
    scores = [score(each, each.breaks) for each in read_reference(reference)]
    assert (total(scores).f1, total(scores).conformity) == (1, 1)


def test_boundaries_count_whichever_their_kind(reference: Path) -> None:
    first = read_reference(reference)[0]  # boundaries after words 5, 9 and 11
    marks = [Break.NONE] * 12
    marks[5], marks[7], marks[11] = Break.CUE, Break.LINE, Break.CUE
    found = score(first, marks, limit=20)
    assert (found.ours, found.theirs, found.shared) == (3, 3, 2)
    assert found.f1 == pytest.approx(2 / 3)
    assert (found.lines, found.lines_that_fit) == (3, 2)  # 31, 14 and 20 characters


def test_nothing_scores_nothing() -> None:
    assert (total([]).f1, total([]).precision, Score().recall) == (0, 0, 0)


def test_greedy_fills_line_after_line() -> None:
    words = paced(("word " * 30).split())
    marks = segmentation.greedy(words)
    lines = [at for at, mark in enumerate(marks) if mark]
    assert lines == [7, 15, 23, 29]  # eight words are 39 characters
    assert [marks[at] for at in lines] == [Break.LINE, Break.CUE, Break.LINE, Break.CUE]


def test_recue_is_nearer_to_the_reference_than_greedy(
    reference: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert segmentation.main([str(reference), "--json", *NONE_OF_OTHERS]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["sentences"], found["without"]) == (3, ["auto-subs", "SubER"])
    systems = found["systems"]
    assert systems["recue"]["SubER"] is None
    assert systems["recue"]["boundary F1"] > systems["greedy"]["boundary F1"]
    assert systems["recue"]["lines that fit"] == 1
    assert segmentation.main([str(reference), *NONE_OF_OTHERS]) == 0
    printed = capsys.readouterr().out
    assert "boundary F1" in printed and "greedy" in printed


@pytest.mark.parametrize(("package", "left_out"), [("autosubs", "auto-subs"), ("suber", "SubER")])
def test_a_missing_package_is_told_before_anything_is_measured(
    reference: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    package: str,
    left_out: str,
) -> None:
    for name in [name for name in sys.modules if name.partition(".")[0] == package]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    monkeypatch.setattr(segmentation, "compare", lambda *_: pytest.fail("it was measured"))
    other = {"auto-subs", "SubER"} - {left_out}
    with pytest.raises(SystemExit) as refused:
        segmentation.main([str(reference), "--without", *other])
    assert refused.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith(f"{left_out} cannot be used") and "pip install" in said
    assert f"--without {left_out}" in said


def test_a_reference_that_cannot_be_read_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty, latin = tmp_path / "empty.txt", tmp_path / "latin.txt"
    empty.write_text("\n")
    latin.write_bytes("été".encode("latin-1"))
    for path, why in (
        (tmp_path / "nowhere.txt", "cannot be read: No such file or directory."),
        (empty, "holds no sentence."),
        (latin, "is not text in UTF-8."),
    ):
        with pytest.raises(SystemExit) as refused:
            segmentation.main([str(path)])
        assert refused.value.code == 2
        assert capsys.readouterr().err == f"“{path}” {why}\n"


def test_suber_of_the_reference_itself_is_zero(reference: Path) -> None:
    if importlib.util.find_spec("suber") is None:
        pytest.skip("needs the package subtitle-edit-rate")
    sentences = read_reference(reference)
    assert segmentation.suber(sentences, sentences) == 0
    greedy = [Sentence(each.words, segmentation.greedy(paced(each.words))) for each in sentences]
    assert (segmentation.suber(greedy, sentences) or 0) > 0
