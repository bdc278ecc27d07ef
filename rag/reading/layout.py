"""How a text lays out its lines: lists of bullets, numbers, labels, hours or short lines below a colon, and heads."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from rag.reading.similarity import all_sentences
from rag.schema import Document, Span
from rag.splitting import without_mark

BULLET = re.compile(
    r"(?P<bullet>[-*+•‣◦▪])\s|(?P<number>\(?\d{1,3}[.)])\s|(?P<letter>\(?[a-z][.)])\s"
    r"|(?P<time>\d{1,2}[.:]\d\d(?:\s?[-–—]\s?\d{1,2}[.:]\d\d)?)\s+(?:[-–—:]\s+)?"
    r"|(?P<label>(?!(?:Q|A|Question|Answer)\b)[A-Z][\w ,'’&/-]{0,30}:)\s+\S[^\n]{0,120}$"
)
"""What an item begins with; dashes are no bullets, they begin the turns of a dialogue."""
_MOST_ITEMS, _MOST_CHARACTERS = 20, 1500
"""Of a list that is given whole; of a longer one the sentence is given that answers best."""
_LONGEST_LEAD, _LONGEST_LINE = 8, 90
"""Words of a line without a colon that introduces a list; characters of an item without a bullet."""


@dataclass(frozen=True)
class Laid:
    """A list as it stands in a document: the line that introduces it, if one does, and its items, all without marks."""

    document: Document
    lead: Span | None
    items: tuple[Span, ...]
    labelled: bool
    """Whether its items have labels or times in the place of bullets."""

    def introduction(self) -> str:
        """The words of the line that introduces it; of the title where none does."""
        return self.document.text[self.lead.start : self.lead.end] if self.lead else self.document.title

    def shorts(self) -> tuple[Span, ...]:
        """The items without the stop at their end."""
        ended = ((span, self.document.text[span.start : span.end].rstrip(" .;,")) for span in self.items)
        return tuple(Span(start=span.start, end=span.start + len(words)) for span, words in ended if words)


def list_of(document: Document, sentence: Span) -> Laid | None:
    """The list that has the sentence in an item, or that it introduces; None where there is none, or a very long one.

    >>> text = "Hut\\n\\nWhat to bring:\\n- a sheet\\n- sturdy shoes\\n\\nIt is open in May."
    >>> found = list_of(Document(title="Hut", text=text), Span(start=30, end=44))
    >>> [text[span.start : span.end] for span in (found.lead, *found.items)]
    ['What to bring:', 'a sheet', 'sturdy shoes']
    """
    return lines_of(document.text).list_with(document, sentence)


class Lines:
    """The sentences of a text, by their numbers, as items of lists."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.sentences = all_sentences(text)
        ends = [0, *(span.end for span in self.sentences)]
        self._gaps = [text.count("\n", end, span.start) for end, span in zip(ends, self.sentences, strict=False)]
        self._gaps[:1] = [1]
        self._numbers = {span.start: number for number, span in enumerate(self.sentences)}
        self._marks = [self._marked(number) for number in range(len(self.sentences))]
        self._mark_plain_lines()
        self._lists = list(self._found())
        self._list_of = {n: run for run in self._lists for n in range(run[0][0] - 1, run[1])}
        self._list_of |= {n: run for run in self._lists for n in range(run[0][0], run[1])}

    def list_with(self, document: Document, sentence: Span) -> Laid | None:
        """The list of that sentence; `document` is the one whose text this is."""
        here = self._numbers.get(sentence.start, -1)
        starts, end = self._list_of.get(here, ([], 0))
        if not 2 <= len(starts) <= _MOST_ITEMS or (here < starts[0] and not self._gaps[starts[0]]):
            return None
        ends = [*starts[1:], end]
        items = tuple(
            Span(start=without_mark(self._text, self.sentences[a]).start, end=self.sentences[b - 1].end)
            for a, b in zip(starts, ends, strict=True)
        )
        if items[-1].end - items[0].start > _MOST_CHARACTERS or self._is_dialogue(starts):
            return None
        return Laid(document, self._lead_of(starts[0]), items, self._marks[starts[0]] in ("label", "time"))

    def lists_below(self, document: Document, heading: Span) -> Iterator[Laid]:
        """The list below a heading, led by that; behind one line that introduces it, also led by both."""
        number = self._numbers.get(heading.start, -1)
        if number < 0 or not self._is_heading(number):
            return
        first, head = number + 1, self._without_sharps(heading)
        line = self.sentences[first]
        introduced = self._text[line.start : line.end].endswith(":")
        first += introduced
        starts, _ = self._list_of.get(first, ([], 0)) if first < len(self.sentences) else ([], 0)
        if first in starts[:1] and (laid := self.list_with(document, self.sentences[first])):
            yield replace(laid, lead=head)
            if introduced:
                yield replace(laid, lead=Span(start=head.start, end=line.end))

    def timed(self) -> Iterator[Span]:
        """The sentences that begin with an hour."""
        return (span for span, mark in zip(self.sentences, self._marks, strict=True) if mark == "time")

    def numbered_sections(self) -> Iterator[tuple[Span, Span]]:
        """Each heading with the first numbered line of its section."""
        heading = None
        for number, span in enumerate(self.sentences):
            if self._is_heading(number):
                heading = span
            elif heading and self._marks[number] == "number":
                yield self._without_sharps(heading), span
                heading = None

    def _found(self) -> Iterator[tuple[list[int], int]]:
        """Each list: where its items begin, and where the last one ends."""
        number = 0
        while number < len(self.sentences):
            kind = self._marks[number]
            starts, end = [number], self._end(number)
            while kind and end < len(self.sentences) and self._marks[end] == kind and self._gaps[end] <= 2:
                starts.append(end)
                end = self._end(end)
            if kind:
                yield starts, end
            number = end

    def _end(self, number: int) -> int:
        number += 1
        while number < len(self.sentences) and not self._gaps[number]:
            number += 1
        return number

    def _is_dialogue(self, starts: list[int]) -> bool:
        """Whether a label comes twice: two people in turn."""
        begins = [self._text[self.sentences[n].start : self.sentences[n].end] for n in starts]
        labels = [words.partition(":")[0] for words in begins]
        return self._marks[starts[0]] == "label" and len(set(labels)) < len(labels)

    def _lead_of(self, first: int) -> Span | None:
        """The line right above the first item, if it introduces: with a colon at its end, or as a heading."""
        if first == 0 or not 1 <= self._gaps[first] <= 2:
            return None
        line = self.sentences[first - 1]
        words = self._text[line.start : line.end]
        heading = len(words.split()) <= _LONGEST_LEAD and not re.search(r"[.!]$|:\s", words) and self._gaps[first - 1]
        return self._without_sharps(line) if heading or words.endswith(":") else None

    def _without_sharps(self, line: Span) -> Span:
        return Span(start=line.end - len(self._text[line.start : line.end].lstrip("# ")), end=line.end)

    def _marked(self, number: int) -> str:
        """The kind of bullet that the sentence begins with at the beginning of a line; "" where with none."""
        span = self.sentences[number]
        mark = BULLET.match(self._text, span.start, span.end) if self._gaps[number] else None
        return (mark["bullet"] or mark.lastgroup or "") if mark else ""

    def _mark_plain_lines(self) -> None:
        """Short lines without a stop right below a line that ends with a colon are items too."""
        for number in range(1, len(self.sentences)):
            above = self.sentences[number - 1]
            follows = self._marks[number - 1] == "line" or self._text[above.start : above.end].endswith(":")
            if self._gaps[number] == 1 and follows and not self._marks[number] and self._is_plain_line(number):
                self._marks[number] = "line"

    def _is_plain_line(self, number: int) -> bool:
        span = self.sentences[number]
        alone = number + 1 == len(self.sentences) or self._gaps[number + 1] > 0
        return alone and span.end - span.start <= _LONGEST_LINE and self._text[span.end - 1] not in ".!?:;,"

    def _is_heading(self, number: int) -> bool:
        """Whether the sentence is a short line apart from what stands above it, without a stop or a bullet."""
        span = self.sentences[number]
        words = self._text[span.start : span.end]
        alone = number + 1 < len(self.sentences) and self._gaps[number + 1] > 0 and self._gaps[number] > 1
        return alone and not self._marks[number] and len(words.split()) <= _LONGEST_LEAD and words[-1] not in ".!?,;"


@lru_cache(maxsize=100)
def lines_of(text: str) -> Lines:
    """The lines of a text; those of the texts last asked about are kept."""
    return Lines(text)
