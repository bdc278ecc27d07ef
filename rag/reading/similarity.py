"""The first picker: which sentence answers, by similarity, shared words and the type of the answer.

It needs no training data at run time and stays as the fallback for a trained reader. Its weights are
a logistic regression on public question-answering data; `python -m rag.training.similarity` prints them.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np

from rag.context import before, introduces, leans
from rag.encoding import Encoder, Vectors
from rag.entailing import Judged
from rag.lexical import stems
from rag.questions import Question
from rag.questions.typed import has_type, short_answers
from rag.reading.yesno.named import names_and_numbers
from rag.schema import Document, Passage, Span
from rag.splitting import sentences

FEATURES = ("cosine", "cosine_in_context", "coverage", "coverage_in_context", "typed", "untyped", "names_missing")
SENTENCE_WEIGHTS = (1.98, 1.67, 2.52, 2.59, 0.72, -0.72, -1.09)
CONFIDENCE_FEATURES = (*FEATURES, "score", "lead")
CONFIDENCE_WEIGHTS = (0.64, 0.8, -0.66, -0.33, 0.11, 0.05, -0.46, 0.61, 0.43)
CONFIDENCE_BIAS = -4.17
_QUESTION = re.compile(
    r"(?:Q\d*[:.)] ?|\W*)(?:who|whom|whose|what|which|when|where|why|how|is|are|was|were|do|does|did|has|have|had|can"
    r"|could|will|would|should|may|must)\b[^:]*\?[*_\"'”’)\]]*$",
    re.IGNORECASE,
)
_ABOUT_QUESTIONS = frozenset(stems("ask question"))
_EVEN, _STEEPNESS = 0.55, 12.0
"""The cosine at which a passage is as likely as not to say a statement, and how fast that changes around it; chosen on
`evals/verifier/dev.jsonl`."""


@dataclass(frozen=True)
class Pick:
    """A sentence that may answer: where it stands, the exact short answer in it, and how likely it is right."""

    document: Document
    sentence: Span
    short: tuple[Span, ...]
    confidence: float
    context: Span | None = None
    """The sentence before, where this one leans on it."""
    entailed: bool = False
    """For a yes/no question: whether a trained reader found the statement in the sentence."""

    @property
    def candidate(self) -> Candidate:
        """The sentence with what it is read with."""
        return Candidate(self.document, self.sentence, self.context)


class Picker(Protocol):
    """The seam behind which a reader's judgement stands: which sentence answers, and how surely."""

    name: str

    def pick(self, question: Question, passages: Sequence[Passage], documents: Mapping[str, Document]) -> list[Pick]:
        """The sentences that may answer, best first; empty where there are no passages."""

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of `texts`, shape (len(texts), dimension)."""

    def entailment(self, statement: str, passage: str) -> float:
        """How surely the passage says the statement, in [0, 1]; what a rule can tell is not its matter."""

    def judge(self, claim: str, sources: str) -> Judged | None:
        """Whether the sources say a statement, or settle a yes/no question; None from a picker that cannot tell."""


class SimilarityPicker:
    """Scores every sentence of the passages; may be used from several threads."""

    name = "similarity"

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def pick(self, question: Question, passages: Sequence[Passage], documents: Mapping[str, Document]) -> list[Pick]:
        """The ten best sentences as Picks, best first; empty where there are no passages."""
        candidates = answering(question, passages, documents)
        if not candidates:
            return []
        features = self.features(question, candidates)
        scores = self.scores(features)
        order = sorted(range(len(candidates)), key=lambda i: (-round(float(scores[i]), 6), i))
        picks = []
        for i in order[:10]:
            confidence = _confidence(confidence_features(features, scores, i))
            picks.append(candidates[i].as_pick(question, confidence))
        return picks

    def features(self, question: Question, candidates: Sequence[Candidate]) -> Vectors:
        """One row of FEATURES for each candidate, shape (candidates, features)."""
        query = self.vectors([question.asked])[0]
        alone = self.vectors([candidate.text for candidate in candidates]) @ query
        in_context = self.vectors([candidate.in_context for candidate in candidates]) @ query
        rarity = _rarity(candidates)
        rows = [
            (
                float(alone[i]),
                float(in_context[i]),
                _coverage(question.stems, candidate.text, rarity),
                _coverage(question.stems, candidate.in_context, rarity),
                float(has_type(question, candidate.text) is True),
                float(has_type(question, candidate.text) is False),
                _names_missing(question, candidate),
            )
            for i, candidate in enumerate(candidates)
        ]
        return np.array(rows, dtype=np.float32)

    def scores(self, features: Vectors) -> Vectors:
        """One score for each row of features; higher is likelier to answer."""
        return np.asarray(features @ np.array(SENTENCE_WEIGHTS), dtype=np.float32)

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of `texts`, shape (len(texts), dimension)."""
        return self._encoder.encode(texts)

    def entailment(self, statement: str, passage: str) -> float:
        """How surely the passage says the statement, in [0, 1], by their cosine similarity."""
        said, found = self.vectors([statement, passage])
        return 1 / (1 + math.exp(_STEEPNESS * (_EVEN - float(said @ found))))

    def judge(self, claim: str, sources: str) -> Judged | None:
        """None: similarity finds the matter, and a corrupted statement is of the same."""
        return None


