"""What a .nemo file says it is, found out without running anything of it.

It is a tar archive with a configuration in YAML and the weights. The configuration names classes
that NeMo would make, so it is looked at first: only the speech recognisers that are known here are
handed to NeMo, which checks the names inside by its own list and reads the weights as plain data.
"""

from __future__ import annotations

import tarfile
from pathlib import Path
from typing import IO, Any

from omegaconf import DictConfig, OmegaConf

from editor_plugin.core.errors import ModelCorrupt, ModelNotSpeech, ModelUnknown
from editor_plugin.core.transcript import SAMPLE_RATE

RECOGNISERS = (
    "EncDecCTCModel",
    "EncDecCTCModelBPE",
    "EncDecRNNTModel",
    "EncDecRNNTBPEModel",
    "EncDecHybridRNNTCTCModel",
    "EncDecHybridRNNTCTCBPEModel",
    "EncDecMultiTaskModel",
)
"""NeMo's classes that take sound alone and give text."""
_HOME = "nemo.collections.asr.models."
_CONFIG = "model_config.yaml"
_WEIGHTS = "model_weights.ckpt"
_LARGEST_CONFIG = 64 * 1024 * 1024


def check(path: Path) -> str:
    """Return the name of the model's class, one of RECOGNISERS.

    Raises ModelUnknown where there is no such file, ModelCorrupt, ModelNotSpeech.
    """
    if not path.is_file():
        raise ModelUnknown(str(path), ["demo"])
    config = _configuration(path)
    target = str(config.get("target", ""))
    name = target.rpartition(".")[2]
    if not target:
        raise ModelCorrupt(str(path), "its configuration does not say what it is")
    if not target.startswith(_HOME) or name not in RECOGNISERS:
        raise ModelNotSpeech(str(path), name)
    rate = config.get("sample_rate", SAMPLE_RATE)
    if rate != SAMPLE_RATE:
        raise ModelNotSpeech(str(path), f"it takes sound of {rate} Hz, and Recue gives 16000 Hz")
    return name


def _configuration(path: Path) -> Any:
    config, weights = None, False
    try:
        with path.open("rb") as file, _archive(file) as archive:
            for member in archive:
                name = member.name.removeprefix("./")
                if name == _CONFIG and member.isfile() and member.size < _LARGEST_CONFIG:
                    config = OmegaConf.load(archive.extractfile(member))
                weights = weights or name == _WEIGHTS
    except Exception as error:  # tarfile, zlib and YAML each have their own for damaged data
        detail = str(error).split("\n")[0][:100]
        raise ModelCorrupt(str(path), detail or type(error).__name__) from None
    if not isinstance(config, DictConfig):
        raise ModelCorrupt(str(path), "it has no configuration")
    if not weights:
        raise ModelCorrupt(str(path), "it has no weights")
    return config


def _archive(file: IO[bytes]) -> tarfile.TarFile:
    """Open the archive, compressed as those of old NeMo versions are, or not."""
    compressed = file.read(2) == b"\x1f\x8b"
    file.seek(0)
    return tarfile.open(fileobj=file, mode="r:gz" if compressed else "r:")
