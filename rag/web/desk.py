"""What each event of the page does: from what the browser holds to what it shows next."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import gradio as gr
from pydantic import BaseModel, ValidationError

from rag.errors import RagError
from rag.pipeline import Pipeline
from rag.schema import Answer, Done, Message, Retrieved, Turn
from rag.web.render import Entry, Failure, conversation, welcome
from rag.web.source import cited_documents, source_pane

_UNEXPECTED = "Something went wrong here; the terminal says what. Your question is back in the box."
log = logging.getLogger("rag")

Entries = tuple[Entry, ...]
"""A session's conversation, oldest first."""


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
        yield {
            **self._pending(question, entries, "Searching the text"),
            "box": "",
            "examples": gr.Column(visible=False),
        }
        try:
            for event in self._pipeline.stream(question, _history(entries)):
                if isinstance(event, Retrieved):
                    yield self._pending(question, entries, f"Reading {_passages(len(event.passages))}")
                elif isinstance(event, Done):
                    yield self._answered(question, entries, event.answer)
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
            "source": source_pane(documents),
            "entries": (),
            "box": "",
            "examples": gr.Column(visible=True),
        }

    def reveal(self, entries: Entries, event: gr.EventData) -> str:
        """The source pane with the document that the browser asks for and does not hold yet."""
        return source_pane(self._pipeline.documents, entries, str(event.document))

    def _pending(self, question: str, entries: Entries, note: str) -> dict[str, Any]:
        return {"conversation": conversation(entries, self._sure, question.strip(), note)}

    def _answered(self, question: str, entries: Entries, answer: Answer) -> dict[str, Any]:
        entries = (*entries, Turn(question=question.strip(), answer=answer))
        shown = {"conversation": conversation(entries, self._sure), "entries": entries}
        if cited_documents(entries):
            shown["source"] = source_pane(self._pipeline.documents, entries)
        return shown

    def _failed(self, question: str, entries: Entries, reason: str) -> dict[str, Any]:
        entries = (*entries, Failure(question.strip(), " ".join(reason.split())))
        return {"conversation": conversation(entries, self._sure), "entries": entries, "box": question}


class _Asked(BaseModel):
    """What a client of the API sends."""

    question: str
    history: tuple[Message, ...] = ()
    documents: tuple[str, ...] | None = None


def _history(entries: Entries) -> list[Message]:
    turns = [entry for entry in entries if isinstance(entry, Turn)]
    pairs = [(("user", turn.question), ("assistant", turn.answer.text)) for turn in turns]
    return [Message.model_validate({"role": role, "content": text}) for pair in pairs for role, text in pair]


def _passages(count: int) -> str:
    return f"{count:,} passage" + ("" if count == 1 else "s")
