"""One transcription on the real tiny models: progress, cancel, bad files, and too little memory."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from editor_plugin.core.errors import Cancelled, OutOfMemory, ProtocolError, RecueError
from editor_plugin.core.protocol import ROUTES
from tests.runner.conftest import RATE, Talk, item, plain, sound

pytestmark = [pytest.mark.nemo]


@contextlib.contextmanager
def forward(talk: Talk, before: Callable[[int, float], None]) -> Iterator[None]:
    """Have `before` called with the batch's size and its longest seconds before each forward."""
    loaded = talk.recognition._loaded
    assert loaded is not None
    original = loaded.model.forward

    def watched(**inputs: Any) -> Any:
        audio = inputs["input_signal"]
        before(audio.shape[0], audio.shape[1] / RATE)
        return original(**inputs)

    loaded.model.forward = watched
    try:
        yield
    finally:
        del loaded.model.forward


def out_of_memory(allowed: Callable[[int, float], bool]) -> Callable[[int, float], None]:
    """A GPU on which only what `allowed` says fits."""
    import torch

    def check(size: int, seconds: float) -> None:
        if not allowed(size, seconds):
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")

    return check


@pytest.fixture
def loaded(talk: Talk, models: Callable[[str], Path]) -> Talk:
    talk.load(models("tdt"))
    return talk


def windows(count: int, seconds: float = 2.0) -> list[list[int]]:
    return [plain(index * seconds, (index + 1) * seconds) for index in range(count)]


def test_words_and_progress_come_after_each_batch(loaded: Talk, tmp_path: Path) -> None:
    audio = sound(tmp_path / "a.wav", 12)
    result = loaded.transcribe(item("a", audio, *windows(6)), batch_seconds=4)
    assert result == {
        "windows": 6,
        "batch_seconds": 4,
        "window_limit": None,
        "device": "cpu",
        "notes": [],
    }
    assert [name for name, _ in loaded.news] == ["words", "words", "progress"] * 3
    assert [about["seconds"] for about in loaded.told("progress")] == [4, 8, 12]
    last = {"windows": 6, "of_windows": 6, "seconds": 12, "of_seconds": 12}
    assert loaded.told("progress")[-1] == last
    assert [about["window"] for about in loaded.told("words")] == windows(6)


def test_a_batch_holds_what_it_may(loaded: Talk, tmp_path: Path) -> None:
    audio = sound(tmp_path / "a.wav", 14)
    sizes: list[tuple[int, float]] = []
    with forward(loaded, lambda size, seconds: sizes.append((size, seconds))):
        loaded.transcribe(item("a", audio, *windows(7)), batch_seconds=6.5)
    assert sizes == [(3, 2), (3, 2), (1, 2)]


@pytest.mark.parametrize("route", ROUTES)
def test_cancel_is_honoured_after_the_batch(loaded: Talk, tmp_path: Path, route: str) -> None:
    audio = sound(tmp_path / "a.wav", 12)

    def cancel(job: Any, method: str) -> None:
        if method == "progress":
            job.cancelled.set()

    loaded.on_news = cancel
    with pytest.raises(Cancelled):
        loaded.transcribe(item("a", audio, *windows(6)), batch_seconds=4, route=route)
    assert len(loaded.told("words")) == 2
    loaded.on_news = lambda job, method: None
    assert loaded.transcribe(item("a", audio, *windows(6)), route=route)["windows"] == 6


@pytest.mark.parametrize("route", ROUTES)
def test_one_bad_file_fails_alone(loaded: Talk, tmp_path: Path, route: str) -> None:
    good = sound(tmp_path / "a.wav", 4)
    text = tmp_path / "text.wav"
    text.write_text("no audio at all")
    short = sound(tmp_path / "short.wav", 1)
    result = loaded.transcribe(
        item("missing", tmp_path / "none.wav", *windows(2)),
        item("good", good, *windows(2)),
        item("text", text, plain(0, 1)),
        item("short", short, plain(0, 0.5), plain(0.5, 3)),
        route=route,
    )
    assert result["windows"] == 7
    failed = {
        each["item"]: (each["window"], each["error"]["code"]) for each in loaded.told("failed")
    }
    assert failed == {
        "missing": (None, "media-missing"),
        "text": (None, "media-unreadable"),
        "short": (None, "media-unreadable"),
    }
    assert [each["item"] for each in loaded.told("words")] == ["good", "good"]
    assert loaded.told("progress")[-1]["windows"] == 7


