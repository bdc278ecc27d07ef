"""The events of an answer: its statements once it is there, and when the first of them was shown."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing
from typing import cast

from rag.generative import AnswerEvents
from rag.schema import Answer, StatementReady


class First:
    """Passes events on and remembers when the first statement was among them."""

    def __init__(self) -> None:
        self.shown: float | None = None

    def of(self, reading: AnswerEvents) -> AnswerEvents:
        """The events of `reading`, and its Answer."""
        with closing(reading):
            while True:
                try:
                    event = next(reading)
                except StopIteration as ended:
                    return cast("Answer", ended.value)
                if isinstance(event, StatementReady):
                    self.shown = self.shown or time.perf_counter()
                yield event


def statements(answer: Answer) -> Iterator[StatementReady]:
    """The statements of a finished Answer as events."""
    for statement in answer.statements:
        yield StatementReady(
            statement=statement,
            text=answer.text[statement.start : statement.end],
            citations=tuple(answer.citations[marker - 1] for marker in statement.markers),
        )
