"""Model files that are bent: the members of a whole one, with something else in their place."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

CONFIG = "model_config.yaml"
WEIGHTS = "model_weights.ckpt"


def members(path: Path) -> dict[str, bytes]:
    """The files of an archive by their names."""
    with tarfile.open(path) as tar:
        return {
            each.name.removeprefix("./"): tar.extractfile(each).read()  # type: ignore[union-attr]
            for each in tar
            if each.isfile()
        }


def pack(path: Path, content: Sequence[tuple[str, bytes]]) -> Path:
    """Write an archive of these files, in this order; a name may come twice."""
    with tarfile.open(path, "w:") as tar:
        for name, data in content:
            about = tarfile.TarInfo(name)
            about.size = len(data)
            tar.addfile(about, io.BytesIO(data))
    return path


def configuration(content: dict[str, bytes]) -> dict[str, Any]:
    """The configuration among the members."""
    config: dict[str, Any] = yaml.safe_load(content[CONFIG])
    return config


def with_configuration(path: Path, content: dict[str, bytes], config: Any) -> Path:
    """Write the archive with another configuration, a text or values."""
    text = config if isinstance(config, str) else yaml.safe_dump(config, allow_unicode=True)
    return pack(path, [*{**content, CONFIG: text.encode()}.items()])


def put(config: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    """Set a setting by its dotted name, and return the configuration."""
    *parts, last = key.split(".")
    inner = config
    for part in parts:
        inner = inner.setdefault(part, {})
    inner[last] = value
    return config
