"""The question with a sentence's own value in place of another one: "Was it opened in May?" - "... in March ..."."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from rag.lexical import stem, stems
from rag.questions import Asks, Question, analyse
from rag.yesno.polarity import COUNTS, MONTH, names_and_numbers

_VALUE = re.compile(
    rf"(?P<month>\b(?:{MONTH.pattern})\b)|(?P<weekday>\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?\b)"
    r"|(?P<year>(?<![\d.,$€£])\b(?:1[5-9]|20)\d\d\b(?![.,]?\d))"
    r"|(?P<number>[$€£]?\d+(?:[.,:]\d+)*(?:st|nd|rd|th)?(?: (?:million|billion|thousand))?"
    rf"|\b(?i:{'|'.join(sorted(COUNTS))})\b)"
)
_UNIT = re.compile(r"[ -]?(?:(?:per cent|percent)|(?P<unit>[^\W\d]+|%))")


_STANDS_FOR_A_NAME = re.compile(
    r"\b(?:he|she|it|they|the (?:company|firm|club|team|group|town|city|village|study|council|school|museum|hospital"
    r"|festival|party|family|couple|author|artist|scientist))\b",
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


def with_its_value(question: Question, sentence: str) -> Question | None:
    """The yes/no question with the sentence's value in place of the one of that kind and unit that it lacks.

    None where it lacks none or several, or the sentence has not just one other.

    >>> changed = with_its_value(analyse("Was the pool opened in May 1990?"), "The pool was opened in March 1990.")
    >>> changed.asked
    'Was the pool opened in March 1990?'
    """
    if question.asks is not Asks.YES_NO:
        return None
    asked, said = _values(question.asked), _values(sentence)
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
    value = sentence[new.start : new.end]
    value = value.lower() if value.lower() in COUNTS else value
    return analyse(question.asked[: old.start] + value + question.asked[old.end :])


def as_it_says(question: Question, sentence: str, text: str) -> Question:
    """The question without the names that the rest of the text has and the sentence leaves to it: "She was born ...".

    >>> as_it_says(analyse("Was Ida Holt born in 1921?"), "She was born in 1921.", "Ida Holt sang. ...").stems
    ('born', '1921')
    """
    if not _STANDS_FOR_A_NAME.search(sentence):
        return question
    elsewhere = {name for name in names_and_numbers(question.asked) if not name[0].isdigit()} & set(stems(text))
    left_out = elsewhere - set(stems(sentence))
    return replace(question, stems=tuple(one for one in question.stems if one not in left_out))


def _values(text: str) -> Sequence[_Value]:
    found = []
    for match in _VALUE.finditer(text):
        kind, words = str(match.lastgroup), match[0].lower()
        unit = ""
        if kind == "number":
            sign = words[0] if words[0] in "$€£" else ""
            behind = _UNIT.match(text, match.end())
            unit = sign or (stem(behind["unit"].lower()) if behind and behind["unit"] else "%" if behind else "")
        found.append(_Value(match.start(), match.end(), kind, unit, COUNTS.get(words, words.replace(",", ""))))
    return found
