"""Every route on every family gives the same words at the same times, through the real NeMo."""

from __future__ import annotations

import dataclasses
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from editor_plugin.core.errors import SettingsInvalid
from editor_plugin.core.protocol import ROUTES
from tests.runner.conftest import RATE, Talk, item, plain, sound
from tests.tiny_models import FAMILIES, FRAME_SAMPLES

pytestmark = [pytest.mark.nemo]


@dataclasses.dataclass
class PlainConfig:
    num_workers: int | None = None
    batch_size: int = 4


@dataclasses.dataclass
class FullConfig(PlainConfig):
    force_map_dataset: bool = False
    drop_last: bool = True


def model_with(config: Any) -> Any:
    return SimpleNamespace(get_transcribe_config=lambda: config)


@pytest.fixture
def routes(nemo: None) -> ModuleType:
    from editor_plugin.runner import routes

    return routes


def test_the_config_gets_a_map_dataset_only_where_it_has_such_a_field(routes: ModuleType) -> None:
    plain_config = routes.setup_transcribe_config(model_with(PlainConfig()), 7)
    assert plain_config == PlainConfig(batch_size=7)
    assert not hasattr(plain_config, "force_map_dataset")
    assert not hasattr(plain_config, "drop_last")
    full = routes.setup_transcribe_config(model_with(FullConfig()), 7)
    assert full == FullConfig(batch_size=7, force_map_dataset=True, drop_last=False)


@pytest.mark.parametrize("count", [None, 0, 3])
def test_the_config_keeps_its_own_number_of_workers(routes: ModuleType, count: int | None) -> None:
    class Watched(FullConfig):
        def __setattr__(self, name: str, value: Any) -> None:
            assert name != "num_workers" or "num_workers" not in self.__dict__
            super().__setattr__(name, value)

    config = routes.setup_transcribe_config(model_with(Watched(num_workers=count)), 2)
    assert config.num_workers == count


@pytest.mark.parametrize("family", FAMILIES)
def test_real_models_take_the_config(
    family: str, routes: ModuleType, models: Callable[[str], Path], talk: Talk
) -> None:
    talk.load(models(family))
    loaded = talk.recognition._loaded
    assert loaded is not None
    config = routes.setup_transcribe_config(loaded.model, 3)
    assert type(config) is type(loaded.model.get_transcribe_config())
    assert (config.batch_size, config.num_workers) == (3, None)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_route_says_the_same(
    family: str, models: Callable[[str], Path], talk: Talk, tmp_path: Path
) -> None:
    audio = sound(tmp_path / "Aufnahme ünî 1.wav", 14)
    other = sound(tmp_path / "b.wav", 3, pitch=200)
    facts = talk.load(models(family))
    assert (facts["family"], facts["frame_samples"]) == (family, FRAME_SAMPLES)
    windows = [
        [0, 0, 5 * RATE, 6 * RATE],
        [4 * RATE, 5 * RATE, 12 * RATE + 7, 13 * RATE],
        [13 * RATE, 13 * RATE, 13 * RATE + 800, 13 * RATE + 800],
    ]
    items = (item("a", audio, *windows), item("b", other, plain(0, 3)))
    heard = {}
    for route in ROUTES:
        result = talk.transcribe(*items, route=route, batch_seconds=16)
        assert (result["windows"], result["notes"]) == (4, [])
        heard[route] = talk.words()
    first = heard[ROUTES[0]]
    assert set(first) == {("a", tuple(window)) for window in windows} | {("b", tuple(plain(0, 3)))}
    for route in ROUTES[1:]:
        for key, words in first.items():
            assert [word[0] for word in heard[route][key]] == [word[0] for word in words]
            for ours, theirs in zip(words, heard[route][key], strict=True):
                assert abs(ours[1] - theirs[1]) <= FRAME_SAMPLES
                assert abs(ours[2] - theirs[2]) <= FRAME_SAMPLES
    for (_, window), words in first.items():
        assert words, "a window in which the random model says nothing tests nothing"
        check_words(words, window, family)


