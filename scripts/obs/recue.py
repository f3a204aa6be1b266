"""Recue in OBS Studio: subtitles beside each recording. In OBS: Tools > Scripts > +.

OBS calls the functions below. None lets an error out, which could take OBS with it.
"""

import sys

import obspython

PLUGIN = "@RECUE_PLUGIN@"
GONE = "<b>Recue</b><br>Recue is not installed any more, or is damaged: install Recue again."

_script = None
_trouble = ""
try:
    # After “Reload Scripts” the code of a newer Recue counts.
    for _name in [name for name in sys.modules if name.partition(".")[0] == "editor_plugin"]:
        del sys.modules[_name]
    if PLUGIN not in sys.path:
        sys.path.insert(0, PLUGIN)
    from editor_plugin import client
    from editor_plugin.hosts.obs.script import Script

    _script = Script(obspython, client)
except Exception as error:
    _trouble = f"{type(error).__name__}: {error}"
    print(f"Recue: {GONE} ({_trouble})")


def _forward(name, *arguments):
    if _script is None:
        return None
    try:
        return getattr(_script, name)(*arguments)
    except Exception as error:
        print(f"Recue: {type(error).__name__} in {name}: {error}")
        return None


def script_description():
    return _forward("description") or GONE


def script_defaults(settings):
    _forward("defaults", settings)


def script_update(settings):
    _forward("update", settings)


def script_load(settings):
    _forward("load", settings)


def script_save(settings):
    _forward("save", settings)


def script_unload():
    _forward("unload")


def script_properties():
    return _forward("properties") or obspython.obs_properties_create()
