"""Model files that were made to do harm: each is opened by the runner's own loader."""

from __future__ import annotations

import gzip
import io
import pickle
import subprocess
import sys
import tarfile
import time
import warnings
import zipfile
from pathlib import Path
from typing import Any

import pytest

from editor_plugin.core.errors import ModelCorrupt, ModelError, ModelRefused
from tests.attacks.ledger import attempt
from tests.attacks.model_files import (
    CONFIG,
    WEIGHTS,
    configuration,
    members,
    pack,
    put,
    with_configuration,
)
from tests.runner.conftest import Talk
from tests.tiny_models import tiny_model

pytestmark = [pytest.mark.nemo]

UTILS = "nemo.collections.asr.parts.utils"
CODE = "a model file that names code to run"
FILES = "a model file that reads what is not its own"
DOUBLE = "a model file with something beside what is checked"
WEIGHT = "weights that run code, or unfold"
BOMB = "a model file of absurd size"


@pytest.fixture(scope="module")
def talk(tmp_path_factory: pytest.TempPathFactory) -> Talk:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from editor_plugin.runner.methods import Recognition

        talk = Talk(Recognition(tmp_path_factory.mktemp("unpacked")))
        talk.recognition.prepare()
        return talk


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The members of a whole model."""
    return members(tiny_model("tdt", tmp_path_factory.mktemp("model")))


@pytest.fixture(scope="module")
def canary(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return members(tiny_model("canary", tmp_path_factory.mktemp("model")))


def load(talk: Talk, path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        talk.load(path)


def refused(
    talk: Talk, path: Path, kind: type[ModelError] = ModelRefused, match: str | None = None
) -> ModelError:
    """The error for a file that must not be opened; it names the file and what to do."""
    with pytest.raises(kind, match=match) as caught:
        load(talk, path)
    assert str(path) in caught.value.message
    return caught.value


def writing(trace: Path) -> dict[str, Any]:
    """A call of NeMo's own that writes a file."""
    return {
        "_target_": f"{UTILS}.diarization_utils.write_txt",
        "w_path": str(trace),
        "val": "was here",
    }


@pytest.mark.parametrize(
    "key",
    [
        "joint.log_softmax",
        "joint.jointnet",
        "joint.jointnet.dropout",
        "joint",
        "decoder.prednet.t_max",
        "decoder",
        "encoder.dropout",
        "preprocessor.rng.x",
        "preprocessor",
        "tokenizer",
        "tokenizer.custom_tokenizer",
        "decoding.greedy",
        "decoding.confidence_cfg",
        "loss",
        "adapters.one",
        "helper",
        "sample_rate",
    ],
)
def test_no_setting_calls_what_it_names(
    talk: Talk, content: dict[str, bytes], tmp_path: Path, key: str
) -> None:
    trace = tmp_path / "trace"
    path = tmp_path / "m.nemo"
    with attempt(CODE):
        with_configuration(path, content, put(configuration(content), key, writing(trace)))
        try:
            load(talk, path)
        except ModelError as error:
            assert str(path) in error.message
        else:
            assert key == "preprocessor.rng.x"  # the only one that no model is given
        assert not trace.exists()


@pytest.mark.parametrize("key", ["train_ds", "validation_ds", "test_ds", "optim", "spec_augment"])
def test_what_is_for_training_is_left_out(
    talk: Talk, content: dict[str, bytes], tmp_path: Path, key: str
) -> None:
    trace = tmp_path / "trace"
    with attempt(CODE):
        config = put(configuration(content), key, {**writing(trace), "a": "${oc.env:HOME}"})
        load(talk, with_configuration(tmp_path / "m.nemo", content, config))
        assert not trace.exists()


@pytest.mark.parametrize(
    "target",
    [
        "os.system",
        "subprocess.Popen",
        "builtins.exec",
        "torch.load",
        "nemo.collections.common.tokenizers.AutoTokenizer",
        "nemo.collections.common.tokenizers.huggingface.auto_tokenizer.AutoTokenizer",
        "nemo.collections.asr.models.ASRModel.restore_from",
        "nemo.collections.asr.modules.conformer_encoder.ConformerEncoder.from_config_dict",
        "nemo.collections.asr.modules.ConformerEncoderAdapter",
    ],
)
def test_other_classes_and_functions_are_refused_by_name(
    talk: Talk, content: dict[str, bytes], tmp_path: Path, target: str
) -> None:
    with attempt(CODE):
        config = put(configuration(content), "encoder._target_", target)
        error = refused(talk, with_configuration(tmp_path / "m.nemo", content, config))
        assert f"“encoder” in it calls “{target}”" in error.message
        assert "Do not use this file" in error.todo