@dataclass(frozen=True)
class Candidate:
    """A sentence with what is needed to judge it."""

    document: Document
    sentence: Span
    previous: Span | None

    @property
    def text(self) -> str:
        """The sentence's own words."""
        return self.document.text[self.sentence.start : self.sentence.end]

    @property
    def around(self) -> str:
        """What the sentence is read with: the title, and the sentence before where this one leans on it."""
        before = self.document.text[self.previous.start : self.previous.end] if self.previous else ""
        return f"{self.document.title}. {before}"

    @property
    def in_context(self) -> str:
        """Title, the sentence before where this one leans on it, and the sentence."""
        start = self.previous.start if self.previous else self.sentence.start
        return f"{self.document.title}. {self.document.text[start : self.sentence.end]}"

    def within(self, span: Span) -> Span:
        """A span of the document as one of the sentence's own words."""
        return Span(start=span.start - self.sentence.start, end=span.end - self.sentence.start)

    def placed(self, span: Span) -> Span:
        """A span of the sentence's own words as one of the document."""
        return Span(start=span.start + self.sentence.start, end=span.end + self.sentence.start)

    def as_pick(self, question: Question, confidence: float) -> Pick:
        """This sentence with its short answer."""
        short = tuple(map(self.placed, short_answers(question, self.text)))
        return Pick(self.document, self.sentence, short, confidence, self.previous)


def sentences_in(passages: Sequence[Passage], documents: Mapping[str, Document]) -> Iterator[Candidate]:
    """Every sentence of the passages once, with the one before it where it leans on that or stands under it."""
    by_document: dict[str, set[Span]] = {}
    for passage in passages:
        by_document.setdefault(passage.document_id, set()).update(passage.sentences)
    for document_id, found in by_document.items():
        document, ordered = documents[document_id], sorted(found, key=lambda span: span.start)
        for sentence in ordered:
            previous = before(all_sentences(document.text), sentence)
            leaning = previous and (
                leans(document.text[sentence.start : sentence.end]) or introduces(document.text, previous, sentence)
            )
            yield Candidate(document, sentence, previous if leaning else None)


def answering(
    question: Question, passages: Sequence[Passage], documents: Mapping[str, Document]
) -> tuple[Candidate, ...]:
    """The sentences that can answer: a question of the text itself only where questions are asked about."""
    found = tuple(sentences_in(passages, documents))
    if _ABOUT_QUESTIONS & set(question.stems):
        return found
    return tuple(candidate for candidate in found if not _QUESTION.match(candidate.text)) or found


def confidence_features(features: Vectors, scores: Vectors, chosen: int) -> list[float]:
    """What the confidence in candidate `chosen` rests on: its features, its score and its lead over the others."""
    others = np.delete(scores, chosen)
    lead = float(scores[chosen] - others.max()) if len(others) else 1.0
    return [*map(float, features[chosen]), float(scores[chosen]), min(lead, 3.0)]


@lru_cache(maxsize=200)
def all_sentences(text: str) -> tuple[Span, ...]:
    """All sentences of a document: what stands before one need not be among the passages retrieved."""
    return tuple(sentences(text))


def _rarity(candidates: Sequence[Candidate]) -> dict[str, float]:
    """Inverse document frequency of each stem over the candidates, in nats."""
    counts: dict[str, int] = {}
    for candidate in candidates:
        for token in set(stems(candidate.text)):
            counts[token] = counts.get(token, 0) + 1
    return {token: math.log(1 + len(candidates) / count) for token, count in counts.items()}


def _coverage(asked: Sequence[str], text: str, rarity: Mapping[str, float]) -> float:
    """The share of the question's stems, weighted by rarity, that stand in the text; in [0, 1]."""
    rarest = max(rarity.values(), default=1.0)
    weights = {token: rarity.get(token, rarest) for token in asked}
    total = sum(weights.values())
    found = set(stems(text))
    return sum(weight for token, weight in weights.items() if token in found) / total if total else 0.0


def _names_missing(question: Question, candidate: Candidate) -> float:
    """The share of the question's names and numbers that the whole document never mentions."""
    wanted = set(names_and_numbers(question.searched))
    if not wanted:
        return 0.0
    document = candidate.document
    return len(wanted - _vocabulary(document.title, document.text)) / len(wanted)


@lru_cache(maxsize=1000)
def _vocabulary(title: str, text: str) -> frozenset[str]:
    return frozenset(stems(f"{title} {text}"))


def _confidence(values: Sequence[float]) -> float:
    logit = CONFIDENCE_BIAS + sum(w * float(v) for w, v in zip(CONFIDENCE_WEIGHTS, values, strict=True))
    return round(1 / (1 + math.exp(-logit)), 4)
