"""Lists that a text lays out, bullets or numbers below a line that introduces them: given whole where that is asked.

"What do I have to bring?" is not answered by the first of four bullets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from rag.lexical import stems
from rag.questions import AnswerType, Asks, Question
from rag.schema import Document, Passage, Span
from rag.similarity import all_sentences
from rag.splitting import without_mark

_BULLET = re.compile(
    r"(?P<bullet>[-*+•‣◦▪–—])\s|(?P<number>\(?\d{1,3}[.)])\s|(?P<letter>\(?[a-z][.)])\s"
    r"|(?P<time>\d{1,2}[.:]\d\d(?:\s?[-–—]\s?\d{1,2}[.:]\d\d)?)\s"
    r"|(?P<label>(?!(?:Q|A|Question|Answer)\b)[A-Z][\w ,'’&/-]{0,30}:)\s+\S[^\n]{0,120}$"
)
"""What an item begins with; "Adults: 9 euros" is an item by its label, but no turn of a dialogue or interview."""
_HOW_TO = re.compile(
    r"\bhow (?:do|does|can|should|must|to|is|are)\b|\b(?:steps|procedure|instructions)\b", re.IGNORECASE
)
_STEPS = frozenset(stems("steps procedure instructions do work correctly properly"))
_HOUR = re.compile(r"\b0?(\d{1,2})[.:](\d\d)\b")
_GOES_ON = frozenset(
    stems("on go happen start begin do can happening programme schedule event session there planned plan")
)
_LABEL = re.compile(r"(?:\d{1,2}[.:]\d\d(?:\s?[-–—]\s?\d{1,2}[.:]\d\d)?\s+)?[^\W\d_][\w ,'’&/()-]{0,40}:\s")
_MOST_ITEMS, _MOST_CHARACTERS = 20, 1500
"""Of a list that is given whole; of a longer one the sentence is given that answers best."""
_LONGEST_LEAD, _LONGEST_LINE = 8, 90
"""Words of a line without a colon that introduces a list; characters of an item without a bullet."""
_ONE_OF_THEM = re.compile(
    r"\b(?:first|second|third|fourth|fifth|last|next|final|only|main|most|least|one|single|\w{3,}est"
    r"|(?:rule|step|point|item|no\.?|number) \d+)\b",
    re.IGNORECASE,
)
_ASKS_FOR_ALL = re.compile(
    r"\W*(?:what|which|who|list|name|tell|give|how (?:do|does|can|should|must|to|is|are)\b)", re.IGNORECASE
)
_PLAINLY_ALL = re.compile(r"\b(?:what|who) (?:else|other)\b|\blist\b", re.IGNORECASE)
_SAYS_NOTHING = frozenset(
    stems("list name thing item all everything every need take must should apply text give tell please")
)


@dataclass(frozen=True)
class Line:
    """A line of a programme, and what stands behind its hours."""

    document: Document
    line: Span
    what: Span


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
    lines = _lines(document.text)
    here = lines.numbers.get(sentence.start)
    first = None if here is None else lines.item_with(here)
    if first is None:
        return None
    starts, end = lines.items_with(first)
    found = lines.sentences
    items = tuple(
        Span(start=without_mark(document.text, found[a]).start, end=found[b - 1].end)
        for a, b in pairwise([*starts, end])
    )
    if not 2 <= len(items) <= _MOST_ITEMS or items[-1].end - items[0].start > _MOST_CHARACTERS:
        return None
    return Laid(document, lines.lead_of(starts[0]), items, lines.is_labelled(starts[0]))


class _Lines:
    """The sentences of a text, by their numbers, as items of lists."""

    def __init__(self, text: str) -> None:
        self._text = text
        self.sentences = all_sentences(text)
        ends = [0, *(span.end for span in self.sentences)]
        self._gaps = [text.count("\n", end, span.start) for end, span in zip(ends, self.sentences, strict=False)]
        self._gaps[:1] = [1]
        self.numbers = {span.start: number for number, span in enumerate(self.sentences)}
        self._marks = [self._marked(number) for number in range(len(self.sentences))]
        self._mark_plain_lines()

    def item_with(self, number: int) -> int | None:
        """Where the item begins that the sentence is in, or the first one below it."""
        begin = self._begin(number)
        if self._marks[begin]:
            return begin
        return number + 1 if number + 1 < len(self.sentences) and self._marks[number + 1] else None

    def items_with(self, first: int) -> tuple[list[int], int]:
        """Where all items of that list begin, and where the last one ends."""
        starts, kind = [first], self._marks[first]
        while (
            starts[0] > 0 and self._gaps[starts[0]] <= 2 and self._marks[before := self._begin(starts[0] - 1)] == kind
        ):
            starts.insert(0, before)
        end = self._end(first)
        while end < len(self.sentences) and self._gaps[end] <= 2 and self._marks[end] == kind:
            starts.append(end)
            end = self._end(end)
        return starts, end

    def lead_of(self, first: int) -> Span | None:
        """The line right above the first item, if it introduces: with a colon at its end, or as a heading."""
        if first == 0 or not 1 <= self._gaps[first] <= 2:
            return None
        line = self.sentences[first - 1]
        words = self._text[line.start : line.end]
        heading = len(words.split()) <= _LONGEST_LEAD and not re.search(r"[.!]$|:\s", words) and self._gaps[first - 1]
        if not heading and not words.endswith(":"):
            return None
        return self._without_sharps(line)

    def _without_sharps(self, line: Span) -> Span:
        return Span(start=line.end - len(self._text[line.start : line.end].lstrip("# ")), end=line.end)

    def is_labelled(self, number: int) -> bool:
        """Whether the item has a label or a time in the place of a bullet."""
        return self._marks[number] in ("label", "time")

    def numbered_sections(self) -> Iterator[tuple[Span, Span]]:
        """Each heading with the first numbered line of its section."""
        heading = None
        for number, span in enumerate(self.sentences):
            if self._is_heading(number):
                heading = span
            elif heading and self._marks[number] == "number":
                yield self._without_sharps(heading), span
                heading = None

    def _is_heading(self, number: int) -> bool:
        """Whether the sentence is a short line apart from what stands above it, without a stop or a bullet."""
        span = self.sentences[number]
        words = self._text[span.start : span.end]
        alone = number + 1 < len(self.sentences) and self._gaps[number + 1] > 0 and self._gaps[number] > 1
        return alone and not self._marks[number] and len(words.split()) <= _LONGEST_LEAD and words[-1] not in ".!?,;"

    def timed(self) -> Iterator[Span]:
        """The sentences that begin with an hour."""
        return (span for span, mark in zip(self.sentences, self._marks, strict=True) if mark == "time")

    def _marked(self, number: int) -> str:
        """The kind of bullet that the sentence begins with at the beginning of a line; "" where with none."""
        span = self.sentences[number]
        mark = _BULLET.match(self._text, span.start, span.end) if self._gaps[number] else None
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

    def _begin(self, number: int) -> int:
        while number > 0 and not self._gaps[number]:
            number -= 1
        return number

    def _end(self, number: int) -> int:
        number += 1
        while number < len(self.sentences) and not self._gaps[number]:
            number += 1
        return number


@lru_cache(maxsize=100)
def _lines(text: str) -> _Lines:
    return _Lines(text)


def all_of_it(question: Question, sentence: str, laid: Laid) -> bool:
    """Whether the question asks for the whole of the list that the sentence is in, and not for one thing in it.

    It does where nothing of it stands in the sentence alone. A question of fact has to have words of the line that
    introduces the list, and any question those of the title where no line does. An item with a label in the place of a
    bullet stands for itself: "Present: A, B and C".
    """
    if laid.labelled and sentence:
        return False
    listed = question.asks is Asks.LIST or bool(_PLAINLY_ALL.search(question.asked))
    fact = question.asks is Asks.FACT and question.answer_type in (AnswerType.TEXT, AnswerType.NAME)
    if not (listed or (fact and _ASKS_FOR_ALL.match(question.asked))):
        return False
    introduction = laid.introduction().lower()
    if any(match[0].lower() not in introduction for match in _ONE_OF_THEM.finditer(question.asked)):
        return False
    asked, above = set(question.stems) - _SAYS_NOTHING, set(stems(laid.introduction()))
    own = set(stems(sentence)) - above - set(stems(laid.document.title))
    return not asked & own and bool((listed and laid.lead) or asked & above)


def is_another_item(question: Question, document: Document, sentence: Span) -> bool:
    """Whether the sentence is an item about something else by its label, and the question names the label of another.

    >>> from rag.questions import analyse
    >>> text = "Prices\\n- Adults: 9 euros\\n- Students: 6 euros"
    >>> document, adults = Document(title="Sauna", text=text), Span(start=7, end=24)
    >>> [is_another_item(analyse(f"What do {who} pay?"), document, adults) for who in ("students", "adults", "dogs")]
    [True, False, False]
    """
    laid = list_of(document, sentence)
    own = laid and next((item for item in laid.items if sentence.start <= item.start < sentence.end), None)
    if not laid or not own:
        return False
    labels = {item: _LABEL.match(document.text, item.start, item.end) for item in laid.items}
    asked = set(question.stems) - _SAYS_NOTHING - set(stems(f"{laid.introduction()} {document.title}"))
    said = set(stems(document.text[sentence.start : sentence.end]))
    others = [set(stems(label[0])) for item, label in labels.items() if label and item != own]
    return labels[own] is not None and not asked & said and any(asked & other for other in others)


def line_at(question: Question, passages: Iterable[Passage], documents: Mapping[str, Document]) -> Line | None:
    """The one line that begins with the hour that the question names: "What is on at 11.20?".

    The question says nothing else that the line does not.
    """
    hours = {match.groups() for match in _HOUR.finditer(question.asked)}
    if question.asks not in (Asks.FACT, Asks.LIST) or len(hours) != 1:
        return None
    asked = set(stems(_HOUR.sub(" ", question.asked))) - _SAYS_NOTHING - _GOES_ON
    found = []
    for document_id in dict.fromkeys(passage.document_id for passage in passages):
        document = documents[document_id]
        for line in _lines(document.text).timed():
            begins = _HOUR.match(document.text, line.start, line.end)
            said = set(stems(f"{document.title} {document.text[line.start : line.end]}"))
            if begins and {begins.groups()} == hours and asked <= said:
                found.append(Line(document, line, Span(start=_after_hours(document.text, line), end=line.end)))
    return found[0] if len(found) == 1 else None


def _after_hours(text: str, line: Span) -> int:
    mark = _BULLET.match(text, line.start, line.end)
    return mark.end() if mark else line.start


def steps(question: Question, passages: Iterable[Passage], documents: Mapping[str, Document]) -> Laid | None:
    """The numbered steps in the section whose heading says what is asked how to do, also behind an introduction.

    >>> from rag.questions import analyse
    >>> from rag.splitting import split
    >>> text = "Kettle\\n\\nDescaling\\n\\nDo it twice a year.\\n\\n1. Fill it.\\n2. Boil it.\\n"
    >>> document = Document(title="Kettle", text=text)
    >>> found = steps(analyse("How do I descale the kettle?"), split(document, 700), {document.id: document})
    >>> [text[span.start : span.end] for span in (found.lead, *found.items)]
    ['Descaling', 'Fill it.', 'Boil it.']
    """
    if not _HOW_TO.search(question.asked) or _ONE_OF_THEM.search(question.asked):
        return None
    asked = set(question.stems) - _SAYS_NOTHING - _STEPS
    for document_id in dict.fromkeys(passage.document_id for passage in passages):
        document = documents[document_id]
        for heading, first in _lines(document.text).numbered_sections():
            words = set(stems(document.text[heading.start : heading.end]))
            if asked & words and asked <= words | set(stems(document.title)):
                laid = list_of(document, first)
                return replace(laid, lead=heading) if laid else None
    return None


def headed(question: Question, passages: Iterable[Passage], documents: Mapping[str, Document]) -> Laid | None:
    """The first list below a heading that says all that the question asks about: "What are the house rules?"."""
    asked = set(question.stems) - _SAYS_NOTHING
    for passage in passages:
        document = documents[passage.document_id]
        for sentence in passage.sentences:
            words = set(stems(document.text[sentence.start : sentence.end]))
            if not words or not asked & words or not asked <= words | set(stems(document.title)):
                continue
            laid = list_of(document, sentence)
            if laid and laid.lead and laid.lead.end == sentence.end and 2 * len(asked & words) >= len(words):
                return laid if all_of_it(question, "", laid) else None
    return None
