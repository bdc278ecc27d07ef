"""The conversation as HTML: pure functions from entries to escaped text."""

from __future__ import annotations

from collections.abc import Sequence

from rag.schema import Document, StatementReady
from rag.web import reply
from rag.web.entries import Entry, Failure
from rag.web.markup import escaped, tag
from rag.web.wording import counted


def conversation(entries: Sequence[Entry], sure: float) -> str:
    """All entries, oldest first. `sure` is the confidence from which an answer is not called possible."""
    turns = [_turn(number, entry, sure) for number, entry in enumerate(entries, 1)]
    return tag("section", tag("ol", *turns, class_="turns"), role="log", aria_label="Conversation", class_="log")


def pending(question: str, note: str, ready: Sequence[StatementReady] = ()) -> str:
    """The question that is being answered: how far it is, and the statements that are there already."""
    progress = tag("p", escaped(note), class_="pending", role="status")
    reading = (reply.so_far(ready) if ready else "") + progress
    return tag("ol", _exchange(question, reading), class_="turns", aria_busy="true")


def welcome(documents: Sequence[Document]) -> str:
    """What stands in place of the conversation while it is empty; without documents, they are still being opened."""
    about = f"“{documents[0].title}”" if len(documents) == 1 else counted(len(documents), "text")
    return tag(
        "section",
        tag("h2", escaped(f"Ask about {about if documents else 'your texts'}")),
        tag(
            "p",
            "Every answer is quoted from the text and opens at the exact words. "
            "Where the text does not say, it says so.",
        ),
        class_="welcome",
    )


def _turn(number: int, entry: Entry, sure: float) -> str:
    if isinstance(entry, Failure):
        failure = tag("p", escaped(entry.reason), class_="failure", role="status")
        return _exchange(entry.question, failure, number)
    return _exchange(entry.question, reply.answer(entry.answer, number, sure), number, entry.answer.kind)


def _exchange(question: str, answer: str, number: int | None = None, kind: str | None = None) -> str:
    asked = tag("h3", tag("span", "You asked: ", class_="unseen"), escaped(question), class_="question")
    body = tag("div", answer, class_="reply", data_kind=kind)
    return tag("li", asked, body, class_="turn", data_turn=str(number) if number else None)
