"""Pool items: properties as text (but for FPS), some of them localised, audio mapping as JSON."""

from __future__ import annotations

import json
import re
from fractions import Fraction
from pathlib import PurePath
from typing import Any

from tests.doubles.resolve import clock
from tests.doubles.resolve import world as w
from tests.doubles.resolve.markers import Marked, Ranged
from tests.doubles.resolve.profiles import edition_of
from tests.doubles.resolve.surface import DATA, Handle

TYPES = {
    "en": {
        "video": "Video",
        "av": "Video + Audio",
        "audio": "Audio",
        "still": "Still",
        "subtitle": "Subtitle",
        "timeline": "Timeline",
        "compound": "Compound",
        "multicam": "Multicam",
        "fusion": "Fusion",
        "generator": "Generator",
    },
    "de": {"audio": "Ton", "av": "Video + Ton", "subtitle": "Untertitel", "still": "Standbild"},
    "ja": {
        "audio": "オーディオ",
        "av": "ビデオ + オーディオ",
        "subtitle": "字幕",
        "video": "ビデオ",
    },
}
OFFLINE = {"en": ("Online", "Offline"), "de": ("Online", "Offline"), "ja": ("オン", "オフ")}


class MediaPoolItem(Marked, Ranged):
    """What lies in a bin."""

    _role = "MediaPoolItem"

    def _exists(self) -> bool:
        return self._app.find_pool_item(self._uid) is not None

    def _media(self) -> w.PoolItem:
        media = self._app.find_pool_item(self._uid)
        assert media is not None
        return media

    def _markers(self) -> list[w.Marker]:
        return self._media().markers

    def _ranges(self) -> dict[str, dict[str, int]]:
        return self._media().marks

    def GetName(self) -> str:
        return self._media().name

    def SetName(self, name: str) -> bool:
        if self._media().kind == "subtitle":
            return False
        self._media().name = name
        return True

    def GetUniqueId(self) -> str:
        return self._uid

    def GetMediaId(self) -> str:
        return f"media-of-{self._uid}"

    def GetMetadata(self, name: str = "") -> Any:
        metadata = self._media().metadata
        return metadata.get(name, "") if name else dict(metadata)

    def SetMetadata(self, name: Any, value: str = "") -> bool:
        self._media().metadata.update(name if isinstance(name, dict) else {name: value})
        return True

    def GetClipProperty(self, name: str = "") -> Any:
        media = self._media()
        if media.kind == "subtitle" and self._app.switches.srt_property == "crash":
            self._app.crash("GetClipProperty of a subtitle pool item")
        told = properties(media, self._app.switches.language)
        return told.get(name, "") if name else told

    def SetClipProperty(self, name: str, value: str) -> bool:
        """The answer says nothing: read back."""
        if name == "Clip Name" and self._media().kind != "subtitle":
            self._media().name = value
        elif name not in ("FPS", "File Path", "Frames"):
            self._media().properties[name] = value
        return True

    def GetAudioMapping(self) -> str | None:
        mapping = self._media().mapping
        return json.dumps(mapping) if mapping else None

    def GetTimeline(self) -> Handle | None:
        """For nested timelines; None for compound clips."""
        media = self._media()
        known = media.kind == "timeline" and self._app.find_timeline(media.timeline)
        return self._app.handle("Timeline", media.timeline) if known else None

    def TranscribeAudio(self, speakers: Any = None) -> bool:
        """Studio does it; it is never ours to start."""
        self._app.violation("TranscribeAudio: Resolve's own transcription was started")
        return edition_of(self._app.world) == "studio"

    def GetClipColor(self) -> str:
        return self._media().properties.get("Clip Color", "")

    def SetClipColor(self, color: str) -> bool:
        if color in DATA["clip_colors"]:
            self._media().properties["Clip Color"] = color
        return color in DATA["clip_colors"]

    def ClearClipColor(self) -> bool:
        self._media().properties.pop("Clip Color", None)
        return True

    def GetFlagList(self) -> list[str]:
        return []


def properties(media: w.PoolItem, language: str) -> dict[str, Any]:
    """What GetClipProperty tells. Nested items have few, and an empty File Path."""
    kind = TYPES[language].get(media.kind) or TYPES["en"][media.kind]
    told: dict[str, Any] = {"Clip Name": media.name, "Type": kind, "Comments": "", "Usage": "1"}
    if media.kind in w.NO_FILE:
        return {**told, "File Path": "", "FPS": float(media.fps), **media.properties}
    if media.kind == "subtitle":
        first = media.cues[0].start if media.cues else Fraction(0)
        told["Start TC"] = clock.timecode(clock.nearest(first * media.fps), media.fps)
        return {**told, "File Path": media.path, "File Name": PurePath(media.path).name}
    label = re.split(r"[/\\]", media.path)[-1]
    start = clock.frame_of(media.start_timecode, media.fps)
    drop = ";" in media.start_timecode
    rate = round(float(media.fps), 3)
    told.update(
        {
            "File Path": media.path,
            "File Name": label,
            "Format": "Wave" if media.kind == "audio" else "QuickTime",
            "FPS": rate,
            "Frames": str(media.frames),
            "Start": "0",
            "End": str(media.frames - 1),
            "Duration": clock.timecode(media.frames, media.fps),
            "Start TC": media.start_timecode,
            "End TC": clock.timecode(start + media.frames, media.fps, drop),
            "Drop frame": str(int(drop)),
            "Audio Ch": str(media.channels),
            "Audio Codec": "Linear PCM" if media.channels else "",
            "Audio Bit Depth": "24" if media.channels else "",
            "Sample Rate": str(media.sample_rate),
            "Video Codec": "" if media.kind == "audio" else "ProRes",
            "Resolution": "" if media.kind == "audio" else "1920x1080",
            "Online Status": OFFLINE[language][0 if media.online else 1],
            "Proxy": "None",
            "Proxy Media Path": "",
            "Synced Audio": "",
            "In": "",
            "Out": "",
        }
    )
    told.update(media.properties)
    told.update({name: "" for name in media.blank})
    return told
