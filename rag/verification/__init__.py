"""Is a statement what its cited sentences say? Rules about facts first, then the words as a whole.

    >>> from rag.verification import contradiction
    >>> contradiction("The grant is 40 euros.", ["The grant is 50 euros."]).reason
    'its citations do not say 40 euros'

Numbers, dates, names, quotations, negation, roles, scope and cause have a module each; `docs/verification.md` says what
each of them checks and what it cannot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.extractive import Picker
from rag.schema import Verdict
from rag.verification.arguments import exchanged
from rag.verification.bindings import misplaced_value
from rag.verification.cause import uncaused
from rag.verification.facts import Values
from rag.verification.meaning import judged
from rag.verification.names import missing_name
from rag.verification.negation import denied, reversed_word
from rag.verification.quotes import altered_quote, other_speaker
from rag.verification.roles import swapped
from rag.verification.scope import hardened, other_setting, widened
from rag.verification.values import changed_bound, has_derived, missing_value, other_rate
from rag.verification.wording import Wording

SAYS = "its citations say so"
"""The reason of a statement that is supported."""


@dataclass(frozen=True)
class Finding:
    """A verdict with its reason: one short plain clause for a person."""

    verdict: Verdict
    reason: str


class Verifier:
    """Checks statements against the sentences that they cite; may be used from several threads."""

    def __init__(self, picker: Picker) -> None:
        self._picker = picker

    def check(self, statement: str, sources: Sequence[str], around: str = "") -> Finding:
        """Whether `sources`, the texts of the cited sentences, say the statement.

        `statement` is plain words without markers; `around` what the sources are read with (title, the sentence
        before): names and dates may be resolved there.
        """
        if not any(source.strip() for source in sources):
            return Finding("unsupported", "it cites nothing")
        wrong = contradiction(statement, sources, around)
        if wrong is not None:
            return wrong
        said, source, beside = Wording.of(statement), Wording.of(*sources), Wording.of(around)
        if not said.tokens:
            return Finding("unsupported", "it says nothing")
        verdict, reason = judged(said, source, beside, self._picker)
        return Finding(verdict, reason or SAYS)


def contradiction(statement: str, sources: Sequence[str], around: str = "") -> Finding | None:
    """The first fact of the statement that the sources do not bear out by the rules alone; None where all are."""
    said, source, beside = Wording.of(statement), Wording.of(*sources), Wording.of(around)
    mine, theirs, near = Values(said), Values(source), Values(beside)
    reason = (
        altered_quote(said, source)
        or missing_value(mine, theirs, near)
        or missing_name(said, source, beside)
        or other_speaker(said, source)
        or (None if has_derived(mine, theirs) else denied(said, source) or reversed_word(said, source))
        or other_rate(mine, theirs)
        or misplaced_value(mine, theirs)
        or swapped(said, source)
        or exchanged(said, source)
        or uncaused(said, source)
    )
    if reason:
        return Finding("unsupported", reason)
    reason = (
        changed_bound(mine, theirs) or widened(said, source) or hardened(said, source) or other_setting(said, source)
    )
    return Finding("partial", reason) if reason else None
