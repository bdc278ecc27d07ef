"""What a question names: names, numbers, months and weekdays."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.lexical import stem, stems, words
from rag.series import MONTHS, NUMBERS, WEEKDAYS

COUNTS = {word: str(number) for word, number in NUMBERS.items() if 2 <= number <= 12}
"""Numbers in words, from two to twelve."""
MONTH = (
    r"Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?|Oct(?:ober)?"
    r"|Nov(?:ember)?|Dec(?:ember)?"
)
WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?"
MONTH_OR_WEEKDAY = re.compile(rf"{MONTH}|{WEEKDAY}")
"""Their names number nothing."""
_TIMES = frozenset(stem(name) for name in (*MONTHS, *WEEKDAYS))


def names_and_numbers(question: str) -> list[str]:
    """The stems of a question's names and numbers, in order; its first word's capital says nothing, nor does "I".

    >>> names_and_numbers("Did Nvidia sell 40 chips to South Korea when I'm there?")
    ['nvidia', '40', 'south', 'korea']
    """
    tokens = words(question)
    found = (word for i, (word, _, _) in enumerate(tokens) if word[0].isdigit() or (word[0].isupper() and i > 0))
    return [one for word in found for one in stems(word)]


def is_time(name: Sequence[str]) -> bool:
    """Whether the stems of a name are a number, a month or a weekday.

    >>> is_time(["juli"]), is_time(["juli", "holt"]), is_time(["1992"])
    (True, False, True)
    """
    return all(word[0].isdigit() or word in _TIMES for word in name)


def names_grouped(question: str) -> list[list[str]]:
    """The stems of each name and number of a question, words of one name together.

    >>> names_grouped("Did South Korea buy 40 chips?")
    [['south', 'korea'], ['40']]
    """
    groups: list[list[str]] = []
    end = -1
    for place, (word, start, stop) in enumerate(words(question)):
        if found := names_and_numbers(f"x {word}") if place else []:
            if end >= 0 and question[end:start] == " " and not word[0].isdigit():
                groups[-1] += found
            else:
                groups.append(found)
            end = stop
    return groups
