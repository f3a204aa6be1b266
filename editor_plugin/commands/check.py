"""`recue check`: check subtitle files against a style guide, and fix what can be fixed.

Exit status: 0 nothing was found, or all of it was fixed; 1 there are findings, about the reading of
the file as well, or a file could not be read; 2 the command was not understood.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
from dataclasses import asdict, dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

from editor_plugin.core.checks import CheckOptions, Finding, check, fix
from editor_plugin.core.cues import Cue
from editor_plugin.core.errors import InputError, SettingsInvalid
from editor_plugin.core.grid import MILLISECONDS
from editor_plugin.core.jobs.status import count
from editor_plugin.core.reports import report_json, report_lines
from editor_plugin.core.styles import PLAIN, Style
from editor_plugin.core.timebase import exact_rate
from editor_plugin.engine import paths
from editor_plugin.engine.engine import visit
from editor_plugin.engine.export import WRITERS, Result
from editor_plugin.engine.export.files import put, refuse_inputs, refuse_target
from editor_plugin.engine.media.ffmpeg_process import ProgressControl
from editor_plugin.engine.media.probe import inspect
from editor_plugin.engine.media.shot_changes import find_shot_changes
from editor_plugin.engine.reading import READ_FORMATS, Read, read_subtitles
from editor_plugin.engine.subtitles.style_files import find_style

RATES = [Fraction(rate) for rate in (24, 25, 30, 48, 50, 60, 100, 120)]
RATES += [rate * Fraction(1000, 1001) for rate in RATES if rate % 24 == 0 or rate % 30 == 0]
"""Rates that a video is taken to have all along; with any other its rate may vary."""


def add_check(command: argparse.ArgumentParser) -> None:
    """Add the options of `recue check`."""
    command.set_defaults(run=lambda options: _check(command, options))
    add = command.add_argument
    add("files", nargs="+", type=Path, metavar="FILE", help="subtitles: SRT, WebVTT, ASS, TTML")
    add("--style", default=PLAIN.name, help="name, or your own .toml file (default: %(default)s)")
    add("--rate", help="frames per second, such as 23.976 (default: the video's, or milliseconds)")
    add("--video", type=Path, metavar="FILE", help="look for shot changes in this video")
    add("--language", help="code such as en or de; helps to break lines")
    add("--encoding", help="of a file that is not in UTF-8, such as cp1252")
    add("--json", action="store_true", help="print the report as JSON")
    add("--fix", action="store_true", help="fix times and line breaks; text is never changed")
    add("-o", "--output", type=Path, help="where --fix writes: a file, or a folder for many")


@dataclass(frozen=True)
class _Guide:
    """What files are checked against."""

    style: Style
    rate: Fraction
    shot_changes: tuple[Fraction, ...]
    wishes: CheckOptions


@dataclass(frozen=True)
class _Checked:
    """A file's report; `cues` are the fixed ones with --fix."""

    path: Path
    read: Read
    cues: tuple[Cue, ...]
    findings: tuple[Finding, ...]

    @property
    def is_good(self) -> bool:
        """Whether nothing is left to find."""
        return not self.read.findings and all(each.fixed for each in self.findings)


def _check(command: argparse.ArgumentParser, options: argparse.Namespace) -> int:
    if options.fix != (options.output is not None):
        command.error("--fix and -o belong together: -o says where the fixed subtitles go")
    targets = _targets(options)
    guide = _guide(options)
    reports: list[dict[str, Any]] = []
    good = True
    for path in options.files:
        try:
            checked = _checked(path, guide, options)
            written = _written_format(checked, targets[path]) if path in targets else None
        except (InputError, SettingsInvalid) as error:  # the other files can still be checked
            good = False
            reports.append({"file": str(path), "error": error.to_wire()})
            if not options.json:
                print(error, file=sys.stderr)
            continue
        good = good and checked.is_good
        reports.append(_as_json(checked, targets.get(path)))
        if not options.json:
            print("\n".join(_as_text(checked, guide, len(options.files) > 1)))
        if written is not None:
            _write(checked, targets[path], written, guide)
    if options.json:
        head = {"style": guide.style.name, "rate": _rate_written(guide.rate)}
        print(json.dumps({**head, "files": reports}, ensure_ascii=False, indent=2))
    return 0 if good else 1


