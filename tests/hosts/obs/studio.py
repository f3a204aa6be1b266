"""A real OBS Studio on a screen of its own, driven over obs-websocket; everything has a hard end.

The configuration files are those of OBS 29: a start without first-run wizard, questions or updates.
"""

from __future__ import annotations

import configparser
import ctypes
import json
import os
import select
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import obsws_python

from tests.programs import SYSTEM_PATH

PROGRAMS = ("obs", "Xvfb", "xdotool", "openbox")
COLLECTION = "Untitled"
SCENE = "Scene"
STATUS_TEXT = "Status"
FILM_INPUT = "Film"
LAST_VERSION = 29 << 24 | 2
"""OBS 29.0.2, as global.ini has it: a newer or older number opens a dialog about what is new."""
START_SECONDS = 60
QUIT_SECONDS = 40
"""More than the script holds OBS up at its end."""


@dataclass(frozen=True)
class ObsSetup:
    """How OBS is to find its world: settings of basic.ini by section, the script and its settings,
    and variables for its environment."""

    script: Path | None = None
    settings: Mapping[str, Any] = field(default_factory=dict)
    profile: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    environ: Mapping[str, str] = field(default_factory=dict)
    film: Path | None = None


@dataclass
class Studio:
    """A running OBS: its home, process, obs-websocket client, screen and folder of recordings."""

    home: Path
    process: subprocess.Popen[bytes]
    client: Any
    display: str

    @property
    def recordings(self) -> Path:
        """Where it records."""
        return self.home / "rec"

    @property
    def log(self) -> str:
        """All that OBS and its scripts have said so far."""
        return (self.home / "obs.log").read_text(encoding="utf-8", errors="replace")

    def script_settings(self) -> dict[str, Any]:
        """The script's settings as OBS saved them last."""
        scenes = self.home / f".config/obs-studio/basic/scenes/{COLLECTION}.json"
        scripts = json.loads(scenes.read_text(encoding="utf-8"))["modules"]["scripts-tool"]
        return dict(scripts[0]["settings"])

    def status(self) -> str:
        """What stands in the text source."""
        settings = self.client.get_input_settings(STATUS_TEXT).input_settings
        return str(settings.get("text", ""))

    def play_film(self) -> None:
        """Play the film from its start."""
        self.client.trigger_media_input_action(
            FILM_INPUT, "OBS_WEBSOCKET_MEDIA_INPUT_ACTION_RESTART"
        )

    def record(self, seconds: float) -> Path:
        """Record the film's first seconds; return the file."""
        self.client.start_record()
        self.until_recording()
        self.play_film()
        time.sleep(seconds)
        return self.stop_recording()

    def until_recording(self) -> None:
        """Wait until the recording has begun."""
        wait_for(lambda: self.client.get_record_status().output_active, 20, "OBS records")

    def stop_recording(self) -> Path:
        """Stop; return the file that is being finished now."""
        path = Path(self.client.stop_record().output_path)
        wait_for(lambda: not self.client.get_record_status().output_active, 20, "OBS stops")
        return path

    def press(self, hotkey: str) -> None:
        """Press a hotkey by its name."""
        self.client.trigger_hot_key_by_name(hotkey)

    def resume(self) -> None:
        """Go on with a recording that is paused."""
        wait_for(lambda: self.client.get_record_status().output_paused, 10, "OBS pauses")
        self.client.resume_record()

    def recorded_seconds(self) -> float:
        """How long the recording is by now."""
        return float(self.client.get_record_status().output_duration) / 1000

    def quit(self) -> int:
        """Close OBS by its window's cross; return its exit status.

        Not by a signal: OBS 29 does all its closing inside the signal handler, wherever its main
        thread happens to be, and now and then dies or hangs there by itself.
        """
        # At its end OBS waits five seconds for a client that does not hang up first.
        self.client.disconnect()
        _ask_to_close(self.display, self._window("^OBS 2"))
        return self.process.wait(QUIT_SECONDS)

    def open_scripts(self) -> None:
        """Open Tools > Scripts and choose the one script there; needs a window manager."""
        for pause in (1, 5, 15):  # a busy machine is slow to open the menu, and misses the keys
            self._xdotool("key", "Escape", "alt+t")
            time.sleep(pause)
            # The wizard, the scene switcher, the output timer, and then the scripts.
            self._xdotool("key", "Down", "Down", "Down", "Return")
            time.sleep(pause)
            if self._xdotool("search", "--onlyvisible", "--name", "^Scripts$"):
                break
        window = str(self._window("^Scripts$"))
        self._xdotool("windowsize", window, "840", "600", "windowmove", window, "430", "180")
        time.sleep(1)
        self._xdotool("mousemove", "--window", window, "80", "60", "click", "1")
        time.sleep(2)

    def _window(self, name: str) -> int:
        search = ("search", "--onlyvisible", "--name", name)
        found = wait_for(lambda: self._xdotool(*search), QUIT_SECONDS, f"a window {name}")
        of_ours = self._xdotool("search", "--pid", str(self.process.pid)).split()
        return next(int(each) for each in found.split() if each in of_ours)

    def _xdotool(self, *arguments: str) -> str:
        environ = {**os.environ, "DISPLAY": self.display}
        command = ["xdotool", *arguments]
        return subprocess.run(command, env=environ, capture_output=True, text=True).stdout


