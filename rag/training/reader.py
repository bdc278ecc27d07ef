"""Trains the span reader: `python -m rag.training.reader DATA_FOLDER OUT_FOLDER`.

The encoder's weights with a linear head for the start and the end of the answer, and for whether the passage answers
at all (`rag/training/model.py`). First passages are read alone; in a second stage groups of them together, so that
scores compare between passages. With teachers, readers that were trained before, their mean sets a part of the target:
several distilled into one (Hinton et al. 2015, arXiv 1503.02531). On a GPU where torch finds one; nothing needs it.
Own pairs in the data's format train the same way.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import torch
from torch import Tensor

from rag.encoding import bundled_folder
from rag.errors import LoadError
from rag.training.asked import queries, rewordings, source
from rag.training.card import data_hashes, lineage
from rag.training.command import add_fields, errors_in_one_line
from rag.training.learner import Learner
from rag.training.mixture import Recipe, mixture
from rag.training.model import SpanModel, fastest
from rag.training.restore import weights_in
from rag.training.streams import Streams, alone, asked, in_turn, together


def train(
    folder: Path, out: Path, recipe: Recipe, start_from: Path | None = None, taught_by: Sequence[Path] = ()
) -> None:
    """Train both stages; write `recipe.json` (recipe, data hashes), their ends and `reader.pt`, the mean of these, into
    `out`.

    The mean of the weights before and after keeps what the second stage would forget of the first; in the same way
    `recipe.kept` of the weights that training starts from is kept (Wortsman et al., CVPR 2022).
    """
    torch.manual_seed(recipe.seed)
    if recipe.layers < 1:
        raise LoadError(f"a reader of {recipe.layers} layers cannot be: give --layers 1 or more")
    if recipe.asked:
        queries("train")  # a broken line is told now, not after the first stage
        rewordings("train")
    device, attention = fastest()
    model = SpanModel(bundled_folder(), recipe.layers, attention)
    start = model.restore(start_from) if start_from else {}
    teachers = [SpanModel.trained(weights, attention).to(device) for weights in taught_by]
    out.mkdir(parents=True, exist_ok=True)
    data = data_hashes(folder) | ({"asked": source()} if recipe.asked else {})
    trained: dict[str, object] = {"recipe": asdict(recipe), "data": data}
    if start_from:
        trained["started from"] = lineage(weights_in(start_from))
    if taught_by:
        trained["taught by"] = [lineage(weights_in(weights)) for weights in taught_by]
    (out / "recipe.json").write_text(json.dumps(trained, indent=1) + "\n", encoding="utf-8")
    first = mixture(folder, recipe)
    unanswered = sum(not example.answers for example in first)
    steps, more = (int(epochs * len(first) / recipe.batch) for epochs in (recipe.epochs, recipe.together))
    print(f"{len(first)} examples an epoch, {unanswered} of them unanswerable; {steps} steps, then {more}", flush=True)
    del first
    with closing(Streams.of(folder)) as streams:
        learner = Learner(model.to(device), recipe, steps, teachers)
        by_itself = learner.learn_all(streams.batches(alone, recipe), steps, out / "alone.pt")
        second = recipe.second_stage()
        model.float().load_state_dict(by_itself)
        own = streams.batches(asked, second)
        mixed = in_turn(streams.batches(alone, second), own, streams.batches(together, second), own)
        compared = Learner(model, second, more, teachers).learn_all(mixed, more, out / "together.pt")
    learned = _mean(recipe.averaged, by_itself, compared)
    torch.save(_mean(recipe.kept, start, learned) if start else learned, out / "reader.pt")


def _mean(share: float, one: dict[str, Tensor], other: dict[str, Tensor]) -> dict[str, Tensor]:
    """So much of one's weights, and the rest of the other's."""
    return {name: share * weight + (1 - share) * other[name] for name, weight in one.items()}


def main() -> None:
    """Read the arguments; every field of Recipe is one."""
    parser = argparse.ArgumentParser(prog="python -m rag.training.reader", description="Train the span reader.")
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--start-from", type=Path, metavar="WEIGHTS", help="a folder of weights, this package's too")
    parser.add_argument("--taught-by", type=Path, nargs="+", default=[], metavar="WEIGHTS", help="folders of teachers")
    add_fields(parser, asdict(Recipe()))
    given = vars(parser.parse_args())
    data, out, start_from, taught_by = (given.pop(name) for name in ("data", "out", "start_from", "taught_by"))
    with errors_in_one_line():
        train(data, out, Recipe(**given), start_from, taught_by)


if __name__ == "__main__":
    main()
