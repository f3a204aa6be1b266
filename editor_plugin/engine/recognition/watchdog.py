"""The watchdog, which decides when the runner has stalled. Pure: no clock, no process.

Two mistakes are possible: to wait for ever, and to kill a runner that is only slow, which would be
killed on every route, so that a slow machine could never transcribe. So each stage has its own
timeout, and that of a batch follows the speed that this machine has shown, with a minimum.

Time is counted in *awake* seconds. See `AwakeClock`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Timeouts:
    """Every number of the watchdog, in seconds unless it says otherwise. The defaults are chosen,
    not measured. On a two-core machine importing NeMo takes 8 to 12 s; they leave more than ten
    times that for cold disks and virus scanners."""

    starting: float = 60.0
    importing: float = 180.0
    loading: float = 180.0
    loading_per_gigabyte: float = 120.0
    """A file of a gigabyte on a slow network drive: 12 MB/s, read, unpacked and read again."""
    planning: float = 180.0
    planning_per_second: float = 0.2
    """For each second of audio that is searched for silences."""
    first_batch: float = 300.0
    first_batch_per_second: float = 1.5
    """For each second of audio in a batch, before this machine has shown its speed."""
    batch: float = 120.0
    """The floor of every later batch."""
    factor: float = 10.0
    """How many times longer than predicted a batch may take. Laptops throttle, and users render."""
    batch_audio: float = 240.0
    """Audio seconds in a batch, where neither the caller nor the runner has said."""
    silence: float = 300.0
    """No message at all, heartbeats included. C code may hold Python's lock, so this is long."""
    idle: float = 90.0
    """A batch in which the process does nothing. One that computes is waited for much longer, but
    one that waits for itself, as in a deadlock, uses no processor time at all."""
    idle_share: float = 0.01
    """Of one processor: what counts as nothing. A real runner that does nothing but send heartbeats
    uses less than a twentieth of that (under 0.01 s in 20 s)."""
    cancelling: float = 20.0
    stopping: float = 5.0
    tick: float = 0.2
    """How often the engine looks."""
    longest_tick: float = 2.0
    """What one look can add to the awake time, however long ago the last one was."""


@dataclass(frozen=True)
class FinishedBatch:
    """A finished batch: seconds of audio, and the awake seconds that it took."""

    audio: float
    took: float


_REMEMBERED = 50
"""Finished batches that predict the next one; older ones may have had another speed."""

_CHANGES = 16
"""From half an hour of audio in a batch down to a few seconds on the CPU, by halves."""


@dataclass(frozen=True)
class CallSize:
    """The size of a call, from which its timeouts follow. `stage` is the one of `protocol.STAGES`
    that the call ends in. `batches` are those finished by this model in this process, the first
    included. `batch_audio` is the seconds of audio in a batch, 0 where it is not known."""

    stage: str
    model_bytes: int = 0
    audio: float = 0.0
    batch_audio: float = 0.0
    batches: tuple[FinishedBatch, ...] = ()


WATCHED = ("starting", "importing", "loading", "planning", "transcribing", "stopping")
"""Not "idle", in which the runner has not received the call yet."""


def allowed(stage: str, task: CallSize, timeouts: Timeouts) -> float:
    """The awake seconds that may pass in a stage without progress."""
    if stage == "loading":
        return timeouts.loading + timeouts.loading_per_gigabyte * task.model_bytes / 1e9
    if stage == "planning":
        return timeouts.planning + timeouts.planning_per_second * task.audio
    if stage == "transcribing":
        return batch_allowance(task, timeouts)
    if stage == "importing":
        return timeouts.importing
    return timeouts.stopping if stage == "stopping" else timeouts.starting


def batch_allowance(task: CallSize, timeouts: Timeouts) -> float:
    """The seconds that the next batch may take. The first batch of a model warms up caches and
    kernels and shows no speed: until the second one is finished, the allowance is that of a machine
    slower than real time."""
    largest = max((batch.audio for batch in task.batches), default=0.0)
    audio = task.batch_audio or max(largest, timeouts.batch_audio)
    if task.audio:
        audio = min(audio, task.audio)
    warm = task.batches[1:]
    if not warm:
        return timeouts.first_batch + timeouts.first_batch_per_second * audio
    return max(timeouts.batch, timeouts.factor * predicted(audio, warm, timeouts))


