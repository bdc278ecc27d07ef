"""What each event of the texts panel does: bring texts, remove them, choose which are asked, delete everything."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence

import gradio as gr

from rag.errors import LoadError, RagError
from rag.schema import Document, Turn
from rag.web.corpora import Corpora
from rag.web.desk import Desk, Shown
from rag.web.entries import Entries, Entry, Failure, places
from rag.web.feedback import Feedback
from rag.web.following import following
from rag.web.listing import finished, listing, progress, report
from rag.web.uploads import pasted, read_uploads
from rag.web.visitors import Visit, Visitors, without_id
from rag.web.wording import counted

_VECTORS_STAY = (
    "The server that holds the vectors does not answer: they stay there, with the names of your texts, until it does."
)
_UNEXPECTED = "Something went wrong here; the terminal says what. Nothing was changed."
log = logging.getLogger("rag")


class Texts:
    """What each event does: takes the visitor's id, returns what the page shows next. Keeps no state itself."""

    def __init__(self, visitors: Visitors, corpora: Corpora, desk: Desk, feedback: Feedback, upload_mb: int) -> None:
        self._visitors = visitors
        self._corpora = corpora
        self._desk = desk
        self._feedback = feedback
        self._most = upload_mb * 1_000_000

    def listed(self, visitor: object) -> Shown:
        """The list as it is."""
        known = self._visitors.identified(visitor)
        return {"listing": self._listing(known, self._visitors.read(known))}

    def upload(self, paths: Sequence[str] | None, visitor: object) -> Iterator[Shown]:
        """Files that were dropped: how far it is, then the list with them in it, and a line for each that failed."""
        yield {"report": progress("Reading"), "files": None}
        documents, problems = read_uploads(paths or ())
        yield from self._add(self._visitors.identified(visitor), documents, problems)

    def paste(self, text: str, visitor: object) -> Iterator[Shown]:
        """A text that was pasted, likewise; it stays in its box if it cannot be added."""
        try:
            documents = [pasted(text, self._most)]
        except LoadError as error:
            yield {"report": report([], [str(error)])}
            return
        *before, last = self._add(self._visitors.identified(visitor), documents, [])
        yield from before
        yield {**last, "pasted": ""} if "listing" in last else last

    def choose(self, visitor: object, event: gr.EventData) -> Shown:
        """Ask that corpus from now on, of it those texts only; all where none is named."""
        chosen = tuple(str(name) for name in event.documents)
        corpus = "own" if event.corpus == "own" else "shared"
        return self._changed(visitor, {"corpus": corpus, "chosen": chosen})

    def remove(self, visitor: object, event: gr.EventData) -> Shown:
        """Delete a text of the visitor's, and the answers that quote it: they could not be checked any more."""
        known, gone = self._visitors.identified(visitor), str(event.document)
        titles = {document.id: document.title for document in self._corpora.own(known)}
        try:
            whole = self._corpora.remove(known, gone)
            self._feedback.forget(known, gone)
        except RagError as error:
            return {"report": report([], [without_id(str(error), known)])}

        def withdraw(visit: Visit) -> Visit:
            """The visit without the text that is gone."""
            kept = tuple(document for document in visit.chosen if document != gone)
            entries = without(visit.entries, gone, titles.get(gone, ""))
            return visit.model_copy(update={"entries": entries, "chosen": kept})

        said = "" if whole else report([], [_VECTORS_STAY])
        return {"visitor": known, **self._shown(known, self._visitors.change(known, withdraw)), "report": said}

    def forget(self, visitor: object) -> Shown:
        """Delete all that is kept of the visitor, who is another one from now on."""
        known = self._visitors.identified(visitor)
        whole = self._corpora.forget(known)
        self._feedback.forget(known)
        fresh = self._visitors.identified(None)
        deleted = "Deleted: your texts, your conversation and your thumbs."
        return {
            "visitor": fresh,
            **self._shown(fresh, Visit()),
            "report": finished(deleted) if whole else finished(deleted, _VECTORS_STAY),
        }

    def _add(self, visitor: str, documents: Sequence[Document], problems: list[str]) -> Iterator[Shown]:
        if not documents:
            yield {"report": report([], problems or ["there is nothing to add: choose a file"])}
            return
        what = documents[0].title if len(documents) == 1 else counted(len(documents), "text")
        try:
            yield {"report": progress(f"Opening the models, then indexing {what}")}
            for done, of in following(lambda told: self._corpora.add(visitor, documents, told)):
                yield {"report": progress(f"Indexing {what}: {done:,} of {counted(of, 'passage')}", done, of)}
        except RagError as error:
            yield {"report": report([], [*problems, without_id(str(error), visitor)])}
        except Exception:
            log.exception("texts could not be indexed")
            yield {"report": report([], [*problems, _UNEXPECTED])}
        else:
            added = [document.title for document in documents]
            yield {**self._changed(visitor, {"corpus": "own", "chosen": ()}), "report": report(added, problems)}

    def _changed(self, visitor: object, update: dict[str, object]) -> Shown:
        known = self._visitors.identified(visitor)
        visit = self._visitors.change(known, lambda visit: visit.model_copy(update=update))
        return {"visitor": known, **self._shown(known, visit)}

    def _shown(self, visitor: str, visit: Visit) -> Shown:
        return {**self._desk.everything(visitor, visit), "listing": self._listing(visitor, visit)}

    def _listing(self, visitor: str, visit: Visit) -> str:
        return listing(self._corpora.shared(), self._corpora.own(visitor), visit)


def without(entries: Entries, document_id: str, title: str) -> Entries:
    """The conversation without the words of a removed text: answers that quote it are withdrawn, and said so."""
    return tuple(_without(entry, document_id, title) for entry in entries)


def _without(entry: Entry, document_id: str, title: str) -> Entry:
    if not isinstance(entry, Turn):
        return entry
    if any(span.document_id == document_id for _, span in places(entry)):
        reason = f"this answer was withdrawn: the text that it quotes, “{title}”, was removed"
        return Failure(question=entry.question, reason=reason)
    passages = tuple(p for p in entry.answer.passages if p.passage.document_id != document_id)
    return entry.model_copy(update={"answer": entry.answer.model_copy(update={"passages": passages})})
