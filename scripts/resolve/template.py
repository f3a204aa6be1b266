"""@RECUE_ABOUT@

For DaVinci Resolve: Workspace > Scripts > Recue.
"""

import os
import sys

PLUGIN = "@RECUE_PLUGIN@"  # install.py fills this in
# In an ASCII locale a path keeps its accents only this way.
PLUGIN = os.fsdecode(PLUGIN.encode("utf-8"))


def explain():
    """Say that the plug-in is not there; a window only on Studio, as free sells its own there."""
    sentence = "Recue is not installed any more: install it again. (" + PLUGIN + ")"
    print(sentence.encode("ascii", "backslashreplace").decode("ascii"))
    try:
        if "Studio" in resolve.GetProductName():  # noqa: F821
            ui = fusion.UIManager  # noqa: F821
            dispatcher = bmd.UIDispatcher(ui)  # noqa: F821
            place = {"ID": "Recue", "WindowTitle": "Recue", "Geometry": [300, 200, 460, 90]}
            text = ui.Label({"Text": sentence, "WordWrap": True})
            window = dispatcher.AddWindow(place, [ui.VGroup([text])])
            window.On.Recue.Close = lambda event: dispatcher.ExitLoop()
            window.Show()
            dispatcher.RunLoop()
            window.Hide()
    except Exception:
        return  # the line in the Console has to do


if PLUGIN not in sys.path:
    sys.path.insert(0, PLUGIN)
sys.dont_write_bytecode = True
try:
    from editor_plugin.client import connect
    from editor_plugin.hosts.resolve.menu.script import run
except ImportError:
    explain()
else:
    run("@RECUE_ENTRY@", globals(), connect)
