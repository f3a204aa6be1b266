"""Restore a NeMo model from a .nemo file, and raise a specific error for each kind of failure."""

from __future__ import annotations

import contextlib
import errno
import os
import pickle
import tempfile
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from nemo.collections.asr import models
from nemo.core.connectors.save_restore_connector import SaveRestoreConnector

from editor_plugin.core.errors import (
    DiskFull,
    EnvironmentBroken,
    ModelCorrupt,
    ModelNotOpened,
    OutOfMemory,
    RecueError,
)
from editor_plugin.runner import memory, nemo_file


class _Unpacked(SaveRestoreConnector):  # type: ignore[misc]
    """Gives NeMo the model that Recue unpacked, and reports damaged weights as ModelCorrupt."""

    def __init__(self, path: Path, folder: Path) -> None:
        super().__init__()
        self._path = path
        self.model_extracted_dir = str(folder)

    def _load_state_dict_from_disk(self, model_weights: str, map_location: Any = "cpu") -> Any:
        # NeMo's own call runs code in the weights where an environment variable allows it.
        with self._damage():
            return torch.load(model_weights, map_location=map_location, weights_only=True)

    def load_instance_with_state_dict(self, instance: Any, state_dict: Any, strict: bool) -> None:
        with self._damage():
            super().load_instance_with_state_dict(instance, state_dict, strict)

    @contextlib.contextmanager
    def _damage(self) -> Iterator[None]:
        """Convert what PyTorch raises for weights that are damaged, or are not this model's."""
        try:
            yield
        except (RuntimeError, pickle.UnpicklingError, EOFError, ValueError, KeyError) as error:
            if memory.ran_out(error):
                raise
            raise ModelCorrupt(str(self._path), _detail(error)) from error


def restore(path: Path, device: str) -> Any:
    """Return the model of a .nemo file on a device, for inference. Raises ModelUnknown,
    ModelCorrupt, ModelNotSpeech, ModelNotOpened, EnvironmentBroken, DiskFull, OutOfMemory."""
    with tempfile.TemporaryDirectory(prefix="model-") as folder:
        nemo_file.unpack(path, Path(folder))
        name = nemo_file.check(path, Path(folder))
        return _made(name, path, Path(folder), device).eval()


def _made(name: str, path: Path, folder: Path, device: str) -> Any:
    """Have NeMo create the model that was unpacked from `path` to `folder`."""
    home = os.getcwd()
    try:
        return getattr(models, name).restore_from(
            str(path),
            map_location=torch.device(device),
            save_restore_connector=_Unpacked(path, folder),
        )
    except RecueError:
        raise
    except Exception as error:
        if memory.ran_out(error):
            raise OutOfMemory(device) from None
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            raise DiskFull(str(folder)) from None
        if missing := _missing_module(error):
            raise EnvironmentBroken(
                f"The model needs “{missing}”, which is not installed.",
                "Run install.py again, then recue doctor.",
                "Run install.py again.",
            ) from error
        traceback.print_exception(error)  # to the runner's log
        raise ModelNotOpened(str(path), _detail(error)) from error
    finally:
        # NeMo changes the current folder meanwhile; other threads use no relative paths, and are
        # not affected.
        with contextlib.suppress(OSError):
            os.chdir(home)


def _detail(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).strip()}".split("\n")[0][:200]


def _missing_module(error: BaseException | None) -> str | None:
    """Return the module whose import failed, if that caused `error`."""
    while error is not None:
        if isinstance(error, ModuleNotFoundError):
            return error.name
        error = error.__cause__ or error.__context__
    return None
