"""Sound as it comes from the world: gain, coloured noise, hum, a narrower band. All on tensors."""

from __future__ import annotations

import torch
from torch import Tensor

from demo.flite import SAMPLE_RATE

NOISY_SHARE, NARROW_SHARE, HUM_SHARE = 0.6, 0.2, 0.1
NOISE_DB = (-80.0, -30.0)  # against full scale; speech stands near -20
GAIN_DB = (-20.0, 3.0)
SLOPE = (0.0, 1.2)  # power of 1/f: 0 is white noise, 1 is about pink
NARROW_HZ = (3400.0, 7800.0)
HUM_HZ = (50.0, 240.0)
MASKS, MASKED_BANDS, MASKED_STEPS = 2, 14, 12


def _uniform(low: float, high: float, count: int, device: torch.device) -> Tensor:
    return torch.empty(count, 1, device=device).uniform_(low, high)


def _amplitude(decibels: Tensor) -> Tensor:
    return torch.pow(10.0, decibels / 20)


def roughen(audio: Tensor) -> Tensor:
    """16 kHz sound [batch, samples] as int16 to floats with noise, a narrower band and gain."""
    sound = audio.float() / 32768
    count, samples = sound.shape
    device = sound.device
    size = 1 << (samples - 1).bit_length()
    hertz = torch.fft.rfftfreq(size, 1 / SAMPLE_RATE, device=device)[None]
    slope = torch.clamp(hertz, min=20.0).pow(-_uniform(*SLOPE, count, device) / 2)
    noise = torch.fft.irfft(torch.fft.rfft(torch.randn(count, size, device=device)) * slope)
    noise = noise[:, :samples] / noise.std(1, keepdim=True)
    level = _amplitude(_uniform(*NOISE_DB, count, device))
    sound = sound + noise * level * _some(NOISY_SHARE, count, device)
    hum = _uniform(*HUM_HZ, count, device) * torch.arange(samples, device=device) / SAMPLE_RATE
    sound = sound + torch.sin(2 * torch.pi * hum) * level * _some(HUM_SHARE, count, device)
    narrow = _some(NARROW_SHARE, count, device).bool()[:, 0]
    if narrow.any():
        limit = _uniform(*NARROW_HZ, int(narrow.sum()), device)
        kept = torch.fft.rfft(sound[narrow], size) * torch.sigmoid((limit - hertz) / 100)
        sound[narrow] = torch.fft.irfft(kept, size)[:, :samples]
    return sound * _amplitude(_uniform(*GAIN_DB, count, device))


def _some(share: float, count: int, device: torch.device) -> Tensor:
    return (torch.rand(count, 1, device=device) < share).float()


def mask(features: Tensor) -> Tensor:
    """Blank out some bands and short stretches of [batch, bands, steps] (SpecAugment)."""
    count, bands, steps = features.shape
    device = features.device
    for size, most, axis in ((bands, MASKED_BANDS, 1), (steps, MASKED_STEPS, 2)):
        for _ in range(MASKS):
            width = torch.randint(0, most + 1, (count, 1), device=device)
            start = (torch.rand(count, 1, device=device) * (size - width)).long()
            at = torch.arange(size, device=device)[None]
            hidden = (at >= start) & (at < start + width)
            features = features.masked_fill(hidden.unsqueeze(3 - axis), 0.0)
    return features
