"""The user's settings: `settings.toml` in Recue's data folder, which command-line options override.

model = "parakeet-tdt-0.6b-v3"
device = "auto"        # auto, cpu, cuda, mps
precision = "auto"     # auto, fp32, bf16
language = "de"        # for models that need it (Canary)
window_seconds = 30    # the longest piece of audio that is recognised at once
idle_minutes = 20      # how long the engine stays, with its model, without jobs
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from editor_plugin.core.errors import SettingsInvalid
from editor_plugin.core.model_catalogue import DEFAULT
from editor_plugin.engine.plain_files import LARGEST_SETTINGS, read_plain

DEVICES = ("auto", "cpu", "cuda", "mps")
PRECISIONS = ("auto", "fp32", "bf16")
WINDOW_SECONDS = (5, 1200)
"""The shortest and longest window: under 5 s words lose their context; 20 minutes is the most for
one pass on a data-centre GPU by Parakeet's authors."""

LONGEST_IDLE = 60 * 24 * 7


@dataclass(frozen=True)
class UserSettings:
    """The settings in the file; the defaults are those of a new installation."""

    model: str = DEFAULT
    device: str = "auto"
    precision: str = "auto"
    language: str | None = None
    style: str = "netflix-en"
    window_seconds: int = 30
    idle_minutes: float = 20


def read_settings(path: Path) -> UserSettings:
    """Read the file; defaults where it is missing. Raises SettingsInvalid, naming the setting."""
    try:
        found = tomllib.loads(read_plain(path, LARGEST_SETTINGS).decode("utf-8-sig"))
    except FileNotFoundError:
        return UserSettings()
    except OSError as error:
        expected = f"the name of a text file ({error.strerror})"
        raise SettingsInvalid("settings.toml", str(path), expected) from None
    except (ValueError, RecursionError) as error:
        raise SettingsInvalid(
            "settings.toml", str(path), f"lines like model = … ({error})"
        ) from None
    return override(UserSettings(), found)


def override(settings: UserSettings, values: dict[str, Any]) -> UserSettings:
    """Replace the settings that `values` names, checked. Raises SettingsInvalid."""
    known = [field.name for field in fields(UserSettings)]
    for name, value in values.items():
        if name not in known:
            raise SettingsInvalid("a setting", name, f"one of {', '.join(known)}")
        _check(name, value)
    return replace(settings, **values)


def _check(name: str, value: object) -> None:
    choices = {"device": DEVICES, "precision": PRECISIONS}.get(name)
    if choices is not None and value not in choices:
        raise SettingsInvalid(name, str(value), f"one of {', '.join(choices)}")
    if name == "window_seconds":
        least, most = WINDOW_SECONDS
        if type(value) is not int or not least <= value <= most:
            raise SettingsInvalid(name, str(value), f"whole seconds from {least} to {most}")
    elif name == "idle_minutes":
        if type(value) not in (int, float) or not 0 <= float(str(value)) <= LONGEST_IDLE:
            raise SettingsInvalid(name, str(value), f"minutes from 0 to {LONGEST_IDLE}")
    elif not isinstance(value, str) or not value:
        raise SettingsInvalid(name, str(value), "a text in quotes")
