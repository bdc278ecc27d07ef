"""Numbers, amounts and dates of a statement: they must stand in the source, and as limited."""

from __future__ import annotations

import re

from rag.verification.bounds import Bound
from rag.verification.dates import Moment
from rag.verification.derived import is_derived
from rag.verification.facts import Values, in_words, is_same
from rag.verification.numerals import numerals
from rag.verification.quantities import Quantity
from rag.verification.units import same_family, unit_of

_SCALE_OF_ONE = ("words", "times")


def missing_value(said: Values, found: Values, around: Values) -> str | None:
    """The first number or date of the statement that the source does not have, in words for a person.

    >>> missing_value(Values.of("It sold 40 cars in May 2021."), Values.of("It sold forty cars on 3 May 2021."), Values.of(""))
    >>> missing_value(Values.of("It sold 41 cars."), Values.of("It sold forty cars."), Values.of(""))
    'its citations do not say 41'
    """
    for moment in said.dates:
        if not _dated(moment, found, around):
            return f"its citations do not say {in_words(said, moment)}"
    for amount in said.amounts:
        if not _counted(amount, said, found, around):
            return f"its citations do not say {in_words(said, amount)}"
    return None


def has_derived(said: Values, found: Values) -> bool:
    """Whether a number of the statement only follows from those of the source: of 4,000 the 1,500 that others leave."""
    return any(
        is_derived(a, said, found) and not any(is_same(a, other) for other in found.amounts) for a in said.amounts
    )


def changed_bound(said: Values, found: Values) -> str | None:
    """A quantity whose limit the statement changes: "at least 17" is not "exactly 17", nor "17".

    >>> changed_bound(Values.of("The grant is €5,000."), Values.of("The grant is up to €5,000."))
    'its citations say "up to" or the like of 5,000'
    >>> changed_bound(Values.of("It has more than 40 rooms."), Values.of("It has over 40 rooms."))
    """
    for amount in said.amounts:
        if amount.form == "ordinal" or (amount.value in (0.0, 1.0) and not amount.family):
            continue
        bounds = {other.bound for other in found.amounts if amount.says(other)}
        if bounds and not any(_bound_fits(amount.bound, bound) for bound in bounds):
            words = said.wording.text[amount.start : amount.end]
            if bounds == {Bound.NONE}:
                return f"its citations do not limit {words} so"
            first = sorted(bounds - {Bound.NONE})[0]
            shown = {"at most": '"up to"', "at least": '"at least"', "about": '"about"', "exactly": '"exactly"'}[first]
            return f"its citations say {shown} or the like of {words.lstrip('$€£')}"
    return None


_RATES = {
    period: re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for period, words in {
        "hour": "an hour|per hour|hourly|each hour|every hour",
        "day": "a day|per day|daily|each day|every day|a night|nightly|per night",
        "week": "a week|per week|weekly|each week|every week",
        "month": "a month|per month|monthly|each month|every month",
        "year": "a year|per year|yearly|annual|annually|each year|every year|per annum",
        "term": "a term|per term|each term|every term",
        "decade": "a decade|per decade|each decade|every decade",
    }.items()
}


_STAGES = {
    "day": {"early": (1, 12), "mid": (9, 21), "late": (18, 31)},
    "month": {"early": (1, 4), "mid": (5, 8), "late": (9, 12)},
}
"""The first and last day of a month, and month of a year, that are early, mid or late in it."""


def other_rate(said: Values, found: Values) -> str | None:
    """A "per day" of the statement where the source counts by another period, in words for a person.

    >>> other_rate(Values.of("Each day 40 ships pass."), Values.of("Every year 40 ships pass."))
    'its citations do not say it of each day'
    """
    mine = {period: match for period, pattern in _RATES.items() if (match := pattern.search(said.wording.text))}
    theirs = {period for period, pattern in _RATES.items() if pattern.search(found.wording.text)}
    if mine and theirs and theirs.isdisjoint(mine) and said.amounts:
        return f"its citations do not say it of {next(iter(mine.values())).group().lower()}"
    return None


def _dated(moment: Moment, found: Values, around: Values) -> bool:
    agreeing = [other for other in (*found.dates, *around.dates) if moment.agrees(other)]
    for other in agreeing:
        lacking = {name: value for name, value in moment.parts.items() if name not in other.parts}
        if "stage" in lacking and _stage_fits(str(lacking["stage"]), moment, other):
            del lacking["stage"]
        if not lacking or all(_near(name, moment, other, found, around) for name in lacking):
            return True
    return _as_number(moment, found)


def _stage_fits(stage: str, said: Moment, moment: Moment) -> bool:
    """Whether a day of the month is early, mid or late in it, or a month so in a year where only that is said."""
    within = "month" if "month" not in said.parts and "year" in said.parts else "day"
    first, last = _STAGES[within].get(stage, (0, 0))
    return first <= int(moment.parts.get(within, -1)) <= last


