"""Avid's Advanced Authoring Format (.aaf), through OpenTimelineIO's adapter."""

from __future__ import annotations

import contextlib
import io
import warnings
from pathlib import Path

import opentimelineio as otio

from editor_plugin.core.errors import TimelineUnreadable
from editor_plugin.engine.interchange.draft import Draft
from editor_plugin.engine.interchange.otio_file import timeline_in
from editor_plugin.engine.interchange.otio_mapping import to_draft
from editor_plugin.engine.interchange.surroundings import Surroundings

_MAGIC = bytes.fromhex("d0cf11e0a1b11ae1")
"""What every structured storage file, which AAF is, begins with."""


def read_aaf(path: Path, around: Surroundings) -> Draft:
    """Read an .aaf file."""
    with path.open("rb") as file:
        if file.read(len(_MAGIC)) != _MAGIC:
            raise TimelineUnreadable(str(path), "it is no AAF file")
    # The adapter prints and warns about what it does not know; none of it is for the user.
    with contextlib.redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        timeline = timeline_in(otio.adapters.read_from_file(str(path), "AAF"))
    if timeline is None:
        raise TimelineUnreadable(str(path), "there is no sequence in it")
    return to_draft(timeline, around.rate)
