"""Messages between engine and runner: JSON-RPC 2.0, one object per line, UTF-8.

Requests (engine to runner), their params and results:

``initialize``     {protocol} → {protocol, version, pid}. Answered before anything heavy is
                   imported.
``load_model``     {path, device, precision, route} → {family, name, frame_samples, device,
                   precision, confidence, seconds, route, note}. A model that is already loaded with
                   the same arguments is answered at once; another is unloaded first.
                   `device`: auto, cpu, cuda, mps. `precision`: auto, fp32, bf16.
``plan_windows``   {audio, ranges, limit} → {windows}. `audio` is the path of a 16 kHz mono WAV,
                   `ranges` are [start, end) samples, `limit` the longest window in samples.
``transcribe``     {items: [{item, audio, windows}], route, batch_seconds, language} → {windows,
                   batch_seconds, window_limit, device, notes}. While it runs: ``words``,
                   ``progress``, ``failed``. The resulting batch_seconds, window_limit and device
                   are what fitted into memory; the engine keeps them for this model.
``cancel``         {} → {}. Read during a batch; ``transcribe`` then ends with code "cancelled".
``unload``         {} → {}.
``shutdown``       {} → {}, then the process ends.

Notifications (runner to engine):

``heartbeat``      {stage, seconds}, once a second, from a thread of its own. `stage` is one of
                   STAGES; seconds is the time in it.
``words``          {item, window, words}: one window is finished. Each word is
                   [text, start, end, confidence or null], start and end samples of the audio file.
``progress``       {windows, of_windows, seconds, of_seconds}: after each batch, audio seconds.
``failed``         {item, window, error}: this window or item cannot be recognised, the rest
                   continues. `window` is null for the whole item; `error` is an error's wire form.
``log``            {level, text}.

A window on the wire is [context_start, start, end, context_end], in samples. Times are integers of
samples at 16 kHz, so they are exact. An error reply carries `to_wire()` of the error as its data.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Union

from editor_plugin.core.errors import ProtocolError, RecueError, from_wire
from editor_plugin.core.transcript import SAMPLE_RATE, Window, Word

PROTOCOL_VERSION = 1
MAX_LINE_BYTES = 16 * 1024 * 1024
"""A window's words are a few kilobytes; a plan for a day of audio is under one megabyte."""

MODELS_FOLDER = "models"
"""In the runner's cache folder: unpacked models, each below the SHA-256 of its file."""

STAGES = ("starting", "importing", "idle", "loading", "planning", "transcribing", "stopping")
ROUTES = ("map", "model-defaults", "direct")
FAILED = -32000
"""JSON-RPC code of every RecueError; the error's own stable code is in the data."""


@dataclass(frozen=True)
class Request:
    """A call that expects a reply."""

    id: int
    method: str
    params: dict[str, Any]


@dataclass(frozen=True)
class Reply:
    """The reply to a call that succeeded."""

    id: int
    result: dict[str, Any]


@dataclass(frozen=True)
class Failure:
    """The reply to a call that failed; `id` is None where the call could not be read."""

    id: int | None
    code: int
    message: str
    data: dict[str, Any]

    @property
    def error(self) -> RecueError:
        """Return the error, as an instance of its own class where that is known."""
        if "code" in self.data:
            return from_wire(self.data)
        return ProtocolError(self.message, self.code)


@dataclass(frozen=True)
class Notification:
    """A message that expects no reply."""

    method: str
    params: dict[str, Any]


Message = Union[Request, Reply, Failure, Notification]


def failure(id: int | None, error: RecueError) -> Failure:
    """Wrap a RecueError as the reply to call `id`."""
    code = error.rpc_code if isinstance(error, ProtocolError) else FAILED
    return Failure(id, code, error.message, error.to_wire())


