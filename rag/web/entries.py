"""What a conversation on the page is made of, and the names that join its markers with the source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.grounding import MARKER, one_line
from rag.schema import Answer, Citation, Frozen, Message, Turn

NEAREST = 0
"""The number of the nearest passage among a turn's citations, which count from 1."""


class Failure(Frozen):
    """A question that could not be answered, with the reason in one line."""

    question: str
    reason: str


Entry = Turn | Failure
"""One question of the conversation with what came back."""
Entries = tuple[Entry, ...]
"""A conversation, oldest first."""


def place_of(turn: int, number: int) -> str:
    """The name that joins a marker with its marks in the source: turn and citation, both from 1.

    >>> place_of(2, 1)
    'c2-1'
    """
    return f"c{turn}-{number}"


def places(entry: Entry) -> Iterator[tuple[int, Citation]]:
    """The citations of an entry with their numbers; an abstention's nearest passage is number NEAREST."""
    if isinstance(entry, Turn):
        yield from enumerate(entry.answer.citations, 1)
        if entry.answer.nearest:
            yield NEAREST, entry.answer.nearest


def cited_by(answer: Answer, number: int) -> list[str]:
    """The statements that lean on citation `number`, their words without markers, one line each."""
    leaning = (statement for statement in answer.statements if number in statement.markers)
    return [one_line(MARKER.sub("", answer.text[s.start : s.end])) for s in leaning]


def turns(entries: Sequence[Entry]) -> tuple[Turn, ...]:
    """The entries that have an answer."""
    return tuple(entry for entry in entries if isinstance(entry, Turn))


def history(entries: Sequence[Entry]) -> list[Message]:
    """What was said before, as the pipeline takes it."""
    return [
        message
        for turn in turns(entries)
        for message in (
            Message(role="user", content=turn.question),
            Message(role="assistant", content=turn.answer.text),
        )
    ]
