"""Loading, keeping and letting go of models; what is no model; the choice of precision."""

from __future__ import annotations

import gc
import io
import pickle
import shutil
import tarfile
import weakref
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from editor_plugin.core.errors import (
    DiskFull,
    EnvironmentBroken,
    ModelCorrupt,
    ModelNotOpened,
    ModelNotSpeech,
    ModelUnknown,
    ProtocolError,
    SettingsInvalid,
)
from tests.runner.conftest import Talk, item, plain, sound
from tests.tiny_models import FRAME_SAMPLES

USAGE = namedtuple("USAGE", "total used free")

pytestmark = [pytest.mark.nemo]


def model_of(talk: Talk) -> Any:
    loaded = talk.recognition._loaded
    assert loaded is not None
    return loaded.model


def test_what_is_said_about_a_model(models: Callable[[str], Path], talk: Talk) -> None:
    facts = talk.load(models("tdt"), device="auto", precision="auto", route="direct")
    seconds = facts.pop("seconds")
    assert seconds > 0
    assert facts.pop("device") in ("cpu", "cuda", "mps")
    assert facts == {
        "family": "tdt",
        "name": "tiny-tdt",
        "frame_samples": FRAME_SAMPLES,
        "precision": "fp32",
        "confidence": True,
        "route": "direct",
        "note": "Precision fp32: the encoder is too small to gain from bf16.",
    }


