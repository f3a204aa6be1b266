"""The demo model as a NeMo `EncDecRNNTBPEModel` with token-and-duration transducer (TDT)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nemo.collections.asr.models import EncDecRNNTBPEModel
from omegaconf import DictConfig

WIDTH = 128
LAYERS = 7
PREDICTION_WIDTH = 128
JOINT_WIDTH = 192
DURATIONS = (0, 1, 2, 3, 4)


def _encoder() -> dict[str, Any]:
    return {
        "_target_": "nemo.collections.asr.modules.ConformerEncoder",
        "feat_in": 80,
        "feat_out": -1,
        "n_layers": LAYERS,
        "d_model": WIDTH,
        "subsampling": "dw_striding",
        "subsampling_factor": 4,
        "subsampling_conv_channels": 64,
        "causal_downsampling": False,
        "ff_expansion_factor": 4,
        "self_attention_model": "rel_pos",
        "n_heads": 4,
        "att_context_size": [-1, -1],
        "xscaling": False,
        "untie_biases": True,
        "pos_emb_max_len": 5000,
        "conv_kernel_size": 9,
        "conv_norm_type": "batch_norm",
        "dropout": 0.05,
        "dropout_pre_encoder": 0.0,
        "dropout_emb": 0.0,
        "dropout_att": 0.05,
    }


def _preprocessor() -> dict[str, Any]:
    return {
        "_target_": "nemo.collections.asr.modules.AudioToMelSpectrogramPreprocessor",
        "sample_rate": 16_000,
        "normalize": "per_feature",
        "window_size": 0.025,
        "window_stride": 0.01,
        "window": "hann",
        "features": 80,
        "n_fft": 512,
        "log": True,
        "frame_splicing": 1,
        "dither": 1e-5,
        "pad_to": 0,
        "pad_value": 0.0,
    }


def _transducer() -> dict[str, Any]:
    return {
        "decoder": {
            "_target_": "nemo.collections.asr.modules.RNNTDecoder",
            "normalization_mode": None,
            "random_state_sampling": False,
            "blank_as_pad": True,
            "prednet": {
                "pred_hidden": PREDICTION_WIDTH,
                "pred_rnn_layers": 1,
                "t_max": None,
                "dropout": 0.1,
            },
        },
        "joint": {
            "_target_": "nemo.collections.asr.modules.RNNTJoint",
            "log_softmax": None,
            "preserve_memory": False,
            "fuse_loss_wer": False,
            "fused_batch_size": -1,
            "num_extra_outputs": len(DURATIONS),
            "jointnet": {
                "joint_hidden": JOINT_WIDTH,
                "activation": "relu",
                "dropout": 0.0,
                "encoder_hidden": WIDTH,
                "pred_hidden": PREDICTION_WIDTH,
            },
        },
        "decoding": {
            "strategy": "greedy_batch",
            "model_type": "tdt",
            "durations": list(DURATIONS),
            "greedy": {"max_symbols": 10},
            "beam": {"beam_size": 2},
        },
        "loss": {
            "loss_name": "tdt",
            "tdt_kwargs": {
                "fastemit_lambda": 0.0,
                "clamp": -1.0,
                "durations": list(DURATIONS),
                "sigma": 0.02,
                "omega": 0.1,
            },
        },
    }


def build(tokenizer: Path) -> EncDecRNNTBPEModel:
    """The model with fresh weights; `tokenizer` is the folder of `training.tokens`."""
    config = {
        "sample_rate": 16_000,
        "log_prediction": False,
        "compute_eval_loss": False,
        "skip_nan_grad": False,
        "optim": None,
        "train_ds": None,
        "validation_ds": {
            "manifest_filepath": None,
            "sample_rate": 16_000,
            "batch_size": 4,
            "shuffle": False,
            "num_workers": 0,
            "use_start_end_token": False,
        },
        "tokenizer": {"dir": str(tokenizer), "type": "bpe"},
        "model_defaults": {
            "enc_hidden": WIDTH,
            "pred_hidden": PREDICTION_WIDTH,
            "joint_hidden": JOINT_WIDTH,
            "tdt_durations": list(DURATIONS),
            "num_tdt_durations": len(DURATIONS),
        },
        "preprocessor": _preprocessor(),
        "encoder": _encoder(),
        **_transducer(),
    }
    return EncDecRNNTBPEModel(cfg=DictConfig(config))