def _guide(options: argparse.Namespace) -> _Guide:
    style = find_style(options.style)
    rate = exact_rate(options.rate) if options.rate else None
    shot_changes: tuple[Fraction, ...] = ()
    if options.video is not None:
        picture = inspect(options.video).picture
        if rate is None and picture is not None and picture.rate in RATES:
            rate = picture.rate
        # With an event to look at, ffmpeg is waited for in small steps, and Ctrl-C is heard.
        shot_changes = find_shot_changes(options.video, ProgressControl(cancel=threading.Event()))
    wishes = CheckOptions(language=options.language)
    return _Guide(style, rate or MILLISECONDS, shot_changes, wishes)


def _checked(path: Path, guide: _Guide, options: argparse.Namespace) -> _Checked:
    read = read_subtitles(path, options.encoding)
    if options.fix:
        cues, findings = fix(read.cues, guide.style, guide.rate, guide.shot_changes, guide.wishes)
    else:
        cues = read.cues
        findings = check(cues, guide.style, guide.rate, guide.shot_changes, guide.wishes)
    return _Checked(path, read, cues, findings)


def _targets(options: argparse.Namespace) -> dict[Path, Path]:
    """Where the fixed version of each file goes; refuses what cannot be before any work."""
    out: Path | None = options.output
    if out is None:
        return {}
    many = len(options.files) > 1 or out.is_dir()
    targets = {path: out / path.name if many else out for path in options.files}
    if len(set(targets.values())) < len(targets):
        raise SettingsInvalid("-o", str(out), "files of different names, or separate runs")
    for target in targets.values():
        refuse_inputs(target, [*options.files, *([options.video] if options.video else [])])
        refuse_target(target)
    return targets


def _written_format(checked: _Checked, target: Path) -> str:
    """The format of the target's suffix, else the one that was read. Raises SettingsInvalid where
    Recue reads that one and does not write it."""
    fixable = [name for name in WRITERS if name in READ_FORMATS]
    named = target.suffix.lower().lstrip(".")
    name = named if named in fixable else checked.read.format
    if name not in WRITERS:
        raise SettingsInvalid("-o", str(target), f"a name that ends in .{', .'.join(fixable)}")
    return name


def _write(checked: _Checked, target: Path, name: str, guide: _Guide) -> None:
    rate = None if guide.rate == MILLISECONDS else guide.rate
    style, language = guide.style, guide.wishes.language
    result = Result(target.stem, rate, checked.cues, (), language=language, joiner=style.joiner)
    with visit(paths.data_folder()) as store:
        kept = put(target, WRITERS[name].write(result), store)
    if kept is not None:
        text = f"“{target.name}” had been edited; that version is now “{kept.name}”."
        print(text, file=sys.stderr)


def _as_text(checked: _Checked, guide: _Guide, named: bool) -> list[str]:
    grid = "milliseconds" if guide.rate == MILLISECONDS else f"{_rate_written(guide.rate)} fps"
    facts = [count(len(checked.read.cues), "cue"), guide.style.name, grid]
    if guide.shot_changes:
        facts.append(count(len(guide.shot_changes), "shot change"))
    lines = [f"{checked.path}: {', '.join(facts)}"]
    for each in checked.read.findings:
        where = "The file" if each.line is None else f"Line {each.line}"
        lines.append(f"{where}: {each.understood}.")
    lines += report_lines(checked.findings)
    return [*lines, ""] if named else lines


def _as_json(checked: _Checked, target: Path | None) -> dict[str, Any]:
    return {
        "file": str(checked.path),
        "format": checked.read.format,
        "encoding": checked.read.encoding,
        "cues": len(checked.read.cues),
        "reading": [asdict(each) for each in checked.read.findings],
        "findings": report_json(checked.findings),
        "output": None if target is None else str(target),
    }


def _rate_written(rate: Fraction) -> str | None:
    """Frames per second as editors write them; None on the grid of milliseconds."""
    if rate == MILLISECONDS:
        return None
    return f"{float(rate):.3f}".rstrip("0").rstrip(".")
