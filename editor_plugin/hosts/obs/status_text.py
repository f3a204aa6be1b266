"""The texts about jobs that the script's properties, the text source and the log show."""

from __future__ import annotations

from collections.abc import Sequence

from editor_plugin.core.errors import RecueError, Surface
from editor_plugin.core.jobs.status import CANCELLED, DONE, JobStatus, count, progress_text
from editor_plugin.core.printable import printable
from editor_plugin.hosts.obs.jobs import RecordingJob

NOTHING = "Nothing is being transcribed."


def status_texts(
    jobs: Sequence[RecordingJob], trouble: RecueError | None, waits: bool = False
) -> list[str]:
    """A sentence for each job, the newest last, and `trouble` if a job or something else waits."""
    sentences = [status_text(each) for each in jobs]
    if trouble is not None and (waits or any(not each.has_ended for each in jobs)):
        sentences.append(trouble.sentence(Surface.EDITOR))
    return sentences


def status_text(job: RecordingJob) -> str:
    """A sentence about one recording's job."""
    return printable(_status_text(job))


def _status_text(job: RecordingJob) -> str:
    name, status = job.recording.name, job.client.status
    if job.error is not None:
        return f"“{name}”: {job.error.sentence(Surface.EDITOR)}"
    if status is not None and status.state == DONE:
        return _done(name, status)
    if job.has_ended or (status is not None and status.state == CANCELLED):
        return f"“{name}”: stopped. What was recognised so far is kept."
    if status is None:
        waits = "is being handed to the engine" if job.client.job is None else "is queued"
        return f"“{name}” {waits}."
    return f"“{name}”: {progress_text(status)}."


def _done(name: str, status: JobStatus) -> str:
    found = status.inputs[0]
    made = "subtitles" if found.cues is None else count(found.cues, "subtitle")
    return " ".join([f"“{name}”: {made} in {_joined(found.outputs)}.", *found.notes])


def _joined(paths: Sequence[str]) -> str:
    # Without the folder, which the user knows.
    names = [path.replace("\\", "/").rpartition("/")[2] for path in paths]
    return ", ".join(f"“{name}”" for name in names) or "the chosen files"
