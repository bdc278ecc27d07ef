"""One step of training after another: AdamW on float32 weights, computed in bfloat16 where that is fast."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import torch
from torch import Tensor, nn

from rag.training.mixture import Recipe
from rag.training.model import SpanModel, loss_of
from rag.training.rows import Group

PRINTED, SAVED = 50, 200
"""Steps between two lines, and between two checkpoints."""


class Learner:
    """AdamW on float32 weights; the model computes in bfloat16 where the processor does, with a copy of them."""

    def __init__(self, model: SpanModel, recipe: Recipe, steps: int, teachers: Sequence[SpanModel] = ()) -> None:
        model.encoder.embeddings.word_embeddings.weight.requires_grad_(False)  # half of all, and sparse to learn from
        self._whole = {name: weight.detach().clone().float() for name, weight in model.state_dict().items()}
        self.model = model.bfloat16() if _fast_in_bfloat16(model.device.type) else model
        self._teachers = [teacher.to(model.head.weight.dtype).eval() for teacher in teachers]
        learning = {name: weight for name, weight in model.named_parameters() if weight.requires_grad}
        self._weights = list(learning.values())
        self._masters = {name: nn.Parameter(self._whole[name]) for name in learning}
        self._optimizer = torch.optim.AdamW(
            self._masters.values(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay, fused=True
        )
        self._judging, self._taught = recipe.judging, recipe.taught
        self._schedule = torch.optim.lr_scheduler.LambdaLR(
            self._optimizer, lambda step: _rate(step, steps, recipe.warmup)
        )

    def learn(self, batch: Sequence[Group]) -> Tensor:
        """One step; returns its loss, a scalar."""
        loss = self.loss(batch)
        loss.backward()
        for master, weight in zip(self._masters.values(), self._weights, strict=True):
            assert weight.grad is not None
            master.grad, weight.grad = weight.grad.float(), None
        nn.utils.clip_grad_norm_(self._masters.values(), 1.0)
        self._optimizer.step()
        self._schedule.step()
        with torch.no_grad():
            torch._foreach_copy_(self._weights, list(self._masters.values()))
        return loss.detach()

    def loss(self, batch: Sequence[Group]) -> Tensor:
        """What a batch costs, a scalar: that of a reader; who learns something else says what."""
        return loss_of(self.model, batch, self._judging, self._teachers, self._taught)

    def state(self) -> dict[str, Tensor]:
        """The weights as float32 in memory, those that learn and those that do not."""
        weights = {**self._whole, **{name: weight.detach() for name, weight in self._masters.items()}}
        return {name: weight.cpu().clone() for name, weight in weights.items()}

    def learn_all(self, batches: Iterator[list[Group]], steps: int, kept: Path) -> dict[str, Tensor]:
        """The weights after so many steps, also in the file `kept`, which is written anew every SAVED steps."""
        started, total = time.time(), torch.zeros(())
        for step, batch in zip(range(1, steps + 1), batches, strict=False):
            total = total + self.learn(batch)
            if step % PRINTED == 0:
                print(f"step {step}/{steps} loss {total / PRINTED:.3f} {time.time() - started:.0f} s", flush=True)
                total = torch.zeros(())
            if step % SAVED == 0:
                torch.save(self.state(), kept)
        torch.save(self.state(), kept)
        return self.state()


@cache
def _fast_in_bfloat16(device: str) -> bool:
    """Whether the processor multiplies bfloat16 itself: where it does not, torch takes fifty times longer with it."""
    if device == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    try:
        flags = Path("/proc/cpuinfo").read_text("utf-8").split()
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags


def _rate(step: int, steps: int, warmup: float) -> float:
    rising = max(1, int(warmup * steps))
    return (step + 1) / rising if step < rising else max(0.0, (steps - step) / max(1, steps - rising))
