"""Restore a NeMo model from a .nemo file, and raise a specific error for each kind of failure."""

from __future__ import annotations

import contextlib
import errno
import os
import pickle
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
from nemo.collections.asr import models
from nemo.core.connectors.save_restore_connector import SaveRestoreConnector
from omegaconf import OmegaConf

from editor_plugin.core.errors import (
    DiskFull,
    EnvironmentBroken,
    ModelCorrupt,
    ModelNotOpened,
    OutOfMemory,
    RecueError,
)
from editor_plugin.runner import memory, model_store, nemo_file
from editor_plugin.runner.model_rules import CheckedModel


class _Unpacked(SaveRestoreConnector):  # type: ignore[misc]
    """Gives NeMo the model that Recue unpacked, and reports damaged weights as ModelCorrupt."""

    def __init__(self, path: Path, folder: Path, weights: str) -> None:
        super().__init__()
        self._path = path
        self.model_extracted_dir = str(folder)
        self.model_weights_ckpt = weights

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


def restore(path: Path, device: str, store: Path) -> Any:
    """Return the model of a .nemo file on a device, for inference; `store` is the folder for
    unpacked models. Raises ModelUnknown, ModelCorrupt, ModelNotSpeech, ModelRefused,
    ModelNotOpened, EnvironmentBroken, DiskFull, OutOfMemory."""
    with model_store.opened(path, store) as folder:
        checked, second = nemo_file.check(path, folder)
        with naming_failures(path, device):
            model = _made(checked, _Unpacked(path, folder, nemo_file.WEIGHTS), device)
            if second is not None:
                connector = _Unpacked(path, folder, nemo_file.ALIGNER_WEIGHTS)
                aligner = _made(second, connector, device)
                # As NeMo does it, so that the second model is no part of the first.
                object.__setattr__(model, "timestamps_asr_model", aligner)
            return model


@contextlib.contextmanager
def naming_failures(path: Path, device: str) -> Iterator[None]:
    """Convert what NeMo and PyTorch raise for a model of this file on this device."""
    home = os.getcwd()
    try:
        yield
    except RecueError:
        raise
    except Exception as error:
        if memory.ran_out(error):
            raise OutOfMemory(device) from None
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            raise DiskFull(home) from None
        if missing := _missing_module(error):
            raise EnvironmentBroken(
                f"The model needs “{missing}”, which is not installed.",
                "Install Recue again, then run recue doctor.",
                "Install Recue again.",
            ) from error
        traceback.print_exception(error)  # to the runner's log
        raise ModelNotOpened(str(path), _detail(error)) from error
    finally:
        # NeMo changes the current folder meanwhile; other threads use no relative paths, and are
        # not affected.
        with contextlib.suppress(OSError):
            os.chdir(home)


def _made(checked: CheckedModel, connector: _Unpacked, device: str) -> Any:
    """Have NeMo create a model from what was checked."""
    return (
        getattr(models, checked.name)
        .restore_from(
            connector.model_extracted_dir,
            override_config_path=OmegaConf.create(checked.config),
            map_location=torch.device(device),
            save_restore_connector=connector,
        )
        .eval()
    )


def _detail(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).strip()}".split("\n")[0][:200]


def _missing_module(error: BaseException | None) -> str | None:
    """Return the module whose import failed, if that caused `error`."""
    while error is not None:
        if isinstance(error, ModuleNotFoundError):
            return error.name
        error = error.__cause__ or error.__context__
    return None
