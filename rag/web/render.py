"""The conversation as HTML: pure functions from entries to escaped text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from rag.schema import Document, StatementReady
from rag.web import reply
from rag.web.entries import Entry, Failure
from rag.web.feedback import MAX_NOTE
from rag.web.markup import escaped, tag
from rag.web.wording import counted

_NO_THUMBS: Mapping[int, str] = MappingProxyType({})
_ICON = (
    '<svg viewBox="0 0 24 24" aria-hidden="true"><path d="M7 11v10H3V11h4zm0 0 4-9a3 3 0 0 1 3 3v4h5.3a2 2 0 0 1 2 '
    '2.3l-1.3 8A2 2 0 0 1 18 21H7"/></svg>'
)


def conversation(entries: Sequence[Entry], sure: float, thumbs: Mapping[int, str] = _NO_THUMBS) -> str:
    """All entries, oldest first, with what the visitor thinks of them by turn.

    `sure` is the confidence from which an answer is not called possible.
    """
    last = len(entries)
    turns = [_turn(number, entry, sure, number == last, thumbs.get(number)) for number, entry in enumerate(entries, 1)]
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


def _turn(number: int, entry: Entry, sure: float, last: bool, thumb: str | None) -> str:
    edit = tag("button", "Edit", type="button", class_="quiet edit", aria_label="Edit this question") if last else ""
    if isinstance(entry, Failure):
        failure = tag("p", escaped(entry.reason), class_="failure", role="status")
        return _exchange(entry.question, failure, edit)
    said = reply.answer(entry.answer, number, sure) + _judge(number, thumb)
    return _exchange(entry.question, said, edit, entry.answer.kind)


def _judge(turn: int, given: str | None) -> str:
    """Two thumbs, and the note that appears once one was pressed."""
    up = _thumb("up", "A good answer", given)
    down = _thumb("down", "A bad answer", given)
    words = tag(
        "input", type="text", maxlength=str(MAX_NOTE), placeholder="What was right or wrong?", aria_label="Note"
    )
    send = tag("button", "Send", type="submit", class_="quiet")
    kept = tag("small", "Kept by whoever runs this page, with the question and the answer.")
    note = tag("form", words, send, kept, class_="note", hidden=True)
    return tag("div", up, down, note, class_="judge", data_turn=str(turn))


def _thumb(thumb: str, label: str, given: str | None) -> str:
    pressed = "true" if given == thumb else "false"
    return tag("button", _ICON, type="button", class_=f"thumb {thumb}", aria_label=label, aria_pressed=pressed)


def _exchange(question: str, answer: str, edit: str = "", kind: str | None = None) -> str:
    asked = tag("h3", tag("span", "You asked: ", class_="unseen"), escaped(question), class_="question")
    return tag("li", asked, edit, tag("div", answer, class_="reply", data_kind=kind), class_="turn")
