"""The methods that the inference thread executes, with checks of their parameters."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from editor_plugin.core import protocol
from editor_plugin.core.errors import EnvironmentBroken, ProtocolError
from editor_plugin.runner.serve import PendingRequest

if TYPE_CHECKING:
    from editor_plugin.runner.model import Loaded

INVALID_PARAMS = -32602
_DEVICES = ("auto", "cpu", "cuda", "mps")
_PRECISIONS = ("auto", "fp32", "bf16")


class Recognition:
    """Executes the methods, and keeps the model that was loaded last. For one thread. `store` is
    the folder for unpacked models."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._loaded: Loaded | None = None

    def prepare(self) -> None:
        """Import NeMo; raises EnvironmentBroken where that cannot be done."""
        try:
            from editor_plugin.runner import model, routes  # noqa: F401
        except ImportError as error:
            raise EnvironmentBroken(
                f"NeMo cannot be loaded: {error}.",
                "Install Recue again, then run recue doctor.",
                "Install Recue again.",
            ) from error
        routes.show_true_errors()

    def call(self, job: PendingRequest, notify: Callable[..., None]) -> dict[str, Any]:
        """Execute the method of a request."""
        method, params = job.request.method, job.request.params
        if method == "load_model":
            return self._load(params)
        if method == "plan_windows":
            return _plan(params)
        if method == "transcribe":
            return self._transcribe(job, notify)
        self._unload()
        return {}

    def _load(self, params: dict[str, Any]) -> dict[str, Any]:
        from editor_plugin.runner import model

        wanted = model.ModelOptions(
            path=Path(_text(params, "path")),
            device=_one_of(params, "device", _DEVICES),
            precision=_one_of(params, "precision", _PRECISIONS),
        )
        route = _one_of(params, "route", protocol.ROUTES)
        if self._loaded is None or self._loaded.wanted != wanted:
            self._unload()
            self._loaded = model.load(wanted, self._store)
        return {**self._loaded.facts(), "route": route}

    def _unload(self) -> None:
        from editor_plugin.runner import memory

        if self._loaded is not None:
            device, self._loaded = self._loaded.device, None
            memory.free(device)

    def _transcribe(self, job: PendingRequest, notify: Callable[..., None]) -> dict[str, Any]:
        from editor_plugin.runner.transcribe import TranscribeOptions, Transcription

        if self._loaded is None:
            raise ProtocolError("“transcribe” before “load_model”")
        params = job.request.params
        batch_seconds, language = params.get("batch_seconds"), params.get("language")
        if batch_seconds is not None and (
            type(batch_seconds) not in (int, float) or batch_seconds <= 0
        ):
            raise ProtocolError("batch_seconds that are no positive number", INVALID_PARAMS)
        if language is not None and not isinstance(language, str):
            raise ProtocolError("a language that is no text", INVALID_PARAMS)
        order = TranscribeOptions(
            pieces=_pieces(params),
            route=_one_of(params, "route", protocol.ROUTES),
            batch_seconds=batch_seconds,
            language=language,
        )
        return Transcription(self._loaded, order, job, notify).run()


def _plan(params: dict[str, Any]) -> dict[str, Any]:
    from editor_plugin.runner import windows

    ranges, limit = params.get("ranges"), params.get("limit")
    if type(limit) is not int or limit < windows.SHORTEST_LIMIT:
        raise ProtocolError("a limit that is no number of samples", INVALID_PARAMS)
    if not (isinstance(ranges, list) and all(_is_range(each) for each in ranges)):
        raise ProtocolError("ranges that are not pairs of samples", INVALID_PARAMS)
    audio = Path(_text(params, "audio"))
    planned = windows.plan(audio, [(start, end) for start, end in ranges], limit)
    return {"windows": [protocol.window_to_wire(window) for window in planned]}


def _pieces(params: dict[str, Any]) -> Any:
    from editor_plugin.runner.pieces import AudioPiece

    items = params.get("items")
    if not isinstance(items, list):
        raise ProtocolError("no items", INVALID_PARAMS)
    found = []
    for each in items:
        if not (isinstance(each, dict) and isinstance(each.get("windows"), list)):
            raise ProtocolError("an item without windows", INVALID_PARAMS)
        item, audio = _text(each, "item"), Path(_text(each, "audio"))
        for wire in each["windows"]:
            window = protocol.window_from_wire(wire)
            found.append(AudioPiece(item, audio, window, window))
    return tuple(found)


def _is_range(value: Any) -> bool:
    return isinstance(value, list) and len(value) == 2 and all(type(n) is int for n in value)


def _text(params: dict[str, Any], name: str) -> str:
    value = params.get(name)
    if not isinstance(value, str) or not value:
        raise ProtocolError(f"no {name}", INVALID_PARAMS)
    return value


def _one_of(params: dict[str, Any], name: str, allowed: tuple[str, ...]) -> str:
    value = params.get(name)
    if value not in allowed:
        raise ProtocolError(f"{name} is none of {', '.join(allowed)}", INVALID_PARAMS)
    return str(value)
