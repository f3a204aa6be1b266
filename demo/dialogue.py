"""What the two voices of the demo film say. Text of our own, part of this project."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One sentence: who says it, and how long the silence after it lasts, in seconds."""

    speaker: str
    text: str
    pause_s: float


VOICE_OF = {"Director": "slt", "Editor": "rms"}

LINES = (
    Line("Director", "Good morning, Sam.", 0.4),
    Line("Director", "Is the new cut ready?", 0.5),
    Line("Editor", "Almost, I only have to find the sound.", 0.6),
    Line("Director", "You lost the sound?", 0.4),
    Line("Editor", "No, it is somewhere on my desk, under the coffee.", 0.7),
    Line("Director", "Last week you lost the dog.", 0.5),
    Line("Editor", "The dog was in the picture, but nobody could see it.", 0.8),
    Line("Director", "Please show me the last scene.", 0.5),
    Line("Editor", "Here it is, with music, rain, and a very happy end.", 0.6),
    Line("Director", "Why does the king look at his phone?", 0.5),
    Line("Editor", "He wanted to know the time.", 0.4),
    Line("Director", "That story is a thousand years old!", 0.7),
    Line("Editor", "Then we call it a magic mirror.", 0.5),
    Line("Director", "Good idea, nobody reads the small words anyway.", 0.5),
    Line("Editor", "They do now, because we have subtitles.", 0.6),
    Line("Director", "Wonderful! Who wrote them?", 0.5),
    Line("Editor", "A small machine, and it asked for more money.", 0.4),
    Line("Director", "Tell it to wait until Friday, like everybody else.", 0.8),
)
