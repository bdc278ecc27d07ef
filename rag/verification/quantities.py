"""Quantities: a number with its unit and its bound ("at least 40 km"), and when two of them say the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import zip_longest
from math import isclose

from rag.verification.bounds import Bound, bound_of, fits
from rag.verification.dates import Moment
from rag.verification.numerals import Numeral, numerals
from rag.verification.units import CURRENCY_SIGNS, UNIT_PATTERN, same_family, unit_of

_SIGN_BEFORE = re.compile(rf"({CURRENCY_SIGNS})\s?$")
_UNIT_AFTER = re.compile(
    rf"[- ]?(?:(?:of )?an? |(?:further|more|full|extra|additional|whole|working|consecutive|straight|gold|silver) )?(?P<unit>{UNIT_PATTERN})(?![\w°µ])(?:[- ](?P<old>old|older))?"
    rf"(?:(?: an? | per |/| each | every )(?P<per>day|week|month|year|decade|hour|minute|second|night|person|head)\b|(?P<each> a piece| each)?)?",
    re.IGNORECASE,
)
_PER_MONEY = re.compile(
    r"^(?: an? | per |/)(day|week|month|year|decade|hour|minute|second|night|person|head)\b", re.IGNORECASE
)
_RANGE = re.compile(r"^\s?(?:–|-|to|and|or)\s?$", re.IGNORECASE)
_COMPOUND = re.compile(r"^(?:,? and)? $", re.IGNORECASE)


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
    unit_end: int = 0
    """Where its unit ends, if one stands behind it."""

    def says(self, other: Quantity) -> bool:
        """Whether both are the same amount, as far as their units are known."""
        if (self.scaled and _close(self.scaled, other.value)) or (other.scaled and _close(other.scaled, self.value)):
            return not (self.family and other.family) or self.scaled == other.scaled
        if self.family and other.family:
            if not same_family(self.family, other.family):
                return False
            if self.per and other.per and self.per != other.per:
                mine, theirs = _PERIODS.get(self.per, 0), _PERIODS.get(other.per, 0)
                return bool(mine and theirs) and _close(self.worth / mine, other.worth / theirs)
            return _close(self.worth, other.worth)
        if (self.family or other.family) and "times" in (self.form, other.form):
            return False  # "twice" is not "two weeks"
        if self.family == "share" or other.family == "share":
            share, bare = (self, other) if self.family == "share" else (other, self)
            return _close(share.value / 100, bare.value) or (_close(share.value, bare.value) and bare.form == "digits")
        return _close(self.value, other.value)

    def rounds(self, other: Quantity) -> bool:
        """Whether this is an "about", "over" or "nearly" of the other amount.

        >>> over, nearly, share = quantities("over 61 percent, nearly 61 percent, 61.2 percent")
        >>> over.rounds(share), nearly.rounds(share)
        (True, False)
        """
        if {self.form, other.form} & {"fraction", "share"} and "share" in (self.family, other.family):
            share, part = (self, other) if self.family == "share" else (other, self)
            if abs(100 * part.value - share.value) <= 0.5 and share.value.is_integer():
                return True  # "33 percent" for "a third"
        alike = same_family(self.family, other.family) or (self.is_part and other.is_part)
        return alike and self.is_part == other.is_part and fits(self.bound, self.worth, other.worth)

    @property
    def last(self) -> int:
        """Where number and unit end."""
        return max(self.end, self.unit_end)

    @property
    def is_part(self) -> bool:
        """Whether it is a part of something: a percentage, a fraction or "one in five"."""
        return self.family == "share" or (self.form in ("fraction", "share") and not self.family)

    @property
    def worth(self) -> float:
        """The value in the smallest unit of its family, of a percentage as a fraction."""
        return self.value / 100 if self.family == "share" else self.value * self.size


_PERIODS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
"""The periods of a rate that convert: 30 litres a minute are 1,800 litres an hour."""


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
    return list(_ranges(text, list(_compounds(text, found))))


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
            start, end, value, numeral.form, "length", 1.0, "m", bound=bound_of(text, start, end), scaled=numeral.value
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
            bound_of(text, start, end),
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
            bound_of(text, start, after.end("unit"), family),
            unit_end=after.end("unit"),
        )
    return Quantity(start, end, value, numeral.form, bound=bound_of(text, start, end))


def _is_symbol(text: str, numeral: Numeral, after: re.Match[str]) -> bool:
    """Whether a single letter behind digits is a unit: "8 m", not "8 a" or "five s"."""
    return (
        numeral.form == "digits"
        and after["unit"] in "mgtlhspVWKkJ"
        and text[after.end("unit") : after.end("unit") + 1] != "'"
    )


def _compounds(text: str, found: Sequence[Quantity]) -> Iterator[Quantity]:
    """ "2 hours and 15 minutes" is one amount: two of one family, the second in the smaller unit, side by side.

    >>> [(q.value, q.unit) for q in quantities("It lasts 2 hours and 15 minutes, 20 minutes too long.")]
    [(135.0, 'minutes'), (20.0, 'minutes')]
    """
    pending = list(found)
    while pending:
        this = pending.pop(0)
        after = pending[0] if pending else None
        if (
            after
            and this.family
            and this.family == after.family
            and this.size > after.size
            and _COMPOUND.match(text[this.last : after.start])
        ):
            value = this.value * this.size / after.size + after.value
            pending[0] = replace(after, start=this.start, value=value, bound=this.bound)
        else:
            yield this


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
    return isclose(one, other, rel_tol=1e-6, abs_tol=1e-15)
