"""What checkpoints are worth, before they are exported: `python -m rag.training.measure DATA WEIGHTS [WEIGHTS ...]`.

A line for each, and one for the mean of their scores where there are several; on the calibration titles (the passage
alone, then beside five that look right to BM25) and on the written questions that calibrate, over their own text.
Quicker than `ablation`, which asks the pipeline what it finds.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer
from torch import Tensor

from rag.spans import LONGEST_ANSWER, WINDOW
from rag.training.asked import IN_WORDS, Query, examples, queries
from rag.training.command import errors_in_one_line
from rag.training.data import Example, files_in, part_of, read_examples
from rag.training.mixture import Recipe
from rag.training.model import SpanModel, fastest
from rag.training.negatives import Others
from rag.training.rows import Row, tensors, tokenise
from rag.training.scoring import auroc, token_f1
from rag.training.streams import plain_tokenizer

AS_IT_IS = replace(Recipe(), worded=0.0, titled=1.0, window=WINDOW)
SAMPLED, OTHERS, BATCH, SEED = 400, 5, 64, 3
"""Questions of each file read beside others; so many others; rows read at once."""


@dataclass(frozen=True)
class Best:
    """The best span of one passage: its score over "none", its words, and its characters [start, end)."""

    score: float
    words: str
    start: int
    end: int


def figures(models: Sequence[SpanModel], data: Path) -> str:
    """The figures of the mean of these readers, in words."""
    reader = _Reader(models)
    files = files_in(data)
    line = []
    for name in ("squad2_dev_part", "nq_open_gold"):
        if name in files:
            everything = list(read_examples(files[name]))
            kept = [example for example in everything if part_of(name, example.title) == "calibrate"]
            if {bool(example.answers) for example in kept} == {True, False}:
                line.append(_alone(reader, kept))
            others = [example for example in everything if part_of(name, example.title) != "test"]
            line += [f"{name}: {found}" for found in _beside_others(reader, kept, others)]
    line.append(f"asked: {_asked(reader, queries('calibrate'))}")
    return "; ".join(line)


def _alone(reader: _Reader, found: Sequence[Example]) -> str:
    best = reader.best(found)
    answerable = [(b, e) for b, e in zip(best, found, strict=True) if e.answers]
    f1 = np.mean([token_f1(b.words, [answer.text for answer in e.answers]) for b, e in answerable])
    area = auroc([b.score for b in best], [bool(e.answers) for e in found])
    return f"F1 {f1:.3f}, AUROC {area:.3f}"


def _beside_others(reader: _Reader, kept: Sequence[Example], pool: Sequence[Example]) -> list[str]:
    """None where no question has another passage that looks right."""
    looked_up, answerable = Others(pool), [example for example in kept if example.answers]
    chosen = random.Random(SEED).sample(answerable, min(SAMPLED, len(answerable)))
    beside = {example: looked_up.of(example)[:OTHERS] for example in chosen}
    chosen = [example for example in chosen if beside[example]]
    if not chosen:
        return []
    own = [best.score for best in reader.best(chosen)]
    flat = iter(reader.best([other for example in chosen for other in beside[example]]))
    without = [max(next(flat).score for _ in beside[example]) for example in chosen]
    right = np.mean([mine > other for mine, other in zip(own, without, strict=True)])
    there = [max(pair) for pair in zip(own, without, strict=True)]
    area = auroc([*there, *without], [True] * len(there) + [False] * len(without))
    return [f"right passage {right:.3f}, AUROC there against removed {area:.3f}"]


def _asked(reader: _Reader, found: Sequence[Query]) -> str:
    """Here a yes/no question is right by its sentence: yes or no is for the pipeline's rules."""
    read = [examples(query) for query in found]
    flat = iter(reader.best([example for passages in read for example in passages]))
    sentence, right, scores = [], [], []
    for query, passages in zip(found, read, strict=True):
        best, passage = max(((next(flat), passage) for passage in passages), key=lambda pair: pair[0].score)
        told = any(best.start < end and start < best.end for start, end in _evidence(query, passage))
        accepted = query.asked.kind in IN_WORDS or query.asked.kind == "yes_no"
        sentence.append(told)
        right.append(told and (accepted or token_f1(best.words, query.asked.answers) >= 0.5))
        scores.append(best.score)
    answerable, told_right = np.array([query.asked.answerable for query in found]), np.array(right)
    counted = told_right | ~answerable
    return (
        f"sentence {np.array(sentence)[answerable].mean():.3f}, right {told_right[answerable].mean():.3f}, "
        f"AUROC of right {auroc(np.array(scores)[counted], answerable[counted]):.3f}, "
        f"of answerable {auroc(scores, answerable):.3f}"
    )


