"""Receipts: proves that an answer's citations are the words of the documents they name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from rag.schema import Answer, Citation, Conversation, Document, SourceSpan, Span, Statement

VERBATIM = "the source's own words"
"""The reason of a statement that only repeats its first citation."""
MARKER = re.compile(r"\[(\d+)\]")


def cite(document: Document, span: Span) -> Citation:
    """The citation of `span` in `document`, its quote cut from the text."""
    return Citation(
        document_id=document.id,
        title=document.title,
        start=span.start,
        end=span.end,
        quote=document.text[span.start : span.end],
        sha256=document.sha256,
    )


def mismatches(answer: Answer, documents: Iterable[Document]) -> list[str]:
    """What in the answer is not as the documents have it, one line each; empty when all is proven."""
    known = {document.id: document for document in documents}
    cited: list[tuple[str, SourceSpan]] = [
        (f"citation [{number}]", citation) for number, citation in enumerate(answer.citations, 1)
    ]
    cited += [("short answer", span) for span in answer.short_spans]
    cited += [("nearest", answer.nearest)] if answer.nearest else []
    found = [f"{name}: {problem}" for name, span in cited if (problem := _span_problem(span, known))]
    return found + _text_problems(answer)


def conversation_mismatches(conversation: Conversation, documents: Sequence[Document] = ()) -> list[str]:
    """The same for every turn of a conversation; its own documents count, `documents` come first."""
    known = {document.id: document for document in (*conversation.documents, *documents)}
    return [
        f"turn {number}, {problem}"
        for number, turn in enumerate(conversation.turns, 1)
        for problem in mismatches(turn.answer, known.values())
    ]


def one_line(quote: str) -> str:
    """The quote with every run of white space as one blank: how it is shown, never how it is cited."""
    return " ".join(quote.split())


def _span_problem(span: SourceSpan, known: Mapping[str, Document]) -> str | None:
    document = known.get(span.document_id)
    if document is None:
        return f"document {span.document_id!r} is not in the corpus"
    if isinstance(span, Citation) and span.sha256 != document.sha256:
        return f"document {span.document_id!r} has changed: its SHA-256 is {document.sha256[:12]}..."
    if not span.start < span.end <= len(document.text) or document.text[span.start : span.end] != span.quote:
        return f"{document.id}[{span.start}:{span.end}] is not {_shown(span.quote)}"
    return None


def _text_problems(answer: Answer) -> list[str]:
    """Markers without a citation, statements outside the text, facts that no statement carries."""
    found = [problem for statement in answer.statements for problem in _statement_problems(answer, statement)]
    if answer.short_spans and answer.short != ", ".join(span.quote for span in answer.short_spans):
        found.append("the short answer is not what its spans say")
    if answer.answered and not answer.citations:
        found.append("the answer cites nothing")
    if not answer.answered and answer.citations:
        found.append(f"an answer of kind {answer.kind} carries citations")
    return found


def _statement_problems(answer: Answer, statement: Statement) -> Iterator[str]:
    where = f"statement {statement.start}:{statement.end}"
    if not statement.start < statement.end <= len(answer.text):
        yield f"{where} lies outside the answer's text"
    if any(not 1 <= marker <= len(answer.citations) for marker in statement.markers):
        yield f"{where} names a citation that does not exist"
        return
    words = answer.text[statement.start : statement.end]
    if not {str(marker) for marker in statement.markers} <= set(MARKER.findall(words)):
        yield f"{where} does not show its markers"
    if not statement.markers and statement.verdict == "supported":
        yield f"{where} is called supported and cites nothing"
    elif statement.reason == VERBATIM and one_line(answer.citations[statement.markers[0] - 1].quote) not in words:
        yield f"{where} does not say what its citation says"


def _shown(quote: str) -> str:
    return repr(quote if len(quote) <= 60 else quote[:57] + "...")
