"""One Answer as HTML: exact answer first, its text with marker buttons, the quotes, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable

from rag.grounding import MARKER, one_line
from rag.questions.courtesy import reworded
from rag.schema import Answer, Citation, Statement, StatementReady
from rag.web.cutting import cut, exact_places, exact_within, marker_places
from rag.web.entries import NEAREST, place_of
from rag.web.markup import escaped, tag
from rag.web.wording import counted, duration, how_sure


def answer(reply: Answer, turn: int, sure: float) -> str:
    """One Answer: badge, exact answer, text with its markers, sources or nearest passage, small print."""
    text = tag("p", said(reply, turn), class_="said")
    if reply.kind == "smalltalk":
        return text
    if reply.kind == "abstention":
        parts = [text, _looked_for(reply), _nearest(reply, turn)]
    else:
        parts = [_badge(reply, sure), _short(reply), text, _sources(reply, turn)]
    remarks = (tag("p", escaped(f"Note: {note}."), class_="remark") for note in reply.notes)
    return "".join([*parts, *remarks, _small_print(reply, sure)])


def said(reply: Answer, turn: int) -> str:
    """The answer's text: exact answers emphasised, markers as buttons, what is not supported called so."""
    pieces = cut(0, len(reply.text), [(s.start, s.end, s) for s in reply.statements])
    return "".join(_statement(reply, turn, p.start, p.end, p.labels[-1] if p.labels else None) for p in pieces)


def so_far(ready: Iterable[StatementReady]) -> str:
    """The statements that are there while the answer is still being written; their markers cannot be clicked yet."""
    texts = (event.text for event in ready)
    return tag("p", *(_waiting(text) + " " for text in texts), class_="said")


def _waiting(text: str) -> str:
    markers = [(match.start(), match.end(), True) for match in MARKER.finditer(text)]
    words = ((escaped(text[p.start : p.end]), p.labels) for p in cut(0, len(text), markers))
    return "".join(tag("span", piece, class_="marker") if labels else piece for piece, labels in words)


def _statement(reply: Answer, turn: int, start: int, end: int, statement: Statement | None) -> str:
    words = "".join(_words(reply, turn, start, end))
    if statement is None:
        return tag("span", words, class_="lead") if reply.statements else words
    if statement.verdict == "supported":
        return words
    called = tag("span", escaped(f" ({statement.verdict}: {statement.reason})"), class_="verdict")
    return tag("span", words, called, class_=f"statement {statement.verdict}")


def _words(reply: Answer, turn: int, start: int, end: int) -> Iterable[str]:
    """The words with their markers; the bars of a table's row are faint."""
    exact = [(a, b, NEAREST) for a, b in exact_places(reply)]
    is_row = reply.text.startswith("|", start)
    for piece in cut(start, end, [*exact, *marker_places(reply)]):
        number = max(piece.labels, default=None)
        if number:
            yield _marker(reply.citations[number - 1], turn, number)
        else:
            words = escaped(reply.text[piece.start : piece.end])
            words = words.replace("|", tag("span", "|", class_="bar", aria_hidden="true")) if is_row else words
            yield words if number is None else tag("strong", words, class_="exact")


def _marker(citation: Citation, turn: int, number: int, label: str | None = None) -> str:
    """A button that opens the source at the citation; `data-tip` is the quote that hovering or focusing shows."""
    label = label or f"[{number}]"
    return tag(
        "button",
        escaped(label),
        type="button",
        class_="marker" if number != NEAREST else "marker nearest",
        data_place=place_of(turn, number),
        data_document=citation.document_id,
        data_tip=f"“{one_line(citation.quote)}”",
        data_about=citation.title,
        aria_label=f"{label} Show in the source, {citation.title}",
    )


def _badge(reply: Answer, sure: float) -> str:
    said = ["The sources disagree"] if reply.disagreement else []
    said += [how_sure(reply, sure)] if _is_possible(reply, sure) else []
    return tag("p", escaped(" · ".join(said)), class_="badge") if said else ""


def _is_possible(reply: Answer, sure: float) -> bool:
    return reply.kind == "answer" and reply.confidence < sure


def _short(reply: Answer) -> str:
    """The short answer, left out where the text repeats it: a whole sentence, or the items of a list."""
    quoted = {one_line(citation.quote).rstrip(" .;,") for citation in reply.citations}
    said = {one_line(span.quote).rstrip(" .;,") for span in reply.short_spans} <= quoted
    words = [reply.polarity.capitalize() if reply.polarity else "", "" if said else one_line(reply.short or "")]
    line = " · ".join(escaped(part) for part in words if part)
    return tag("p", line, class_="short") if line else ""


def _sources(reply: Answer, turn: int) -> str:
    if not reply.citations:
        return ""
    cited = [_source(reply, citation, turn, number) for number, citation in enumerate(reply.citations, 1)]
    return tag("details", tag("summary", counted(len(cited), "quote")), tag("ol", *cited), class_="sources")


def _source(reply: Answer, citation: Citation, turn: int, number: int) -> str:
    title = tag("cite", escaped(citation.title))
    where = tag("span", f"characters {citation.start:,}–{citation.end:,}", class_="where")
    return tag("li", _marker(citation, turn, number), " ", title, " ", where, _quote(reply, citation))


def _quote(reply: Answer, citation: Citation) -> str:
    exact = [(start, end, True) for start, end in exact_within(citation, reply.emphasised())]
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
    """How sure, what was searched for where it is not the question itself, how long it took, who read, at what cost."""
    rewritten = reworded(reply.question, reply.searched_for) and reply.kind != "abstention"
    parts = [
        "" if _is_possible(reply, sure) else how_sure(reply, sure),
        f"searched for: {reply.searched_for}" if rewritten else "",
    ]
    parts += [duration(reply.timings.total), f"reader: {reply.reader}"]
    if reply.usage:
        first = reply.timings.first_statement
        parts += [f"first sentence after {duration(first)}"] if first and reply.usage.tokens_out else []
        parts += [reply.usage.in_words()]
    return tag("footer", *(tag("span", escaped(part)) for part in parts if part), class_="small-print")
