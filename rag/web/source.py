"""The source pane as HTML: documents in full, letter for letter, with every cited span cut in Python."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from rag.schema import Document, SourceSpan, Turn
from rag.web.cutting import Labelled, cut
from rag.web.markup import escaped, tag
from rag.web.render import NEAREST, Entry, place_of


@dataclass(frozen=True)
class Mark:
    """Why a stretch of a document is marked: a citation's place, or an exact answer if it has none."""

    place: str
    kind: str
    """cited, nearest or exact, for the turn that came last; past for the turns before it."""


def source_pane(documents: Sequence[Document], entries: Sequence[Entry] = (), shown: str | None = None) -> str:
    """The document `shown`, by default the one that the last turn cites, and hidden ones that it cites too."""
    cited = cited_documents(entries)
    known = {document.id: document for document in documents}
    shown = next(name for name in (shown, *cited, documents[0].id) if name in known)
    there = [known[name] for name in dict.fromkeys((shown, *cited)) if name in known]
    panes = [_document(document, entries, document.id == shown) for document in there]
    return tag("section", _bar(documents, shown), *panes, class_="source", aria_label="Source")


def cited_documents(entries: Sequence[Entry]) -> tuple[str, ...]:
    """The ids of the documents that the last turn cites, or comes nearest to, best first."""
    spans = [span for _, span in _places(len(entries), entries[-1])] if entries else []
    return tuple(dict.fromkeys(span.document_id for span in spans))


def marked(document: Document, entries: Sequence[Entry]) -> str:
    """The document's text with a `<mark>` for every piece that a turn cites; without tags it is the text itself.

    A mark names in `data-places` all the citations it belongs to, so overlapping ones are each whole.
    """
    pieces = cut(0, len(document.text), _labels(document, entries))
    return "".join(_piece(document.text[p.start : p.end], p.labels) for p in pieces)


def _piece(text: str, marks: Sequence[Mark]) -> str:
    kinds = {mark.kind for mark in marks}
    places = " ".join(mark.place for mark in marks if mark.place)
    if not places:
        return escaped(text)
    kind = next(kind for kind in ("cited", "nearest", "past") if kind in kinds)
    return tag("mark", escaped(text), class_=kind + (" exact" if "exact" in kinds else ""), data_places=places)


def _labels(document: Document, entries: Sequence[Entry]) -> Iterator[Labelled[Mark]]:
    for turn, entry in enumerate(entries, 1):
        last = turn == len(entries)
        for number, span in _places(turn, entry):
            if span.document_id == document.id:
                kind = ("nearest" if number == NEAREST else "cited") if last else "past"
                yield span.start, span.end, Mark(place_of(turn, number), kind)
        for exact in entry.answer.short_spans if last and isinstance(entry, Turn) else ():
            if exact.document_id == document.id:
                yield exact.start, exact.end, Mark("", "exact")


def _places(turn: int, entry: Entry) -> Iterator[tuple[int, SourceSpan]]:
    if isinstance(entry, Turn):
        yield from enumerate(entry.answer.citations, 1)
        if entry.answer.nearest:
            yield NEAREST, entry.answer.nearest


def _bar(documents: Sequence[Document], shown: str) -> str:
    close = tag("button", "Close", type="button", class_="close", aria_label="Close the source")
    if len(documents) == 1:
        return tag("header", tag("span", "Source", class_="bar-title"), close, class_="source-bar")
    options = [tag("option", escaped(d.title), value=d.id, selected=d.id == shown) for d in documents]
    select = tag("select", *options, class_="choose", aria_label="Document")
    return tag("header", select, close, class_="source-bar")


def _document(document: Document, entries: Sequence[Entry], shown: bool) -> str:
    return tag(
        "article",
        tag("h2", escaped(document.title)),
        _about(document),
        tag("div", marked(document, entries), class_="text", lang=""),
        data_document=document.id,
        tabindex="0",
        aria_label=document.title,
        hidden=not shown,
    )


def _about(document: Document) -> str:
    name = PurePath(document.source).name if document.source else None
    facts = [escaped(fact) for fact in (document.author, document.date, name) if fact]
    if document.url and document.url.startswith(("https://", "http://")):
        facts.append(tag("a", escaped(document.url), href=document.url, rel="noreferrer noopener", target="_blank"))
    return tag("p", *(tag("span", fact) for fact in facts), class_="about") if facts else ""
