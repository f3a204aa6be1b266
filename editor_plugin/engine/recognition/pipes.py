"""The three pipes of a runner, each with a thread, so that no full pipe can block the engine."""

from __future__ import annotations

import contextlib
import queue
import subprocess
import threading
from collections.abc import Iterator
from typing import IO

from editor_plugin.core import protocol
from editor_plugin.core.errors import ProtocolError
from editor_plugin.core.protocol import Message, Notification
from editor_plugin.engine.recognition.stderr_log import RunnerLog

INBOX = 1000
"""Messages that wait for the engine. When it is full, the reader waits, and then the runner."""
_JOIN_SECONDS = 1.0
_GARBAGE_LOGGED = 20
_CHUNK = 65536


class RunnerPipes:
    """The messages from a process in `inbox`, except its heartbeats: `beats` counts them, and
    `stage` is that of the last one. `garbage` counts the lines that are no messages. `hung_up` is
    set when nothing more can come."""

    def __init__(self, process: subprocess.Popen[bytes], log: RunnerLog) -> None:
        self.inbox: queue.Queue[Message] = queue.Queue(INBOX)
        self.hung_up = threading.Event()
        self.stage = "starting"
        self.beats = 0
        self.garbage = 0
        self._outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._stopped = threading.Event()
        self._process = process
        self._log = log
        self._threads = [
            threading.Thread(target=target, name=f"runner {target.__name__}", daemon=True)
            for target in (self._read, self._write, self._drain)
        ]
        for thread in self._threads:
            thread.start()

    def send(self, message: Message) -> None:
        """Queue a message to be written; a failure shows in `hung_up` or the process."""
        self._outbox.put(protocol.encode(message))

    def stop(self) -> None:
        """End the threads, once the process is gone."""
        self._stopped.set()
        self._outbox.put(None)
        for thread in self._threads:
            thread.join(_JOIN_SECONDS)

    def _read(self) -> None:
        """The reader: stdout into messages."""
        with _open(self._process.stdout) as stdout:
            for line in lines(stdout):
                message = self._understood(line)
                if isinstance(message, Notification) and message.method == "heartbeat":
                    self.stage = str(message.params.get("stage"))
                    self.beats += 1
                elif message is not None:
                    self._deliver(message)
        self.hung_up.set()

    def _understood(self, line: bytes) -> Message | None:
        try:
            return protocol.decode(line)
        except ProtocolError as error:
            self.garbage += 1
            # A flood of them is not worth logging.
            if self.garbage <= _GARBAGE_LOGGED:
                shown = line[:200].decode("utf-8", "replace").rstrip()
                self._log.say(f"Not a message ({error.data['reason']}): {shown}")
            return None

    def _deliver(self, message: Message) -> None:
        while not self._stopped.is_set():
            with contextlib.suppress(queue.Full):
                self.inbox.put(message, timeout=0.1)
                return

    def _write(self) -> None:
        """The writer: requests into stdin. A broken pipe ends it, and nothing else."""
        with contextlib.suppress(OSError), _open(self._process.stdin) as stdin:
            while (line := self._outbox.get()) is not None:
                view = memoryview(line)
                while view:
                    view = view[stdin.write(view) :]

    def _drain(self) -> None:
        """The drain: stderr into the log."""
        with contextlib.suppress(OSError), _open(self._process.stderr) as stderr:
            while chunk := stderr.read(_CHUNK):
                self._log.write(chunk.decode("utf-8", "replace"))


def lines(stream: IO[bytes]) -> Iterator[bytes]:
    """Yield each line without its end; of one that is too long, a part that is still too long."""
    buffer = bytearray()
    skipping = False
    while chunk := _read_some(stream):
        *ends, rest = chunk.split(b"\n")
        for end in ends:
            if not skipping:
                yield bytes(buffer + end)
            buffer.clear()
            skipping = False
        if not skipping:
            buffer += rest
        if len(buffer) > protocol.MAX_LINE_BYTES:
            yield bytes(buffer)
            buffer.clear()
            skipping = True
    if buffer:
        yield bytes(buffer)


def _read_some(stream: IO[bytes]) -> bytes:
    try:
        return stream.read(_CHUNK)
    except OSError:
        return b""


def _open(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise AssertionError("every pipe was asked for")
    return pipe
