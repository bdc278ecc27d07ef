"""The question with a sentence's own value in place of another one: "Was it opened in May?" - "... in March ..."."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.lexical import STOPWORDS, stem, stems
from rag.questions import Asks, Question, analyse
from rag.questions.followups.names import NAME, NOT_NAMES
from rag.reading.yesno.clauses import clause_at
from rag.reading.yesno.named import COUNTS, MONTH, WEEKDAY, names_and_numbers
from rag.schema import Span

_VALUE = re.compile(
    rf"(?P<weekday>\b{WEEKDAY}\b)|(?P<month>\b(?:{MONTH})\b)"
    r"|(?P<year>(?<![\d.,$€£])\b(?:1[5-9]|20)\d\d\b(?![.,]?\d))"
    r"|(?P<number>[$€£]?\d+(?:[.,:]\d+)*(?:st|nd|rd|th)?(?: (?:million|billion|thousand))?"
    rf"|\b(?i:{'|'.join(sorted(COUNTS))})\b)"
)
_UNIT = re.compile(r"[ -]?(?:(?:per cent|percent)|(?P<unit>[^\W\d]+|%))")
_BOUND = re.compile(
    r"\b(?:more|less|fewer|greater|higher|lower|other|later|earlier) than\b"
    r"|\b(?:at least|at most|over|under|above|below|up to|about|around|nearly|almost) (?=[\d$€£])"
    r"|\bby (?=\d{1,2}[.:]\d\d)|\b(?:before|after|since|until) (?=[\d$€£])"
    r"|\b(?:before|after|since|until|by) (?-i:(?=[A-Z]))",
    re.IGNORECASE,
)
"""A question of a bound may be right with another number."""
_OF = re.compile(r"\bof (?:the )?$", re.IGNORECASE)
"""Before a value that is another thing's: "the flood of 1950"."""
_STANDS_FOR_A_NAME = re.compile(
    r"\W*(?:(?:at the same time|in \d{4}|later|then),? )?(?P<who>he|she|it|they|the (?:company|firm|club|team|group"
    r"|town|city|village|study|council|school|museum|hospital|festival|party|family|couple|author|artist|scientist))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Value:
    """A number, month, weekday or year, where it stands, what it is a number of, and how it compares."""

    start: int
    end: int
    kind: str
    unit: str
    plain: str


def has_value(question: Question) -> bool:
    """Whether a yes/no question has a number, month, weekday or year that a sentence may have another of."""
    return question.asks is Asks.YES_NO and bool(_VALUE.search(question.asked, 1))


def with_its_value(question: Question, sentence: str) -> Question | None:
    """The yes/no question with the sentence's value in place of the one of that kind and unit that it lacks.

    None where it lacks none or several, or the sentence has not just one other.

    >>> changed = with_its_value(analyse("Was the pool opened in May 1990?"), "The pool was opened in March 1990.")
    >>> changed.asked
    'Was the pool opened in March 1990?'
    """
    if not has_value(question) or _BOUND.search(question.asked):
        return None
    auxiliary = re.match(r"\W*\w+", question.asked)
    asked, said = _values(question.asked, auxiliary.end() if auxiliary else 0), _values(sentence)
    lacking = [one for one in asked if one.plain not in {other.plain for other in said}]
    if len(lacking) != 1:
        return None
    old = lacking[0]
    rivals = {
        other.plain: other
        for other in said
        if (other.kind, other.unit) == (old.kind, old.unit) and other.plain not in {one.plain for one in asked}
    }
    if len(rivals) != 1:
        return None
    new = next(iter(rivals.values()))
    clause = clause_at(sentence, Span(start=new.start, end=new.end))
    if set(question.stems).isdisjoint(stems(sentence[clause.start : clause.end])) or _OF.search(sentence[: new.start]):
        return None
    value = sentence[new.start : new.end]
    value = value.lower() if value.lower() in COUNTS else value
    changed = question.asked[: old.start] + value + question.asked[old.end :]
    return replace(analyse(changed), asks=Asks.YES_NO)


def as_it_says(question: Question, sentence: str, text: str) -> Question:
    """The question without the name that the sentence leaves to the rest of its text, which is about it: "She was ...".

    >>> text = "Ida Holt sang. She was born in 1921."
    >>> as_it_says(analyse("Was Ida Holt born in 1921?"), "She was born in 1921.", text).stems
    ('born', '1921')
    """
    stands = _STANDS_FOR_A_NAME.match(sentence)
    found = [match[0] for match in NAME.finditer(text) if match[0].lower() not in STOPWORDS | NOT_NAMES]
    if not stands or not found:
        return question
    others = {"he": "she", "she": "he"}.get(stands["who"].lower())
    if others and re.search(rf"\b{others}\b", text, re.IGNORECASE):
        return question  # there are two of whom it may be said
    subject = set(stems(Counter(name.split()[-1] for name in found).most_common(1)[0][0]))
    named = {name for name in names_and_numbers(question.asked) if not name[0].isdigit()}
    left_out = (named & set(stems(text))) - set(stems(sentence)) if subject <= named else set()
    return replace(question, stems=tuple(one for one in question.stems if one not in left_out))


def _values(text: str, begin: int = 0) -> Sequence[_Value]:
    found = []
    for match in _VALUE.finditer(text, begin):
        kind, words = str(match.lastgroup), match[0].lower()
        unit = ""
        if kind == "number":
            sign = words[0] if words[0] in "$€£" else ""
            behind = _UNIT.match(text, match.end())
            unit = sign or (stem(behind["unit"].lower()) if behind and behind["unit"] else "%" if behind else "")
        found.append(_Value(match.start(), match.end(), kind, unit, COUNTS.get(words, _plain(words))))
    return found


def _plain(number: str) -> str:
    """A number as it compares: "19:00" is "19.00", "5 million" is "5,000,000"."""
    plain, _, scale = number.lstrip("$€£").replace(",", "").replace(":", ".").partition(" ")
    times = {"thousand": 10**3, "million": 10**6, "billion": 10**9}.get(scale)
    return f"{float(plain) * times:.0f}" if times and re.fullmatch(r"\d+(?:\.\d+)?", plain) else plain
