"""Rows of a Markdown table read with the heads of their columns: "How many books can a student borrow?" is a cell.

A table of plain text has no sentences for a reader to understand. The question has to name a row by its cells and a
column by its head or by the kind of what is asked for, and to say hardly anything that the table does not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from rag.lexical import stems
from rag.questions import AnswerType, Asks, Question
from rag.schema import Document, Passage, Span
from rag.similarity import all_sentences
from rag.typed import typed_spans

SURE = 0.75
"""How sure to be of a cell, or of a list by its heading alone; set, not fitted: no question that calibrates is of these
kinds."""
_CELL = re.compile(r"[^|\n]+")
_RULE = re.compile(r"\s*\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)*\|?[ \t]*(?:\r?\n|$)")
"""The line between the heads and the rows."""
_PLAIN = frozenset(
    stems(
        "open close shut start begin end finish leave arrive come go cost pay charge price have has get take need want"
        " can allowed possible time day date hour much many long number name list there give happen use apply borrow"
        " stay last"
    )
)
"""What a question may say that the table does not."""
_HOUR = re.compile(r"\d{1,2}[:.]\d\d|\b\d{1,2} ?[ap]m\b|\b(?:noon|midnight|closed)\b", re.IGNORECASE)
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
class _Table:
    document: Document
    heads: Span
    columns: tuple[Span, ...]
    rows: tuple[tuple[Span, tuple[Span, ...]], ...]

    def words(self, span: Span) -> frozenset[str]:
        return frozenset(stems(self.document.text[span.start : span.end]))


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
    if question.asks not in (Asks.FACT, Asks.LIST):
        return None
    found = [
        cell
        for document_id in dict.fromkeys(passage.document_id for passage in passages)
        for table in _tables(documents[document_id])
        for cell in _cells(question, table)
    ]
    return found[0] if len(found) == 1 else None


def _tables(document: Document) -> Iterator[_Table]:
    text, lines = document.text, all_sentences(document.text)
    number = 0
    while number < len(lines):
        heads = lines[number]
        number += 1
        below = text.find("\n", heads.end) + 1
        rule = _RULE.match(text, below) if below and _is_row(text, heads) else None
        if not rule:
            continue
        first = number
        while number < len(lines) and _is_row(text, lines[number]) and _adjoins(text, lines, number, first, rule.end()):
            number += 1
        columns = _split(text, heads)
        split = ((line, _split(text, line)) for line in lines[first:number])
        rows = tuple((line, cells) for line, cells in split if len(cells) == len(columns))  # none with an empty cell
        if rows:
            yield _Table(document, heads, columns, rows)


def _is_row(text: str, line: Span) -> bool:
    return "|" in text[line.start : line.end]


def _adjoins(text: str, lines: list[Span] | tuple[Span, ...], number: int, first: int, below: int) -> bool:
    above = lines[number - 1].end if number > first else below
    return not re.search(r"\n[ \t]*\n", text[above : lines[number].start])


def _split(text: str, line: Span) -> tuple[Span, ...]:
    cells = []
    for match in _CELL.finditer(text, line.start, line.end):
        words = match[0].strip()
        if words:
            start = match.start() + match[0].index(words)
            cells.append(Span(start=start, end=start + len(words)))
    return tuple(cells)


def _cells(question: Question, table: _Table) -> Iterator[Cell]:
    """The cells in the row, or rows, that the question names best, of the column that it asks for."""
    asked = set(question.stems)
    heads = frozenset().union(*map(table.words, table.columns))
    named = [(asked & (frozenset().union(*map(table.words, cells)) - heads), row, cells) for row, cells in table.rows]
    most = max(len(words) for words, _, _ in named)
    for words, row, cells in named:
        if not most or len(words) < most or asked - words - heads - _PLAIN - set(stems(table.document.title)):
            continue
        naming = {i for i, cell in enumerate(cells) if table.words(cell) & words}
        column = _column(question, table, cells, naming)
        if column is not None:
            yield Cell(table.document, table.heads, row, cells[column])


def _column(question: Question, table: _Table, cells: tuple[Span, ...], naming: set[int]) -> int | None:
    """The column asked for, by its head, or else by the kind of its cell; never one that names the row."""
    text, asked = table.document.text, set(question.stems)
    others = [i for i in range(len(cells)) if i not in naming]
    by_head = [i for i in others if table.words(table.columns[i]) & asked]
    if len(by_head) > 1:
        most = max(len(table.words(table.columns[i]) & asked) for i in by_head)
        by_head = [i for i in by_head if len(table.words(table.columns[i]) & asked) == most]
    if by_head:
        return by_head[0] if len(by_head) == 1 else None
    if question.answer_type in _HEADS:
        heads = {i: text[table.columns[i].start : table.columns[i].end].lower() for i in others}
        fitting = [i for i in others if _HEADS[question.answer_type] & set(heads[i].split())]
    elif _WHEN.search(question.asked):
        fitting = [i for i in others if _HOUR.search(text[cells[i].start : cells[i].end])]
    elif question.answer_type in (AnswerType.MONEY, AnswerType.PERCENT):
        fitting = [i for i in others if typed_spans(question.answer_type, text[cells[i].start : cells[i].end])]
    else:
        fitting = []
    return fitting[0] if len(fitting) == 1 else None
