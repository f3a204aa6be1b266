"""CSV: nothing lost, nothing run."""

from __future__ import annotations

import csv
import io
from fractions import Fraction

import pytest
from hypothesis import given

from editor_plugin.engine.export import Result
from editor_plugin.engine.export.shown import shown_lines
from editor_plugin.engine.export.table import COLUMNS
from tests.engine.export.results import cue, result_of, results, written


def rows(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_a_row_for_each_cue() -> None:
    cues = (cue("1.44", "2.48", 'He said "no,"', "twice."),)
    text = written("csv", Result("film", Fraction(25), cues, (), start_frame=90000))
    assert text == (
        "\ufeffCue,Start,End,Duration,In,Out,Text\r\n"
        "1,00:00:01.440,00:00:02.480,1.040,01:00:01:11,01:00:02:12,"
        '"He said ""no,""\ntwice."\r\n'
    )


@given(results())
def test_nothing_is_lost_and_no_cell_is_a_formula(result: Result) -> None:
    found = rows(written("csv", result))
    assert len(found) == len(result.cues)
    for number, (row, each) in enumerate(zip(found, result.cues, strict=True), start=1):
        assert tuple(row) == COLUMNS and row["Cue"] == str(number)
        assert row["Text"].lstrip(" ")[:1] not in tuple("=+-@＝＋－＠")
        text = "\n".join(shown_lines(each))
        assert row["Text"] in (text, f"'{text}")


@pytest.mark.parametrize("text", ["=1+1", "-Hello", "+49", "@me", " =x", "＝1", "'=x", "''-x"])
def test_what_looks_like_a_formula_gets_an_apostrophe(text: str) -> None:
    (row,) = rows(written("csv", result_of(cue(0, 1, text))))
    assert row["Text"] == f"'{text.strip()}"


@pytest.mark.parametrize("text", ["'Cause I said so", "1 - 2", "a=b"])
def test_other_text_is_left_alone(text: str) -> None:
    (row,) = rows(written("csv", result_of(cue(0, 1, text))))
    assert row["Text"] == text
