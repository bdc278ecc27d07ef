"""The numbers and dates of a text together, as the checks of values look at them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from rag.verification.dates import Moment, moments
from rag.verification.quantities import Quantity, quantities
from rag.verification.wording import Wording

Value = Quantity | Moment


@dataclass(frozen=True)
class Values:
    """The dates and quantities of a text."""

    wording: Wording

    @classmethod
    def of(cls, *texts: str) -> Values:
        """Those of the texts one after the other."""
        return cls(Wording.of(*texts))

    @cached_property
    def dates(self) -> list[Moment]:
        """Its points in time."""
        return list(moments(self.wording.text))

    @cached_property
    def amounts(self) -> list[Quantity]:
        """Its quantities."""
        return quantities(self.wording.text, self.dates)


def is_same(one: Value, other: Value) -> bool:
    """Whether two values are the same date or amount, one perhaps a rounding of the other."""
    if isinstance(one, Moment) or isinstance(other, Moment):
        return isinstance(one, Moment) and isinstance(other, Moment) and one.agrees(other)
    return one.says(other) or one.rounds(other)


def in_words(values: Values, value: Value) -> str:
    """The value as its text has it, with its unit."""
    text = values.wording.text
    end = value.end
    if isinstance(value, Quantity) and value.unit and not text[value.start : end].startswith(value.unit):
        at = text.lower().find(value.unit.lower(), end, end + len(value.unit) + 20)
        end = at + len(value.unit) if at >= 0 else end
    return " ".join(text[value.start : end].split())
