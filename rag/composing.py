"""What an Answer is made of, from picks: text with markers, statements, citations, short answers; or an abstention."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rag.grounding import ABSTENTIONS, VERBATIM, between, cite, marked, one_line, titled
from rag.reading.similarity import Pick
from rag.schema import Citation, Document, Passage, Polarity, SourceSpan, Statement
from rag.splitting import without_mark

Texts = tuple[Sequence[Passage], Mapping[str, Document]]
"""The passages that were found, and the documents by their ids."""
Stated = tuple[str, tuple[Statement, ...], tuple[Citation, ...]]
"""A text, its statements and what they cite."""


def state(
    text: str,
    picks: Sequence[Pick],
    titles: bool = False,
    separator: str = " ",
    said: str = "",
    reason: str = VERBATIM,
) -> Stated:
    """The sentences of several picks behind the lead `text`, each a statement that begins with `said` and cites it and
    what it leans on, which several may."""
    statements: list[Statement] = []
    citations: list[Citation] = []
    for pick in dict.fromkeys(picks):
        cited = citations_of(pick)
        if cited[0] in citations:
            continue
        citations += [citation for citation in cited if citation not in citations]
        markers = tuple(citations.index(citation) + 1 for citation in cited)
        text += titled(cited[0]) if titles else ""
        start = len(text)
        text += said + one_line(cited[0].quote) + marked(markers)
        statements.append(Statement(start=start, end=len(text), markers=markers, verdict="supported", reason=reason))
        text += separator
    return text.rstrip(), tuple(statements), tuple(citations)


def citations_of(pick: Pick) -> list[Citation]:
    """The sentence, without a bullet or label before it that holds no short answer, and what it leans on."""
    said = without_mark(pick.document.text, pick.sentence)
    if any(pick.sentence.start <= short.start < said.start for short in pick.short):
        said = pick.sentence
    return [cite(pick.document, span) for span in (said, pick.context) if span]


@dataclass(frozen=True)
class Decided:
    """The fields of an Answer that reading decides."""

    kind: str
    text: str
    confidence: float
    citations: tuple[Citation, ...] = ()
    statements: tuple[Statement, ...] = ()
    short: str | None = None
    short_spans: tuple[SourceSpan, ...] = ()
    polarity: Polarity | None = None
    nearest: Citation | None = None
    disagreement: bool = False


def answering_with(
    stated: Stated,
    confidence: float,
    shorts: tuple[SourceSpan, ...],
    polarity: Polarity | None = None,
    disagreement: bool = False,
) -> Decided:
    """What is decided where there is an answer: its statements, and the short answers that stand in them."""
    text, statements, citations = stated
    short = between(disagreement).join(span.quote for span in shorts) or None
    return Decided(
        "answer", text, confidence, citations, statements, short, shorts, polarity, disagreement=disagreement
    )


def abstaining(texts: Texts, confidence: float = 0.0, nearest: Citation | None = None) -> Decided:
    """What is decided where the texts do not say, with the nearest sentence."""
    text = ABSTENTIONS[0] if len(texts[1]) == 1 else ABSTENTIONS[1]
    return Decided("abstention", text, confidence, nearest=nearest)
