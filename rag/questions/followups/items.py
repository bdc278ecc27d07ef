"""What "the second one", "her next one" and "that firm" point to: one of those that were named before, by its name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.lexical import STOPWORDS, stems
from rag.questions.followups.frames import frame
from rag.questions.followups.mentions import mentions_in, new_in
from rag.questions.followups.names import Mention, names_in


@dataclass(frozen=True)
class Exchange:
    """An earlier question, standing alone, with the words of its answer ("" where there was none)."""

    question: str
    answer: str = ""
    asked: str = ""
    """The question in the person's own words."""
    denied: bool = False
    """Whether the answer was no."""


_ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "former": 0, "latter": -1, "last": -1}
_ITEM = re.compile(
    r"\bthe (?:(?P<either>former|latter)\b|(?P<chosen>first|second|third|fourth|last|other) ones?\b(?! of\b)|"
    r"(?P<which>first|second|third|fourth|last|other))(?(which)(?= *(?:\?|$|,|['’]s\b)|\s+"
    r"(?:is|are|was|were|do|does|did|will|would|has|have|had|can|could|wants?|say|said|gets?|costs?|leave|\w+ed)\b)|)",
    re.IGNORECASE,
)
_ORGANISATION = (
    "company|firm|club|bank|group|organisation|organization|maker|operator|manufacturer|union|charity|agency|party"
)
_THING = "drug|medicine|ship|ferry|boat|rocket|plant|factory|deal|project|festival|museum|station|line|scheme|bridge"
_POINTED = frozenset(
    [*_ORGANISATION.split("|"), *_THING.split("|"), "man", "woman", "town", "city", "village", "country"]
)
_DEMONSTRATIVE = re.compile(
    rf"\b(?:(?:that|this) (?P<this>[a-z]+)|the (?P<org>{_ORGANISATION}|{_THING}|man|woman|town|city|village|country)"
    r"(?! (?:of|in|for|that|who|which)\b))\b",
    re.IGNORECASE,
)


def items_of(turn: Exchange) -> list[str]:
    """What the turn enumerates, in order: in its answer, else in its question.

    >>> items_of(Exchange("Who founded Voltis?", "It was founded by two engineers, Rasmus Ek and Sunniva Dahl."))
    ['Rasmus Ek', 'Sunniva Dahl']
    """
    for text, other in ((turn.answer, turn.question), (turn.question, "")):
        fresh = [
            m.text
            for m in names_in(text, turn.question, bare=True)
            if not other or not set(stems(m.text)) <= set(stems(other))
        ]
        run = _longest_run(text, [name.removeprefix("the ") for name in fresh])
        if len(run) > 1:
            return run
    return []


def joined(turn: Exchange) -> list[str]:
    """What the turn enumerates as one phrase: "tea, milk and salt"; nothing for fewer than two."""
    items = items_of(turn)
    return [", ".join(items[:-1]) + f" and {items[-1]}"] if len(items) > 1 else []


def _longest_run(text: str, names: Sequence[str]) -> list[str]:
    """The longest enumeration: names with only commas, "and", "or" and a few words of description between them."""
    best: list[str] = []
    run: list[str] = []
    end, place = 0, 0
    for name in names:
        start = text.find(name, place)
        between = text[end:start]
        joined = re.fullmatch(r",?(?: (?:and|or|as well as|to))?(?: the)?(?: [a-z]+){0,3} ?", between) and re.search(
            r",|\band\b|\bor\b", between
        )
        run = [*run, name] if run and joined else [name]
        end = place = start + len(name)
        best = run if len(run) > len(best) else best
    return best if len(best) > 1 else []


