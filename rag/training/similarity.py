"""Fits the weights of the similarity picker: `python -m rag.training.similarity DATA_FOLDER`.

Sentence weights: a conditional logit over the sentences of the gold passage and of other passages of its
title. Confidence weights: a logistic regression on whether the best sentence holds the answer, weighted so that
ANSWERABLE of the questions have one (whether the short answer is right as well is too much to tell from
similarity; its share is printed). Sentences are fitted on the train titles of squad2_dev_part and a sample of
two other files, confidence on its calibrate titles; the figures printed are of the test titles.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rag.encoding import RememberingEncoder, load_encoder
from rag.questions import Question, analyse
from rag.reading.similarity import Candidate, SimilarityPicker, answering, confidence_features
from rag.schema import Document, Passage
from rag.training.asked import passages_of
from rag.training.command import errors_in_one_line
from rag.training.data import Example, read_examples, titles
from rag.training.fitting import any_right, balance, fit_choice, fit_confidence
from rag.training.scoring import auroc, token_f1

SEED = 13
OTHERS = 5
"""Passages beside the gold one, of the same title: what a reader sees in use."""


@dataclass(frozen=True)
class Item:
    """A question with the features of all its candidates and which of them hold the answer."""

    question: Question
    candidates: tuple[Candidate, ...]
    features: np.ndarray
    right: np.ndarray
    accepted: tuple[str, ...]


def main(folder: Path) -> None:
    """Fit, print the constants to paste into `rag/reading/similarity.py`, and the figures on titles never seen."""
    squad = list(read_examples(folder / "squad2_dev_part.jsonl.gz"))
    sampled = [
        example
        for name in ("nq_open_gold", "squadshifts_new_wiki")
        for example in random.Random(SEED).sample(list(read_examples(folder / f"{name}.jsonl.gz")), 700)
    ]
    picker = SimilarityPicker(RememberingEncoder(load_encoder()))
    train = [e for e in squad if e.title in titles("train") and e.answers] + sampled
    weights = fit_choice([(i.features, i.right) for i in _items(train, sampled + squad, picker) if i.right.any()], 0.01)
    print("SENTENCE_WEIGHTS =", tuple(round(float(weight), 2) for weight in weights))
    calibrate = list(_items([e for e in squad if e.title in titles("calibrate")], squad, picker))
    rows, right = _outcomes(calibrate, weights)
    fitted = fit_confidence(rows, right, balance(any_right(item.right for item in calibrate)), 0.002)
    print("CONFIDENCE_WEIGHTS =", tuple(round(float(weight), 2) for weight in fitted[:-1]))
    print("CONFIDENCE_BIAS =", round(float(fitted[-1]), 2))
    test = list(_items([e for e in squad if e.title in titles("test")], squad, picker))
    _report(test, weights, fitted)


def _items(examples: Iterable[Example], pool: Sequence[Example], picker: SimilarityPicker) -> Iterable[Item]:
    """Each question over its own passage and OTHERS of its title; then every answerable one without its own."""
    chance = random.Random(SEED)
    contexts: dict[str, list[str]] = {}
    for example in pool:
        contexts.setdefault(example.title, [])
        if example.context not in contexts[example.title]:
            contexts[example.title].append(example.context)
    for example in examples:
        others = [context for context in contexts[example.title] if context != example.context]
        others = chance.sample(others, min(OTHERS, len(others)))
        yield _item(example, [example.context, *others], picker)
        if example.answers and others:
            yield _item(example.model_copy(update={"answers": ()}), others, picker)


def _item(example: Example, contexts: Sequence[str], picker: SimilarityPicker) -> Item:
    texts = [Document(title=example.readable_title, text=context) for context in contexts]
    documents = {document.id: document for document in texts}
    passages: list[Passage] = [passage for document in documents.values() for passage in passages_of(document)]
    question = analyse(example.question)
    candidates = answering(question, passages, documents)
    right = np.array(
        [
            candidate.document.text == example.context
            and any(candidate.sentence.start <= a.start < candidate.sentence.end for a in example.answers)
            for candidate in candidates
        ]
    )
    accepted = tuple(answer.text for answer in example.answers)
    return Item(question, candidates, picker.features(question, candidates), right, accepted)


def _outcomes(items: Sequence[Item], weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The confidence features of each best sentence, and whether it is right."""
    rows, right = [], []
    for item in items:
        scores = item.features @ weights
        best = int(scores.argmax())
        rows.append(confidence_features(item.features, scores, best))
        right.append(bool(item.right[best]))
    return np.array(rows), np.array(right)


def _short_is_right(item: Item, weights: np.ndarray) -> bool:
    pick = item.candidates[int((item.features @ weights).argmax())].as_pick(item.question, 0.0)
    short = ", ".join(pick.document.text[span.start : span.end] for span in pick.short)
    return token_f1(short, item.accepted) >= 0.5


def _report(items: Sequence[Item], weights: np.ndarray, fitted: np.ndarray) -> None:
    rows, right = _outcomes(items, weights)
    confidence = 1 / (1 + np.exp(-(np.column_stack([rows, np.ones(len(rows))]) @ fitted)))
    answerable = any_right(item.right for item in items)
    short = np.array([_short_is_right(item, weights) for item in items])
    similar = np.array([bool(item.right[item.features[:, 0].argmax()]) for item in items])
    weight = balance(answerable)
    print(f"test titles: {len(items)} questions, {answerable.sum()} answerable")
    print(f"right sentence {right[answerable].mean():.3f}, most similar one {similar[answerable].mean():.3f}")
    print(f"short answer right too {(right & short)[answerable].mean():.3f}, AUROC {auroc(confidence, right):.3f}")
    for bound in np.arange(0.1, 0.8, 0.05):
        kept = confidence >= bound
        if kept.any():
            risk = np.average(~right[kept], weights=weight[kept])
            print(f"  confidence >= {bound:.2f}: coverage {weight[kept].sum() / weight.sum():.3f}, risk {risk:.3f}")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m rag.training.similarity")
    parser.add_argument("data", type=Path)
    given = parser.parse_args()
    with errors_in_one_line():
        main(given.data)
