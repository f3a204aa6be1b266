"""The encoder's number format: bf16 where it is faster, else fp32.

Only the encoder is converted. It does nearly all of the work, and the mel front end and the
decoder need the digits that bf16 does not have.
"""

from __future__ import annotations

import copy
import time
from typing import Any

import torch

WORTHWHILE = 30_000_000
"""Parameters of an encoder under which fp32 is taken without a trial. Parakeet has 609 million and
gains a factor of four; one of this size recognises an hour in a minute or so either way."""
_TRIAL_LAYERS = 6
"""Enough that the layers outweigh the convolutions before them, as they do in the whole."""
_TRIAL_FRAMES = 1500
"""15 s of mel frames of 10 ms."""
_TRIAL_ROUNDS = 2
_GAIN = 1.15
"""How many times faster bf16 must be. Under that, the exact numbers are worth more."""


def choose(wanted: str, encoder: Any, device: str) -> tuple[str, str]:
    """Return the precision, fp32 or bf16, and for `wanted` "auto" a sentence that says why."""
    if wanted != "auto":
        return wanted, ""
    size = sum(parameter.numel() for parameter in encoder.parameters())
    if size < WORTHWHILE or not _has_layers(encoder):
        return "fp32", "Precision fp32: the encoder is too small to gain from bf16."
    if not has_bf16(device):
        return "fp32", f"Precision fp32: this machine's {device} has no bf16."
    times = {}
    for precision, dtype in (("fp32", torch.float32), ("bf16", torch.bfloat16)):
        times[precision] = _trial(encoder, device, dtype)
    best = "bf16" if times["fp32"] > _GAIN * times["bf16"] else "fp32"
    ratio = times["fp32"] / times["bf16"]
    return best, f"Precision {best}: in a trial bf16 was {ratio:.1f} times as fast as fp32."


def convert(encoder: Any, precision: str) -> None:
    """Make the encoder compute in `precision`; what goes in and comes out stays fp32. Converting
    from bf16 back to fp32 does not bring back the digits that were lost."""
    for hook in getattr(encoder, "_recue_hooks", ()):
        hook.remove()
    encoder.to(torch.bfloat16 if precision == "bf16" else torch.float32)
    encoder._recue_hooks = (
        (
            encoder.register_forward_pre_hook(_narrow, with_kwargs=True),
            encoder.register_forward_hook(_widen),
        )
        if precision == "bf16"
        else ()
    )


def has_bf16(device: str) -> bool:
    """Return whether the device computes in bf16 by itself; elsewhere it would be imitated."""
    if device == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    if device != "cpu":
        return False
    able = torch.cpu.get_capabilities()
    return any(able.get(name) for name in ("avx512_bf16", "amx_bf16", "amx_tile", "bf16"))


def _has_layers(encoder: Any) -> bool:
    """Whether it is one of NeMo's Conformers, whose layers are all alike."""
    layers = getattr(encoder, "layers", None)
    return isinstance(layers, torch.nn.ModuleList) and hasattr(encoder, "_feat_in")


def _trial(encoder: Any, device: str, dtype: torch.dtype) -> float:
    """Return the seconds that an encoder with the same front and a few of the layers takes."""
    layers = encoder.layers
    encoder.layers = layers[:_TRIAL_LAYERS]
    try:
        small = copy.deepcopy(encoder).eval().to(dtype)
    finally:
        encoder.layers = layers
    noise = torch.randn(1, encoder._feat_in, _TRIAL_FRAMES, device=device, dtype=dtype)
    length = torch.tensor([_TRIAL_FRAMES], device=device)
    taken = []
    with torch.inference_mode():
        for _ in range(1 + _TRIAL_ROUNDS):
            begun = time.perf_counter()
            small(audio_signal=noise, length=length)
            if device == "cuda":
                torch.cuda.synchronize()
            taken.append(time.perf_counter() - begun)
    return min(taken[1:])


def _cast(value: Any, dtype: torch.dtype) -> Any:
    if isinstance(value, torch.Tensor) and value.is_floating_point():
        return value.to(dtype)
    if isinstance(value, (tuple, list)):
        return type(value)(_cast(each, dtype) for each in value)
    return value


def _narrow(module: Any, args: Any, kwargs: Any) -> Any:
    del module
    narrowed = {name: _cast(value, torch.bfloat16) for name, value in kwargs.items()}
    return _cast(args, torch.bfloat16), narrowed


def _widen(module: Any, args: Any, outputs: Any) -> Any:
    del module, args
    return _cast(outputs, torch.float32)
