"""Building the subtitles of a run from words and corrections, and writing its files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from editor_plugin.core.checks import LOW_CONFIDENCE
from editor_plugin.core.cues import Cue
from editor_plugin.core.errors import RecueError
from editor_plugin.core.jobs.request import Order
from editor_plugin.core.jobs.result import DoubtfulWord, JobResult
from editor_plugin.core.jobs.status import count
from editor_plugin.core.timeline import Media
from editor_plugin.engine.corrections import EditedFile, Sources, correct_file, corrected, made_of
from editor_plugin.engine.export import WRITERS, Result
from editor_plugin.engine.export.files import content_digest, put
from editor_plugin.engine.jobs.audio_chunks import Gathered
from editor_plugin.engine.jobs.inputs import words_of
from editor_plugin.engine.plain_files import refuse_special
from editor_plugin.engine.reading import READ_FORMATS
from editor_plugin.engine.store import Store
from editor_plugin.engine.store.outputs import last_written, note_provenance
from editor_plugin.engine.subtitles.building import SubtitleOptions, subtitled


@dataclass(frozen=True)
class FinishedInput:
    """The subtitles of an input, the rows of its media, and notes for the user."""

    result: Result
    media: Mapping[Media, int]
    notes: tuple[str, ...] = ()
    _texts: dict[str, str] = field(default_factory=dict, repr=False, compare=False)

    @cached_property
    def made(self) -> bytes:
        """The provenance of the subtitles."""
        return made_of(self.result, self.media)

    def text(self, name: str) -> str:
        """The subtitles in the format `name`, made once."""
        if name not in self._texts:
            self._texts[name] = WRITERS[name].write(self.result)
        return self._texts[name]

    def job_result(self, findings: tuple[str, ...] = ()) -> JobResult:
        """The subtitles in the form for editors."""
        result = self.result
        return JobResult(
            result.name,
            result.rate,
            result.cues,
            tuple(map(_least_confidence, result.cues)),
            self.text("srt"),
            findings,
            tuple(
                DoubtfulWord(each.word.start, each.word.text, each.word.confidence)
                for each in result.words
                if each.word.confidence is not None and each.word.confidence < LOW_CONFIDENCE
            ),
        )


def build(
    gathered: Gathered, store: Store, options: SubtitleOptions, glossary: str = ""
) -> FinishedInput:
    """Build the subtitles of a project from the words, terms and corrections in the store."""
    project = gathered.project
    recognised = {source.media: store.words(source.recognition) for source in gathered.sources}
    rows = {source.media: source.known.media for source in gathered.sources}
    sources = Sources(recognised, rows, project.needed)
    words, notes = corrected(store.database, sources, glossary)
    timeline = project.timeline
    result = Result(
        project.path.stem,
        project.rate,
        (),
        words_of(project, words),
        0 if timeline is None else timeline.start_frame,
        timeline is not None and timeline.drop_frame,
    )
    finished = subtitled(result, replace(options, shot_changes=gathered.shot_changes))
    return FinishedInput(finished, rows, notes)


def taken_over(order: Order, store: Store) -> Iterator[str]:
    """Keep the corrections in edited subtitle files that are about to be overwritten; yield notes
    on them."""
    for output in order.outputs:
        if output.format in READ_FORMATS and _is_edited(output.path, store):
            try:
                report = correct_file(store.database, EditedFile(output.path))
            except RecueError:
                continue  # not an edit of our file: it is set aside as it is
            if report.changes:
                many = count(len(report.changes), "correction")
                yield f"{many} in “{output.path.name}” will be kept from now on."
            yield from report.sentences


def put_all(order: Order, built: FinishedInput, store: Store) -> Iterator[str]:
    """Write the files of an order; yield notes on edited files that were set aside."""
    for output in order.outputs:
        kept = put(output.path, built.text(output.format), store)
        if kept is not None:
            yield f"“{output.path.name}” had been changed; that version is now “{kept.name}”."


def note_made(order: Order, built: FinishedInput, store: Store) -> None:
    """Store that the media were used, and the provenance of the files, for corrections. It takes a
    sixth of the time of a re-cut, so it is done after the files are reported; after a crash in
    between, the next run does it."""
    store.note_used(built.media.values())
    for output in order.outputs:
        if output.format in READ_FORMATS:
            note_provenance(store.database, output.path, built.made)


def _least_confidence(cue: Cue) -> float | None:
    return min((w.confidence for w in cue.words if w.confidence is not None), default=None)


def _is_edited(target: Path, store: Store) -> bool:
    try:
        refuse_special(target)
        found = content_digest(target)
    except OSError:
        return False
    return last_written(store.database, target) not in (None, found)
