"""TTML (.ttml) in the IMSC 1.1 text profile.

Not written with ttconv, for exact times: its writer rounds a fraction of a frame up, and cannot
combine milliseconds with frames. The tests use its reader and its check of the profile.
"""

from __future__ import annotations

from fractions import Fraction
from xml.sax.saxutils import escape, quoteattr

from editor_plugin.core.timebase import nominal_rate
from editor_plugin.engine.export.result import ExportFormat, Result
from editor_plugin.engine.export.shown import clock, milliseconds, shown, shown_lines

# One region, the bottom 80 % of the picture's width and height (the title-safe area), text
# centred at its bottom.
_HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttp="http://www.w3.org/ns/ttml#parameter" \
xmlns:tts="http://www.w3.org/ns/ttml#styling" xmlns:ttm="http://www.w3.org/ns/ttml#metadata" \
xml:lang={language} \
ttp:contentProfiles="http://www.w3.org/ns/ttml/profile/imsc1.1/text"{rate}>
  <head>
    <metadata>
      <ttm:title>{title}</ttm:title>
    </metadata>
    <styling>
      <style xml:id="text" tts:fontFamily="proportionalSansSerif" tts:fontSize="5rh" \
tts:lineHeight="125%" tts:color="#FFFFFF" tts:textAlign="center"/>
    </styling>
    <layout>
      <region xml:id="bottom" tts:origin="10% 10%" tts:extent="80% 80%" tts:displayAlign="after"/>
    </layout>
  </head>
  <body region="bottom" style="text">
    <div>
"""
_TAIL = """\
    </div>
  </body>
</tt>
"""


def to_ttml(result: Result) -> str:
    """Return the TTML text: times in whole frames on a timeline, else in milliseconds."""
    head = _HEAD.format(
        language=quoteattr(result.language or ""),
        rate=_rate(result.rate),
        title=escape(shown(result.name)),
    )
    paragraphs = []
    for cue in result.cues:
        lines = shown_lines(cue)
        if lines:
            times = f'begin="{_time(cue.start, result.rate)}" end="{_time(cue.end, result.rate)}"'
            text = "<br/>".join(map(escape, lines))
            paragraphs.append(f'      <p {times} xml:space="preserve">{text}</p>\n')
    return head + "".join(paragraphs) + _TAIL


def _rate(rate: Fraction | None) -> str:
    if rate is None:
        return ""
    whole = nominal_rate(rate)
    multiplier = rate / whole
    factor = f"{multiplier.numerator} {multiplier.denominator}"
    written = f' ttp:frameRate="{whole}"'
    return written if multiplier == 1 else f'{written} ttp:frameRateMultiplier="{factor}"'


def _time(seconds: Fraction, rate: Fraction | None) -> str:
    return clock(milliseconds(seconds)) if rate is None else f"{round(seconds * rate)}f"


FORMATS = (ExportFormat("ttml", ".ttml", to_ttml, "TTML subtitles (IMSC)"),)
