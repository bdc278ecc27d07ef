"""What each event of the page does: from what the browser holds to what it shows next."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import gradio as gr
from pydantic import BaseModel, ValidationError

from rag.errors import RagError
from rag.pipeline import Pipeline
from rag.schema import Answer, Done, Event, Message, Retrieved, Rewritten, StatementReady, Turn
from rag.web.entries import Entries, Failure, history
from rag.web.render import conversation, pending, welcome
from rag.web.source import cited_documents, source_pane
from rag.web.wording import counted

_UNEXPECTED = "Something went wrong here; the terminal says what. Your question is back in the box."
log = logging.getLogger("rag")


class Desk:
    """What each event does: takes what the browser holds, returns what it shows next. Keeps no state."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._sure = pipeline.settings.sure_confidence

    def answer(
        self, question: str, history: list[dict[str, str]] | None = None, documents: list[str] | None = None
    ) -> dict[str, Any]:
        """Answer a question from the texts alone, each statement with an exact citation.

        `history` is what came before, oldest first, as {"role": "user" | "assistant", "content": ...};
        `documents` are the ids to answer from, all if not given. Returns an Answer as JSON.
        """
        try:
            asked = _Asked.model_validate({"question": question, "history": history or (), "documents": documents})
            answer = self._pipeline.ask(asked.question, asked.history, asked.documents)
        except ValidationError as error:
            first = error.errors()[0]
            raise gr.Error(f"{'.'.join(map(str, first['loc']))}: {first['msg']}", print_exception=False) from error
        except RagError as error:
            raise gr.Error(str(error), print_exception=False) from error
        return answer.model_dump(mode="json")

    def ask(self, question: str, entries: Entries) -> Iterator[dict[str, Any]]:
        """The question at once, then how far the answer is, then the answer; by the names of `Parts`."""
        if not question.strip():
            yield {}
            return
        question = question.strip()
        yield {
            "conversation": conversation(entries, self._sure) if entries else "",
            "now": pending(question, "Searching the text"),
            "box": "",
            "examples": gr.Column(visible=False),
        }
        ready: list[StatementReady] = []
        try:
            for event in self._pipeline.stream(question, history(entries)):
                if isinstance(event, Done):
                    yield self._answered(question, entries, event.answer)
                    continue
                if isinstance(event, StatementReady):
                    ready.append(event)
                if note := _progress(event):
                    yield {"now": pending(question, note, ready)}
        except RagError as error:
            yield self._failed(question, entries, str(error))
        except Exception:
            log.exception("the question %r could not be answered", question)
            yield self._failed(question, entries, _UNEXPECTED)

    def clear(self) -> dict[str, Any]:
        """An empty conversation."""
        documents = self._pipeline.documents
        return {
            "conversation": welcome(documents),
            "now": "",
            "source": source_pane(documents),
            "entries": (),
            "box": "",
            "examples": gr.Column(visible=True),
        }

    def reveal(self, entries: Entries, event: gr.EventData) -> str:
        """The source pane with the document that the browser asks for and does not hold yet."""
        return source_pane(self._pipeline.documents, entries, str(event.document))

    def _answered(self, question: str, entries: Entries, answer: Answer) -> dict[str, Any]:
        entries = (*entries, Turn(question=question, answer=answer))
        shown = {"conversation": conversation(entries, self._sure), "now": "", "entries": entries}
        if cited_documents(entries):
            shown["source"] = source_pane(self._pipeline.documents, entries)
        return shown

    def _failed(self, question: str, entries: Entries, reason: str) -> dict[str, Any]:
        entries = (*entries, Failure(question=question, reason=" ".join(reason.split())))
        return {"conversation": conversation(entries, self._sure), "now": "", "entries": entries, "box": question}


class _Asked(BaseModel):
    """What a client of the API sends."""

    question: str
    history: tuple[Message, ...] = ()
    documents: tuple[str, ...] | None = None


def _progress(event: Event) -> str:
    """What the page says about an event while the answer is on its way."""
    if isinstance(event, Rewritten):
        return f"Searching for: {event.searched_for}" if event.searched_for != event.question else ""
    return f"Reading {counted(len(event.passages), 'passage')}" if isinstance(event, Retrieved) else "Answering"
