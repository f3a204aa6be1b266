"""The script's properties in OBS: their defaults, their dialog, and reading their values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from editor_plugin.hosts.obs import choices
from editor_plugin.hosts.obs.choices import DEFAULTS, FORMATS, Choices, format_key

STATUS = "status"
MEDIA = "Recordings (*.mkv *.mp4 *.mov *.flv *.ts *.m2ts *.webm *.wav *.mp3 *.m4a);;All files (*)"
TEXT_SOURCES = ("text_ft2_source", "text_gdiplus")
OWN_SETTING = "If empty, Recue's own settings decide."
Clicked = Callable[[Any, Any], bool]


def read(obs: Any, settings: Any) -> Choices:
    """The choices in a script's settings."""
    return choices.read_choices(
        lambda name: str(obs.obs_data_get_string(settings, name) or ""),
        lambda name: bool(obs.obs_data_get_bool(settings, name)),
    )


def set_defaults(obs: Any, settings: Any) -> None:
    """Set the defaults of a new script."""
    obs.obs_data_set_default_bool(settings, "automatic", DEFAULTS.automatic)
    for each in FORMATS:
        ticked = each.name in DEFAULTS.formats
        obs.obs_data_set_default_bool(settings, format_key(each.name), ticked)


def build(obs: Any, status: str, buttons: dict[str, tuple[str, Clicked]]) -> Any:
    """Make the dialog. `buttons` has the label and callback of each button by its name."""
    dialog = obs.obs_properties_create()

    def button(name: str) -> None:
        obs.obs_properties_add_button(dialog, name, *buttons[name])

    text = obs.obs_properties_add_text(dialog, STATUS, status, obs.OBS_TEXT_INFO)
    obs.obs_property_text_set_info_word_wrap(text, True)
    button("refresh")
    obs.obs_properties_add_bool(dialog, "automatic", "Transcribe each recording")
    button("last")
    path = obs.OBS_PATH_FILE
    obs.obs_properties_add_path(dialog, "file", "Recording", path, MEDIA, None)
    for name in ("file_now", "cancel"):
        button(name)
    _add_files(obs, dialog)
    _add_list(obs, dialog, "model", "Model", choices.MODELS)
    _add_list(obs, dialog, "style", "Style", choices.STYLE_NAMES)
    _add_list(obs, dialog, "language", "Language", choices.LANGUAGES)
    _add_text_sources(obs, dialog)
    button("page")
    button("doctor")
    return dialog


def show_status(obs: Any, dialog: Any, status: str) -> None:
    """Update the status in an open dialog; OBS shows it when it draws the dialog anew."""
    obs.obs_property_set_description(obs.obs_properties_get(dialog, STATUS), status)


def _add_files(obs: Any, dialog: Any) -> None:
    group = obs.obs_properties_create()
    for each in FORMATS:
        obs.obs_properties_add_bool(group, format_key(each.name), each.label)
    folder = obs.OBS_PATH_DIRECTORY
    path = obs.obs_properties_add_path(group, "folder", "Folder", folder, None, None)
    obs.obs_property_set_long_description(path, "If empty, the recording's own folder.")
    obs.obs_properties_add_group(dialog, "files", "Files to write", obs.OBS_GROUP_NORMAL, group)


def _add_list(obs: Any, dialog: Any, name: str, label: str, offered: tuple[str, ...]) -> None:
    kinds = (obs.OBS_COMBO_TYPE_EDITABLE, obs.OBS_COMBO_FORMAT_STRING)
    box = obs.obs_properties_add_list(dialog, name, label, *kinds)
    # In a list that can be typed into, OBS keeps the text and not the value.
    for each in ("", *offered):
        obs.obs_property_list_add_string(box, each, each)
    obs.obs_property_set_long_description(box, OWN_SETTING)


def _add_text_sources(obs: Any, dialog: Any) -> None:
    kinds = (obs.OBS_COMBO_TYPE_LIST, obs.OBS_COMBO_FORMAT_STRING)
    # Labels are short: OBS makes the column of all as wide as the longest.
    box = obs.obs_properties_add_list(dialog, "text_source", "Progress", *kinds)
    obs.obs_property_set_long_description(box, "A text source that shows the progress.")
    obs.obs_property_list_add_string(box, "(none)", "")
    sources = obs.obs_enum_sources() or []
    for source in sources:
        if obs.obs_source_get_unversioned_id(source) in TEXT_SOURCES:
            name = obs.obs_source_get_name(source)
            obs.obs_property_list_add_string(box, name, name)
    obs.source_list_release(sources)
