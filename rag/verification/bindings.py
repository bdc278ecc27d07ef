"""What a number or date is said of: by the words of its part of a sentence, and by those between it and its neighbour."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.verification.dates import Moment
from rag.verification.facts import Value, Values, in_words, is_same
from rag.verification.quantities import Quantity
from rag.verification.wording import Clause, Wording

_CUT = re.compile(r"[,;:]\s|\s(?:and|while|but|whereas|compared with|against)\s")
_SUBJECT = re.compile(
    r"(?:[A-Z\d\"]|(?:the|an?|its?|his|her|their|he|she|they|this|that|these|those|some|all|no|many|most|in|on|at|by|for)\b)"
)
"""What a part of a sentence begins with that has a subject of its own."""


def misplaced_value(said: Values, found: Values) -> str | None:
    """A number or date that the source gives to something else, while it gives another one to what is spoken of.

    >>> source = Values.of("Revenue rose 7%, while operating profit fell 3%.")
    >>> misplaced_value(Values.of("Operating profit fell 7%."), source)
    'its citations say 7% of something else, and 3% here'
    """
    for mine, theirs in ((said.dates, found.dates), (said.amounts, found.amounts)):
        for value in mine:
            other = _better_placed(value, said, mine, found, theirs) or _neighbour(value, said, mine, found, theirs)
            if other is not None:
                there, here = in_words(found, other), in_words(said, value)
                return f"its citations say {here} of something else, and {there} here"
    return None


def _better_placed(
    value: Value, said: Values, mine: Sequence[Value], found: Values, theirs: Sequence[Value]
) -> Value | None:
    """A value of the same kind in the source whose clause says what the statement's clause says, where none with
    this value does."""
    own = [other for other in theirs if is_same(value, other)]
    rivals = [o for o in theirs if _same_kind(value, o) and not any(is_same(v, o) for v in mine)]
    if not own or not rivals:
        return None
    here = _matter(said.wording, value, mine)
    if not here:
        return None
    best = max(len(here & _matter(found.wording, other, theirs)) for other in own)
    rival = max(rivals, key=lambda other: len(here & _matter(found.wording, other, theirs)))
    lead = len(here & _matter(found.wording, rival, theirs)) - best
    return rival if lead >= 2 or (lead == 1 and best == 0) else None


def _matter(wording: Wording, value: Value, values: Sequence[Value]) -> frozenset[str]:
    """The stems of what a value is said of: of its part of the sentence, numbers aside."""
    part: Clause | None = next((part for part in wording.parts if part.holds(value.start)), None)
    if part is None:
        return frozenset()
    tokens = list(part.tokens)
    if isinstance(value, Moment) and not _SUBJECT.match(part.text):  # "but returned in 1998": of whom, stands before
        first = wording.sentence_at(part.start)[0]
        tokens += wording.within(first, part.start)
    return frozenset(
        t.stem
        for t in tokens
        if t.is_content
        and not t.text[0].isdigit()
        and not any(v.start <= t.start < v.end + (len(getattr(v, "unit", "")) + 1) for v in values)
    )


def _neighbour(
    value: Value, said: Values, mine: Sequence[Value], found: Values, theirs: Sequence[Value]
) -> Value | None:
    """Another value in the same sentence of the source, whose own words are those of the statement rather: of "5% of
    adults and 2% of children", the second."""
    owns = [other for other in theirs if is_same(value, other)]
    if len(owns) != 1 or not _counts(value):
        return None
    counted = [other for other in theirs if _next_word(found, other) == _next_word(said, value)]
    if counted == owns and not getattr(value, "family", ""):
        return None
    own, here = owns[0], _own_words(said.wording, value, mine)
    sentence = found.wording.sentence_at(own.start)
    for rival in theirs:
        if found.wording.sentence_at(rival.start) != sentence or not _alike(own, rival) or is_same(own, rival):
            continue
        if not _nearer(here, own, rival, found, theirs):
            continue
        twin = next((other for other in mine if is_same(other, rival)), None)
        if twin is None or _nearer(_own_words(said.wording, twin, mine), rival, own, found, theirs):
            return rival
    return None


def _next_word(values: Values, value: Value) -> str:
    """The stem of the content word directly behind a value."""
    return next((t.stem for t in values.wording.within(value.end, value.end + 40) if t.is_content), "")


def _nearer(here: frozenset[str], own: Value, rival: Value, found: Values, theirs: Sequence[Value]) -> bool:
    """Whether the words are those of the rival rather, words that both have aside."""
    mine, other = (_own_words(found.wording, value, theirs) for value in (own, rival))
    return len(here & (other - mine)) > len(here & (mine - other))


def _own_words(wording: Wording, value: Value, values: Sequence[Value]) -> frozenset[str]:
    """The stems of the segment that a value stands in; where the next segment begins with a value of its own, what
    stands before the first one belongs to both and is left out."""
    first, last = wording.sentence_at(value.start)
    cuts = [first, *(m.end() for m in _CUT.finditer(wording.text, first, last)), last]
    at = max(i for i, cut in enumerate(cuts[:-1]) if cut <= value.start)
    start, end = cuts[at], cuts[at + 1]
    if at + 2 < len(cuts) and any(not _content(wording, cuts[at + 1], v.start) and v.start >= end for v in values):
        following = [v for v in values if cuts[at + 1] <= v.start < cuts[at + 2]]
        start = value.end if following and not _content(wording, end, following[0].start) else start
    inner = [t for t in wording.within(start, end) if t.is_content]
    return frozenset(t.stem for t in inner if not any(v.start <= t.start < v.end for v in values))


def _content(wording: Wording, start: int, end: int) -> bool:
    return any(token.is_content for token in wording.within(start, end))


def _counts(value: Value) -> bool:
    return isinstance(value, Quantity) and value.form in ("digits", "words")


def _alike(one: Value, other: Value) -> bool:
    if isinstance(one, Moment) or isinstance(other, Moment):
        return False
    return one.family == other.family and _counts(one) and _counts(other)


def _same_kind(one: Value, other: Value) -> bool:
    if isinstance(one, Moment) or isinstance(other, Moment):
        return isinstance(one, Moment) and isinstance(other, Moment) and bool(set(one.parts) & set(other.parts))
    return one.family == other.family and one.form == other.form and bool(one.family or one.form == "share")
