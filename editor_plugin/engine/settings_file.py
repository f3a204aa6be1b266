"""Showing and changing the user's settings file, as a person would: comments and order stay."""

from __future__ import annotations

import errno
import os
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import tomlkit

from editor_plugin.core.errors import (
    DiskFull,
    ModelCorrupt,
    ModelNotFetched,
    ModelUnknown,
    OutputUnwritable,
    SettingsInvalid,
)
from editor_plugin.engine.models.local import locate
from editor_plugin.engine.settings import (
    SETTINGS,
    SETTINGS_FILE,
    Setting,
    UserSettings,
    described,
    override,
    parsed,
    read_settings,
    settings_text,
)
from editor_plugin.engine.subtitles.style_files import find_style

Value = str | float | None
BOM = b"\xef\xbb\xbf"


class SettingsFile:
    """The settings in the data folder. Safe to use from several threads; what another program
    writes meanwhile is not lost but for a moment that is shorter than any person."""

    def __init__(self, data: Path) -> None:
        self.path = data / SETTINGS_FILE
        self._gate = threading.Lock()

    def read(self) -> UserSettings:
        """What holds now. Raises SettingsInvalid."""
        return read_settings(self.path)

    def shown(self) -> dict[str, Any]:
        """The JSON form: the path, every setting with its value and its description, and the error
        that the file has, if any. A setting whose value is none has its default."""
        found, trouble = dict[str, Any](), None
        try:
            found = parsed(self.path, settings_text(self.path))
            override(UserSettings(), found)
        except SettingsInvalid as error:
            trouble = error
        return {
            "path": str(self.path),
            "settings": [_shown(setting, found) for setting in SETTINGS],
            "error": None if trouble is None else trouble.to_wire(),
        }

    def change(self, values: dict[str, Value]) -> None:
        """Write values into the file; None takes a setting out of it, so that its default holds.
        Raises SettingsInvalid where a value is none, or where the file would be invalid, which is
        then left as it is; DiskFull; OutputUnwritable."""
        with self._gate:
            text = settings_text(self.path)
            parsed(self.path, text)
            document = _document(self.path, text)
            for name, value in values.items():
                if value is None:
                    if name not in document:
                        described(name)
                    document.pop(name, None)
                    continue
                value = _whole(described(name), value)
                described(name).check(value)
                _refuse_unknown(name, value)
                document[name] = value
            written = tomlkit.dumps(document)
            if "\r\n" in text and "\n" not in text.replace("\r\n", ""):
                written = written.replace("\r\n", "\n").replace("\n", "\r\n")
            override(UserSettings(), parsed(self.path, written))
            self._write(written)

    def _write(self, text: str) -> None:
        target = Path(os.path.realpath(self.path))  # a link stays one
        try:
            content = text.encode()
            with suppress(FileNotFoundError):
                content = BOM * (target.read_bytes()[:3] == BOM) + content
            _replace(target, content)
        except OSError as error:
            if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
                raise DiskFull(str(target.parent)) from None
            raise OutputUnwritable(str(self.path), error.strerror or str(error)) from None


def _document(path: Path, text: str) -> tomlkit.TOMLDocument:
    try:
        return tomlkit.parse(text)
    except (ValueError, RecursionError) as error:  # what Python's own reader has let pass
        raise SettingsInvalid(SETTINGS_FILE, str(path), f"plain lines ({error})") from None


def _replace(target: Path, content: bytes) -> None:
    """Write a file for its owner alone, in one step: whoever reads has the old one or the new."""
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".settings-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(handle)
        os.replace(temporary, target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _shown(setting: Setting, found: dict[str, Any]) -> dict[str, Any]:
    value, is_set = setting.default, setting.key in found
    if is_set:
        try:
            setting.check(found[setting.key])
            value = found[setting.key]
        except SettingsInvalid:
            is_set = False
    return {
        "key": setting.key,
        "value": value,
        "default": setting.default,
        "is_set": is_set,
        "kind": setting.kind,
        "choices": list(setting.choices),
        "least": setting.least,
        "most": setting.most,
        "meaning": setting.meaning,
    }


def _whole(setting: Setting, value: Value) -> Value:
    """In JSON, 30.0 is the integer 30."""
    if setting.is_whole and isinstance(value, float) and value.is_integer():
        return int(value)
    return value


def _refuse_unknown(name: str, value: Value) -> None:
    """Raise SettingsInvalid for a model or a style that is not there; a file that is edited by hand
    may name what comes later."""
    try:
        if name == "model":
            with suppress(ModelNotFetched, ModelCorrupt):  # which a job tells with what to do
                locate(str(value))
        elif name == "style":
            find_style(str(value))
    except ModelUnknown as error:
        known = ", ".join(error.data["known"])
        expected = f"the name of a model, such as {known}, or the path of a .nemo file"
        raise SettingsInvalid(name, str(value), expected) from None
