"""The functions of the menu entries, each from the snapshot to the report."""

from __future__ import annotations

from pathlib import Path

from editor_plugin.core.checks import check
from editor_plugin.core.jobs.status import count
from editor_plugin.core.reports import report_lines
from editor_plugin.core.styles import PLAIN, STYLES
from editor_plugin.hosts.folders import own_folders, this_machine
from editor_plugin.hosts.resolve import api
from editor_plugin.hosts.resolve.menu import dialogs
from editor_plugin.hosts.resolve.menu.generation import Run, TimelinePart, make
from editor_plugin.hosts.resolve.placing import edits
from editor_plugin.hosts.resolve.placing.read_back import cues_on, read_back
from editor_plugin.hosts.resolve.reading.clock import clock_of
from editor_plugin.hosts.resolve.reading.snapshot import marked, selected, snapshot
from editor_plugin.hosts.resolve.state import journal, preferences
from editor_plugin.hosts.srt import srt_text

MOST_SENTENCES = 40
"""More than that nobody reads in a report."""


def generate(run: Run) -> None:
    """Subtitles for the whole timeline, or for several timelines."""
    make(run, TimelinePart())


def refresh(run: Run) -> None:
    """Subtitles for the whole timeline as it is now, with the choices that were made last, in
    stead of those that Recue placed; what was changed in those by hand is kept as corrections."""
    make(run, TimelinePart(), asks=False)


def transcribe_in_out(run: Run) -> None:
    """Subtitles from the in point to the out point; the others of ours stay."""
    if not run.session.edition.marks:
        first = "This version of Resolve does not report the in and out point."
        more = "Generate subtitles for the whole timeline; nothing is recognised twice."
        run.ui.report("Recue", [first, more])
        return
    span = marked(run.session, clock_of(run.session))
    if span is None:
        run.ui.report("Recue", ["No in and out point is set.", "Set them, and start this again."])
        return
    make(run, TimelinePart(span))


def transcribe_selected(run: Run) -> None:
    """Subtitles for the selected clips, before 21.0.4 for those under the playhead."""
    items = selected(run.session)
    if not items:
        hint = "Select clips on the timeline, and start this again."
        run.ui.report("Recue", ["No clip is selected.", hint])
        return
    make(run, TimelinePart(items=items))


def export_srt(run: Run) -> None:
    """The subtitles of our track as an SRT file in the user's Documents."""
    session = run.session
    record = journal.recall(session)
    if record is None:
        first = "There are no subtitles of Recue’s on this timeline yet."
        run.ui.report("Recue", [first, "Generate some first."])
        return
    now = read_back(session, clock_of(session))
    cues = record.cues if now is None else edits.with_lines(record, now, clock_of(session))
    name = api.text(api.call(session.timeline(), "GetName"))
    path = _unused(Path.home(), name)
    path.write_bytes(srt_text(cues).encode("utf-8"))
    sentences = [f"{count(len(cues), 'subtitle')} written to “{path}”."]
    if now is None:
        sentences.append(
            "Edits by hand are not in it, as this version of Resolve does not report them."
        )
    run.ui.report("Recue", sentences)


def check_subtitles(run: Run) -> None:
    """Check our subtitles against the style, or else those of the first subtitle track."""
    session, clock = run.session, clock_of(run.session)
    record = journal.recall(session)
    now = read_back(session, clock)
    if record is not None:
        cues = record.cues if now is None else edits.with_lines(record, now, clock)
    else:
        cues = cues_on(session, clock, 1) if session.tracks("subtitle") else ()
    chosen = preferences.load().style
    style = next((each for each in STYLES if each.name == chosen), PLAIN)
    found = check(cues, style, clock.rate, snapshot(session).shot_changes)
    lines = report_lines(found)[-MOST_SENTENCES:]
    run.ui.report(f"Recue: {count(len(cues), 'subtitle')}, style {style.name}", lines)


def settings_and_doctor(run: Run) -> None:
    """The choices that every run starts from, and the doctor’s report."""
    if not dialogs.ask_settings(run.ui, own_folders(this_machine())):
        return
    run.ui.report("Recue", [run.session.edition.shown, *dialogs.doctor(run.session.sleep)])


def _unused(home: Path, name: str) -> Path:
    """A file in Documents, or at home, that is not there yet."""
    folder = next((each for each in (home / "Documents", home) if each.is_dir()), home)
    plain = "".join(each if each.isalnum() or each in " -_." else "-" for each in name) or "Recue"
    paths = (folder / f"{plain}{number}.srt" for number in ("", *(f" {n}" for n in range(2, 9999))))
    return next(path for path in paths if not path.exists())
