"""Finding what the modules of a package offer, so that adding one is adding its file."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable, Iterator
from typing import Any


def offered(package: str, path: Iterable[str], name: str, module: str = "") -> Iterator[Any]:
    """The items of the tuples called `name` in the modules of a package, in the modules' order.

    `path` is the package's `__path__`. With `module`, the tuples are in the module of that name
    within each package of the package.
    """
    for found in pkgutil.iter_modules(path):
        if module and not found.ispkg:
            continue
        inner = f"{package}.{found.name}.{module}" if module else f"{package}.{found.name}"
        yield from getattr(importlib.import_module(inner), name, ())
