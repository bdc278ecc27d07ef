"""Trains the model that verifies statements: `python -m rag.training.verifying OUT_FOLDER --start-from WEIGHTS`.

The span reader's own form, begun from its weights: a statement in the place of the question, the sentences that it
cites in that of the passage, and the judgement "it answers" says whether they say it. A faithful statement and its
corrupted twin are read side by side; what tells them apart counts beside what each of them is. `rag.training.export`
makes of OUT_FOLDER what the package ships, and `--measure` prints how well that tells the twins apart that calibrate.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from rag.encoding import bundled_folder
from rag.spans import JUDGED
from rag.spans import SpanModel as RunningModel
from rag.trained import BUNDLED_WEIGHTS
from rag.training.card import add_to_card, lineage, sha256
from rag.training.command import errors_in_one_line
from rag.training.learner import Learner
from rag.training.mixture import Recipe
from rag.training.model import SpanModel, fastest
from rag.training.restore import weights_in
from rag.training.rows import Group, batches, tensors
from rag.training.scoring import auroc
from rag.training.stated import FOLDER, pairs, sentences_of, twins
from rag.training.streams import plain_tokenizer


@dataclass(frozen=True)
class StatementRecipe:
    """Every knob of the training; printed, and kept in the model card."""

    seed: int = 7
    epochs: float = 3.0
    batch: int = 32
    learning_rate: float = 1e-4
    warmup: float = 0.06
    weight_decay: float = 0.01
    paired: float = 0.5
    """The weight of telling twins apart, beside that of judging each."""


class StatementLearner(Learner):
    """Learns from pairs of rows, the first of which is supported and the second not."""

    def __init__(self, model: SpanModel, recipe: StatementRecipe, steps: int) -> None:
        shared = ("seed", "batch", "learning_rate", "warmup", "weight_decay")
        super().__init__(model, Recipe(**{name: getattr(recipe, name) for name in shared}), steps)
        self._paired = recipe.paired

    def loss(self, batch: Sequence[Group]) -> Tensor:
        """Cross entropy of each judgement, and `paired` times that of which of two twins is the faithful one."""
        ids, attention, segments, _ = (tensor.to(self.model.device) for tensor in tensors(batch))
        judged = self.model(ids, attention, segments).float()[:, 0, JUDGED].reshape(-1, 2)
        wanted = torch.tensor([1.0, 0.0], device=judged.device).expand_as(judged)
        apart = nn.functional.softplus(judged[:, 1] - judged[:, 0]).mean()
        return nn.functional.binary_cross_entropy_with_logits(judged, wanted) + self._paired * apart


def train(out: Path, recipe: StatementRecipe, start_from: Path) -> None:
    """Write `recipe.json` and `reader.pt` into `out`. Raises LoadError, ModelError."""
    torch.manual_seed(recipe.seed)
    found = twins("train")
    device, attention = fastest()
    model = SpanModel(bundled_folder(), attention=attention)
    model.restore(start_from)
    out.mkdir(parents=True, exist_ok=True)
    facts = {"recipe": asdict(recipe), "started from": lineage(weights_in(start_from)), "data": {"stated": source()}}
    (out / "recipe.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    an_epoch = sum(1 for _ in pairs(found, plain_tokenizer(), random.Random(recipe.seed)))
    steps = int(recipe.epochs * 2 * an_epoch / recipe.batch)
    print(f"{len(found)} pairs of twins, {an_epoch} pairs an epoch; {steps} steps", flush=True)
    learner = StatementLearner(model.to(device), recipe, steps)
    learner.learn_all(_batches(recipe), steps, out / "reader.pt")


def source() -> dict[str, str]:
    """What the model card says of the data."""
    return {
        "sha256": sha256(FOLDER / "train.jsonl"),
        "source": "rag/training/stated/train.jsonl, written for this project",
        "licence": "this project's",
    }


def _batches(recipe: StatementRecipe) -> Iterator[list[Group]]:
    tokenizer, found = plain_tokenizer(), twins("train")
    for epoch in count():
        chance = random.Random(f"stated {recipe.seed} {epoch}")
        yield from batches(list(pairs(found, tokenizer, chance)), recipe.batch, chance)


def measure(folder: Path) -> dict[str, float]:
    """How an exported model tells the pairs apart that calibrate, also written into its card; the evidence is read with
    the title.

    AUROC of faithful against corrupted, for all and by what was changed, and under "ranked" the share of twins of which
    the faithful one is judged higher. Raises ModelError.
    """
    model, found = RunningModel.load(folder), twins("calibrate")
    judged = []
    for one in found:
        sources = " ".join((sentences_of(one.text)[0], *one.evidence))
        judged.append([model.read(said, [("", sources)], 1)[0].judged for said in (one.faithful, one.corrupted)])
    scores = np.array(judged)
    figures = {"all": _told_apart(scores), "ranked": float((scores[:, 0] > scores[:, 1]).mean())}
    for kind in sorted({one.changed for one in found}):
        figures[kind] = _told_apart(scores[[one.changed == kind for one in found]])
    rounded = {name: round(value, 3) for name, value in figures.items()}
    part = "calibrate, on which the bounds were chosen too"
    add_to_card(folder, {"figures": {"part": part, "pairs": len(found), "AUROC": rounded}})
    return rounded


def _told_apart(scores: np.ndarray) -> float:
    return auroc(scores.ravel(), np.tile([True, False], len(scores)))


def main() -> None:
    """Read the arguments; every field of StatementRecipe is one."""
    parser = argparse.ArgumentParser(prog="python -m rag.training.verifying", description="Train the verifier.")
    parser.add_argument("out", type=Path)
    parser.add_argument(
        "--start-from", type=Path, metavar="WEIGHTS", default=None, help="default: the package's reader"
    )
    parser.add_argument("--measure", action="store_true", help="measure the exported model in OUT instead")
    for name, value in asdict(StatementRecipe()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    given = vars(parser.parse_args())
    out, start_from, only = (given.pop(name) for name in ("out", "start_from", "measure"))
    with errors_in_one_line():
        if only:
            print(json.dumps(measure(out)))
        else:
            train(out, StatementRecipe(**given), start_from or BUNDLED_WEIGHTS)


if __name__ == "__main__":
    main()
