"""Files that call themselves recordings and name other files, against ffmpeg and its libraries."""

from __future__ import annotations

import subprocess
import sys
import time
import wave
from pathlib import Path

import psutil
import pytest

pytest.importorskip("av", reason="needs the package av")

from editor_plugin.core.errors import MediaUnreadable
from editor_plugin.core.timeline import Media
from editor_plugin.engine.media.extraction import extract
from editor_plugin.engine.media.forms import OPENING
from editor_plugin.engine.media.probe import probe
from editor_plugin.engine.media.shot_changes import find_shot_changes
from tests.attacks.ledger import attempt
from tests.engine.conftest import BUILDS, ffmpeg_of

KIND = "a playlist under a recording's name"
PLAYLISTS = {
    "ffconcat": "ffconcat version 1.0\nfile secret.wav\n",
    "hls": "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:8,\nsecret.ts\n#EXT-X-ENDLIST\n",
    "hls that never ends": (
        "#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:100000\n#EXT-X-MEDIA-SEQUENCE:0\n"
        "#EXTINF:8,\nsecret.ts\n"
    ),
    "dash": (
        '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" '
        'mediaPresentationDuration="PT8S"><Period><AdaptationSet mimeType="audio/mp4">'
        '<Representation id="0" bandwidth="1"><BaseURL>secret.wav</BaseURL></Representation>'
        "</AdaptationSet></Period></MPD>"
    ),
    "sdp": "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 9 RTP/AVP 0\n",
    "asx": '<asx version="3.0"><entry><ref href="secret.wav"/></entry></asx>',
    "asf reference": "[Reference]\nRef1=http://127.0.0.1:9/secret.wav?MSWMExt=.asf\n",
    "xspf": (
        '<?xml version="1.0"?><playlist version="1" xmlns="http://xspf.org/ns/0/"><trackList>'
        "<track><location>secret.wav</location></track></trackList></playlist>"
    ),
    "m3u": "#EXTM3U\nsecret.wav\n",
    "ffmetadata": ";FFMETADATA1\ntitle=x\n",
}
NAMES = ("take.mp4", "take.wav", "take.concat", "take.m3u8", "take.mpd", "take.sdp", "take%03d.png")


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """The folder with what a playlist is after."""
    with wave.open(str(tmp_path / "secret.wav"), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(bytes(2 * 16_000))
    command = [ffmpeg_of("bundled"), "-v", "error", "-i", str(tmp_path / "secret.wav")]
    subprocess.run([*command, "-c:a", "mp2", str(tmp_path / "secret.ts")], check=True)
    return tmp_path


@pytest.mark.parametrize("kind", PLAYLISTS)
def test_a_playlist_is_no_recording(kind: str, secret: Path) -> None:
    for name in NAMES:
        path = secret / name
        path.write_text(PLAYLISTS[kind])
        with attempt(KIND), pytest.raises(MediaUnreadable):
            probe(path)
        with attempt(KIND), pytest.raises(MediaUnreadable):
            find_shot_changes(path)
        with attempt(KIND), pytest.raises(MediaUnreadable):
            extract(Media(str(path)), None, secret / "out.wav")


@pytest.mark.parametrize("build", BUILDS)
@pytest.mark.parametrize("kind", PLAYLISTS)
def test_ffmpeg_itself_opens_no_playlist(kind: str, build: str, secret: Path) -> None:
    program = ffmpeg_of(build)
    options = [word for name, value in OPENING.items() for word in (f"-{name}", value)]
    for name in NAMES:
        path = secret / name
        path.write_text(PLAYLISTS[kind])
        done = subprocess.run(
            [program, "-v", "error", *options, "-i", f"file:{path}", "-f", "null", "-"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=60,
        )
        with attempt(KIND):
            assert done.returncode != 0


@pytest.mark.parametrize("build", BUILDS)
def test_numbered_pictures_are_no_recording(build: str, tmp_path: Path) -> None:
    picture = ["-f", "lavfi", "-i", "color=red:s=16x16:d=0.2"]
    command = [ffmpeg_of(build), "-v", "error", *picture]
    subprocess.run([*command, str(tmp_path / "take%03d.png")], check=True)
    pattern = tmp_path / "take%03d.png"
    pattern.write_bytes((tmp_path / "take001.png").read_bytes())
    for path in (pattern, tmp_path / "take001.png"):
        with attempt("a pattern for numbered pictures"), pytest.raises(MediaUnreadable):
            find_shot_changes(path)


def test_a_playlist_is_called_what_it_is(secret: Path) -> None:
    path = secret / "take.mp4"
    path.write_text(PLAYLISTS["ffconcat"])
    with pytest.raises(MediaUnreadable, match="it is a playlist"):
        probe(path)


@pytest.mark.skipif(sys.platform != "linux", reason="needs Linux, whose kernel ends it")
def test_ffmpeg_ends_with_its_parent() -> None:
    program = (
        "from editor_plugin.engine.media.ffmpeg_process import ProgressControl, run_ffmpeg\n"
        "run_ffmpeg(['-re', '-f', 'lavfi', '-i', 'anullsrc', '-progress', 'pipe:1', '-f', 'null',"
        " '-'], ProgressControl())\n"
    )
    project = Path(__file__).parents[2]
    parent = subprocess.Popen([sys.executable, "-c", program], cwd=project)

    def is_ffmpeg(process: psutil.Process) -> bool:
        try:
            command = process.cmdline()
        except psutil.NoSuchProcess:  # such as a question for ffmpeg's version, just ended
            return False
        return "anullsrc" in command and "-I" not in command

    children: list[psutil.Process] = []
    while not any(map(is_ffmpeg, children)):
        assert parent.poll() is None
        time.sleep(0.02)
        children = psutil.Process(parent.pid).children(recursive=True)
    with attempt("an engine that is killed while ffmpeg runs"):
        parent.kill()
        parent.wait()
        gone, alive = psutil.wait_procs(children, timeout=60)
        assert gone and not alive
