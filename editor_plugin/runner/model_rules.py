"""Check a model's configuration against the list of what a speech model needs, and rebuild it.

The list is `model_rules.toml`. NeMo is given what was rebuilt, and never the file's own text: what
is not on the list does not reach it.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from editor_plugin.core.errors import ModelCorrupt, ModelNotSpeech, ModelRefused
from editor_plugin.core.transcript import SAMPLE_RATE

_REFERENCE = re.compile(r"\$\{([A-Za-z_]\w*(?:\.\w+)*)\}")
_LONGEST_CHAIN = 10
_NAME = re.compile(r"[\w.<|>:-]{1,64}")
_CALLS = ("_target_", "target", "cls", "class", "class_path")
"""The keys by which Hydra and older versions of NeMo know what to call."""


@dataclass(frozen=True)
class CheckedModel:
    """NeMo's class of a model, and the configuration that it may be given."""

    name: str
    config: dict[str, Any]


def check(path: Path, config: Any, files: Mapping[str, Path]) -> CheckedModel:
    """Return what NeMo may be given of the configuration of the model file `path`; `files` are
    those of its archive. Raises ModelCorrupt, ModelNotSpeech, ModelRefused."""
    if not isinstance(config, dict):
        raise ModelCorrupt(str(path), "it has no configuration")
    target = config.get("target")
    if not target:
        raise ModelCorrupt(str(path), "its configuration does not say what it is")
    rules = _rules()
    kind = next((each for each in rules["models"].values() if target in each["names"]), None)
    if kind is None:
        raise ModelNotSpeech(str(path), str(target).rpartition(".")[2][:100])
    if "model" in config:  # NeMo would take it instead of all the rest
        raise ModelRefused(str(path), "model", "is a second configuration")
    checking = _Checking(path, config, files)
    rate = checking.resolved("sample_rate", config.get("sample_rate", SAMPLE_RATE))
    if rate != SAMPLE_RATE:
        reason = f"it takes sound of {str(rate)[:20]} Hz, and Recue gives 16000 Hz"
        raise ModelNotSpeech(str(path), reason)
    keys = {**rules["keys"]["all"], **rules["keys"][kind["keys"]], **kind.get("more", {})}
    known = checking.section("", config, keys)
    return CheckedModel(kind["model"], {**known, "target": kind["names"][0]})


def check_sizes(path: Path, config: Mapping[str, Any], tokens: int, weights: int) -> None:
    """Raise ModelRefused where a model of this checked configuration would need more numbers than
    its weights, of so many bytes, can hold."""
    for rule in _rules()["sizes"]:
        factors = [_at(config, name, tokens) for name in rule["of"]]
        if not all(type(each) is int for each in factors):
            continue
        needed = rule["bytes"]
        for each in factors:
            needed *= each
        if needed > rule.get("within", weights):
            largest = max(zip(factors, rule["of"], strict=True))
            reason = f"is {largest[0]}, far more than the file has weights for"
            raise ModelRefused(str(path), largest[1], reason)


def _at(config: Mapping[str, Any], name: str, tokens: int) -> Any:
    if name == "vocabulary":
        return tokens
    value: Any = config
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _is_fixed(rule: str | list[str]) -> bool:
    """Whether it does not matter what the file says."""
    return isinstance(rule, str) and rule.partition(" ")[0] in ("drop", "null", "empty", "set")


def _fixed(rule: str) -> Any:
    kind, _, text = rule.partition(" ")
    return text if kind == "set" else {} if kind == "empty" else None


@functools.cache
def _rules() -> dict[str, Any]:
    text = resources.files("editor_plugin.runner").joinpath("model_rules.toml").read_text("utf-8")
    return tomllib.loads(text)


