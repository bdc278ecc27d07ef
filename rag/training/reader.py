"""Trains the span reader: `python -m rag.training.reader DATA_FOLDER OUT_FOLDER`.

The encoder's weights with a linear head for the start and the end of the answer, and for whether the passage answers
at all. "No answer" is the span of the first token, so each passage's score is the best span's minus that one's (Clark
and Gardner, ACL 2018, the no-answer option). What nearly answers trains the judgement alone: it would teach the spans
to mistrust every passage on the matter, which costs the choice among passages. First passages are read alone; in a
second stage groups of them together, so that scores compare between passages; what is kept is the mean of both. Where
annotators differ, the target is their distribution.
Own pairs in the data's format train the same way.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from functools import cache
from itertools import count, islice
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from rag.encoding import bundled_folder
from rag.errors import ModelError
from rag.spans import JUDGED, SCORES
from rag.training.asked import queries, source
from rag.training.card import data_hashes, lineage
from rag.training.command import errors_in_one_line
from rag.training.data import Example
from rag.training.groups import asked_groups, groups
from rag.training.mixture import Recipe, mixture
from rag.training.restore import state_dict, weights_in
from rag.training.rows import Group, batches, targets, tensors, tokenise


class SpanModel(nn.Module):  # type: ignore[misc]
    """Token ids to logits of start, end and, at the first token, "it answers"; shape (batch, tokens, 3)."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        from transformers import AutoModel

        self.encoder = AutoModel.from_pretrained(
            folder,
            add_pooling_layer=False,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
            attn_implementation="eager",  # a fifth faster to train than the fused kernel, and to read
        )
        self.head = nn.Linear(self.encoder.config.hidden_size, SCORES)

    def forward(self, ids: Tensor, attention: Tensor, segments: Tensor) -> Tensor:
        """Last axis: start (0), end (1), where the first token stands for "no answer"; whether it answers (2)."""
        hidden = self.encoder(input_ids=ids, attention_mask=attention, token_type_ids=segments).last_hidden_state
        logits: Tensor = self.head(hidden)
        return logits

    def restore(self, folder: Path) -> dict[str, Tensor]:
        """Take the weights in a folder, and return them. Raises ModelError where they are of another form."""
        state = state_dict(folder)
        try:
            self.load_state_dict(state)
        except RuntimeError as error:
            raise ModelError(f"{folder} holds a reader of another form: train it anew, from the start") from error
        return state


def loss_of(model: SpanModel, groups: Sequence[Group], judging: float) -> Tensor:
    """Mean cross entropy of start and end, over all tokens of a group, against the annotators' distributions, without
    groups that nearly answer; and `judging` times that of whether each passage answers."""
    ids, attention, segments, allowed = tensors(groups)
    both = model(ids, attention, segments).float()
    logits, judged = both[..., :2], both[:, 0, JUDGED]
    over_none = (logits - logits[:, :1]).masked_fill(~allowed[..., None], -1e4)
    scores = over_none.reshape(len(groups), -1, 2).transpose(1, 2)
    wanted = targets(groups, ids.shape[1])
    losses = nn.functional.cross_entropy(scores.flatten(0, 1), wanted.flatten(0, 1), reduction="none")
    counted = torch.tensor([not row.near_miss for row, *_ in groups], dtype=torch.float).repeat_interleave(2)
    answers = torch.tensor([float(row.answers) for group in groups for row in group])
    judgement = nn.functional.binary_cross_entropy_with_logits(judged, answers)
    return (losses * counted).sum() / counted.sum().clamp(min=1) + judging * judgement


def train(folder: Path, out: Path, recipe: Recipe, start_from: Path | None = None) -> None:
    """Train both stages; write `recipe.json` (recipe, data hashes), their ends and `reader.pt`, the mean of these, into
    `out`.

    The mean of the weights before and after keeps what the second stage would forget of the first; in the same way
    `recipe.kept` of the weights that training starts from is kept (Wortsman et al., CVPR 2022).
    """
    torch.manual_seed(recipe.seed)
    model = SpanModel(bundled_folder())
    start = model.restore(start_from) if start_from else {}
    out.mkdir(parents=True, exist_ok=True)
    data = data_hashes(folder) | ({"asked": source()} if recipe.asked else {})
    trained: dict[str, object] = {"recipe": asdict(recipe), "data": data}
    if start_from:
        trained["started from"] = lineage(weights_in(start_from))
    (out / "recipe.json").write_text(json.dumps(trained, indent=1) + "\n", encoding="utf-8")
    first = mixture(folder, recipe)
    unanswered = sum(not example.answers for example in first)
    steps, more = (int(epochs * len(first) / recipe.batch) for epochs in (recipe.epochs, recipe.together))
    print(f"{len(first)} examples an epoch, {unanswered} of them unanswerable; {steps} steps, then {more}", flush=True)
    del first
    alone = _learn(Learner(model, recipe, steps), _alone(folder, recipe), steps, out / "alone.pt")
    second = recipe.second_stage()
    model.float().load_state_dict(alone)
    asked = _asked(second)
    in_turn = _in_turn(_alone(folder, second), asked, _together(folder, second), asked)
    together = _learn(Learner(model, second, more), in_turn, more, out / "together.pt")
    learned = _mean(recipe.averaged, alone, together)
    torch.save(_mean(recipe.kept, start, learned) if start else learned, out / "reader.pt")


def _mean(share: float, one: dict[str, Tensor], other: dict[str, Tensor]) -> dict[str, Tensor]:
    """So much of one's weights, and the rest of the other's."""
    return {name: share * weight + (1 - share) * other[name] for name, weight in one.items()}


