"""Change values and keys of good configurations, and watch what the loader does.

python -m tests.attacks.mutations FOLDER: exits with 0 where every change was refused or harmless.
"""

from __future__ import annotations

import contextlib
import copy
import os
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from editor_plugin.core.errors import ModelError
from tests.attacks.model_files import configuration, members, with_configuration
from tests.tiny_models import tiny_model

FAMILIES = ("ctc", "tdt", "hybrid", "canary")
EXAMPLES = 100
WRITE = "nemo.collections.asr.parts.utils.diarization_utils.write_txt"
_FORBIDDEN = ("subprocess.", "os.system", "os.exec", "os.spawn", "os.posix_spawn", "socket.")
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_TRUNC


class Watch:
    """What the interpreter does while `on`, outside of the folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = str(folder)
        self.on = False
        self.seen: list[str] = []
        sys.addaudithook(self._hook)

    def _hook(self, event: str, arguments: tuple[Any, ...]) -> None:
        if not self.on:
            return
        if event == "open":
            path, _, flags = arguments
            inside = str(path).startswith((self.folder, os.devnull)) or isinstance(path, int)
            if flags & _WRITES and not inside:
                self.seen.append(f"{event} {path}")
        elif event == "import":
            if str(arguments[0]).split(".")[0] == "foreign":
                self.seen.append(f"{event} {arguments[0]}")
        elif event == "exec":
            if arguments[0].co_filename.startswith(self.folder):
                self.seen.append(f"{event} {arguments[0].co_filename}")
        elif event == "compile":
            if arguments[0] is not None and b"foreign" in _bytes(arguments[0]):
                self.seen.append(f"{event} {arguments[0][:50]!r}")
        elif event.startswith(_FORBIDDEN) and event != "socket.__new__":
            self.seen.append(f"{event} {arguments}")


def _bytes(source: Any) -> bytes:
    return source.encode("utf-8", "replace") if isinstance(source, str) else bytes(source)


def places(config: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The places of all values of a configuration; of long lists the first two."""
    yield at
    if isinstance(config, dict):
        for key, value in config.items():
            yield from places(value, (*at, key))
    elif isinstance(config, list):
        for index, value in enumerate(config[:2]):
            yield from places(value, (*at, index))


def values(trace: str) -> st.SearchStrategy[Any]:
    calls = st.sampled_from(
        (
            WRITE,
            "nemo.collections.common.tokenizers.AutoTokenizer",
            "foreign.Model",
            "os.system",
            "builtins.exec",
        )
    )
    harm = st.builds(
        lambda target: {
            "_target_": target,
            "w_path": trace,
            "val": "x",
            "_args_": ["import foreign"],
        },
        calls,
    )
    numbers = st.one_of(
        st.integers(-5, 5), st.sampled_from([10**6, 10**12, 2.5, float("nan"), float("inf")])
    )
    texts = st.sampled_from(["", "x", "nemo:x", trace, "${oc.env:HOME}", "${encoder}", "beam"])
    return st.one_of(
        harm, calls, numbers, texts, st.none(), st.booleans(), st.just([]), st.just({})
    )


@st.composite
def mutations(draw: st.DrawFn, configs: dict[str, Any], trace: str) -> tuple[str, str, Any]:
    """A family, what was changed, and the changed configuration."""
    family = draw(st.sampled_from(FAMILIES))
    config = copy.deepcopy(configs[family])
    where = draw(st.sampled_from([*places(config)][1:]))
    inner = config
    for part in where[:-1]:
        inner = inner[part]
    how = draw(st.sampled_from(["value", "value", "name", "beside", "gone"]))
    value = draw(values(trace))
    if how == "value" or isinstance(inner, list):
        inner[where[-1]] = value
    elif how == "beside":
        name = draw(st.sampled_from(["_target_", "_partial_", "cls", "model", "hf_kwargs", "x"]))
        inner[name] = value
    else:
        kept = inner.pop(where[-1])
        if how == "name":
            inner[f"{where[-1]}x"] = kept
    return family, f"{how} {where}: {value!r}", config


def main(folder: Path) -> int:
    """Try EXAMPLES changes; return the exit status."""
    work = folder / "work"
    work.mkdir()
    # All that NeMo writes on the way belongs here; “foreign” would be found if it were imported.
    tempfile.tempdir = os.environ["HOME"] = str(work)
    (work / "foreign.py").write_text("class Model: pass\n", encoding="utf-8")
    sys.path.insert(0, str(work))
    sys.dont_write_bytecode = True
    warnings.simplefilter("ignore")
    from editor_plugin.runner import model

    contents = {each: members(tiny_model(each, folder / "tiny")) for each in FAMILIES}
    configs = {each: configuration(content) for each, content in contents.items()}
    store = work / "models"

    def load(path: Path) -> None:
        with contextlib.redirect_stdout(sys.stderr):
            model.load(model.ModelOptions(path, "cpu", "fp32"), store)

    for family in FAMILIES:  # what is imported on first use is imported now
        load(with_configuration(work / "m.nemo", contents[family], configs[family]))
    watch = Watch(work)
    trace = folder / "trace"
    counts = {"loaded": 0, "refused": 0}

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(mutations(configs, str(trace)))
    def try_all(change: tuple[str, str, Any]) -> None:
        family, what, config = change
        path = with_configuration(work / "m.nemo", contents[family], config)
        watch.on = True
        try:
            load(path)
            counts["loaded"] += 1
        except ModelError as error:
            assert str(path) in error.message
            counts["refused"] += 1
        finally:
            watch.on = False
        assert not watch.seen, (family, what, watch.seen)
        assert not trace.exists(), (family, what)

    try_all()
    print(counts)
    # That the watch would have told is seen where NeMo is given such a setting itself.
    from nemo.core.classes.common import safe_instantiate
    from omegaconf import OmegaConf

    watch.on = True
    safe_instantiate(OmegaConf.create({"_target_": WRITE, "w_path": str(trace), "val": "x"}))
    exec("import foreign")
    watch.on = False
    assert len(watch.seen) >= 2, watch.seen
    assert counts["loaded"] and counts["refused"]
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
