"""The list of what a configuration may say: it fits NeMo, and published models pass."""

from __future__ import annotations

import copy
import importlib
import inspect
from pathlib import Path
from typing import Any

import pytest

from editor_plugin.core.errors import ModelCorrupt, ModelNotSpeech, ModelRefused
from editor_plugin.runner import config_text, model_rules

FILE = Path("model.nemo")
FILES = {
    name: Path("/unpacked") / name
    for name in ("1_tokenizer.model", "2_vocab.txt", "3_tokenizer.vocab", "4_tokenizer.model")
}
RULES: dict[str, Any] = model_rules._rules()

TOKENIZER = {
    "dir": "/home/someone/tokenizers/tokenizer_spe_bpe_v1024",
    "type": "bpe",
    "model_path": "nemo:1_tokenizer.model",
    "vocab_path": "nemo:2_vocab.txt",
    "spe_tokenizer_vocab": "nemo:3_tokenizer.vocab",
}
DATA = {
    "use_lhotse": True,
    "skip_missing_manifest_entries": True,
    "input_cfg": [{"type": "nemo_tarred", "manifest_filepath": "/data/${oc.env:SET}.json"}],
    "sample_rate": 16000,
    "batch_duration": 600,
    "augmentor": {"noise": {"_target_": "nemo.collections.asr.parts.preprocessing.perturb.Noise"}},
}
OPTIM = {
    "name": "adamw",
    "lr": 5.0,
    "betas": [0.9, 0.98],
    "sched": {"name": "NoamAnnealing", "d_model": 1024, "warmup_steps": 10000, "min_lr": 1e-6},
}
DURATIONS = [0, 1, 2, 3, 4]
DECODING = {
    "strategy": "greedy_batch",
    "greedy": {"max_symbols": 10, "use_cuda_graph_decoder": True, "preserve_alignments": None},
    "beam": {
        "beam_size": 2,
        "return_best_hypothesis": False,
        "score_norm": True,
        "tsd_max_sym_exp": 50,
        "alsd_max_target_len": 2.0,
        "ngram_lm_model": None,
    },
    "preserve_alignments": None,
    "confidence_cfg": {"preserve_frame_confidence": False, "method_cfg": {"name": "entropy"}},
}
CTC_DECODER = {
    "_target_": "nemo.collections.asr.modules.ConvASRDecoder",
    "feat_in": None,
    "num_classes": 1024,
    "vocabulary": ["<unk>", "▁t", "on", "no", "2.0"],
}


def encoder(layers: int, width: int, features: int, **changes: Any) -> dict[str, Any]:
    """NeMo's FastConformer, as its examples configure it."""
    return {
        "_target_": "nemo.collections.asr.modules.ConformerEncoder",
        "feat_in": features,
        "feat_out": -1,
        "n_layers": layers,
        "d_model": width,
        "use_bias": False,
        "subsampling": "dw_striding",
        "subsampling_factor": 8,
        "subsampling_conv_channels": 256,
        "causal_downsampling": False,
        "reduction": None,
        "reduction_position": None,
        "reduction_factor": 1,
        "ff_expansion_factor": 4,
        "self_attention_model": "rel_pos",
        "n_heads": 8,
        "att_context_size": [-1, -1],
        "att_context_style": "regular",
        "xscaling": False,
        "untie_biases": True,
        "pos_emb_max_len": 5000,
        "conv_kernel_size": 9,
        "conv_norm_type": "batch_norm",
        "conv_context_size": None,
        "dropout": 0.1,
        "dropout_pre_encoder": 0.1,
        "dropout_emb": 0.0,
        "dropout_att": 0.1,
        "stochastic_depth_drop_prob": 0.0,
        "stochastic_depth_mode": "linear",
        "stochastic_depth_start_layer": 1,
        **changes,
    }


