"""The HTTP calls for the user's settings, and for a check of the installation."""

from __future__ import annotations

import sys

from fastapi import APIRouter
from starlette.responses import JSONResponse, Response

from editor_plugin.engine import doctor
from editor_plugin.engine.service import settings_forms as forms
from editor_plugin.engine.service.asked_paths import refuse_name
from editor_plugin.engine.service.ports import EnginePort

MAY_NAME_FILES = ("model", "style")


def settings_of(engine: EnginePort) -> APIRouter:
    """The settings, and the doctor."""
    router = APIRouter()

    @router.get("/settings", response_model=forms.SettingsWire)
    def settings() -> Response:
        """Every setting, with what it means and takes."""
        return JSONResponse(engine.settings.shown())

    @router.put("/settings", response_model=forms.SettingsWire)
    def change(values: forms.SettingsChange) -> Response:
        """Write settings into the user's file; they hold from the next job on."""
        for name in MAY_NAME_FILES:
            value = values.root.get(name)
            if isinstance(value, str) and "." in value:
                refuse_name(value, sys.platform == "win32")
        engine.settings.change(values.root)
        engine.feed.mark("model", "")  # another one may be the default
        return JSONResponse(engine.settings.shown())

    @router.post("/doctor", response_model=forms.DiagnosesWire)
    def check() -> Response:
        """Check all that Recue needs; takes up to a minute."""
        seen = engine.diagnose()
        checks = [finding.to_wire() for finding in seen]
        return JSONResponse({"checks": checks, "report": doctor.report(seen)})

    return router
