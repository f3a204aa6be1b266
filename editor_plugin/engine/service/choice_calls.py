"""The calls about what a user of the page can choose: formats, styles, the demo, and what was
chosen last."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path as FilePath
from typing import Annotated, Any

from fastapi import APIRouter, Body, Path
from starlette.responses import JSONResponse, Response

from editor_plugin.core.styles import STYLES, Style, style_named
from editor_plugin.engine.export import WRITERS
from editor_plugin.engine.page_state import read_page_state, write_page_state
from editor_plugin.engine.paths import demo_folder
from editor_plugin.engine.service import choice_forms as forms
from editor_plugin.engine.service.ports import EnginePort
from editor_plugin.engine.subtitles.preview import preview, title_of

StyleName = Annotated[str, Path(max_length=100)]
PageState = Annotated[dict[str, Any], Body()]


def choices_of(engine: EnginePort) -> APIRouter:
    """Formats, styles, the demo, the page's memory."""
    router = APIRouter()

    @router.get("/formats", response_model=forms.FormatsWire)
    def formats() -> Response:
        """Every format to write."""
        found = [
            {"name": each.name, "suffix": each.suffix, "title": each.title}
            for each in WRITERS.values()
        ]
        return JSONResponse({"formats": found})

    @router.get("/styles", response_model=forms.StylesWire)
    def styles() -> Response:
        """Every preset style, with its limits."""
        return JSONResponse({"styles": [_style(each) for each in STYLES]})

    @router.get("/styles/{name}/preview", response_model=forms.PreviewWire)
    def style_preview(name: StyleName) -> Response:
        """A spoken passage, the same for all, in a style."""
        cues, text = preview(style_named(name))
        told = [
            {"start": float(cue.start), "end": float(cue.end), "lines": list(cue.lines)}
            for cue in cues
        ]
        return JSONResponse({"cues": told, "text": text})

    @router.get("/demo", response_model=forms.DemoWire)
    def demo() -> Response:
        """Where the demo's film and timeline lie."""
        folder = demo_folder()
        film, timeline = folder / "media" / "recue-demo.mp4", folder / "recue-demo.otio"
        return JSONResponse({"film": _if_there(film), "timeline": _if_there(timeline)})

    @router.get("/page-state", response_model=forms.PageStateWire)
    def page_state() -> Response:
        """What the page remembers."""
        return _page_state(read_page_state(engine.data))

    @router.put("/page-state", response_model=forms.PageStateWire)
    def keep_page_state(chosen: PageState) -> Response:
        """Have the page's choices kept in place of those before."""
        write_page_state(engine.data, chosen)
        return _page_state(chosen)

    return router


def _page_state(chosen: dict[str, Any]) -> Response:
    # In ASCII: a name that was chosen may hold half a surrogate pair, which is no UTF-8.
    return Response(json.dumps({"chosen": chosen}), media_type="application/json")


def _style(style: Style) -> dict[str, Any]:
    limits = {
        "line_characters": style.max_chars,
        "lines": style.max_lines,
        "characters_per_second": _number(style.max_cps),
        "words_per_minute": _number(style.max_wpm),
        "least_seconds": float(style.min_duration),
        "most_seconds": float(style.max_duration),
        "gap_frames": style.min_gap_frames,
    }
    return {
        "name": style.name,
        "title": title_of(style),
        "source": style.source("max_chars"),
        "limits": limits,
    }


def _number(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def _if_there(path: FilePath) -> str | None:
    return str(path) if path.is_file() else None
