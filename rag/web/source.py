"""The source pane as HTML: documents in full, letter for letter, with every cited span cut in Python."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from rag.schema import Document
from rag.web.entries import Entry, places
from rag.web.marks import marked
from rag.web.markup import escaped, tag


def source_pane(documents: Sequence[Document], entries: Sequence[Entry] = (), shown: str | None = None) -> str:
    """The document `shown`, by default the one that the last turn cites, and hidden ones that it cites too."""
    cited = cited_documents(entries)
    known = {document.id: document for document in documents}
    if not known:
        waiting = tag("p", "Opening the text", class_="pending", role="status")
        return tag("section", _bar((), ""), tag("article", waiting), class_="source", aria_label="Source")
    shown = next(name for name in (shown, *cited, documents[0].id) if name in known)
    there = [known[name] for name in dict.fromkeys((shown, *cited)) if name in known]
    panes = [_document(document, entries, document.id == shown) for document in there]
    return tag("section", _bar(documents, shown), *panes, class_="source", aria_label="Source")


def cited_documents(entries: Sequence[Entry]) -> tuple[str, ...]:
    """The ids of the documents that the last turn cites, or comes nearest to, best first."""
    spans = [span for _, span in places(entries[-1])] if entries else []
    return tuple(dict.fromkeys(span.document_id for span in spans))


def _bar(documents: Sequence[Document], shown: str) -> str:
    close = tag("button", "Close", type="button", class_="close", aria_label="Close the source")
    if len(documents) <= 1:
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
