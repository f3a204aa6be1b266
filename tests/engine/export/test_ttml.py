"""TTML, as ttconv's reader and its check of the IMSC 1.1 text profile see it."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from fractions import Fraction
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from ttconv.filters.doc.imsc11text import IMSC11TextFilter
from ttconv.imsc import reader
from ttconv.isd import ISD
from ttconv.model import Br, ContentDocument, ContentElement, Text

from editor_plugin.engine.export import Result
from tests.engine.export.results import RATES, cue, result_of, results, visible, written

TTP = "{http://www.w3.org/ns/ttml#parameter}"


@pytest.fixture(autouse=True)
def nothing_to_complain_about(caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """ttconv logs what it does not like, and goes on."""
    caplog.set_level(logging.WARNING, "ttconv")
    yield
    assert [record.getMessage() for record in caplog.records] == []


def parsed(text: str) -> ContentDocument:
    document = reader.to_model(ElementTree.ElementTree(ElementTree.fromstring(text)))
    assert isinstance(document, ContentDocument)
    return document


def paragraphs(document: ContentDocument) -> list[tuple[Fraction, Fraction, str]]:
    found: list[tuple[Fraction, Fraction, str]] = []
    for element in document.get_body().dfs_iterator():
        if type(element).__name__ == "P":
            # ttconv leaves out a begin of 0.
            begin, end = element.get_begin() or Fraction(0), element.get_end()
            found.append((begin, end, text(element)))
    return found


def text(element: ContentElement) -> str:
    return "".join(
        "\n" if isinstance(each, Br) else each.get_text()
        for each in element.dfs_iterator()
        if isinstance(each, (Br, Text))
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(results())
def test_ttconv_reads_the_same_text_at_the_same_times(result: Result) -> None:
    expected = visible(result)
    found = paragraphs(parsed(written("ttml", result)))
    assert [shown for _, _, shown in found] == ["\n".join(each.lines) for each in expected]
    for (start, end, _), shown in zip(found, expected, strict=True):
        if result.rate is None:
            assert start * 1000 == round(shown.start * 1000)
            assert end * 1000 == round(shown.end * 1000)
        else:
            assert (start, end) == (shown.start, shown.end)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30)
@given(results())
def test_it_keeps_to_the_imsc_text_profile(result: Result) -> None:
    document = parsed(written("ttml", result))
    IMSC11TextFilter().process(document)
    assert document.get_lang() == (result.language or "")


def test_what_is_on_screen_and_when() -> None:
    rate = Fraction(30000, 1001)
    result = result_of(cue(30 / rate, 60 / rate, "Good <morning>,", "everyone."), rate=rate)
    sequence = ISD.generate_isd_sequence(parsed(written("ttml", result)))
    shown = [(time, [text(region) for region in isd.iter_regions()]) for time, isd in sequence]
    cleared = [each for each in shown if not any(each[1])]
    assert [each for each in shown if any(each[1])] == [(30 / rate, ["Good <morning>,\neveryone."])]
    assert cleared[-1][0] == 60 / rate


@pytest.mark.parametrize("rate", RATES, ids=str)
def test_the_rate_is_exact(rate: Fraction) -> None:
    root = ElementTree.fromstring(written("ttml", result_of(rate=rate)))
    numerator, denominator = root.get(f"{TTP}frameRateMultiplier", "1 1").split()
    assert (
        int(root.get(f"{TTP}frameRate", "0")) * Fraction(int(numerator), int(denominator)) == rate
    )


def test_it_names_its_profile_and_language() -> None:
    document = written("ttml", result_of(cue(0, 1, "Yes.")))
    root = ElementTree.fromstring(document)
    assert root.get(f"{TTP}contentProfiles") == "http://www.w3.org/ns/ttml/profile/imsc1.1/text"
    assert '<p begin="00:00:00.000" end="00:00:01.000" xml:space="preserve">Yes.</p>' in document
