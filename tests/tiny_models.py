"""Tiny NeMo models with random weights: one of each speech family, and one that is no recogniser.

They say nonsense, but through the real classes, decoders and files. The transducer says several
words, so it is the one for tests that need words. Building imports NeMo; a model that was built
once is kept in a folder of the temporary directory, named after this file's content, and copied
from there.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

FAMILIES = ("ctc", "tdt", "hybrid", "canary")
EVERY_KIND = (*FAMILIES, "speaker")
FRAME_SAMPLES = 1280
"""A frame of the encoder: 8 steps of 10 ms at 16 kHz."""

_WORDS = (  # noqa: SIM905
    "the of and to in a is that for it was on are as with his they at be this from have or by "
    "one had not but what all were when we there can an your which their said if do will each "
    "about how up out them then she many some so these would other into has more her two like "
    "him see time could no make than first been its who now people my made over did down only "
    "way find use may water long little very after words called just where most know get through"
).split()
_SPECIAL = (  # noqa: SIM905
    "<|endoftext|> <|startoftranscript|> <|transcribe|> <|translate|> <|nopnc|> <|pnc|> "
    "<|nospeech|> <|startofcontext|> <|emo:undefined|> <|emo:neutral|> <|itn|> <|noitn|> "
    "<|timestamp|> <|notimestamp|> <|diarize|> <|nodiarize|> <|unklang|> <|predict_lang|> "
    "<|nopredict_lang|> <|en|> <|de|>"
).split()
_DURATIONS = [0, 1, 2, 3, 4]
_SEEDS = {"tdt": 56}
"""With this one the transducer says several words; the default is 0."""


def tiny_model(family: str, folder: Path) -> Path:
    """Return the path of a .nemo file of `family` (one of EVERY_KIND) in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"tiny-{family}.nemo"
    if not path.exists():
        shutil.copyfile(_kept(family), path)
    return path


def _kept(family: str) -> Path:
    content = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()[:16]
    store = Path(tempfile.gettempdir()) / f"recue-tiny-models-{content}"
    if not (store / f"{family}.nemo").exists():
        # All at once, since importing NeMo costs more than building; in a process of its own, since
        # its warnings are not ours to mend.
        command = [sys.executable, __file__, str(store)]
        built = subprocess.run(command, capture_output=True, text=True)
        assert built.returncode == 0, built.stderr
    return store / f"{family}.nemo"


def _build_all(store: Path) -> None:
    store.mkdir(parents=True, exist_ok=True)
    for family in EVERY_KIND:
        with tempfile.TemporaryDirectory(dir=store) as work:
            built = Path(work) / "built.nemo"
            _build(family, Path(work), built)
            # Another test run may build the same one at the same time; both are equal.
            os.replace(built, store / f"{family}.nemo")


def _build(family: str, work: Path, target: Path) -> None:
    os.environ.setdefault("NEMO_REDIRECT_LOGS_TO_STDERR", "1")
    import torch
    from nemo.collections.asr import models
    from omegaconf import DictConfig

    torch.manual_seed(_SEEDS.get(family, 0))
    name, config = {
        "ctc": ("EncDecCTCModelBPE", _ctc),
        "tdt": ("EncDecRNNTBPEModel", _tdt),
        "hybrid": ("EncDecHybridRNNTCTCBPEModel", _hybrid),
        "canary": ("EncDecMultiTaskModel", _canary),
        "speaker": ("EncDecSpeakerLabelModel", _speaker),
    }[family]
    model = getattr(models, name)(cfg=DictConfig(config(work))).eval()
    model.save_to(str(target))


def _tokenizer(folder: Path) -> dict[str, Any]:
    import sentencepiece

    folder.mkdir()
    draw = random.Random(0)
    sentences = [
        " ".join(draw.choices(_WORDS, k=draw.randint(4, 12))).capitalize() + draw.choice(".?!")
        for _ in range(600)
    ]
    (folder / "text.txt").write_text("\n".join(sentences), encoding="utf-8")
    sentencepiece.SentencePieceTrainer.train(
        input=str(folder / "text.txt"),
        model_prefix=str(folder / "tokenizer"),
        model_type="bpe",
        vocab_size=128,
        character_coverage=1.0,
        hard_vocab_limit=False,
        bos_id=-1,
        eos_id=-1,
        pad_id=-1,
        unk_id=0,
        minloglevel=2,
    )
    pieces = sentencepiece.SentencePieceProcessor(str(folder / "tokenizer.model"))
    names = [pieces.id_to_piece(id) for id in range(pieces.get_piece_size())]
    (folder / "vocab.txt").write_text("\n".join(names), encoding="utf-8")
    return {"dir": str(folder), "type": "bpe"}


