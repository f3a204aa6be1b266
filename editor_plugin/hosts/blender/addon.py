"""Registers the add-on's classes with Blender, and unregisters them. Imports bpy."""

from __future__ import annotations

from typing import Any

import bpy

from editor_plugin.hosts.blender.operators import CLASSES, PanelSettings, work
from editor_plugin.hosts.blender.panel import RECUE_PT_subtitles

_ALL = (*CLASSES, RECUE_PT_subtitles)


def register(client: Any) -> None:
    """Make the panel and the operators known; `client` is Recue's client of the engine."""
    work.client = client
    for each in _ALL:
        bpy.utils.register_class(each)
    bpy.types.Scene.recue = bpy.props.PointerProperty(type=PanelSettings)


def unregister() -> None:
    """Take them back; a job that runs goes on in the engine."""
    work.generation = None
    del bpy.types.Scene.recue
    for each in reversed(_ALL):
        bpy.utils.unregister_class(each)
