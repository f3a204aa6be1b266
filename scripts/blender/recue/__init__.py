"""Recue in Blender's Video Sequencer. All that it does lies in Recue's own folder."""

from __future__ import annotations

import sys

import bpy

PLUGIN = "@RECUE_PLUGIN@"

bl_info = {
    "name": "Recue",
    "description": "Subtitles on the timeline with speech models on your own machine",
    "author": "Recue",
    "version": (0, 1, 0),
    "blender": (3, 4, 0),
    "location": "Video Sequencer > Sidebar > Recue",
    "category": "Sequencer",
}


class RECUE_PT_missing(bpy.types.Panel):
    """Stands in the sidebar where Recue itself is gone."""

    bl_label = "Subtitles"
    bl_space_type = "SEQUENCE_EDITOR"
    bl_region_type = "UI"
    bl_category = "Recue"

    def draw(self, context):
        self.layout.label(text="Recue is not there any more.", icon="ERROR")
        self.layout.label(text="Install Recue again.")


def _addon():
    """Recue's own part, None where its folder is gone."""
    if PLUGIN not in sys.path:
        sys.path.append(PLUGIN)
    try:
        from editor_plugin import client
        from editor_plugin.hosts.blender import addon
    except ImportError:
        return None, None
    return addon, client


def register():
    addon, client = _addon()
    if addon is None:
        bpy.utils.register_class(RECUE_PT_missing)
    else:
        addon.register(client)


def unregister():
    if hasattr(bpy.types, "RECUE_PT_missing"):
        bpy.utils.unregister_class(RECUE_PT_missing)
        return
    addon, _ = _addon()
    if addon is not None:
        addon.unregister()
    # Switched on again after an update, it reads the new files.
    for name in [name for name in sys.modules if name.split(".")[0] == "editor_plugin"]:
        del sys.modules[name]
