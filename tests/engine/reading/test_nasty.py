"""Odd SRT files, each read as a person would read it, and each oddity told."""

from __future__ import annotations

from fractions import Fraction

import pytest

from editor_plugin.engine.reading import KINDS, Read, read_text
from editor_plugin.engine.reading.encoding import Decoded

HI = "1\n00:00:01,000 --> 00:00:02,000\nHi\n"
YO = "\n2\n00:00:03,000 --> 00:00:04,000\nYo\n"
BOTH = HI + YO

Expected = list[tuple[str, str, str]]
ONE: Expected = [("1", "2", "Hi")]
TWO: Expected = [("1", "2", "Hi"), ("3", "4", "Yo")]


def read(text: str) -> Read:
    return read_text(Decoded(text, "utf-8"))


def as_read(found: Read) -> list[tuple[Fraction, Fraction, str]]:
    return [(each.start, each.end, "/".join(each.lines)) for each in found.cues]


def as_expected(cues: Expected) -> list[tuple[Fraction, Fraction, str]]:
    return [(Fraction(start), Fraction(end), text) for start, end, text in cues]


# name: text, cues, kinds of findings with their lines
ODD: dict[str, tuple[str, Expected, list[tuple[int | None, str]]]] = {
    # What other readers were measured on.
    "plain": (BOTH, TWO, []),
    "byte order mark": ("\ufeff" + BOTH, TWO, []),
    "no newline at the end": (BOTH[:-1], TWO, []),
    "point for comma": (BOTH.replace(",", "."), TWO, []),
    "no number": (BOTH.replace("1\n", "", 1).replace("2\n00", "00"), TWO, []),
    "blank line in the text": (
        HI.replace("Hi", "Hi\n\nthere") + YO,
        [("1", "2", "Hi/there"), TWO[1]],
        [(5, "blank-line")],
    ),
    "a number as text": (HI.replace("Hi", "42") + YO, [("1", "2", "42"), TWO[1]], []),
    "no blank line between cues": (HI + YO[1:], TWO, []),
    "coordinates": (
        BOTH.replace("02,000", "02,000 X1:10 X2:20 Y1:3 Y2:40"),
        TWO,
        [(2, "position")],
    ),
    "arrow without spaces": (BOTH.replace(" --> ", "-->"), TWO, []),
    "no text": (BOTH.replace("Hi\n", "\n"), [("1", "2", ""), TWO[1]], [(2, "empty")]),
    "empty file": ("", [], [(None, "empty")]),
    "an arrow in the text": (
        BOTH.replace("Hi", "A --> B"),
        [("1", "2", "A --> B"), TWO[1]],
        [],
    ),
    "CRLF": (BOTH.replace("\n", "\r\n"), TWO, []),
    "CR only": (BOTH.replace("\n", "\r"), TWO, []),
    "few decimals": (
        "1\n0:00:01,5 --> 0:00:02,50\nHi\n",
        [("1.5", "2.5", "Hi")],
        [(2, "ambiguous"), (2, "ambiguous")],
    ),
    "minutes and seconds only": (
        HI.replace("00:00:0", "00:0"),
        ONE,
        [(2, "ambiguous")],
    ),
    "a long arrow": (BOTH.replace("-->", "--->"), TWO, [(2, "times"), (6, "times")]),
    "a start before zero": (
        HI.replace("00:00:01", "-00:00:01"),
        [("0", "2", "Hi")],
        [(2, "negative")],
    ),
    "end before start": (HI.replace("01,000", "05,000"), [("5", "2", "Hi")], [(2, "length")]),
    "end at start": (HI.replace("02,000", "01,000"), [("1", "1", "Hi")], [(2, "length")]),
    "overlap": (BOTH.replace("02,000", "03,500"), [("1", "3.5", "Hi"), TWO[1]], []),
    "garbage with an arrow between cues": (
        f"{HI}\nzz --> zz\n{YO}",
        TWO,
        [(5, "lost")],
    ),
    "garbage before the first cue": (f"made by me\nin 1999\n\n{BOTH}", TWO, [(1, "ignored")]),
    "header of WebVTT": (f"WEBVTT\n\n{BOTH}", TWO, []),
    "tags": (
        HI.replace("Hi", '{\\an8}<i>Hi</i> <FONT color="red">x</FONT> <laughs>'),
        [("1", "2", "Hi x <laughs>")],
        [(3, "markup")],
    ),
    "a hundred hours": (
        HI.replace("00:00:0", "100:00:0"),
        [("360001", "360002", "Hi")],
        [],
    ),
    "hard spaces around the arrow": (BOTH.replace(" --> ", "\u00a0-->\u00a0"), TWO, []),
    "zero byte in the text": (HI.replace("Hi", "H\0i"), ONE, [(3, "characters")]),
    "a number after the last cue": (HI + "\n2\n", ONE, [(5, "ignored")]),
    "times without milliseconds": (HI.replace(",000", ""), ONE, [(2, "times")]),
    # More of the kind.
    "only blank lines": ("\n\r\n \n", [], [(None, "empty")]),
    "line ends converted twice": (
        BOTH.replace("Hi", "Hi\nthere").replace("\n", "\r\r\n"),
        [("1", "2", "Hi/there"), TWO[1]],
        [],
    ),
    "every line followed by a blank one": (BOTH.replace("\n", "\n\n"), TWO, []),
    "spaces around everything": (
        "\n".join(f"  {line}\t " if line else " " for line in BOTH.split("\n")),
        TWO,
        [],
    ),
    "spaces within the times": (BOTH.replace(",", " , ").replace("00:00", "00 : 00"), TWO, []),
    "text on the line of times": (
        HI.replace("\nHi", " Hi") + YO,
        TWO,
        [(2, "times")],
    ),
    "text on the line of times as it stands": (
        "1\n00:00:01,000 --> 00:00:02,000 ½ ｆｕｌｌ\n",
        [("1", "2", "½ ｆｕｌｌ")],
        [(2, "times")],
    ),
    "a cue without times": (
        f"{HI}\n2\nHow are you?\nWell?\n\n3\n00:00:03,000 --> 00:00:04,000\nYo\n",
        TWO,
        [(5, "lost")],
    ),
    "a cue with damaged times": (
        f"{HI}\n2\n00:00:0x,000 --> 00:00:03,000\nMe too\n{YO.replace('2', '3', 1)}",
        TWO,
        [(5, "lost")],
    ),
    "the first cue with damaged times": (
        f"1\n00:00:?? --> 00:00:01,000\nLost\n{YO}",
        [TWO[1]],
        [(1, "lost")],
    ),
    "cut off within the times": (f"{HI}\n2\n00:00:03,000 --> 00:0", ONE, [(5, "lost")]),
    "cut off after the times": (
        f"{HI}\n2\n00:00:03,000 --> 00:00:04,000",
        [*ONE, ("3", "4", "")],
        [(6, "empty")],
    ),
    "full-width figures": (
        HI.replace(HI[2:31], "００：００：０１，０００　－－＞　００：００：０２，０００"),
        ONE,
        [],
    ),
    "Arabic figures": (
        HI.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
        ONE,
        [],
    ),
    "a typographic arrow": (BOTH.replace("-->", "—>"), TWO, [(2, "times"), (6, "times")]),
    "a dash for an arrow": (BOTH.replace("-->", "-"), TWO, [(2, "times"), (6, "times")]),
    "no arrow": (BOTH.replace(" --> ", " "), TWO, [(2, "times"), (6, "times")]),
    "colon before the milliseconds": (HI.replace(",", ":"), ONE, [(2, "times")]),
    "frames for milliseconds": (
        "1\n00:00:01:05 --> 00:00:02:00\nHi\n",
        [("1.2", "2", "Hi")],
        [(2, "ambiguous")],
    ),
    "microseconds": (HI.replace(",000", ",000000"), ONE, []),
    "seconds over 59": (
        HI.replace("00:00:02", "00:00:75"),
        [("1", "75", "Hi")],
        [(2, "times")],
    ),
    "not in order": (
        f"{YO[1:]}\n{HI}",
        TWO,
        [(None, "order")],
    ),
    "two files in one": (
        f"{HI}\n\ufeff{HI.replace('01,', '05,').replace('02,', '06,')}",
        [*ONE, ("5", "6", "Hi")],
        [],
    ),
    "the same number twice": (BOTH.replace("2\n00", "1\n00"), TWO, []),
    "numbers that jump": (BOTH.replace("2\n00", "17\n00"), TWO, []),
    "the next number as text": (
        f"{HI.replace('Hi', '2')}{YO}",
        [("1", "2", "2"), TWO[1]],
        [],
    ),
    "the next number as text and no number": (
        f"{HI.replace('Hi', '2')}{YO.replace('2', '', 1)}",
        [("1", "2", "2"), TWO[1]],
        [],
    ),
    "a number that jumps and no blank line": (
        HI + YO[1:].replace("2", "17", 1),
        TWO,
        [],
    ),
    "a number apart, after a cue without one": (
        f"{BOTH.replace(chr(10) + '2', '', 1)}\n3\n\n00:00:05,000 --> 00:00:06,000\nEnd\n",
        [*TWO, ("5", "6", "End")],
        [],
    ),
    "times in the text": (
        HI.replace("Hi", "Hi\n0:00:10 - 0:00:20") + YO,
        [("1", "2", "Hi/0:00:10 - 0:00:20"), TWO[1]],
        [],
    ),
    "a number as text and no numbers": (
        "00:00:01,000 --> 00:00:02,000\n1984\n\n00:00:03,000 --> 00:00:04,000\nYo",
        [("1", "2", "1984"), TWO[1]],
        [],
    ),
    "a number as the last text": (f"{HI}{YO.replace('Yo', '7')}", [*ONE, ("3", "4", "7")], []),
    "a joiner that we wrote": (
        HI.replace("Hi", "<\u2060i>{\u2060\\b}--\u2060>"),
        [("1", "2", "<i>{\\b}-->")],
        [],
    ),
    "escape codes": (HI.replace("Hi", "\x1b[1mHi"), [("1", "2", "[1mHi")], [(3, "characters")]),
    # WebVTT.
    "WebVTT": (
        "WEBVTT - a film\nLanguage: en\n\nSTYLE\n::cue {}\n\nNOTE\nWho --> what\n\n"
        "intro\n00:01.000 --> 00:02.000\nHi\n\nNOTE x\n\n00:03.000 --> 00:04.000\nYo\n\nNOTE end",
        TWO,
        [],
    ),
    "WebVTT with settings and tags": (
        "WEBVTT\n\n00:01.000 --> 00:02.000 align:start position:10%\n"
        "<v Ann>R&amp;D <c.red>&lt;b&gt;</c><00:01.500>\n",
        [("1", "2", "R&D <b>")],
        [(3, "position"), (4, "markup")],
    ),
    "WebVTT without a blank line": (
        "WEBVTT\n00:01.000 --> 00:02.000\nHi\n00:03.000 --> 00:04.000\nYo",
        TWO,
        [],
    ),
    "WebVTT with a stray block": (
        "WEBVTT\n\n00:01.000 --> 00:02.000\nHi\n\nnobody's\n\n00:03.000 --> 00:04.000\nYo",
        TWO,
        [(6, "ignored")],
    ),
    "WebVTT with damaged times": (
        "WEBVTT\n\n00:01.000 --> 00:02.000\nHi\n\nid\n00:0x.000 --> 00:09.000\nLost\n\n"
        "00:03.000 --> 00:04.000\nYo",
        TWO,
        [(6, "lost")],
    ),
    "WebVTT with a cue of no text before a note": (
        "WEBVTT\n\n00:01.000 --> 00:02.000\n\nNOTE\nlater\n\n00:03.000 --> 00:04.000\nYo",
        [("1", "2", ""), TWO[1]],
        [(3, "empty")],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_an_odd_file_is_read_as_a_person_would_read_it(name: str) -> None:
    text, cues, findings = ODD[name]
    found = read(text)
    assert as_read(found) == as_expected(cues)
    assert [(each.line, each.kind) for each in found.findings] == findings
    assert all(each.kind in KINDS and each.understood for each in found.findings)


@pytest.mark.parametrize("name", ODD)
def test_no_letter_goes_missing_in_silence(name: str) -> None:
    text, _, _ = ODD[name]
    found = read(text)
    told = "".join(each.read for each in found.findings)
    kept = "".join(line for each in found.cues for line in each.lines)
    words = {"Hi", "Yo", "there", "Lost", "Me", "How", "zz", "made", "nobody's", "1984", "laughs"}
    for word in words:
        assert word not in text or word in kept + told


def test_both_readings_of_few_decimals_are_told() -> None:
    (first, _) = read("1\n0:00:01,5 --> 0:00:02,50\nHi\n").findings
    assert "500 ms" in first.understood and "5 ms" in first.understood.split(";")[1]


def test_what_was_read_is_told_with_its_line() -> None:
    text, _, _ = ODD["a cue without times"]
    (finding,) = read(text).findings
    assert finding.read == "2 / How are you? / Well?" and finding.line == 5