def shared(name: str, features: int) -> dict[str, Any]:
    return {
        "sample_rate": 16000,
        "log_prediction": True,
        "skip_nan_grad": False,
        "train_ds": DATA,
        "validation_ds": DATA,
        "test_ds": None,
        "optim": OPTIM,
        "tokenizer": TOKENIZER,
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
        "spec_augment": {
            "_target_": "nemo.collections.asr.modules.SpectrogramAugmentation",
            "freq_masks": 2,
            "time_masks": 10,
            "freq_width": 27,
            "time_width": 0.05,
        },
        "interctc": {"loss_weights": [], "apply_at_layers": []},
        "target": f"nemo.collections.asr.models.{name}",
        "nemo_version": "2.0.0",
    }


def transducer(durations: bool) -> dict[str, Any]:
    """A transducer's part; with durations it is a TDT."""
    kwargs: dict[str, Any] = {"fastemit_lambda": 0.0, "clamp": -1.0}
    extra = {"num_extra_outputs": 5} if durations else {}
    return {
        "compute_eval_loss": False,
        "rnnt_reduction": "mean_volume",
        "model_defaults": {
            "enc_hidden": 1024,
            "pred_hidden": 640,
            "joint_hidden": 640,
            **({"tdt_durations": DURATIONS, "num_tdt_durations": 5} if durations else {}),
        },
        "decoder": {
            "_target_": "nemo.collections.asr.modules.RNNTDecoder",
            "normalization_mode": None,
            "random_state_sampling": False,
            "blank_as_pad": True,
            "prednet": {"pred_hidden": 640, "pred_rnn_layers": 2, "t_max": None, "dropout": 0.2},
            "vocab_size": 1024,
        },
        "joint": {
            "_target_": "nemo.collections.asr.modules.RNNTJoint",
            "log_softmax": None,
            "preserve_memory": False,
            "fuse_loss_wer": True,
            "fused_batch_size": 4,
            "jointnet": {
                "joint_hidden": 640,
                "activation": "relu",
                "dropout": 0.2,
                "encoder_hidden": 1024,
                "pred_hidden": 640,
            },
            "num_classes": 1024,
            "vocabulary": ["<unk>", "▁t"],
            **extra,
        },
        "decoding": {
            **DECODING,
            **({"model_type": "tdt", "durations": DURATIONS} if durations else {}),
        },
        "loss": {
            "loss_name": "tdt",
            "tdt_kwargs": {**kwargs, "durations": DURATIONS, "sigma": 0.02, "omega": 0.1},
        }
        if durations
        else {"loss_name": "default", "warprnnt_numba_kwargs": kwargs},
        "variational_noise": {"start_step": 0, "std": 0.0},
        "labels": ["<unk>", "▁t"],
    }


def canary(layers: int, **changes: Any) -> dict[str, Any]:
    transformer = "nemo.collections.asr.modules.transformer"
    dropouts = {"ffn_dropout": 0.1, "attn_score_dropout": 0.1, "attn_layer_dropout": 0.1}
    return {
        **shared("aed_multitask_models.EncDecMultiTaskModel", 128),
        "label_smoothing": 0.0,
        "context_len_for_AR_decoding": 5,
        "use_loss_mask_for_prompt": False,
        "prompt_format": "canary2",
        "prompt_defaults": [
            {"role": "user", "slots": {"source_lang": "<|en|>", "decodercontext": "", "pnc": True}},
            {"role": "user_partial", "slots": {"decodercontext": ""}},
        ],
        "model_defaults": {"asr_enc_hidden": 1024, "lm_enc_hidden": 512, "lm_dec_hidden": 1024},
        "encoder": encoder(32, 1024, 128, use_bias=True),
        "transf_encoder": {
            "_target_": f"{transformer}.transformer_encoders.TransformerEncoder",
            "num_layers": 0,
            "hidden_size": 1024,
            "inner_size": 4096,
            "num_attention_heads": 8,
            **dropouts,
            "mask_future": False,
            "pre_ln": True,
            "pre_ln_final_layer_norm": True,
        },
        "transf_decoder": {
            "_target_": f"{transformer}.get_nemo_transformer",
            "model_name": None,
            "pretrained": False,
            "encoder": None,
            "pre_ln_final_layer_norm": True,
            "config_dict": {
                "max_sequence_length": 1024,
                "num_token_types": 0,
                "embedding_dropout": 0.1,
                "learn_positional_encodings": False,
                "hidden_size": 1024,
                "inner_size": 4096,
                "num_layers": layers,
                "num_attention_heads": 8,
                **dropouts,
                "hidden_act": "relu",
                "pre_ln": True,
                "vocab_size": "None",
            },
        },
        "head": {
            "_target_": "nemo.collections.asr.parts.submodules.token_classifier.TokenClassifier",
            "num_layers": 1,
            "activation": "relu",
            "log_softmax": True,
            "hidden_size": 1024,
            "num_classes": "None",
            "dropout": 0.0,
            "use_transformer_init": True,
        },
        "decoding": {
            "strategy": "beam",
            "return_best_hypothesis": True,
            "beam": {"beam_size": 1, "len_pen": 0.0, "max_generation_delta": 50},
        },
        "loss": {
            "_target_": "nemo.collections.common.losses.smoothed_cross_entropy."
            "SmoothedCrossEntropyLoss",
            "label_smoothing": 0.0,
            "pad_id": 2,
        },
        "multitask_metrics_cfg": {"metrics": {"wer": {"_target_": "nemo.collections.asr.WER"}}},
        **changes,
    }


