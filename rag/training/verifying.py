"""Trains the model that verifies statements: `python -m rag.training.verifying OUT_FOLDER`.

The span reader's own form, begun from its weights: a statement or a yes/no question in the place of the question, the
sentences that it rests on in that of the passage. Of the first token's scores the judgement "it answers" says whether
they say it, the first, which in a reader is "no answer begins here", whether they deny it. A faithful statement and its
corrupted twin are read side by side; what tells them apart counts beside what each of them is. `rag.training.export`
makes of OUT_FOLDER what the package ships, and `--measure` prints how well that tells apart what calibrates.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from rag.encoding import bundled_folder
from rag.entailing import DENIED, TELLS
from rag.reading.trained import BUNDLED_WEIGHTS
from rag.reading.yesno.judging import SURELY
from rag.spans import JUDGED
from rag.spans import SpanModel as RunningModel
from rag.training.asked import source as asked_source
from rag.training.card import add_to_card, lineage, written_here
from rag.training.command import add_fields, errors_in_one_line
from rag.training.learner import Learner
from rag.training.mixture import Recipe
from rag.training.model import SpanModel, fastest
from rag.training.restore import weights_in
from rag.training.rows import Group, batches, tensors
from rag.training.scoring import auroc
from rag.training.settled import YesNo, asked, claims, written, yes_no
from rag.training.stated import FOLDER, ClaimRow, Twins, pairs, sentences_of, titled, twins
from rag.training.streams import plain_tokenizer


@dataclass(frozen=True)
class StatementRecipe:
    """Every knob of the training; printed, and kept in the model card."""

    seed: int = 7
    epochs: float = 2.0
    batch: int = 32
    learning_rate: float = 1e-4
    warmup: float = 0.06
    weight_decay: float = 0.01
    paired: float = 0.5
    """The weight of telling twins apart, beside that of judging each."""


class StatementLearner(Learner):
    """Learns from claims two by two: what each is, and, where they differ, which of both is said or denied more."""

    def __init__(self, model: SpanModel, recipe: StatementRecipe, steps: int) -> None:
        shared = ("seed", "batch", "learning_rate", "warmup", "weight_decay")
        super().__init__(model, Recipe(**{name: getattr(recipe, name) for name in shared}), steps)
        self._paired = recipe.paired

    def loss(self, batch: Sequence[Group]) -> Tensor:
        """Cross entropy of each judgement, said and denied, and `paired` times that of which of two is it more."""
        ids, attention, segments, _ = (tensor.to(self.model.device) for tensor in tensors(batch))
        judged = self.model(ids, attention, segments).float()[:, 0, [JUDGED, DENIED]]
        rows = [row for group in batch for row in group if isinstance(row, ClaimRow)]
        wanted = torch.tensor([(one.says, one.denies is True) for one in rows], device=judged.device).float()
        known = torch.tensor([(True, one.denies is not None) for one in rows], device=judged.device).float()
        each = nn.functional.binary_cross_entropy_with_logits(judged, wanted, reduction="none")
        first, second = judged.reshape(-1, 2, 2).unbind(1)
        side = wanted.reshape(-1, 2, 2)[:, 0] - wanted.reshape(-1, 2, 2)[:, 1]
        differs = side.abs() * known.reshape(-1, 2, 2).prod(dim=1)
        apart = nn.functional.softplus(side * (second - first)) * differs
        return (each * known).sum() / known[:, 0].sum() + self._paired * apart.sum() / differs.sum().clamp(min=1)


def train(out: Path, recipe: StatementRecipe, start_from: Path) -> None:
    """Write `recipe.json` and `reader.pt` into `out`. Raises LoadError, ModelError."""
    torch.manual_seed(recipe.seed)
    found, questions = twins("train"), yes_no("train")
    device, attention = fastest()
    model = SpanModel(bundled_folder(), attention=attention)
    model.restore(start_from)
    out.mkdir(parents=True, exist_ok=True)
    facts = {
        "recipe": asdict(recipe),
        "tells": list(TELLS),
        "started from": lineage(weights_in(start_from)),
        "data": {"stated": source(), "asked": asked_source()},
    }
    (out / "recipe.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    an_epoch = len(_groups(found, questions, plain_tokenizer(), random.Random(recipe.seed)))
    steps = int(recipe.epochs * 2 * an_epoch / recipe.batch)
    print(
        f"{len(found)} pairs of twins, {len(questions)} questions, {an_epoch} groups an epoch; {steps} steps",
        flush=True,
    )
    learner = StatementLearner(model.to(device), recipe, steps)
    learner.learn_all(_batches(recipe, found, questions), steps, out / "reader.pt")


def source() -> dict[str, str]:
    """What the model card says of the data written for this; that of the questions asked is in `rag.training.asked`."""
    return written_here(sorted(FOLDER.glob("train*.jsonl")), "rag/training/stated/train*.jsonl")


def _groups(
    found: Sequence[Twins], questions: Sequence[YesNo], tokenizer: Tokenizer, chance: random.Random
) -> list[Group]:
    """What an epoch reads, two by two: twins, a question beside two sources, and other questions as they come."""
    claimed = list(claims(questions, tokenizer, chance))
    alone = [group[0] for group in claimed if len(group) == 1]
    chance.shuffle(alone)
    twice = [group for group in claimed if len(group) == 2]
    return [*pairs(found, tokenizer, chance), *twice, *zip(alone[::2], alone[1::2], strict=False)]


def _batches(recipe: StatementRecipe, found: Sequence[Twins], questions: Sequence[YesNo]) -> Iterator[list[Group]]:
    tokenizer = plain_tokenizer()
    for epoch in count():
        chance = random.Random(f"stated {recipe.seed} {epoch}")
        yield from batches(_groups(found, questions, tokenizer, chance), recipe.batch, chance)


def measure(folder: Path) -> dict[str, Any]:
    """How an exported model tells apart what calibrates, also written into its card; sources are read with the title.

    Of twins the AUROC of faithful against corrupted, for all and by what was changed, and under "ranked" the share of
    them of which the faithful one is judged higher. Of questions the AUROC of yes against no, by the difference of both
    scores; the share that is settled at SURELY, and of that the share settled rightly; under "open" the share settled
    of those that their text leaves open. Raises ModelError.
    """
    model, found = RunningModel.load(folder), twins("calibrate")
    judged = []
    for one in found:
        sources = " ".join((titled(sentences_of(one.text)), *one.evidence))
        judged.append([_judge(model, said, sources)[0] for said in (one.faithful, one.corrupted)])
    scores = np.array(judged)
    kinds = {kind: np.array([one.changed == kind for one in found]) for kind in sorted({one.changed for one in found})}
    area = {kind: round(_told_apart(scores[where]), 3) for kind, where in kinds.items()}
    figures: dict[str, Any] = {
        "part": "calibrate, on which the bounds were chosen too",
        "pairs": len(found),
        "ranked": round(float((scores[:, 0] > scores[:, 1]).mean()), 3),
        "AUROC": {"all": round(_told_apart(scores), 3), **area},
        "questions": {
            "written": _settling(model, written("calibrate")),
            "asked": _settling(model, asked("calibrate")),
        },
    }
    add_to_card(folder, {"figures": figures})
    return figures


def _settling(model: RunningModel, questions: Sequence[YesNo]) -> dict[str, float]:
    told = np.array([_judge(model, one.wordings[0], _read(one)) for one in questions])
    sure = 1 / (1 + np.exp(-told))
    yes = (sure[:, 0] >= SURELY) & (sure[:, 1] <= 1 - SURELY)
    no = (sure[:, 1] >= SURELY) & (sure[:, 0] <= 1 - SURELY)
    wanted = np.array([one.polarity or "open" for one in questions])
    closed = wanted != "open"
    right = (yes & (wanted == "yes")) | (no & (wanted == "no"))
    figures = {
        "number": int(closed.sum()),
        "AUROC": auroc((told[:, 0] - told[:, 1])[closed], wanted[closed] == "yes"),
        "settled": float((yes | no)[closed].mean()),
        "rightly": float(right.sum() / max(1, (yes | no)[closed].sum())),
    }
    if not closed.all():
        figures["open"] = float((yes | no)[~closed].mean())
    return {name: round(value, 3) for name, value in figures.items()}


def _read(one: YesNo) -> str:
    return " ".join((titled(one.everything), *(s for s in one.everything[1:] if s in one.evidence)))


def _judge(model: RunningModel, claimed: str, sources: str) -> tuple[float, float]:
    """Logits that the sources say it, and that they deny it."""
    scores = model.first_token(claimed, sources).max(axis=0)
    return float(scores[JUDGED]), float(scores[DENIED])


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
    add_fields(parser, asdict(StatementRecipe()))
    given = vars(parser.parse_args())
    out, start_from, only = (given.pop(name) for name in ("out", "start_from", "measure"))
    with errors_in_one_line():
        if only:
            print(json.dumps(measure(out)))
        else:
            train(out, StatementRecipe(**given), start_from or BUNDLED_WEIGHTS)


if __name__ == "__main__":
    main()
