"""Benchmarks refuse at once, in a sentence, what they could not finish."""

from __future__ import annotations

import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.programs import need

PROJECT = Path(__file__).parents[2]
MISSING = "nowhere.wav"


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
    )


def refusal(done: subprocess.CompletedProcess[str]) -> str:
    """The sentence that a command ended with."""
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    return done.stderr.splitlines()[-1]


@pytest.mark.parametrize(
    ("command", "lacks"),
    [
        (["benchmarks"], "ffmpeg-python"),
        (["benchmarks.bare_nemo"], "nemo_toolkit[asr]"),
        (["benchmarks.chunking", MISSING], "nemo_toolkit[asr]"),
        (["benchmarks.fit_boundaries", MISSING], "scipy"),
        (["benchmarks.parakeet_shape", "build", MISSING, MISSING], "torch"),
        (["benchmarks.precision"], "soundfile"),
        (["demo.evaluate_model"], "torch"),
        (["demo.export_model", MISSING], "torch"),
        (["demo.make_media"], "numpy"),
        (["demo.make_timeline"], "OpenTimelineIO"),
        (["demo.speech", MISSING], "scipy"),
        (["demo.train_model", MISSING], "torch"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)
def test_a_python_without_the_packages_is_told_what_is_missing(
    command: list[str], lacks: str
) -> None:
    """-S hides every package that is installed."""
    said = refusal(run("-S", "-m", *command))
    assert lacks in said and said.endswith("set everything up.")


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["benchmarks.segmentation"], "required: reference"),
        (["benchmarks.segmentation", MISSING], "cannot be read: No such file"),
        (["demo.sentences"], "required: count"),
        (["demo.sentences", "many"], "invalid int value"),
        (["demo.model_card", "more"], "unrecognized arguments: more"),
    ],
)
def test_wrong_arguments_are_told(command: list[str], told: str) -> None:
    assert told in refusal(run("-S", "-m", *command))


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["benchmarks", "--only", "warm,wrong"], "no “wrong”; there are warm, memory, extraction"),
        (["benchmarks", "--only", ""], "there is no “”; there are"),
        (["benchmarks.bare_nemo"], "reads JSON"),
        (["benchmarks.chunking"], "required: audio"),
        (["benchmarks.chunking", MISSING], "cannot be read: No such file"),
        (["benchmarks.chunking", "README.md"], "cannot be read as audio or video"),
        (["benchmarks.fit_boundaries", MISSING], "cannot be read: No such file"),
        (["benchmarks.fit_boundaries", "README.md", "--folds", "1"], "--folds is from 2 to"),
        (["benchmarks.parakeet_shape", "build", MISSING, "x.nemo"], "cannot be read: No such file"),
        (["benchmarks.precision", "--fast"], "unrecognized arguments: --fast"),
        (["demo.speech", "/dev/null/speech"], "cannot be written to"),
    ],
)
def test_wrong_arguments_are_told_where_all_packages_are(command: list[str], told: str) -> None:
    pytest.importorskip("torch", reason="needs the package torch")
    pytest.importorskip("nemo", reason="needs the package nemo")
    if command[0] == "demo.speech":
        need("flite")
    assert told in refusal(run("-m", *command))


def whole_benchmarks() -> None:
    """Skip where the benchmarks refuse for their own sake."""
    pytest.importorskip("torch", reason="needs the package torch")
    if not hasattr(tarfile, "data_filter"):
        pytest.skip("needs Python 3.11.4 or newer")


def test_what_one_benchmark_lacks_is_told_before_another_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole_benchmarks()
    from benchmarks import __main__ as benchmarks
    from benchmarks.figures import Figure
    from demo import needs

    def find_spec(name: str) -> object:
        return None if name == "onnxruntime" else name

    def measure(folder: Path) -> list[Figure]:
        pytest.fail(f"something was measured in {folder}")

    monkeypatch.setattr(needs, "find_spec", find_spec)
    monkeypatch.setitem(benchmarks.ALL, "extraction", benchmarks.Benchmark(measure, ()))
    with pytest.raises(SystemExit) as refused:
        benchmarks.main(["--only", "extraction,big-model"])
    assert refused.value.code == 2
    assert capsys.readouterr().err.startswith("big-model needs onnxruntime, which ")


def test_figures_of_a_run_that_broke_off_are_kept_and_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    whole_benchmarks()
    from benchmarks import __main__ as benchmarks
    from benchmarks.figures import Figure

    figure = Figure("extraction", 1.0, 2.0, "s", 1.0, "another")

    def broken(folder: Path) -> list[Figure]:
        raise RuntimeError("it broke")

    monkeypatch.setattr(benchmarks, "RESULTS", tmp_path / "results" / "latest.json")
    fine = benchmarks.Benchmark(lambda _: [figure], ())
    monkeypatch.setitem(benchmarks.ALL, "extraction", fine)
    monkeypatch.setitem(benchmarks.ALL, "warm", benchmarks.Benchmark(broken, ()))
    with pytest.raises(RuntimeError, match="it broke"):
        benchmarks.main(["--only", "extraction,warm"])
    assert "| extraction | 1.00 s | another: 2.00 s | 0.50 |" in capsys.readouterr().out
    assert "another" in benchmarks.RESULTS.read_text(encoding="utf-8")
