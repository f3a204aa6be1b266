"""What a run is asked to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from editor_plugin.core.styles import PLAIN, Style
from editor_plugin.core.timeline import Timeline
from editor_plugin.engine.jobs.inputs import InputOptions
from editor_plugin.engine.recognition.types import ModelChoice


@dataclass(frozen=True)
class Order:
    """One input and the files to be written from it, as (format, path).

    With `timeline`, an editor's snapshot, there is no file: `input` is then its name.
    """

    input: Path
    outputs: tuple[tuple[str, Path], ...]
    choice: InputOptions = field(default_factory=InputOptions)
    timeline: Timeline | None = None


@dataclass(frozen=True)
class RunSettings:
    """What a run is done with. `window_seconds` is the longest window given to the model.

    With `find_cuts`, the picture cuts of a plain video file are looked for: all of its picture has
    to be decoded. A timeline brings its own. `project` names the glossary, besides that of all.
    """

    model: ModelChoice
    window_seconds: int = 30
    style: Style = PLAIN
    find_cuts: bool = False
    project: str = ""
