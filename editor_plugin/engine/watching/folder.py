"""Watching a folder: subtitles for every file that is put into it.

For editors that let no script in: one exports a timeline into the folder, and its subtitles appear
beside it. A file is done when it has stopped growing, and again when it was exported anew. Looking
is by polling: it works on every system and on network drives, where notices of changes do not.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from editor_plugin.core.errors import (
    Cancelled,
    InnerError,
    InputError,
    JobSetAside,
    OutputIsInput,
    OutputUnwritable,
    RecueError,
    RunnerError,
    SettingsInvalid,
    WatchedSetAside,
)
from editor_plugin.core.jobs.events import (
    Emit,
    Event,
    InputFailed,
    InputFinished,
    InputStarted,
    Note,
)
from editor_plugin.core.jobs.request import InputOptions, Order, OutputFile
from editor_plugin.engine.export import WRITERS
from editor_plugin.engine.export.files import refuse_unwritable
from editor_plugin.engine.log import LOG
from editor_plugin.engine.watching.files import Memory, is_meant, look_of

LOOK_SECONDS = 2.0
SETTLED_SECONDS = 4.0
"""How long a file must look the same: longer than a copy over a network pauses."""
OF_THE_FILE = (InputError, RunnerError, OutputUnwritable, OutputIsInput, InnerError, Cancelled)
"""Errors after which a file rests. Any other concerns the next file as well, and ends the watch."""
MOST_DEATHS = 2
"""How often a watch may die at a file before the file is set aside."""

_RECORD = threading.Lock()
"""Held while the record is changed, for the watches of one engine."""

Do = Callable[[Sequence[Order], Emit], bool]
"""Makes the orders' subtitles, shows the events and emits them, too."""


@dataclass(frozen=True)
class WatchOptions:
    """The folder, the subtitles' folder (None: beside each file), formats, and input options."""

    folder: Path
    output: Path | None
    formats: tuple[str, ...]
    input: InputOptions

    @property
    def out(self) -> Path:
        """The folder for the subtitles."""
        return self.output or self.folder


def refuse_impossible(options: WatchOptions, output: str) -> None:
    """Raise SettingsInvalid where there is no such folder, OutputUnwritable where subtitles cannot
    be written. `output` is what the user calls the folder for them."""
    for name, folder in (("the folder to watch", options.folder), (output, options.out)):
        if not folder.is_dir():
            raise SettingsInvalid(name, str(folder), "a folder that exists")
    refuse_unwritable(options.out)


