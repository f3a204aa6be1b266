"""Make the demo film and its reference: `python -m demo.make_media`.

Needs Debian's flite, ffmpeg and fonts-dejavu-core. Writes `media/recue-demo.mp4` (a plain picture
with burned-in timecode, two synthetic voices) and `reference.json` (who says what, when).
"""

from __future__ import annotations

import argparse
import json
import math
import subprocess
import tempfile
import wave
from fractions import Fraction
from pathlib import Path

from demo.needs import need_packages, need_programs, refuse

if __name__ == "__main__":
    need_packages("numpy")

import numpy as np
import numpy.typing as npt

from demo.dialogue import LINES, VOICE_OF, Line
from demo.files import HERE, MEDIA, RATE, REFERENCE
from demo.flite import SAMPLE_RATE, FliteMissingError, Speech, speak

LEAD_S = 0.8
HOW = (
    "Written by demo/make_media.py while it made the film: the sentences are demo/dialogue.py, the "
    "times are those of the flite synthesiser itself, in seconds from the first frame of the film."
)

Sentence = dict[str, object]


def place(lines: tuple[Line, ...]) -> tuple[npt.NDArray[np.int16], list[Sentence]]:
    """Say all lines one after another; return the sound and the timed sentences."""
    parts = [_silence(LEAD_S)]
    at, sentences = len(parts[0]), []
    for line in lines:
        speech = speak(line.text, VOICE_OF[line.speaker])
        sentences.append(_sentence(line, speech, at / SAMPLE_RATE))
        for part in (speech.samples, _silence(line.pause_s)):
            parts.append(part)
            at += len(part)
    frames = math.ceil(Fraction(at, SAMPLE_RATE) * RATE)
    parts.append(_silence(float(frames / RATE) - at / SAMPLE_RATE))
    return np.concatenate(parts), sentences


def _silence(seconds: float) -> npt.NDArray[np.int16]:
    return np.zeros(round(seconds * SAMPLE_RATE), np.int16)


def _sentence(line: Line, speech: Speech, at_s: float) -> Sentence:
    words = [
        {
            "text": word.text,
            "start_s": round(at_s + word.start_s, 3),
            "end_s": round(at_s + word.end_s, 3),
        }
        for word in speech.words
    ]
    return {
        "speaker": line.speaker,
        "voice": f"flite {VOICE_OF[line.speaker]}",
        "text": line.text,
        "start_s": words[0]["start_s"],
        "end_s": words[-1]["end_s"],
        "words": words,
    }


def picture(sentences: list[Sentence]) -> str:
    """The ffmpeg filter that draws the film: timecode above, two faces, room for subtitles."""
    steps = ["drawbox=x=0:y=0:w=iw:h=40:color=0x10151c:t=fill"]
    for speaker, x, colour in (("Director", 110, "0xd08a3c"), ("Editor", 410, "0x3c8ad0")):
        shown = "+".join(
            f"between(t,{s['start_s']},{s['end_s']})" for s in sentences if s["speaker"] == speaker
        )
        box = f"x={x}:y=130:w=120:h=120:t=fill"
        steps.append(f"drawbox={box}:color=0x39424e")
        steps.append(f"drawbox={box}:color={colour}:enable='{shown}'")
        steps.append(_text(speaker, x + 60, 260, 16))
    timecode = r"timecode='00\:00\:00\:00'"
    steps.append(f"{_text('', 320, 66, 40)}:{timecode}:rate={RATE}")
    steps.append(_text("Recue demo - synthetic voices", 320, 12, 16))
    return ",".join(steps)


def _text(text: str, centre: int, y: int, size: int) -> str:
    content = f"text='{text}':" if text else ""
    look = f"font='DejaVu Sans Mono':fontcolor=white:fontsize={size}"
    return f"drawtext={content}{look}:x={centre}-text_w/2:y={y}"


def encode(samples: npt.NDArray[np.int16], sentences: list[Sentence], target: Path) -> int:
    """Write the film; return its length in frames."""
    frames = round(Fraction(len(samples), SAMPLE_RATE) * RATE)
    length = f"{float((frames - Fraction(1, 2)) / RATE):.6f}"  # ends surely within the last frame
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        sound, script = Path(folder) / "sound.wav", Path(folder) / "picture.txt"
        with wave.open(str(sound), "wb") as file:
            file.setparams((1, 2, SAMPLE_RATE, len(samples), "NONE", ""))
            file.writeframes(samples.tobytes())
        script.write_text(picture(sentences), encoding="utf-8")
        command = ["ffmpeg", "-y", "-v", "error", "-f", "lavfi"]
        command += ["-i", f"color=c=0x1f2630:size=640x360:rate={RATE}:duration={length}"]
        command += ["-i", str(sound), "-filter_script:v", str(script)]
        command += ["-c:v", "libx264", "-preset", "slow", "-crf", "24", "-pix_fmt", "yuv420p"]
        command += ["-c:a", "aac", "-b:a", "96k", "-ar", "48000", "-ac", "2"]
        command += ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags:v", "+bitexact"]
        command += ["-flags:a", "+bitexact", "-movflags", "+faststart", str(target)]
        subprocess.run(command, check=True)
    return frames


def main() -> None:
    argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0]).parse_args()
    need_programs("ffmpeg")
    try:
        speak("One.", next(iter(VOICE_OF.values())))
    except FliteMissingError as error:
        refuse(f"{error}.")
    samples, sentences = place(LINES)
    frames = encode(samples, sentences, MEDIA)
    reference = {
        "how": HOW,
        "media": str(MEDIA.relative_to(HERE)),
        "frame_rate": str(RATE),
        "frames": frames,
        "sentences": sentences,
    }
    REFERENCE.write_text(json.dumps(reference, indent=1) + "\n", encoding="utf-8")
    print(
        f"{MEDIA.name}: {frames} frames, {float(frames / RATE):.3f} s, {MEDIA.stat().st_size} bytes"
    )


if __name__ == "__main__":
    main()
