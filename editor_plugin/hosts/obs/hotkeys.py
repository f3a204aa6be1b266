"""The hotkeys of the script. OBS shows them in its settings; the script has to save them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any


class Hotkeys:
    """The script's hotkeys: label and action of each by its name. They exist from `load` on."""

    def __init__(self, obs: Any, wanted: Mapping[str, tuple[str, Callable[[], None]]]) -> None:
        self._obs = obs
        self._wanted = wanted
        self._numbers: dict[str, Any] = {}

    def load(self, settings: Any) -> None:
        """Register them, with the keys that the user gave them."""
        obs = self._obs
        for name, (label, do) in self._wanted.items():
            number = obs.obs_hotkey_register_frontend(name, label, _when_pressed(do))
            keys = obs.obs_data_get_array(settings, name)
            obs.obs_hotkey_load(number, keys)
            obs.obs_data_array_release(keys)
            self._numbers[name] = number

    def save(self, settings: Any) -> None:
        """Keep the keys in the script's settings."""
        obs = self._obs
        for name, number in self._numbers.items():
            keys = obs.obs_hotkey_save(number)
            obs.obs_data_set_array(settings, name, keys)
            obs.obs_data_array_release(keys)


def _when_pressed(do: Callable[[], None]) -> Callable[[bool], None]:
    def changed(pressed: bool) -> None:
        if pressed:
            do()

    return changed