def _shared(features: int = 80) -> dict[str, Any]:
    return {
        "sample_rate": 16000,
        "log_prediction": False,
        "optim": None,
        "train_ds": None,
        "validation_ds": {
            "manifest_filepath": None,
            "sample_rate": 16000,
            "batch_size": 4,
            "shuffle": False,
            "num_workers": 0,
            "use_start_end_token": False,
        },
        "preprocessor": {
            "_target_": "nemo.collections.asr.modules.AudioToMelSpectrogramPreprocessor",
            "sample_rate": 16000,
            "normalize": "per_feature",
            "window_size": 0.025,
            "window_stride": 0.01,
            "window": "hann",
            "features": features,
            "n_fft": 512,
            "log": True,
            "frame_splicing": 1,
            "dither": 1e-5,
            "pad_to": 0,
            "pad_value": 0.0,
        },
        "encoder": {
            "_target_": "nemo.collections.asr.modules.ConformerEncoder",
            "feat_in": features,
            "feat_out": -1,
            "n_layers": 2,
            "d_model": 64,
            "subsampling": "dw_striding",
            "subsampling_factor": 8,
            "subsampling_conv_channels": 32,
            "causal_downsampling": False,
            "ff_expansion_factor": 2,
            "self_attention_model": "rel_pos",
            "n_heads": 4,
            "att_context_size": [-1, -1],
            "xscaling": False,
            "untie_biases": True,
            "pos_emb_max_len": 5000,
            "conv_kernel_size": 9,
            "conv_norm_type": "batch_norm",
            "dropout": 0.0,
            "dropout_pre_encoder": 0.0,
            "dropout_emb": 0.0,
            "dropout_att": 0.0,
        },
    }


def _ctc_decoder() -> dict[str, Any]:
    return {
        "_target_": "nemo.collections.asr.modules.ConvASRDecoder",
        "feat_in": 64,
        "num_classes": -1,
        "vocabulary": [],
    }


def _ctc(work: Path) -> dict[str, Any]:
    return {
        **_shared(),
        "tokenizer": _tokenizer(work / "tokenizer"),
        "decoder": _ctc_decoder(),
        "decoding": {"strategy": "greedy_batch"},
    }


def _tdt(work: Path) -> dict[str, Any]:
    return {
        **_shared(),
        "tokenizer": _tokenizer(work / "tokenizer"),
        "compute_eval_loss": False,
        "skip_nan_grad": False,
        "model_defaults": {
            "enc_hidden": 64,
            "pred_hidden": 32,
            "joint_hidden": 32,
            "tdt_durations": _DURATIONS,
            "num_tdt_durations": len(_DURATIONS),
        },
        "decoder": {
            "_target_": "nemo.collections.asr.modules.RNNTDecoder",
            "normalization_mode": None,
            "random_state_sampling": False,
            "blank_as_pad": True,
            "prednet": {"pred_hidden": 32, "pred_rnn_layers": 1, "t_max": None, "dropout": 0.0},
        },
        "joint": {
            "_target_": "nemo.collections.asr.modules.RNNTJoint",
            "log_softmax": None,
            "preserve_memory": False,
            "fuse_loss_wer": False,
            "fused_batch_size": -1,
            "num_extra_outputs": len(_DURATIONS),
            "jointnet": {
                "joint_hidden": 32,
                "activation": "relu",
                "dropout": 0.0,
                "encoder_hidden": 64,
                "pred_hidden": 32,
            },
        },
        "decoding": {
            "strategy": "greedy_batch",
            "model_type": "tdt",
            "durations": _DURATIONS,
            "greedy": {"max_symbols": 10},
            "beam": {"beam_size": 2},
        },
        "loss": {
            "loss_name": "tdt",
            "tdt_kwargs": {
                "fastemit_lambda": 0.0,
                "clamp": -1.0,
                "durations": _DURATIONS,
                "sigma": 0.02,
                "omega": 0.1,
            },
        },
    }


