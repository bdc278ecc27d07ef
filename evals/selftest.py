"""The gate tests itself: seven ways to be wrong, each of which must turn it red."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from unittest.mock import patch

from evals.gate import Baseline, Failure, Floors, against_baseline, below_floors, failing_must_pass, hard_zeros
from evals.run import Recording, Suite, record
from rag.grounding import one_line
from rag.index import Index
from rag.schema import Answer, Citation, Document, ScoredPassage
from rag.splitting import sentences

Change = Callable[[Answer, Mapping[str, Document]], Answer]


@dataclass(frozen=True)
class Caught:
    """A mutant and what the gate said to it."""

    name: str
    failures: tuple[Failure, ...]


def checks(recordings: Sequence[Recording], floors: Floors | None, baseline: Baseline | None) -> list[Failure]:
    """All that the gate checks, on recorded answers. No case at all is a failure too."""
    outcomes = [outcome for recording in recordings for outcome in recording.outcomes()]
    if not outcomes:
        return [Failure(check="cases", message="no case was run")]
    failures = hard_zeros(outcomes, [attempt for recording in recordings for attempt in recording.network])
    failures += below_floors(outcomes, floors) if floors else []
    return failures + (against_baseline(outcomes, baseline) if baseline else failing_must_pass(outcomes))


def self_test(recordings: Sequence[Recording], floors: Floors, baseline: Baseline) -> list[Caught]:
    """Every mutant with the failures that it causes; a mutant with none was missed."""
    caught = [Caught("shuffled retrieval", tuple(checks(_shuffled(recordings), floors, baseline)))]
    caught.append(Caught("always answer", tuple(checks([_forced(r) for r in recordings], floors, baseline))))
    for name, change in CHANGES.items():
        mutants = [_changed(recording, change) for recording in recordings]
        caught.append(Caught(name, tuple(checks(mutants, floors, baseline))))
    return caught


def _changed(recording: Recording, change: Change) -> Recording:
    """The recording as if the program had always answered so; the second run agrees."""
    documents = recording.suite.documents_by_id
    answers = {case_id: change(answer, documents) for case_id, answer in recording.answers.items()}
    return Recording(recording.suite, answers, dict(answers), recording.forced)


def _forced(recording: Recording) -> Recording:
    return Recording(recording.suite, dict(recording.forced), dict(recording.forced), recording.forced)


def _shuffled(recordings: Sequence[Recording]) -> list[Recording]:
    """The largest corpus searched by lot; the other recordings as they were."""
    largest = max(recordings, key=lambda recording: recording.suite.pipeline.passage_count)
    with patch("rag.pipeline.retrieve", _by_lot):
        wrong = record(_fresh(largest.suite), twice=False)
    return [wrong if recording is largest else recording for recording in recordings]


def _fresh(suite: Suite) -> Suite:
    return Suite(suite.name, suite.cases, suite.documents, suite.pipeline.configured())


def _by_lot(
    index: Index, encoder: object, query: str, top_k: int, reach: int = 0, document_ids: set[str] | None = None
) -> tuple[ScoredPassage, ...]:
    allowed = [p for p in index.passages if document_ids is None or p.document_id in document_ids]
    chosen = random.Random(query).sample(allowed, min(top_k, len(allowed)))
    return tuple(ScoredPassage(passage=passage, score=0.0, dense=0.0, lexical=0.0) for passage in chosen)


def _off_by_one(answer: Answer, documents: Mapping[str, Document]) -> Answer:
    moved = [c.model_copy(update={"start": c.start + 1, "end": c.end + 1}) for c in answer.citations]
    return answer.model_copy(update={"citations": tuple(moved)})


def _abstain(answer: Answer, documents: Mapping[str, Document]) -> Answer:
    return Answer(
        question=answer.question,
        searched_for=answer.searched_for,
        kind="abstention",
        text="The text does not say.",
        confidence=0.0,
        passages=answer.passages,
        reader=answer.reader,
    )


def _paraphrase(answer: Answer, documents: Mapping[str, Document]) -> Answer:
    """Other words with the same meaning, said to be the quote."""
    said = [c.model_copy(update={"quote": re.sub(r"\bwill\b", "is going to", f"{c.quote} ")}) for c in answer.citations]
    return answer.model_copy(update={"citations": tuple(said)})


def _neighbour(answer: Answer, documents: Mapping[str, Document]) -> Answer:
    """What is said and cited taken from the sentence beside: an exact quote, of the wrong sentence."""
    if answer.kind != "answer":
        return answer
    old, *others = answer.citations
    new = _beside(old, documents[old.document_id])
    before, said, after = answer.text.partition(one_line(old.quote))
    first, *rest = answer.statements
    longer = len(one_line(new.quote)) - len(said)
    return answer.model_copy(
        update={
            "citations": (new, *others),
            "short": None,
            "short_spans": (),
            "text": before + one_line(new.quote) + after,
            "statements": (
                first.model_copy(update={"end": first.end + longer}),
                *(s.model_copy(update={"start": s.start + longer, "end": s.end + longer}) for s in rest),
            ),
        }
    )


def _beside(citation: Citation, document: Document) -> Citation:
    spans = sentences(document.text)
    at = next((i for i, span in enumerate(spans) if span.overlaps(citation)), 0)
    span = spans[at + 1] if at + 1 < len(spans) else spans[at - 1]
    quote = document.text[span.start : span.end]
    return citation.model_copy(update={"start": span.start, "end": span.end, "quote": quote})


def _other_number(answer: Answer, documents: Mapping[str, Document]) -> Answer:
    """Another digit in what is said; the citations are untouched."""

    def changed(text: str) -> str:
        return re.sub(r"\d(?![^\[]*\])", lambda match: str((int(match.group()) + 1) % 10), text, count=1)

    return answer.model_copy(
        update={"text": changed(answer.text), "short": changed(answer.short) if answer.short else None}
    )


CHANGES: Mapping[str, Change] = {
    "offsets off by one": _off_by_one,
    "always abstain": _abstain,
    "a paraphrased quote": _paraphrase,
    "a citation moved to the neighbouring sentence": _neighbour,
    "a swapped number": _other_number,
}
