"""What of a name may be shown."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from editor_plugin.core.errors import MediaMissing, Surface
from editor_plugin.core.jobs.status import InputStatus, input_from_wire, input_to_wire
from editor_plugin.core.printable import printable, printable_lines

WRITTEN = (
    "Grüße 日本 – “été”.mov",
    "\u05e9\u05dc\u05d5\u05dd\u200f (1).mov",  # Hebrew, with a mark
    "\u0646\u0627\u0645\u0647\u200c\u0647\u0627.mov",  # Persian: without the joiner it is misspelt
    "\u0d15\u0d4d\u200d.mov",  # Malayalam, with a joiner
    "\U0001f468\u200d\U0001f469\u200d\U0001f467.mov",  # a family, joined
    "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",  # a flag
    "e\u0301\u200e",
)
UNSAFE = (
    "\x1b]0;owned\x07",
    "\x1b[2J",
    "\x9b31m",
    "a\rb",
    "a\x00b",
    "photo\u202egpj.mov",
    "\u2066a",
    "a\u2028b",
    "caf\udce9",
    "\x7f",
)


@pytest.mark.parametrize("name", WRITTEN)
def test_a_name_in_any_script_stays_as_it_is(name: str) -> None:
    assert printable(name) == printable_lines(name) == name


@pytest.mark.parametrize("name", UNSAFE)
def test_what_a_terminal_obeys_or_a_line_is_turned_by_is_replaced(name: str) -> None:
    for shown in (printable(name), MediaMissing(name).sentence(Surface.EDITOR)):
        assert not set(name) & set(shown) - set(" abcdefghijklmnopqrstuvwxyz.0];[2J31m")
        assert "\ufffd" in shown
    assert "\ufffd" in printable_lines(name) or "\r" in name


@given(st.text(st.characters()))
def test_nothing_is_left_that_does_anything(text: str) -> None:
    one, several = printable(text), printable_lines(text)
    assert printable(one) == one and printable_lines(several) == several
    for shown, kept in ((one, ""), (several, "\n\t")):
        for each in shown:
            assert unicodedata.category(each) not in ("Cc", "Cs", "Zl", "Zp") or each in kept
            assert unicodedata.bidirectional(each) not in (
                *("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"),
            )
        shown.encode("utf-8")


def test_a_name_in_a_status_is_safe_for_whoever_shows_it() -> None:
    status = InputStatus("a\x1b[2J.mov", notes=("b\u202e",))
    for found in (input_from_wire({"name": status.name, "notes": list(status.notes)}),):
        assert found == InputStatus("a\ufffd[2J.mov", notes=("b\ufffd",))
    assert input_to_wire(status)["name"] == "a\ufffd[2J.mov"