def predicted(audio: float, batches: Sequence[FinishedBatch], timeouts: Timeouts) -> float:
    """The seconds that a batch with `audio` seconds takes, from one or more finished ones. Small
    batches are mostly overhead and would make any large one look slow, so only those at least half
    as large as the largest are used; the slowest of them counts. Where all are small, each further
    second of audio takes no longer than on a machine of unknown speed: otherwise a slow batch of a
    tenth of a second would predict days."""
    largest = max(batch.audio for batch in batches)
    telling = [batch for batch in batches if 2 * batch.audio >= largest]
    return max(
        batch.took
        + max(0.0, audio - batch.audio)
        * min(timeouts.first_batch_per_second, batch.took / batch.audio if batch.audio else 0.0)
        for batch in telling
    )


class AwakeClock:
    """Counts the seconds in which this machine and this thread were running.

    Sleep of a laptop shows, where the monotonic clock goes on in it (Windows), as one very long
    tick; so does a frozen virtual machine, or an engine that was not scheduled. The runner could
    not work in that time either, so no tick counts for more than `longest_tick`. Where the
    monotonic clock stops in sleep (Linux, macOS), there is nothing to correct. The wall clock is
    not used, as it jumps for other reasons, too.
    """

    def __init__(self, now: float, longest_tick: float) -> None:
        self.awake = 0.0
        """Seconds since the beginning, without sleep."""
        self._last = now
        self._longest = longest_tick

    def tick(self, now: float) -> None:
        """Count the time up to `now`, in seconds of the monotonic clock."""
        self.awake += min(max(now - self._last, 0.0), self._longest)
        self._last = now

    def skip(self, now: float) -> None:
        """Do not count the time up to `now`, as the engine was busy itself."""
        self._last = now


class Watchdog(AwakeClock):
    """Decides when a call has stalled, from the time and the signs of progress."""

    def __init__(self, task: CallSize, timeouts: Timeouts, now: float) -> None:
        super().__init__(now, timeouts.longest_tick)
        self.stage = task.stage
        self.batches = task.batches
        self._task = task
        self._timeouts = timeouts

        self._seen: set[str] = set()
        self._progressed = 0.0
        self._heard = 0.0
        self._batch_began = 0.0
        self._changes = 0
        self._worked = 0.0
        self._processor: float | None = None

    @property
    def waited(self) -> float:
        """Awake seconds since the last progress."""
        return self.awake - self._progressed

    def heard(self) -> None:
        """A message came: a sign of life, but not of progress."""
        self._heard = self.awake

    def used(self, processor: float) -> None:
        """Set the seconds of processor time that the process has used since it started."""
        enough = self._timeouts.idle_share * self._timeouts.idle
        if self._processor is None or processor - self._processor >= enough:
            self._processor = processor
            self._worked = self.awake

    def entered(self, stage: str) -> None:
        """Set the stage that the runner reports. Only the first report of a stage is progress, so
        that a runner which repeats its stages has stalled, too."""
        if stage not in WATCHED:
            return
        self.stage = stage
        if stage not in self._seen:
            self._seen.add(stage)
            self.progressed()

    def progressed(self) -> None:
        """A window, a batch or a stage is finished."""
        self._progressed = self.awake
        self._changes = 0

    def finished_batch(self, audio: float) -> None:
        """A batch with `audio` seconds is finished: progress, and evidence of the speed, unless
        nothing in it was recognised (0)."""
        if audio:
            batch = FinishedBatch(audio, self.awake - self._batch_began)
            self.batches = (*self.batches[:1], *self.batches[1:][-_REMEMBERED:], batch)
        self._batch_began = self.awake
        self.progressed()

    def changed(self) -> None:
        """The runner goes on in another way, as after running out of memory: the batch begins
        again, and earlier measurements are void. This counts only so often without progress."""
        if self._changes < _CHANGES:
            self._changes += 1
            self.batches = ()
            self._progressed = self._batch_began = self.awake

    def stalled(self) -> bool:
        """Whether the runner has used up its time."""
        if self.awake - self._heard > self._timeouts.silence:
            return True
        idle = min(self.waited, self.awake - self._worked)
        if self.stage == "transcribing" and idle > self._timeouts.idle:
            return True
        task = replace(self._task, batches=self.batches)
        return self.waited > allowed(self.stage, task, self._timeouts)
