"""The dialogs in Resolve: choices before a run, the settings, and the diagnostics."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from editor_plugin.core.errors import EnvironmentBroken, Surface
from editor_plugin.core.languages import LEXICONS
from editor_plugin.core.styles import STYLES
from editor_plugin.core.timeline import Timeline
from editor_plugin.hosts.folders import OwnFolders
from editor_plugin.hosts.interpreter import DoctorProcess
from editor_plugin.hosts.resolve.reading.timelines import TimelineChoice
from editor_plugin.hosts.resolve.state import preferences
from editor_plugin.hosts.resolve.state.preferences import Preferences
from editor_plugin.hosts.resolve.user_interface import Question, UserInterface

AS_SET = "as in the settings"
DOCTOR_SECONDS, LOOK_SECONDS = 120.0, 0.2


@dataclass(frozen=True)
class RunChoices:
    """The choices for one run: the preferences, the index of the one audio track to transcribe
    (None: all), and the ids of the timelines."""

    preferences: Preferences
    track: int | None
    timelines: tuple[str, ...]

    def heard(self, timeline: Timeline) -> Timeline:
        """A timeline with all tracks muted but the chosen one."""
        if self.track is None:
            return timeline
        tracks = tuple(
            replace(track, muted=track.muted or track.index != self.track)
            for track in timeline.tracks
        )
        return replace(timeline, tracks=tracks)


def choose(
    ui: UserInterface, timeline: Timeline, folders: OwnFolders, offers: Sequence[TimelineChoice]
) -> RunChoices | None:
    """Ask for timelines (where more than one set is on offer), track, language, model and style,
    and remember the answers. None where the user cancels."""
    now = preferences.load()
    heard = [track for track in timeline.tracks if not track.muted and track.clips]
    tracks = ["all that are not muted", *(f"{track.index}: {track.name}" for track in heard)]
    chosen = next((at for at, each in enumerate(offers) if each.first), 0)
    which = Question("Timelines", "Timelines", tuple(each.text for each in offers), chosen)
    own = [*([which] if len(offers) > 1 else []), Question("Track", "Audio track", tuple(tracks))]
    more = _questions(now, folders)
    answers = ui.ask("Recue", [*own, *more])
    if answers is None:
        return None
    settled = _chosen(now, more, answers[len(own) :])
    preferences.save(settled)
    track, offer = answers[len(own) - 1], answers[0] if len(own) > 1 else 0
    index = heard[track - 1].index if track > 0 else None
    return RunChoices(settled, index, offers[offer].ids)


def ask_settings(ui: UserInterface, folders: OwnFolders) -> bool:
    """Ask for everything that is remembered; False where the user cancels."""
    now = preferences.load()
    renders = "Render audio of nested, multicam and reversed clips"
    more = [
        Question("Markers", "Markers at words to check", ("no", "yes"), int(now.markers)),
        Question("Render", renders, ("no", "yes"), int(now.render)),
    ]
    questions = _questions(now, folders)
    answers = ui.ask("Recue: settings", [*questions, *more])
    if answers is None:
        return False
    chosen = _chosen(now, questions, answers)
    markers, render = (bool(each) for each in answers[-2:])
    preferences.save(replace(chosen, markers=markers, render=render))
    return True


def doctor(sleep: Callable[[float], None]) -> list[str]:
    """The lines of Recue's doctor, or why there are none."""
    try:
        process = DoctorProcess()
    except EnvironmentBroken as error:
        return [error.message, error.remedy(Surface.EDITOR)]
    try:
        for _ in range(round(DOCTOR_SECONDS / LOOK_SECONDS)):
            report = process.report()
            if report is not None:
                return report.splitlines()
            sleep(LOOK_SECONDS)
        return ["The diagnostics took too long. Restart the computer, and try again."]
    finally:
        process.close()


def _questions(now: Preferences, folders: OwnFolders) -> list[Question]:
    models = sorted({path.stem for path in (folders.data / "models").glob("**/*.nemo")})
    return [
        _question("Language", now.language, sorted(LEXICONS)),
        _question("Model", now.model, models),
        _question("Style", now.style, [style.name for style in STYLES]),
    ]


def _question(name: str, now: str, choices: list[str]) -> Question:
    known = [*choices, now] if now and now not in choices else choices
    return Question(name, name, (AS_SET, *known), known.index(now) + 1 if now else 0)


def _chosen(now: Preferences, questions: list[Question], answers: list[int]) -> Preferences:
    pairs = zip(questions, answers)
    picked = [question.choices[number] if number else "" for question, number in pairs]
    return replace(now, language=picked[0], model=picked[1], style=picked[2])
