"""The user's choices in the script's properties, and the job request made of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from editor_plugin.core.jobs.request import JobOptions, JobRequest, Order, OutputFile
from editor_plugin.core.languages import LEXICONS
from editor_plugin.core.model_catalogue import CATALOGUE
from editor_plugin.core.styles import STYLES


@dataclass(frozen=True)
class Format:
    """A file that can be written: its name for the engine, its suffix, and what a user calls it."""

    name: str
    suffix: str
    label: str


FORMATS = (
    Format("srt", ".srt", "SRT subtitles (.srt)"),
    Format("vtt", ".vtt", "WebVTT subtitles (.vtt)"),
    Format("ass", ".ass", "ASS subtitles (.ass)"),
    Format("ttml", ".ttml", "TTML subtitles (.ttml)"),
    Format("txt", ".txt", "Plain text (.txt)"),
    Format("words", ".words.json", "Every word with its time (.words.json)"),
)
"""Those of the engine's formats that are of use for a recording."""

MODELS = tuple(model.name for model in sorted(CATALOGUE, key=lambda each: each.is_demo))
"""Offered by name; any other name or .nemo file may be typed in."""
STYLE_NAMES = tuple(style.name for style in STYLES)
LANGUAGES = tuple(sorted(LEXICONS))


@dataclass(frozen=True)
class Choices:
    """The properties' values. Empty texts mean the user's settings, the recording's own folder, and
    no text source."""

    automatic: bool = True
    model: str = ""
    style: str = ""
    language: str = ""
    formats: tuple[str, ...] = ("srt",)
    folder: str = ""
    text_source: str = ""
    file: str = ""


DEFAULTS = Choices()


def format_key(name: str) -> str:
    """The property of a format's check box."""
    return f"format_{name}"


def read_choices(text: Callable[[str], str], flag: Callable[[str], bool]) -> Choices:
    """Read the properties by name. Where no format is ticked, there is an SRT all the same."""
    ticked = tuple(each.name for each in FORMATS if flag(format_key(each.name)))
    return Choices(
        automatic=flag("automatic"),
        model=text("model").strip(),
        style=text("style").strip(),
        language=text("language").strip(),
        formats=ticked or DEFAULTS.formats,
        folder=text("folder").strip(),
        # A source's name is what it is, blanks and all.
        text_source=text("text_source"),
        file=text("file"),
    )


def outputs(recording: Path, choices: Choices) -> list[Path]:
    """The files to write, named like the recording, in the order of the formats."""
    folder = Path(choices.folder) if choices.folder else recording.parent
    suffixes = {each.name: each.suffix for each in FORMATS}
    return [folder / (recording.stem + suffixes[name]) for name in choices.formats]


def recording_request(recording: Path, choices: Choices) -> JobRequest:
    """The request that makes a recording's subtitles, as docs/design/engine.md has it."""
    files = tuple(map(OutputFile, choices.formats, outputs(recording, choices)))
    options = JobOptions(choices.model or None, choices.style or None, choices.language or None)
    return JobRequest((Order(recording, files),), options)


def is_done(recording: Path, choices: Choices) -> bool:
    """Whether every file is there already and none is older than the recording."""
    try:
        recorded = recording.stat().st_mtime_ns
        return all(path.stat().st_mtime_ns >= recorded for path in outputs(recording, choices))
    except OSError:
        return False
