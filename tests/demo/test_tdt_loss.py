"""Our TDT loss against NeMo's own reference, in value and gradient."""

from __future__ import annotations

import pytest

pytest.importorskip("torch", reason="needs the package torch")

import torch

from demo.training.tdt_loss import Targets, TokenWindows, tdt_loss

DURATIONS = [0, 1, 2, 3, 4]
SIGMA = 0.05


def case(seed: int) -> tuple[torch.Tensor, Targets]:
    """Four items of different lengths, one of them with nothing said."""
    torch.manual_seed(seed)
    tokens = torch.randint(0, 6, (4, 5))
    logits = torch.randn(4, 9, 6, 7 + len(DURATIONS), dtype=torch.float32, requires_grad=True)
    return logits, Targets(tokens, torch.tensor([5, 3, 0, 4]), torch.tensor([9, 7, 4, 9]))


def nemo_loss(logits: torch.Tensor, targets: Targets) -> torch.Tensor:
    from nemo.collections.asr.losses import rnnt_pytorch

    loss = rnnt_pytorch.TDTLossPytorch(blank=6, durations=DURATIONS, reduction="none", sigma=SIGMA)
    return loss(
        acts=logits,
        labels=targets.tokens,
        act_lens=targets.frame_count,
        label_lens=targets.token_count,
    )


@pytest.mark.nemo
@pytest.mark.filterwarnings("ignore")  # NeMo warns as it is imported
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_value_and_gradient_agree_with_nemo(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # NeMo's reference moves its own tensors to the GPU, whether there is one or not.
    monkeypatch.setattr(torch.Tensor, "cuda", lambda tensor: tensor)
    logits, targets = case(seed)
    ours, theirs = tdt_loss(logits, targets, len(DURATIONS), SIGMA), nemo_loss(logits, targets)
    torch.testing.assert_close(ours, theirs.flatten(), rtol=1e-4, atol=1e-4)
    weight = torch.tensor([1.0, 2.0, 0.5, 3.0])
    (our_grad,) = torch.autograd.grad((ours * weight).sum(), logits)
    (their_grad,) = torch.autograd.grad((theirs.flatten() * weight).sum(), logits)
    torch.testing.assert_close(our_grad, their_grad, rtol=1e-3, atol=1e-5)


def test_windows_leave_only_the_ways_inside() -> None:
    logits, targets = case(3)
    whole = torch.zeros_like(targets.tokens), torch.full_like(targets.tokens, 8)
    free = tdt_loss(logits, targets, len(DURATIONS))
    wide = Targets(targets.tokens, targets.token_count, targets.frame_count, TokenWindows(*whole))
    torch.testing.assert_close(tdt_loss(logits, wide, len(DURATIONS)), free)
    narrow = TokenWindows(torch.arange(5).repeat(4, 1), torch.arange(5).repeat(4, 1) + 1)
    tight = Targets(targets.tokens, targets.token_count, targets.frame_count, narrow)
    losses = tdt_loss(logits, tight, len(DURATIONS))
    assert (losses[[0, 1, 3]] > free[[0, 1, 3]] + 0.1).all()
    (grad,) = torch.autograd.grad(losses.sum(), logits)
    assert torch.isfinite(grad).all()
    inside = losses[0].item()
    assert inside == pytest.approx(
        brute_force(logits[0].detach(), targets.tokens[0], narrow), abs=1e-4
    )


def brute_force(logits: torch.Tensor, tokens: torch.Tensor, windows: TokenWindows) -> float:
    """Every way through the lattice of item 0, one by one."""
    spoken, steps = logits[..., :7].log_softmax(-1), logits[..., 7:].log_softmax(-1)
    frames, total = logits.shape[0], []

    def walk(t: int, u: int, weight: float) -> None:
        if t == frames:
            if u == len(tokens):
                total.append(weight)
            return
        for d in DURATIONS:
            if d and t + d <= frames and (t + d < frames or u == len(tokens)):
                walk(t + d, u, weight + float(spoken[t, u, 6] + steps[t, u, d]))
            inside = u < len(tokens) and windows.first[0, u] <= t <= windows.last[0, u]
            if inside and t + d < frames:
                walk(t + d, u + 1, weight + float(spoken[t, u, tokens[u]] + steps[t, u, d]))

    walk(0, 0, 0.0)
    return -float(torch.logsumexp(torch.tensor(total), 0))
