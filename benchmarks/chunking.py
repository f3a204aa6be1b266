"""Comparison of Recue's windows and NeMo's own chunking with recognition of the whole recording.

    python -m benchmarks.chunking AUDIO...

For each recording the model hears all of it at once; then in Recue's windows, and by NeMo's
buffered inference for transducers, both with at most 10 s of sound at a time. Printed is the word
error rate of each against the whole, in per cent. On human speech the demo model hears nonsense,
but nonsense too should not depend on where it is cut.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from demo.needs import MODEL, need_files, need_packages, refuse

if __name__ == "__main__":
    need_packages(*MODEL, "omegaconf")

from benchmarks.recordings import demo_model
from benchmarks.side_by_side import ROOT, CountingListener, recogniser
from demo.training.error_rate import error_rate, plain_words
from editor_plugin.core.errors import RecueError
from editor_plugin.core.stitching import join
from editor_plugin.core.timeline import Media
from editor_plugin.core.transcript import SAMPLE_RATE, HeardWindow
from editor_plugin.engine.media.extraction import extract
from editor_plugin.engine.media.probe import inspect
from editor_plugin.engine.recognition.types import RecognitionItem

SECONDS = 10
_NEMO = """
import json, math, os, sys
out = os.fdopen(os.dup(1), "w"); os.dup2(2, 1)
import copy, tempfile
from pathlib import Path
from editor_plugin.runner.restoring import restore
from nemo.collections.asr.parts.utils.streaming_utils import BatchedFrameASRTDT
from nemo.collections.asr.parts.utils.transcribe_utils import get_buffered_pred_feat_rnnt
from omegaconf import open_dict
model_path, audio, total = sys.argv[1], sys.argv[2], float(sys.argv[3])
chunk = total * 0.8
with tempfile.TemporaryDirectory() as store:
    model = restore(Path(model_path), "cpu", Path(store))
whole = model.transcribe([audio], batch_size=1, verbose=False)[0].text
with open_dict(model.cfg.decoding):
    model.cfg.decoding.strategy = "greedy_batch"
    model.cfg.decoding.preserve_alignments = True
    model.cfg.decoding.fused_batch_size = -1
    model.cfg.decoding.greedy.use_cuda_graph_decoder = False
model.change_decoding_strategy(model.cfg.decoding, verbose=False)
stride = model.cfg.preprocessor.window_stride * model.encoder.subsampling_factor
frames = BatchedFrameASRTDT(model, frame_len=chunk, total_buffer=total, batch_size=1)
delay = math.ceil((chunk + (total - chunk) / 2) / stride)
heard = get_buffered_pred_feat_rnnt(
    asr=frames, tokens_per_chunk=math.ceil(chunk / stride), delay=delay,
    model_stride_in_secs=stride, batch_size=1, filepaths=[audio], accelerator="cpu")
json.dump({"whole": whole, "chunked": heard[0].text}, out); out.close()
"""


class WindowListener(CountingListener):
    """A listener that keeps the windows."""

    def __init__(self) -> None:
        super().__init__()
        self.windows_heard: list[HeardWindow] = []

    def heard(self, item: str, heard: HeardWindow) -> None:
        """Keep it."""
        self.windows_heard.append(heard)


def distances(audio: Path, folder: Path) -> dict[str, float]:
    """Word error rates, in per cent, of Recue's windows and of NeMo's chunks against the whole."""
    got = extract(Media(str(audio)), None, folder / "whole.wav")
    with recogniser(folder, demo_model()) as opened:
        windows = opened.plan(got.path, [(0, got.samples)], SECONDS * SAMPLE_RATE)
        listener = WindowListener()
        opened.transcribe([RecognitionItem("a", got.path, windows)], listener, threading.Event())
    ours = " ".join(word.text for word in join(listener.windows_heard))
    command = [sys.executable, "-c", _NEMO, str(demo_model()), str(got.path), str(SECONDS)]
    run = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    if run.returncode:
        raise RuntimeError(run.stderr[-2000:])
    theirs = json.loads(run.stdout)
    whole = plain_words(theirs["whole"])
    return {
        "words": float(len(whole)),
        "recue": 100 * error_rate([(whole, plain_words(ours))]),
        "nemo": 100 * error_rate([(whole, plain_words(theirs["chunked"]))]),
    }


def main() -> None:
    """Print both distances for each recording."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("audio", type=Path, nargs="+")
    recordings: list[Path] = parser.parse_args().audio
    need_files(*recordings)
    try:
        for path in recordings:
            inspect(path)  # what is no recording is told before hours of others are heard
    except RecueError as error:
        refuse(str(error))
    for path in recordings:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            found = distances(path, Path(folder))
        print(
            f"{path.name}, {found['words']:.0f} words: "
            f"Recue's windows {found['recue']:.1f} %, NeMo's chunks {found['nemo']:.1f} %"
        )


if __name__ == "__main__":
    main()
