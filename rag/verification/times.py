"""Times that follow from a source's dates: "eight years later" from 1988 and 1996, forward or back.

A date has to stand in the source itself: one moved by a time that the source says would excuse too many wrong ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import combinations

from rag.series import WEEKDAYS
from rag.verification.dates import Moment

Parts = dict[str, int | str]
_MOST = 30
"""So many dates of a source are combined, and no more."""


def times_between(family: str, dates: Sequence[Moment]) -> Iterator[float]:
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
            yield from _short_times(a, b)


def _short_times(a: Parts, b: Parts) -> Iterator[float]:
    one, other = _date(a), _date(b)
    if one and other:
        yield 86400.0 * abs((one - other).days)
    if "weekday" in a and "weekday" in b:
        yield 86400.0 * ((WEEKDAYS.index(b["weekday"]) - WEEKDAYS.index(a["weekday"])) % 7)
    if "hour" in a and "hour" in b:
        yield 60.0 * ((_minutes(b) - _minutes(a)) % (720 if "?" in f"{a['hour']}{b['hour']}" else 1440))


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