def test_a_tokenizer_with_code_of_its_own_is_refused(
    talk: Talk, content: dict[str, bytes], canary: dict[str, bytes], tmp_path: Path
) -> None:
    code = tmp_path / "code"
    code.mkdir()
    trace = tmp_path / "trace"
    (code / "tokenization.py").write_text(f"open({str(trace)!r}, 'w')\n")
    custom = {
        "_target_": "nemo.collections.common.tokenizers.AutoTokenizer",
        "pretrained_model_name": str(code),
        "trust_remote_code": True,
    }
    for whole in (content, canary):
        with attempt(CODE):
            config = put(configuration(whole), "tokenizer.custom_tokenizer", custom)
            refused(talk, with_configuration(tmp_path / "m.nemo", whole, config), match="calls")
    with attempt(CODE):
        config = put(configuration(content), "tokenizer.type", "wpe")
        refused(talk, with_configuration(tmp_path / "m.nemo", content, config), match="wpe")
    assert not trace.exists()


@pytest.mark.parametrize(
    "text",
    ["${oc.env:HOME}", "${oc.decode:${oc.env:HOME}}", "${nemo:x}", "${encoder}", "${x}", "a${b}"],
)
@pytest.mark.parametrize("key", ["encoder.d_model", "decoding.word_seperator", "joint._target_"])
def test_nothing_outside_of_the_file_is_looked_up(
    talk: Talk, content: dict[str, bytes], tmp_path: Path, key: str, text: str
) -> None:
    with attempt(FILES):
        config = put(configuration(content), key, text)
        refused(talk, with_configuration(tmp_path / "m.nemo", content, config))


def test_references_within_the_file_are_followed(
    talk: Talk, content: dict[str, bytes], tmp_path: Path
) -> None:
    config = put(configuration(content), "encoder.feat_in", "${model.preprocessor.features}")
    put(config, "joint.num_extra_outputs", "${model_defaults.num_tdt_durations}")
    load(talk, with_configuration(tmp_path / "m.nemo", content, config))


@pytest.mark.parametrize("key", ["tokenizer.model_path", "tokenizer.vocab_path"])
def test_no_file_but_the_archives_own_is_read(
    talk: Talk, content: dict[str, bytes], tmp_path: Path, key: str
) -> None:
    other = tmp_path / "other.model"
    other.write_bytes(b"x")
    for name in (str(other), f"nemo:{other}", "nemo:../../other.model", "nemo:"):
        with attempt(FILES):
            config = put(configuration(content), key, name)
            path = with_configuration(tmp_path / "m.nemo", content, config)
            refused(talk, path, ModelCorrupt, match="missing")


def test_a_second_configuration_is_refused(
    talk: Talk, content: dict[str, bytes], tmp_path: Path
) -> None:
    bad = put(configuration(content), "joint.log_softmax", writing(tmp_path / "trace"))
    import yaml

    text = yaml.safe_dump(bad).encode()
    for name in (".//model_config.yaml", "./MODEL_CONFIG.yaml", "x/../model_config.yaml", CONFIG):
        with attempt(DOUBLE):
            path = pack(tmp_path / "m.nemo", [*content.items(), (name, text)])
            refused(talk, path, ModelCorrupt)
    with attempt(DOUBLE):
        config = put(configuration(content), "model", bad)
        refused(talk, with_configuration(tmp_path / "m.nemo", content, config), match="second")
    with attempt(DOUBLE):
        big = text + b"\n#" + b" " * (64 * 1024 * 1024)
        path = pack(tmp_path / "m.nemo", [*{**content, CONFIG: big}.items()])
        refused(talk, path, ModelCorrupt)
    assert not (tmp_path / "trace").exists()


class Mischief:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return Path.touch, (self.path,)


def test_weights_run_no_code(
    talk: Talk,
    content: dict[str, bytes],
    canary: dict[str, bytes],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD", "1")
    trace = tmp_path / "trace"
    harm = pickle.dumps(Mischief(trace))
    zipped = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content[WEIGHTS])) as whole,
        zipfile.ZipFile(zipped, "w") as bent,
    ):
        for name in whole.namelist():
            bent.writestr(name, harm if name.endswith("data.pkl") else whole.read(name))
    for weights in (harm, zipped.getvalue()):
        with attempt(WEIGHT):
            path = pack(tmp_path / "m.nemo", [*{**content, WEIGHTS: weights}.items()])
            refused(talk, path, ModelCorrupt)
        with attempt(WEIGHT):  # of the second model in a Canary
            aligner = {
                "timestamps_asr_model_config.yaml": aligner_configuration(tmp_path),
                "timestamps_asr_model_weights.ckpt": weights,
            }
            config = put(configuration(canary), "restore_timestamps_model", True)
            whole_canary = {**canary, **aligner}
            refused(talk, with_configuration(tmp_path / "m.nemo", whole_canary, config), ModelError)
    assert not trace.exists()


