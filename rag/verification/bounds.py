"""How words around a number limit it: "at least 40", "nearly a third", "inside six hours"."""

from __future__ import annotations

import re
from enum import StrEnum
from math import isfinite

from rag.verification.units import CURRENCY_SIGNS


class Bound(StrEnum):
    """How a quantity is limited by the words around it."""

    NONE = ""
    ABOUT = "about"
    LEAST = "at least"
    MOST = "at most"
    EXACT = "exactly"
    OPEN = "over"
    """An "over" that may be a limit or not: "over nine weeks"."""


_BEFORE = {
    Bound.LEAST: r"at least|no (?:fewer|less) than|not (?:fewer|less) than|more than|over|above|upwards? of|exceed(?:ing|s|ed)?|in excess of|a minimum of|minimum|(?<!twice )(?<!times )as many as|well over|(?:larg|bigg|great|long|old|high|heavi|tall|wid|deep|fast|hott|warm|rich)er than|beyond|from at least|minimum(?: [a-z]+){0,4} (?:is|was)|(?:not|never)(?: \w+){0,3} (?:within|inside)",
    Bound.MOST: r"up to|at most|no (?:more|longer|later|greater|higher) than|not more than|less than|fewer than|under|below|(?<!twice )(?<!times )as much as|a maximum of|maximum|within|inside|(?:small|short|young|low|light|narrow|slow|cool|cold|cheap)er than|maximum(?: [a-z]+){0,4} (?:is|was)|nearly|almost|just short of|not exceeding",
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
    r"\b(?:not|never|cannot|no|don't|doesn't|didn't)\b(?!.*\b(?:but|fewer|less|within|inside)\b)[^.;]{0,60}$",
    re.IGNORECASE,
)
_OVER = re.compile(r"(?:\b(?P<word>[a-z]+)\s)?over (?:the )?$", re.IGNORECASE)
_MORE_THAN = frozenset(
    """for is are was were be been of to by well just little took takes lasted lasts after at aged has have had or
    exceeded reported""".split()
)
"""Words before an "over" that means "more than", not the time or way over which something happens."""
_LENGTHY = ("time", "months", "length", "miles")
_ROUNDED = {Bound.ABOUT: (0.92, 1.08), Bound.LEAST: (1.0, 1.12), Bound.MOST: (0.92, 1.0)}
"""What "about", "over" and "nearly" allow the value itself to be, as a multiple of the number said."""


def fits(bound: Bound, said: float, value: float) -> bool:
    """Whether a value is the number that is said of it, or near enough for its bound.

    >>> fits(Bound.NONE, 30, 31), fits(Bound.ABOUT, 30, 31), fits(Bound.MOST, 30, 31)
    (False, True, False)
    """
    low, high = _ROUNDED.get(bound, (1.0, 1.0))
    return low * said * (1 - 1e-6) <= value <= high * said * (1 + 1e-6) and isfinite(said)


def bound_of(text: str, start: int, end: int, family: str = "") -> Bound:
    """How the words around the number at [start, end) limit it; `family` is that of its unit.

    >>> bound_of("It took over five weeks.", 13, 17, "time"), bound_of("It climbs 850 metres over 9 km.", 26, 27, "length")
    (<Bound.LEAST: 'at least'>, <Bound.OPEN: 'over'>)
    """
    over = _OVER.search(text[:start])
    if over and family in _LENGTHY and (over["word"] or "").lower() not in _MORE_THAN:
        return Bound.OPEN
    before, after = text[max(0, start - 30) : start], text[end : end + 24]
    bound = next((b for b, pattern in _BOUND_BEFORE if pattern.search(before)), None)
    bound = bound or next((b for b, pattern in _BOUND_AFTER if pattern.search(after)), Bound.NONE)
    if bound is Bound.LEAST and _NOT.search(text[max(0, start - 80) : start]):
        return Bound.MOST  # "not for more than five days"
    return bound
