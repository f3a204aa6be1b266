"""TTML of other programs, by way of ttconv."""

from __future__ import annotations

from fractions import Fraction

import pytest

from editor_plugin.engine.reading import Read, read_text
from editor_plugin.engine.reading.encoding import Decoded, decode
from editor_plugin.engine.reading.ttml import TtmlUnreadable, declared_encoding


def document(body: str, attributes: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<tt xmlns="http://www.w3.org/ns/ttml" '
        'xmlns:ttp="http://www.w3.org/ns/ttml#parameter" xml:lang="en" '
        f"{attributes}><head/><body>{body}</body></tt>"
    )


def read(text: str) -> Read:
    return read_text(Decoded(text, "utf-8"))


def cues(found: Read) -> list[tuple[str, str, str]]:
    return [(str(each.start), str(each.end), "/".join(each.lines)) for each in found.cues]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('<div><p begin="1s" end="2.5s">Hi<br/>you</p></div>', [("1", "5/2", "Hi/you")]),
        ('<div><p begin="00:00:01.5" dur="1s">Hi</p></div>', [("3/2", "5/2", "Hi")]),
        ('<div begin="10s"><p begin="1s" end="2s">Hi</p></div>', [("11", "12", "Hi")]),
        ('<div><p begin="1s" end="2s"><span>a<span>b</span></span> c</p></div>',
         [("1", "2", "ab c")]),
        ('<div><p><span begin="1s" end="2s">a</span><span begin="2s" end="3s">b</span></p></div>',
         [("1", "3", "ab")]),
        ('<div begin="10s"><p begin="1s"><span begin="1s" end="2s">a</span></p></div>',
         [("12", "13", "a")]),
        ('<div end="3s"><p begin="1s">Hi</p></div>', [("1", "3", "Hi")]),
        ('<div><p begin="1s" end="2s">a\n      b &lt;c&gt;</p></div>', [("1", "2", "a b <c>")]),
    ],
)  # fmt: skip
def test_times_and_text(body: str, expected: list[tuple[str, str, str]]) -> None:
    found = read(document(body))
    assert cues(found) == expected and found.format == "ttml"


def test_the_old_namespace_is_known() -> None:
    text = document('<div><p begin="1s" end="2s" xml:space="preserve">Hi  you</p></div>')
    old = text.replace("http://www.w3.org/ns/ttml", "http://www.w3.org/2006/10/ttaf1")
    assert cues(read(old)) == [("1", "2", "Hi  you")]


def test_frames_are_exact() -> None:
    rate = 'ttp:frameRate="24" ttp:frameRateMultiplier="1000 1001"'
    (cue,) = read(document('<div><p begin="24f" end="00:00:02:12">x</p></div>', rate)).cues
    assert cue.start == Fraction(1001, 1000)


def test_a_cue_that_cannot_be_read_is_told() -> None:
    body = '<div><p begin="1s" end="2s">One</p><p begin="soon">Two</p><p>Three</p></div>'
    found = read(document(body))
    assert cues(found) == [("1", "2", "One")]
    lost = [each.read for each in found.findings if each.kind == "lost"]
    assert lost == ["Two", "Three"]
    assert any("soon" in each.understood for each in found.findings)


@pytest.mark.parametrize(
    "wrapping",
    [
        '<div begin="5s" end="5s">{}</div>',
        "<div><unknown>{}</unknown></div>",
        '<div end="0s">{}</div>',
    ],
)
def test_paragraphs_that_ttconv_leaves_out_are_counted(wrapping: str) -> None:
    inside = '<p begin="1s" end="2s">One</p><p begin="2s" end="3s">Two</p>'
    found = read(document(wrapping.format(inside) + '<div><p begin="4s" end="5s">Three</p></div>'))
    assert cues(found) == [("4", "5", "Three")]
    (lost,) = [each for each in found.findings if each.kind == "lost"]
    assert "2 of 3 paragraphs" in lost.understood


def test_a_cue_without_text_is_told() -> None:
    found = read(document('<div><p begin="1s" end="2s"></p></div>'))
    assert cues(found) == [("1", "2", "")]
    assert [each.kind for each in found.findings] == ["empty"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<tt xmlns='http://www.w3.org/ns/ttml'><body>", "no well-formed XML"),
        ("<?xml version='1.0'?><html/>", "no TTML"),
        ("<tt/>", "no TTML"),
        (
            "<?xml version='1.0'?><!DOCTYPE tt [<!ENTITY a 'a'><!ENTITY b '&a;&a;'>]><tt>&b;</tt>",
            "entities",
        ),
        (document('<div><p begin="1s" end="2s">x</p></div>', 'ttp:timeBase="clock"'), "structure"),
        (document("<div>" * 5000 + "</div>" * 5000), "nested"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(text: str, reason: str) -> None:
    with pytest.raises(TtmlUnreadable, match=reason):
        read(text)


def test_the_encoding_that_the_file_names_counts() -> None:
    body = '<div><p begin="1s" end="2s">Žluťoučký kůň</p></div>'
    data = document(body).replace("UTF-8", "ISO-8859-2").encode("iso-8859-2")
    assert declared_encoding(data) == "ISO-8859-2"
    decoded = decode(data, None, declared_encoding(data))
    assert cues(read_text(decoded)) == [("1", "2", "Žluťoučký kůň")] and not decoded.findings
