"""How this Resolve behaves where reports differ. Each field is one switch.

The value that a switch has without being set is what most reports say; profiles.py changes some
of them by version. In a scenario file the switches are the object "switches".
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any


@dataclass
class Switches:
    """Every behaviour that can be chosen. Empty text and 0 mean "as the profile has it" or "off".

    SRT import and append
      known_path: a path imported before gives "nothing", its "stale" text, or a "fresh" item.
      target: which track an append goes to: "first_enabled", "only_unlocked" (the first unlocked),
        "destination" (number `destination`, which scripts cannot set),
        "first" (always track 1), "video" (astray, on V1).
      position: where cue times count from: "track_end"; "programme_end_first" (a first append
        to a timeline with content lands after it, the next one right); "global_end".
      no_track: without a subtitle track an append places "nothing", or "creates" one.
      clip_info: a clipInfo with position keys "crash"es, is "ignored" (global end), gives "none".
      clip_info_plain: a clipInfo with the pool item alone acts the "same" or "crash"es.
      slip: frames that each placed cue is off.
      new_track: a new subtitle track comes "last" or "first". new_track_disabled: it is off.
      names: what GetName says of a subtitle: its "text" flattened, or the "literal" Subtitle.
      append_returns: "items", "none" ([None]) or "dead" items whose methods are None.
      settle: seconds until appended items are there. hurry: a next append sooner than this crashes.
      list_lags: the first list of a track after a change is the old one.
      stale_handles: after a change older timeline handles answer "none" or "old" ("" = they work).
      srt_property: GetClipProperty of a subtitle pool item "answers" or "crash"es.

    Answers
      off_current_mutes: track states of a timeline that is not current read False.
      float_keys: dicts keyed by number have float keys. none_for_false, none_for_empty: None
        where False, or an empty list, is meant. refuses, lies: methods ("Timeline.AddTrack") that
        do nothing and fail, or say the contrary of what they did.
      rate_style: "text" ("29.97 DF"), "decimal" ("24.0", DF in a setting only), "number".
      own_rate_hidden: a timeline answers "" for its rate. language: "en", "de" or "ja".
      source_slip: 0 or -1 frame at scattered positions. reverse: a reversed span reads "negative",
        "positive" or "zero". delete_page: DeleteClips needs the Edit page. delete_fails: so many
        first calls of it fail.

    Trouble
      modal_after: a method after whose first call a dialog opens. modal_seconds: it closes by
        itself after so long (0 = a person has to). no_database: GetCurrentDatabase is None.
      interruptions: what a person does meanwhile; see interruptions.py.

    Deliver
      audio_preset: the name of the stock preset for sound ("none": absent). audio_format and
        audio_codec: what the format reads after it. render_extension: what it writes.
      render_seconds: how long a render takes. render_fails: "error", "cancelled", "no_file" or
        "hangs". start_form: job ids are taken in "any" form, as a "list" only, "single" only.
      deliver_page: AddRenderJob needs the Deliver page. marks_move: loading a preset sets marks
        over the whole timeline. stale_mark: a whole-timeline render leaves a video mark.
      mark_out: the last frame of a render is "inclusive" or "exclusive".
    """

    known_path: str = "nothing"
    target: str = ""
    destination: int = 1
    position: str = ""
    no_track: str = "nothing"
    clip_info: str = "crash"
    clip_info_plain: str = "same"
    slip: int = 0
    new_track: str = "last"
    new_track_disabled: bool = False
    names: str = ""
    append_returns: str = "items"
    settle: float = 0.0
    hurry: float = 0.0
    list_lags: bool = False
    stale_handles: str = ""
    srt_property: str = "answers"
    off_current_mutes: bool = True
    float_keys: bool = False
    none_for_false: bool = False
    none_for_empty: bool = False
    refuses: list[str] = field(default_factory=list)
    lies: list[str] = field(default_factory=list)
    rate_style: str = "text"
    own_rate_hidden: bool = False
    language: str = "en"
    source_slip: int = 0
    reverse: str = "negative"
    delete_page: bool = True
    delete_fails: int = 0
    modal_after: str = ""
    modal_seconds: float = 0.0
    no_database: bool = False
    interruptions: list[dict[str, Any]] = field(default_factory=list)
    audio_preset: str = "Audio Only"
    audio_format: str = "wav"
    audio_codec: str = ""
    render_extension: str = "wav"
    render_seconds: float = 1.0
    render_fails: str = ""
    start_form: str = "any"
    deliver_page: bool = True
    marks_move: bool = False
    stale_mark: bool = False
    mark_out: str = "inclusive"


CHOICES = {
    "known_path": ("nothing", "stale", "fresh"),
    "target": ("", "first_enabled", "only_unlocked", "destination", "first", "video"),
    "position": ("", "track_end", "programme_end_first", "global_end"),
    "no_track": ("nothing", "creates"),
    "clip_info": ("crash", "ignored", "none"),
    "clip_info_plain": ("same", "crash"),
    "new_track": ("last", "first"),
    "names": ("", "text", "literal"),
    "append_returns": ("items", "none", "dead"),
    "stale_handles": ("", "none", "old"),
    "srt_property": ("answers", "crash"),
    "rate_style": ("text", "decimal", "number"),
    "language": ("en", "de", "ja"),
    "reverse": ("negative", "positive", "zero"),
    "render_fails": ("", "error", "cancelled", "no_file", "hangs"),
    "start_form": ("any", "list", "single"),
    "mark_out": ("inclusive", "exclusive"),
}


def check(switches: Switches) -> None:
    """Raise ValueError for a value that no switch has: a typo must not pass as a default."""
    for each in fields(switches):
        value = getattr(switches, each.name)
        if each.name in CHOICES and value not in CHOICES[each.name]:
            raise ValueError(f"switch {each.name} has no {value!r}: {CHOICES[each.name]}")
