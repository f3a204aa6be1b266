"""The forms of the calls about settings, and of what a check of the installation finds."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

from editor_plugin.engine.service.forms import ErrorWire
from editor_plugin.engine.settings import LONGEST_TEXT

Key = Annotated[str, Field(max_length=100)]
Chosen = Annotated[str, Field(max_length=LONGEST_TEXT)] | int | float | None


class SettingsChange(RootModel[Annotated[dict[Key, Chosen], Field(max_length=100)]]):
    """New values of settings by their keys; null takes one out of the file. What each takes is in
    its description, by which it is checked."""

    model_config = ConfigDict(strict=True)


class SettingWire(BaseModel):
    """A setting. Where it is not in the file, or is no value there, `value` is its default;
    `choices` of a text are proposals."""

    key: str
    value: str | int | float | None
    default: str | int | float | None
    is_set: bool
    kind: Literal["text", "number", "choice"]
    choices: list[str]
    least: int | float | None
    most: int | float | None
    meaning: str


class SettingsWire(BaseModel):
    """The settings of the user, the file that they are in, and what is wrong with it."""

    path: str
    settings: list[SettingWire]
    error: ErrorWire | None


class DiagnosisWire(BaseModel):
    """What a check found, and what to do about it; "" where nothing is to be done."""

    name: str
    ok: bool
    detail: str
    todo: str


class DiagnosesWire(BaseModel):
    """What all checks found, and the same as a text to be sent to somebody who helps."""

    checks: list[DiagnosisWire]
    report: str