def test_a_model_is_kept_between_calls(
    models: Callable[[str], Path], talk: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from editor_plugin.runner import model

    loads: list[Any] = []
    original = model.load

    def load(wanted: Any, store: Path) -> Any:
        loads.append(wanted)
        return original(wanted, store)

    monkeypatch.setattr(model, "load", load)
    audio = sound(tmp_path / "a.wav", 2)
    for route in ("map", "direct", "map"):  # the route belongs to a call, not to the model
        talk.load(models("tdt"), route=route)
        talk.transcribe(item("a", audio, plain(0, 2)), route=route)
    assert len(loads) == 1
    talk.load(models("tdt"), precision="bf16")
    assert len(loads) == 2


def test_another_model_takes_the_place_of_the_first(
    models: Callable[[str], Path], talk: Talk, tmp_path: Path
) -> None:
    audio = sound(tmp_path / "a.wav", 2)
    talk.load(models("tdt"))
    talk.transcribe(item("a", audio, plain(0, 2)))
    first = weakref.ref(model_of(talk).encoder)
    weights = weakref.ref(next(model_of(talk).parameters()))
    talk.load(models("ctc"))
    assert first() is None and weights() is None
    second = weakref.ref(model_of(talk).encoder)
    talk.call("unload")
    assert second() is None


def test_transcribing_needs_a_model(talk: Talk) -> None:
    with pytest.raises(ProtocolError, match="before"):
        talk.transcribe()


def test_a_missing_file(talk: Talk, tmp_path: Path) -> None:
    with pytest.raises(ModelUnknown, match=r"none\.nemo"):
        talk.load(tmp_path / "none.nemo")


def test_damaged_files(models: Callable[[str], Path], talk: Talk, tmp_path: Path) -> None:
    whole = models("tdt").read_bytes()
    bent = bytearray(whole)
    middle = whole.index(b"model_weights.ckpt") + 200_000
    bent[middle : middle + 100_000] = bytes(100_000)
    damaged = {
        "empty": b"",
        "text": b"<html>404 Not Found</html>",
        "short": whole[: len(whole) // 2],
        "header": whole[:1000],
        "zeros": bytes(100_000),
        "bent": bytes(bent),
        "gzip": b"\x1f\x8b" + bytes(1000),
    }
    for name, content in damaged.items():
        path = tmp_path / f"{name}.nemo"
        path.write_bytes(content)
        with pytest.raises(ModelCorrupt) as caught:
            talk.load(path)
        assert str(path) in caught.value.message, name


def archive(path: Path, **members: bytes) -> Path:
    with tarfile.open(path, "w:") as tar:
        for name, content in members.items():
            about = tarfile.TarInfo(f"./{name.replace('__', '.')}")
            about.size = len(content)
            tar.addfile(about, io.BytesIO(content))
    return path


def contents(path: Path) -> dict[str, bytes]:
    with tarfile.open(path) as tar:
        return {
            each.name.removeprefix("./"): tar.extractfile(each).read()  # type: ignore[union-attr]
            for each in tar
            if each.isfile()
        }


def link(name: str, target: str, kind: bytes = tarfile.LNKTYPE) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type, member.linkname = kind, target
    return member


def test_archives_that_are_no_models(talk: Talk, tmp_path: Path) -> None:
    for config in (b"", b"a: [", b"- 1", b"sample_rate: 16000"):
        path = archive(tmp_path / "a.nemo", model_config__yaml=config, model_weights__ckpt=b"x")
        with pytest.raises(ModelCorrupt):
            talk.load(path)
    target = b"target: nemo.collections.asr.models.EncDecCTCModelBPE"
    for members in ({"readme__txt": b"x"}, {"model_config__yaml": target}):
        with pytest.raises(ModelCorrupt):
            talk.load(archive(tmp_path / "b.nemo", **members))


@pytest.mark.parametrize(
    ("member", "reason"),
    [
        (tarfile.TarInfo("../outside"), "not a plain file"),
        (tarfile.TarInfo("/outside"), "not a plain file"),
        (tarfile.TarInfo("C:outside"), "not a plain file"),
        (tarfile.TarInfo(".//model_config.yaml"), "twice"),
        (tarfile.TarInfo("Model_Weights.ckpt"), "twice"),
        (link("alias", "model_config.yaml"), "not a plain file"),
        (link("alias", "model_config.yaml", tarfile.SYMTYPE), "not a plain file"),
        (link("pipe", "", tarfile.FIFOTYPE), "not a plain file"),
    ],
    ids=lambda each: each.name if isinstance(each, tarfile.TarInfo) else each.replace(" ", "-"),
)
def test_members_that_are_no_plain_files_of_their_own_are_refused(
    talk: Talk, tmp_path: Path, member: tarfile.TarInfo, reason: str
) -> None:
    path = archive(tmp_path / "a.nemo", model_config__yaml=b"a: 1", model_weights__ckpt=b"x")
    with tarfile.open(path, "a:") as tar:
        tar.addfile(member)
    with pytest.raises(ModelCorrupt, match=reason):
        talk.load(path)


def test_a_disk_without_room_for_the_model_is_named(
    talk: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = archive(tmp_path / "a.nemo", model_config__yaml=b"a: 1", model_weights__ckpt=bytes(2000))
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: USAGE(1000, 0, 1000))
    with pytest.raises(DiskFull):
        talk.load(path)


def test_models_that_do_other_things(
    models: Callable[[str], Path], talk: Talk, tmp_path: Path
) -> None:
    with pytest.raises(ModelNotSpeech, match="EncDecSpeakerLabelModel"):
        talk.load(models("speaker"))
    telephone = b"target: nemo.collections.asr.models.EncDecCTCModel\nsample_rate: 8000"
    path = archive(tmp_path / "t.nemo", model_config__yaml=telephone, model_weights__ckpt=b"x")
    with pytest.raises(ModelNotSpeech, match="8000 Hz"):
        talk.load(path)


class Mischief:
    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> Any:
        return Path.touch, (self.path,)


def test_nothing_of_a_foreign_archive_is_run(
    models: Callable[[str], Path], talk: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trace = tmp_path / "was here"
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "foreign.py").write_text(f"open({str(trace)!r}, 'w').close()\nclass Model: pass\n")
    weights = pickle.dumps(Mischief(trace))
    for target in ("foreign.Model", "nemo.collections.asr.models.foreign.Model", "os.system"):
        config = f"target: {target}".encode()
        path = archive(tmp_path / "f.nemo", model_config__yaml=config, model_weights__ckpt=weights)
        with pytest.raises(ModelNotSpeech):
            talk.load(path)
    members = contents(models("tdt"))
    members["model_weights.ckpt"] = weights
    with pytest.raises(ModelCorrupt):
        talk.load(archive(tmp_path / "g.nemo", **members))
    assert not trace.exists()


def test_a_failure_inside_nemo_does_not_damn_the_model(
    models: Callable[[str], Path],
    talk: Talk,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    from nemo.collections.asr.models import EncDecRNNTBPEModel

    def broken(*args: Any, **kwargs: Any) -> None:
        raise TypeError("extract() got an unexpected keyword argument 'filter'")

    monkeypatch.setattr(EncDecRNNTBPEModel, "from_config_dict", broken)
    with pytest.raises(ModelNotOpened, match="unexpected keyword") as caught:
        talk.load(models("tdt"))
    assert "damaged" not in str(caught.value)
    assert "Traceback" in capsys.readouterr().err


def test_weights_of_another_model_are_named(
    models: Callable[[str], Path], talk: Talk, tmp_path: Path
) -> None:
    members = contents(models("tdt"))
    members["model_weights.ckpt"] = contents(models("ctc"))["model_weights.ckpt"]
    with pytest.raises(ModelCorrupt, match="loading state_dict"):
        talk.load(archive(tmp_path / "mixed.nemo", **members))


def test_archives_are_unpacked_without_the_filters_of_newer_pythons(
    models: Callable[[str], Path], talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = tarfile.TarFile.extract

    def extract(self: tarfile.TarFile, member: Any, path: Any = "", **options: Any) -> None:
        if "filter" in options:
            raise TypeError("TarFile.extract() got an unexpected keyword argument 'filter'")
        original(self, member, path, **options)

    monkeypatch.setattr(tarfile.TarFile, "extract", extract)
    monkeypatch.setattr(tarfile.TarFile, "extractall", extract)
    assert talk.load(models("tdt"))["family"] == "tdt"


def test_a_package_that_is_missing_does_not_damn_the_model(
    models: Callable[[str], Path], talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from nemo.collections.asr.models import EncDecRNNTBPEModel

    def broken(*args: Any, **kwargs: Any) -> None:
        try:
            import a_package_of_that_name  # type: ignore[import-not-found] # noqa: F401
        except ImportError as error:
            raise ValueError("could not be made") from error

    monkeypatch.setattr(EncDecRNNTBPEModel, "restore_from", broken)
    with pytest.raises(EnvironmentBroken, match="a_package_of_that_name"):
        talk.load(models("tdt"))


@pytest.mark.parametrize("family", ["tdt", "hybrid"])
def test_no_cuda_graphs_are_made(models: Callable[[str], Path], talk: Talk, family: str) -> None:
    talk.load(models(family))
    assert model_of(talk).decoding.decoding.decoding_computer.allow_cuda_graphs is False


def test_a_device_that_is_not_there(models: Callable[[str], Path], talk: Talk) -> None:
    import torch

    missing = "mps" if not torch.backends.mps.is_available() else "cuda"
    with pytest.raises(SettingsInvalid, match=missing):
        talk.load(models("tdt"), device=missing)
    with pytest.raises(ProtocolError):
        talk.load(models("tdt"), device="abacus")


def test_bf16_is_for_the_encoder_only(
    models: Callable[[str], Path], talk: Talk, tmp_path: Path
) -> None:
    import torch

    audio = sound(tmp_path / "a.wav", 3)
    assert talk.load(models("tdt"), precision="bf16")["precision"] == "bf16"
    model = model_of(talk)
    assert {p.dtype for p in model.encoder.parameters()} == {torch.bfloat16}
    others = [*model.decoder.parameters(), *model.joint.parameters()]
    assert {p.dtype for p in others} == {torch.float32}
    seen: list[Any] = []
    model.encoder.register_forward_hook(lambda module, args, out: seen.append(out[0].dtype))
    for route in ("map", "model-defaults", "direct"):
        talk.transcribe(item("a", audio, plain(0, 3)), route=route)
        (words,) = talk.words().values()
        assert words
    assert seen == [torch.float32] * 3


def test_the_precision_is_settled_by_a_trial(nemo: None, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch
    from nemo.collections.asr.modules import ConformerEncoder

    from editor_plugin.runner import precision

    encoder = ConformerEncoder(feat_in=80, n_layers=3, d_model=64, n_heads=4).eval()
    monkeypatch.setattr(precision, "WORTHWHILE", 1000)
    took = {torch.float32: 4.0, torch.bfloat16: 1.0}
    with monkeypatch.context() as patch:
        patch.setattr(precision, "has_bf16", lambda device: True)
        patch.setattr(precision, "_trial", lambda encoder, device, dtype: took[dtype])
        chosen, why = precision.choose("auto", encoder, "cpu")
        assert (chosen, "4.0 times" in why) == ("bf16", True)
        took[torch.bfloat16] = 3.9
        assert precision.choose("auto", encoder, "cpu")[0] == "fp32"
        patch.setattr(precision, "has_bf16", lambda device: False)
        assert precision.choose("auto", encoder, "cpu")[0] == "fp32"
        assert precision.choose("bf16", encoder, "cpu") == ("bf16", "")
    monkeypatch.setattr(precision, "_TRIAL_FRAMES", 200)
    for dtype in took:
        assert precision._trial(encoder, "cpu", dtype) > 0
    assert len(encoder.layers) == 3
    assert {p.dtype for p in encoder.parameters()} == {torch.float32}


def test_conversion_to_fp32_and_back_leaves_no_hook(nemo: None) -> None:
    import torch
    from nemo.collections.asr.modules import ConformerEncoder

    from editor_plugin.runner import precision

    encoder = ConformerEncoder(feat_in=80, n_layers=1, d_model=64, n_heads=4).eval()
    for name in ("bf16", "bf16", "fp32"):
        precision.convert(encoder, name)
        assert len(encoder._forward_hooks) == (1 if name == "bf16" else 0)
    noise, length = torch.randn(1, 80, 100), torch.tensor([100])
    with torch.inference_mode():
        assert encoder(audio_signal=noise, length=length)[0].dtype == torch.float32
    gc.collect()


def test_the_second_model_in_a_canary_is_opened_with_it(
    models: Callable[[str], Path], talk: Talk, tmp_path: Path
) -> None:
    import yaml

    canary, second = contents(models("canary")), contents(models("ctc"))
    config = yaml.safe_load(canary["model_config.yaml"])
    config["restore_timestamps_model"] = True
    members = {
        **second,
        **canary,
        "model_config.yaml": yaml.safe_dump(config, allow_unicode=True).encode(),
        "timestamps_asr_model_config.yaml": second["model_config.yaml"],
        "timestamps_asr_model_weights.ckpt": second["model_weights.ckpt"],
    }
    assert talk.load(archive(tmp_path / "two.nemo", **members))["family"] == "canary"
    aligner = model_of(talk).timestamps_asr_model
    assert type(aligner).__name__ == "EncDecCTCModelBPE" and not aligner.training
    members["timestamps_asr_model_config.yaml"] = b"target: os.system"
    with pytest.raises(ModelNotSpeech):
        talk.load(archive(tmp_path / "three.nemo", **members))