def _near(name: str, said: Moment, moment: Moment, found: Values, around: Values) -> bool:
    """Whether a part that a date lacks is said by the nearest date before it that has it, else by the next, else around;
    a date that is another one in any part does not count."""
    having = [other for other in found.dates if name in other.parts]
    before = [other for other in having if other.start <= moment.start]
    nearest = before[-1:] or having[:1]
    return any(name in other.parts and said.agrees(other) for other in (*nearest, *around.dates))


def _as_number(moment: Moment, found: Values) -> bool:
    """A year, a century or a clock time that the source writes as a bare number: "in the 15th", "at 4.40"."""
    parts = moment.parts
    if set(parts) == {"year"}:
        return any(amount.value == parts["year"] for amount in found.amounts)
    if "century" in parts:
        return any(a.value == parts["century"] and a.form == "ordinal" for a in found.amounts)
    if "hour" in parts:
        spent = {(a.family, a.value * a.size) for a in found.amounts}
        if ("time", 3600.0 * int(str(parts["hour"]).rstrip("?"))) in spent and (
            "time",
            60.0 * int(parts["minute"]),
        ) in spent:
            return True  # "2:14" for 2 hours 14 minutes
        clock = float(f"{int(str(parts['hour']).rstrip('?'))}.{int(parts['minute']):02}")
        return any(
            abs(amount.value - clock) < 1e-9 or abs(amount.value + 12 - clock) < 1e-9 for amount in found.amounts
        )
    return False


def _counted(amount: Quantity, said: Values, found: Values, around: Values) -> bool:
    counted = (
        _COUNTED.match(said.wording.text, amount.last) and amount.form in ("digits", "words") and not amount.family
    )
    if any(
        is_same(amount, other) and not (counted and other.family in _MEASURES and not other.scaled)
        for other in (*found.amounts, *around.amounts)
    ):
        return True
    if amount.form in ("digits", "words") and not amount.family and _as_moment(amount, found):
        return True
    if amount.form == "share" and _both_counted(amount, said, found):
        return True
    if amount.family in ("time", "months") and any(
        same_family(amount.family, family) and abs(amount.value * amount.size - size) < 1e-6
        for family, size in filter(None, map(unit_of, _ONE.findall(found.wording.text)))
    ):
        return True  # "60 minutes" for "an hour"
    others = {other.value for other in found.amounts if other.form == amount.form}
    if amount.form == "ordinal" and amount.value == 1:
        return not others  # "first" is also an adverb: another rank in the source makes it one
    if amount.form == "words" and amount.value == 1:
        return not amount.family or not any(other.family == amount.family for other in found.amounts)
    if amount.form in _SCALE_OF_ONE and amount.value == 2 and not amount.family:
        return not any(1 < other.value < 13 and other.form in ("words", "digits") for other in found.amounts) or bool(
            {"both", "neither", "either", "twice", "pair", "couple", "second", "twin"} & found.wording.lowers
        )
    if (
        amount.form == "fraction"
        and amount.value == 0.5
        and {"half", "halved", "halve", "halves"} & found.wording.lowers
    ):
        return True
    return is_derived(amount, said, found)


_COUNTED = re.compile(r" (?:[a-z]+'s? )?[a-z]+s\b")
"""A plural behind a number: it counts things, and is no length or time."""
_MEASURES = ("time", "months", "length", "mass", "volume", "share", "area")
_ONE = re.compile(r"\b(?:an?|one) (minute|hour|day|week|fortnight|month|year|decade|century)\b", re.IGNORECASE)


def _both_counted(amount: Quantity, said: Values, found: Values) -> bool:
    """Whether both numbers of "14 out of 60" stand in the source, apart from each other."""
    numbers = [
        numeral.value
        for numeral in numerals(
            said.wording.text[amount.start : amount.end].replace(" of ", " ; ").replace(" in ", " ; ")
        )
    ]
    counted = {other.value for other in found.amounts}
    return len(numbers) == 2 and numbers[0] > 1 and counted.issuperset(numbers)


def _as_moment(amount: Quantity, found: Values) -> bool:
    """Whether a bare number is a year or a clock time of the source ("4.40" for 4.40 a.m.)."""
    for moment in found.dates:
        parts = moment.parts
        if parts.get("year") == amount.value or (parts.get("day") == amount.value and "hour" not in parts):
            return True
        if amount.form == "words" and "hour" in parts and int(str(parts["hour"]).rstrip("?")) % 12 == amount.value:
            return True  # "nine in the morning"
        if (
            "hour" in parts
            and abs(float(f"{int(str(parts['hour']).rstrip('?')) % 12}.{int(parts['minute']):02}") - amount.value % 12)
            < 1e-9
        ):
            return True
    return False


def _bound_fits(mine: Bound, theirs: Bound) -> bool:
    if Bound.OPEN in (mine, theirs):
        return {mine, theirs} <= {Bound.OPEN, Bound.NONE, Bound.LEAST, Bound.ABOUT}
    if mine == theirs or (theirs == Bound.ABOUT and mine is not Bound.EXACT):
        return True
    if mine is Bound.NONE:
        return theirs in (Bound.EXACT, Bound.ABOUT)
    return theirs is Bound.NONE and mine in (Bound.ABOUT, Bound.EXACT, Bound.MOST)
