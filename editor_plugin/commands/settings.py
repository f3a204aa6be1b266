"""`recue settings`: show, explain and change the user's settings."""

from __future__ import annotations

import argparse
import os

from editor_plugin.core.errors import SettingsInvalid
from editor_plugin.core.printable import printable
from editor_plugin.engine import paths
from editor_plugin.engine.settings import SETTINGS, described
from editor_plugin.engine.settings_file import SettingsFile, Value


def add_settings(command: argparse.ArgumentParser) -> None:
    """Add the sub-commands of `recue settings`; alone it shows them."""
    command.set_defaults(run=_show)
    actions = command.add_subparsers(metavar="ACTION")
    change = actions.add_parser("set", help="change a setting")
    change.add_argument("key")
    change.add_argument("value")
    change.set_defaults(run=_set)
    unset = actions.add_parser("unset", help="go back to a setting's default")
    unset.add_argument("key")
    unset.set_defaults(run=_unset)


def _show(_: argparse.Namespace) -> int:
    file = SettingsFile(paths.data_folder())
    values = file.read()
    print(f"{printable(str(file.path))}:")
    for setting in SETTINGS:
        value = getattr(values, setting.key)
        default = "" if value != setting.default else ", the default"
        shown = "none" if value is None else printable(str(value))
        print(f"{setting.key}: {shown}{default}\n    {setting.meaning}")
    return 0


def _set(options: argparse.Namespace) -> int:
    setting = described(options.key)
    value: Value = options.value
    if setting.kind == "number":
        value = _number(setting.key, options.value)
    elif os.path.isfile(options.value):  # which means the same from every folder
        value = os.path.abspath(options.value)
    return _change(setting.key, value)


def _unset(options: argparse.Namespace) -> int:
    return _change(options.key, None)


def _change(key: str, value: Value) -> int:
    file = SettingsFile(paths.data_folder())
    file.change({key: value})
    print(f"{printable(str(file.path))} is changed; it holds from the next job on.")
    return 0


def _number(key: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise SettingsInvalid(key, text, "a number") from None
