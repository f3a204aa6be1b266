"""One reference timeline, written in every format in the style of the programs that export it.

Record and source points are frames of the timeline, so that every format can carry them.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from xml.sax.saxutils import escape

import opentimelineio as otio

from editor_plugin.core.timebase import timecode

NAME = "Référence"


@dataclass(frozen=True)
class Cut:
    """A clip of the reference: frames on the timeline and in the source, percent of speed."""

    name: str
    start: int
    frames: int
    source: int
    percent: int = 100
    enabled: bool = True


CUTS = (
    Cut("one", 25, 100, 50),
    Cut("two", 125, 60, 400),
    Cut("three", 185, 80, 50),  # the first again
    Cut("slow", 300, 100, 600, percent=80),
    Cut("off", 400, 50, 0, enabled=False),
)
LENGTH = 450
MEDIA_FRAMES = 1000


@dataclass(frozen=True)
class Reference:
    """Where the reference stands: its rate, labels and media (with the source's first frame)."""

    rate: Fraction
    drop_frame: bool
    media: Path
    media_start: int = 0

    @property
    def start(self) -> int:
        """01:00:00:00 in frames."""
        nominal = -(-self.rate.numerator // self.rate.denominator)
        return 107892 if self.drop_frame else 3600 * nominal

    @property
    def nominal(self) -> int:
        """The rate, rounded up."""
        return -(-self.rate.numerator // self.rate.denominator)

    @property
    def url(self) -> str:
        """The media as a file URL."""
        return self.media.as_uri()

    @property
    def xml_url(self) -> str:
        """The same, as XML has it."""
        return escape(self.url)


def otio_timeline(reference: Reference, kinds: str = "VA") -> otio.schema.Timeline:
    """The reference as OpenTimelineIO has it."""
    rate = float(reference.rate)

    def time(frames: float) -> otio.opentime.RationalTime:
        return otio.opentime.RationalTime(frames, rate)

    def span(start: float, frames: float) -> otio.opentime.TimeRange:
        return otio.opentime.TimeRange(time(start), time(frames))

    timeline = otio.schema.Timeline(NAME, global_start_time=time(reference.start))
    for kind in kinds:
        track = otio.schema.Track(
            f"{kind}1", kind=otio.schema.TrackKind.Video if kind == "V" else "Audio"
        )
        timeline.tracks.append(track)
        now = 0
        for cut in CUTS:
            if cut.start > now:
                track.append(otio.schema.Gap(source_range=span(0, cut.start - now)))
            media = otio.schema.ExternalReference(
                reference.url, span(reference.media_start, MEDIA_FRAMES)
            )
            clip = otio.schema.Clip(
                cut.name, media, span(reference.media_start + cut.source, cut.frames)
            )
            clip.enabled = cut.enabled
            if cut.percent != 100:
                clip.effects.append(otio.schema.LinearTimeWarp(time_scalar=cut.percent / 100))
            track.append(clip)
            now = cut.start + cut.frames
    return timeline


def otio_text(reference: Reference) -> str:
    """An .otio file."""
    return str(otio.adapters.write_to_string(otio_timeline(reference), "otio_json"))


def write_aaf(reference: Reference, path: Path) -> None:
    """An .aaf file; OTIO's writer knows neither retimes nor disabled clips."""
    timeline = otio_timeline(reference)
    for clip in timeline.find_clips():
        clip.effects.clear()
    otio.adapters.write_to_file(timeline, str(path), "AAF", use_empty_mob_ids=True)


def fcpxml_text(reference: Reference, version: str = "1.10") -> str:
    """An .fcpxml file in the style of Resolve (media-rep) or, to version 1.8, of src on the asset.

    The spine carries sound and picture in one asset-clip; what follows a gap hangs on it, as
    Final Cut writes clips off the spine.
    """
    frame = 1 / reference.rate

    def t(frames: Fraction | int) -> str:
        seconds = frames * frame
        return f"{seconds.numerator}/{seconds.denominator}s"

    def clip(cut: Cut, offset: int, lane: str = "") -> str:
        start = reference.media_start + Fraction(cut.source)
        retime = ""
        if cut.percent != 100:
            # In retimed time: the map goes through the media's first frame.
            speed = Fraction(cut.percent, 100)
            start = reference.media_start + Fraction(cut.source) / speed
            begin, end = reference.media_start, reference.media_start + MEDIA_FRAMES / speed
            retime = (
                f'<timeMap frameSampling="floor"><timept time="{t(begin)}" value="{t(begin)}" '
                f'interp="linear"/><timept time="{t(end)}" '
                f'value="{t(begin + MEDIA_FRAMES)}" interp="linear"/></timeMap>'
            )
        enabled = "" if cut.enabled else ' enabled="0"'
        return (
            f'<asset-clip ref="r2" name="{cut.name}" offset="{t(offset)}" start="{t(start)}" '
            f'duration="{t(cut.frames)}" format="r1" tcFormat="NDF" audioRole="dialogue"'
            f"{enabled}{lane}>{retime}"
            '<adjust-transform position="0 0"/></asset-clip>'
        )

    one, two, three, slow, off = CUTS
    old = version == "1.8"
    src = f' src="{reference.xml_url}"' if old else ""
    asset = (
        f'<asset id="r2" name="{escape(reference.media.name)}" start="{t(reference.media_start)}" '
        f'duration="{t(MEDIA_FRAMES)}" hasVideo="1" hasAudio="1" audioSources="1" '
        f'audioChannels="2" format="r1"{src}'
    )
    asset += (
        "/>" if old else f'><media-rep kind="original-media" src="{reference.xml_url}"/></asset>'
    )
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE fcpxml>
<fcpxml version="{version}">
  <resources>
    <format id="r1" name="FFVideoFormat1080p" frameDuration="{t(1)}" width="1920" height="1080"/>
    {asset}
  </resources>
  <library><event name="E"><project name="{NAME}">
    <sequence format="r1" duration="{t(LENGTH)}" tcStart="{t(reference.start)}"
      tcFormat="{"DF" if reference.drop_frame else "NDF"}">
      <spine>
        <gap name="Gap" offset="{t(reference.start)}" duration="{t(25)}" start="{t(86400)}"/>
        {clip(one, reference.start + 25)}
        {clip(two, reference.start + 125)}
        {clip(three, reference.start + 185)}
        <gap name="Gap" offset="{t(reference.start + 265)}" duration="{t(135)}" start="{t(86400)}">
          {clip(slow, 86400 + 35, ' lane="1"')}
        </gap>
        {clip(off, reference.start + 400)}
      </spine>
    </sequence>
  </project></event></library>
</fcpxml>
"""


def fcp7_text(reference: Reference) -> str:
    """An FCP 7 .xml file in the style of Premiere Pro: a stereo pair on two tracks, shared ids."""
    ntsc = "TRUE" if reference.rate.denominator > 1 else "FALSE"
    rate = f"<rate><timebase>{reference.nominal}</timebase><ntsc>{ntsc}</ntsc></rate>"
    form = "DF" if reference.drop_frame else "NDF"
    told: set[str] = set()

    def file() -> str:
        if told:
            return '<file id="file-1"/>'
        told.add("file-1")
        return (
            f'<file id="file-1"><name>{escape(reference.media.name)}</name>'
            f"<pathurl>{reference.xml_url.replace('file:///', 'file://localhost/')}</pathurl>{rate}"
            f"<duration>{MEDIA_FRAMES}</duration><timecode>{rate}<frame>{reference.media_start}"
            "</frame><displayformat>NDF</displayformat></timecode><media><video/><audio>"
            "<samplecharacteristics><depth>16</depth></samplecharacteristics>"
            "<channelcount>2</channelcount></audio></media></file>"
        )

    def item(cut: Cut, track: str, channel: int) -> str:
        speed = Fraction(cut.percent, 100)
        begin = round(cut.source / speed)
        retime = ""
        if cut.percent != 100:
            retime = (
                "<filter><effect><name>Time Remap</name><effectid>timeremap</effectid>"
                "<parameter><parameterid>variablespeed</parameterid><value>0</value></parameter>"
                f"<parameter><parameterid>speed</parameterid><value>{cut.percent}</value>"
                "</parameter><parameter><parameterid>reverse</parameterid><value>FALSE</value>"
                "</parameter></effect></filter>"
            )
        source = (
            f"<sourcetrack><mediatype>audio</mediatype><trackindex>{channel}</trackindex>"
            "</sourcetrack>"
        )
        return (
            f'<clipitem id="clipitem-{track}-{cut.name}"><name>{cut.name}</name>'
            f"<enabled>{str(cut.enabled).upper()}</enabled><duration>{MEDIA_FRAMES}</duration>"
            f"{rate}<start>{cut.start}</start><end>{cut.start + cut.frames}</end><in>{begin}</in>"
            f"<out>{begin + cut.frames}</out>{file()}{retime}{source if channel else ''}</clipitem>"
        )

    def track(name: str, channel: int) -> str:
        items = "".join(item(cut, name, channel) for cut in CUTS)
        exploded = f' totalExplodedTrackCount="2" currentExplodedTrackIndex="{channel - 1}"'
        return (
            f"<track{exploded if channel else ''}>{items}<enabled>TRUE</enabled>"
            "<locked>FALSE</locked></track>"
        )

    label = timecode(reference.start, reference.rate, reference.drop_frame)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE xmeml>
<xmeml version="4">
  <sequence id="sequence-1"><uuid>x</uuid><duration>{LENGTH}</duration>{rate}<name>{NAME}</name>
    <media>
      <video><format/>{track("V1", 0)}</video>
      <audio><numOutputChannels>2</numOutputChannels>{track("A1", 1)}{track("A2", 2)}</audio>
    </media>
    <timecode>{rate}<string>{label}</string>
      <frame>{reference.start}</frame><displayformat>{form}</displayformat></timecode>
  </sequence>
</xmeml>
"""


def edl_text(reference: Reference, head: bool = True) -> str:
    """An .edl file in the style of Resolve and Avid; it carries no disabled clips."""

    def label(frame: int) -> str:
        return timecode(frame, reference.rate, reference.drop_frame)

    lines = [
        f"TITLE: {NAME}",
        f"FCM: {'DROP FRAME' if reference.drop_frame else 'NON-DROP FRAME'}",
        "",
    ]
    if head:
        zero, gap = label(0), label(25)
        record = f"{label(reference.start)} {label(reference.start + 25)}"
        lines.append(f"001  BL       V     C        {zero} {gap} {record}")
    for number, cut in enumerate((each for each in CUTS if each.enabled), 2):
        speed = Fraction(cut.percent, 100)
        source = reference.media_start + cut.source
        times = (
            source,
            source + round(cut.frames * speed),
            reference.start + cut.start,
            reference.start + cut.start + cut.frames,
        )
        lines.append(f"{number:03}  TAKEONE  AA/V  C        " + " ".join(map(label, times)))
        if cut.percent != 100:
            fps = float(reference.nominal * speed)
            lines.append(f"M2   TAKEONE       {fps:05.1f}                {label(source)}")
        lines.append(f"* FROM CLIP NAME: {reference.media.name}")
    return "\n".join(lines) + "\n"
