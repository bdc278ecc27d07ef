"""Fits how the trained reader chooses and how sure it is: `python -m rag.training.calibrate DATA WEIGHTS`.

On the calibrate titles of squad2_dev_part and half of the held-out titles of nq_open_gold, each question over its
own passage among others that BM25 finds for it, and without its own. Writes `calibration.json`; prints the
figures on the test titles and the other half, and writes them into the model card.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from rag.encoding import RememberingEncoder, load_encoder
from rag.lexical import LexicalIndex
from rag.questions import Question, analyse
from rag.schema import Document
from rag.similarity import SimilarityPicker
from rag.spans import SpanModel
from rag.splitting import split
from rag.trained import Calibration, Reading, confidence_features, read_sentences
from rag.training.card import add_to_card
from rag.training.data import Example, Part, held_out, read_examples, titles
from rag.training.fitting import balance, fit_choice, fit_confidence
from rag.training.scoring import auroc, token_f1

SEED, OTHERS = 13, 6


@dataclass(frozen=True)
class Item:
    """A question read over some passages: `right` marks the sentences that hold an accepted answer."""

    question: Question
    reading: Reading
    right: np.ndarray
    accepted: tuple[str, ...]


def main(data: Path, weights: Path, limit: int) -> None:
    """Fit on the calibration part, write, and report on the test part; at most `limit` questions of each file."""
    similarity = SimilarityPicker(RememberingEncoder(load_encoder()))
    model = SpanModel.load(weights)
    fitting = list(items(data, "calibrate", limit, model, similarity))
    choosing = fit_choice([(item.reading.features, item.right) for item in fitting if item.right.any()], 0.002)
    rows, right = outcomes(fitting, choosing)
    fitted = fit_confidence(rows, right, _balance(fitting), 0.001)
    calibration = Calibration(
        choosing=tuple(round(float(w), 4) for w in choosing),
        confidence=tuple(round(float(w), 4) for w in fitted[:-1]),
        bias=round(float(fitted[-1]), 4),
    )
    (weights / "calibration.json").write_text(calibration.model_dump_json(indent=1) + "\n", encoding="utf-8")
    print(calibration)
    tested = list(items(data, "test", limit, model, similarity))
    add_to_card(weights, {"calibrated by": {"limit": limit}, "figures": report(tested, calibration)})


def items(data: Path, part: Part, limit: int, model: SpanModel, similarity: SimilarityPicker) -> Iterable[Item]:
    """The questions of a part of squad2_dev_part and of nq_open_gold, with and without their passage."""
    squad = [e for e in read_examples(data / "squad2_dev_part.jsonl.gz") if e.title in titles(part)]
    natural = [e for e in read_examples(data / "nq_open_gold.jsonl.gz") if held_out(e.title)]
    natural = [e for e in natural if (_half(e.title) == 0) == (part == "calibrate")]
    for examples in (squad, natural):
        contexts = sorted({example.context for example in examples})
        index = LexicalIndex(contexts)
        chance = random.Random(SEED)
        for example in chance.sample(examples, min(limit, len(examples))):
            others = _others(example, contexts, index, chance)
            yield _item(example, [example.context, *others], model, similarity)
            if example.answers:
                yield _item(example.model_copy(update={"answers": ()}), others, model, similarity)


def _half(title: str) -> int:
    return hashlib.sha256(f"half {title}".encode()).digest()[0] % 2


def _others(example: Example, contexts: Sequence[str], index: LexicalIndex, chance: random.Random) -> list[str]:
    """OTHERS contexts that BM25 finds for the question and that do not hold an accepted answer."""
    scores = index.scores(example.question)
    ranked = [contexts[i] for i in np.argsort(-scores, kind="stable")[: 3 * OTHERS]]
    accepted = [answer.text.lower() for answer in example.answers]
    found = [c for c in ranked if c != example.context and not any(a in c.lower() for a in accepted)]
    return chance.sample(found, min(OTHERS, len(found)))


def _item(example: Example, contexts: Sequence[str], model: SpanModel, similarity: SimilarityPicker) -> Item:
    title = example.title.replace("_", " ")
    documents = {d.id: d for d in (Document(title=title, text=context) for context in contexts)}
    passages = [passage for document in documents.values() for passage in split(document, 700)]
    question = analyse(example.question)
    reading = read_sentences(question, passages, documents, model, similarity)
    right = np.array(
        [
            c.document.text == example.context
            and any(c.sentence.start <= a.start < c.sentence.end for a in example.answers)
            for c in reading.candidates
        ]
    )
    return Item(question, reading, right, tuple(answer.text for answer in example.answers))


def outcomes(found: Sequence[Item], choosing: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The confidence features of the sentence chosen, and whether sentence and short answer are right."""
    rows, right = [], []
    for item in found:
        scores = item.reading.features @ choosing
        best = int(scores.argmax())
        rows.append(confidence_features(item.question, item.reading, scores, best))
        right.append(bool(item.right[best]) and token_f1(_short(item, best), item.accepted) >= 0.5)
    return np.array(rows), np.array(right)


def _short(item: Item, chosen: int) -> str:
    span, candidate = item.reading.spans[chosen], item.reading.candidates[chosen]
    return candidate.document.text[span.start : span.end] if span else ""


def _balance(found: Sequence[Item]) -> np.ndarray:
    return balance(np.array([bool(item.right.any()) for item in found]))


def report(found: Sequence[Item], calibration: Calibration) -> dict[str, object]:
    """Print and return the figures on titles never seen, weighted as the fit was."""
    rows, right = outcomes(found, np.array(calibration.choosing))
    confidence = 1 / (1 + np.exp(-(rows @ np.array(calibration.confidence) + calibration.bias)))
    weights = _balance(found)
    answerable = np.array([bool(item.right.any()) for item in found])
    bins = np.minimum((confidence * 10).astype(int), 9)
    gaps = [
        weights[bins == b].sum() * abs(np.average((confidence - right)[bins == b], weights=weights[bins == b]))
        for b in set(bins)
    ]
    figures = {
        "of": "the test titles of squad2_dev_part and half of the held-out titles of nq_open_gold; each question over "
        f"{OTHERS} passages that BM25 finds, with its own among them and without",
        "questions": len(found),
        "answerable": int(answerable.sum()),
        "answerable, right sentence and short answer": round(float(right[answerable].mean()), 3),
        "AUROC of answerable": round(auroc(confidence, answerable), 3),
        "expected calibration error": round(float(sum(gaps) / weights.sum()), 3),
        "risk and coverage": [_at(bound, confidence, right, weights) for bound in np.arange(0.1, 0.95, 0.05)],
    }
    print(json.dumps(figures, indent=1))
    return figures


def _at(bound: float, confidence: np.ndarray, right: np.ndarray, weights: np.ndarray) -> dict[str, float | None]:
    """The share answered with at least this confidence, and the share of those that is wrong."""
    kept = confidence >= bound
    risk = round(float(np.average(~right[kept], weights=weights[kept])), 3) if kept.any() else None
    coverage = round(float(weights[kept].sum() / weights.sum()), 3)
    return {"confidence": round(float(bound), 2), "coverage": coverage, "risk": risk}


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m rag.training.calibrate")
    parser.add_argument("data", type=Path)
    parser.add_argument("weights", type=Path)
    parser.add_argument("--limit", type=int, default=400, help="questions of each file and part (default: 400)")
    given = parser.parse_args()
    main(given.data, given.weights, given.limit)
