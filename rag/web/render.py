"""The conversation as HTML: pure functions from questions and Answers to escaped text with marker buttons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rag.grounding import one_line
from rag.schema import Answer, Citation, Document, Statement, Turn
from rag.web.cutting import cut, exact_places, exact_within, marker_places
from rag.web.markup import escaped, tag

NEAREST = 0
"""The number of the nearest passage among a turn's citations, which count from 1."""


@dataclass(frozen=True)
class Failure:
    """A question that could not be answered, with the reason in one line."""

    question: str
    reason: str


Entry = Turn | Failure
"""One question of the conversation with what came back."""


def place_of(turn: int, number: int) -> str:
    """The name that joins a marker with its marks in the source: turn and citation, both from 1.

    >>> place_of(2, 1)
    'c2-1'
    """
    return f"c{turn}-{number}"


def conversation(entries: Sequence[Entry], sure: float, pending: str | None = None, note: str = "Reading") -> str:
    """All turns, oldest first, then the question that is being answered, if any.

    `sure` is the confidence from which an answer is not called possible.
    """
    turns = [_turn(number, entry, sure) for number, entry in enumerate(entries, 1)]
    if pending is not None:
        turns.append(_exchange(pending, tag("p", escaped(note), class_="pending", role="status")))
    log = tag("ol", *turns, class_="turns", aria_busy="true" if pending is not None else None)
    return tag("section", log, role="log", aria_label="Conversation", class_="log")


def welcome(documents: Sequence[Document]) -> str:
    """What stands in place of the conversation while it is empty."""
    about = f"“{documents[0].title}”" if len(documents) == 1 else f"{len(documents):,} texts"
    return tag(
        "section",
        tag("h2", escaped(f"Ask about {about}")),
        tag(
            "p",
            "Every answer is quoted from the text and opens at the exact words. "
            "Where the text does not say, it says so.",
        ),
        class_="welcome",
    )


def answer(reply: Answer, turn: int, sure: float) -> str:
    """One Answer: badge, exact answer, text with its markers, sources or nearest passage, small print."""
    if reply.kind == "smalltalk":
        return tag("p", said(reply, turn), class_="said")
    if reply.kind == "abstention":
        parts = [tag("p", said(reply, turn), class_="said"), _looked_for(reply), _nearest(reply, turn)]
    else:
        parts = [_badge(reply, sure), _short(reply), tag("p", said(reply, turn), class_="said"), _sources(reply, turn)]
    return "".join([*parts, _small_print(reply, sure)])


def said(reply: Answer, turn: int) -> str:
    """The answer's text: exact answers emphasised, markers as buttons, what is not supported called so."""
    pieces = cut(0, len(reply.text), [(s.start, s.end, s) for s in reply.statements])
    return "".join(_statement(reply, turn, p.start, p.end, p.labels[-1] if p.labels else None) for p in pieces)


def _turn(number: int, entry: Entry, sure: float) -> str:
    if isinstance(entry, Failure):
        return _exchange(entry.question, tag("p", escaped(entry.reason), class_="failure", role="status"))
    return _exchange(entry.question, answer(entry.answer, number, sure), entry.answer.kind)


def _exchange(question: str, reply: str, kind: str | None = None) -> str:
    asked = tag("h3", tag("span", "You asked: ", class_="unseen"), escaped(question), class_="question")
    return tag("li", asked, tag("div", reply, class_="reply", data_kind=kind), class_="turn")


def _statement(reply: Answer, turn: int, start: int, end: int, statement: Statement | None) -> str:
    words = "".join(_words(reply, turn, start, end))
    if statement is None:
        return tag("span", words, class_="lead") if reply.statements else words
    if statement.verdict == "supported":
        return words
    called = tag("span", escaped(f" ({statement.verdict})"), class_="verdict")
    return tag("span", words, called, class_=f"statement {statement.verdict}", title=statement.reason)


def _words(reply: Answer, turn: int, start: int, end: int) -> Iterable[str]:
    exact = [(a, b, NEAREST) for a, b in exact_places(reply)]
    for piece in cut(start, end, [*exact, *marker_places(reply)]):
        number = max(piece.labels, default=None)
        if number:
            yield _marker(reply.citations[number - 1], turn, number)
        else:
            words = escaped(reply.text[piece.start : piece.end])
            yield words if number is None else tag("strong", words, class_="exact")


def _marker(citation: Citation, turn: int, number: int, label: str | None = None) -> str:
    label = label or f"[{number}]"
    return tag(
        "button",
        escaped(label),
        type="button",
        class_="marker" if number != NEAREST else "marker nearest",
        data_place=place_of(turn, number),
        data_document=citation.document_id,
        aria_label=f"{label} Show in the source, {citation.title}",
    )


def _badge(reply: Answer, sure: float) -> str:
    if reply.kind != "answer" or reply.confidence >= sure:
        return ""
    return tag("p", f"Possibly · {_percent(reply.confidence)} sure", class_="badge")


def _short(reply: Answer) -> str:
    quoted = {one_line(citation.quote) for citation in reply.citations}
    short = one_line(reply.short or "")
    words = [reply.polarity.capitalize() if reply.polarity else "", "" if short in quoted else short]
    line = " · ".join(escaped(part) for part in words if part)
    return tag("p", line, class_="short") if line else ""


def _sources(reply: Answer, turn: int) -> str:
    if not reply.citations:
        return ""
    cited = [_source(reply, citation, turn, number) for number, citation in enumerate(reply.citations, 1)]
    count = f"{len(cited)} source" + ("s" if len(cited) > 1 else "")
    return tag("details", tag("summary", count), tag("ol", *cited), class_="sources")


def _source(reply: Answer, citation: Citation, turn: int, number: int) -> str:
    title = tag("cite", escaped(citation.title))
    where = tag("span", f"characters {citation.start:,}–{citation.end:,}", class_="where")
    return tag("li", _marker(citation, turn, number), " ", title, " ", where, _quote(reply, citation))


def _quote(reply: Answer, citation: Citation) -> str:
    exact = [(start, end, True) for start, end in exact_within(citation, reply.short_spans)]
    words = ((escaped(citation.quote[p.start : p.end]), p.labels) for p in cut(0, len(citation.quote), exact))
    return tag("blockquote", *(tag("strong", text, class_="exact") if labels else text for text, labels in words))


def _looked_for(reply: Answer) -> str:
    return tag("p", "Looked for: ", tag("q", escaped(reply.searched_for)), class_="looked")


def _nearest(reply: Answer, turn: int) -> str:
    if reply.nearest is None:
        return ""
    marker = _marker(reply.nearest, turn, NEAREST, "Show it")
    quote = tag("blockquote", escaped(one_line(reply.nearest.quote)))
    return tag("div", tag("p", "Nearest passage: ", marker), quote, class_="near")


def _small_print(reply: Answer, sure: float) -> str:
    confidence = f"Confidence {_percent(reply.confidence)}"
    parts = [confidence] if reply.kind == "answer" and reply.confidence >= sure else []
    parts += [f"{confidence}, too low to answer"] if reply.nearest else []
    parts += [_duration(reply.timings.total), reply.reader]
    if reply.searched_for != reply.question and reply.kind != "abstention":
        parts.append(f"searched for: {reply.searched_for}")
    return tag("footer", *(tag("span", escaped(part)) for part in parts), class_="small-print")


def _duration(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


def _percent(share: float) -> str:
    return f"{round(share * 100)} %"
