"""Saves the settings of the Deliver page in a preset, and restores them from it."""

from __future__ import annotations

from editor_plugin.hosts.resolve import api
from editor_plugin.hosts.resolve.state.session import Session


def keep(session: Session, preset: str) -> bool:
    """Save the settings, which have no getter, as a preset; returns whether it is there."""
    is_saved = api.call(session.project(), "SaveAsNewRenderPreset", preset) is True
    return is_saved and is_there(session, preset)


def is_there(session: Session, preset: str) -> bool:
    """Whether there is a preset of this name."""
    presets = api.listed(api.call(session.project(), "GetRenderPresetList"))
    return preset in [api.text(each) for each in presets]


def take_away(session: Session, preset: str, jobs: list[str]) -> bool:
    """Delete our jobs, restore the user's settings, delete our preset; whether all is gone."""
    if not preset and not jobs:
        return session.project() is not None
    project = session.project()
    if project is None:
        return False
    if set(jobs) & set(job_ids(session)) and api.call(project, "IsRenderingInProgress") is True:
        api.call(project, "StopRendering")
    for job in jobs:
        if job in job_ids(session):
            api.call(project, "DeleteRenderJob", job)
    if preset and is_there(session, preset):
        api.call(project, "LoadRenderPreset", preset)
        api.call(project, "DeleteRenderPreset", preset)
    return not (preset and is_there(session, preset)) and not set(jobs) & set(job_ids(session))


def job_ids(session: Session) -> list[str]:
    """The ids of the jobs in the render queue."""
    jobs = api.listed(api.call(session.project(), "GetRenderJobList"))
    return [api.text(each.get("JobId")) for each in jobs if isinstance(each, dict)]
