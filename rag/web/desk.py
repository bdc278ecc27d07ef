"""What each event of the conversation does: from what is kept of the visitor to what the page shows next."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import gradio as gr
from pydantic import BaseModel, ValidationError

from rag.errors import RagError
from rag.questions.courtesy import reworded
from rag.schema import Done, Event, Message, Retrieved, Rewritten, StatementReady, Turn, Writing, valid_unicode
from rag.web.corpora import Corpora
from rag.web.entries import Entry, Failure, history, places
from rag.web.export import as_conversation, parcel
from rag.web.feedback import Feedback, Thumb
from rag.web.opening import Opening
from rag.web.render import conversation, editing, notice, pending, welcome
from rag.web.source import cited_documents, source_pane
from rag.web.suggestions import suggestions
from rag.web.visitors import Visit, Visitors, without_id
from rag.web.wording import counted

LONGEST = 500
"""Questions that a conversation holds."""
_WITHDRAWN = "this answer was withdrawn: the text that it quotes was removed meanwhile"
_STOPPED = "Stopped: nothing is kept of that question."
_UNEXPECTED = "Something went wrong here; the terminal says what. Your question is back in the box."
_FULL = f"This conversation holds {LONGEST} questions, which is as many as it can: export it, then begin a new chat."
log = logging.getLogger("rag")

Shown = dict[str, Any]
"""What changes on the page, by the names of `rag.web.page.Parts`."""


class Desk:
    """What each event does: takes the visitor's id, returns what the page shows next. Keeps no state itself."""

    def __init__(self, opening: Opening, visitors: Visitors, corpora: Corpora, feedback: Feedback) -> None:
        self._opening = opening
        self._visitors = visitors
        self._corpora = corpora
        self._feedback = feedback
        self._sure = opening.settings.sure_confidence
        self._longest = opening.settings.max_question_chars

    def answer(
        self, question: str, history: list[dict[str, str]] | None = None, documents: list[str] | None = None
    ) -> dict[str, Any]:
        """Answer a question from the texts alone, each statement with an exact citation.

        `history` is what came before, oldest first, as {"role": "user" | "assistant", "content": ...};
        `documents` are the ids to answer from, all if not given. Returns an Answer as JSON.
        """
        try:
            asked = _Asked.model_validate({"question": question, "history": history or (), "documents": documents})
            answer = self._opening.pipeline().ask(asked.question, asked.history, asked.documents)
        except ValidationError as error:
            first = error.errors()[0]
            raise gr.Error(f"{'.'.join(map(str, first['loc']))}: {first['msg']}", print_exception=False) from error
        except RagError as error:
            raise gr.Error(str(error), print_exception=False) from error
        return answer.model_dump(mode="json")

    def arrive(self, visitor: object) -> Iterator[Shown]:
        """The page as the visitor left it; the source as soon as the texts are there."""
        known = self._visitors.identified(visitor)
        self._visitors.touch(known)
        yield {"visitor": known, **self.everything(known, self._visitors.read(known))}
        try:
            self._opening.documents()
        except RagError as error:
            yield {"hint": notice(" ".join(str(error).split()))}
            return
        shown = self.everything(known, self._visitors.read(known))
        del shown["now"]  # a question may be on its way already
        yield shown

    def everything(self, visitor: str, visit: Visit) -> Shown:
        """The conversation and the source of a visit."""
        return {**self._conversation(visitor, visit), "source": self._source(visitor, visit)}

    def follow(self, visitor: object) -> Shown:
        """What another tab of the visitor has changed; a question that is on its way here stays, and so does the id."""
        known = self._visitors.identified(visitor)
        return {**self.everything(known, self._visitors.read(known)), **_AT_REST, "now": gr.skip()}

    def ask(self, question: str, visitor: object, again: bool = False) -> Iterator[Shown]:
        """The question at once, then how far the answer is, then the answer; `again`: in place of the last one."""
        written = valid_unicode(question)
        question, known = written.strip(), self._visitors.identified(visitor)
        visit = self._visitors.read(known)
        if not question:
            yield {}
            return
        if len(visit.entries) - again >= LONGEST:
            yield {"visitor": known, "hint": notice(_FULL)}
            return
        yield {
            **({} if visit.entries else {"conversation": ""}),
            "visitor": known,
            "now": pending(
                self._beginning(question), "Searching the text" if self._opening.ready else "Opening the text"
            ),
            "box": "",
            "hint": "",
            "again": False,
            "examples": "",
        }
        try:
            yield from self._answering(question, known, visit, again)
        except RagError as error:
            yield {**self._failed(known, question, str(error)), "box": written}
        except Exception:
            log.exception("the question %r could not be answered", question)
            yield {**self._failed(known, question, _UNEXPECTED), "box": written}

    def stop(self, visitor: object) -> Shown:
        """The conversation as it was before the question that is stopped, of which nothing is kept."""
        known = self._visitors.identified(visitor)
        shown = self._conversation(known, self._visitors.read(known))
        return {"visitor": known, **shown, "again": False, "hint": notice(_STOPPED)}

    def clear(self, visitor: object) -> Shown:
        """An empty conversation; the one before is deleted."""
        known = self._visitors.identified(visitor)
        visit = self._visitors.change(known, lambda visit: visit.model_copy(update={"entries": (), "thumbs": {}}))
        return {"visitor": known, **self.everything(known, visit), **_AT_REST, "box": ""}

    def edit(self, visitor: object) -> Shown:
        """The last question back in the box, to be asked again in other words."""
        entries = self._visitors.read(self._visitors.identified(visitor)).entries
        return {"box": entries[-1].question, "hint": editing(), "again": True} if entries else {}

    def leave(self) -> Shown:
        """The last question stays as it is."""
        return {**_AT_REST, "box": ""}

    def export(self, visitor: object, event: gr.EventData) -> str:
        """The conversation as a parcel for the browser to save."""
        known = self._visitors.identified(visitor)
        visit = self._visitors.read(known)
        return parcel(as_conversation(visit.entries, self._corpora.documents(known, visit)), str(event.format))

    def judge(self, visitor: object, event: gr.EventData) -> Shown:
        """Keep what the visitor thinks of an answer; the browser shows it already."""
        known, turn, thumb = self._visitors.identified(visitor), int(event.turn), _THUMBS[str(event.thumb)]
        entry = dict(enumerate(self._visitors.read(known).entries, 1)).get(turn)
        if not isinstance(entry, Turn):
            return {}
        try:
            self._visitors.change(
                known, lambda visit: visit.model_copy(update={"thumbs": visit.thumbs | {turn: thumb}})
            )
            self._feedback.record(known, turn, entry.answer, thumb, str(event.note))
        except RagError as error:
            return {"hint": notice(str(error))}
        return {"hint": ""}

    def reveal(self, visitor: object, event: gr.EventData) -> str:
        """The source pane with the document that the browser asks for and does not hold yet."""
        known = self._visitors.identified(visitor)
        return self._source(known, self._visitors.read(known), str(event.document))

    def _answering(self, question: str, visitor: str, visit: Visit, again: bool) -> Iterator[Shown]:
        ready: list[StatementReady] = []
        said = ""
        pipeline, chosen = self._corpora.scope(visitor, visit)
        before = history(visit.entries[:-1] if again else visit.entries)
        for event in pipeline.stream(question, before, chosen):
            if isinstance(event, Done):
                yield self._answered(visitor, Turn(question=question, answer=event.answer), again)
                return
            if isinstance(event, StatementReady):
                ready.append(event)
            note = _progress(event)
            yield {"now": pending(question, note, ready)} if note and note != said else {}
            said = "" if isinstance(event, StatementReady) else note or said

    def _answered(self, visitor: str, turn: Turn, again: bool) -> Shown:
        visit = self._kept(visitor, turn, again)
        shown = self._conversation(visitor, visit)
        if cited_documents(visit.entries):
            shown["source"] = self._source(visitor, visit)
        return shown

    def _failed(self, visitor: str, question: str, reason: str) -> Shown:
        failure = Failure(question=self._beginning(question), reason=without_id(reason, visitor))
        try:
            return self._conversation(visitor, self._kept(visitor, failure, False))
        except RagError as error:  # it cannot be kept, but it can be said
            return {"now": "", "hint": notice(str(error))}

    def _beginning(self, question: str) -> str:
        """What is shown and kept of a question: all of one that can be asked, as much of a longer one."""
        return question if len(question) <= self._longest else f"{question[: self._longest]}…"

    def _kept(self, visitor: str, entry: Entry, again: bool) -> Visit:
        """The visit with one entry more, or another one at its end; on disk before it is shown."""

        def add(visit: Visit) -> Visit:
            """The visit with this turn."""
            here = {document.id for document in self._corpora.documents(visitor, visit)}
            removed = any(citation.document_id not in here for _, citation in places(entry))
            kept = Failure(question=entry.question, reason=_WITHDRAWN) if removed else entry
            entries = (*(visit.entries[:-1] if again else visit.entries), kept)
            thumbs = {turn: thumb for turn, thumb in visit.thumbs.items() if turn < len(entries)}
            return visit.model_copy(update={"entries": entries, "thumbs": thumbs})

        return self._visitors.change(visitor, add)

    def _conversation(self, visitor: str, visit: Visit) -> Shown:
        texts = self._corpora.asked(visitor, visit)
        talk = conversation(visit.entries, self._sure, visit.thumbs)
        return {
            "conversation": talk if visit.entries else welcome(texts),
            "now": "",
            "examples": "" if visit.entries else suggestions(texts),
        }

    def _source(self, visitor: str, visit: Visit, shown: str | None = None) -> str:
        return source_pane(self._corpora.documents(visitor, visit), visit.entries, shown)


_THUMBS: dict[str, Thumb] = {"up": "up", "down": "down"}
_AT_REST: Shown = {"hint": "", "again": False}


class _Asked(BaseModel):
    """What a client of the API sends."""

    question: str
    history: tuple[Message, ...] = ()
    documents: tuple[str, ...] | None = None


def _progress(event: Event) -> str:
    """What the page says about an event while the answer is on its way."""
    if isinstance(event, Rewritten):
        return f"Searching for: {event.searched_for}" if reworded(event.question, event.searched_for) else ""
    if isinstance(event, Writing):
        return f"{event.model} is writing"
    return f"Reading {counted(len(event.passages), 'passage')}" if isinstance(event, Retrieved) else "Answering"
