"""The text source of OBS in which Recue shows its progress, if the user chose one."""

from __future__ import annotations

from typing import Any

from editor_plugin.core.printable import printable_lines


class TextSource:
    """Writes the text of a source, only where it differs from the last one."""

    def __init__(self, obs: Any) -> None:
        self._obs = obs
        self._shown = ("", "")

    def show(self, name: str, text: str) -> None:
        """Show the text in the source of that name; nothing where there is none."""
        text = printable_lines(text)
        if not name or self._shown == (name, text):
            return
        obs = self._obs
        source = obs.obs_get_source_by_name(name)
        if source is None:
            return
        settings = obs.obs_data_create()
        obs.obs_data_set_string(settings, "text", text)
        obs.obs_source_update(source, settings)
        obs.obs_data_release(settings)
        obs.obs_source_release(source)
        self._shown = (name, text)
