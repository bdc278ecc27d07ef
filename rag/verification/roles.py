"""Roles: who does what to whom in a statement, against who does it in the source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.verification.names import TITLES, name_words
from rag.verification.relations import PLAIN, TABLE, Telling
from rag.verification.wording import Token, Wording

_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being|gets?|got)\b(?:\s\w+ly)?(?:\s(?:also|later|then|first|never|not))?\s$",
    re.IGNORECASE,
)
_NOUN = re.compile(
    r"\b(?:the|an?|its|their|his|her|our|my|your|this|that|these|those|of|on|in|at|for|with|by|per|each|no|any|some|conceded|suffered|admitted|heavy|narrow|\d|one|two|three|four|five|six|seven|eight|nine|ten|\w+'s)\s$",
    re.IGNORECASE,
)
"""What stands before a noun and not before a verb: "on loan", "their own"."""
_PREPOSITION = re.compile(r"\b(to|from|by|for|with|into|on|over|against|under|after|in|of|at|as)\b", re.IGNORECASE)
_BY_SOMEBODY = re.compile(r"(?: \w+){0,4} by (?:(?:the|an?|its|his|her|their)\b|(?-i:[A-Z]))", re.IGNORECASE)
"""What follows a participle: "sued over damp by the tenants"."""
_PLACE = frozenset("in at on near from to for against with over by during after before".split())
_BOUNDARY = re.compile(
    r";|\b(?:while|whereas|but|although|because|after|before)\b|,\s(?:and|which|whose)\b", re.IGNORECASE
)
_WITH_OF = re.compile(r"^(?:\s(?:of|&|and|de|van|von|der|la|the)\s|[ -])$")
_OBJECT_ASIDE = frozenset(("to", "from"))
_LESS = frozenset(
    "less fewer lower smaller shorter younger slower worse cheaper lighter weaker earlier colder cooler poorer narrower thinner nearer closer".split()
)
_THAN = re.compile(r"\bthan\b", re.IGNORECASE)
_COMPARATIVE = re.compile(
    r"\b(?:more|less|(?!over|other|another|after|under|however|whether|number|never|rather|further|former|member|per)\w{2,}er|worse)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Group:
    """A name of one or more words at [start, end)."""

    words: frozenset[str]
    start: int
    end: int
    owns: bool
    """Whether it ends in 's."""


@dataclass(frozen=True)
class Told:
    """A relation with the names on its two sides; a side may be empty."""

    relation: str
    a: frozenset[str]
    b: frozenset[str]


def swapped(said: Wording, source: Wording) -> str | None:
    """Whether the statement exchanges who does what to whom, in words for a person.

    >>> source = Wording.of("Torvald Shipping sold its cruise division to Mariposa Leisure.")
    >>> swapped(Wording.of("Mariposa Leisure bought a division from Torvald Shipping."), source)
    >>> swapped(Wording.of("Torvald Shipping bought a division from Mariposa Leisure."), source)
    'it exchanges who does what to whom'
    """
    mine, theirs = list(_told(said, source)), list(_told(source, said))
    for one in mine:
        same = [other for other in theirs if other.relation == one.relation and (other.a or other.b)]
        same = [other for other in same if other.a and other.b] or same
        if any(_agree(one, other) for other in same) or not any(_exchange(one, other) for other in same):
            continue
        return "it exchanges who does what to whom"
    return None


def _agree(one: Told, other: Told) -> bool:
    return bool(one.a & other.a or one.b & other.b) and not (one.a & other.b and one.b & other.a)


def _exchange(one: Told, other: Told) -> bool:
    both = bool(one.a & other.b and one.b & other.a)
    single = bool(one.a & other.b or one.b & other.a) and not one.relation.startswith("plain ")
    return both or single


def _told(text: Wording, other: Wording) -> Iterator[Told]:
    groups = _groups(text, other)
    for pattern, frame in TABLE:
        for found in pattern.finditer(text.text):
            yield from _framed(text, groups, found, frame)
    for verb, pattern in PLAIN.items():
        for found in pattern.finditer(text.text):
            for told in _framed(text, groups, found, Telling(f"plain {verb}", "a", {"obj": "b"})):
                if told.a and told.b:
                    yield told
    yield from _compared(text, other)


