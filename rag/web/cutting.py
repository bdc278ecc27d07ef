"""Where things stand in a text: cuts it at labelled spans, finds exact answers and markers in a reply.

Offsets are code points of Python strings, so the browser, which counts UTF-16, never cuts.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Generic, TypeVar

from rag.grounding import MARKER, one_line
from rag.schema import Answer, Citation, SourceSpan

LabelT = TypeVar("LabelT", bound=Hashable)


@dataclass(frozen=True)
class Piece(Generic[LabelT]):
    """A stretch of text between two cuts, with the labels that hold for all of it, in the order given."""

    start: int
    end: int
    labels: tuple[LabelT, ...]


Labelled = tuple[int, int, LabelT]
"""`(start, end, label)`: what a label holds for."""


def cut(start: int, end: int, labelled: Iterable[Labelled[LabelT]]) -> Iterator[Piece[LabelT]]:
    """The pieces of `[start, end)` when it is cut at both ends of every labelled span. They join to the whole.

    >>> [(p.start, p.end, p.labels) for p in cut(0, 9, [(2, 6, "a"), (4, 9, "b")])]
    [(0, 2, ()), (2, 4, ('a',)), (4, 6, ('a', 'b')), (6, 9, ('b',))]
    """
    spans = [(max(a, start), min(b, end), label) for a, b, label in labelled if max(a, start) < min(b, end)]
    cuts = sorted({start, end, *(a for a, _, _ in spans), *(b for _, b, _ in spans)})
    for left, right in pairwise(cuts):
        yield Piece(left, right, tuple(label for a, b, label in spans if a <= left and right <= b))


def exact_places(answer: Answer) -> list[tuple[int, int]]:
    """Where the exact short answers stand in `answer.text`, as `(start, end)`.

    Found by their offsets in the cited sentence, whose one-line form stands in the text; by search where it
    does not (a reply in other words). One that cannot be found is left out.
    """
    places = (_exact_place(answer, span) for span in answer.emphasised())
    return [place for place in places if place]


def exact_within(citation: Citation, spans: Iterable[SourceSpan]) -> list[tuple[int, int]]:
    """Where `spans` stand in the citation's quote, of those that lie in it."""
    return [(s.start - citation.start, s.end - citation.start) for s in spans if citation.holds(s)]


def marker_places(answer: Answer) -> list[tuple[int, int, int]]:
    """The markers of `answer.text` as `(start, end, number)`.

    A `[1]` inside a quoted sentence is the source's own, as in an encyclopedia, and no marker.
    """
    quoted = [place for citation in answer.citations if (place := _quote_place(answer.text, citation))]
    return [
        (match.start(), match.end(), int(match[1]))
        for match in MARKER.finditer(answer.text)
        if 1 <= int(match[1]) <= len(answer.citations)
        and not any(start <= match.start() < end for start, end in quoted)
    ]


def _exact_place(answer: Answer, span: SourceSpan) -> tuple[int, int] | None:
    words = one_line(span.quote)
    for citation in answer.citations:
        place = _quote_place(answer.text, citation)
        if place and citation.holds(span):
            before = citation.quote[: span.start - citation.start]
            start = place[0] + len(one_line(before + "|")) - 1  # the bar keeps a blank at the end
            if answer.text.startswith(words, start):
                return start, start + len(words)
    start = answer.text.find(words)
    return (start, start + len(words)) if words and start >= 0 else None


def _quote_place(text: str, citation: Citation) -> tuple[int, int] | None:
    words = one_line(citation.quote)
    start = text.find(words)
    return (start, start + len(words)) if start >= 0 else None
