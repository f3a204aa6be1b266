"""AppendToTimeline: where subtitles and clips land, as the switches have it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tests.doubles.resolve import subtitles
from tests.doubles.resolve import world as w
from tests.doubles.resolve.application import Application
from tests.doubles.resolve.surface import Dead, Handle

POSITION_KEYS = {"recordFrame", "trackIndex", "startFrame", "endFrame", "mediaType"}


@dataclass(frozen=True)
class Order:
    """One thing to append, and the keys of its clipInfo (empty for a plain item)."""

    media: w.PoolItem
    info: dict[str, Any]
    plain: bool


def orders_of(app: Application, args: tuple[Any, ...]) -> list[Order] | None:
    """Read the arguments in any of their forms. None for what is none of them."""
    given = args[0] if len(args) == 1 and isinstance(args[0], (list, tuple)) else args
    orders = []
    for each in given:
        info = each if isinstance(each, dict) else {}
        item = info.get("mediaPoolItem") if info else each
        media = app.find_pool_item(item._uid) if isinstance(item, Handle) else None
        if media is None or set(info) - POSITION_KEYS - {"mediaPoolItem"}:
            app.violation(f"AppendToTimeline: {each!r}")
            return None
        orders.append(Order(media, {k: v for k, v in info.items() if k in POSITION_KEYS}, not info))
    return orders


def append(app: Application, args: tuple[Any, ...]) -> Any:
    """Append to the current timeline."""
    timeline, switches = app.current, app.switches
    orders = orders_of(app, args)
    if timeline is None or not orders:
        return None
    if app.world.clock - app.last_append < switches.hurry:
        app.crash("AppendToTimeline was called too soon after the last one")
    app.last_append = app.world.clock
    made: list[Any] = []
    for order in orders:
        one = _subtitles if order.media.kind == "subtitle" else _clip
        placed = one(app, timeline, order)
        if placed is None:
            return [None]
        made.extend(placed)
    if switches.append_returns == "none":
        return [None]
    if switches.append_returns == "dead":
        return [Dead() for _ in made] or [Dead()]
    return made


def _subtitles(app: Application, timeline: w.Timeline, order: Order) -> list[Any] | None:
    switches, project = app.switches, app.open_project()
    at_global_end = switches.position == "global_end"
    if order.info:
        app.violation("AppendToTimeline: position keys with subtitles")
        if switches.clip_info == "crash":
            app.crash("AppendToTimeline with position keys and subtitles")
        if switches.clip_info == "none":
            return None
        at_global_end = True
    if not order.plain and switches.clip_info_plain == "crash":
        app.crash("AppendToTimeline with a dictionary and subtitles")
    app.changing(timeline)
    track = _target(app, timeline)
    # What is returned is truthy whether or not anything was placed.
    if track is None or track.locked or not track.enabled:
        return [Dead()]
    base = _base(app, timeline, track, at_global_end)
    timeline.appended = True
    rate = w.rate(project, timeline)
    items: list[w.Item] = []
    for cue in order.media.cues:
        first, last = (base + each + switches.slip for each in subtitles.frames(cue, rate))
        item = w.Item(app.world.uid("item"), "subtitle", text=cue.text)
        item.start, item.end = Fraction(first), Fraction(last)
        if not _overlaps(item, track.items + items):
            items.append(item)
    app.place(track, items)
    return [app.handle("TimelineItem", item.uid) for item in items]


def _target(app: Application, timeline: w.Timeline) -> w.Track | None:
    tracks, switches = timeline.of_kind("subtitle"), app.switches
    if switches.target == "video":
        return timeline.of_kind("video")[0]
    if not tracks:
        if switches.no_track == "nothing":
            return None
        timeline.tracks.append(w.Track(app.world.uid("track"), "subtitle"))
        return timeline.tracks[-1]
    if switches.target == "first_enabled":
        return next((track for track in tracks if track.enabled), None)
    if switches.target == "only_unlocked":
        return next((track for track in tracks if not track.locked), None)
    number = switches.destination if switches.target == "destination" else 1
    return tracks[number - 1] if number <= len(tracks) else None


def _base(app: Application, timeline: w.Timeline, track: w.Track, at_global_end: bool) -> int:
    """The absolute frame that a cue's time 0 falls on."""
    project = app.open_project()
    waiting = [item for _, uid, items in app.pending if uid == track.uid for item in items]
    there = [item.end for item in track.items + waiting]
    end = w.end_frame(project, timeline)
    # The programme is picture and sound; subtitles alone do not count.
    programme = any(t.items for t in timeline.tracks if t.kind != "subtitle")
    first = app.switches.position == "programme_end_first" and not timeline.appended
    if at_global_end or (first and programme):
        return int(end)
    return int(max(there)) if there else w.start_frame(project, timeline)


def _clip(app: Application, timeline: w.Timeline, order: Order) -> list[Any] | None:
    """Picture or sound. Fractions of frames are refused from 21 on, for the whole batch."""
    project, info = app.open_project(), order.info
    numbers = [info[key] for key in info if key in ("startFrame", "endFrame", "recordFrame")]
    if app.profile.version[0] >= 21 and any(int(each) != each for each in numbers):
        return None
    rate = w.rate(project, timeline)
    first = Fraction(info.get("startFrame", 0))
    last = Fraction(info.get("endFrame", order.media.frames))
    length = (last - first) / order.media.fps * rate
    kind = {1: "video", 2: "audio"}.get(info.get("mediaType", 0))
    kinds = [kind] if kind else ["audio"] if order.media.kind == "audio" else ["video", "audio"]
    app.changing(timeline)
    made = []
    for each in kinds:
        tracks, number = timeline.of_kind(each), info.get("trackIndex", 1)
        if number > len(tracks) or tracks[number - 1].locked:
            continue
        track = tracks[number - 1]
        ends = [item.end for item in track.items]
        end = max([Fraction(w.start_frame(project, timeline)), *ends])
        item = w.Item(app.world.uid("item"), "clip", order.media.name, pool=order.media.uid)
        item.start = Fraction(info.get("recordFrame", end))
        item.end, item.source_in = item.start + length, first / order.media.fps
        made.append(app.handle("TimelineItem", item.uid))
        if not _overlaps(item, track.items):
            app.place(track, [item])
    return made


def _overlaps(item: w.Item, others: list[w.Item]) -> bool:
    return any(each.start < item.end and item.start < each.end for each in others)
