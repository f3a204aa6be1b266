"""Adds Recue's track, items, file and pool item to a project, and removes them.

Only what was not there before, or what is remembered as placed by Recue, is ever deleted.
"""

from __future__ import annotations

import re
import secrets
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from editor_plugin.hosts.resolve import api
from editor_plugin.hosts.resolve.state.journal import PlacedSubtitles
from editor_plugin.hosts.resolve.state.saved_state import find_folder
from editor_plugin.hosts.resolve.state.session import Session

TRACK = "Recue"
ATTEMPTS = 3
"""Deleting may need to be asked twice, and lists may be one change behind."""
REST_SECONDS = 0.3


@dataclass(frozen=True)
class Item:
    """A new item: its id, where it is, and its start in absolute frames, rounded."""

    uid: str
    kind: str
    index: int
    start: int


def names(session: Session) -> list[str]:
    """The names of the subtitle tracks, in their order."""
    return [session.track_name("subtitle", index) for index in session.tracks("subtitle")]


def free_name(session: Session) -> str:
    """A name for our track that no track has: “Recue”, else “Recue 2” and so on."""
    taken = set(names(session))
    numbered = (f"{TRACK} {number}" for number in range(2, len(taken) + 3))
    return next(each for each in (TRACK, *numbered) if each not in taken)


def index_of(session: Session, name: str) -> int | None:
    """The index of the subtitle track of a name."""
    there = names(session)
    return there.index(name) + 1 if name in there else None


def add_track(session: Session, name: str, in_front: bool) -> bool:
    """Add a subtitle track of this name, last or in front of the others."""
    before = names(session)
    options = ({"index": 1},) if in_front else ()
    api.call(session.timeline(), "AddTrack", "subtitle", *options)
    after = names(session)
    if len(after) != len(before) + 1:
        return False
    # It may come in front although it was wanted last; an empty track tells which one it is.
    for index in (len(after), 1):
        if not session.items("subtitle", index) and _is_new(before, after, index):
            api.call(session.timeline(), "SetTrackName", "subtitle", index, name)
            if index_of(session, name) == index:
                return True
            api.call(session.timeline(), "DeleteTrack", "subtitle", index)
            return False
    return False


def _is_new(before: list[str], after: list[str], index: int) -> bool:
    rest = [*after[: index - 1], *after[index:]]
    numberless = [[each.rstrip("0123456789") for each in some] for some in (rest, before)]
    return numberless[0] == numberless[1]


def delete_track(session: Session, name: str) -> bool:
    """Delete a track that we added, if it is empty."""
    index = index_of(session, name)
    if index is None or session.items("subtitle", index):
        return False
    api.call(session.timeline(), "DeleteTrack", "subtitle", index)
    return index_of(session, name) is None


def ids(session: Session) -> set[str]:
    """The ids of all items of the timeline."""
    return {api.uid(item) for _, _, item in session.all_items()}


def new_items(session: Session, there: set[str]) -> list[Item]:
    """The items that were not there, with where they are."""
    found = []
    for kind, index, item in session.all_items():
        uid, start = api.uid(item), api.number(api.call(item, "GetStart"))
        if uid and uid not in there and start is not None:
            found.append(Item(uid, kind, index, round(start)))
    return found


def delete_new(session: Session, there: set[str]) -> bool:
    """Delete the items that were not there; returns whether they are gone."""
    return _delete(session, lambda uid: bool(uid) and uid not in there)


def remove(session: Session, record: PlacedSubtitles) -> bool:
    """Delete the track that we filled earlier, unless something else lies on it now."""
    index = index_of(session, record.track)
    if index is None:
        return True
    there = {api.uid(item) for item in session.items("subtitle", index)}
    if not there <= set(record.ids):
        return False
    if api.call(session.timeline(), "GetIsTrackLocked", "subtitle", index) is True:
        api.call(session.timeline(), "SetTrackLock", "subtitle", index, False)
    _delete(session, lambda uid: uid in there)
    delete_track(session, record.track)
    return index_of(session, record.track) is None


def _delete(session: Session, is_doomed: Callable[[str], bool]) -> bool:
    session.open_page("edit")
    for _ in range(ATTEMPTS):
        doomed = _doomed(session, is_doomed)
        if not doomed:
            return True
        api.call(session.timeline(), "DeleteClips", doomed, False)
        session.sleep(REST_SECONDS)
    session.sleep(REST_SECONDS)
    return not _doomed(session, is_doomed)


def _doomed(session: Session, is_doomed: Callable[[str], bool]) -> list[Any]:
    return [item for _, _, item in session.all_items() if is_doomed(api.uid(item))]


def in_pool(pool: Any, uid: str) -> Any:
    """The pool item of an id, which lies in the current bin or else anywhere."""
    found: list[Any] = []

    def look(folder: Any) -> bool:
        clips = api.listed(api.call(folder, "GetClipList"))
        found.extend(each for each in clips if api.uid(each) == uid)
        return bool(found)

    if not look(api.call(pool, "GetCurrentFolder")):
        find_folder(pool, look)
    return found[0] if found else None


def drop_from_pool(session: Session, uid: str) -> None:
    """Remove the SRT from the media pool; its subtitles stay on the timeline."""
    pool = session.pool()
    item = in_pool(pool, uid)
    if item is not None:
        api.call(pool, "DeleteClips", [item])


def write_fresh(srt: str, folder: Path, name: str = "") -> Path:
    """Write an SRT under a name that was never used: Resolve answers a known path with the old
    text. In ASCII where the folder allows it, as parts of Resolve know nothing else."""
    plain = re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")[:40]
    file = f"recue-{plain + '-' if plain else ''}{secrets.token_hex(6)}.srt"
    if not str(folder).isascii():
        folder = Path(tempfile.gettempdir(), "recue")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = (folder / file).absolute()
    path.write_bytes(srt.encode("utf-8"))
    return path