def _evidence(query: Query, passage: Example) -> list[tuple[int, int]]:
    """Where in the passage the sentences stand that say the answer, as characters."""
    words = [query.document.text[span.start : span.end] for span in query.evidence]
    return [(start, start + len(w)) for w in words if (start := passage.context.find(w)) >= 0]


class _Reader:
    """Several models as one: the mean of their scores."""

    def __init__(self, models: Sequence[SpanModel]) -> None:
        self._models = models
        self._tokenizer: Tokenizer = plain_tokenizer()

    def best(self, found: Sequence[Example]) -> list[Best]:
        """The best span of each passage for its question."""
        chance = random.Random(SEED)
        rows = [tokenise(example, self._tokenizer, chance, AS_IT_IS) for example in found]
        order = sorted(range(len(rows)), key=lambda number: len(rows[number].ids))
        best: dict[int, Best] = {}
        for first in range(0, len(order), BATCH):
            part = order[first : first + BATCH]
            for number, score, start, end in zip(part, *self._spans([rows[n] for n in part]), strict=True):
                best[number] = self._best(found[number], rows[number], score, start, end)
        return [best[number] for number in range(len(rows))]

    def _spans(self, rows: Sequence[Row]) -> tuple[list[float], list[int], list[int]]:
        """The score of each row's best span, and its first and last token."""
        device = self._models[0].device
        ids, attention, segments, allowed = (tensor.to(device) for tensor in tensors([(row,) for row in rows]))
        with torch.no_grad():
            logits = torch.stack([model(ids, attention, segments) for model in self._models]).mean(dim=0)
        inside = allowed.clone()
        inside[:, 0] = False
        start, end = ((logits[..., k] - logits[:, :1, k]).masked_fill(~inside, -1e4) for k in (0, 1))
        length = ids.shape[1]
        short: Tensor = torch.ones(length, length, dtype=torch.bool, device=device)
        short = short.triu() & ~short.triu(LONGEST_ANSWER)
        scores = (start[:, :, None] + end[:, None, :]).masked_fill(~short, -1e9).flatten(1)
        best, place = scores.max(dim=1)
        return best.tolist(), (place // length).tolist(), (place % length).tolist()

    def _best(self, example: Example, row: Row, score: float, start: int, end: int) -> Best:
        offsets = self._tokenizer.encode(example.context, add_special_tokens=False).offsets
        cut = len(offsets) + row.passage_from + 1 - len(row.ids)  # 0 but for a passage longer than the window
        if cut:
            return Best(score, self._tokenizer.decode(row.ids[start : end + 1].tolist()), 0, 0)
        first, last = offsets[start - row.passage_from][0], offsets[end - row.passage_from][1]
        return Best(score, example.context[first:last], first, last)


def main(data: Path, weights: Sequence[Path]) -> None:
    """Print a line for each folder of weights, and one for all together."""
    device, attention = fastest()
    models = [SpanModel.trained(folder, attention).to(device).eval() for folder in weights]
    for folder, model in zip(weights, models, strict=True):
        print(f"{folder}: {figures([model], data)}", flush=True)
    if len(models) > 1:
        print(f"the mean of {len(models)}: {figures(models, data)}", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m rag.training.measure")
    parser.add_argument("data", type=Path)
    parser.add_argument("weights", type=Path, nargs="+", help="folders of checkpoints or of exported weights")
    given = parser.parse_args()
    with errors_in_one_line():
        main(given.data, given.weights)