AGGREGATE = {
    "dir": None,
    "type": "agg",
    "update_tokenizer": False,
    "langs": {
        "spl_tokens": {**TOKENIZER, "model_path": "nemo:4_tokenizer.model"},
        **{language: TOKENIZER for language in ("en", "de", "es-US", "fr")},
    },
    "custom_tokenizer": {
        "_target_": "nemo.collections.common.tokenizers.canary_tokenizer.CanaryTokenizer",
        "tokenizers": None,
    },
}
UNIFIED = {
    **TOKENIZER,
    "custom_tokenizer": {
        "_target_": "nemo.collections.common.tokenizers.canary_tokenizer.CanaryBPETokenizer"
    },
}
AUX_CTC = {
    "ctc_loss_weight": 0.3,
    "use_cer": False,
    "ctc_reduction": "mean_batch",
    "decoder": CTC_DECODER,
    "decoding": {"strategy": "greedy"},
}
STREAMING = {
    "causal_downsampling": True,
    "att_context_size": [[70, 13], [70, 6], [70, 1], [70, 0]],
    "att_context_style": "chunked_limited",
    "att_context_probs": [0.25, 0.25, 0.25, 0.25],
    "conv_norm_type": "layer_norm",
    "conv_context_size": "causal",
    "xscaling": True,
}
RNNT = "rnnt_bpe_models.EncDecRNNTBPEModel"
HYBRID = "hybrid_rnnt_ctc_bpe_models.EncDecHybridRNNTCTCBPEModel"
PUBLISHED: dict[str, dict[str, Any]] = {
    "parakeet-tdt-0.6b-v2": {
        **shared(RNNT, 128),
        **transducer(True),
        "encoder": encoder(24, 1024, 128),
    },
    "parakeet-rnnt-1.1b": {
        **shared(RNNT, 80),
        **transducer(False),
        "encoder": encoder(42, 1024, 80, use_bias=True),
    },
    "parakeet-ctc-1.1b": {
        **shared("ctc_bpe_models.EncDecCTCModelBPE", 80),
        "encoder": encoder(42, 1024, 80),
        "decoder": CTC_DECODER,
        "decoding": {"strategy": "greedy", "beam": {"kenlm_path": None}},
        "ctc_reduction": "mean_batch",
    },
    "parakeet-tdt_ctc-110m": {
        **shared(HYBRID, 80),
        **transducer(True),
        "encoder": encoder(17, 512, 80),
        "aux_ctc": AUX_CTC,
    },
    "stt_en_fastconformer_hybrid_large_streaming_multi": {
        **shared(HYBRID, 80),
        **transducer(False),
        "encoder": encoder(17, 512, 80, **STREAMING),
        "aux_ctc": AUX_CTC,
    },
    "canary-1b": canary(24, tokenizer=AGGREGATE, prompt_format="canary"),
    "canary-1b-flash": canary(4, tokenizer=AGGREGATE),
    "canary-180m-flash": canary(4, tokenizer=AGGREGATE),
    "canary-1b-v2": canary(8, tokenizer=UNIFIED),
}
"""After NeMo's examples and the models' cards: the settings that such a model has, and what its
training left in it."""


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_models_pass(name: str) -> None:
    config = copy.deepcopy(PUBLISHED[name])
    checked = model_rules.check(FILE, config, FILES)
    assert config == PUBLISHED[name]
    assert checked.config["encoder"] == config["encoder"]
    assert checked.config["preprocessor"] == config["preprocessor"]
    assert checked.config["validation_ds"] == {}
    assert {"train_ds", "test_ds", "optim", "spec_augment"}.isdisjoint(checked.config)
    tokenizer = checked.config["tokenizer"]
    if "langs" in tokenizer:
        tokenizer = tokenizer["langs"]["en"]
    assert tokenizer["model_path"] == str(FILES["1_tokenizer.model"])
    assert tokenizer["dir"] is None and tokenizer["spe_tokenizer_vocab"] is None
    model_rules.check_sizes(FILE, checked.config, 1024, 10**10)