@pytest.mark.parametrize("route", ROUTES)
def test_a_file_that_goes_away_meanwhile_fails_alone(
    loaded: Talk, tmp_path: Path, route: str
) -> None:
    stays, goes = sound(tmp_path / "a.wav", 4), sound(tmp_path / "b.wav", 4)
    items = item("stays", stays, *windows(2)), item("goes", goes, *windows(2))

    def vanish(job: Any, method: str) -> None:
        if method == "progress":
            goes.unlink(missing_ok=True)

    loaded.on_news = vanish
    # Batches: the first of "stays" alone, then one across both files.
    first = item("first", stays, plain(0, 4))
    loaded.transcribe(first, *items, batch_seconds=6, route=route)
    assert [each["item"] for each in loaded.told("failed")] == ["goes", "goes"]
    assert {each["error"]["code"] for each in loaded.told("failed")} == {"media-missing"}
    assert [each["item"] for each in loaded.told("words")] == ["first", "stays", "stays"]


@pytest.mark.parametrize("route", ROUTES)
def test_a_window_that_breaks_its_batch_fails_alone(
    loaded: Talk, tmp_path: Path, route: str
) -> None:
    audio = sound(tmp_path / "a.wav", 10)
    four = [plain(0, 2), plain(2, 4), plain(4, 6.5), plain(6.5, 8.5)]

    def poison(size: int, seconds: float) -> None:
        if seconds == 2.5:
            raise ArithmeticError("these samples")

    with forward(loaded, poison):
        result = loaded.transcribe(item("a", audio, *four), batch_seconds=60, route=route)
    assert result["windows"] == 4
    (failed,) = loaded.told("failed")
    assert failed["window"] == four[2]
    assert "these samples" in failed["error"]["message"]
    assert [each["window"] for each in loaded.told("words")] == [four[0], four[1], four[3]]


def test_a_route_on_which_nothing_succeeds_is_an_error(loaded: Talk, tmp_path: Path) -> None:
    audio = sound(tmp_path / "a.wav", 20)
    calls: list[int] = []

    def broken(size: int, seconds: float) -> None:
        calls.append(size)
        raise TypeError("an argument too many")

    with forward(loaded, broken), pytest.raises(RecueError, match="an argument too many") as error:
        loaded.transcribe(item("a", audio, *windows(10)))
    assert type(error.value) is RecueError  # the engine then tries the next route
    assert calls == [10, 1, 1, 1]
    assert loaded.told("failed") == loaded.told("words") == []


def test_windows_that_all_fail_from_some_point_on_are_not_given_up(
    loaded: Talk, tmp_path: Path
) -> None:
    audio = sound(tmp_path / "a.wav", 20)
    calls: list[int] = []

    def tired(size: int, seconds: float) -> None:
        calls.append(size)
        if len(calls) > 2:
            raise ArithmeticError("no more")

    with forward(loaded, tired), pytest.raises(RecueError, match="no more"):
        loaded.transcribe(item("a", audio, *windows(10)), batch_seconds=4)
    assert calls == [2, 2, 2, 1, 1, 2, 1]
    assert len(loaded.told("words")) == 4
    assert loaded.told("failed") == []


def test_a_lost_gpu_ends_the_transcription_at_once(loaded: Talk, tmp_path: Path) -> None:
    audio = sound(tmp_path / "a.wav", 8)
    calls: list[int] = []

    def lost(size: int, seconds: float) -> None:
        calls.append(size)
        if len(calls) == 2:
            raise RuntimeError("CUDA error: an illegal memory access was encountered")

    with forward(loaded, lost), pytest.raises(RecueError, match="illegal memory access"):
        loaded.transcribe(item("a", audio, *windows(4)), batch_seconds=4)
    assert calls == [2, 2]
    assert len(loaded.told("words")) == 2 and loaded.told("failed") == []


