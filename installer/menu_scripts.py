"""Makes the scripts for an editor's script folder from the files of its folder in `scripts`.

An editor that makes a menu entry of each file, as Resolve does, would need the same script under as
many names. Such a folder has one script, `template.py`, and `entries.json`, which names the folder
that the scripts come to lie in and, for each name in the menu, what is filled into the template.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

TEMPLATE, ENTRIES = "template.py", "entries.json"
ABOUT, ENTRY = b"@RECUE_ABOUT@", b"@RECUE_ENTRY@"
"""Stand in the template for the first line of its docstring, and for what the script calls."""


def menu_scripts(source: Path) -> Iterator[tuple[Path, bytes]]:
    """Each script of an editor with its place below the editor's script folder."""
    has_entries = (source / ENTRIES).is_file()
    if has_entries:
        yield from _from_template(source)
    sources = (source / TEMPLATE, source / ENTRIES) if has_entries else ()
    for path in sorted(source.rglob("*")):
        is_ours = path.name[0] != "." and "__pycache__" not in path.parts
        if path.is_file() and is_ours and path not in sources:
            yield path.relative_to(source), path.read_bytes()


def _from_template(source: Path) -> Iterator[tuple[Path, bytes]]:
    menu = json.loads((source / ENTRIES).read_text(encoding="utf-8"))
    template = (source / TEMPLATE).read_bytes()
    for name, filled in menu["entries"].items():
        content = template.replace(ABOUT, filled["about"].encode("ascii"))
        yield Path(menu["folder"], name + ".py"), content.replace(ENTRY, filled["entry"].encode())
