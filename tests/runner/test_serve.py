"""The loop, on streams in memory and without NeMo."""

from __future__ import annotations

import io
import json
import os
import queue
import threading
from collections.abc import Callable
from typing import Any

import pytest

from editor_plugin.core import protocol
from editor_plugin.core.errors import Cancelled, EnvironmentBroken, MediaMissing, RecueError
from editor_plugin.core.protocol import Failure, Message, Notification, Reply
from editor_plugin.runner import serve
from editor_plugin.runner.serve import ParentProcess, PendingRequest, Server, Wire


class Heard(io.RawIOBase):
    """Standard output: messages into a queue. It takes a few bytes at a time, as pipes may."""

    def __init__(self) -> None:
        self.rest = b""
        self.messages: queue.Queue[Message] = queue.Queue()

    def write(self, data: Any, /) -> int:
        some = bytes(data[:7])
        *lines, self.rest = (self.rest + some).split(b"\n")
        for line in lines:
            self.messages.put(protocol.decode(line))
        return len(some)


class Methods:
    """Inference that tests lead by the hand."""

    def __init__(self) -> None:
        self.prepared = threading.Event()
        self.prepared.set()
        self.done: list[str] = []
        self.entered: queue.Queue[str] = queue.Queue()
        self.leave = threading.Event()
        self.result: Any = {"ok": 1}

    def prepare(self) -> None:
        assert self.prepared.wait(10)

    def call(self, job: PendingRequest, notify: Callable[..., None]) -> dict[str, Any]:
        self.entered.put(job.request.method)
        if job.request.method == "transcribe":
            notify("log", level="info", text="begun")
            while not self.leave.wait(0.01):
                job.check()
        self.done.append(job.request.method)
        if isinstance(self.result, BaseException):
            raise self.result
        return dict(self.result)


class Session:
    """A server in a thread of its own."""

    def __init__(self, parent: int | None = None) -> None:
        parent = os.getppid() if parent is None else parent
        self.methods = Methods()
        reading, writing = os.pipe()
        self.stdin, self.engine = os.fdopen(reading, "rb"), os.fdopen(writing, "wb", 0)
        self.heard = Heard()
        self.ended: list[int] = []
        wire = Wire(self.heard)  # type: ignore[arg-type]
        server = Server(self.stdin, wire, self.methods, ParentProcess(parent, self.ended.append))
        self.thread = threading.Thread(target=server.run)
        self.thread.start()

    def send(self, id: int, method: str, **params: Any) -> None:
        self.raw(protocol.encode(protocol.Request(id, method, params)))

    def raw(self, line: bytes) -> None:
        view = memoryview(line)
        while view:
            view = view[self.engine.write(view) :]

    def hang_up(self) -> None:
        self.engine.close()

    def next(self) -> Message:
        while True:
            message = self.heard.messages.get(timeout=60)
            if not (isinstance(message, Notification) and message.method == "heartbeat"):
                return message

    def begin(self) -> None:
        self.send(1, "initialize", protocol=1)
        assert isinstance(self.next(), Reply)

    def close(self) -> None:
        self.methods.prepared.set()
        self.methods.leave.set()
        self.hang_up()
        self.thread.join(10)
        assert not self.thread.is_alive()
        self.stdin.close()


@pytest.fixture
def session() -> Any:
    session = Session()
    yield session
    session.close()


def test_initialize_is_answered_while_nemo_is_still_imported(session: Session) -> None:
    session.methods.prepared.clear()
    session.send(1, "initialize", protocol=1)
    answer = session.next()
    assert isinstance(answer, Reply)
    assert answer.result["protocol"] == protocol.PROTOCOL_VERSION
    assert answer.result["pid"] > 0
    stages = set()
    while "importing" not in stages:
        message = session.heard.messages.get(timeout=60)
        assert isinstance(message, Notification) and message.method == "heartbeat"
        stages.add(message.params["stage"])
    assert stages <= set(protocol.STAGES)


def test_a_request_is_answered_under_its_number(session: Session) -> None:
    session.begin()
    session.send(5, "load_model")
    assert session.next() == Reply(5, {"ok": 1})


@pytest.mark.parametrize(
    ("line", "code", "id"),
    [
        (b"garbage\n", -32700, None),
        (b"\xff\xfe\n", -32700, None),
        (b"\n", -32700, None),
        (b"[1, 2]\n", -32600, None),
        (b'{"jsonrpc":"2.0","id":9,"method":"dance"}\n', -32601, 9),
        (b'{"jsonrpc":"2.0","id":9,"method":"load_model","params":[]}\n', -32600, None),
        (b"x" * (3 * protocol.MAX_LINE_BYTES) + b"\n", -32600, None),
    ],
)
def test_what_makes_no_sense_is_answered_and_the_loop_goes_on(
    session: Session, line: bytes, code: int, id: int | None
) -> None:
    session.begin()
    session.raw(line)
    answer = session.next()
    assert isinstance(answer, Failure)
    assert (answer.code, answer.id) == (code, id)
    session.send(6, "unload")
    assert session.next() == Reply(6, {"ok": 1})


