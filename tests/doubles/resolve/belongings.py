"""What the user owns, to be compared before and after an adapter has worked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Ours:
    """How to know what an adapter made: names of tracks, beginnings of custom data and files."""

    tracks: tuple[str, ...] = ()
    custom_data: str = "recue"
    files: str = "recue"


def belongings(state: dict[str, Any], ours: Ours | None = None) -> dict[str, Any]:
    """Everything of the user's in a state as JSON (wire.to_json of a world, or a dump).

    Subtitles, tracks and their states, items, marks, markers, selections, playheads, the current
    timeline and bin, the bins, the page, and the Deliver page with its queue.
    """
    known = ours or Ours()
    return {
        "page": state["page"],
        "project": state["current"],
        "prefs": state["prefs"],
        "projects": [_project(each, known) for each in state["projects"]],
    }


def _project(project: dict[str, Any], ours: Ours) -> dict[str, Any]:
    foreign = {each["uid"] for each in project["media"] if _is_ours(each, project, ours)}
    return {
        "name": project["name"],
        "settings": project["settings"],
        "current timeline": project["current"],
        "current bin": project["bin"],
        "selection in the bin": project["selection"],
        "bins": _bin(project["root"], foreign),
        "media": [each for each in project["media"] if each["uid"] not in foreign],
        "deliver": project["deliver"],
        "timelines": [_timeline(each, ours) for each in project["timelines"]],
    }


def _is_ours(media: dict[str, Any], project: dict[str, Any], ours: Ours) -> bool:
    name = media["path"].replace("\\", "/").rpartition("/")[2]
    return media["uid"] in project["added"] and name.lower().startswith(ours.files)


def _bin(folder: dict[str, Any], foreign: set[str]) -> dict[str, Any]:
    return {
        "name": folder["name"],
        "clips": [uid for uid in folder["clips"] if uid not in foreign],
        "folders": [_bin(each, foreign) for each in folder["folders"]],
    }


def _timeline(timeline: dict[str, Any], ours: Ours) -> dict[str, Any]:
    kept = ("name", "rate", "start_timecode", "settings", "marks", "playhead", "selection")
    return {
        **{key: timeline[key] for key in kept},
        "markers": [
            each
            for each in timeline["markers"]
            if not each["custom_data"].startswith(ours.custom_data)
        ],
        # By kind: the order among kinds is the double's own.
        "tracks": {
            kind: [
                {key: value for key, value in each.items() if key != "subtype"}
                for each in timeline["tracks"]
                if each["kind"] == kind and not (kind == "subtitle" and each["name"] in ours.tracks)
            ]
            for kind in ("video", "audio", "subtitle")
        },
    }
