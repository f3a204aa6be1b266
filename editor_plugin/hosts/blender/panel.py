"""The panel in the sequencer's sidebar. Imports bpy, so it runs in Blender only."""

from __future__ import annotations

import textwrap
from typing import Any

import bpy

from editor_plugin.core.printable import printable
from editor_plugin.hosts.blender.api import edited_scene
from editor_plugin.hosts.blender.generation import Generation
from editor_plugin.hosts.blender.operators import REPORT, work

LETTER = 7.0
"""Pixels that a letter of a label takes on average, before the interface's scale."""
MOST_LINES = 14


class RECUE_PT_subtitles(bpy.types.Panel):  # type: ignore[misc]
    """Subtitles from the sound of the timeline"""

    bl_label = "Subtitles"
    bl_space_type = "SEQUENCE_EDITOR"
    bl_region_type = "UI"
    bl_category = "Recue"

    def draw(self, context: Any) -> None:
        """Draw the panel; Blender calls this often, so it only reads."""
        layout = self.layout
        settings = edited_scene(context).recue
        column = layout.column(align=True)
        column.operator("recue.generate", icon="PLAY")
        column.operator("recue.generate_selected")
        column.operator("recue.refresh", icon="FILE_REFRESH")
        if work.generation is not None:
            _draw_progress(layout, work.generation)
        column = layout.column()
        column.use_property_split = True
        column.use_property_decorate = False
        for name in ("style", "model", "language"):
            column.prop(settings, name)
        row = layout.row(align=True)
        row.operator("recue.import_srt", icon="IMPORT")
        row.operator("recue.export_srt", icon="EXPORT")
        if work.report:
            _draw_report(layout.box(), context)


def _draw_progress(layout: Any, generation: Generation) -> None:
    if hasattr(layout, "progress"):  # from 4.0 on
        layout.progress(factor=generation.percent / 100, text=generation.text)
    else:
        layout.label(text=generation.text, icon="TIME")
    layout.operator("recue.cancel", icon="CANCEL")


def _wrapped(sentence: str, width: int) -> list[str]:
    return textwrap.wrap(printable(sentence), width)


def _draw_report(box: Any, context: Any) -> None:
    scale = context.preferences.system.ui_scale
    width = max(int(context.region.width / (LETTER * scale)) - 5, 16)
    lines = [line for sentence in work.report for line in _wrapped(sentence, width)]
    column = box.column(align=True)
    for at, line in enumerate(lines[:MOST_LINES]):
        icon = ("ERROR" if work.failed else "CHECKMARK") if at == 0 else "NONE"
        column.label(text=line, icon=icon)
    if len(lines) > MOST_LINES:
        column.label(text=f"The whole report: text “{REPORT}”")
