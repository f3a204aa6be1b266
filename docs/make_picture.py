"""Make docs/demo.png, the README's picture: a frame of the demo film with Recue's subtitle on it.

python docs/make_picture.py   (Recue is installed; ffmpeg can draw subtitles)
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

DOCS = Path(__file__).parent
FILM = DOCS.parent / "demo" / "media" / "recue-demo.mp4"
SECOND = "9.5"


def main() -> None:
    """Transcribe the film, burn the subtitles in, and keep one frame."""
    with tempfile.TemporaryDirectory() as folder:
        subtitles = Path(folder, "film.srt")
        recue = [sys.executable, "-m", "editor_plugin", "transcribe", str(FILM), "--model", "demo"]
        subprocess.run([*recue, "-o", str(subtitles)], check=True, cwd=DOCS.parent)
        look = "scale=960:-2,subtitles=film.srt:force_style='FontName=DejaVu Sans,FontSize=18'"
        frame = ["-vf", look, "-ss", SECOND, "-frames:v", "1", str(DOCS / "demo.png")]
        command = ["ffmpeg", "-v", "error", "-y", "-i", str(FILM), *frame]
        subprocess.run(command, check=True, cwd=folder)


if __name__ == "__main__":
    main()
