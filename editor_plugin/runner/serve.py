"""The runner's server loop: read a request, execute it, write the reply.

The calling thread reads, so that `cancel` and the end of standard input are noticed during
a batch. One thread does all inference, since NeMo's models allow no more. A third sends heartbeats.
"""

from __future__ import annotations

import contextlib
import os
import queue
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Protocol

import editor_plugin
from editor_plugin.core import protocol
from editor_plugin.core.errors import Cancelled, ProtocolError, RecueError, Remedies
from editor_plugin.core.protocol import Message, Notification, Reply, Request

NO_SUCH_METHOD = -32601
_STAGES = {
    "load_model": "loading",
    "unload": "loading",
    "plan_windows": "planning",
    "transcribe": "transcribing",
}


class Wire:
    """Thread-safe writer of messages, one whole line at a time."""

    def __init__(self, stdout: BinaryIO) -> None:
        self._stdout = stdout
        self._lock = threading.Lock()
        self.broken = False
        """Whether the engine has stopped reading."""

    def send(self, message: Message) -> None:
        """Write one message; it is dropped where the engine has stopped reading."""
        view = memoryview(protocol.encode(message))
        with self._lock:
            try:
                while view:
                    view = view[self._stdout.write(view) or 0 :]
            except OSError:
                self.broken = True

    def notify(self, method: str, **params: Any) -> None:
        """Write a notification."""
        self.send(Notification(method, params))


@dataclass(frozen=True)
class PendingRequest:
    """A request that waits for the inference thread, or is being executed by it."""

    request: Request
    cancelled: threading.Event = field(default_factory=threading.Event)

    def check(self) -> None:
        """Raise Cancelled where the engine has asked for it."""
        if self.cancelled.is_set():
            raise Cancelled()


@dataclass(frozen=True)
class ParentProcess:
    """The id of the process that started this one, and a function that ends this one."""

    parent: int
    end: Callable[[int], None]


class Methods(Protocol):
    """The methods of the inference thread. `prepare` is called once, first, for slow imports;
    `call` executes a method of `_STAGES`. A RecueError becomes an error reply."""

    def prepare(self) -> None: ...
    def call(self, job: PendingRequest, notify: Callable[..., None]) -> dict[str, Any]: ...


def unexpected(error: BaseException) -> RecueError:
    """Return the error to report for an unexpected exception; the log has its traceback."""
    traceback.print_exception(error)
    detail = str(error).strip().split("\n")[0][:200]
    return RecueError(
        f"Recognition failed: {type(error).__name__}{': ' if detail else ''}{detail}.",
        Remedies(
            "Run recue doctor, and send its report if all is well there.",
            "Try again; if it happens again, please send us Recue's log.",
        ),
    )


def refuse(stdin: BinaryIO, wire: Wire, error: RecueError) -> int:
    """Answer the first request with `error`, as no other can be served; return the exit status."""
    wire.notify("log", level="error", text=str(error))
    for line in _lines(stdin):
        with contextlib.suppress(ProtocolError):
            message = protocol.decode(line)
            if isinstance(message, Request):
                wire.send(protocol.failure(message.id, error))
                break
    return 3


class Server:
    """Serves one engine on a pair of binary streams. The heartbeat's thread ends the process where
    the engine is gone and the pipe is not closed."""

    def __init__(
        self, stdin: BinaryIO, wire: Wire, methods: Methods, family: ParentProcess
    ) -> None:
        self._stdin = stdin
        self._wire = wire
        self._methods = methods
        self._family = family
        self._jobs: queue.SimpleQueue[PendingRequest] = queue.SimpleQueue()
        self._pending: list[PendingRequest] = []
        self._initialized = threading.Event()
        self._stopped = threading.Event()
        self._stage = ("starting", time.monotonic())

    def run(self) -> None:
        """Serve until standard input ends or `shutdown` comes. A running job is left as it is."""
        for work in (self._infer, self._beat):
            threading.Thread(target=work, name=work.__name__, daemon=True).start()
        for line in _lines(self._stdin):
            self._hear(line)
            if self._stopped.is_set():
                break
        self._stopped.set()

    def _hear(self, line: bytes) -> None:
        id = None
        try:
            message = protocol.decode(line)
            if isinstance(message, Request):
                id = message.id
                self._take(message)
        except ProtocolError as error:
            self._wire.send(protocol.failure(id, error))

    def _take(self, request: Request) -> None:
        if request.method == "initialize":
            self._initialize(request)
        elif request.method == "cancel":
            for job in tuple(self._pending):
                job.cancelled.set()
            self._wire.send(Reply(request.id, {}))
        elif request.method == "shutdown":
            self._enter("stopping")
            self._wire.send(Reply(request.id, {}))
            self._stopped.set()
        elif request.method not in _STAGES:
            raise ProtocolError(f"no method “{request.method[:50]}”", NO_SUCH_METHOD)
        elif not self._initialized.is_set():
            raise ProtocolError(f"“{request.method}” before “initialize”")
        else:
            job = PendingRequest(request)
            self._pending.append(job)
            self._jobs.put(job)

    def _initialize(self, request: Request) -> None:
        answer = {
            "protocol": protocol.PROTOCOL_VERSION,
            "version": editor_plugin.__version__,
            "pid": os.getpid(),
        }
        self._wire.send(Reply(request.id, answer))
        self._initialized.set()

    def _infer(self) -> None:
        """Run the inference thread."""
        self._initialized.wait()
        self._enter("importing")
        trouble: RecueError | None = None
        try:
            self._methods.prepare()
        except RecueError as error:
            trouble = error
        except BaseException as error:
            trouble = unexpected(error)
        self._enter("idle")
        while True:
            job = self._jobs.get()
            try:
                self._wire.send(
                    protocol.failure(job.request.id, trouble) if trouble else self._answer(job)
                )
            except Exception as error:  # an answer that makes no line
                self._wire.send(protocol.failure(job.request.id, unexpected(error)))
            self._pending.remove(job)

    def _answer(self, job: PendingRequest) -> Message:
        self._enter(_STAGES[job.request.method])
        try:
            job.check()
            return Reply(job.request.id, self._methods.call(job, self._wire.notify))
        except RecueError as error:
            return protocol.failure(job.request.id, error)
        except BaseException as error:
            return protocol.failure(job.request.id, unexpected(error))
        finally:
            self._enter("idle")

    def _enter(self, stage: str) -> None:
        if self._stage[0] != "stopping":
            self._stage = (stage, time.monotonic())

    def _beat(self) -> None:
        """Run the heartbeat thread."""
        while not self._stopped.is_set():
            stage, since = self._stage
            seconds = round(time.monotonic() - since, 1)
            self._wire.notify("heartbeat", stage=stage, seconds=seconds)
            # Where the parent dies, its end of the pipe may live on in another of its children.
            if self._wire.broken or os.getppid() != self._family.parent:
                self._family.end(1)
            self._stopped.wait(1.0)


def _lines(stdin: BinaryIO) -> Iterator[bytes]:
    """Yield the lines; of one that is too long only the beginning, still too long to be decoded."""
    limit = protocol.MAX_LINE_BYTES + 1
    whole = True
    while line := stdin.readline(limit):
        if whole:
            yield line
        whole = line.endswith(b"\n")
