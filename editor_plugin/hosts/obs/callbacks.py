"""Wrapping callbacks so that no error reaches OBS, and listening for splits of a recording."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from editor_plugin.core.printable import printable

FILE_CHANGED = "file_changed"
"""The signal of OBS's recording outputs when they go on in another file."""


def guarded(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function with its errors caught and logged: one that reached OBS could crash it."""

    def safe(*arguments: Any) -> Any:
        try:
            return function(*arguments)
        except Exception as error:
            text = f"{type(error).__name__} in {function.__name__}: {error}"
            print(f"Recue: {printable(text)}")
            return None

    return safe


class Splits:
    """Listens for splits of a recording; calls `then` with the next file, on a thread of OBS's."""

    def __init__(self, obs: Any, then: Callable[[Path], None]) -> None:
        self._obs = obs
        self._then = then
        self._handler: Any = None
        self._callback = guarded(self._on_changed)

    def listen(self) -> None:
        """Connect to the output that is recording now."""
        output = self._obs.obs_frontend_get_recording_output()
        if output is not None:
            self._handler = self._obs.obs_output_get_signal_handler(output)
            self._obs.signal_handler_connect(self._handler, FILE_CHANGED, self._callback)
            self._obs.obs_output_release(output)

    def stop(self) -> None:
        """Disconnect: OBS may drop the output, and make another one for the next recording."""
        if self._handler is not None:
            self._obs.signal_handler_disconnect(self._handler, FILE_CHANGED, self._callback)
            self._handler = None

    def _on_changed(self, data: Any) -> None:
        self._then(Path(self._obs.calldata_string(data, "next_file")))
