"""The list of texts as HTML: which corpus is asked, which of its texts, and what can be removed."""

from __future__ import annotations

from collections.abc import Sequence

from rag.schema import Document
from rag.web.markup import escaped, tag
from rag.web.visitors import Visit
from rag.web.wording import counted

_LISTED = 200
"""So many texts are listed; a served corpus may hold thousands."""


def listing(shared: Sequence[Document], own: Sequence[Document], visit: Visit) -> str:
    """Both corpora, the one that is asked marked, its texts to choose from."""
    asks_own = visit.corpus == "own" and bool(own)
    served = shared[0].title if len(shared) == 1 else counted(len(shared), "served text")
    groups = [_group("shared", served, shared, visit, not asks_own)]
    if own:
        groups.append(_group("own", f"Your {'text' if len(own) == 1 else 'texts'}", own, visit, asks_own))
    return tag("div", tag("h3", "Ask"), *groups, class_="listing")


def promise(days: int, remote: str | None = None, model: str | None = None) -> str:
    """Who can see what a visitor brings, and until when it is kept.

    `remote`: a host that keeps part of it; `model`: the host of a language model, which reads what may answer.
    """
    words = "Only you can see what you bring and what you ask. It stays on the machine that serves this page"
    words += f"; its vectors and its name go to {remote}" if remote else ""
    words += f"; each question and the passages that may answer it go to a language model at {model}" if model else ""
    words += ". It" if remote or model else " and"
    words += f" is deleted when you remove it, or {counted(days, 'day')} after your last visit."
    forget = tag("button", "Delete all that is kept of me", type="button", class_="quiet forget")
    return tag("div", tag("p", escaped(words)), forget, class_="promise")


def progress(words: str, done: int = 0, of: int = 0) -> str:
    """How far the indexing is."""
    bar = tag("progress", value=str(done), max=str(of), aria_label="Indexing") if of else ""
    return tag("div", tag("p", escaped(words), role="status"), bar, class_="indexing")


def report(added: Sequence[str], problems: Sequence[str]) -> str:
    """What came in, and one line for what did not."""
    lines = [tag("p", escaped(f"Added: {title}"), class_="added") for title in added]
    lines += [tag("p", escaped(problem), class_="problem") for problem in problems]
    return tag("div", *lines, class_="indexing", role="status")


def finished(words: str, *problems: str) -> str:
    """What was done, in a line that is no problem; and what could not be."""
    lines = [tag("p", escaped(words), class_="added")]
    lines += [tag("p", escaped(problem), class_="problem") for problem in problems]
    return tag("div", *lines, class_="indexing", role="status")


def _group(corpus: str, name: str, documents: Sequence[Document], visit: Visit, active: bool) -> str:
    choice = tag("input", type="radio", name="corpus", value=corpus, checked=active)
    label = tag("label", choice, tag("span", escaped(name)), class_="corpus")
    restrictable = active and len(documents) > 1
    if len(documents) == 1 and corpus == "shared":
        return label
    items = [_item(document, corpus, visit, restrictable) for document in documents[:_LISTED]]
    if len(documents) > _LISTED:
        items.append(tag("li", f"and {len(documents) - _LISTED:,} more"))
    return tag("div", label, tag("ul", *items))


def _item(document: Document, corpus: str, visit: Visit, restrictable: bool) -> str:
    chosen = not visit.chosen or document.id in visit.chosen
    title = tag("span", escaped(document.title), class_="title")
    size = tag("span", counted(len(document.text), "character"), class_="size")
    words = tag("span", title, size, class_="words")
    if restrictable:
        box = tag("input", type="checkbox", class_="choose-text", value=document.id, checked=chosen)
        words = tag("label", box, words)
    remove = tag(
        "button",
        "Remove",
        type="button",
        class_="quiet remove",
        data_document=document.id,
        aria_label=f"Remove {document.title}",
    )
    return tag("li", words, remove if corpus == "own" else "")