def check_words(words: list[Any], window: tuple[int, ...], family: str) -> None:
    context_start, _, _, context_end = window
    for text, start, end, confidence in words:
        assert text and text == text.strip()
        assert context_start <= start <= end <= context_end
        if family == "canary":
            assert confidence is None
        else:
            assert 0 <= confidence <= 1
            for time in (start, end):
                assert (time - context_start) % FRAME_SAMPLES == 0 or time == context_end


def test_word_times_are_those_of_nemo(
    models: Callable[[str], Path], talk: Talk, tmp_path: Path
) -> None:
    audio = sound(tmp_path / "a.wav", 6)
    talk.load(models("tdt"))
    loaded = talk.recognition._loaded
    assert loaded is not None
    result = loaded.model.transcribe(
        [str(audio)], timestamps=True, num_workers=0, verbose=False, return_hypotheses=True
    )
    expected = [(w["word"], w["start"], w["end"]) for w in result[0].timestamp["word"]]
    talk.transcribe(item("a", audio, plain(0, 6)))
    (words,) = talk.words().values()
    assert len(words) > 3
    ours = [(text, start / RATE, end / RATE) for text, start, end, _ in words]
    assert [each[0] for each in ours] == [each[0] for each in expected]
    for (_, start, end), (_, their_start, their_end) in zip(ours, expected, strict=True):
        assert start == pytest.approx(their_start, abs=1e-9)
        assert end == pytest.approx(min(their_end, 6.0), abs=1e-9)


def test_no_route_starts_a_worker_or_leaves_a_file(
    models: Callable[[str], Path], talk: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    made: list[int] = []
    original = torch.utils.data.DataLoader.__init__

    def watched(self: Any, *args: Any, **kwargs: Any) -> None:
        original(self, *args, **kwargs)
        made.append(self.num_workers)

    monkeypatch.setattr(torch.utils.data.DataLoader, "__init__", watched)
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(work))
    audio = sound(tmp_path / "a.wav", 4)
    talk.load(models("tdt"))
    for route in ROUTES:
        talk.transcribe(item("a", audio, plain(0, 2), plain(2, 4)), route=route)
        assert len(talk.told("words")) == 2
    assert made == [0, 0]  # "direct" makes no loader
    assert list(work.iterdir()) == []


def test_the_true_error_is_told_though_the_manifest_is_still_open(
    models: Callable[[str], Path], talk: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from editor_plugin.core.errors import RecueError

    def as_on_windows(name: str, ignore_errors: bool = False, **kwargs: Any) -> None:
        if not ignore_errors:
            raise PermissionError(32, "The process cannot access the file")

    audio = sound(tmp_path / "a.wav", 2)
    talk.load(models("tdt"))
    loaded = talk.recognition._loaded
    assert loaded is not None

    def broken(**kwargs: Any) -> None:
        raise ArithmeticError("the true error")

    monkeypatch.setattr(loaded.model, "forward", broken)
    monkeypatch.setattr(tempfile.TemporaryDirectory, "_rmtree", staticmethod(as_on_windows))
    with pytest.raises(RecueError, match="the true error"):
        talk.transcribe(item("a", audio, plain(0, 2)), route="model-defaults")


def test_canary_is_told_the_language(
    routes: ModuleType, models: Callable[[str], Path], talk: Talk, tmp_path: Path
) -> None:
    audio = sound(tmp_path / "a.wav", 2)
    talk.load(models("canary"))
    loaded = talk.recognition._loaded
    assert loaded is not None
    prompts = {
        language: routes.words_config(loaded, 1, language).prompt[0]["slots"]
        for language in ("de", None)
    }
    assert prompts["de"]["source_lang"] == prompts["de"]["target_lang"] == "de"
    assert prompts[None]["source_lang"] == "en"
    assert prompts["de"]["timestamp"] == "yes"
    for route in ROUTES:
        assert talk.transcribe(item("a", audio, plain(0, 2)), language="de", route=route)
        with pytest.raises(SettingsInvalid, match="xx") as caught:
            talk.transcribe(item("a", audio, plain(0, 2)), language="xx", route=route)
        assert caught.value.todo == "It takes one of: de, en."
