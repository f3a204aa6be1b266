"""Chooses the build of PyTorch for this machine: for an NVIDIA card, Apple silicon, or the CPU."""

from __future__ import annotations

import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass

from editor_plugin.core.errors import EnvironmentBroken
from editor_plugin.hosts.folders import LINUX, MACOS, WINDOWS, Machine
from installer.pythons import Python

WHEELS = "https://download.pytorch.org/whl/"
CUDA = "cu130"
"""The CUDA version that constraints.txt pins for PyTorch on Linux (cuda-toolkit 13.0)."""
OLDEST_MACOS = 14
"""The system that PyTorch's wheel is tagged for."""
ANSWER_SECONDS = 3


@dataclass(frozen=True)
class TorchBuild:
    """A build, the folder of PyTorch's own wheel site that has it, and the megabytes it needs.

    `wheels` is None where the package index's own wheel is the right one. `room_mb` is for the
    whole environment with the downloads: 2.6 GB of files on Linux without CUDA, about three times
    that with it.
    """

    name: str
    wheels: str | None
    room_mb: int


def choose_build(machine: Machine, python: Python, nvidia: bool) -> TorchBuild:
    """Choose for a system and its processor; raises EnvironmentBroken where there is no build."""
    if machine.system == MACOS:
        if python.arch != "arm64":
            raise EnvironmentBroken(
                "Recue needs a Mac with Apple silicon; PyTorch is no longer made for Intel Macs.",
                "If this Mac has Apple silicon, use a Python made for it, from python.org.",
            )
        if int(python.macos.partition(".")[0]) < OLDEST_MACOS:
            raise EnvironmentBroken(
                f"Recue needs macOS {OLDEST_MACOS} or newer, and this is macOS {python.macos}.",
                "Update macOS in System Settings > General > Software Update.",
            )
        return TorchBuild("mps", None, 4_000)
    if nvidia:
        # The index's own wheel has CUDA on Linux and has not on Windows.
        return TorchBuild("cuda", CUDA if machine.system == WINDOWS else None, 12_000)
    # And the other way round.
    needs_cpu = machine.system == LINUX and python.arch == "x86_64"
    return TorchBuild("cpu", "cpu" if needs_cpu else None, 4_000)


def sees_nvidia(machine: Machine) -> bool:
    """Whether an NVIDIA card with its driver is here."""
    signs = {
        LINUX: ("proc/driver/nvidia/version", "usr/lib/wsl/lib/libcuda.so.1"),
        WINDOWS: ("Windows/System32/nvcuda.dll",),
    }.get(machine.system, ())
    if any((machine.root / sign).exists() for sign in signs):
        return True
    # A name without a folder would be looked for on this process's own PATH.
    command = shutil.which("nvidia-smi", path=machine.environ.get("PATH", ""))
    if machine.system == MACOS or not command:
        return False
    try:
        return subprocess.run([command, "-L"], capture_output=True, timeout=20).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def answers(url: str) -> bool:
    """Whether a web server answers in time, whatever it answers."""
    try:
        asked = urllib.request.Request(url, method="HEAD")
        urllib.request.urlopen(asked, timeout=ANSWER_SECONDS).close()
    except urllib.error.HTTPError:
        return True
    except (OSError, ValueError):
        return False
    return True


def index_arguments(
    build: TorchBuild, machine: Machine, reachable: Callable[[str], bool] = answers
) -> list[str]:
    """The arguments that give pip the index of PyTorch: RECUE_TORCH_INDEX, where it is set.

    Versions are pinned, and a version with a local part (+cpu) goes before the same without, so
    the other index only adds the build. Where it cannot be reached, the plain wheel does as well:
    it is larger, and on Windows without CUDA.
    """
    own = machine.environ.get("RECUE_TORCH_INDEX")
    if own is not None:
        return ["--extra-index-url", own] if own else []
    if build.wheels and reachable(WHEELS + build.wheels + "/"):
        return ["--extra-index-url", WHEELS + build.wheels]
    return []
