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
    last = len(entries)
    turns = [_turn(number, entry, sure, number == last) for number, entry in enumerate(entries, 1)]
    return tag("section", tag("ol", *turns, class_="turns"), role="log", aria_label="Conversation", class_="log")


def pending(question: str, note: str, ready: Sequence[StatementReady] = ()) -> str:
    """The question that is being answered: how far it is, and the statements that are there already."""
    progress = tag("p", escaped(note), class_="pending", role="status")
    reading = (reply.so_far(ready) if ready else "") + progress
    return tag("ol", _exchange(question, reading), class_="turns", aria_busy="true")


def notice(words: str) -> str:
    """One line above the box: what is wrong, and the remedy."""
    return tag("p", escaped(words), class_="notice", role="status")


def editing() -> str:
    """The line above the box while the last question is being edited."""
    leave = tag("button", "Leave it", type="button", class_="quiet leave")
    return tag(
        "p", tag("span", "Editing your last question: Enter asks it again."), leave, class_="notice", role="status"
    )


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


def _turn(number: int, entry: Entry, sure: float, last: bool) -> str:
    edit = tag("button", "Edit", type="button", class_="quiet edit", aria_label="Edit this question") if last else ""
    if isinstance(entry, Failure):
        failure = tag("p", escaped(entry.reason), class_="failure", role="status")
        return _exchange(entry.question, failure, edit)
    return _exchange(entry.question, reply.answer(entry.answer, number, sure), edit, entry.answer.kind)


def _exchange(question: str, answer: str, edit: str = "", kind: str | None = None) -> str:
    asked = tag("h3", tag("span", "You asked: ", class_="unseen"), escaped(question), class_="question")
    return tag("li", asked, edit, tag("div", answer, class_="reply", data_kind=kind), class_="turn")
