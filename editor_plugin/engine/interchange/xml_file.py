"""Safe parsing of XML of any origin: without entities, and with limited depth."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from editor_plugin.engine.interchange.content import content
from editor_plugin.engine.interchange.draft import Unreadable

DEEPEST = 300
"""How many elements may be nested; an export of a real timeline has a few dozen."""


def read_xml(path: Path) -> Element:
    """Return the root element. Raises Unreadable or OSError."""
    builder = TreeBuilder()
    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            raise Unreadable("its elements are nested too deep")
        builder.start(tag, attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag)

    def entity(*_: Any) -> None:
        # The "billion laughs" attack is a few entities that are defined by each other.
        raise Unreadable("it declares entities, which no editor writes")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.EntityDeclHandler = entity
    try:
        # In one piece: of a file in pieces, some versions of expat read a long tag again with each.
        parser.Parse(content(path), True)
    except (expat.ExpatError, LookupError) as error:  # LookupError: an encoding that is none
        raise Unreadable(f"it is damaged, or no XML ({error})") from None
    root = builder.close()
    assert isinstance(root, Element)  # expat refuses a document without one
    return root
