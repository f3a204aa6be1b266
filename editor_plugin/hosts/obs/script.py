"""What OBS calls, and what is done about it.

OBS calls on several threads. So a callback leaves word in `_inbox` and returns; `_tick`, which OBS
calls on one thread only, does the rest. No callback lets an error out: OBS opens a window for it,
or dies of it.
"""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any, Optional

from editor_plugin.core.errors import MediaMissing, RecueError
from editor_plugin.hosts.obs import properties, recordings
from editor_plugin.hosts.obs.checkup import Checkup
from editor_plugin.hosts.obs.choices import Choices, is_done, recording_request
from editor_plugin.hosts.obs.errands import Engines, Errands
from editor_plugin.hosts.obs.hotkeys import Hotkeys
from editor_plugin.hosts.obs.recordings import Recordings
from editor_plugin.hosts.obs.telling import NOTHING, told_all

TICK_MILLISECONDS = 50
TICKS_PER_LOOK = 10
"""Half a second between two looks at files."""
HANDOVER_SECONDS = 5.0
"""The most that OBS's end is held up, so that the engine takes what was just recorded."""
UNSENT = "unsent"
"""The setting that keeps, over OBS's end, what the engine has not taken."""
TITLE = "<b>Recue</b><br>Subtitles for each recording, made on this computer."


class Script:
    """The script in OBS. `obs` is the module obspython, `engines` is editor_plugin.client."""

    def __init__(self, obs: Any, engines: Engines) -> None:
        self._obs = obs
        self._errands = Errands(engines)
        self._recordings = Recordings()
        self._choices = Choices()
        self._inbox: deque[Callable[[], None]] = deque()
        self._hotkeys = Hotkeys(
            obs,
            {
                "recue.transcribe_last": ("Recue: transcribe the last recording", self._want_last),
                "recue.cancel": ("Recue: stop transcribing", self._want_no_more),
            },
        )
        self._checkup: Optional[Checkup] = None
        self._report = ""
        self._remark = ""
        self._shown = ""
        self._ticks = 0
        self._handler: Any = None

    def description(self) -> str:
        """The text above the properties."""
        return TITLE

    def defaults(self, settings: Any) -> None:
        """OBS asks for the defaults."""
        properties.set_defaults(self._obs, settings)

    def update(self, settings: Any) -> None:
        """The user has changed something."""
        self._choices = properties.read(self._obs, settings)

    def load(self, settings: Any) -> None:
        """OBS has loaded the script."""
        self.update(settings)
        self._hotkeys.load(settings)
        for path in _paths(self._obs.obs_data_get_string(settings, UNSENT)):
            if not is_done(path, self._choices):
                self._later(lambda path=path: self._watch(path))
        self._obs.obs_frontend_add_event_callback(self._guarded(self._on_event))
        self._obs.timer_add(self._guarded(self._tick), TICK_MILLISECONDS)

    def save(self, settings: Any) -> None:
        """OBS is about to save: hotkeys, and what must not be forgotten."""
        self._hotkeys.save(settings)
        self._obs.obs_data_set_string(settings, UNSENT, json.dumps([str(p) for p in self._open()]))

    def unload(self) -> None:
        """OBS ends, or drops the script. The engine goes on; it only has to know."""
        end = time.monotonic() + HANDOVER_SECONDS
        while time.monotonic() < end and (self._inbox or self._is_unsent()):
            self._tick()
            time.sleep(0.02)
        self._errands.close()
        if self._checkup is not None:
            self._checkup.close()

    def properties(self) -> Any:
        """The dialog."""
        buttons = {
            "refresh": ("Show how far it is", lambda: None),
            "last": ("Transcribe the last recording", self._want_last),
            "file_now": ("Transcribe this recording", self._want_file),
            "cancel": ("Stop transcribing", self._want_no_more),
            "page": ("Open Recue's page", self._want_page),
            "doctor": ("Check that all is well", self._want_checkup),
        }
        clicked = {name: (label, self._clicked(do)) for name, (label, do) in buttons.items()}
        return properties.build(self._obs, self._status(), clicked)

    # Word is left, on whatever thread.

    def _later(self, what: Callable[[], None]) -> None:
        self._inbox.append(what)

    def _on_event(self, event: int) -> None:
        obs = self._obs
        if event == obs.OBS_FRONTEND_EVENT_RECORDING_STARTED:
            path = Path(obs.obs_frontend_get_last_recording())
            self._later(lambda: self._begin(path))
            self._listen_for_splits()
        elif event == obs.OBS_FRONTEND_EVENT_RECORDING_STOPPED:
            self._listen_no_more()
            told = obs.obs_frontend_get_last_recording()
            self._later(lambda: self._end(Path(told) if told else None))

    def _on_split(self, told: Any) -> None:
        path = Path(self._obs.calldata_string(told, "next_file"))
        self._later(lambda: self._go_on(path))

    def _want_last(self) -> None:
        self._later(self._transcribe_last)

    def _want_file(self) -> None:
        self._later(lambda: self._transcribe_chosen(self._choices.file))

    def _want_no_more(self) -> None:
        self._later(self._cancel)

    def _want_page(self) -> None:
        self._later(self._open_page)

    def _want_checkup(self) -> None:
        self._later(self._begin_checkup)

    # What is done about it, on the timer's thread.

    def _tick(self) -> None:
        while self._inbox:
            self._inbox.popleft()()
        self._ticks += 1
        if self._recordings.finishing and self._ticks % TICKS_PER_LOOK == 0:
            self._look()
        self._errands.step()
        if self._checkup is not None and (report := self._checkup.report()) is not None:
            self._checkup, self._report = None, report
            self._say(report)
        self._show()

    def _begin(self, path: Path) -> None:
        self._recordings = recordings.begun(self._recordings, path)

    def _go_on(self, path: Path) -> None:
        self._recordings = recordings.gone_on(self._recordings, path)

    def _end(self, path: Optional[Path]) -> None:
        self._recordings = recordings.ended(self._recordings, path)

    def _look(self) -> None:
        found = recordings.look(self._recordings, recordings.trace_on_disk)
        self._recordings = found.recordings
        for path in found.whole:
            if self._choices.automatic or path in self._wanted:
                self._errands.add(path, recording_request(path, self._choices))
        for path in found.missing:
            self._say(str(MediaMissing(str(path))))
"""
"""
