"""Fits how the trained reader chooses and how sure it is: `python -m rag.training.calibrate DATA WEIGHTS`.

On the calibrate titles of squad2_dev_part and half of the held-out titles of nq_open_gold, each question over the
passages that the pipeline finds for it, with its own and without; some are worded as people write, some turned
into yes/no questions that the passage settles or does not. And on the questions that were written for this project to
calibrate, each asked of its own text and of all of them. Writes `calibration.json`; prints the figures on the test
titles and the other half, and on the written questions kept apart to test, and writes them into the model card.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from rag.encoding import Encoder, RememberingEncoder, load_encoder
from rag.pipeline import Pipeline
from rag.questions import Asks, Question, analyse
from rag.reading.similarity import SimilarityPicker
from rag.reading.trained import Calibration, Reading, confidence_features, read_sentences
from rag.schema import Document, Passage, Polarity, Span
from rag.settings import Settings
from rag.spans import SpanModel
from rag.training.asked import IN_WORDS, Query, passages_of, queries
from rag.training.card import add_to_card
from rag.training.command import errors_in_one_line
from rag.training.data import Example, Part, files_in, part_of, read_examples
from rag.training.fitting import any_right, balance, fit_choice, fit_confidence
from rag.training.scoring import auroc, calibration_error, token_f1
from rag.training.variations import settled, unsettled, worded

SEED, DEPTH = 13, 40
"""DEPTH passages are found for a question: enough that TOP_K are left without those that answer elsewhere."""
TOP_K = Settings.model_fields["top_k"].default
CHOICE_PENALTY, CONFIDENCE_PENALTY = 0.3, 0.0001
"""Of the two fits; by five-fold cross-validation on the calibration part."""
WORDED, YES_NO = 0.15, 0.2
"""How many questions are worded otherwise, and how many yes/no questions of either kind are made."""

OF_PUBLIC_DATA = (
    "the test titles of squad2_dev_part and half of the held-out titles of nq_open_gold; each question over the "
    f"{TOP_K} passages that the pipeline finds, with its own and without"
)
OF_ASKED = "the test part of rag/training/asked; each question asked of its own text, and of all texts of the part"
BOUNDS = np.round(np.arange(0.02, 0.98, 0.01), 2)


@dataclass(frozen=True)
class Item:
    """A question read over some passages: `right` marks the sentences that hold an accepted answer."""

    question: Question
    reading: Reading
    right: np.ndarray
    accepted: tuple[str, ...]
    """Empty where the sentence suffices."""
    polarity: Polarity | None = None
    """Of a yes/no question."""

    def is_right(self, chosen: int) -> bool:
        """Whether that sentence answers, and its short answer is right too.

        Of a yes/no question its yes or no, where the rules settle one: else, or where it is not heard as one, the
        sentence is shown without either.
        """
        if not self.right[chosen]:
            return False
        if self.polarity:
            asked = self.question.asks is Asks.YES_NO
            settled = self.reading.polarity(self.question, chosen) if asked else None
            return settled in (None, self.polarity)
        if not self.accepted:
            return True
        span, candidate = self.reading.spans[chosen], self.reading.candidates[chosen]
        short = candidate.document.text[span.start : span.end] if span else ""
        return token_f1(short, self.accepted) >= 0.5


def main(data: Path, weights: Path, limit: int) -> None:
    """Fit on the calibration part, write, and report on the test part; at most `limit` questions of each file."""
    encoder, model = RememberingEncoder(load_encoder()), SpanModel.load(weights)
    fitting = [*items(data, "calibrate", limit, model, encoder), *asked_items("calibrate", model, encoder)]
    choosing = fit_choice([(item.reading.features, item.right) for item in fitting if item.right.any()], CHOICE_PENALTY)
    rows, right = outcomes(fitting, choosing)
    fitted = fit_confidence(rows, right, balance(any_right(item.right for item in fitting)), CONFIDENCE_PENALTY)
    calibration = Calibration(
        choosing=tuple(round(float(w), 4) for w in choosing),
        confidence=tuple(round(float(w), 4) for w in fitted[:-1]),
        bias=round(float(fitted[-1]), 4),
    )
    (weights / "calibration.json").write_text(calibration.model_dump_json(indent=1) + "\n", encoding="utf-8")
    print(calibration)
    figures: dict[str, object] = {"calibrated by": {"limit": limit}}
    if tested := list(items(data, "test", limit, model, encoder)):
        figures["figures"] = {"of": OF_PUBLIC_DATA} | report(tested, calibration)
    tested = list(asked_items("test", model, encoder))
    figures["figures, questions as asked"] = {"of": OF_ASKED} | report(tested, calibration)
    add_to_card(weights, figures)


def items(data: Path, part: Part, limit: int, model: SpanModel, encoder: Encoder) -> Iterator[Item]:
    """The questions of a part of squad2_dev_part and of nq_open_gold, with and without their passage.

    They are searched for among the passages of that part and of the training titles: the other part stays unseen.
    A file that the folder lacks is left out, with a line that says so.
    """
    similarity, files = SimilarityPicker(encoder), files_in(data)
    for name in ("squad2_dev_part", "nq_open_gold"):
        if name not in files:
            print(f"{data} lacks {name}: the {part} part goes without")
            continue
        found = [e for e in read_examples(files[name]) if part_of(name, e.title) in (part, "train")]
        examples = [e for e in found if part_of(name, e.title) == part]
        chance = random.Random(SEED)
        with searched(found, encoder) as texts:
            for example in _asked(chance.sample(examples, min(limit, len(examples))), chance):
                passages = texts.passages(example)
                kinds = (passages, [p for p in passages if p not in texts.gold(example)])
                for read in kinds if example.answers else kinds[:1]:
                    if read:
                        yield _item(example, read[:TOP_K], texts, model, similarity)


def asked_items(part: Part, model: SpanModel, encoder: Encoder) -> Iterator[Item]:
    """The written questions of a part, each asked of its own text and of all of them, with what the pipeline finds."""
    similarity, found = SimilarityPicker(encoder), queries(part)
    texts = list(dict.fromkeys(query.document for query in found))
    settings = Settings(reader="similarity")
    with (
        TemporaryDirectory(prefix="rag-calibrate-") as folder,
        Pipeline.build(texts, folder, settings, encoder=encoder) as pipeline,
    ):
        for query in found:
            for scope in ([query.document.id], None):
                passages = [scored.passage for scored in pipeline.retrieve(query.asked.question, documents=scope)]
                yield _asked_item(query, passages, texts, model, similarity)


def _asked_item(
    query: Query, passages: Sequence[Passage], texts: Sequence[Document], model: SpanModel, similarity: SimilarityPicker
) -> Item:
    question = analyse(query.asked.question)
    reading = read_sentences(question, passages, {text.id: text for text in texts}, model, similarity)
    right = _holding(query.evidence, query.document, reading)
    accepted = () if query.asked.kind in IN_WORDS else query.asked.answers
    return Item(question, reading, right, accepted, query.asked.polarity)


def _holding(spans: Sequence[Span], document: Document, reading: Reading) -> np.ndarray:
    """Which of the sentences read hold some of these spans of the document."""
    held = (c.document.id == document.id and any(map(c.sentence.overlaps, spans)) for c in reading.candidates)
    return np.fromiter(held, dtype=bool)


@contextmanager
def searched(examples: Sequence[Example], encoder: Encoder) -> Iterator[Texts]:
    """All contexts of the examples, indexed; the passages of each title are one document."""
    with TemporaryDirectory(prefix="rag-calibrate-") as folder:
        places = _places(examples)
        documents = dict.fromkeys(document for document, _ in places.values())
        with Pipeline.build(documents, folder, Settings(reader="similarity"), encoder=encoder) as pipeline:
            yield Texts(places, pipeline)


def _places(examples: Sequence[Example]) -> dict[str, tuple[Document, int]]:
    """The document of each context, and where in it the context begins."""
    by_title: dict[str, list[str]] = {}
    for title, context in sorted({(example.title, example.context) for example in examples}):
        by_title.setdefault(title, []).append(context)
    places: dict[str, tuple[Document, int]] = {}
    for title, contexts in by_title.items():
        document = Document(title=title.replace("_", " "), text="\n\n".join(contexts))
        offset = 0
        for context in contexts:
            places[context] = document, offset
            offset += len(context) + 2
    return places


@dataclass(frozen=True)
class Texts:
    """The contexts as they are met in use: in documents, found by the pipeline's own search."""

    places: Mapping[str, tuple[Document, int]]
    """The document of each context, and where in it the context begins."""
    pipeline: Pipeline

    def passages(self, example: Example) -> list[Passage]:
        """What is found for the question, best first, less what holds an accepted answer elsewhere."""
        accepted = [answer.text.lower() for answer in example.answers]
        found = [scored.passage for scored in self.pipeline.retrieve(example.question, DEPTH)]
        gold = self.gold(example)
        return [p for p in found if p in gold or not any(answer in p.text.lower() for answer in accepted)]

    def gold(self, example: Example) -> list[Passage]:
        """The passages that hold some of the example's own context."""
        document, start = self.places[example.context]
        end = start + len(example.context)
        return [passage for passage in passages_of(document) if passage.start < end and passage.end > start]


