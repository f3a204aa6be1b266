"""Avid's Advanced Authoring Format (.aaf), through OpenTimelineIO's adapter."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

from editor_plugin.engine.interchange.draft import Draft, TimelineFormat, Unreadable
from editor_plugin.engine.interchange.otio_file import draft_of
from editor_plugin.engine.interchange.surroundings import Surroundings

LOG = logging.getLogger(__name__)
_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
"""The first bytes of every structured storage file, which AAF is."""

_CONVERTER = Path(__file__).with_name("aaf_to_otio.py")
_TIMEOUT = 300
"""Seconds; a feature film's AAF takes a few, a damaged one might never end."""


def read_aaf(path: Path, around: Surroundings) -> Draft:
    """Read an .aaf file."""
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise Unreadable("it is no AAF file")
    try:
        converted = subprocess.run(
            [sys.executable, "-I", str(_CONVERTER), str(path.absolute())],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_TIMEOUT,
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
    except subprocess.TimeoutExpired:
        raise Unreadable(f"reading it did not end within {_TIMEOUT} s") from None
    if converted.returncode != 0:
        raise Unreadable(_why(converted.stderr.decode("utf-8", "replace")))
    return draft_of(converted.stdout.decode("utf-8"), around)


def _why(traceback: str) -> str:
    """The reason that a user reads where the converter failed; the file need not be at fault."""
    last = (traceback.strip().splitlines() or ["no error output"])[-1]
    LOG.error("the AAF converter ended:\n%s", traceback)
    kind = last.partition(":")[0].rpartition(".")[2]
    return f"Recue's reader of AAF files failed ({kind}); it may be damaged"


FORMATS = (TimelineFormat(".aaf", read_aaf),)