@contextmanager
def window_manager(display: str) -> Iterator[None]:
    """A window manager, without which menus and dialogs get no keys."""
    manager = subprocess.Popen(
        ["openbox"], env={**os.environ, "DISPLAY": display}, stderr=subprocess.DEVNULL
    )
    try:
        yield
    finally:
        manager.terminate()
        _end(manager)


@contextmanager
def screen() -> Iterator[str]:
    """A virtual screen; yields its DISPLAY."""
    reading, writing = os.pipe()
    command = ["Xvfb", "-displayfd", str(writing), "-noreset", "-nolisten", "tcp"]
    command += ["-screen", "0", "1280x800x24"]
    server = subprocess.Popen(command, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        number = b""
        # Digits and newline come apart, and Xvfb dies if the pipe is closed between them.
        while not number.endswith(b"\n"):
            ready, _, _ = select.select([reading], [], [], START_SECONDS)
            if not (ready and (part := os.read(reading, 16))):
                raise AssertionError("Xvfb did not start")
            number += part
        yield f":{int(number)}"
    finally:
        os.close(reading)
        server.terminate()
        _end(server)


@contextmanager
def studio(home: Path, display: str, setup: ObsSetup) -> Iterator[Studio]:
    """OBS with a home of its own, ready to be asked; killed at the end if it has not ended."""
    port = _free_port()
    _write_configuration(home, port, setup)
    environ = {
        "DISPLAY": display,
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_RUNTIME_DIR": str(home / "run"),
        "LIBGL_ALWAYS_SOFTWARE": "1",
        "QT_QPA_PLATFORM": "xcb",
        # OBS takes its Python's prefix from the first python3 there: the system's own fits it.
        "PATH": SYSTEM_PATH,
        "LANG": "C.UTF-8",
        **setup.environ,
    }
    command = ["obs", "--multi", "--disable-missing-files-check", "--unfiltered_log"]
    with (home / "obs.log").open("wb") as log:
        process = subprocess.Popen(
            command, env=environ, cwd=home, stdout=log, stderr=log, start_new_session=True
        )
    opened: Studio | None = None
    try:
        opened = Studio(home, process, _connect(process, port), display)
        yield opened
    finally:
        if opened is not None and process.poll() is None:
            with suppress(subprocess.SubprocessError):
                opened.quit()
        # Only OBS's own session: an engine that a script starts has one of its own.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        _end(process)


def wait_for(condition: Callable[[], Any], seconds: float, what: str) -> Any:
    """Wait until `condition` holds; return what it gave. Fails with `what` when time is up."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := condition():
            return found
        time.sleep(0.1)
    raise AssertionError(f"waited {seconds} s in vain: {what}")


def _ask_to_close(display: str, window: int) -> None:
    """Tell a window what a window manager tells it when its cross is clicked."""
    x11 = ctypes.CDLL("libX11.so.6")
    x11.XOpenDisplay.restype = ctypes.c_void_p
    x11.XInternAtom.restype = ctypes.c_ulong
    server = ctypes.c_void_p(x11.XOpenDisplay(display.encode()))
    protocols, close = (
        x11.XInternAtom(server, name, 0) for name in (b"WM_PROTOCOLS", b"WM_DELETE_WINDOW")
    )
    # An XClientMessageEvent in the XEvent union, which is 24 longs.
    fields = (33, 0, 1, server.value or 0, window, int(protocols), 32, int(close), 0)
    event = (ctypes.c_long * 24)(*fields)
    x11.XSendEvent(server, ctypes.c_ulong(window), 0, ctypes.c_long(0), event)
    x11.XCloseDisplay(server)


def _connect(process: subprocess.Popen[bytes], port: int) -> Any:
    def attempt() -> Any:
        assert process.poll() is None, f"OBS ended with {process.returncode}"
        # The client logs a traceback for each attempt in vain, so a plain knock comes first.
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return obsws_python.ReqClient(host="127.0.0.1", port=port, password="", timeout=10)
        return None

    client = wait_for(attempt, START_SECONDS, "OBS answers")
    wait_for(lambda: _is_ready(client), START_SECONDS, "OBS is ready")
    return client


def _is_ready(client: Any) -> bool:
    # While the scene collection loads, every request is refused.
    with suppress(obsws_python.error.OBSSDKRequestError):
        return bool(client.get_current_program_scene().current_program_scene_name == SCENE)
    return False


def _end(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _write_configuration(home: Path, port: int, setup: ObsSetup) -> None:
    config = home / ".config" / "obs-studio"
    for folder in (home / "rec", config / "plugin_config" / "obs-websocket"):
        folder.mkdir(parents=True, exist_ok=True)
    (home / "run").mkdir(mode=0o700, exist_ok=True)
    _write_ini(config / "global.ini", _global_settings(port))
    profile = _profile_settings(home / "rec")
    for section, values in setup.profile.items():
        profile.setdefault(section, {}).update(values)
    profiles = config / "basic" / "profiles" / COLLECTION
    _write_ini(profiles / "basic.ini", profile)
    # A file is split at key frames only, and x264 puts one every eight seconds by itself.
    encoder = {"keyint_sec": 1, "preset": "ultrafast", "rate_control": "CBR", "bitrate": 300}
    (profiles / "streamEncoder.json").write_text(json.dumps(encoder), encoding="utf-8")
    scenes = config / "basic" / "scenes" / f"{COLLECTION}.json"
    scenes.parent.mkdir(parents=True, exist_ok=True)
    scenes.write_text(json.dumps(_scene_collection(setup)), encoding="utf-8")


def _write_ini(path: Path, sections: Mapping[str, Mapping[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    ini = configparser.RawConfigParser()
    ini.optionxform = str  # type: ignore[assignment,method-assign]
    ini.read_dict(sections)
    with path.open("w", encoding="utf-8") as file:
        ini.write(file, space_around_delimiters=False)


def _global_settings(port: int) -> dict[str, dict[str, str]]:
    versions = ("Pre19Defaults", "Pre21Defaults", "Pre23Defaults", "Pre24.1Defaults")
    return {
        "General": {
            "FirstRun": "true",
            "LastVersion": str(LAST_VERSION),
            "InfoIncrement": "0",
            **dict.fromkeys(versions, "false"),
            "EnableAutoUpdates": "false",
            "ConfirmOnExit": "false",
        },
        "Basic": {
            "Profile": COLLECTION,
            "ProfileDir": COLLECTION,
            "SceneCollection": COLLECTION,
            "SceneCollectionFile": COLLECTION,
            "ConfigOnNewProfile": "false",
        },
        "OBSWebSocket": {
            "FirstLoad": "false",
            "ServerEnabled": "true",
            "ServerPort": str(port),
            "AlertsEnabled": "false",
            "AuthRequired": "false",
        },
    }


def _profile_settings(recordings: Path) -> dict[str, dict[str, str]]:
    size = {"BaseCX": "320", "BaseCY": "180", "OutputCX": "320", "OutputCY": "180"}
    return {
        "General": {"Name": COLLECTION},
        "Video": {**size, "FPSType": "0", "FPSCommon": "30"},
        "Output": {"Mode": "Simple"},
        "SimpleOutput": {
            "FilePath": str(recordings),
            "RecFormat": "mkv",
            # Not “Stream”: a recording that shares the stream's encoder cannot be paused.
            "RecQuality": "Small",
            "StreamEncoder": "x264",
            "RecEncoder": "x264",
            "Preset": "ultrafast",
            "VBitrate": "300",
            "ABitrate": "128",
        },
        "AdvOut": {"RecFilePath": str(recordings)},
        "Audio": {"SampleRate": "48000", "ChannelSetup": "Stereo"},
    }


def _scene_collection(setup: ObsSetup) -> dict[str, Any]:
    font = {"face": "DejaVu Sans", "size": 20, "style": "Book", "flags": 0}
    text = {"text": "", "font": font}
    sources = [_source(STATUS_TEXT, "text_ft2_source", "text_ft2_source_v2", text)]
    if setup.film is not None:
        film = {"local_file": str(setup.film), "is_local_file": True, "restart_on_activate": True}
        sources.insert(0, _source(FILM_INPUT, "ffmpeg_source", "ffmpeg_source", film))
    items = [
        {"name": source["name"], "id": number, "visible": True, "align": 5}
        for number, source in enumerate(sources, 1)
    ]
    scene = {"items": items, "id_counter": len(items), "custom_size": False}
    scripts = []
    if setup.script is not None:
        scripts.append({"path": str(setup.script), "settings": dict(setup.settings)})
    return {
        "name": COLLECTION,
        "current_scene": SCENE,
        "current_program_scene": SCENE,
        "scene_order": [{"name": SCENE}],
        "sources": [_source(SCENE, "scene", "scene", scene), *sources],
        "modules": {"scripts-tool": scripts},
    }


def _source(name: str, kind: str, version: str, settings: Mapping[str, Any]) -> dict[str, Any]:
    return {"id": kind, "versioned_id": version, "name": name, "settings": dict(settings)}
