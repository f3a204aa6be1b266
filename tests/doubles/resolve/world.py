"""Everything that exists inside the double, as plain values that can be written as JSON.

Item times are absolute timeline frames, as Resolve counts them: the start timecode is in them.
An empty uid stands for "none". What the API tells about a value is in the other modules; here
is what is so.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from tests.doubles.resolve import clock
from tests.doubles.resolve.switches import Switches

KINDS = ("video", "audio", "subtitle")
NO_FILE = ("timeline", "compound", "multicam", "fusion", "generator")


@dataclass
class Marker:
    """A marker; `frame` counts from the start of the timeline, clip or source."""

    frame: int
    color: str = "Blue"
    name: str = ""
    note: str = ""
    duration: int = 1
    custom_data: str = ""


@dataclass
class Item:
    """An item on a track: [start, end) in absolute timeline frames.

    `kind`: clip, title, generator, transition, subtitle. `source_in` is the source time in seconds
    from the file's first frame that is heard at `start`; `speed` is source seconds per record
    second (negative: reverse, 0: freeze). `lost_source`: the source getters answer 0.
    """

    uid: str
    kind: str = "clip"
    name: str = ""
    start: Fraction = Fraction(0)
    end: Fraction = Fraction(0)
    pool: str = ""
    source_in: Fraction = Fraction(0)
    speed: Fraction = Fraction(1)
    lost_source: bool = False
    enabled: bool = True
    linked: list[str] = field(default_factory=list)
    text: str = ""
    color: str = ""
    mapping: dict[str, Any] = field(default_factory=dict)
    markers: list[Marker] = field(default_factory=list)
    properties: dict[str, Any] = field(default_factory=dict)

    @property
    def span(self) -> tuple[Fraction, Fraction]:
        """Its start and end."""
        return self.start, self.end


@dataclass
class Track:
    """A track; an empty name means the default one."""

    uid: str
    kind: str
    name: str = ""
    enabled: bool = True
    locked: bool = False
    subtype: str = ""
    items: list[Item] = field(default_factory=list)


@dataclass
class Timeline:
    """A timeline. An empty `rate` means the project's; `playhead` is an absolute frame.

    `marks` is {"video": {"in": 0, "out": 99}, "audio": {...}}, relative to the start.
    """

    uid: str
    name: str
    rate: str = ""
    start_timecode: str = "01:00:00:00"
    settings: dict[str, str] = field(default_factory=dict)
    tracks: list[Track] = field(default_factory=list)
    markers: list[Marker] = field(default_factory=list)
    marks: dict[str, dict[str, int]] = field(default_factory=dict)
    playhead: int = -1
    selection: list[str] = field(default_factory=list)
    pool: str = ""
    generation: int = 0
    appended: bool = False

    def of_kind(self, kind: str) -> list[Track]:
        """The tracks of a kind, in the order of their index."""
        return [track for track in self.tracks if track.kind == kind]


@dataclass
class Cue:
    """A cue of an imported SRT: seconds, and its text with line breaks."""

    start: Fraction
    end: Fraction
    text: str


@dataclass
class PoolItem:
    """What lies in a bin. `kind`: video, av, audio, still, subtitle or one of NO_FILE.

    `fps` and `frames` are the media's own (for a sound file: the project's rate at its import).
    `sound` is what a nested item sounds like in a render. `blank`: properties that read "".
    """

    uid: str
    kind: str
    name: str
    path: str = ""
    fps: Fraction = Fraction(24)
    frames: int = 0
    start_timecode: str = "00:00:00:00"
    channels: int = 2
    sample_rate: int = 48000
    online: bool = True
    sound: str = ""
    timeline: str = ""
    blank: list[str] = field(default_factory=list)
    mapping: dict[str, Any] = field(default_factory=dict)
    properties: dict[str, str] = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)
    cues: list[Cue] = field(default_factory=list)
    markers: list[Marker] = field(default_factory=list)
    marks: dict[str, dict[str, int]] = field(default_factory=dict)


@dataclass
class Bin:
    """A folder of the media pool; `clips` are uids of pool items."""

    uid: str
    name: str
    clips: list[str] = field(default_factory=list)
    folders: list[Bin] = field(default_factory=list)


@dataclass
class RenderJob:
    """A job of the queue. `state`: ready, rendering, complete, cancelled, failed."""

    uid: str
    timeline: str
    settings: dict[str, Any] = field(default_factory=dict)
    extension: str = "mov"
    mode: int = 1
    state: str = "ready"
    started: float = 0.0
    error: str = ""
    file: str = ""


@dataclass
class RenderPreset:
    """What a render preset brings: format and codec, mode, settings."""

    name: str
    format: str = "mov"
    codec: str = "H264"
    mode: int = 1
    settings: dict[str, Any] = field(default_factory=dict)
    stock: bool = False


@dataclass
class Deliver:
    """The state of the Deliver page."""

    format: str = "mov"
    codec: str = "H264"
    mode: int = 1
    settings: dict[str, Any] = field(default_factory=dict)
    presets: list[RenderPreset] = field(default_factory=list)
    jobs: list[RenderJob] = field(default_factory=list)


@dataclass
class Project:
    """A project. Settings are text. `imported`: paths that ImportMedia has seen; `added`: uids."""

    uid: str
    name: str
    rate: str = "24"
    settings: dict[str, str] = field(default_factory=dict)
    timelines: list[Timeline] = field(default_factory=list)
    current: str = ""
    media: list[PoolItem] = field(default_factory=list)
    root: Bin = field(default_factory=lambda: Bin("bin-root", "Master"))
    bin: str = "bin-root"
    selection: list[str] = field(default_factory=list)
    deliver: Deliver = field(default_factory=Deliver)
    imported: list[str] = field(default_factory=list)
    added: list[str] = field(default_factory=list)
    saves: int = 0


@dataclass
class World:
    """A running Resolve: `profile` names a version in profiles.py, `edition` is free or studio.

    `calls` and `violations` are what an adapter did, in order. `modal` is the text of an open
    dialog, `crashed` why Resolve is gone, `ffmpeg` the program that a render mixes with.
    """

    profile: str
    edition: str = ""
    switches: Switches = field(default_factory=Switches)
    projects: list[Project] = field(default_factory=list)
    current: str = ""
    page: str = "edit"
    database: dict[str, str] = field(
        default_factory=lambda: {"DbType": "Disk", "DbName": "Local Database"}
    )
    prefs: dict[str, Any] = field(default_factory=dict)
    modal: str = ""
    modal_since: float = 0.0
    crashed: str = ""
    clock: float = 0.0
    ffmpeg: str = "ffmpeg"
    made: int = 0
    calls: list[dict[str, Any]] = field(default_factory=list)
    violations: list[str] = field(default_factory=list)

    def uid(self, what: str) -> str:
        """A new uid."""
        self.made += 1
        return f"{what}-{self.made}"


def rate_text(project: Project, timeline: Timeline) -> str:
    """The rate of a timeline as text, DF included."""
    return timeline.rate or project.rate


def rate(project: Project, timeline: Timeline) -> Fraction:
    """The rate of a timeline."""
    return clock.rate_of(rate_text(project, timeline))


def start_frame(project: Project, timeline: Timeline) -> int:
    """The absolute number of its first frame."""
    return clock.frame_of(timeline.start_timecode, rate(project, timeline))


def end_frame(project: Project, timeline: Timeline) -> Fraction:
    """The absolute frame after its last item, subtitles included."""
    ends = [item.end for track in timeline.tracks for item in track.items]
    return max([Fraction(start_frame(project, timeline)), *ends])


def all_bins(root: Bin) -> list[Bin]:
    """A bin and all beneath it."""
    return [root, *(each for folder in root.folders for each in all_bins(folder))]
