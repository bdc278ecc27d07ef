"""The last gate: nothing leaves the pipeline of which a citation is not the source's text, whoever read."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing

from rag.generative import AnswerEvents
from rag.grounding import UNPROVEN, mismatches, span_problem
from rag.schema import Answer, Document, StatementReady


def proven(answer: Answer, documents: Mapping[str, Document]) -> Answer:
    """The answer itself if every citation in it is the source's text; else an abstention with the reason as a note."""
    found = mismatches(answer, documents.values())
    return _unproven(answer, found[0]) if found else answer


def _unproven(answer: Answer, why: str) -> Answer:
    return Answer(
        question=answer.question,
        searched_for=answer.searched_for,
        kind="abstention",
        text=f"{UNPROVEN}.",
        confidence=0.0,
        passages=answer.passages,
        reader=answer.reader,
        notes=(*answer.notes, why),
        usage=answer.usage,
    )


def proven_events(reading: AnswerEvents, read: Answer, documents: Mapping[str, Document]) -> AnswerEvents:
    """What a reader says while it reads, as long as every citation in it is the source's text; then its Answer."""
    with closing(reading):
        while True:
            try:
                event = next(reading)
            except StopIteration as ended:
                return proven(ended.value, documents)
            cited = event.citations if isinstance(event, StatementReady) else ()
            wrong = [problem for citation in cited if (problem := span_problem(citation, documents))]
            if wrong:
                return _unproven(read, wrong[0])
            yield event