def test_answers_and_notifications_from_the_engine_are_passed_over(session: Session) -> None:
    session.begin()
    session.raw(b'{"jsonrpc":"2.0","id":9,"result":{}}\n')
    session.raw(b'{"jsonrpc":"2.0","method":"hello"}\n')
    session.send(6, "unload")
    assert session.next() == Reply(6, {"ok": 1})


def test_a_call_before_initialize_is_refused(session: Session) -> None:
    session.send(1, "unload")
    answer = session.next()
    assert isinstance(answer, Failure) and answer.id == 1


def test_cancel_is_heard_during_a_batch_and_spares_later_jobs(session: Session) -> None:
    session.begin()
    session.send(2, "transcribe")
    assert session.methods.entered.get(timeout=60) == "transcribe"
    assert isinstance(session.next(), Notification)
    session.send(3, "cancel")
    answers = {message.id: message for message in (session.next(), session.next())}  # type: ignore[union-attr]
    assert answers[3] == Reply(3, {})
    assert isinstance(answers[2], Failure) and isinstance(answers[2].error, Cancelled)
    session.send(4, "load_model")
    assert session.next() == Reply(4, {"ok": 1})


def test_cancel_reaches_a_job_that_waits(session: Session) -> None:
    session.methods.prepared.clear()
    session.begin()
    session.send(2, "load_model")
    session.send(3, "cancel")
    assert session.next() == Reply(3, {})
    session.methods.prepared.set()
    answer = session.next()
    assert isinstance(answer, Failure) and isinstance(answer.error, Cancelled)
    assert session.methods.done == []


def test_cancel_with_nothing_to_do_is_answered(session: Session) -> None:
    session.begin()
    session.send(3, "cancel")
    assert session.next() == Reply(3, {})


def test_errors_of_the_tree_keep_their_class(session: Session) -> None:
    session.begin()
    session.methods.result = MediaMissing("a.wav")
    session.send(2, "load_model")
    answer = session.next()
    assert isinstance(answer, Failure) and isinstance(answer.error, MediaMissing)


@pytest.mark.parametrize("error", [ZeroDivisionError("oh"), SystemExit(1), KeyboardInterrupt()])
def test_an_unforeseen_error_is_told_in_a_sentence(session: Session, error: BaseException) -> None:
    session.begin()
    session.methods.result = error
    session.send(2, "load_model")
    answer = session.next()
    assert isinstance(answer, Failure)
    assert type(answer.error) is RecueError
    assert type(error).__name__ in answer.error.message
    session.methods.result = {"ok": 2}
    session.send(3, "load_model")
    assert session.next() == Reply(3, {"ok": 2})


def test_a_result_that_is_no_json_is_told_as_an_error(session: Session) -> None:
    session.begin()
    session.methods.result = {"words": float("nan")}
    session.send(2, "load_model")
    answer = session.next()
    assert isinstance(answer, Failure) and answer.id == 2


def test_an_import_that_fails_is_the_answer_to_every_call() -> None:
    session = Session()

    def broken() -> None:
        raise EnvironmentBroken("NeMo cannot be loaded.", "Install Recue again.")

    session.methods.prepare = broken  # type: ignore[method-assign]
    session.begin()
    for id in (2, 3):
        session.send(id, "load_model")
        answer = session.next()
        assert isinstance(answer, Failure) and isinstance(answer.error, EnvironmentBroken)
    session.close()


def test_shutdown_is_answered_and_ends_the_loop() -> None:
    session = Session()
    session.begin()
    session.send(2, "transcribe")
    session.methods.entered.get(timeout=60)
    session.send(3, "shutdown")
    session.thread.join(10)
    assert not session.thread.is_alive()
    messages = []
    while not session.heard.messages.empty():
        messages.append(session.heard.messages.get())
    assert Reply(3, {}) in messages
    session.close()


def test_the_end_of_input_ends_the_loop_in_the_middle_of_a_batch() -> None:
    session = Session()
    session.begin()
    session.send(2, "transcribe")
    session.methods.entered.get(timeout=60)
    session.hang_up()
    session.thread.join(10)
    assert not session.thread.is_alive()
    session.close()


def test_the_death_of_the_parent_ends_the_process() -> None:
    session = Session(parent=os.getpid())  # which is not the parent of this process
    while not session.ended:
        session.heard.messages.get(timeout=60)
    session.close()
    assert set(session.ended) == {1}


def test_a_wire_that_nobody_reads_is_broken_not_an_error() -> None:
    class Gone(io.RawIOBase):
        def write(self, data: Any, /) -> int:
            raise BrokenPipeError

    wire = Wire(Gone())  # type: ignore[arg-type]
    wire.notify("log", level="info", text="x")
    assert wire.broken


def test_a_runner_that_cannot_serve_says_why_to_the_first_request() -> None:
    lines = io.BytesIO(b"garbage\n" + protocol.encode(protocol.Request(7, "initialize", {})))
    out = io.BytesIO()
    assert serve.refuse(lines, Wire(out), MediaMissing("x")) == 3
    first, second = (json.loads(line) for line in out.getvalue().splitlines())
    assert first["method"] == "log"
    assert (second["id"], second["error"]["data"]["code"]) == (7, "media-missing")
