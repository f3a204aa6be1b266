"""The token-and-duration transducer (TDT) loss, vectorised in plain PyTorch for CPU and GPU.

The lattice has a node for each (frame t, tokens said u). From a node one goes on by a blank (d
frames ahead, d > 0) or by the next token (d frames ahead, d >= 0). All nodes with the same
n = t + u depend on smaller n only, so the two passes walk over n and treat a whole diagonal of the
whole batch at once. Tokens may be confined to a window of frames (`TokenWindows`), which teaches
the model to write each word when it is said.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

NEVER = -1e30  # a log probability that no sum over a lattice brings back


@dataclass(frozen=True)
class TokenWindows:
    """First and last frame in which each token may be written: two [batch, tokens] tensors."""

    first: Tensor
    last: Tensor


@dataclass(frozen=True)
class Targets:
    """What was said: tokens [batch, tokens], and both lengths [batch]; `windows` may be None."""

    tokens: Tensor
    token_count: Tensor
    frame_count: Tensor
    windows: TokenWindows | None = None


def tdt_loss(logits: Tensor, targets: Targets, durations: int, sigma: float = 0.0) -> Tensor:
    """Negative log likelihood of each item of the batch.

    `logits` is [batch, frames, tokens + 1, vocabulary + 1 + durations]; blank is the last of the
    vocabulary's; the durations are 0 … durations-1. `sigma` is taken off every token's log
    probability, which favours long steps.
    """
    spoken = logits[..., :-durations].float().log_softmax(-1) - sigma
    steps = logits[..., -durations:].float().log_softmax(-1)
    blank = spoken[..., -1]
    said = targets.tokens[:, None, :, None].expand(-1, spoken.shape[1], -1, 1).long()
    label = torch.nn.functional.pad(spoken[:, :, :-1].gather(3, said).squeeze(3), (0, 1))
    by_blank, by_label = _edges(blank, label, steps, targets)
    return -_Likelihood.apply(by_blank, by_label, targets.frame_count, targets.token_count)


def _edges(blank: Tensor, label: Tensor, steps: Tensor, targets: Targets) -> tuple[Tensor, Tensor]:
    """Log weights of all steps out of each node, [batch, frames, tokens + 1, durations]."""
    frames, nodes, durations = steps.shape[1:]
    device = steps.device
    t = torch.arange(frames, device=device)[None, :, None, None]
    u = torch.arange(nodes, device=device)[None, None, :, None]
    d = torch.arange(durations, device=device)[None, None, None, :]
    end = targets.frame_count[:, None, None, None]
    count = targets.token_count[:, None, None, None]
    blank_ok = (d > 0) & (u <= count) & ((t + d < end) | ((t + d == end) & (u == count)))
    label_ok = (u < count) & (t + d < end)
    if targets.windows is not None:
        pad = torch.nn.functional.pad
        first, last = pad(targets.windows.first, (0, 1)), pad(targets.windows.last, (0, 1))
        label_ok = label_ok & (t >= first[:, None, :, None]) & (t <= last[:, None, :, None])
    by_blank = (blank[..., None] + steps).masked_fill(~blank_ok, NEVER)
    by_label = (label[..., None] + steps).masked_fill(~label_ok, NEVER)
    return by_blank, by_label


def _skew(edges: Tensor, diagonals: int) -> Tensor:
    """[batch, frames, nodes, durations] to [diagonals, durations, batch, nodes]."""
    batch, frames, nodes, durations = edges.shape
    padded = torch.nn.functional.pad(edges, (0, 0, 0, 0, 0, diagonals - frames), value=NEVER)
    n = torch.arange(diagonals, device=edges.device)[:, None]
    t = (n - torch.arange(nodes, device=edges.device)[None, :]) % diagonals
    index = t[None, :, :, None].expand(batch, -1, -1, durations)
    return padded.gather(1, index).permute(1, 3, 0, 2)


def _unskew(skewed: Tensor, frames: int) -> Tensor:
    """The way back of `_skew`."""
    _, durations, batch, nodes = skewed.shape
    t = torch.arange(frames, device=skewed.device)[:, None]
    n = t + torch.arange(nodes, device=skewed.device)[None, :]
    index = n[None, :, :, None].expand(batch, -1, -1, durations)
    return skewed.permute(2, 0, 3, 1).gather(1, index)


class _Likelihood(torch.autograd.Function):  # type: ignore[misc]  # torch is untyped here
    """Log likelihood of the lattice, with its own gradient (both passes, nothing recorded)."""

    @staticmethod
    def forward(
        ctx: Any, by_blank: Tensor, by_label: Tensor, frame_count: Tensor, token_count: Tensor
    ) -> Tensor:
        _, frames, nodes, durations = by_blank.shape
        diagonals = frames + nodes + durations
        blank, label = _skew(by_blank, diagonals), _skew(by_label, diagonals)
        alpha = _alpha(blank, label)
        end = (frame_count + token_count).long()
        batch = torch.arange(len(end), device=end.device)
        total = alpha[end, batch, token_count.long()]
        ctx.save_for_backward(blank, label, alpha, end, token_count.long(), total)
        ctx.frames = frames
        return total

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor, None, None]:
        blank, label, alpha, end, token_count, total = ctx.saved_tensors
        beta = _beta(blank, label, end, token_count)
        diagonals, durations, _, nodes = blank.shape
        scale = grads[0][None, :, None]
        through = alpha[:diagonals] - total[None, :, None]
        for d in range(durations):  # in place: the weights are not needed again
            blank[:, d] += through + beta[d : d + diagonals, :, :nodes]
            label[:, d] += through + beta[d + 1 : d + 1 + diagonals, :, 1:]
        blank, label = blank.exp_() * scale[:, None], label.exp_() * scale[:, None]
        return _unskew(blank, ctx.frames), _unskew(label, ctx.frames), None, None


def _alpha(blank: Tensor, label: Tensor) -> Tensor:
    """Log weight of all ways to each node, [diagonals, batch, nodes]."""
    diagonals, durations, batch, nodes = blank.shape
    ahead = torch.nn.functional.pad
    # Weights of the ways *into* a diagonal, oldest source first, to match slices of `alpha`.
    enter = [ahead(blank[:, d], (0, 0, 0, 0, d, 0), value=NEVER) for d in range(durations)]
    said = [
        ahead(label[:, d, :, :-1], (1, 0, 0, 0, d + 1, 0), value=NEVER) for d in range(durations)
    ]
    ways = [way[:diagonals] for way in enter[:0:-1] + said[::-1]]
    weights = torch.stack(ways, 1)
    alpha = blank.new_full((diagonals + durations, batch, nodes + 1), NEVER)
    alpha[durations, 0:, 1] = 0.0  # row `durations` is diagonal 0, column 1 is u = 0
    for n in range(1, diagonals):
        row = n + durations
        still, moved = alpha[row - durations + 1 : row, :, 1:], alpha[row - durations : row, :, :-1]
        alpha[row, :, 1:] = torch.logsumexp(torch.cat((still, moved)) + weights[n], 0)
    return alpha[durations:, :, 1:]


def _beta(blank: Tensor, label: Tensor, end: Tensor, token_count: Tensor) -> Tensor:
    """Log weight of all ways from each node to the end, padded after the last diagonal and node."""
    diagonals, durations, batch, nodes = blank.shape
    weights = torch.cat((blank[:, 1:], label), 1)
    beta = blank.new_full((diagonals + durations + 1, batch, nodes + 1), NEVER)
    beta[end, torch.arange(batch, device=end.device), token_count] = 0.0
    for n in range(diagonals - 1, -1, -1):
        ways = torch.cat(
            (beta[n + 1 : n + durations, :, :-1], beta[n + 1 : n + durations + 1, :, 1:])
        )
        onward = torch.logsumexp(ways + weights[n], 0)
        beta[n, :, :-1] = torch.logaddexp(beta[n, :, :-1], onward)
    return beta
