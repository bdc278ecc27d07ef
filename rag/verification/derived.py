"""Values that a source does not write but that follow from two of its own: a sum, a share, a span.

A faithful statement may say "230 more" of 1,840 and 1,610, or "eight years later" of 1988 and 1996. One step of
arithmetic on values of one unit is allowed, never two, so that a wrong number seldom finds an excuse. Which values
belong together is not looked at: "three million less" where it is more is not noticed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations, permutations
from math import isclose, isfinite

from rag.verification.bounds import fits
from rag.verification.facts import Values
from rag.verification.quantities import Quantity
from rag.verification.times import times_between
from rag.verification.units import same_family

_COUNTED = ("digits", "words")
_MOST = 30
"""So many numbers of a source are combined, and no more."""
_CUE = re.compile(
    r"\b(?:more|fewer|less|differ\w*|other|others|rest|remain\w*|left|total\w*|altogether|in all|together|combined"
    r"|majority|margin|only|just|further|additional|ahead|short|not|without|didn't|failed|un\w+ed)\b",
    re.IGNORECASE,
)
"""Words with which numbers without a unit are compared or added up; small counts fit too much without one."""
_REST = re.compile(r"\b(?:rest|remain\w*|others?|left|still|not|never|without|un\w+ed)\b", re.IGNORECASE)
"""Words with which a share is what another one leaves."""
_BY = re.compile(
    r"\b(?:r[iao]se|f[ea]ll|gr[eo]w|shr[iau]nk|increas|decreas|reduc|cut|dropp?|declin|lower|rais|gain|up|down|slid|slipp?|climb|los)\w*(?: [\w'%€£$]+){0,6}? by (?:about |roughly |around |some |over |more than |nearly |almost |just )*$",
    re.IGNORECASE,
)
_THAN = re.compile(r"\s(?:more|less|fewer|higher|lower|larger|smaller|longer|shorter|cheaper|dearer)\b", re.IGNORECASE)
"""What tells by how much one amount differs from another, as a share of it."""
_FROM = re.compile(r"\b(?:from|than|against|with|after|to the) (?:about |the |some |only )*$", re.IGNORECASE)
_PART_OF = re.compile(r" of (?:the|its|his|her|their|these|those|all)\b", re.IGNORECASE)
"""What follows a number that is a part of a whole."""
_TOTAL = re.compile(r"\btotal\b", re.IGNORECASE)
_TIMES = re.compile(r" times\b", re.IGNORECASE)
_TO = re.compile(r" to (?:about |roughly |around |some |only |just )?$")


def is_derived(amount: Quantity, said: Values, found: Values) -> bool:
    """Whether an amount is a difference, a sum, a multiple or a share of source amounts, or a span of dates.

    >>> def derived(statement, source):
    ...     return is_derived(Values.of(statement).amounts[0], Values.of(statement), Values.of(source))
    >>> derived("It fell by €3m.", "It fell from €24 million to €21 million.")
    True
    >>> derived("It fell by €4m.", "It fell from €24 million to €21 million.")
    False
    >>> derived("Two thirds of them agreed.", "Of the 72 members, 48 agreed.")
    True
    >>> derived("Some 1,000 people use it.", "It had 500 users, and now has twice as many.")
    True
    """
    text = said.wording.text
    if _TIMES.match(text, amount.last) and not amount.family:
        return _is_list(amount, found) or _is_ratio(replace(amount, form="times"), text, found)
    if amount.is_part or amount.form == "times":
        return _is_rest(amount, text, found) or _is_ratio(amount, text, found) or _is_product(amount, text, found)
    if amount.form not in _COUNTED and not amount.family:
        return False
    return (
        _is_list(amount, found)
        or _is_product(amount, text, found)
        or any(fits(amount.bound, amount.worth, span) for span in times_between(amount.family, found.dates))
        or (_is_compared(amount, text, found) and any(_equal(amount.worth, v) for v in _combined(amount, found)))
    )


def _is_list(amount: Quantity, found: Values) -> bool:
    """Whether one sentence of the source lists so many dates or hours: "three times" of "1991, 1994 and 2003"."""
    starts = [found.wording.sentence_at(moment.start) for moment in found.dates]
    kinds = [(start, *sorted(moment.parts)) for start, moment in zip(starts, found.dates, strict=True)]
    return amount.value > 1 and not amount.family and any(kinds.count(kind) == amount.value for kind in kinds)


def _is_rest(amount: Quantity, text: str, found: Values) -> bool:
    """Whether a share is what another one leaves of the whole, and the statement speaks of a rest."""
    spoken = _REST.search(text) or _TO.search(text[: amount.start])
    return bool(spoken) and any(_equal(amount.worth, 1 - other.worth) for other in found.amounts if other.is_part)


def _is_ratio(amount: Quantity, text: str, found: Values) -> bool:
    """Whether a share or multiple is one amount over another of the unit, or what it changes "by"; percentages are
    rounded as they are written."""
    by = bool(_BY.search(text[: amount.start]) or _THAN.match(text, amount.last))
    for one, other in permutations(_counts(found.amounts), 2):
        if not other.value or not same_family(one.family, other.family) or (by and not _is_base(other, one, found)):
            continue
        ratio = abs(1 - one.worth / other.worth) if by else one.worth / other.worth
        if amount.form != "times" and ratio >= 1:
            continue
        whole = amount.family == "share" and amount.value.is_integer()
        if fits(amount.bound, amount.worth, ratio) or (whole and round(100 * ratio) == amount.value):
            return True
    return False


def _is_base(amount: Quantity, other: Quantity, found: Values) -> bool:
    """Whether a change is counted from this amount: the one said first, or the one behind "from" or the like."""
    return bool(_FROM.search(found.wording.text[: amount.start])) or (
        amount.start < other.start and not _FROM.search(found.wording.text[: other.start])
    )


def _is_product(amount: Quantity, text: str, found: Values) -> bool:
    """Whether it is "twice", "a quarter" or "20 percent" of an amount of its unit, or that of which it is "twice"."""
    whole = not amount.family and _PART_OF.match(text, amount.last)  # "150 of the 250 hectares"
    for part in found.amounts[:_MOST]:
        times = part.form == "times" or bool(_TIMES.match(found.wording.text, part.last))
        if not (times or part.is_part):
            continue
        for other in _counts(found.amounts):
            if other is part or not (whole or same_family(amount.family, other.family)):
                continue
            worth = other.value if whole else other.worth
            if fits(amount.bound, amount.worth, worth * part.worth):
                return True
            if times and _equal(amount.worth * part.worth, other.worth):
                return True
    return False


def _is_compared(amount: Quantity, text: str, found: Values) -> bool:
    """Whether sums and differences are to be thought of: with a unit, or where words compare or add up."""
    return (
        bool(amount.family)
        or bool(_CUE.search(text) or _TOTAL.search(found.wording.text))
        or text[: amount.start].endswith(" by ")
        or any(_THAN.match(found.wording.text, other.last) for other in found.amounts)
    )


def _equal(one: float, other: float) -> bool:
    return isclose(one, other, rel_tol=1e-6)


def _counts(amounts: Sequence[Quantity]) -> list[Quantity]:
    """The first few numbers that count or measure; a long table would fit anything."""
    return [amount for amount in amounts if amount.form in _COUNTED and isfinite(amount.value)][:_MOST]


def _combined(amount: Quantity, found: Values) -> Iterator[float]:
    """Differences of two, and sums of neighbouring amounts, that count in the unit of the amount."""
    if amount.family == "points":
        like = [other.value for other in _counts(found.amounts) if other.family == "share"]
    else:
        like = [
            other.worth * (1.0 if other.family else amount.size)
            for other in _counts(found.amounts)
            if same_family(amount.family, other.family) or _without_noun(other, found)
        ]
    yield from (abs(one - other) for one, other in combinations(like, 2))
    for start in range(len(like)):
        for end in range(start + 2, len(like) + 1):
            yield sum(like[start:end])


def _without_noun(amount: Quantity, found: Values) -> bool:
    """Whether a number counts nothing by itself, and so what the number before it does: "12 mg, above the limit of 10"."""
    return not amount.family and not re.match(r"[- ]\w", found.wording.text[amount.end :])
