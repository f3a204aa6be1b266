"""The text about the jobs in the script's properties and in the text source."""

from __future__ import annotations

from collections.abc import Sequence

from editor_plugin.core.errors import RecueError, Surface
from editor_plugin.core.jobs.status import CANCELLED, DONE, JobStatus, count, progress_text
from editor_plugin.hosts.obs.jobs import RecordingJob

NOTHING = "Nothing is being transcribed."


def status_texts(
    jobs: Sequence[RecordingJob], trouble: RecueError | None, waits: bool = False
) -> list[str]:
    """A sentence for each job, the newest last, and why nothing goes on where that is so. `waits`
    says whether something else waits for the engine, too."""
    sentences = [status_text(each) for each in jobs]
    if trouble is not None and (waits or any(not each.has_ended for each in jobs)):
        sentences.append(trouble.sentence(Surface.EDITOR))
    return sentences


def status_text(job: RecordingJob) -> str:
    """How far a recording is."""
    name, status = job.recording.name, job.status
    if job.error is not None:
        return f"“{name}”: {job.error.sentence(Surface.EDITOR)}"
    if status is not None and status.state == DONE:
        return _done(name, status)
    if job.has_ended or (status is not None and status.state == CANCELLED):
        return f"“{name}”: stopped. What was recognised is kept for the next time."
    if status is None:
        waits = "is handed over" if job.job is None else "waits for its turn"
        return f"“{name}” {waits}."
    return f"“{name}”: {progress_text(status)}."


def _done(name: str, status: JobStatus) -> str:
    found = status.inputs[0]
    made = "subtitles" if found.cues is None else count(found.cues, "subtitle")
    return " ".join([f"“{name}”: {made} in {_joined(found.outputs)}.", *found.notes])


def _joined(paths: Sequence[str]) -> str:
    # The folder is said once: of all that the user may wonder about it is the last.
    names = [path.replace("\\", "/").rpartition("/")[2] for path in paths]
    return ", ".join(f"“{name}”" for name in names) or "the chosen files"
