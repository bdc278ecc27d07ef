"""What each part of the first stage is worth: `python -m rag.training.ablation DATA OUT [VARIANT ...]`.

Every variant is trained for the same number of steps on the same fifth of the data, into a folder of its own in OUT,
and measured on the calibration titles, which no variant has seen. A variant that is there already is only measured.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from rag.encoding import RememberingEncoder, load_encoder
from rag.reading.trained import BUNDLED_WEIGHTS
from rag.spans import ScoredSpan, SpanModel
from rag.training.calibrate import SEED, TOP_K, searched
from rag.training.command import errors_in_one_line
from rag.training.data import Example, part_of, read_examples
from rag.training.export import export
from rag.training.mixture import Recipe, mixture
from rag.training.reader import train
from rag.training.scoring import auroc, token_f1

SHARE, STEPS = 0.2, 800
VARIANTS: dict[str, Mapping[str, Any]] = {
    "whole": {},
    "another-seed": {"seed": 8},
    "only-licensed": {"wiki": 0, "forum": 0, "reviews": 0},
    "no-mined": {"mined": 0.0},
    "no-made": {"dropped": 0.0, "swapped": 0.0, "renamed": 0.0, "retyped": 0.0, "reversed": 0.0, "settled": 0.0},
    "no-adversarial": {"squad_repeats": 0},
    "no-qamr": {"qamr": 0},
}
"""What each variant changes in the recipe. "only-licensed" leaves out the files that state no licence."""
SEARCHED = 300
"""Questions of each file that are read over other passages as well."""

Scored = tuple[float, bool]


def main(data: Path, out: Path, names: Sequence[str]) -> None:
    """Train what is missing; print one line for the weights in the package and for each variant."""
    print(f"{'shipped':16} {measured(data, BUNDLED_WEIGHTS)}", flush=True)
    for name in names:
        folder = out / name
        if not (folder / "reader" / "model.onnx").is_file():
            recipe = replace(Recipe(share=SHARE, together=0.0), **VARIANTS[name])
            recipe = replace(recipe, epochs=STEPS * recipe.batch / len(mixture(data, recipe)))
            train(data, folder, recipe)
            export(folder, folder / "reader")
        print(f"{name:16} {measured(data, folder / 'reader')}", flush=True)


def measured(data: Path, weights: Path) -> str:
    """The figures of one folder of weights, in words."""
    model = SpanModel.load(weights)
    read = [(e, *_best(model, e.question, [(e.readable_title, e.context)])) for e in _examples(data, "squad2_dev_part")]
    f1 = np.mean([token_f1(said, [a.text for a in e.answers]) for e, _, said, _ in read if e.answers])
    spans = _area([(best.score, bool(e.answers)) for e, best, _, _ in read])
    judgements = _area([(best.judged, bool(e.answers)) for e, best, _, _ in read])
    line = f"F1 {f1:.3f}, AUROC {spans:.3f}, of the judgement {judgements:.3f}"
    for name in ("squad2_dev_part", "nq_open_gold"):
        right, scores = _searched(data, name, model)
        line += f"; {name}: right passage {right:.3f}, AUROC there against removed {_area(scores):.3f}"
    return line


def _searched(data: Path, name: str, model: SpanModel) -> tuple[float, list[Scored]]:
    """How often the best span stands in the own passage among those found, and the scores with and without it."""
    examples = _examples(data, name)
    answerable, right, scores = [example for example in examples if example.answers], [], []
    with searched(examples, RememberingEncoder(load_encoder())) as texts:
        for example in random.Random(SEED).sample(answerable, min(SEARCHED, len(answerable))):
            found, gold = texts.passages(example), texts.gold(example)
            others = [passage for passage in found if passage not in gold]
            with_own, without = found[:TOP_K], others[:TOP_K]
            if not without:
                continue
            best, _, passage = _best(model, example.question, [(p.title, p.text) for p in with_own])
            right.append(with_own[passage] in gold)
            removed, *_ = _best(model, example.question, [(p.title, p.text) for p in without])
            scores += [(best.score, True), (removed.score, False)]
    return float(np.mean(right)), scores


def _examples(data: Path, name: str) -> list[Example]:
    found = read_examples(data / f"{name}.jsonl.gz")
    return [example for example in found if part_of(name, example.title) == "calibrate"]


def _best(model: SpanModel, question: str, passages: Sequence[tuple[str, str]]) -> tuple[ScoredSpan, str, int]:
    """The best span, its words, and the number of its passage; passages are (title, text)."""
    best = model.read(question, passages, 1)[0]
    return best, passages[best.passage][1][best.start : best.end], best.passage


def _area(scored: Sequence[Scored]) -> float:
    return auroc([score for score, _ in scored], [there for _, there in scored])


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m rag.training.ablation")
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("variants", nargs="*", default=list(VARIANTS), metavar="VARIANT", help=", ".join(VARIANTS))
    given = parser.parse_args()
    if unknown := set(given.variants) - set(VARIANTS):
        parser.error(f"no variant is called {min(unknown)}: choose from {', '.join(VARIANTS)}")
    with errors_in_one_line():
        main(given.data, given.out, given.variants)
