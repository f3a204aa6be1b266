"""The settings of a run: a job's options on top of the user's settings."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from editor_plugin.core.errors import SettingsInvalid
from editor_plugin.core.jobs.request import JobOptions, JobRequest
from editor_plugin.core.styles import PLAIN, Style
from editor_plugin.engine.export import WRITERS
from editor_plugin.engine.models.local import locate
from editor_plugin.engine.recognition.types import ModelChoice
from editor_plugin.engine.settings import UserSettings, override
from editor_plugin.engine.subtitles.style_files import find_style


@dataclass(frozen=True)
class RunSettings:
    """The settings of a run; `find_shot_changes` and `project` are as in JobOptions."""

    model: ModelChoice
    window_seconds: int = 30
    style: Style = PLAIN
    find_shot_changes: bool = False
    project: str = ""


def run_settings(options: JobOptions, own: UserSettings) -> RunSettings:
    """The settings of a run. Raises SettingsInvalid, and ModelError's and StyleError's children."""
    chosen = override(own, _given(options))
    model = ModelChoice(locate(chosen.model).path, chosen.device, chosen.precision, chosen.language)
    style = find_style(chosen.style)
    return RunSettings(
        model, chosen.window_seconds, style, options.find_shot_changes, options.project
    )


def check(request: JobRequest) -> None:
    """Raise SettingsInvalid where a request has impossible settings."""
    override(UserSettings(), _given(request.options))
    for order in request.orders:
        for output in order.outputs:
            if output.format not in WRITERS:
                expected = f"one of {', '.join(WRITERS)}"
                raise SettingsInvalid("an output's format", output.format, expected)


def _given(options: JobOptions) -> dict[str, Any]:
    of_the_job = ("find_shot_changes", "project")
    return {
        name: value
        for name, value in asdict(options).items()
        if value is not None and name not in of_the_job
    }
