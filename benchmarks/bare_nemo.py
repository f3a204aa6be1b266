"""A process that runs plain NeMo, for comparison. It reads JSON and prints JSON.

{"model", "audio", "windows": [[start, end], …], "batch_size", "repeat"} →
{"import", "restore", "first_batch", "transcribe": [seconds, …], "texts"}
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any

from demo.needs import need_packages, refuse


def main() -> None:
    """Run the measurement that stdin describes. Results are seconds of wall time."""
    need_packages("nemo", "soundfile", "torch")
    os.environ["NEMO_REDIRECT_LOGS_TO_STDERR"] = "1"
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    try:
        asked: dict[str, Any] = json.load(sys.stdin)
    except ValueError:
        refuse("This reads JSON from the standard input; the other benchmarks run it.")
    times: dict[str, Any] = {}
    clock = time.perf_counter()
    import nemo.collections.asr as asr
    import soundfile

    times["import"], clock = time.perf_counter() - clock, time.perf_counter()
    model = asr.models.ASRModel.restore_from(asked["model"], map_location="cpu")
    times["restore"], clock = time.perf_counter() - clock, time.perf_counter()
    windows = [
        soundfile.read(asked["audio"], start=start, stop=end, dtype="float32")[0]
        for start, end in asked["windows"]
    ]
    size = asked["batch_size"]
    model.transcribe(windows[:size], batch_size=size, timestamps=True, verbose=False)
    times["first_batch"] = time.perf_counter() - clock
    times["transcribe"] = []
    for _ in range(asked["repeat"]):
        clock = time.perf_counter()
        heard = model.transcribe(windows, batch_size=size, timestamps=True, verbose=False)
        times["transcribe"].append(time.perf_counter() - clock)
        times["texts"] = [each.text for each in heard]
    json.dump(times, out)
    out.close()


if __name__ == "__main__":
    main()
