"""Stand-ins for the slow parts, a few lines each."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from rag.encoding import Progress, Vectors
from rag.entailing import Judged
from rag.lexical import stems
from rag.questions import Question
from rag.reading.similarity import Pick
from rag.schema import Answer, Document, Passage, Span

DIMENSION = 64


class FakeEncoder:
    """A hashed bag of stems as a unit vector: texts that share words are near each other. Remembers what it encoded."""

    def __init__(self, fingerprint: str = "fake@1") -> None:
        self.fingerprint = fingerprint
        self.calls = 0
        self.encoded: list[str] = []

    def encode(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        self.calls += 1
        self.encoded += texts
        vectors = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        for row, text in enumerate(texts):
            for stem in stems(text) or [""]:
                vectors[row, int(hashlib.sha256(stem.encode()).hexdigest(), 16) % DIMENSION] += 1
            if progress:
                progress(row + 1, len(texts))
        return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


class FakePicker:
    """Always picks the same stretches of the first passage's document, and is sure of them."""

    name = "fake"

    def __init__(self, sentence: tuple[int, int], short: tuple[int, int] | None = None) -> None:
        self._sentence = Span(start=sentence[0], end=sentence[1])
        self._short = (Span(start=short[0], end=short[1]),) if short else ()

    def pick(self, question: Question, passages: Sequence[Passage], documents: Mapping[str, Document]) -> list[Pick]:
        return [Pick(documents[passages[0].document_id], self._sentence, self._short, 1.0)]

    def vectors(self, texts: Sequence[str]) -> Vectors:
        return FakeEncoder().encode(texts)

    def entailment(self, statement: str, passage: str) -> float:
        return float(set(stems(statement)) <= set(stems(passage)))

    def judge(self, claim: str, sources: str) -> Judged | None:
        return None


def altered(answer: Answer, alter: Callable[..., object], *others: Answer) -> Answer:
    """The Answer after `alter` has had its JSON, and that of other Answers, in its hands."""
    value: dict[str, Any] = answer.model_dump(mode="json")
    alter(value, *(other.model_dump(mode="json") for other in others))
    return Answer.model_validate(value)


TEA = Document(title="Tea", text="Tea is green. Maria Lopes brought it to Lisbon in 1921. It costs 3 euros a pound.")
MILK = Document(title="Milk", text="Milk is white. It comes from cows on the farms of Denmark.")
COFFEE = Document(title="Coffee", text="Coffee is black. It comes from the hills of Ethiopia.")
