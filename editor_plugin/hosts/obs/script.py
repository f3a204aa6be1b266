"""OBS callbacks, and the timer that processes them.

OBS calls on several threads. So a callback puts its work into `_inbox` and returns; `_tick`, which
OBS calls on one thread only, does it. No callback lets an error out: OBS opens a window for it,
or dies of it.
"""

from __future__ import annotations

import json
import time
from collections import deque
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from editor_plugin.core.errors import MediaMissing, RecueError, StillRecording, Surface
from editor_plugin.core.printable import printable
from editor_plugin.hosts.interpreter import DoctorProcess
from editor_plugin.hosts.obs import properties, recordings
from editor_plugin.hosts.obs.browser import open_address
from editor_plugin.hosts.obs.callbacks import Splits, guarded
from editor_plugin.hosts.obs.choices import Choices, is_done, recording_request
from editor_plugin.hosts.obs.engine_link import Engines
from editor_plugin.hosts.obs.hotkeys import Hotkeys
from editor_plugin.hosts.obs.jobs import RecordingJobs
from editor_plugin.hosts.obs.recordings import Recordings
from editor_plugin.hosts.obs.status_text import NOTHING, status_text, status_texts
from editor_plugin.hosts.obs.text_source import TextSource

TICK_MILLISECONDS = 50
TICKS_PER_LOOK = 10
"""Half a second between two looks at files."""
HANDOVER_SECONDS = 15.0
"""The most that OBS's end is held up, so that the engine takes what was just recorded. It takes
two to three seconds, with a start of the engine; on a computer that is encoding besides, more."""
UNSENT = "unsent"
"""The setting that keeps, over OBS's end, what the engine has not taken."""
TITLE = "<b>Recue</b><br>Subtitles for each recording, made on this computer."


