"""The user's settings: `settings.toml` in Recue's data folder, which command-line options override.

What each setting means, and which values it takes, is described once, in SETTINGS: by that the file
is read, the page shows and changes it, and a job's options are checked.
"""

from __future__ import annotations

import tomllib
import unicodedata
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from editor_plugin.core.errors import SettingsInvalid
from editor_plugin.core.model_catalogue import CATALOGUE, DEFAULT
from editor_plugin.core.styles import STYLES
from editor_plugin.engine.plain_files import LARGEST_SETTINGS, read_plain

SETTINGS_FILE = "settings.toml"
DEVICES = ("auto", "cpu", "cuda", "mps")
PRECISIONS = ("auto", "fp32", "bf16")
WINDOW_SECONDS = (5, 1200)
"""The shortest and longest window: under 5 s words lose their context; 20 minutes is the most for
one pass on a data-centre GPU by Parakeet's authors."""

LONGEST_IDLE = 60 * 24 * 7
LONGEST_TEXT = 4096


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


@dataclass(frozen=True)
class Setting:
    """What a setting means and takes, in words for a user. `kind` is text, number or choice; of a
    text, `choices` are proposals. `least` and `most` belong to a number, and `unit` too."""

    key: str
    kind: str
    meaning: str
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    unit: str = ""
    is_whole: bool = False

    @property
    def default(self) -> str | float | None:
        """What holds where the file does not name it."""
        found: str | float | None = getattr(UserSettings(), self.key)
        return found

    def check(self, value: object) -> None:
        """Raise SettingsInvalid for a value that it does not take."""
        if self.kind == "choice":
            if value not in self.choices or not isinstance(value, str):
                self._refuse(value, f"one of {', '.join(self.choices)}")
        elif self.kind == "number":
            numbers = (int,) if self.is_whole else (int, float)
            if type(value) not in numbers or not self.least <= value <= self.most:  # type: ignore[operator]
                self._refuse(value, f"{self.unit} from {self.least:g} to {self.most:g}")
        elif not isinstance(value, str) or not value:
            self._refuse(value, "a text in quotes")
        elif len(value) > LONGEST_TEXT or any(map(_is_no_text, value)):
            self._refuse(value[:80], "a short text on one line")

    def _refuse(self, value: object, expected: str) -> None:
        raise SettingsInvalid(self.key, str(value), expected)


def _is_no_text(character: str) -> bool:
    """Whether it is a control character, or half of a character."""
    return unicodedata.category(character) in ("Cc", "Cs")


SETTINGS = (
    Setting(
        "model",
        "text",
        "The speech model that is used where you choose no other: its name, or the path of a .nemo"
        " file.",
        tuple(model.name for model in CATALOGUE),
    ),
    Setting(
        "style",
        "text",
        "How subtitles are built, where you choose no other style: one of Recue's, or one of your"
        " own.",
        tuple(style.name for style in STYLES),
    ),
    Setting(
        "language",
        "text",
        "The language that is spoken, such as de, for models that must be told (Canary). The others"
        " find it by themselves.",
    ),
    Setting(
        "device",
        "choice",
        "What the model runs on: auto takes the graphics card where there is one; cuda is NVIDIA's,"
        " mps Apple's, cpu is none.",
        DEVICES,
    ),
    Setting(
        "precision",
        "choice",
        "How exactly the model computes: bf16 takes half the memory, fp32 is the most exact; auto"
        " takes what suits this machine.",
        PRECISIONS,
    ),
    Setting(
        "window_seconds",
        "number",
        "The longest piece of sound that is recognised at once. More takes more memory and may help"
        " the model; 30 seconds suit every model.",
        least=WINDOW_SECONDS[0],
        most=WINDOW_SECONDS[1],
        unit="whole seconds",
        is_whole=True,
    ),
    Setting(
        "idle_minutes",
        "number",
        "How long Recue stays in the background after its last job, with its model in memory, so"
        " that the next job begins at once.",
        least=0,
        most=LONGEST_IDLE,
        unit="minutes",
    ),
)
"""Every setting, in the order in which a page shows them."""

_BY_KEY = {setting.key: setting for setting in SETTINGS}


def read_settings(path: Path) -> UserSettings:
    """Read the file; defaults where it is missing. Raises SettingsInvalid, naming the setting."""
    return override(UserSettings(), parsed(path, settings_text(path)))


def settings_text(path: Path) -> str:
    """The text of the file; "" where it is missing. Raises SettingsInvalid where it is none."""
    try:
        return read_plain(path, LARGEST_SETTINGS).decode("utf-8-sig")
    except FileNotFoundError:
        return ""
    except OSError as error:
        expected = f"the name of a text file ({error.strerror})"
    except ValueError as error:
        expected = f"a text in UTF-8 ({error})"
    raise SettingsInvalid(SETTINGS_FILE, str(path), expected)


def parsed(path: Path, text: str) -> dict[str, Any]:
    """The values in the text of the file, unchecked. Raises SettingsInvalid for no TOML."""
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        expected = f"lines like model = … ({error})"
        raise SettingsInvalid(SETTINGS_FILE, str(path), expected) from None


def override(settings: UserSettings, values: dict[str, Any]) -> UserSettings:
    """Replace the settings that `values` names, checked. Raises SettingsInvalid."""
    for name, value in values.items():
        described(name).check(value)
    return replace(settings, **values)


def described(name: str) -> Setting:
    """The description of a setting. Raises SettingsInvalid where there is none of this name."""
    if name not in _BY_KEY:
        raise SettingsInvalid("a setting", name, f"one of {', '.join(_BY_KEY)}")
    return _BY_KEY[name]
