"""Memory: detect that it ran out, free it, and choose how much audio a batch may hold."""

from __future__ import annotations

import gc

import psutil
import torch

_SIGNS = (
    "out of memory",
    "not enough memory",
    "can't allocate memory",
    "cannot allocate memory",
    "failed to allocate",
    "alloc_failed",
    "defaultcpuallocator",
)
"""Parts of the RuntimeErrors of the CPU allocator, cuBLAS, cuDNN and MPS, in lower case."""
GIB = 2**30
CPU_BATCH_SECONDS = 120
"""Audio in a batch on a CPU. More makes a large model no faster, and a cancel waits longer."""
SMALL_MODEL = 30_000_000
"""Parameters. The time of a smaller model goes into the steps of its decoder, which are as many for
a large batch as for a small one: four times the batch took 0.6 times the processor time."""
SMALL_MODEL_FACTOR = 4
SMALL_MEMORY = 4 * GIB
_GPU_BATCH_SECONDS_PER_GIB = 60
"""A batch of 600 s took 3.85 GiB in fp32 beside a model of Parakeet-0.6B's shape, on an H100: 156 s
in each GiB. The rest is for models twice its size, and for other programs on the GPU."""
_GPU_BATCH_SECONDS = (60, 1800)


def ran_out(error: BaseException) -> bool:
    """Return whether this error means that there was not enough memory."""
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    text = str(error).lower()
    return isinstance(error, RuntimeError) and any(sign in text for sign in _SIGNS)


def lost_the_gpu(error: BaseException) -> bool:
    """Return whether nothing more can be done on the GPU by this process after this error."""
    accelerator = getattr(torch, "AcceleratorError", ())
    return isinstance(error, accelerator) or "CUDA error" in str(error)


def free(device: str) -> None:
    """Free the memory that nothing refers to any more."""
    gc.collect()
    if device == "cuda":
        torch.cuda.empty_cache()
    elif device == "mps":
        torch.mps.empty_cache()


def batch_seconds(device: str, parameters: int) -> int:
    """Return how many seconds of audio a batch should hold here, for a loaded model of so many
    parameters."""
    if device == "cuda":
        spare, _ = torch.cuda.mem_get_info()
        least, most = _GPU_BATCH_SECONDS
        return int(min(most, max(least, spare / GIB * _GPU_BATCH_SECONDS_PER_GIB)))
    if psutil.virtual_memory().available < SMALL_MEMORY:
        return CPU_BATCH_SECONDS // 2
    return CPU_BATCH_SECONDS * (SMALL_MODEL_FACTOR if parameters < SMALL_MODEL else 1)
