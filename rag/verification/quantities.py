"""Quantities: a number with its unit and its bound ("at least 40 km"), and when two of them say the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import zip_longest

from rag.verification.dates import Moment
from rag.verification.numerals import Numeral, numerals
from rag.verification.units import CURRENCY_SIGNS, UNIT_PATTERN, same_family, unit_of


class Bound(StrEnum):
    """How a quantity is limited by the words around it."""

    NONE = ""
    ABOUT = "about"
    LEAST = "at least"
    MOST = "at most"
    EXACT = "exactly"


_BEFORE = {
    Bound.LEAST: r"at least|no (?:fewer|less) than|not (?:fewer|less) than|more than|over|above|upwards? of|exceed(?:ing|s|ed)?|in excess of|a minimum of|minimum|(?<!twice )(?<!times )as many as|well over|larger than|bigger than|greater than|longer than|older than|higher than|beyond|from at least",
    Bound.MOST: r"up to|at most|smaller than|no (?:more|longer|later|greater|higher) than|not more than|less than|fewer than|under|below|(?<!twice )(?<!times )as much as|a maximum of|maximum|within|shorter than|younger than|lower than|nearly|almost|just short of|not exceeding",
    Bound.ABOUT: r"about|around|roughly|approximately|some|an estimated|estimated|circa|or so|close to|approximate",
    Bound.EXACT: r"exactly|precisely",
}
_AFTER = {
    Bound.LEAST: r"or (?:more|over|above|longer|older|higher)|and (?:over|above|up)|at least|upwards|minimum",
    Bound.MOST: r"or (?:less|fewer|under|below|younger|lower)|at most|maximum|or so at most",
    Bound.ABOUT: r"or so|or thereabouts|approximately",
    Bound.EXACT: r"exactly|precisely",
}
_BOUND_BEFORE = [
    (b, re.compile(rf"\b(?:{p})(?: the| a| an| just| only)?[-\s]*(?:{CURRENCY_SIGNS})?\s*$", re.I))
    for b, p in _BEFORE.items()
]
_BOUND_AFTER = [(b, re.compile(rf"^(?:[- ]\w+)?,? (?:{p})\b", re.I)) for b, p in _AFTER.items()]
_NOT = re.compile(
    r"\b(?:not|never|cannot|no|don't|doesn't|didn't)\b(?!.*\b(?:but|fewer|less)\b)[^.;]{0,60}$", re.IGNORECASE
)
_SIGN_BEFORE = re.compile(rf"({CURRENCY_SIGNS})\s?$")
_UNIT_AFTER = re.compile(
    rf"[- ]?(?:of an? |(?:further|more|full|extra|additional) )?(?P<unit>{UNIT_PATTERN})(?![\w°µ])(?:[- ](?P<old>old|older))?"
    rf"(?:(?: an? | per |/| each | every )(?P<per>day|week|month|year|hour|minute|second|night|person|head)\b|(?P<each> a piece| each)?)?",
    re.IGNORECASE,
)
_RATE_BEFORE = re.compile(r"\b(daily|weekly|monthly|yearly|annual|annually|hourly)\b", re.IGNORECASE)
_PER_MONEY = re.compile(
    r"^(?: an? | per |/)(day|week|month|year|hour|minute|second|night|person|head)\b", re.IGNORECASE
)
_RANGE = re.compile(r"^\s?(?:–|-|to|and|or)\s?$", re.IGNORECASE)
_CASED = {"m": "m", "g": "g", "t": "t", "l": "l", "h": "h", "s": "s", "p": "p", "ms": "ms", "min": "min", "k": "k"}


@dataclass(frozen=True)
class Quantity:
    """A number at [start, end) with what it counts; `size` and `family` are those of its unit."""

    start: int
    end: int
    value: float
    form: str
    family: str = ""
    size: float = 1.0
    unit: str = ""
    per: str = ""
    bound: Bound = Bound.NONE
    scaled: float = 0.0
    """What else the number may be worth: "1.4m" is metres or millions."""

    def says(self, other: Quantity) -> bool:
        """Whether both are the same amount, as far as their units are known."""
        if (self.scaled and _close(self.scaled, other.value)) or (other.scaled and _close(other.scaled, self.value)):
            return not (self.family and other.family) or self.scaled == other.scaled
        if self.family and other.family:
            if not same_family(self.family, other.family):
                return False
            if self.per and other.per and self.per != other.per:
                return False
            return _close(self.value * self.size, other.value * other.size)
        if self.family == "share" or other.family == "share":
            share, bare = (self, other) if self.family == "share" else (other, self)
            return _close(share.value / 100, bare.value) or (_close(share.value, bare.value) and bare.form == "digits")
        return _close(self.value, other.value)


def quantities(text: str, dates: Sequence[Moment] = ()) -> list[Quantity]:
    """The quantities in `text` outside of its dates, in order.

    >>> [(q.bound.value, q.value, q.unit) for q in quantities("At least 40 km, then three to five miles; €2.4bn.")]
    [('at least', 40.0, 'km'), ('', 3.0, 'miles'), ('', 5.0, 'miles'), ('', 2400000000.0, '€')]
    """
    found = [
        _quantity(text, numeral)
        for numeral in numerals(text)
        if not any(moment.start < numeral.end and numeral.start < moment.end for moment in dates)
    ]
    return list(_ranges(text, found))


def _quantity(text: str, numeral: Numeral) -> Quantity:
    sign = _SIGN_BEFORE.search(text[max(0, numeral.start - 5) : numeral.start])
    start = numeral.start - len(sign.group()) if sign else numeral.start
    after = _UNIT_AFTER.match(text, numeral.end) if not sign else None
    value, end = numeral.value, numeral.end
    if after and (len(after["unit"]) == 1 and after["unit"].isalpha() and not _is_symbol(text, numeral, after)):
        after = None
    if numeral.suffixed and not sign and text[numeral.end - 1] == "m":
        value /= 1e6  # "23m" without a currency is metres
        return Quantity(
            start, end, value, numeral.form, "length", 1.0, "m", bound=_bound(text, start, end), scaled=numeral.value
        )
    if sign:
        per = _PER_MONEY.match(text[numeral.end : numeral.end + 14])
        family, size = unit_of(sign[1]) or ("", 1.0)
        return Quantity(
            start,
            end,
            value,
            numeral.form,
            family,
            size,
            sign[1],
            per[1].lower() if per else "",
            _bound(text, start, end),
        )
    if after and numeral.form not in ("ordinal", "times"):
        family, size = unit_of(after["unit"].replace(" ", "-")) or ("", 1.0)
        return Quantity(
            start,
            end,
            value,
            numeral.form,
            family,
            size,
            after["unit"],
            (after["per"] or "").lower(),
            _bound(text, start, after.end("unit")),
        )
    return Quantity(start, end, value, numeral.form, bound=_bound(text, start, end))


def _is_symbol(text: str, numeral: Numeral, after: re.Match[str]) -> bool:
    """Whether a single letter behind digits is a unit: "8 m", not "8 a" or "five s"."""
    return (
        numeral.form == "digits"
        and after["unit"] in "mgtlhspVWKkJ"
        and text[after.end("unit") : after.end("unit") + 1] != "'"
    )


def _bound(text: str, start: int, end: int) -> Bound:
    before, after = text[max(0, start - 30) : start], text[end : end + 24]
    bound = next((b for b, pattern in _BOUND_BEFORE if pattern.search(before)), None)
    bound = bound or next((b for b, pattern in _BOUND_AFTER if pattern.search(after)), Bound.NONE)
    if bound is Bound.LEAST and _NOT.search(text[max(0, start - 80) : start]):
        return Bound.MOST  # "not for more than five days"
    return bound


def _ranges(text: str, found: Sequence[Quantity]) -> Iterator[Quantity]:
    """ "Two to eight metres": the unit behind the second number is the first one's too."""
    for this, following in zip_longest(found, found[1:]):
        if (
            following
            and not this.family
            and following.family
            and this.form != "ordinal"
            and _RANGE.match(text[this.end : following.start])
        ):
            yield replace(this, family=following.family, size=following.size, unit=following.unit)
        else:
            yield this


def _close(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-6 * max(abs(one), abs(other), 1e-9)
