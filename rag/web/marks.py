"""A document's text with every cited span marked, and the ways back from a span to what cites it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.grounding import one_line
from rag.schema import Document, Turn
from rag.web.cutting import Labelled, cut
from rag.web.entries import NEAREST, Entry, cited_by, place_of, places
from rag.web.markup import escaped, tag


@dataclass(frozen=True)
class Mark:
    """Why a stretch of a document is marked: a citation's place, or an exact answer if it has none."""

    place: str
    kind: str
    """cited, nearest or exact, for the turn that came last; past for the turns before it."""


@dataclass(frozen=True)
class Back:
    """The way back from the end of a cited stretch to what cites it."""

    end: int
    turn: int
    number: int
    kind: str
    tip: str
    hangs: bool
    """Whether a line of the text ends here, so that the button may hang over the edge instead of wrapping."""


def marked(document: Document, entries: Sequence[Entry]) -> str:
    """The document's text with a `<mark>` for every piece that a turn cites; without tags it is the text itself.

    A mark names in `data-places` all the citations it belongs to, so overlapping ones are each whole. Where a
    citation ends stands a button without words of its own that leads back to the statements that cite it.
    """
    backs: dict[int, list[Back]] = {}
    for back in _backs(document, entries):
        backs.setdefault(back.end, []).append(back)
    pieces = cut(0, len(document.text), _labels(document, entries))
    return "".join(
        _piece(document.text[p.start : p.end], p.labels) + "".join(map(_back, backs.get(p.end, ()))) for p in pieces
    )


def _piece(text: str, marks: Sequence[Mark]) -> str:
    kinds = {mark.kind for mark in marks}
    names = " ".join(mark.place for mark in marks if mark.place)
    if not names:
        return escaped(text)
    kind = next(kind for kind in ("cited", "nearest", "past") if kind in kinds)
    return tag("mark", escaped(text), class_=kind + (" exact" if "exact" in kinds else ""), data_places=names)


def _back(back: Back) -> str:
    return tag(
        "button",
        type="button",
        class_=f"back {back.kind}{' hangs' if back.hangs else ''}",
        data_place=place_of(back.turn, back.number),
        data_label=str(back.number or ""),
        data_tip=back.tip,
        data_about="Cited by",
        aria_label=f"Back to the answer. {back.tip}",
    )


def _labels(document: Document, entries: Sequence[Entry]) -> Iterator[Labelled[Mark]]:
    for turn, entry in enumerate(entries, 1):
        last = turn == len(entries)
        for number, span in places(entry):
            if span.document_id == document.id:
                yield span.start, span.end, Mark(place_of(turn, number), _kind(number, last))
        for exact in entry.answer.emphasised() if last and isinstance(entry, Turn) else ():
            if exact.document_id == document.id:
                yield exact.start, exact.end, Mark("", "exact")


def _backs(document: Document, entries: Sequence[Entry]) -> Iterator[Back]:
    for turn, entry in enumerate(entries, 1):
        for number, span in places(entry):
            if span.document_id == document.id and isinstance(entry, Turn):
                said = cited_by(entry.answer, number) or ["Nearest passage"]
                tip = f"{one_line(entry.question)}\n{chr(10).join(said)}"
                hangs = document.text[span.end : span.end + 1] in ("", "\n", "\r")
                yield Back(span.end, turn, number, _kind(number, turn == len(entries)), tip, hangs)


def _kind(number: int, last: bool) -> str:
    """Of what kind a citation's mark is, given whether the last turn makes it."""
    return ("nearest" if number == NEAREST else "cited") if last else "past"