def _learn(learner: Learner, batches: Iterator[list[Group]], steps: int, kept: Path) -> dict[str, Tensor]:
    """The weights after so many steps, also in the file `kept`, which is written anew every 200 steps."""
    started, total = time.time(), 0.0
    for step, batch in zip(range(1, steps + 1), batches, strict=False):
        total += learner.learn(batch)
        if step % 50 == 0:
            print(f"step {step}/{steps} loss {total / 50:.3f} {time.time() - started:.0f} s", flush=True)
            total = 0.0
        if step % 200 == 0:
            torch.save(learner.state(), kept)
    torch.save(learner.state(), kept)
    return learner.state()


class Learner:
    """AdamW on float32 weights; the model computes in bfloat16 where the processor does, with a copy of them."""

    def __init__(self, model: SpanModel, recipe: Recipe, steps: int) -> None:
        model.encoder.embeddings.word_embeddings.weight.requires_grad_(False)  # half of all, and sparse to learn from
        self._whole = {name: weight.detach().clone().float() for name, weight in model.state_dict().items()}
        self._model = model.bfloat16() if _fast_in_bfloat16() else model
        self._learning = {name: weight for name, weight in model.named_parameters() if weight.requires_grad}
        self._masters = {name: nn.Parameter(self._whole[name]) for name in self._learning}
        self._optimizer = torch.optim.AdamW(
            self._masters.values(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay, fused=True
        )
        self._judging = recipe.judging
        self._schedule = torch.optim.lr_scheduler.LambdaLR(
            self._optimizer, lambda step: _rate(step, steps, recipe.warmup)
        )

    def learn(self, batch: Sequence[Group]) -> float:
        """One step; returns its loss."""
        loss = loss_of(self._model, batch, self._judging)
        loss.backward()
        for name, weight in self._learning.items():
            assert weight.grad is not None
            self._masters[name].grad, weight.grad = weight.grad.float(), None
        nn.utils.clip_grad_norm_(self._masters.values(), 1.0)
        self._optimizer.step()
        self._schedule.step()
        with torch.no_grad():
            for name, weight in self._learning.items():
                weight.copy_(self._masters[name])
        return float(loss.detach())

    def state(self) -> dict[str, Tensor]:
        """The weights as float32, those that learn and those that do not."""
        return {**self._whole, **{name: weight.detach() for name, weight in self._masters.items()}}


@cache
def _fast_in_bfloat16() -> bool:
    """Whether the processor multiplies bfloat16 itself: where it does not, torch takes fifty times longer with it."""
    try:
        flags = Path("/proc/cpuinfo").read_text("utf-8").split()
    except OSError:
        return False
    return "avx512_bf16" in flags or "amx_bf16" in flags


def _alone(folder: Path, recipe: Recipe) -> Iterator[list[Group]]:
    """Batches of passages read alone, without end, every epoch with a mixture of its own."""
    tokenizer = _tokenizer()
    for epoch in count():
        chance = random.Random(f"rows {recipe.seed} {epoch}")
        rows = [(tokenise(example, tokenizer, chance, recipe),) for example in mixture(folder, recipe, epoch)]
        yield from batches(rows, recipe.batch, chance)


def _together(folder: Path, recipe: Recipe) -> Iterator[list[Group]]:
    """Batches of groups; ends where the data give none."""
    return _grouped(lambda epoch: groups(folder, recipe, epoch), recipe)


def _asked(recipe: Recipe) -> Iterator[list[Group]]:
    """Batches of the questions that were written for this project; none where the recipe leaves them out."""
    found = queries("train") if recipe.asked else []
    return _grouped(lambda epoch: asked_groups(found, recipe, epoch), recipe)


def _grouped(read: Callable[[int], Iterable[tuple[Example, ...]]], recipe: Recipe) -> Iterator[list[Group]]:
    tokenizer, as_it_is = _tokenizer(), replace(recipe, worded=0.0, titled=1.0)
    for epoch in count():
        chance = random.Random(f"group rows {recipe.seed} {epoch}")
        found = [tuple(tokenise(example, tokenizer, chance, as_it_is) for example in group) for group in read(epoch)]
        if not found:
            return
        yield from batches(found, recipe.batch, chance)


def _in_turn(*streams: Iterator[list[Group]]) -> Iterator[list[Group]]:
    """One batch of each in turn; the first has no end, another that has ended is left out."""
    while True:
        for stream in streams:
            yield from islice(stream, 1)


def _tokenizer() -> Tokenizer:
    tokenizer = Tokenizer.from_file(str(bundled_folder() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _rate(step: int, steps: int, warmup: float) -> float:
    rising = max(1, int(warmup * steps))
    return (step + 1) / rising if step < rising else max(0.0, (steps - step) / max(1, steps - rising))


def main() -> None:
    """Read the arguments; every field of Recipe is one."""
    parser = argparse.ArgumentParser(prog="python -m rag.training.reader", description="Train the span reader.")
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--start-from", type=Path, metavar="WEIGHTS", help="a folder of weights, this package's too")
    for name, value in asdict(Recipe()).items():
        kind = {"action": argparse.BooleanOptionalAction} if isinstance(value, bool) else {"type": type(value)}
        parser.add_argument(f"--{name.replace('_', '-')}", default=value, **kind)
    given = vars(parser.parse_args())
    data, out, start_from = given.pop("data"), given.pop("out"), given.pop("start_from")
    with errors_in_one_line():
        train(data, out, Recipe(**given), start_from)


if __name__ == "__main__":
    main()