@pytest.mark.parametrize("route", ROUTES)
def test_too_large_a_batch_is_halved_until_it_fits(
    loaded: Talk, tmp_path: Path, route: str
) -> None:
    audio = sound(tmp_path / "a.wav", 20)
    sizes: list[int] = []
    fits = out_of_memory(lambda size, seconds: size <= 3)

    def check(size: int, seconds: float) -> None:
        sizes.append(size)
        fits(size, seconds)

    with forward(loaded, check):
        result = loaded.transcribe(item("a", audio, *windows(10)), route=route)
    assert sizes == [10, 5, 2, 2, 2, 2, 2]
    assert (result["batch_seconds"], result["window_limit"]) == (4, None)
    assert len(result["notes"]) == 2 and "batches of 4 s" in result["notes"][1]
    assert [each["text"] for each in loaded.told("log")] == result["notes"]
    assert [each["window"] for each in loaded.told("words")] == windows(10)


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError("[enforce fail at alloc_cpu.cpp:114] DefaultCPUAllocator: can't allocate"),
        RuntimeError("CUDA error: CUBLAS_STATUS_ALLOC_FAILED"),
        RuntimeError("MPS backend out of memory (MPS allocated: 8 GB)"),
    ],
    ids=lambda error: str(error)[:12] or "MemoryError",
)
def test_every_kind_of_memory_error_is_known(
    loaded: Talk, tmp_path: Path, error: Exception
) -> None:
    audio = sound(tmp_path / "a.wav", 4)

    def check(size: int, seconds: float) -> None:
        if size > 1:
            raise error

    with forward(loaded, check):
        result = loaded.transcribe(item("a", audio, *windows(2)))
    assert (result["batch_seconds"], len(result["notes"])) == (2, 1)


def test_windows_are_cut_where_one_alone_does_not_fit(loaded: Talk, tmp_path: Path) -> None:
    audio = sound(tmp_path / "a.wav", 40)
    asked = [plain(0, 18), [18 * RATE, 18 * RATE, 37 * RATE, 38 * RATE], plain(38, 40)]
    longest: list[float] = []
    fits = out_of_memory(lambda size, seconds: size == 1 and seconds <= 10)

    def check(size: int, seconds: float) -> None:
        longest.append(seconds)
        fits(size, seconds)

    with forward(loaded, check):
        result = loaded.transcribe(item("a", audio, *asked), batch_seconds=40)
    assert longest[:2] == [20, 18]
    assert result["window_limit"] == 9 * RATE
    assert max(longest[2:]) <= 9
    assert sorted(each["window"] for each in loaded.told("words")) == sorted(asked)
    for each in loaded.told("words"):
        times = [time for word in each["words"] for time in word[1:3]]
        assert times == sorted(times)
        assert times and each["window"][0] <= times[0] and times[-1] <= each["window"][3]
    last = loaded.told("progress")[-1]
    assert last == {"windows": 3, "of_windows": 3, "seconds": 40, "of_seconds": 40}


def test_where_nothing_fits_the_error_says_so(loaded: Talk, tmp_path: Path) -> None:
    audio = sound(tmp_path / "a.wav", 20)
    with forward(loaded, out_of_memory(lambda size, seconds: False)), pytest.raises(OutOfMemory):
        loaded.transcribe(item("a", audio, plain(0, 10), plain(10, 20)))
    assert len(loaded.told("log")) == 2


def test_after_the_smallest_step_the_gpu_is_left(
    loaded: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from editor_plugin.runner import memory

    audio = sound(tmp_path / "a.wav", 12)
    model = loaded.recognition._loaded
    assert model is not None
    # There may be no GPU here: the model is on the CPU, and is only said to be elsewhere.
    monkeypatch.setattr(model, "device", "cuda")
    monkeypatch.setattr(memory, "free", lambda device: None)
    fits = out_of_memory(lambda size, seconds: model.device == "cpu")
    with forward(loaded, fits):
        result = loaded.transcribe(item("a", audio, plain(0, 6), plain(6, 12)), batch_seconds=60)
    assert result["device"] == model.device == "cpu"
    assert result["window_limit"] is None
    assert "the CPU" in result["notes"][-1]
    assert len(loaded.told("words")) == 2


@pytest.mark.parametrize(
    "changes",
    [
        {"route": "by-magic"},
        {"batch_seconds": 0},
        {"batch_seconds": "many"},
        {"language": 7},
        {"items": "none"},
        {"items": [{"item": "a", "audio": "a.wav"}]},
        {"items": [{"item": "a", "windows": []}]},
        {"items": [{"item": "a", "audio": "a.wav", "windows": [[3, 2, 1, 0]]}]},
    ],
    ids=str,
)
def test_wrong_parameters_are_refused(loaded: Talk, changes: dict[str, Any]) -> None:
    params = {"items": [], "route": "map", "batch_seconds": None, "language": None, **changes}
    with pytest.raises(ProtocolError):
        loaded.call("transcribe", **params)


def test_nothing_to_do_is_done_at_once(loaded: Talk) -> None:
    assert loaded.transcribe()["windows"] == 0
    assert loaded.news == []
