"""Rows of a Markdown table read with the heads of their columns: "How many books can a student borrow?" is a cell.

A table of plain text has no sentences for a reader to understand. The question has to name a row by its cells and a
column by its head or by the kind of what is asked for, and to say hardly anything that the table does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rag.lexical import stem, stems
from rag.questions import AnswerType, Asks, Question
from rag.questions.typed import typed_spans
from rag.reading.similarity import all_sentences
from rag.reading.yesno.clauses import negated
from rag.schema import Document, Passage, Span

SURE = 0.75
"""How sure to be of a cell, or of a list by its heading alone; set, not fitted: no question that calibrates is of these
kinds."""
_RULE = re.compile(r"(?:[ \t]*\|)?[ \t]*:?-{2,}:?(?:[ \t]*\|[ \t]*:?-{2,}:?)*[ \t]*(?:\|[ \t]*)?(?:\r?\n|$)")
"""The line between the heads and the rows."""
PLAIN = frozenset(
    stems(
        "open close shut start begin end finish leave arrive come go cost pay charge price have has get take need want"
        " can allowed possible time day date hour much many long number name list there give happen use apply borrow"
        " stay last"
    )
)
"""What a question may say that the table does not."""
_HOUR = re.compile(r"\d{1,2}[:.]\d\d|\b\d{1,2} ?[ap]m\b|\b(?:noon|midnight|closed)\b", re.IGNORECASE)
_OPPOSED = frozenset(stems("open close depart leave arrive start begin end finish shut"))
_PRICES = frozenset(stems("price cost fee fare rate charge rent ticket amount"))
_HOW_MUCH = re.compile(r"\bhow much (?:is|are|was|were|for)\b|\b(?:cost|costs|price|pay)\b", re.IGNORECASE)
"""How much something is: its price."""
_TAKES = re.compile(r"\bhow long\b.*\b(?:takes?|lasts?|need|needed)\b", re.IGNORECASE)
_TIMES = frozenset(stems("time duration hours"))
_BOUNDS = frozenset(stems("minimum maximum min max"))
_USED = re.compile(r"\bused (?!to\b)", re.IGNORECASE)
"""Of a second hand; as a verb it is hardly worth a word."""
MEASURED = {
    stem(word): frozenset(stems(heads))
    for words, heads in (
        ("heavy weigh heavier", "weight mass"),
        ("loud noisy quiet", "noise loudness"),
        ("long", "length duration distance"),
        ("far", "distance length"),
        ("tall high", "height"),
        ("wide broad", "width"),
        ("deep", "depth"),
        ("thick", "thickness"),
        ("big large", "size area"),
        ("old", "age"),
        ("fast quick", "speed"),
        ("hot warm cold", "temperature"),
        ("steep", "gradient slope"),
        ("expensive dear cheap", "price cost"),
        ("hard difficult easy", "difficulty grade"),
        ("climb climbing", "ascent climb"),
        ("descend", "descent"),
    )
    for word in words.split()
}
"""What the head of a column is called where a question has an adjective or a verb."""
_WHEN = re.compile(r"\bwhen\b|\bwhat time\b|\bhours\b", re.IGNORECASE)
_HEADS = {
    AnswerType.NAME: frozenset("who whom name names person contact staff teacher leader guide speaker by for".split()),
    AnswerType.PLACE: frozenset("where place room location venue hall address site town".split()),
}


@dataclass(frozen=True)
class Cell:
    """A cell that answers: where it stands, in which row, and below which heads."""

    document: Document
    heads: Span
    row: Span
    cell: Span


@dataclass(frozen=True)
class Table:
    """The cells of a table with a head for each column."""

    document: Document
    heads: Span
    lines: tuple[Span, ...]
    """The rows as they stand in the text."""
    columns: tuple[Span | None, ...]
    rows: tuple[tuple[Span | None, ...], ...]
    """None for an empty cell."""
    whole: bool = True
    """Whether every line has a cell for each head."""
    has_things: bool = True
    """Whether the first cells of rows are what it tells of, and no properties: "Weight"."""

    def text(self, span: Span | None) -> str:
        """The words of a cell; none of an empty one."""
        return self.document.text[span.start : span.end] if span else ""

    def words(self, *spans: Span | None) -> frozenset[str]:
        """The stems of cells."""
        return frozenset(word for span in spans for word in stems(self.text(span)))

    @cached_property
    def said(self) -> frozenset[str]:
        """The stems of all rows."""
        return self.words(*(cell for row in self.rows for cell in row))

    def turned(self) -> Table:
        """The same cells with what stands on the left as the heads of columns, and the heads on the left of rows."""
        columns, *rows = zip(self.columns, *self.rows, strict=True)
        things = columns[0] is None
        return Table(self.document, self.heads, self.lines, columns, tuple(rows), self.whole, has_things=things)

    def cell(self, span: Span) -> Cell:
        """A cell with its line."""
        line = next((line for line in self.lines if line.start <= span.start < line.end), self.heads)
        return Cell(self.document, self.heads, line, span)


def cell_asked_for(question: Question, passages: Iterable[Passage], documents: Mapping[str, Document]) -> Cell | None:
    """The one cell of the tables of these documents that the question asks for.

    >>> from rag.questions import analyse
    >>> from rag.splitting import split
    >>> rows = "| Day | Open | Who |", "| --- | --- | --- |", "| Monday | 9:00 | men |", "| Friday | 8:00 | all |"
    >>> text = "\\n".join(rows)
    >>> document = Document(title="Sauna", text=text)
    >>> def asked(words):
    ...     found = cell_asked_for(analyse(words), split(document, 700), {document.id: document})
    ...     return found and text[found.cell.start : found.cell.end]
    >>> asked("When is it open on Friday?"), asked("Which day is for men?"), asked("Who cleans it on Friday?")
    ('8:00', 'Monday', None)
    """
    found = cells_asked_for(question, passages, documents)
    return found[0] if len(found) == 1 else None


def cells_asked_for(
    question: Question, passages: Iterable[Passage], documents: Mapping[str, Document]
) -> tuple[Cell, ...]:
    """All cells that the question fits: of "Which routes are easy?" one of each easy route."""
    if question.asks not in (Asks.FACT, Asks.LIST) or negated(question.asked):
        return ()
    tables = tables_in(passages, documents)
    for way in (tables, [table.turned() for table in tables]):
        if found := tuple(cell for table in way for cell in _cells(question, table)):
            return found
    return ()


def tables_in(passages: Iterable[Passage], documents: Mapping[str, Document]) -> list[Table]:
    """The tables of the documents that the passages are of."""
    names = dict.fromkeys(passage.document_id for passage in passages)
    return [table for name in names for table in _tables_of(documents[name])]


@lru_cache(maxsize=100)
def _tables_of(document: Document) -> tuple[Table, ...]:
    """The tables of a document; those of the ones last asked about are kept."""
    return tuple(_tables(document))


def is_another_row(question: Question, document: Document, sentence: Span) -> bool:
    """Whether the sentence is the row of something else: the question has words of another row, and none of this one.

    >>> from rag.questions import analyse
    >>> rows = "| Model | Price |", "| --- | --- |", "| Breeze | 9 |", "| Storm | 12 |"
    >>> document, breeze = Document(title="Fans", text="\\n".join(rows)), Span(start=32, end=46)
    >>> [is_another_row(analyse(f"How much is the {one}?"), document, breeze) for one in ("Storm", "Breeze", "other")]
    [True, False, False]
    """
    if not is_row(document, sentence):
        return False
    for table in _tables_of(document):
        if table.lines[0].start <= sentence.start < table.lines[-1].end:
            asked = set(question.stems) - table.words(*table.columns) - set(stems(document.title))
            own = set(stems(document.text[sentence.start : sentence.end]))
            return not asked & own and not asked.isdisjoint(table.said)
    return False


def _tables(document: Document) -> Iterator[Table]:
    text, lines = document.text, all_sentences(document.text)
    number = 0
    while number < len(lines):
        heads = lines[number]
        number += 1
        below = text.find("\n", heads.end) + 1
        rule = _RULE.match(text, below) if below and is_row(document, heads) else None
        if not rule:
            continue
        first = number
        while (
            number < len(lines) and is_row(document, lines[number]) and _adjoins(text, lines, number, first, rule.end())
        ):
            number += 1
        columns = _split(text, heads)
        split = [(line, _split(text, line)) for line in lines[first:number]]
        rows = [(line, cells) for line, cells in split if len(cells) == len(columns)]
        if rows:
            cells = tuple(cells for _, cells in rows)
            yield Table(document, heads, tuple(line for line, _ in rows), columns, cells, len(rows) == len(split))


def is_row(document: Document, line: Span) -> bool:
    """Whether the line may be one of a table."""
    return "|" in document.text[line.start : line.end]


def _adjoins(text: str, lines: list[Span] | tuple[Span, ...], number: int, first: int, below: int) -> bool:
    above = lines[number - 1].end if number > first else below
    return not re.search(r"\n[ \t]*\n", text[above : lines[number].start])


def _split(text: str, line: Span) -> tuple[Span | None, ...]:
    """The cells of a row; None for one without a letter or digit."""
    cells: list[Span | None] = []
    start = line.start
    for cell in text[line.start : line.end].split("|"):
        begin = start + len(cell) - len(cell.lstrip())
        said = any(character.isalnum() for character in cell)
        cells.append(Span(start=begin, end=begin + len(cell.strip())) if said else None)
        start += len(cell) + 1
    first = text[line.start] == "|"
    last = text[line.end - 1] == "|"
    return tuple(cells[first : len(cells) - last])


def _cells(question: Question, table: Table) -> Iterator[Cell]:
    """The cells in the row, or rows, that the question names best, most of it in one cell, of the column asked for."""
    heads = table.words(*table.columns)
    asked = _asked(question, heads)
    if not table.rows or _USED.search(question.asked):
        return
    named = [(asked & (table.words(*cells) - heads), cells) for cells in table.rows]
    fits = [(len(words), max(len(words & table.words(cell)) for cell in cells)) for words, cells in named]
    best = max(fits)
    for fit, (words, cells) in zip(fits, named, strict=True):
        if not words or fit < best or asked - words - heads - PLAIN - set(stems(table.document.title)):
            continue
        naming = {i for i, cell in enumerate(cells) if table.words(cell) & words}
        if all(word[0].isdigit() for word in words) and not any(
            i == 0 or table.words(table.columns[i]) & asked for i in naming
        ):
            continue  # "Who may borrow 5 books?" is not answered by five days
        column = _column(question, asked, table, cells, naming)
        told = column or (column == 0 and table.has_things)
        if told and column is not None and (cell := cells[column]) and _measures(question, table, column, cell):
            yield table.cell(cell)


def _asked(question: Question, heads: frozenset[str]) -> set[str]:
    """The stems of the question; in the place of an adjective those heads by which it is measured."""
    takes = _TIMES & heads if _TAKES.search(question.asked) else frozenset()
    measured = {word: takes or MEASURED.get(word, frozenset()) & heads for word in question.stems}
    asked = {head for word in question.stems for head in (measured[word] if word in MEASURED else ()) or {word}}
    return asked | (_PRICES & heads) if _HOW_MUCH.search(question.asked) else asked


def _measures(question: Question, table: Table, column: int, cell: Span) -> bool:
    """Whether the cell is no time of day where a duration is asked for, and no least age where an age is."""
    bounds = _BOUNDS & table.words(table.columns[column]) - set(question.stems)
    return not bounds and not (_TAKES.search(question.asked) and _HOUR.search(table.text(cell)))


def _column(
    question: Question, asked: set[str], table: Table, cells: Sequence[Span | None], naming: set[int]
) -> int | None:
    """The column asked for, by its head, or else by the kind of its cell; never one that names the row."""
    others = [i for i in range(len(cells)) if i not in naming]
    shared = {i: len(table.words(table.columns[i]) & asked) for i in others}
    most = max(shared.values(), default=0)
    if most:
        fitting = [i for i in others if shared[i] == most]
    else:
        fitting = [i for i in others if _suits(question, table.text(table.columns[i]), table.text(cells[i]))]
    if len(fitting) > 1:  # "How long is the hard route?" asks for no route
        fitting = [i for i in fitting if i]
    return fitting[0] if len(fitting) == 1 else None


def _suits(question: Question, head: str, cell: str) -> bool:
    """Whether a cell below that head is of the kind that the question asks for, whose words the head does not have."""
    words = set(stems(head))
    if question.answer_type in _HEADS:
        return bool(_HEADS[question.answer_type] & set(head.lower().split()))
    if _WHEN.search(question.asked):
        opposed = words & _OPPOSED and set(question.stems) & _OPPOSED
        return bool(_HOUR.search(cell)) and not opposed
    if question.answer_type in (AnswerType.MONEY, AnswerType.PERCENT):
        return bool(typed_spans(question.answer_type, cell)) and words <= _PRICES
    return False