def _framed(text: Wording, groups: Sequence[Group], found: re.Match[str], frame: Telling) -> Iterator[Told]:
    """The relation of one verb, its sides filled from the names before and behind it."""
    start, end = _reach(text, found)
    left = [group for group in groups if start <= group.start and group.end <= found.start()]
    right = [group for group in groups if found.end() <= group.start and group.end <= end]
    subject = _subject(text, left)
    behind = _behind(text, right, found.end())
    before = text.text[max(0, found.start() - 25) : found.start()]
    if _NOUN.search(before) or (text.text.startswith(" of ", found.end()) and not found.group().endswith("ed")):
        return
    passive = bool(_PASSIVE.search(before)) and not found.group().endswith(("ing", " of"))
    sides: dict[str, set[str]] = {"a": set(), "b": set(), "": set()}
    if passive or (_BY_SOMEBODY.match(text.text, found.end(), end) and "obj" not in behind):
        by = behind.get("by")
        sides[frame.subject] |= by.words if by else set()
        patient = frame.places.get("obj") or ("b" if frame.subject == "a" else "")
        sides[patient] |= subject.words if subject and (by or passive) and "obj" in frame.places else set()
    elif subject:
        sides[frame.subject] |= subject.words
    for marker, side in frame.places.items():
        group = behind.get(marker)
        aside = marker == "obj" and (passive or any(o in behind and frame.places.get(o) == side for o in _OBJECT_ASIDE))
        if group and not aside:
            sides[side] |= group.words
    yield Told(frame.relation, frozenset(sides["a"] - sides["b"]), frozenset(sides["b"] - sides["a"]))


def _reach(text: Wording, found: re.Match[str]) -> tuple[int, int]:
    """The stretch of the sentence in which the verb's sides are looked for."""
    start, end = text.sentence_at(found.start())
    cuts = [match.end() for match in _BOUNDARY.finditer(text.text, start, found.start())]
    ahead = _BOUNDARY.search(text.text, found.end(), end)
    return (cuts[-1] if cuts else start), (ahead.start() if ahead else end)


def _subject(text: Wording, left: Sequence[Group]) -> Group | None:
    """The last name before the verb that does not stand behind a preposition of place; else the last one."""
    free = [group for group in left if _before(text, group) not in _PLACE]
    return next(iter(reversed(free or left)), None)


def _behind(text: Wording, right: Sequence[Group], start: int) -> dict[str, Group]:
    """The first name behind each preposition, "obj" for the one without, "'s" for the first that owns something."""
    found: dict[str, Group] = {}
    for group in right:
        before = [match[1].lower() for match in _PREPOSITION.finditer(text.text, start, group.start)]
        marker = next((word for word in reversed(before) if word != "of"), "obj")  # "laid siege to the castle of X"
        found.setdefault(marker, group)
        if group.owns:
            found.setdefault("'s", group)
    return found


def _before(text: Wording, group: Group) -> str:
    before = re.findall(r"[a-z]+", text.text[max(0, group.start - 25) : group.start])
    return next((word for word in reversed(before) if word in _PLACE or word == "of"), "") if before else ""


def _groups(text: Wording, other: Wording) -> list[Group]:
    """The names of a text, neighbouring words as one."""
    found: list[list[Token]] = []
    for token in name_words(text, [other]):
        last = found[-1][-1] if found else None
        between = text.text[last.end : token.start] if last else ""
        if last and not last.text.endswith("'s") and (_WITH_OF.match(between) or between == ""):
            if between.strip() in ("and",):
                found.append([token])
            else:
                found[-1].append(token)
        else:
            found.append([token])
    return [
        Group(
            frozenset(t.lower for t in tokens if len(tokens) == 1 or t.lower not in TITLES),
            tokens[0].start,
            tokens[-1].end,
            tokens[-1].text.endswith(("'s", "s'")),
        )
        for tokens in found
    ]


def _compared(text: Wording, other: Wording) -> Iterator[Told]:
    """ "A is older than B": a is the side that has more of it."""
    shared = text.stems & other.stems
    for found in _THAN.finditer(text.text):
        start, end = _reach(text, found)
        word = next(iter(reversed(_COMPARATIVE.findall(text.text, start, found.start()))), "")
        left = [t.stem for t in text.within(start, found.start()) if t.is_content and t.stem in shared]
        right = [
            t.stem for t in text.within(found.end(), min(end, found.end() + 40)) if t.is_content and t.stem in shared
        ]
        if not word or not left or not right or right[0] in left:
            continue
        less = word.lower() in _LESS
        one, two = frozenset(left) - frozenset(right[:1]), frozenset(right[:1])
        yield Told("more", two if less else one, one if less else two)
