"""The clauses of a sentence, and which of them deny something."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from rag.schema import Span

NEGATIONS = frozenset("not no never n't nor neither without cannot none nobody nothing".split())
_NOT_ONLY = re.compile(r"\bnot (?:only|just|merely)\b")
_CLAUSE_END = re.compile(
    r"[,;:—–()][\"'”’]?\s(?!\d{4}\b)|\s[—–-]\s|\s(?:while|but|although|though|because)\s", re.IGNORECASE
)


def negated(text: str) -> bool:
    """Whether the text holds a word of negation.

    >>> negated("They didn't say."), negated("They said so."), negated("Not only they said so.")
    (True, False, False)
    """
    lower = _NOT_ONLY.sub("", text.lower().replace("’", "'").replace("n't", " not"))
    return any(word.strip(".,;:!?'\"") in NEGATIONS for word in lower.split())


def negated_at(text: str, place: Span) -> bool:
    """Whether the clause of `text` in which `place` stands holds a word of negation.

    >>> sentence = "While no details were disclosed, the firm was valued at $5 trillion."
    >>> negated(sentence), negated_at(sentence, Span(start=57, end=68))
    (True, False)
    """
    around = clause_at(text, place)
    return negated(text[around.start : around.end])


def clause_at(text: str, place: Span) -> Span:
    """The clause of `text`, between commas and conjunctions, in which `place` stands."""
    start = max((end for end in _ends_of_clauses(text) if end <= place.start), default=0)
    end = min((end for end in _ends_of_clauses(text) if end >= place.end), default=len(text))
    return Span(start=start, end=end)


def clauses(text: str) -> list[str]:
    """The clauses of a text, as commas and conjunctions part them.

    >>> clauses("The sea rose, but nobody was hurt.")
    ['The sea rose, ', 'but nobody was hurt.']
    """
    return [text[start:end] for start, end in pairwise([0, *_ends_of_clauses(text), len(text)])]


def _ends_of_clauses(text: str) -> Iterator[int]:
    return (match.end() for match in _CLAUSE_END.finditer(text))