def _hybrid(work: Path) -> dict[str, Any]:
    return {
        **_tdt(work),
        "aux_ctc": {
            "ctc_loss_weight": 0.3,
            "use_cer": False,
            "ctc_reduction": "mean_batch",
            "decoder": _ctc_decoder(),
            "decoding": {"strategy": "greedy_batch"},
        },
    }


def _canary(work: Path) -> dict[str, Any]:
    from nemo.collections.common.tokenizers.canary_tokenizer import CanaryTokenizer

    special = work / "special"
    CanaryTokenizer.build_special_tokenizer(
        [*_SPECIAL, *(f"<|{frame}|>" for frame in range(200))], str(special)
    )
    return {
        **_shared(),
        "prompt_format": "canary2",
        "label_smoothing": 0.0,
        "use_loss_mask_for_prompt": False,
        "restore_timestamps_model": False,
        "validation_ds": None,
        "test_ds": None,
        "spec_augment": None,
        "model_defaults": {"asr_enc_hidden": 64, "lm_enc_hidden": 64, "lm_dec_hidden": 64},
        "tokenizer": {
            "dir": None,
            "type": "agg",
            "langs": {
                "spl_tokens": {"dir": str(special), "type": "bpe"},
                "en": _tokenizer(work / "tokenizer"),
                "de": _tokenizer(work / "german"),
            },
            "custom_tokenizer": {
                "_target_": "nemo.collections.common.tokenizers.canary_tokenizer.CanaryTokenizer",
                "tokenizers": None,
            },
        },
        "transf_encoder": {
            "_target_": "nemo.collections.asr.modules.transformer.transformer_encoders."
            "TransformerEncoder",
            "num_layers": 0,
            "hidden_size": 64,
            "inner_size": 128,
            "num_attention_heads": 4,
            "ffn_dropout": 0.0,
            "attn_score_dropout": 0.0,
            "attn_layer_dropout": 0.0,
            "mask_future": False,
            "pre_ln": True,
            "pre_ln_final_layer_norm": True,
        },
        "transf_decoder": {
            "_target_": "nemo.collections.asr.modules.transformer.get_nemo_transformer",
            "model_name": None,
            "pretrained": False,
            "encoder": None,
            "pre_ln_final_layer_norm": True,
            "config_dict": {
                "max_sequence_length": 128,
                "num_token_types": 0,
                "embedding_dropout": 0.0,
                "learn_positional_encodings": False,
                "hidden_size": 64,
                "inner_size": 128,
                "num_layers": 1,
                "num_attention_heads": 4,
                "ffn_dropout": 0.0,
                "attn_score_dropout": 0.0,
                "attn_layer_dropout": 0.0,
                "hidden_act": "relu",
                "pre_ln": True,
                "vocab_size": None,
            },
        },
        "head": {
            "_target_": "nemo.collections.asr.parts.submodules.token_classifier.TokenClassifier",
            "num_layers": 1,
            "activation": "relu",
            "log_softmax": True,
            "hidden_size": 64,
            "num_classes": None,
            "dropout": 0.0,
            "use_transformer_init": True,
        },
        "decoding": {
            "strategy": "beam",
            "return_best_hypothesis": True,
            "beam": {"beam_size": 1, "len_pen": 0.0, "max_generation_delta": 20},
        },
        "loss": {
            "_target_": "nemo.collections.common.losses.smoothed_cross_entropy."
            "SmoothedCrossEntropyLoss",
            "label_smoothing": 0.0,
            "pad_id": None,
        },
    }


def _speaker(work: Path) -> dict[str, Any]:
    del work
    shared = _shared()
    return {
        "sample_rate": 16000,
        "train_ds": None,
        "validation_ds": None,
        "optim": None,
        "preprocessor": shared["preprocessor"],
        "encoder": {
            "_target_": "nemo.collections.asr.modules.ConvASREncoder",
            "feat_in": 80,
            "activation": "relu",
            "conv_mask": True,
            "jasper": [
                {
                    "filters": 32,
                    "repeat": 1,
                    "kernel": [3],
                    "stride": [1],
                    "dilation": [1],
                    "dropout": 0.0,
                    "residual": False,
                }
            ],
        },
        "decoder": {
            "_target_": "nemo.collections.asr.modules.SpeakerDecoder",
            "feat_in": 32,
            "num_classes": 2,
            "pool_mode": "xvector",
            "emb_sizes": 16,
        },
    }


if __name__ == "__main__":
    _build_all(Path(sys.argv[1]))
