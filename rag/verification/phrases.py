"""Set phrases for numbers, days and hours, rewritten to the plain form that the checks of values know."""

from __future__ import annotations

import re

from rag.series import NUMBERS

_HOUR = rf"(?P<hour>{'|'.join([*NUMBERS][1:13])}|\d{{1,2}})(?! [a-z]{{4,}}s\b)"
_CLOCK = re.compile(rf"\b(?:(?P<half>half)|a? ?quarter) (?P<side>past|to) {_HOUR}\b", re.IGNORECASE)
_QUARTER = re.compile(r"\bQ([1-4])\b")
_AND_A_HALF = re.compile(
    r"\b(?P<count>an?|one|two|three|four|five|six|seven|eight|nine|ten) (?P<unit>[a-z]+) and a half\b", re.IGNORECASE
)
_HALF_A = re.compile(r"\b(?:half an? |(?:a )?half-)(?P<scale>dozen|hundred|thousand|million|billion)\b", re.IGNORECASE)
_HALVES = {"dozen": "six", "hundred": "fifty", "thousand": "500", "million": "500,000", "billion": "500 million"}
_DAYS = (
    (re.compile(r"\bNew Year's Day\b"), "1 January"),
    (re.compile(r"\bNew Year's Eve\b"), "31 December"),
    (re.compile(r"\bChristmas Eve\b"), "24 December"),
    (re.compile(r"\bChristmas Day\b"), "25 December"),
    (re.compile(r"\bBoxing Day\b"), "26 December"),
    (re.compile(r"\bMay Day\b"), "1 May"),
)


def plain_values(text: str) -> str:
    """The text with its set phrases for values in figures or plain words.

    >>> plain_values("On New Year's Eve it lasted an hour and a half, from a quarter to seven.")
    'On 31 December it lasted one and a half hours, from 6:45.'
    >>> plain_values("Half a dozen of them came in Q2, half past nine was too late.")
    'Six of them came in second quarter, 9:30 was too late.'
    """
    for pattern, plain in _DAYS:
        text = pattern.sub(plain, text)
    text = _CLOCK.sub(_clock, text)
    text = _AND_A_HALF.sub(_with_half, text)
    text = _HALF_A.sub(_half, text)
    return _QUARTER.sub(lambda found: f"{('first', 'second', 'third', 'fourth')[int(found[1]) - 1]} quarter", text)


def _clock(found: re.Match[str]) -> str:
    said = found["hour"].lower()
    hour = int(said) if said.isdigit() else NUMBERS[said]
    if found["half"]:
        return f"{hour}:30" if found["side"].lower() == "past" else found.group()
    return f"{hour}:15" if found["side"].lower() == "past" else f"{(hour - 2) % 12 + 1}:45"


def _with_half(found: re.Match[str]) -> str:
    count = "one" if found["count"].lower() in ("a", "an") else found["count"]
    return f"{count} and a half {found['unit'].removesuffix('s')}s"


def _half(found: re.Match[str]) -> str:
    value = _HALVES[found["scale"].lower()]
    return value.capitalize() if found.group()[0].isupper() else value
