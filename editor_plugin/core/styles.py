"""Subtitle styles: the limits of the style guides, as data.

Segmentation, timing and checks read their limits from a `Style` and from nothing else; no code
asks for a style's name. `sources` says where each number comes from, in words for the docs.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from editor_plugin.core.errors import SettingsInvalid


@dataclass(frozen=True)
class CharWeights:
    """Weights of a character in a line's length and in the reading speed.

    `wide` is for East Asian full-width characters (kana, kanji, Hangul), `narrow` for all others.
    Combining marks and invisible characters count nothing. Multiples of 1/4, to make sums exact.
    """

    narrow: float = 1.0
    wide: float = 2.0


@dataclass(frozen=True)
class SnapZones:
    """Zones around a shot change (cut) in which in and out points move, and where they move to.

    With H = `reach_frames` and T = `red_frames`: an in point 1 to H-1 frames after a cut moves back
    to the cut; 1 to T-1 frames before it, forward to the cut; T to H-1 frames before it, back to
    exactly H before. An out point less than H frames from a cut moves to `out_gap_frames` before.
    """

    reach: Fraction = Fraction(1, 2)
    """Seconds; H is this in whole frames."""
    red: Fraction = Fraction(3, 4)
    """T as a part of H. 3/4 gives 9 at 24 frames per second; the guide's older text had 8 (2/3)."""
    out_gap_frames: int = 2

    def reach_frames(self, rate: Fraction) -> int:
        """H at `rate` frames per second: 12 at 24, 15 at 30; halves go to the even number."""
        return round(self.reach * rate)

    def red_frames(self, rate: Fraction) -> int:
        """T at `rate` frames per second."""
        return round(self.red * self.reach_frames(rate))


@dataclass(frozen=True)
class Style:
    """The limits that cues are built to. Times are seconds, lengths are characters (weighted).

    The defaults are those that Netflix's Timed Text Style Guide gives for English.
    """

    name: str = "plain"

    max_chars: int = 42
    """Of one line, weighted by `char_weights`."""
    max_lines: int = 2
    max_cps: Fraction | None = Fraction(20)
    """Characters per second, spaces and punctuation included; None where a guide counts words."""
    target_cps: Fraction | None = Fraction(17)
    """The comfortable speed: a cue may linger to come down to it. None: `max_cps` is the target."""
    max_wpm: Fraction | None = None
    """Words per minute, where a guide counts them."""

    min_duration: Fraction = Fraction(5, 6)
    max_duration: Fraction = Fraction(7)
    min_gap_frames: int = 2
    close_gap_below: Fraction = Fraction(1, 2)
    """A shorter gap (but longer than the minimum) is closed to the minimum; 0 closes none."""
    linger: Fraction = Fraction(1, 2)
    """The longest that a cue may stay after its last word."""
    in_tolerance_frames: int = 2
    """How far from its first word's first frame a cue may start without a finding."""
    snap: SnapZones | None = SnapZones()
    """None: shot changes are ignored."""
    pause: Fraction = Fraction(3, 2)
    """A silence of this length always ends a cue."""

    char_weights: CharWeights = CharWeights()
    joiner: str = " "
    """The separator of two words in a line: a space, or nothing in scripts without spaces."""
    no_line_start: str = ""
    """Characters that no line begins with, beyond the punctuation that every script attaches."""
    no_line_end: str = ""
    """Characters that no line ends with."""
    direction: str = "ltr"
    """Of the script: "ltr" or "rtl". Text is kept in logical order either way."""

    one_sentence_per_cue: bool = False
    """A cue that ends a sentence does not begin the next one, where durations allow it."""
    bottom_heavy: bool = True
    """Of two lines, the lower is to be the longer."""
    words_per_cue: int | None = None
    """The most words of a cue; None for as many as fit."""
    dashes: tuple[str, str] = ("-", "-")
    """The prefixes of the first and the second speaker who share a cue."""

    sources: tuple[tuple[str, str], ...] = ()
    """(field, where its value comes from), for each field that holds a number or a rule."""

    def source(self, field: str) -> str:
        """Return where the value of a field comes from; empty where that is not stated."""
        return dict(self.sources).get(field, "")


def style_named(name: str) -> Style:
    """Return a preset. Raises SettingsInvalid, naming the presets with the most similar names."""
    known = {style.name: style for style in STYLES}
    if name in known:
        return known[name]
    near = difflib.get_close_matches(name.lower(), known, n=3, cutoff=0.5)
    nearest = f"{' or '.join(near)}; or " if near else ""
    raise SettingsInvalid(
        "style", name, f"{nearest}any of {', '.join(known)}; or a .toml file with a style of yours"
    )


