"""What the rules leave open: does the source say the statement at all, and all of it?

Two signals, each in [0, 1]: the share of the statement's words that the source has, and how surely the picker finds the
statement in the source (the trained reader's score, or similarity without one). The bounds are chosen on the `dev` half
of `evals/verifier`: its faithful statements against the same ones with the sentence that says them taken away.
"""

from __future__ import annotations

from collections.abc import Iterator

from rag.extractive import Picker
from rag.schema import Verdict
from rag.verification.numerals import numerals
from rag.verification.wording import Clause, Wording

COVERAGE_WEIGHT = 2 / 3
SUPPORTED, PARTIAL = 0.33, 0.2
"""From these bounds on the two signals together mean supported, and partial."""
HALF_SAID = 0.55
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
        return "partial", f'its citations do not say "{added.text.strip(" ,.;:")}"'
    return "supported", ""


def coverage(said: Wording, *sources: Wording) -> float:
    """The share of the statement's content words (of all its words, where it has none) whose stem a source has.

    >>> coverage(Wording.of("Green tea is cheap."), Wording.of("Tea is green."))
    0.6666666666666666
    """
    known = frozenset().union(*(source.stems for source in sources))
    own = frozenset(token.stem for token in said.tokens if token.is_content) or said.stems
    return len(own & known) / len(own) if own else 0.0


def additions(said: Wording, *sources: Wording) -> Iterator[Clause]:
    """The clauses of the statement of which the sources have hardly a word; numbers were looked at before.

    >>> source = Wording.of("Tea reached Lisbon in 1921.")
    >>> [c.text for c in additions(Wording.of("Tea reached Lisbon, where merchants built large warehouses."), source)]
    ['merchants built large warehouses.']
    """
    known = frozenset().union(*(source.stems for source in sources))
    counted = [(numeral.start, numeral.end) for numeral in numerals(said.text)]
    for clause in said.clauses:
        own = {t.stem for t in clause.tokens if t.is_content and not any(a <= t.start < b for a, b in counted)}
        if len(own) >= SHORTEST_CLAUSE and len(own & known) < LEAST_OF_CLAUSE * len(own):
            yield clause
