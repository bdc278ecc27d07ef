"""Drafts of cases: spans filled in, the question left for a person, since one written by code proves nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel

from evals.cases import CasesError, name_of
from rag.jsonl import read_lines
from rag.schema import Answer, Document
from rag.splitting import sentences

Draft = dict[str, object]


class Feedback(BaseModel):
    """One line of the page's feedback file."""

    answer: Answer
    thumb: str
    note: str = ""


def from_texts(documents: Sequence[Document], count: int) -> list[Draft]:
    """Up to `count` drafts, each with a sentence as its evidence, spread evenly over the texts."""
    found = [(document, span) for document in documents for span in sentences(document.text)]
    step = max(len(found) / count, 1.0) if count > 0 else len(found)
    chosen = [found[int(position * step)] for position in range(min(count, len(found)))]
    return [
        _draft(f"draft-{number:03}", name_of(document), "", [(name_of(document), document.text[span.start : span.end])])
        for number, (document, span) in enumerate(chosen, 1)
    ]


def from_feedback(path: Path, documents: Sequence[Document]) -> list[Draft]:
    """A draft for each line: the question asked, what was cited of `documents`, what the person noted.

    Raises CasesError for a malformed line.
    """
    names = {document.id: name_of(document) for document in documents}
    drafts = []
    for number, feedback in read_lines(path, Feedback, CasesError):
        answer = feedback.answer
        cited = [(names.get(citation.document_id, citation.title), citation.quote) for citation in answer.citations]
        draft = _draft(f"feedback-{number:03}", cited[0][0] if cited else "", answer.question, cited)
        said = f"thumb {feedback.thumb}: {feedback.note} (it said: {answer.short or answer.text[:80]})"
        drafts.append(draft | {"note": said, "answerable": answer.answered})
    return drafts


def write_drafts(path: Path, drafts: Sequence[Draft]) -> None:
    """Write JSON Lines. Raises CasesError for an existing file: a person's work is never overwritten."""
    try:
        with path.open("x", encoding="utf-8") as file:
            file.writelines(json.dumps(draft, ensure_ascii=False) + "\n" for draft in drafts)
    except FileExistsError as error:
        raise CasesError(f"{path} exists: choose another name with --to") from error
    except OSError as error:
        raise CasesError(f"{path} cannot be written ({error.strerror}): choose another name with --to") from error


def _draft(case_id: str, document: str, question: str, evidence: Sequence[tuple[str, str]]) -> Draft:
    return {
        "id": case_id,
        "document": document,
        "question": question,
        "kind": "fact",
        "answerable": True,
        "answers": [],
        "evidence": [{"document": name, "text": text} for name, text in evidence],
        "note": "",
    }