def derive(base: Style, name: str, source: str, **changes: Any) -> Style:
    """Return a style like `base` with `changes`, all of which come from `source`."""
    sources = {**dict(base.sources), **dict.fromkeys(changes, source)}
    return replace(base, name=name, sources=tuple(sources.items()), **changes)


def _sourced(base: Style, **sources: str) -> Style:
    return replace(base, sources=tuple({**dict(base.sources), **sources}.items()))


_GENERAL = "Netflix Timed Text Style Guide, General Requirements"
_TIMING = "Netflix Timed Text Style Guide, Subtitle Timing Guidelines"
_LENGTHS = "Netflix Timed Text Style Guide of the language, as Subtitle Edit's checks have it"
_OURS = "Recue's own choice"

NETFLIX_EN = Style(
    name="netflix-en",
    sources=(
        ("max_chars", _LENGTHS),
        ("max_lines", _GENERAL),
        ("max_cps", _LENGTHS),
        ("target_cps", "Netflix's limit for children's programmes, as a comfortable speed"),
        ("max_wpm", "Netflix counts characters, not words"),
        ("min_duration", _GENERAL + ": 5/6 s, which is 20 frames at 24"),
        ("max_duration", _GENERAL),
        ("min_gap_frames", _GENERAL + ": 2 frames at every frame rate"),
        ("close_gap_below", _TIMING + ": gaps are 2 frames, or half a second and more"),
        ("linger", _TIMING),
        ("in_tolerance_frames", _TIMING + ": within 1 to 2 frames of the first sound"),
        ("snap", _TIMING + ", as Subtitle Edit's checks have it"),
        ("pause", "BBC Subtitle Guidelines: text is never more than 1.5 s early"),
        ("char_weights", "Unicode East Asian Width: a full-width character takes two columns"),
        ("joiner", "the script"),
        ("no_line_start", "the script"),
        ("no_line_end", "the script"),
        ("direction", "the script"),
        ("one_sentence_per_cue", "Netflix has no such rule"),
        ("bottom_heavy", "Netflix Timed Text Style Guide: bottom-heavy pyramid"),
        ("words_per_cue", "Netflix has no such rule"),
        ("dashes", "Netflix Timed Text Style Guide of the language: dual speakers"),
    ),
)

NETFLIX_EN_KIDS = derive(
    NETFLIX_EN, "netflix-en-kids", _LENGTHS, max_cps=Fraction(17), target_cps=Fraction(15)
)
NETFLIX_EN_KIDS = _sourced(NETFLIX_EN_KIDS, target_cps=_OURS)

NETFLIX_DEFAULT = derive(
    NETFLIX_EN, "netflix-default", _LENGTHS, max_cps=Fraction(17), target_cps=Fraction(13)
)
NETFLIX_DEFAULT = _sourced(NETFLIX_DEFAULT, target_cps=NETFLIX_EN.source("target_cps"))

_FULL_WIDTH = CharWeights(narrow=0.5, wide=1.0)

# Line breaking of Japanese (JIS X 4051, JLREQ appendix A) and Chinese (CLREQ): closing brackets,
# stops, iteration and length marks, and small kana stay with what is before them.
_NO_CJK_START = (
    "、。，．・：；？！‼⁇⁈⁉）］｝〕〉》」』】〙〗〟’”｠»…‥—～%％‰℃°"
    "ーヽヾゝゞ々〻ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ"
    "ｧｨｩｪｫｬｭｮｯｰ｡｣､･ﾞﾟ"
)
_NO_CJK_END = "（［｛〔〈《「『【〘〖〝‘“｟«￥＄£¥$｢"

