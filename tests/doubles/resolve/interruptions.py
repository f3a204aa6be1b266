"""What a person does in Resolve while a script runs.

An interruption is {"after": "MediaPool.ImportMedia", "do": "switch_timeline", "what": "Reel 2"};
it happens once, after the first call of that method, or after call number "nth". `do`:

  switch_timeline, switch_project: to the one named `what`
  delete_timeline: the timeline named `what` is gone
  open_page: the person goes to the page `what`
  lock_track, disable_track: a track of kind `what`, number "index"
  delete_track: the same, gone with its items
  open_dialog, close_dialog, crash
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.doubles.resolve.application import Application


def after(app: Application, name: str) -> None:
    """Do what is due after a call."""
    count = app.count(f"after {name}")
    if app.switches.modal_after == name and count == 1:
        app.open_modal("Something wants your attention")
    for each in app.world.switches.interruptions:
        if each["after"] == name and each.get("nth", 1) == count:
            _do(app, each)


def _do(app: Application, each: dict[str, Any]) -> None:
    what = each.get("what", "")
    project, timeline = app.project, app.current
    if each["do"] == "switch_project":
        app.world.current = next(p.uid for p in app.world.projects if p.name == what)
    elif each["do"] == "open_page":
        app.world.page = what
    elif each["do"] == "open_dialog":
        app.open_modal(what or "Save changes?")
    elif each["do"] == "close_dialog":
        app.close_modal()
    elif each["do"] == "crash":
        app.crash(what or "it just went")
    elif project is not None and each["do"] in ("switch_timeline", "delete_timeline"):
        chosen = next(t for t in project.timelines if t.name == what)
        if each["do"] == "switch_timeline":
            project.current = chosen.uid
        else:
            project.timelines.remove(chosen)
            if project.current == chosen.uid:
                project.current = project.timelines[0].uid if project.timelines else ""
    elif timeline is not None and each["do"] in ("lock_track", "disable_track", "delete_track"):
        track = timeline.of_kind(what)[each.get("index", 1) - 1]
        if each["do"] == "lock_track":
            track.locked = True
        elif each["do"] == "disable_track":
            track.enabled = False
        else:
            timeline.tracks.remove(track)
    else:
        raise ValueError(f"no interruption: {each}")