def _asked(examples: Sequence[Example], chance: random.Random) -> list[Example]:
    """The questions as they are used: some worded otherwise, and yes/no questions made of some."""
    answerable = [example for example in examples if example.answers]
    share = int(YES_NO * len(answerable))
    chance.shuffle(answerable)
    return [
        *(
            e.model_copy(update={"question": worded(e.question, chance)}) if chance.random() < WORDED else e
            for e in examples
        ),
        *settled(answerable, chance)[:share],
        *unsettled(answerable, chance)[:share],
    ]


def _item(
    example: Example, passages: Sequence[Passage], texts: Texts, model: SpanModel, similarity: SimilarityPicker
) -> Item:
    documents = {document.id: document for document, _ in texts.places.values()}
    question = analyse(example.question)
    reading = read_sentences(question, passages, documents, model, similarity)
    home, offset = texts.places[example.context]
    begin = [offset + answer.start for answer in example.answers]
    right = _holding([Span(start=place, end=place + 1) for place in begin], home, reading)
    accepted = tuple(answer.text for answer in example.answers)
    return Item(question, reading, right, accepted, "yes" if question.asks is Asks.YES_NO else None)


def outcomes(found: Sequence[Item], choosing: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The confidence features of the sentence chosen, and whether sentence and short answer are right."""
    rows, right = [], []
    for item in found:
        scores = item.reading.features @ choosing
        best = int(scores.argmax())
        rows.append(confidence_features(item.question, item.reading, scores, best))
        right.append(item.is_right(best))
    return np.array(rows), np.array(right)


def report(found: Sequence[Item], calibration: Calibration) -> dict[str, object]:
    """Print and return the figures on titles never seen, weighted as the fit was."""
    rows, right = outcomes(found, np.array(calibration.choosing))
    confidence = 1 / (1 + np.exp(-(rows @ np.array(calibration.confidence) + calibration.bias)))
    answerable = any_right(item.right for item in found)
    weights = balance(answerable)
    figures = {
        "questions": len(found),
        "answerable": int(answerable.sum()),
        "answerable, right sentence and short answer": round(float(right[answerable].mean()), 3),
        "AUROC of answerable": round(auroc(confidence, answerable), 3),
        "expected calibration error": round(calibration_error(confidence, right, weights), 3),
        "bound where as many right answers are withheld as questions without one are answered": _equal_error(
            confidence, right, answerable
        ),
        "risk and coverage": [_at(bound, confidence, right, weights) for bound in np.arange(0.1, 0.95, 0.05)],
    }
    print(json.dumps(figures, indent=1))
    return figures


def _equal_error(confidence: np.ndarray, right: np.ndarray, answerable: np.ndarray) -> dict[str, float]:
    """The bound, and what it gives: shares of right answers withheld, and of the unanswerable answered."""
    withheld = [float((confidence[right] < bound).mean()) for bound in BOUNDS]
    false = [float((confidence[~answerable] >= bound).mean()) for bound in BOUNDS]
    i = int(np.argmin(np.abs(np.array(withheld) - np.array(false))))
    found = {"confidence": BOUNDS[i], "right answers withheld": withheld[i], "unanswerable answered": false[i]}
    return {name: round(float(value), 3) for name, value in found.items()}


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
    parser.add_argument("--limit", type=int, default=10_000, help="questions of each file and part (default: all)")
    given = parser.parse_args()
    with errors_in_one_line():
        main(given.data, given.weights, given.limit)
