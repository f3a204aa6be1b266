"""ASS and SSA files of other programs."""

from __future__ import annotations

from fractions import Fraction

import pytest

from editor_plugin.engine.reading import Read, read_text
from editor_plugin.engine.reading.encoding import Decoded

HEAD = """[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize
Style: Default,Arial,20

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


def read(*lines: str, head: str = HEAD) -> Read:
    return read_text(Decoded(head + "\n".join(lines), "utf-8"))


def event(text: str, start: str = "0:00:01.00", end: str = "0:00:02.50") -> str:
    return f"Dialogue: 0,{start},{end},Default,,0,0,0,,{text}"


def test_dialogue_is_read_and_comments_are_not() -> None:
    found = read(event("Hi, you"), "Comment: 0,0:00:00.00,0:00:01.00,Default,,0,0,0,,no", "; no")
    assert found.format == "ass" and found.findings == ()
    (cue,) = found.cues
    assert (cue.start, cue.end, cue.lines) == (Fraction(1), Fraction("2.5"), ("Hi, you",))


@pytest.mark.parametrize(
    ("text", "lines", "kinds"),
    [
        ("one\\Ntwo\\nthree", ("one", "two", "three"), []),
        ("{\\i1}one{\\i0} two", ("one two",), ["markup"]),
        ("{\\k20}one {\\k30}two", ("one two",), ["markup"]),
        ("a\\hb", ("a\u00a0b",), []),
        ("\\{shown\\}", ("{shown}",), []),
        ("{not closed", ("{not closed",), []),
        ("C:\\temp", ("C:\\temp",), []),
        ("<i>kept</i>", ("<i>kept</i>",), []),
        ("", (), ["empty"]),
    ],
)
def test_what_is_seen_of_a_text(text: str, lines: tuple[str, ...], kinds: list[str]) -> None:
    found = read(event(text))
    assert [each.lines for each in found.cues] == [lines]
    assert [each.kind for each in found.findings] == kinds


def test_fields_in_another_order() -> None:
    head = "[Script Info]\n[Events]\nFormat: Start, End, Text\n"
    (cue,) = read("Dialogue: 0:00:01.00,0:00:02.00,a, b", head=head).cues
    assert cue.lines == ("a, b",)


def test_ssa_and_drawings() -> None:
    head = HEAD.replace("v4.00+", "v4.00").replace("Layer", "Marked")
    marked = event("Hi").replace("Dialogue: 0,", "Dialogue: Marked=0,")
    found = read(marked, event("{\\p1}m 0 0 l 5 5"), head=head)
    assert [each.lines for each in found.cues] == [("Hi",)]
    assert [(each.line, each.kind) for each in found.findings] == [(11, "ignored")]


@pytest.mark.parametrize("line", [event("Lost", start="soon"), "Dialogue: 0,Lost", "Dialogue:"])
def test_a_line_that_cannot_be_read_is_told_and_the_rest_is_kept(line: str) -> None:
    found = read(event("One"), line, event("Two", "0:00:03.00", "0:00:04.00"))
    assert [each.lines for each in found.cues] == [("One",), ("Two",)]
    (finding,) = found.findings
    assert (finding.line, finding.kind) == (11, "lost") and finding.read in line


def test_odd_times_are_told() -> None:
    found = read(event("x", "0:00:03.00", "0:00:02.00"), event("y", "-0:00:01.00", "0:00:75.00"))
    assert [(each.line, each.kind) for each in found.findings] == [
        (10, "length"),
        (11, "negative"),
        (11, "times"),
        (None, "order"),
    ]
