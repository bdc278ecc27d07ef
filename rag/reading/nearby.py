"""Where a conversation is: a follow-up is mostly answered where the question before was, or in the next sentence."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from rag.grounding import one_line
from rag.questions import Asks, Question, analyse
from rag.questions.followups import standalone
from rag.reading.similarity import Pick, all_sentences
from rag.schema import Document, Message, Span
from rag.splitting import without_mark

_NEAR, _FAR = 1.0, -0.4
"""Added to the logit of a pick: where the answer before stood or in the sentence after, and elsewhere. Of 198
follow-ups about thirty texts 66 in 100 are answered there, in 8 of 100 sentences (docs/conversations.md)."""
_SURE = 1e-4
"""What no confidence is nearer to 0 or 1 than: confidences are rounded to it."""


@dataclass(frozen=True)
class Place:
    """The sentences that the last answer gave: document ids, and the sentences' numbers in their documents."""

    sentences: frozenset[tuple[str, int]]

    def weighed(self, picks: Sequence[Pick]) -> list[Pick]:
        """The picks in their order, surer of what stands here or next, less sure of the others."""
        return [replace(pick, confidence=_moved(pick.confidence, self._shift(pick))) for pick in picks]

    def _shift(self, pick: Pick) -> float:
        document, number = _numbered(pick)
        return _NEAR if self.sentences & {(document, number), (document, number - 1)} else _FAR


def place(
    messages: Sequence[Message], documents: Mapping[str, Document], picks: Callable[[Question], Sequence[Pick]]
) -> Place | None:
    """Where the last answer among the messages stood; None where there is none, and after a summary of the whole.

    Of an answer that quotes none of the documents, since it abstains or is in a model's words, it is the best of the
    `picks` for its question.
    """
    asked = max((at for at, message in enumerate(messages) if message.role == "user"), default=None)
    if asked is None:
        return None
    question = analyse(standalone(messages[asked].content, messages[:asked]))
    if question.asks is Asks.OVERVIEW or question.topic:
        return None
    said = "".join(message.content for message in messages[asked + 1 :])
    quoted = frozenset(
        (document.id, number)
        for document in documents.values()
        for number, sentence in enumerate(all_sentences(document.text))
        if f"{_as_quoted(document, sentence)} [" in said
    )
    return Place(quoted or frozenset(_numbered(pick) for pick in picks(question)[:1]))


def _as_quoted(document: Document, sentence: Span) -> str:
    """The sentence as an answer that states it gives it, before the marker."""
    span = without_mark(document.text, sentence)
    return one_line(document.text[span.start : span.end])


def _numbered(pick: Pick) -> tuple[str, int]:
    """The pick's document and the number of its sentence there."""
    starts = [span.start for span in all_sentences(pick.document.text)]
    return pick.document.id, bisect_right(starts, pick.sentence.start) - 1


def _moved(confidence: float, shift: float) -> float:
    """The confidence with `shift` added to its logit."""
    within = min(max(confidence, _SURE), 1 - _SURE)
    return round(1 / (1 + (1 - within) / within * math.exp(-shift)), 4)