def encode(message: Message) -> bytes:
    """Return one line, newline included. Raises ProtocolError where it would be too long."""
    body: dict[str, Any] = {"jsonrpc": "2.0"}
    if isinstance(message, Request):
        body.update(id=message.id, method=message.method, params=message.params)
    elif isinstance(message, Reply):
        body.update(id=message.id, result=message.result)
    elif isinstance(message, Failure):
        error = {"code": message.code, "message": message.message, "data": message.data}
        body.update(id=message.id, error=error)
    else:
        body.update(method=message.method, params=message.params)
    # json escapes every newline and, with ensure_ascii, every line separator of Unicode too.
    line = json.dumps(body, ensure_ascii=True, allow_nan=False, separators=(",", ":")).encode()
    if len(line) >= MAX_LINE_BYTES:
        raise ProtocolError(f"a line of {len(line)} bytes is too long")
    return line + b"\n"


def decode(line: bytes) -> Message:
    """Parse one line. Raises ProtocolError, with JSON-RPC's code, if it is no message."""
    if len(line) > MAX_LINE_BYTES:
        raise ProtocolError(f"a line of {len(line)} bytes is too long")
    try:
        body = json.loads(line.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise ProtocolError("a line that is not JSON", -32700) from None
    if not isinstance(body, dict) or body.get("jsonrpc") != "2.0":
        raise ProtocolError("not a JSON-RPC 2.0 message")
    if "method" in body:
        return _call(body)
    id = body.get("id")
    if "error" in body and (id is None or type(id) is int):
        return _failure(id, body["error"])
    if type(id) is int and isinstance(body.get("result"), dict):
        return Reply(id, body["result"])
    raise ProtocolError("neither a call nor an answer")


def _call(body: dict[str, Any]) -> Message:
    method, params = body["method"], body.get("params", {})
    if not isinstance(method, str) or not isinstance(params, dict):
        raise ProtocolError("a call without a method name or with wrong parameters")
    if "id" not in body:
        return Notification(method, params)
    if type(body["id"]) is not int:
        raise ProtocolError("a call whose id is no integer")
    return Request(body["id"], method, params)


def _failure(id: int | None, error: Any) -> Failure:
    if not isinstance(error, dict) or type(error.get("code")) is not int:
        raise ProtocolError("an error without a code")
    data = error.get("data")
    return Failure(
        id, error["code"], str(error.get("message", "")), data if isinstance(data, dict) else {}
    )


def window_to_wire(window: Window) -> list[int]:
    """Return [context_start, start, end, context_end]."""
    return [window.context_start, window.start, window.end, window.context_end]


def window_from_wire(wire: Any) -> Window:
    """Read a window; raises ProtocolError unless the four integers ascend from 0."""
    if not (isinstance(wire, list) and len(wire) == 4 and all(type(n) is int for n in wire)):
        raise ProtocolError("a window that is not four integers")
    context_start, start, end, context_end = wire
    if not 0 <= context_start <= start < end <= context_end:
        raise ProtocolError("a window whose ends are out of order")
    return Window(start, end, context_start, context_end)


def word_to_wire(word: Word) -> list[Any]:
    """Return [text, start, end, confidence]; times rounded to samples, exact for the runner's."""
    start, end = (round(t * SAMPLE_RATE) for t in (word.start, word.end))
    return [word.text, start, end, word.confidence]


def word_from_wire(wire: Any) -> Word:
    """Read a word; raises ProtocolError for anything else."""
    if not (isinstance(wire, list) and len(wire) == 4 and isinstance(wire[0], str)):
        raise ProtocolError("a word that is not [text, start, end, confidence]")
    text, start, end, confidence = wire
    if type(start) is not int or type(end) is not int or end < start:
        raise ProtocolError("a word whose times are out of order")
    if confidence is not None and type(confidence) not in (int, float):
        raise ProtocolError("a word whose confidence is no number")
    return Word(
        text,
        Fraction(start, SAMPLE_RATE),
        Fraction(end, SAMPLE_RATE),
        None if confidence is None else float(confidence),
    )