class _Checking:
    """The check of one configuration. Its methods return the part that NeMo may see, and raise
    ModelRefused with the full name of the setting."""

    def __init__(self, path: Path, root: Mapping[str, Any], files: Mapping[str, Path]) -> None:
        self._path = path
        self._root = root
        self._files = files

    def section(
        self, key: str, value: Any, rules: Mapping[str, Any], target: bool = False
    ) -> dict[str, Any]:
        """Check a mapping; `target` where its keys are the arguments of a call."""
        if not isinstance(value, dict):
            raise self._refusal(key, _said(value))
        known: dict[str, Any] = {}
        for name, inner in value.items():
            full = f"{key}.{name}" if key else str(name)
            if name in rules:
                if not _is_fixed(rules[name]):
                    known[name] = self.value(full, inner, rules[name])
            elif target and name != "_target_":
                raise self._refusal(full, "is a setting that NeMo does not have")
            elif not target:
                self._no_call(key or full, {name: inner})
        for name, rule in rules.items():
            if _is_fixed(rule) and rule != "drop":
                known[name] = _fixed(rule)
            elif rule == "file-or-null":
                known.setdefault(name, None)
        return known

    def value(self, key: str, value: Any, rule: str | list[str]) -> Any:
        """Check a value by a rule, or by the first of several that it keeps."""
        value = self.resolved(key, value)
        *others, last = [rule] if isinstance(rule, str) else rule
        for each in others:
            if each == "none" or value is None:
                if each == "none" and value is None:
                    return None
                continue
            try:
                return self.value(key, value, each)
            except ModelRefused:
                continue
        kind, _, rest = last.partition(" ")
        checks: dict[str, Callable[[str, Any, str], Any]] = {
            "none": self._none,
            "bool": self._bool,
            "int": self._number,
            "number": self._number,
            "text": self._text,
            "plain": self._plain,
            "list": self._list,
            "map": self._map,
            "section": lambda key, value, rest: self.section(
                key, value, _rules()["sections"][rest]
            ),
            "target": self._target,
            "file": self._file,
            "file-or-null": lambda key, value, rest: value and self._file(key, value, rest),
        }
        if kind == "int" and type(value) is not int:
            raise self._refusal(key, _said(value))
        return checks[kind](key, value, rest)

    def resolved(self, key: str, value: Any) -> Any:
        """Follow a reference within the file; anything else in ${…} is refused."""
        for _ in range(_LONGEST_CHAIN):
            if not isinstance(value, str) or "${" not in value:
                return value
            found = _REFERENCE.fullmatch(value)
            if found is None:
                break
            parts = found[1].split(".")
            if parts[0] == "model":
                del parts[0]  # a training configuration has all of this below “model”
            inner: Any = self._root
            for part in parts:
                inner = inner.get(part, value) if isinstance(inner, Mapping) else value
            if inner == value:
                break
            value = inner
        raise self._refusal(key, f"asks for “{value[:100]}”")

    def _refusal(self, key: str, reason: str) -> ModelRefused:
        return ModelRefused(str(self._path), key[:200], reason)

    def _no_call(self, key: str, value: Any) -> None:
        """Refuse what names something to call, where nothing is called."""
        if isinstance(value, dict):
            for name, inner in value.items():
                if name in _CALLS and isinstance(inner, str):
                    raise self._refusal(key, f"calls “{inner[:100]}”")
                self._no_call(key if key == name else f"{key}.{name}", inner)
        elif isinstance(value, list):
            for inner in value:
                self._no_call(key, inner)

    def _none(self, key: str, value: Any, rest: str) -> None:
        if value is not None:
            raise self._refusal(key, _said(value))

    def _bool(self, key: str, value: Any, rest: str) -> bool:
        if not isinstance(value, bool):
            raise self._refusal(key, _said(value))
        return value

    def _number(self, key: str, value: Any, rest: str) -> int | float:
        low, high = map(float, rest.split())
        if type(value) not in (int, float) or not low <= value <= high:
            raise self._refusal(key, _said(value))
        number: int | float = value
        return number

    def _text(self, key: str, value: Any, rest: str) -> str:
        if not isinstance(value, str) or (rest and value not in rest.split("|")):
            raise self._refusal(key, _said(value))
        return value

    def _plain(self, key: str, value: Any, rest: str) -> Any:
        if not (value is None or isinstance(value, (str, bool, int, float))):
            raise self._refusal(key, _said(value))
        return value

    def _list(self, key: str, value: Any, rest: str) -> list[Any]:
        most, _, rule = rest.partition(" ")
        if not isinstance(value, list):
            raise self._refusal(key, _said(value))
        if len(value) > int(most):
            raise self._refusal(key, f"has {len(value)} elements")
        return [self.value(f"{key}[{index}]", each, rule) for index, each in enumerate(value)]

    def _map(self, key: str, value: Any, rest: str) -> dict[str, Any]:
        most, _, rule = rest.partition(" ")
        if not isinstance(value, dict):
            raise self._refusal(key, _said(value))
        if len(value) > int(most):
            raise self._refusal(key, f"has {len(value)} elements")
        for name in value:
            if not (isinstance(name, str) and _NAME.fullmatch(name)):
                raise self._refusal(key, f"has an element named “{str(name)[:50]}”")
        return {name: self.value(f"{key}.{name}", each, rule) for name, each in value.items()}

    def _target(self, key: str, value: Any, rest: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise self._refusal(key, _said(value))
        target = self.resolved(f"{key}._target_", value.get("_target_"))
        for name in rest.split():
            one = _rules()["targets"][name]
            if target in one["names"]:
                return {**self.section(key, value, one["keys"], target=True), "_target_": target}
        raise self._refusal(key, f"calls “{str(target)[:100]}”" if target else "calls nothing")

    def _file(self, key: str, value: Any, rest: str) -> str:
        if not isinstance(value, str) or not value:
            raise self._refusal(key, _said(value))
        name = value.removeprefix("nemo:")
        # Files of old versions of NeMo name the place where the file was in training.
        for candidate in (name, name.replace("\\", "/").rpartition("/")[2]):
            if candidate in self._files:
                return str(self._files[candidate])
        raise ModelCorrupt(str(self._path), f"“{name[-100:]}” is missing in it")


def _said(value: Any) -> str:
    """What a value is, as the end of a sentence."""
    if value is None:
        return "is empty"
    if isinstance(value, bool):
        return "is yes" if value else "is no"
    if isinstance(value, (dict, list)):
        return "is a group of settings" if isinstance(value, dict) else "is a list"
    text = str(value) if not isinstance(value, int) or abs(value) < 10**50 else "too large"
    return f"is “{text[:100]}”" if isinstance(value, str) else f"is {text[:100]}"