def refers_to_item(question: str) -> bool:
    """Whether the question speaks of one of several that were named, or of "that firm".

    >>> refers_to_item("What does the second one want?"), refers_to_item("What did the second test show?")
    (True, False)
    """
    pointing = any(match["this"] and match["this"].lower() in _POINTED for match in _DEMONSTRATIVE.finditer(question))
    defined = any(match["org"] for match in _DEMONSTRATIVE.finditer(question)) and not names_in("x " + question)
    return bool(_ITEM.search(question)) or pointing or defined


def singled_out(question: str, turns: Sequence[Exchange]) -> str:
    """The question with "the second one", "her next one" and "that firm" named, as far as it can be told.

    >>> singled_out("Where does the latter live?", [Exchange("Who are they?", "They are Anna Lund and Piet Maas.")])
    'Where does Piet Maas live?'
    """
    return _with_demonstratives(_with_ones(_with_items(question, turns), turns), turns)


def _with_items(question: str, turns: Sequence[Exchange]) -> str:
    """The item that is meant in place of "the second one", "the former", "the other"."""
    match = _ITEM.search(question)
    if match is None:
        return question
    for turn in reversed(turns):
        items = items_of(turn)
        which = (match["which"] or match["chosen"] or match["either"]).lower()
        if which == "other":
            latest = turns[-1].question
            rest = [item for item in items if item not in latest]
            position = items.index(rest[0]) if len(rest) == 1 and len(items) == 2 else 1
        else:
            position = _ORDINALS[which]
        if items and -len(items) <= position < len(items):
            return question[: match.start()] + items[position] + question[match.end() :]
    return question


def _with_ones(question: str, turns: Sequence[Exchange]) -> str:
    """The noun that "one" stands for in place of it: "her next one" is "her next study"."""
    match = re.search(
        r"\b(?:next|new|old|last|other|previous|first|second|third|bigger|smaller|larger|such an?) (ones?)\b", question
    )
    if match is None:
        return question
    for turn in reversed(turns):
        for mention in mentions_in(turn.question, turn.answer):
            if mention.kind == "thing" and not mention.named and mention.plural == (match[1] == "ones"):
                return question[: match.start(1)] + _head(mention.text) + question[match.end(1) :]
    return question


def _head(phrase: str) -> str:
    return re.split(r" (?:of|in|on|at|for|from|that|who|by|with|to|over) ", phrase)[0].split()[-1]


def _with_demonstratives(question: str, turns: Sequence[Exchange]) -> str:
    """A name, or the fuller phrase that was said before, in place of "that firm", "the drug", "the wall"."""
    if names_in("x " + question):
        return question
    for match in _DEMONSTRATIVE.finditer(question):
        noun = (match["this"] or match["org"]).lower()
        if noun in STOPWORDS or noun in ("time", "year", "day", "way", "kind", "may", "might", "happen"):
            continue
        for turn in reversed(turns):
            for mention in _named_by(noun, turn, demonstrative=match["this"] is not None):
                return question[: match.start()] + mention.text + question[match.end() :]
    return question


def _named_by(noun: str, turn: Exchange, demonstrative: bool) -> Iterator[Mention]:
    parsed = frame(turn.question)
    asked = mentions_in(turn.question, turn.answer)
    for mention in asked:
        if _head(mention.text) == noun and len(mention.text.split()) > 2:
            yield mention
    if parsed.noun.split()[-1:] == [noun] or (re.fullmatch(_ORGANISATION, noun) and parsed.word == "who"):
        yield from (m for m in new_in(turn.answer, turn.question) if m.kind in ("thing", "unknown"))
    if noun in ("man", "woman"):
        yield from (m for m in (*asked, *new_in(turn.answer, turn.question)) if m.kind == "person" and m.named)
    if demonstrative and re.fullmatch(_ORGANISATION, noun):
        yield from (m for m in asked if m.named and m.kind in ("thing", "unknown"))
    if re.fullmatch(_THING, noun) and noun not in ("deal", "project", "scheme"):  # which no single word names
        yield from (m for m in asked if m.kind == "thing" and not (m.named or m.plural or " " in m.text))