NETFLIX_JA = derive(
    NETFLIX_DEFAULT,
    "netflix-ja",
    "Netflix Timed Text Style Guide, Japanese, as Subtitle Edit's checks have it",
    max_chars=13,
    max_cps=Fraction(4),
    target_cps=None,
    min_duration=Fraction(1, 2),
    close_gap_below=Fraction(0),
    char_weights=_FULL_WIDTH,
    joiner="",
    no_line_start=_NO_CJK_START,
    no_line_end=_NO_CJK_END,
)
NETFLIX_ZH = derive(
    NETFLIX_DEFAULT,
    "netflix-zh",
    "Netflix Timed Text Style Guide, Chinese, as Subtitle Edit's checks have it",
    max_chars=16,
    max_cps=Fraction(9),
    target_cps=Fraction(7),
    char_weights=_FULL_WIDTH,
    joiner="",
    no_line_start=_NO_CJK_START,
    no_line_end=_NO_CJK_END,
)
NETFLIX_KO = derive(
    NETFLIX_DEFAULT,
    "netflix-ko",
    "Netflix Timed Text Style Guide, Korean: Latin letters, spaces and punctuation count half",
    max_chars=16,
    max_cps=Fraction(12),
    target_cps=Fraction(9),
    char_weights=_FULL_WIDTH,
    dashes=("- ", "- "),
)
NETFLIX_TH = derive(
    NETFLIX_DEFAULT,
    "netflix-th",
    "Netflix Timed Text Style Guide, Thai, as Subtitle Edit's checks have it",
    max_chars=35,
    joiner="",
    no_line_start="ะาำๅๆฯ",  # vowels and signs written after their consonant
    no_line_end="เแโใไ",  # vowels written before their consonant
    dashes=("- ", "- "),
)
NETFLIX_AR = derive(
    NETFLIX_DEFAULT,
    "netflix-ar",
    "Netflix Timed Text Style Guide, Arabic, as Subtitle Edit's checks have it",
    max_cps=Fraction(20),
    target_cps=Fraction(17),
    direction="rtl",
    dashes=("- ", "- "),
)
NETFLIX_HI = derive(
    NETFLIX_DEFAULT,
    "netflix-hi",
    "Netflix Timed Text Style Guide, Hindi, as Subtitle Edit's checks have it",
    max_cps=Fraction(22),
    target_cps=Fraction(18),
)

_DASHES: dict[str, tuple[str, str]] = {
    **dict.fromkeys(("cs", "es", "fr", "hu", "id", "it", "pl", "pt", "ro", "ru"), ("- ", "- ")),
    **dict.fromkeys(("fi", "he", "nl"), ("", "-")),
    **dict.fromkeys(("da", "de", "el", "nb", "sv", "tr", "uk"), ("-", "-")),
}
"""How each language marks two speakers in Netflix's guides; `-` on both lines is the default."""

_NETFLIX_OTHERS = tuple(
    derive(
        NETFLIX_DEFAULT,
        f"netflix-{language}",
        "Netflix Timed Text Style Guide of the language",
        dashes=dashes,
        direction="rtl" if language == "he" else "ltr",
    )
    for language, dashes in sorted(_DASHES.items())
)

BBC_16X9 = derive(
    NETFLIX_EN,
    "bbc-16x9",
    "BBC Subtitle Guidelines",
    max_chars=37,
    max_cps=None,
    target_cps=None,
    max_wpm=Fraction(180),
    min_duration=Fraction(6, 5),
    min_gap_frames=0,
    close_gap_below=Fraction(1),
    linger=Fraction(3, 2),
    snap=SnapZones(out_gap_frames=0),
    one_sentence_per_cue=True,
)
BBC_16X9 = _sourced(
    BBC_16X9,
    target_cps="the BBC counts words, not characters",
    max_cps="the BBC counts words, not characters",
    min_duration="BBC Subtitle Guidelines: 0.3 s a word, four words",
    max_duration="Netflix's, for want of a number in the BBC's",
    snap="BBC Subtitle Guidelines: first to last frame of a shot; the zones are Netflix's",
    bottom_heavy=_OURS,
)
BBC_9X16 = derive(
    BBC_16X9, "bbc-9x16", "BBC Subtitle Guidelines: vertical video", max_chars=25, max_lines=3
)

YOUTUBE = derive(
    NETFLIX_EN,
    "youtube",
    "TED's guidelines for volunteers, which many channels follow",
    max_cps=Fraction(21),
    target_cps=Fraction(15),
    snap=None,
)
YOUTUBE = _sourced(YOUTUBE, target_cps=_OURS, snap=_OURS)

SHORTS = derive(
    NETFLIX_EN,
    "shorts",
    "Subtitle Edit's profile for TikTok and Shorts",
    max_chars=24,
    max_cps=Fraction(25),
    target_cps=Fraction(20),
    min_gap_frames=0,
    snap=None,
)
SHORTS = _sourced(SHORTS, target_cps=_OURS, snap=_OURS)

KARAOKE = derive(
    SHORTS,
    "karaoke",
    _OURS,
    max_lines=1,
    max_cps=None,
    target_cps=None,
    min_duration=Fraction(0),
    linger=Fraction(0),
    words_per_cue=1,
)

STYLES = (
    NETFLIX_EN,
    NETFLIX_EN_KIDS,
    NETFLIX_DEFAULT,
    NETFLIX_AR,
    NETFLIX_HI,
    NETFLIX_JA,
    NETFLIX_KO,
    NETFLIX_TH,
    NETFLIX_ZH,
    *_NETFLIX_OTHERS,
    BBC_16X9,
    BBC_9X16,
    YOUTUBE,
    SHORTS,
    KARAOKE,
)
"""Every preset."""

PLAIN = NETFLIX_EN
"""The style where the user names none."""
