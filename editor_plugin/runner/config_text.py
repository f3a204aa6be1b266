"""Read a configuration in YAML from a foreign file: bounded in size, depth and repetition.

A few lines of YAML that refer to each other stand for billions of values. The text's parts are
therefore counted before a value is made of any.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

LONGEST = 8 * 1024 * 1024
"""Characters. The demo model's 192 tokens take 5 kB; 16,384 tokens, listed three times, 1 MB."""
_MOST = 500_000
"""Values, each counted as often as it is referred to."""
_DEEPEST = 32
_LONGEST_VALUE = 4096
"""Characters."""
_FLOAT = re.compile(
    r"""^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?
    |[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+|[-+]?\.[0-9][0-9_]*(?:[eE][-+]?[0-9]+)?
    |[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$""",
    re.X,
)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML as OmegaConf reads it: 1e-5 is a number, a date is a text, and no key stands twice.
    libyaml, where it is there, takes a tenth of the time."""

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        names = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            raise yaml.MarkedYAMLError(problem=f"“{twice[:50]}” stands in it twice")
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {
    first: [each for each in known if not each[0].endswith((":timestamp", ":float"))]
    for first, known in _Loader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:float", _FLOAT, list("-+0123456789."))


def read(text: str) -> Any:
    """Return the values of a YAML text, without running anything. Raises ValueError, with a
    sentence's part that says what is wrong."""
    if len(text) > LONGEST:
        raise ValueError("it is too long")
    try:
        _measure(yaml.parse(text, Loader=_Loader))
        return yaml.load(text, Loader=_Loader)
    except (yaml.YAMLError, RecursionError) as error:
        problem = getattr(error, "problem", None) or str(error) or type(error).__name__
        raise ValueError(problem.split("\n")[0][:100]) from None


def _measure(events: Iterator[Any]) -> None:
    """Raise ValueError where the text stands for too much."""
    named: dict[str, int] = {}
    open_: list[tuple[str | None, int]] = []
    count = 0
    for event in events:
        if isinstance(event, (yaml.ScalarEvent, yaml.CollectionStartEvent)):
            if event.tag is not None:
                raise ValueError(f"it names a type, “{event.tag[:50]}”")
            count += 1
        if isinstance(event, yaml.ScalarEvent):
            if len(event.value) > _LONGEST_VALUE:
                raise ValueError("a value in it is too long")
            if event.anchor is not None:
                named[event.anchor] = 1
        elif isinstance(event, yaml.CollectionStartEvent):
            open_.append((event.anchor, count - 1))
            named.pop(event.anchor, None)  # until its end, the name means itself
            if len(open_) > _DEEPEST:
                raise ValueError("it is nested too deeply")
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = open_.pop()
            if anchor is not None:
                named[anchor] = count - before
        elif isinstance(event, yaml.AliasEvent):
            if event.anchor not in named:
                raise ValueError("it refers to itself")
            count += named[event.anchor]
        if count > _MOST:
            raise ValueError("it stands for too many values")
