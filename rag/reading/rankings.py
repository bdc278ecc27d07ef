"""Rows of a table ranked by a column: "Which model is the lightest?", "Which is cheaper, the B20 or the B50?"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from rag.lexical import stem, stems
from rag.questions import Asks, Question
from rag.reading.tables import MEASURED, PLAIN, Table, tables_in
from rag.reading.yesno.clauses import negated
from rag.schema import Document, Passage, Span

_MOST_ROWS = 12
_PRICED = "price cost fee fare rent"
_PRICES = frozenset(stems(_PRICED))
_GRADES = {
    word: (more, frozenset(stems(heads)))
    for words, more, heads in (
        ("heavier heaviest", True, "weight mass"),
        ("lighter lightest", False, "weight mass"),
        ("dearer dearest priciest", True, _PRICED),
        ("cheaper cheapest", False, _PRICED),
        ("longer longest", True, "length distance"),
        ("shorter shortest", False, "length distance"),
        ("higher highest taller tallest", True, "height altitude elevation"),
        ("lower lowest", False, "height altitude elevation"),
        ("wider widest broader broadest", True, "width"),
        ("narrower narrowest", False, "width"),
        ("deeper deepest", True, "depth"),
        ("shallower shallowest", False, "depth"),
        ("larger largest bigger biggest", True, "size area capacity"),
        ("smaller smallest", False, "size area capacity"),
        ("older oldest", True, "age"),
        ("younger youngest", False, "age"),
        ("quicker quickest faster fastest", False, "time duration"),
        ("slower slowest", True, "time duration"),
        ("louder loudest noisier noisiest", True, "noise loudness"),
        ("quieter quietest", False, "noise loudness"),
        ("warmer warmest hotter hottest", True, "temperature"),
        ("colder coldest cooler coolest", False, "temperature"),
        ("steeper steepest", True, "gradient slope ascent"),
    )
    for word in words.split()
}
"""A word that ranks: whether by more, and the heads of what it ranks by."""
_MORE = frozenset("most more highest higher largest larger biggest bigger greatest greater longest longer".split())
_LESS = frozenset("least less lowest lower smallest smaller fewest fewer shortest shorter".split())
_EXPENSIVE = re.compile(r"\b(?P<grade>most|more|least|less) (?P<what>expensive|costly)\b", re.IGNORECASE)
_WHICH = re.compile(r"^\W*(?:(?:and|so|but),? )*(?:which|what|how)\b", re.IGNORECASE)
_RANKED_BELOW = re.compile(
    r"\b(?:second|third|fourth|fifth|next|\d+(?:nd|rd|th)|than|except|excluding|besides|apart from"
    r"|but (?:one|two|three)|almost|nearly|how many)\b",
    re.IGNORECASE,
)
_HOW = re.compile(r"\W*(?:(?:and|so|but),? )*how (?P<much>\w+)", re.IGNORECASE)
_VALUE = re.compile(
    r"(?P<before>[$€£¥]|EUR|USD|GBP|CHF|) ?(?P<number>[-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?) ?(?P<unit>[^\d,;–-]*)"
)
_HOURS = re.compile(r"(?P<hours>\d+) ?h(?:ours?|rs?)? ?(?P<minutes>\d+) ?m(?:in(?:ute)?s?)?\.?", re.IGNORECASE)
_THOUSANDS = re.compile(r"\d{1,3}\.\d{3}(?!\d)")
"""A thousand, or one point nought: who writes so means either."""
_NO_AMOUNT = frozenset(("am", "pm", "a.m", "p.m", "o'clock"))
"""Units of a time of day."""
_TOTALS = frozenset(stems("total sum sums average mean overall altogether"))
_NOTHING = frozenset(("free", "none", "nothing", "no charge"))
_ANY_UNIT = "any"
"""The unit of nothing: "free" is less than eight euros."""


@dataclass(frozen=True)
class Ranking:
    """The rows that were compared, the first one before the others, and the words that answer."""

    document: Document
    heads: Span
    lines: tuple[Span, ...]
    short: Span


def ranked(question: Question, passages: Iterable[Passage], documents: Mapping[str, Document]) -> Ranking | None:
    """The first of the rows that the question ranks by a column; None where not all of them can be compared.

    >>> from rag.questions import analyse
    >>> from rag.splitting import split
    >>> text = "\\n".join(("| Model | Weight |", "| --- | --- |", "| B20 | 5.2 kg |", "| B50 | 11 kg |"))
    >>> document = Document(title="Fans", text=text)
    >>> found = ranked(analyse("Which model is the lightest?"), split(document, 700), {document.id: document})
    >>> text[found.short.start : found.short.end], len(found.lines)
    ('B20', 2)
    """
    which = _WHICH.match(question.asked) and not _RANKED_BELOW.search(question.asked)
    if question.asks not in (Asks.FACT, Asks.LIST) or negated(question.asked) or not which:
        return None
    tables = tables_in(passages, documents)
    found = [one for table in tables for way in (table, table.turned()) if (one := _ranked(question, way))]
    return found[0] if len(found) == 1 else None


def _ranked(question: Question, table: Table) -> Ranking | None:
    heads = [table.words(column) for column in table.columns]
    grade = _grade(question, heads)
    if grade is None or len(table.columns) < 2 or not table.whole:
        return None
    column, more, used = grade
    naming = _naming(question, heads, column)
    if _asks_for_another(question, heads, {column, naming}):
        return None
    rows = _rows(question, table, column, used)
    values = [_value(table.text(row[column])) for row in rows]
    units = {value[1] for value in values if value} - {_ANY_UNIT}
    names = [table.text(row[naming]).lower() for row in table.rows]
    if len(set(names)) < len(names) or any(_TOTALS & set(stems(name)) for name in names):
        return None
    if not 1 < len(rows) <= _MOST_ROWS or None in values or len(units) != 1:
        return None
    order = sorted(range(len(rows)), key=lambda i: (values[i] or (0.0, ""))[0] * (-1 if more else 1))
    first, second = ((values[i] or (0.0, ""))[0] for i in order[:2])
    best = rows[order[0]]
    short = best[column] if _HOW.match(question.asked) else best[naming]
    if first == second or short is None:
        return None
    cells = [cell for i in order for cell in (rows[i][column],) if cell]
    lines = dict.fromkeys(table.cell(cell).row for cell in cells)
    return Ranking(table.document, table.heads, tuple(lines), short)


def _grade(question: Question, heads: Sequence[frozenset[str]]) -> tuple[int, bool, frozenset[str]] | None:
    """The column by which is ranked, whether by more, and the stems of the words that say so."""
    tokens = re.findall(r"[a-z]+", question.asked.lower())
    if dear := _EXPENSIVE.search(question.asked):
        column = _one(heads, _PRICES)
        used = frozenset(stems(dear[0]))
        return (column, dear["grade"].lower() in _MORE, used) if column is not None else None
    for i, word in enumerate(tokens):
        if word in _MORE | _LESS:  # "the largest tank", "the most power"
            for behind in tokens[i + 1 : i + 3]:
                named = _one(heads, frozenset((stem(behind),)))
                if named:  # not the first column, which names the rows
                    return named, word in _MORE, frozenset(stems(word)) | heads[named]
        if word in _GRADES:
            more, measured = _GRADES[word]
            column = _one(heads, measured)
            return (column, more, frozenset(stems(word))) if column is not None else None
    return None


def _asks_for_another(question: Question, heads: Sequence[frozenset[str]], own: set[int]) -> bool:
    """Whether the question names another column than it ranks by, or asks for the price of the lightest."""
    asked, how = set(question.stems), _HOW.match(question.asked)
    if any(i not in own and head & asked for i, head in enumerate(heads)):
        return True
    ranked_by = frozenset().union(*(heads[i] for i in own))
    priced = re.search(r"\bhow much\b|\bcosts?\b|\bprices?\b", question.asked, re.IGNORECASE)
    if priced:
        return not ranked_by & _PRICES
    return how is not None and not (MEASURED.get(stem(how["much"].lower()), frozenset()) & ranked_by)


def _one(heads: Sequence[frozenset[str]], wanted: frozenset[str]) -> int | None:
    found = [i for i, head in enumerate(heads) if head & wanted]
    return found[0] if len(found) == 1 else None


def _rows(question: Question, table: Table, column: int, used: frozenset[str]) -> list[tuple[Span | None, ...]]:
    """The rows among which it is asked: those that the question names, those of a kind that it names, or all."""
    known = used | PLAIN | table.words(*table.columns) | frozenset(stems(f"one ones of all {table.document.title}"))
    how = _HOW.match(question.asked)
    rest = set(question.stems) - known - ({stem(how["much"].lower())} if how else set())
    if not rest:
        return list(table.rows)
    said = [table.words(*(cell for i, cell in enumerate(row) if i != column)) & rest for row in table.rows]
    if rest - frozenset().union(*said):
        return []
    chosen = [row for row, words in zip(table.rows, said, strict=True) if words]
    either = re.search(r"\bor\b", question.asked, re.IGNORECASE)
    alike = [row for row, words in zip(table.rows, said, strict=True) if words == rest]
    return chosen if either else alike


def _naming(question: Question, heads: Sequence[frozenset[str]], column: int) -> int:
    """The column that names a row: the one that is asked for, else the first."""
    asked = set(question.stems)
    return next((i for i, head in enumerate(heads) if i != column and head & asked), 0 if column else 1)


def _value(cell: str) -> tuple[float, str] | None:
    """The number in a cell with its unit, hours and minutes in hours; None for a range, a time of day or words."""
    if cell.strip().lower() in _NOTHING:
        return 0.0, _ANY_UNIT
    if hours := _HOURS.fullmatch(cell.strip()):
        return float(hours["hours"]) + float(hours["minutes"]) / 60, "h"
    found = _VALUE.fullmatch(cell.strip())
    if found is None or _THOUSANDS.search(cell):
        return None
    unit = f"{found['before']}{found['unit']}".strip().lower().rstrip(".")
    if unit in _NO_AMOUNT:
        return None
    return float(found["number"].replace(",", "").replace("−", "-")), unit