def aligner_configuration(folder: Path) -> bytes:
    return members(tiny_model("ctc", folder / "ctc"))[CONFIG]


def test_compressed_weights_are_refused(
    talk: Talk, content: dict[str, bytes], tmp_path: Path
) -> None:
    unfolding = io.BytesIO()
    with zipfile.ZipFile(unfolding, "w", zipfile.ZIP_DEFLATED) as bent:
        bent.writestr("archive/data/0", bytes(100_000_000))
    with attempt(WEIGHT):
        path = pack(tmp_path / "m.nemo", [*{**content, WEIGHTS: unfolding.getvalue()}.items()])
        refused(talk, path, match="compressed")


def repeated(levels: int) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    for level in range(1, levels):
        lines.append(f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 10)}]")
    return "\n".join(lines)


@pytest.mark.parametrize(
    "text",
    [
        repeated(12),
        "a: &a [*a]",
        "x: &a 1\ny: &a [*a, *a]",
        "a: " + "[" * 5000 + "]" * 5000,
        "a: " + "9" * 100_000,
        "a: [" + "x, " * 600_000 + "]",
        "{" * 100_000,
        "a: !!python/object/apply:os.system [true]",
        "a: !!python/object/apply:pathlib.Path [/etc/passwd]",
        "a: 1\na: 2",
    ],
    ids=["bomb", "self", "alias", "deep", "digits", "long", "braces", "call", "path", "twice"],
)
def test_a_text_that_unfolds_is_refused(
    talk: Talk, content: dict[str, bytes], tmp_path: Path, text: str
) -> None:
    with attempt(BOMB):
        path = with_configuration(tmp_path / "m.nemo", content, text)
        refused(talk, path, ModelCorrupt, match="its configuration")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("encoder.n_layers", 10**9),
        ("encoder.n_layers", 200),
        ("encoder.n_layers", -1),
        ("encoder.n_layers", 2.5),
        ("encoder.n_layers", True),
        ("encoder.d_model", 16000),
        ("encoder.d_model", 10**400),
        ("encoder.pos_emb_max_len", 10**10),
        ("encoder.subsampling_conv_channels", 16000),
        ("encoder.dropout", float("nan")),
        ("preprocessor.n_fft", 2**30),
        ("preprocessor.features", 10**6),
        ("preprocessor.window_size", float("inf")),
        ("decoder.prednet.pred_hidden", 16000),
        ("decoder.prednet.pred_rnn_layers", 10**6),
        ("joint.jointnet.joint_hidden", 16000),
        ("joint.num_extra_outputs", 10**9),
        ("decoding.durations", list(range(10**5))),
    ],
    ids=lambda each: str(each)[:30],
)
def test_absurd_sizes_are_refused_before_memory_is_taken(
    talk: Talk, content: dict[str, bytes], tmp_path: Path, key: str, value: Any
) -> None:
    with attempt(BOMB):
        config = put(configuration(content), key, value)
        error = refused(talk, with_configuration(tmp_path / "m.nemo", content, config))
        assert key.split("[")[0] in error.message or "jointnet" in error.message


def test_archives_that_unfold_are_refused(
    talk: Talk, content: dict[str, bytes], tmp_path: Path
) -> None:
    header = tarfile.TarInfo("x")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, 10**9
    path = tmp_path / "m.nemo"
    with attempt(BOMB):
        with gzip.open(path, "wb", 1) as file:
            file.write(header.tobuf(tarfile.GNU_FORMAT))
            for _ in range(100):
                file.write(bytes(1_000_000))
        refused(talk, path, ModelCorrupt, match="name")
    header.size = 0
    with attempt(BOMB):
        path.write_bytes(header.tobuf(tarfile.GNU_FORMAT) * 10_000)
        refused(talk, path, ModelCorrupt, match="name")
    with attempt(BOMB):
        pack(path, [*content.items(), *((f"f{number}", b"") for number in range(2000))])
        refused(talk, path, ModelCorrupt, match="files")
    with attempt(BOMB):
        pack(path, [*content.items(), ("notes.txt", bytes(65 * 1024 * 1024))])
        refused(talk, path, ModelCorrupt, match="too large")


def test_no_change_to_a_good_configuration_calls_anything_else(tmp_path: Path) -> None:
    """The changes are made by hypothesis in a process of its own, where a hook of the interpreter
    tells of every file, process, socket and import."""
    command = [sys.executable, "-m", "tests.attacks.mutations", str(tmp_path)]
    begun = time.monotonic()
    with attempt("any change to a model's configuration"):
        done = subprocess.run(command, capture_output=True, text=True)
        assert done.returncode == 0, f"{time.monotonic() - begun}: {done.stderr[-4000:]}"
    print(done.stdout[-300:])
