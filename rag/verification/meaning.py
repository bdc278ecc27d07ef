"""What the rules leave open where no trained model tells: does the source say the statement at all, and all of it?

Two signals, each in [0, 1]: the share of the statement's words that the source has, and how surely the picker finds the
statement in the source (the trained reader's score, or similarity without one). The bounds are chosen on `dev`, half of
the words on `dev2` and the even pairs of `dev3` too: faithful statements against the same ones with the sentence that says
them taken away.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rag.reading.similarity import Picker
from rag.schema import Verdict
from rag.verification.facts import Values
from rag.verification.negators import NEGATOR
from rag.verification.wording import Clause, Token, Wording, is_akin

COVERAGE_WEIGHT = 2 / 3
SUPPORTED, PARTIAL = 0.33, 0.2
"""From these bounds on the two signals together mean supported, and partial."""
HALF_SAID = 0.5
"""A statement of which the source has fewer words must be found by the picker."""
LEAST_OF_CLAUSE, SHORTEST_CLAUSE = 0.3, 4
"""A clause of so many words of its own, of which the source has less than this share, is an addition."""


def judged(said: Wording, source: Wording, around: Wording, picker: Picker) -> tuple[Verdict, str]:
    """The verdict on a statement whose facts all stand in the source, with the reason where it is not supported."""
    covered = coverage(said, source, around)
    if covered < HALF_SAID:  # with more, the bounds are met whatever the reader finds: it is not asked
        entailed = picker.entailment(said.text, source.text)
        score = COVERAGE_WEIGHT * covered + (1 - COVERAGE_WEIGHT) * entailed
        if score < PARTIAL:
            return "unsupported", "its citations are about something else"
        if score < SUPPORTED or entailed < 0.5:
            return "partial", "its citations say little of it"
    added = next(additions(said, source, around), None)
    if added:
        return "partial", not_said(added)
    return "supported", ""


def not_said(added: Clause) -> str:
    """The reason where a clause is an addition."""
    return f'its citations do not say "{added.text.strip(" ,.;:")}"'


def coverage(said: Wording, *sources: Wording) -> float:
    """The share of the statement's words that a source has, itself or by one of its family.

    Numbers, dates and negations are looked at before: the former are taken as said, the latter count for nothing.

    >>> coverage(Wording.of("Green tea is cheap."), Wording.of("Tea is green."))
    0.6666666666666666
    """
    return _share(said, said.tokens, sources)


def additions(said: Wording, *sources: Wording) -> Iterator[Clause]:
    """The clauses of the statement of which the sources have hardly a word; numbers were looked at before.

    >>> source = Wording.of("Tea reached Lisbon in 1921.")
    >>> [c.text for c in additions(Wording.of("Tea reached Lisbon, where merchants built large warehouses."), source)]
    ['merchants built large warehouses.']
    """
    for clause in said.clauses:
        long = sum(token.is_content for token in clause.tokens) >= SHORTEST_CLAUSE
        if long and _share(said, clause.tokens, sources) < LEAST_OF_CLAUSE:
            yield clause


def _share(text: Wording, tokens: Sequence[Token], sources: Sequence[Wording]) -> float:
    """The share of the content words (of all, where there is none) that are said by the sources."""
    values = Values(text)
    counted = [(date.start, date.end) for date in values.dates] + [(a.start, a.last) for a in values.amounts]
    denials = [match.span() for match in NEGATOR.finditer(text.text)]
    known = frozenset().union(*(source.stems for source in sources))
    content = [token for token in tokens if token.is_content and not _in(token, denials)] or tokens
    said = {token.stem: _in(token, counted) or _is_said(token.stem, known) for token in content}
    return sum(said.values()) / len(said) if said else 0.0


def _in(token: Token, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= token.start < end for start, end in spans)


def _is_said(word: str, known: frozenset[str]) -> bool:
    return word in known or any(is_akin(word, other) for other in known)
