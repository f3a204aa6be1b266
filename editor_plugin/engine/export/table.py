"""CSV (.csv) for spreadsheets.

It begins with a byte order mark, without which Excel takes UTF-8 for the system's old encoding;
LibreOffice, Numbers and Google Sheets skip it. Lines end as RFC 4180 asks.
"""

from __future__ import annotations

import csv
import io

from editor_plugin.engine.export.result import ExportFormat, Result
from editor_plugin.engine.export.shown import clock, label, milliseconds, shown_lines

COLUMNS = ("Cue", "Start", "End", "Duration", "In", "Out", "Text")
"""Start and End are clock times, Duration seconds, In and Out timecode (empty for media files)."""

# A cell that starts like this is run as a formula. The full-width forms are taken for the same in
# East Asian versions.
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def to_csv(result: Result) -> str:
    """Return the cues as CSV, byte order mark included."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(COLUMNS)
    for number, cue in enumerate(result.cues, start=1):
        start, end = milliseconds(cue.start), milliseconds(cue.end)
        on_timeline = result.rate is not None
        labels = [label(result, time) if on_timeline else "" for time in (cue.start, cue.end)]
        duration = f"{(end - start) / 1000:.3f}"
        text = _as_text("\n".join(shown_lines(cue)))
        writer.writerow([number, clock(start), clock(end), duration, *labels, text])
    return "\ufeff" + buffer.getvalue()


def _as_text(cell: str) -> str:
    """Put an apostrophe before what a spreadsheet would calculate as a formula, and one more where
    it begins with such apostrophes already, so that different texts stay different."""
    return f"'{cell}" if cell.lstrip("' ").startswith(_FORMULA) else cell


FORMATS = (ExportFormat("csv", ".csv", to_csv, "Table for spreadsheets (CSV)"),)
