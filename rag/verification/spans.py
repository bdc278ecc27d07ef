"""Times and dates that follow from a source's own: the span between two dates, and a date moved by a time.

"Eight years later" follows from 1988 and 1996, 19 August from 17 August and "two days later"; whether the time runs
forward or back is not looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations

from rag.verification.dates import Moment
from rag.verification.facts import Values
from rag.verification.quantities import quantities

Parts = dict[str, int | str]
_SPANS = ("time", "months")
_LONGEST = 1e9
"""In seconds, some thirty years; a longer time is said in years."""
_MOST = 30
"""So many dates of a source are combined, and no more."""
_ONE_PERIOD = re.compile(
    r"\b(?:an?|one|the following|the next|the previous|that)\s+(hour|day|week|fortnight|month|year|decade)\b",
    re.IGNORECASE,
)
_NEXT = re.compile(r"\bthe (?:following|next|previous) (?:spring|summer|autumn|winter)\b", re.IGNORECASE)
_QUARTER = re.compile(r"\b(first|second|third|fourth) quarter\b", re.IGNORECASE)
_QUARTERS = "first second third fourth".split()


def spans(family: str, dates: Sequence[Moment]) -> Iterator[float]:
    """The time between two dates of the source, in seconds or months."""
    for one, other in combinations(dates[:_MOST], 2):
        a, b = one.parts, other.parts
        if family == "months" and "year" in a and "year" in b:
            months = 12 * abs(int(a["year"]) - int(b["year"]))
            yield months
            if "month" in a and "month" in b:
                yield abs(12 * (int(a["year"]) - int(b["year"])) + int(a["month"]) - int(b["month"]))
        if family == "months" and "month" in a and "month" in b and not ("year" in a and "year" in b):
            yield (int(b["month"]) - int(a["month"])) % 12
        if family == "time":
            yield from _short_spans(a, b)


def _short_spans(a: Parts, b: Parts) -> Iterator[float]:
    one, other = _date(a), _date(b)
    if one and other:
        yield 86400.0 * abs((one - other).days)
    if "weekday" in a and "weekday" in b:
        yield 86400.0 * ((_WEEKDAYS.index(b["weekday"]) - _WEEKDAYS.index(a["weekday"])) % 7)
    if "hour" in a and "hour" in b:
        yield 60.0 * ((_minutes(b) - _minutes(a)) % (720 if "?" in f"{a['hour']}{b['hour']}" else 1440))


_WEEKDAYS: list[int | str] = [*"monday tuesday wednesday thursday friday saturday sunday".split()]


def _minutes(parts: Parts) -> int:
    return 60 * int(str(parts["hour"]).rstrip("?")) + int(parts.get("minute", 0))


def _date(parts: Parts) -> date | None:
    """The day; of an unknown year one without a leap day."""
    if "day" not in parts or "month" not in parts:
        return None
    try:
        return date(int(parts.get("year", 2001)), int(parts["month"]), int(parts["day"]))
    except ValueError:
        return None


def is_derived_date(moment: Moment, found: Values) -> bool:
    """Whether a date is one of the source's moved by a time that the source says, or a month of its quarter.

    >>> source = Values.of("It opened on 17 August; the bridge closed two days later.")
    >>> [is_derived_date(Values.of(day).dates[0], source) for day in ("19 August", "20 August")]
    [True, False]
    """
    known = [other.parts for other in found.dates[:_MOST]]
    for parts in _moved(found):
        merged = {**{name: moment.parts[name] for name in moment.parts if _said(name, moment, known)}, **parts}
        if moment.parts.items() <= merged.items() and parts.items() & moment.parts.items():
            return True
    return False


def _said(name: str, moment: Moment, known: Sequence[Parts]) -> bool:
    return any(parts.get(name) == moment.parts[name] for parts in known)


def _moved(found: Values) -> Iterator[Parts]:
    """The dates of the source moved by each time that it says, and the months that its quarters begin and end with."""
    source = found.wording.text
    for match in _QUARTER.finditer(source):
        last = 3 * _QUARTERS.index(match[1].lower()) + 3
        for month in (last - 2, last):
            yield {"month": month}
    periods = [(a.family, a.worth) for a in found.amounts[:_MOST] if a.family in _SPANS and a.worth < _LONGEST]
    for match in _ONE_PERIOD.finditer(source):
        periods += [(a.family, a.size) for a in quantities(f"1 {match[1]}") if a.family in _SPANS]
    periods += [("months", 12.0)] if _NEXT.search(source) else []
    for parts in (moment.parts for moment in found.dates[:_MOST]):
        for family, length in periods:
            for signed in (length, -length):
                yield from _shifted(parts, family, signed)


def _shifted(parts: Parts, family: str, length: float) -> Iterator[Parts]:
    """A date moved by a time, as exactly as it is said."""
    if family == "months":
        months = int(length)
        if "year" in parts and "month" in parts:
            total = 12 * int(parts["year"]) + int(parts["month"]) - 1 + months
            yield {**parts, "year": total // 12, "month": total % 12 + 1}
        elif "year" in parts and months % 12 == 0:
            yield {**parts, "year": int(parts["year"]) + months // 12}
        elif "month" in parts:
            yield {**parts, "month": (int(parts["month"]) - 1 + months) % 12 + 1}
        return
    days, rest = divmod(length, 86400)
    day = _date(parts)
    if day and not rest and 99 < day.year < 9900:
        moved = day + timedelta(days=days)
        there: Parts = {"month": moved.month, "day": moved.day}
        yield {**there, "year": moved.year} if "year" in parts else there
    if "weekday" in parts and not rest:
        yield {"weekday": _WEEKDAYS[(_WEEKDAYS.index(parts["weekday"]) + int(days)) % 7]}
    if "hour" in parts:
        minutes = (_minutes(parts) + int(length // 60)) % 1440
        unsure = "?" in str(parts["hour"])
        yield {"hour": f"{minutes // 60 % 12}?" if unsure else minutes // 60, "minute": minutes % 60}