def test_every_name_and_setting_on_the_list_is_nemos(nemo: None) -> None:
    for one in RULES["targets"].values():
        for name in one["names"]:
            home, _, last = name.rpartition(".")
            called = getattr(importlib.import_module(home), last)
            while hasattr(called, "__wrapped__"):
                called = called.__wrapped__
            theirs = inspect.signature(called).parameters
            ours = {key for key, rule in one["keys"].items() if rule != "drop"}
            assert ours <= theirs.keys(), name
    for one in RULES["models"].values():
        for name in one["names"]:
            home, _, last = name.rpartition(".")
            assert hasattr(importlib.import_module(home), last)


def test_every_rule_is_understood() -> None:
    kinds = "none bool int number text plain list map section target file file-or-null drop null"
    known = {*kinds.split(), "empty", "set"}

    def walk(rule: Any) -> None:
        for each in rule if isinstance(rule, list) else [rule]:
            kind, _, rest = each.partition(" ")
            assert kind in known, each
            if kind in ("list", "map"):
                walk(rest.partition(" ")[2])
            if kind == "section":
                assert rest in RULES["sections"], each
            if kind == "target":
                assert set(rest.split()) <= RULES["targets"].keys(), each

    for group in ("sections", "keys"):
        for keys in RULES[group].values():
            for rule in keys.values():
                walk(rule)
    for one in (*RULES["targets"].values(), *RULES["models"].values()):
        for rule in {**one.get("more", {}), **(one["keys"] if "model" not in one else {})}.values():
            walk(rule)


def test_a_model_of_another_kind_is_named() -> None:
    for target in ("nemo.collections.tts.models.HifiGanModel", "os.system", ["a"], {"b": 1}):
        with pytest.raises(ModelNotSpeech):
            model_rules.check(FILE, {"target": target}, FILES)
    nothing: list[Any] = [None, [], "x", {}, {"target": ""}]
    for config in nothing:
        with pytest.raises(ModelCorrupt):
            model_rules.check(FILE, config, FILES)


def test_more_numbers_than_weights_are_refused() -> None:
    checked = model_rules.check(FILE, PUBLISHED["parakeet-tdt-0.6b-v2"], FILES)
    with pytest.raises(ModelRefused, match=r"encoder\.d_model"):
        model_rules.check_sizes(FILE, checked.config, 1024, 10**8)
    with pytest.raises(ModelRefused, match="vocabulary"):
        model_rules.check_sizes(FILE, checked.config, 10**7, 12 * 10**8)


def test_yaml_is_read_as_omegaconf_reads_it(tmp_path: Path) -> None:
    from omegaconf import OmegaConf

    text = (
        "a: 1e-5\nb: 1.0e-05\nc: [yes, no, on, 'y', null, ~, 2001-01-01, 1_000, .5, -.inf]\n"
        "d: {e: 0x10, f: '1', g: 1:30, h: 3e4, i: 1., j: .}\nk: &k [1, 2]\nl: *k\n"
    )
    (tmp_path / "a.yaml").write_text(text)
    theirs = OmegaConf.to_container(OmegaConf.load(tmp_path / "a.yaml"))
    assert config_text.read(text) == theirs
