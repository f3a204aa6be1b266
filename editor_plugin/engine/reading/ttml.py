"""Reading TTML (IMSC, EBU-TT-D, DFXP) with ttconv, which resolves its times and regions.

Each paragraph is a cue; ttconv's warnings become findings.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from xml.etree import ElementTree

from ttconv.imsc import reader as imsc
from ttconv.model import Br, ContentElement, P, Text, WhiteSpaceHandling

from editor_plugin.core.cues import Cue
from editor_plugin.engine.export.shown import shown
from editor_plugin.engine.reading.markup import has_unseen
from editor_plugin.engine.reading.read import ReadingNote, ReadingState, SubtitleFormat, finding

_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?\sencoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
"""To be matched at the beginning alone: searched for, it takes quadratic time."""

FAR = Fraction(10**8)
"""Seconds; means that there is no end."""

_NAMESPACE = "http://www.w3.org/ns/ttml"
_OLD = re.compile(r"http://www\.w3\.org/2006/(?:04|10)/ttaf1")
_SPACE = re.compile(r"[ \t\r\n]+")


class TtmlUnreadable(Exception):
    """The document is no readable TTML; the message is the reason."""


@dataclass
class _Document(ReadingState):
    paragraphs: int = 0


def declared_encoding(data: bytes) -> str | None:
    """Return the encoding that an XML file names in its first line."""
    match = _DECLARED.match(data.lstrip()[:400])
    return match[1].decode("ascii") if match else None


def read_ttml(text: str) -> tuple[list[Cue], list[ReadingNote]]:
    """Read the document; cues in its order. Raises TtmlUnreadable."""
    if "<!ENTITY" in text:  # a few lines of them can expand to any amount of memory
        raise TtmlUnreadable("it defines entities, which subtitles do not need")
    found = _Document()
    try:
        declaration = _DECLARATION.match(text)
        document_text = text[declaration.end() :] if declaration else text
        root = ElementTree.fromstring(_OLD.sub(_NAMESPACE, document_text))
        _bound(root)
        with _heard(found.findings):
            document = imsc.to_model(ElementTree.ElementTree(root))
        if document is None:
            raise TtmlUnreadable("its outermost element is no TTML")
        if document.get_body() is not None:
            _collect(found, document.get_body(), Fraction(0), FAR)
    except ElementTree.ParseError as error:
        raise TtmlUnreadable(f"it is no well-formed XML ({error})") from None
    except RecursionError:
        raise TtmlUnreadable("its elements are nested too deeply") from None
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError) as error:
        raise TtmlUnreadable(f"its structure is not understood ({error})") from None
    written = sum(_local(each) == "p" for each in root.iter())
    if found.paragraphs < written:
        missing = f"{written - found.paragraphs} of {written} paragraphs could not be read"
        found.note(None, "lost", "<p>", f"{missing}: these cues are missing")
    return found.cues, found.findings


def _bound(root: ElementTree.Element) -> None:
    """Add an end to elements with a begin alone: ttconv 1.2.3 computes it from the children without
    adding the begin, and drops everything after it."""
    for element in root.iter():
        timed = "begin" in element.attrib and not {"end", "dur"} & element.attrib.keys()
        if timed and _local(element) in ("body", "div", "p"):
            element.set("end", f"{FAR}s")


def _collect(found: _Document, element: ContentElement, offset: Fraction, limit: Fraction) -> None:
    """Collect the paragraphs. Times are relative to the parent's start, and end with it."""
    start = offset + (element.get_begin() or 0)
    end = element.get_end()
    until = limit if end is None else min(limit, offset + end)
    if isinstance(element, P):
        _paragraph(found, element, start, until)
    else:
        for child in element:
            _collect(found, child, start, until)


def _paragraph(found: _Document, paragraph: P, start: Fraction, until: Fraction) -> None:
    found.paragraphs += 1
    if paragraph.get_begin() is None or until >= FAR:
        start, until = _of_spans(paragraph, start, until)
    text = "".join(_texts(paragraph))
    lines = tuple(seen for line in text.split("\n") if (seen := shown(line)).strip())
    read = " / ".join(lines)
    if until >= FAR:
        return found.note(None, "lost", read, "it has no end: this cue is missing")
    if any(has_unseen(line) for line in text.split("\n")):
        found.note(None, "characters", repr(text), "what cannot be shown was left out")
    if not lines:
        found.note(None, "empty", "<p>", "a cue without text")
    if until <= start:
        found.note(None, "length", read, "the cue ends before it starts")
    found.cues.append(Cue(start, until, lines))
    return None


def _of_spans(paragraph: P, start: Fraction, until: Fraction) -> tuple[Fraction, Fraction]:
    """The times of a paragraph whose spans have them: from the first to the last."""
    spans = [each for each in paragraph if each.get_begin() is not None]
    ends = [each.get_end() for each in spans if each.get_end() is not None]
    if not ends:
        return start, until
    first = min(each.get_begin() for each in spans)
    return start + first, min(start + max(ends), until)


def _texts(paragraph: P) -> Iterator[str]:
    keeps_space = paragraph.get_space() is WhiteSpaceHandling.PRESERVE
    for child in paragraph.dfs_iterator():
        if isinstance(child, Br):
            yield "\n"
        elif isinstance(child, Text):
            yield child.get_text() if keeps_space else _SPACE.sub(" ", child.get_text())


@contextmanager
def _heard(findings: list[ReadingNote]) -> Iterator[None]:
    """Turn what ttconv logs into findings."""

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            findings.append(finding(None, "ignored", record.name, record.getMessage()))

    listener = Listener(logging.WARNING)
    logger = logging.getLogger("ttconv")
    propagate, logger.propagate = logger.propagate, False
    logger.addHandler(listener)
    try:
        yield
    finally:
        logger.removeHandler(listener)
        logger.propagate = propagate


def _local(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _matches(text: str) -> bool:
    return re.match(r"\s*<(\?xml|([\w.-]+:)?tt[\s>/])", text) is not None


FORMATS = (SubtitleFormat("ttml", _matches, read_ttml),)
