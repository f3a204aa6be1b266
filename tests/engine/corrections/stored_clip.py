"""A store, and files that were made of what was heard, to correct by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction as F
from pathlib import Path

from editor_plugin.core.cues import Cue
from editor_plugin.core.projection import ProjectedWord, project
from editor_plugin.core.styles import PLAIN
from editor_plugin.core.timeline import Clip, Media, Span, Timeline, Track
from editor_plugin.core.transcript import Word
from editor_plugin.engine.corrections import Sources, corrected, made_of
from editor_plugin.engine.export import WRITERS, Result
from editor_plugin.engine.store import Database
from editor_plugin.engine.store.outputs import note_provenance, note_written
from editor_plugin.engine.subtitles.building import SubtitleOptions, subtitled
from tests.core.words import spoken

CLIP = Media("/media/clip.mov")
SAID = "Zoey went to the harbour and um saw a ship. It was old."


def heard(text: str = SAID) -> list[Word]:
    """What was recognised in the clip: two words a second."""
    return spoken(text, pace=F(1, 2))


class StoredClip:
    """One media file in a store; runs make subtitles of it, as a person would see them."""

    def __init__(self, database: Database, media: Media = CLIP, digest: str = "2:abc") -> None:
        self.database = database
        self.media = media
        with database.write() as db:
            values = (digest, 1, Path(media.path).name)
            row = db.execute("INSERT INTO media (digest, changed, name) VALUES (?, ?, ?)", values)
            self.ids: Mapping[Media, int] = {media: int(row.lastrowid or 0)}

    def words(self, said: Sequence[Word], project: str = "") -> tuple[tuple[Word, ...], list[str]]:
        """The words of a run, and what is told about corrections."""
        words, sentences = corrected(self.database, Sources({self.media: said}, self.ids), project)
        return words[self.media], list(sentences)

    def text(self, said: Sequence[Word] | None = None, project: str = "") -> str:
        """The words of a run as text."""
        words, _ = self.words(heard() if said is None else said, project)
        return " ".join(word.text for word in words)

    def run(self, said: Sequence[Word] | None = None, line: Timeline | None = None) -> Result:
        """The subtitles of a run, of the clip alone or of a timeline."""
        words, _ = self.words(heard() if said is None else said)
        if line is None:
            placed = tuple(ProjectedWord(word, word, self.media, 0, 0) for word in words)
        else:
            placed = project({self.media: words}, line)
        result = Result("clip", None if line is None else line.rate, (), placed)
        return subtitled(result, SubtitleOptions(replace(PLAIN, max_chars=24), "en"))

    def write(self, path: Path, result: Result, kind: str = "srt") -> str:
        """Write subtitles as a run does, and keep what they were made of."""
        text = WRITERS[kind].write(result)
        path.write_text(text, encoding="utf-8")
        note_written(self.database, path, "0")
        note_provenance(self.database, path, made_of(result, self.ids))
        return text


def twice(rate: F = F(25)) -> Timeline:
    """The clip's first two seconds, something of its end, and its first two seconds again."""
    spans = [(0, 2, 0), (2, 4, 4), (10, 12, 0)]
    clips = tuple(Clip("c", Span(F(a), F(b)), F(at), media=CLIP) for a, b, at in spans)
    return Timeline("cut", rate, (Track("A1", 1, clips),))


def edited(result: Result, *changes: tuple[str, str]) -> tuple[Cue, ...]:
    """The cues of a result with some texts replaced."""
    cues = []
    for cue in result.cues:
        text = cue.text
        for before, after in changes:
            text = text.replace(before, after)
        if text.strip():
            cues.append(Cue(cue.start, cue.end, tuple(text.split("\n"))))
    return tuple(cues)
