"""What a style does, shown on a passage that everybody has: the words of the demo film.

Its times are those of the synthesiser that spoke it, so they are exact, and no model is needed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import takewhile
from pathlib import Path

from editor_plugin.core.cues import Cue
from editor_plugin.core.errors import EnvironmentBroken
from editor_plugin.core.projection import ProjectedWord
from editor_plugin.core.styles import Style
from editor_plugin.core.timeline import Media
from editor_plugin.core.transcript import Word
from editor_plugin.engine.export import Result
from editor_plugin.engine.paths import demo_folder
from editor_plugin.engine.subtitles.building import SubtitleOptions, subtitled

REFERENCE = "reference.json"
MOST_SECONDS = 25
"""Of the film: two speakers, short and long sentences."""
LANGUAGE = "en"
_LANGUAGES = {
    "ar": "Arabic",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hu": "Hungarian",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nb": "Norwegian",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sv": "Swedish",
    "th": "Thai",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "zh": "Chinese",
}
_TITLES = {
    **{f"netflix-{code}": f"Netflix, {name}" for code, name in _LANGUAGES.items()},
    "netflix-en-kids": "Netflix, English, for children",
    "netflix-default": "Netflix, other languages",
    "bbc-16x9": "BBC",
    "bbc-9x16": "BBC, upright video",
    "youtube": "YouTube",
    "shorts": "Shorts, Reels and TikTok",
    "karaoke": "Karaoke, word by word",
}


@dataclass(frozen=True)
class SpokenPassage:
    """Spoken words, in seconds from the beginning of a film of so many frames per second."""

    words: tuple[Word, ...]
    rate: Fraction
    text: str


def title_of(style: Style) -> str:
    """What a user calls a preset; the name of any other style."""
    return _TITLES.get(style.name, style.name)


def preview(style: Style) -> tuple[tuple[Cue, ...], str]:
    """The cues of the passage in a style, and its text. Raises EnvironmentBroken."""
    spoken = passage(demo_folder() / REFERENCE)
    media = Media(REFERENCE)
    words = tuple(ProjectedWord(word, word, media, 0, 0) for word in spoken.words)
    result = Result("preview", spoken.rate, (), words)
    return subtitled(result, SubtitleOptions(style, LANGUAGE)).cues, spoken.text


@lru_cache(maxsize=1)
def passage(path: Path) -> SpokenPassage:
    """The first whole sentences of the demo film. Raises EnvironmentBroken where they are not
    there."""
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        sentences = list(takewhile(lambda each: each["end_s"] <= MOST_SECONDS, told["sentences"]))
        words = tuple(
            Word(
                each["text"],
                Fraction(str(each["start_s"])),
                Fraction(str(each["end_s"])),
                speaker=sentence["speaker"],
            )
            for sentence in sentences
            for each in sentence["words"]
        )
        text = " ".join(each["text"] for each in sentences)
        return SpokenPassage(words, Fraction(told["frame_rate"]), text)
    except (OSError, ValueError, TypeError, KeyError):
        raise EnvironmentBroken(
            f"The words of the demo film (“{path}”) are not there.", "Install Recue again."
        ) from None