class Script:
    """The script in OBS. `obs` is the module obspython, `engines` is editor_plugin.client."""

    def __init__(self, obs: Any, engines: Engines) -> None:
        self._obs = obs
        self._jobs = RecordingJobs(engines)
        self._recordings = Recordings()
        self._choices = Choices()
        self._inbox: deque[Callable[[], None]] = deque()
        last, cancel = (partial(self._later, do) for do in (self._transcribe_last, self._cancel))
        hotkeys = {
            "recue.transcribe_last": ("Recue: transcribe the last recording", last),
            "recue.cancel": ("Recue: stop transcribing", cancel),
        }
        self._hotkeys = Hotkeys(obs, hotkeys)
        self._doctor: DoctorProcess | None = None
        self._remark = ""
        self._text_source = TextSource(obs)
        self._splits = Splits(obs, self._on_split)
        self._timer = guarded(self._tick)
        self._is_over = self._has_ended = False
        self._ticks = 0
        self._wanted: frozenset[Path] = frozenset()
        self._logged: frozenset[str] = frozenset()

    def description(self) -> str:
        """The text that OBS shows above the properties."""
        return TITLE

    def defaults(self, settings: Any) -> None:
        """Set the defaults of the properties."""
        properties.set_defaults(self._obs, settings)

    def update(self, settings: Any) -> None:
        """Read the properties after the user has changed one."""
        self._choices = properties.read(self._obs, settings)

    def load(self, settings: Any) -> None:
        """Start working: OBS has loaded the script."""
        self.update(settings)
        self._hotkeys.load(settings)
        for path in _paths(self._obs.obs_data_get_string(settings, UNSENT)):
            if not is_done(path, self._choices):
                self._later(partial(self._watch, path))
        self._obs.obs_frontend_add_event_callback(guarded(self._on_event))
        self._obs.timer_add(self._timer, TICK_MILLISECONDS)

    def save(self, settings: Any) -> None:
        """Save the hotkeys and the recordings that the engine has not taken yet."""
        self._hotkeys.save(settings)
        current = self._recordings.current
        kept = [current] if current is not None and self._choices.automatic else []
        names = [str(path) for path in (*kept, *self._waiting())]
        self._obs.obs_data_set_string(settings, UNSENT, json.dumps(names))

    def unload(self) -> None:
        """OBS drops the script. Nothing in here may release Python's lock, as waits, files and
        sockets do: OBS still has calls of ours on its way, and would crash on them."""
        self._is_over = True

    def _is_held_up(self) -> bool:
        return bool(self._inbox) or (bool(self._waiting()) and self._jobs.trouble is None)

    def properties(self) -> Any:
        """Make the dialog of the properties."""
        buttons = {
            "refresh": ("Refresh status", lambda: None),
            "last": ("Transcribe the last recording", self._transcribe_last),
            "file_now": ("Transcribe this recording", self._transcribe_file),
            "cancel": ("Stop transcribing", self._cancel),
            "page": ("Open the page", lambda: self._jobs.open_page(self._open_page)),
            "doctor": ("Run diagnostics", self._begin_doctor),
        }
        clicked = {name: (label, self._clicked(do)) for name, (label, do) in buttons.items()}
        return properties.build(self._obs, self._status(), clicked)

    def _finish(self) -> None:
        """Let the timer hand over the last recordings as OBS ends, and have its last turn."""
        end = time.monotonic() + HANDOVER_SECONDS
        while time.monotonic() < end and self._is_held_up():
            time.sleep(TICK_MILLISECONDS / 1000)
        self._is_over = self._has_ended = True
        time.sleep(2 * TICK_MILLISECONDS / 1000)
        self._jobs.close()
        if self._doctor is not None:
            self._doctor.close()

    # Callbacks, on whatever thread.

    def _later(self, what: Callable[[], None]) -> None:
        self._inbox.append(what)

    def _on_event(self, event: int) -> None:
        obs = self._obs
        if event == obs.OBS_FRONTEND_EVENT_RECORDING_STARTED:
            self._splits.listen()  # first, for the same reason as in `_tick`
            path = Path(obs.obs_frontend_get_last_recording())
            self._later(partial(self._begin, path))
        elif event == obs.OBS_FRONTEND_EVENT_RECORDING_STOPPED:
            self._splits.stop()
            last = obs.obs_frontend_get_last_recording()
            self._later(lambda: self._end(Path(last) if last else None))
        elif event == obs.OBS_FRONTEND_EVENT_SCRIPTING_SHUTDOWN:
            self._finish()

    def _on_split(self, path: Path) -> None:
        self._later(partial(self._begin, path))

    # The work, on the timer's thread.

    def _tick(self) -> None:
        if self._has_ended:
            # Only here, at once: OBS keeps one “current script” for all threads, and after a wait
            # another thread may have left none, on which OBS 29 crashes.
            self._obs.timer_remove(self._timer)
        if self._is_over:
            return
        while self._inbox:
            self._inbox.popleft()()
        self._ticks += 1
        if self._recordings.finishing and self._ticks % TICKS_PER_LOOK == 0:
            self._look()
        self._jobs.step()
        if self._doctor is not None and (report := self._doctor.report()) is not None:
            self._doctor = None
            self._say(report)
        self._show()

    def _begin(self, path: Path) -> None:
        self._recordings = recordings.begun(self._recordings, path)

    def _end(self, path: Path | None) -> None:
        self._recordings = recordings.ended(self._recordings, path)

    def _look(self) -> None:
        found = recordings.look(self._recordings, recordings.trace_on_disk)
        self._recordings = found.recordings
        for path in found.whole:
            if self._is_wanted(path):
                self._jobs.add(path, recording_request(path, self._choices))
        for path in found.missing:
            self._say_error(MediaMissing(str(path)))
        self._wanted -= {*found.whole, *found.missing}

    def _watch(self, path: Path) -> None:
        """Transcribe a file as soon as nobody writes to it."""
        self._wanted |= {path}
        self._recordings = recordings.waited_for(self._recordings, path)

    def _transcribe_last(self) -> None:
        if self._recordings.last is None:
            self._say("Nothing was recorded yet since OBS was started.")
        else:
            self._transcribe_chosen(str(self._recordings.last))

    def _transcribe_file(self) -> None:
        self._transcribe_chosen(self._choices.file)

    def _transcribe_chosen(self, name: str) -> None:
        path = Path(name)
        if not name:
            self._say("Choose a recording first.")
        elif path == self._recordings.current:
            self._say_error(StillRecording(name))
        elif not path.is_file():
            self._say_error(MediaMissing(name))
        else:
            self._remark = ""
            self._watch(path)

    def _open_page(self, address: str) -> None:
        open_address(address, lambda why: self._later(lambda: self._say(why)))

    def _cancel(self) -> None:
        self._wanted = frozenset()
        self._recordings = replace(self._recordings, finishing=())
        self._jobs.cancel()

    def _begin_doctor(self) -> None:
        if self._doctor is None:
            try:
                self._doctor = DoctorProcess()
                self._remark = "Diagnostics are running; this takes up to a minute."
            except RecueError as error:
                self._say_error(error)

    def _is_wanted(self, path: Path) -> bool:
        return self._choices.automatic or path in self._wanted

    def _waiting(self) -> list[Path]:
        """The recordings that OBS has finished and the engine has not taken yet."""
        left = [each.path for each in self._recordings.finishing]
        return [*(path for path in left if self._is_wanted(path)), *self._jobs.unsent]

    # What the user sees.

    def _status(self) -> str:
        jobs = status_texts(self._jobs.all, self._jobs.trouble, self._jobs.is_page_wanted)
        waiting = [printable(f"“{path.name}” is being finished.") for path in self._wanted]
        return "\n".join([*filter(None, [self._remark]), *waiting, *jobs]) or NOTHING

    def _say_error(self, error: RecueError) -> None:
        self._say(error.sentence(Surface.EDITOR))

    def _say(self, sentence: str) -> None:
        self._remark = sentence
        self._log(sentence)

    def _log(self, sentence: str) -> None:
        # What is printed goes to OBS's log; what goes to stderr opens a window over the picture.
        print(f"Recue: {printable(sentence)}")

    def _show(self) -> None:
        """Log each job that has ended, once; keep the text source up to date."""
        jobs, trouble = self._jobs.all, self._jobs.trouble
        news = {status_text(each) for each in jobs if each.has_ended}
        if trouble is not None and self._jobs.unsent:
            news.add(trouble.sentence(Surface.EDITOR))
        for sentence in news - self._logged:
            self._log(sentence)
        self._logged = frozenset(news)
        going = [each for each in jobs if not each.has_ended] or list(jobs[-1:])
        shown = self._remark if self._remark and not jobs else ""
        if going:
            shown = status_texts(going[:1], trouble)[-1]
        self._text_source.show(self._choices.text_source, shown)

    def _clicked(self, do: Callable[[], None]) -> Callable[[Any, Any], bool]:
        def clicked(dialog: Any, _button: Any) -> bool:
            self._later(do)
            properties.show_status(self._obs, dialog, self._status())
            return True

        return guarded(clicked)


def _paths(text: object) -> list[Path]:
    """Read the setting that keeps paths; none where it is no such list."""
    try:
        found = json.loads(str(text or "[]"))
    except ValueError:
        return []
    names = found if isinstance(found, list) else []
    return [Path(each) for each in names if isinstance(each, str)]
