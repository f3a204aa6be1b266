"""A model of Parakeet-TDT-0.6B's shape with random weights, and its encoder in ONNX.

    python -m benchmarks.parakeet_shape build DEMO.nemo TARGET.nemo
    python -m benchmarks.parakeet_shape onnx MODEL.nemo ENCODER.onnx < asked.json

`onnx` reads what `bare_nemo` reads and prints {"transcribe": [seconds, …]}: the encoder alone, in
dynamic int8, features made beforehand. Speed needs no real weights, only the real shape.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

from demo.needs import need_files, need_folder, need_packages, refuse

# 609 million parameters: 24 layers of 1024 over 128 mel bands, a frame every 80 ms.
ENCODER = {
    "feat_in": 128,
    "n_layers": 24,
    "d_model": 1024,
    "n_heads": 8,
    "ff_expansion_factor": 4,
    "conv_kernel_size": 9,
    "subsampling": "dw_striding",
    "subsampling_factor": 8,
    "subsampling_conv_channels": 256,
    "use_bias": False,
    "xscaling": False,
    "dropout": 0.0,
    "dropout_pre_encoder": 0.0,
    "dropout_emb": 0.0,
    "dropout_att": 0.0,
}
HIDDEN = 640
BLANK_BIAS = 12.0
"""Makes nearly every frame blank, as in speech, where most are; random weights would never stop."""


def build(demo: Path, target: Path) -> None:
    """Put Parakeet's encoder, predictor and joint in place of the demo's; keep its tokenizer."""
    import torch
    from nemo.collections.asr.models import ASRModel
    from omegaconf import open_dict

    torch.manual_seed(0)
    model = ASRModel.restore_from(str(demo), map_location="cpu")
    with open_dict(model.cfg):
        model.cfg.preprocessor.features = ENCODER["feat_in"]
        model.cfg.encoder.update(ENCODER)
        model.cfg.model_defaults.update(
            enc_hidden=ENCODER["d_model"], pred_hidden=HIDDEN, joint_hidden=HIDDEN
        )
        model.cfg.decoder.prednet.update(pred_hidden=HIDDEN, pred_rnn_layers=2)
        model.cfg.joint.jointnet.update(
            encoder_hidden=ENCODER["d_model"], pred_hidden=HIDDEN, joint_hidden=HIDDEN
        )
    for part in ("preprocessor", "encoder", "decoder", "joint"):
        setattr(model, part, model.from_config_dict(model.cfg[part]))
    with torch.no_grad():
        blank = model.decoder.blank_idx
        model.joint.joint_net[-1].bias[blank] += BLANK_BIAS
    model.eval().save_to(str(target))


def onnx(source: Path, target: Path, asked: dict[str, Any]) -> list[float]:
    """Export the encoder, make it int8, and time it over the windows."""
    import onnxruntime
    import soundfile
    import torch
    from nemo.collections.asr.models import ASRModel
    from onnxruntime.quantization import QuantType, quantize_dynamic

    model = ASRModel.restore_from(str(source), map_location="cpu").eval()
    if not target.exists():
        plain = target.with_suffix(".fp32.onnx")
        model.encoder.export(str(plain))
        quantize_dynamic(plain, target, weight_type=QuantType.QInt8, use_external_data_format=True)
    windows = [
        torch.tensor(soundfile.read(asked["audio"], start=a, stop=b, dtype="float32")[0])
        for a, b in asked["windows"]
    ]
    size = asked["batch_size"]
    batches = []
    with torch.inference_mode():
        for first in range(0, len(windows), size):
            some = windows[first : first + size]
            lengths = torch.tensor([len(each) for each in some])
            padded = torch.nn.utils.rnn.pad_sequence(some, batch_first=True)
            batches.append(model.preprocessor(input_signal=padded, length=lengths))
    del model
    session = onnxruntime.InferenceSession(str(target), providers=["CPUExecutionProvider"])
    names = [each.name for each in session.get_inputs()]
    taken = []
    for _ in range(asked["repeat"] + 1):
        begun = time.perf_counter()
        for batch in batches:
            session.run(None, dict(zip(names, (each.numpy() for each in batch), strict=True)))
        taken.append(time.perf_counter() - begun)
    return taken[1:]


def main() -> None:
    """Run the command that is described in the module's docstring."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("what", choices=("build", "onnx"))
    parser.add_argument("source", type=Path)
    parser.add_argument("target", type=Path)
    options = parser.parse_args()
    need_packages("nemo", "torch")
    if options.what == "onnx":
        need_packages("onnx", "onnxruntime", "soundfile")
    need_files(options.source)
    need_folder(options.target.parent)
    os.environ["NEMO_REDIRECT_LOGS_TO_STDERR"] = "1"
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    if options.what == "build":
        build(options.source, options.target)
    else:
        try:
            asked = json.load(sys.stdin)
        except ValueError:
            refuse("“onnx” reads JSON from the standard input; the other benchmarks run it.")
        json.dump({"transcribe": onnx(options.source, options.target, asked)}, out)
    out.close()


if __name__ == "__main__":
    main()