class WatchedFolder:
    """The state of a watch: `growing` files still change, `good` is whether none has failed, and
    `is_away` whether the folder cannot be read, as on a drive that is not connected. What is done
    is recorded in the folder `data`."""

    def __init__(
        self,
        options: WatchOptions,
        data: Path,
        emit: Emit,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._options, self._data, self._emit, self._clock = options, data, emit, clock
        self._memory = Memory.read(data)
        self._seen: dict[Path, tuple[str, float]] = {}
        self._at_work: dict[Path, tuple[str, tuple[Path, ...]]] = {}
        self.is_away = False
        self.growing: list[Path] = []
        self.good = True

    def ready(self) -> list[Path]:
        """The files that have stopped growing and were not done as they are now."""
        now, seen, ready = self._clock(), {}, []
        self.growing = []
        for path, look in self._looks():
            before = self._seen.get(path)
            since = before[1] if before is not None and before[0] == look else now
            seen[path] = (look, since)
            if self._is_done(path, look):
                continue
            if now - since < SETTLED_SECONDS:
                self.growing.append(path)
            elif not look.startswith("0 "):  # one that is empty has yet to be written
                ready.append(path)
        self._seen = seen
        return ready

    def work(self, ready: Sequence[Path], do: Do) -> None:
        """Do these files. Raises what concerns all files alike."""
        refuse_unwritable(self._options.out)
        self._memory = Memory.read(self._data)
        good = [path for path in ready if not self._is_set_aside(path)]
        # After a death it is not known at which file: of several, the next one is read ahead.
        together = [good] if not self._memory.begun else [[path] for path in good]
        for paths in filter(None, together):
            try:
                self._work(paths, do)
            except RecueError:
                raise
            except Exception:
                LOG.exception("watching")
                for path in [path for path in paths if path in self._at_work]:
                    self._alone(path, do)

    def _alone(self, path: Path, do: Do) -> None:
        """Do a file that nothing is known of after a defect, so that it takes no other along."""
        try:
            self._work([path], do)
        except RecueError:
            raise
        except Exception:
            LOG.exception("watching")
            self._emit(InputFailed(path, InnerError()))
            self._ended(path, False)

    def _is_set_aside(self, path: Path) -> bool:
        """Whether the watch has died at a file, as it is now, too often; it is reported then."""
        begun = self._memory.begun.get(str(path), {})
        if begun.get("look") != self._seen[path][0] or begun["times"] < MOST_DEATHS:
            return False
        self._at_work = {path: (self._seen[path][0], tuple(o.path for o in self._outputs(path)))}
        self._emit(InputFailed(path, WatchedSetAside(str(path), begun["times"])))
        self._ended(path, False)
        return True

    def _work(self, ready: Sequence[Path], do: Do) -> None:
        self._at_work = {}
        orders = []
        for path in ready:
            outputs = self._outputs(path)
            self._at_work[path] = self._seen[path][0], tuple(output.path for output in outputs)
            orders.append(Order(path, outputs, self._options.input))
        started: list[Path] = []
        blocked: list[RecueError] = []

        def heard(event: Event) -> None:
            if isinstance(event, InputStarted):
                if event.input not in started:
                    self._begun(event.input)
                started.append(event.input)
            elif isinstance(event, InputFailed) and not self._is_of_the_file(event.error):
                blocked.append(event.error)
            elif isinstance(event, InputFinished | InputFailed):
                self._ended(event.input, isinstance(event, InputFinished))

        try:
            do(orders, heard)
        except (RunnerError, InnerError, JobSetAside) as error:
            # It may be this file that no recognition survives; the others are to have their turn.
            at = next((path for path in started if path in self._at_work), None)
            if at is None:
                raise
            self._emit(InputFailed(at, error))
            heard(InputFailed(at, error))
        finally:
            self._not_died()
        if blocked:
            raise blocked[0]

    def _is_of_the_file(self, error: RecueError) -> bool:
        """Whether an error is that of one file; raises where no file can be written any more."""
        if isinstance(error, OutputUnwritable):
            refuse_unwritable(self._options.out)
        return isinstance(error, OF_THE_FILE)

    def _begun(self, path: Path) -> None:
        look = self._at_work[path][0]
        with self._changed() as memory:
            before = memory.begun.get(str(path), {})
            times = before["times"] if before.get("look") == look else 0
            memory.begun[str(path)] = {"look": look, "times": times + 1}

    def _not_died(self) -> None:
        """Whatever ended the work, this process is there still."""
        if any(str(path) in Memory.read(self._data).begun for path in self._at_work):
            with self._changed() as memory:
                for path in self._at_work:
                    memory.begun.pop(str(path), None)

    def _ended(self, path: Path, well: bool) -> None:
        look, outputs = self._at_work.pop(path)
        self.good = self.good and well
        with self._changed() as memory:
            memory.begun.pop(str(path), None)
            memory.done[str(path)] = {"look": look, "outputs": [str(each) for each in outputs]}
            if well:
                memory.written.update({str(each): look_of(each) for each in outputs})

    @contextmanager
    def _changed(self) -> Iterator[Memory]:
        """The record, which is read again and written: another folder may be watched, too."""
        with _RECORD:
            self._memory = Memory.read(self._data)
            yield self._memory
            self._memory.write(self._data)

    def is_done(self, path: Path) -> bool:
        """Whether a file is done as it looked last."""
        return path in self._seen and self._is_done(path, self._seen[path][0])

    def _is_done(self, path: Path, look: str) -> bool:
        if self._memory.written.get(str(path)) == look:
            return True
        done = self._memory.done.get(str(path))
        if done is None or done.get("look") != look:
            return False
        return done.get("outputs") in [[str(t) for t in targets] for targets in self._names(path)]

    def _names(self, path: Path) -> list[list[Path]]:
        """The names that the outputs may have, in the order of preference."""
        return [
            [self._options.out / (stem + WRITERS[name].suffix) for name in self._options.formats]
            for stem in (path.stem, path.name)
        ]

    def _outputs(self, path: Path) -> tuple[OutputFile, ...]:
        """Named as before, else like the file, with its suffix where that name is taken."""
        taken = {
            each
            for other, done in self._memory.done.items()
            if other != str(path) and os.path.exists(other)
            for each in done.get("outputs", ())
        }
        taken.update(str(t) for _, targets in self._at_work.values() for t in targets)
        taken.add(str(path))
        own = self._memory.done.get(str(path), {}).get("outputs")
        names = self._names(path)
        free = [each for each in names if not taken & {str(target) for target in each}]
        before = [each for each in names if own == [str(target) for target in each]]
        targets = [*before, *free, names[-1]][0]
        return tuple(map(OutputFile, self._options.formats, targets))

    def _looks(self) -> Iterator[tuple[Path, str]]:
        """The files that may be meant, by name, and how each looks."""
        try:
            found = sorted(self._options.folder.iterdir())
            if self.is_away:
                self._emit(Note(None, f"“{self._options.folder}” is there again."))
            self.is_away = False
        except OSError:
            if not self.is_away:
                text = f"“{self._options.folder}” cannot be read now; Recue waits for it."
                self._emit(Note(None, text))
            self.is_away = True
            return
        for path in found:
            look = look_of(path) if is_meant(path) else ""
            if look:
                yield path, look
