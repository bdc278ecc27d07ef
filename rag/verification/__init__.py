"""Is a statement what its cited sentences say? Rules about facts first, then a model that has learnt to tell.

    >>> from rag.verification import contradiction
    >>> contradiction("The grant is 40 euros.", ["The grant is 50 euros."]).reason
    'its citations do not say 40 euros'

Numbers, dates, names, quotations, negation, roles, scope and cause have a module each; `docs/verification.md` says what
each of them checks and what it cannot.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from rag.entailing import Judged
from rag.reading.similarity import Picker
from rag.schema import Verdict
from rag.verification.arguments import exchanged
from rag.verification.bindings import misplaced_value
from rag.verification.cause import uncaused
from rag.verification.facts import Values
from rag.verification.meaning import additions, coverage, judged, not_said
from rag.verification.names import missing_name
from rag.verification.negation import denied, reversed_word
from rag.verification.quotes import altered_quote, other_speaker
from rag.verification.roles import swapped
from rag.verification.scope import hardened, other_setting, widened
from rag.verification.values import changed_bound, has_derived, missing_value, other_rate
from rag.verification.wording import Wording

SAYS = "its citations say so"
"""The reason of a statement that is supported."""
NOT_SAID = "its citations do not say so, as far as the trained model can tell"
DOUBTED, ADDED = -4.4, 0.3
"""Bounds on what the trained model makes of a statement: below the first, of `_surety`, it is not supported; below the
second, of the probability that the sources say it, nor is one with a clause of which the sources have hardly a word.
Chosen on the pairs that calibrate (`rag/training/stated/`), `dev`, `dev2` and `dev3`, where the first costs one
faithful statement in a hundred and fifty."""
DENIAL = 0.25
"""How much that the sources deny a statement counts beside that they say it: at the same cost this finds most there."""
LEAST_SAID = 0.1
"""A statement of which the sources have fewer of its words is not the model's matter: it may be in another language."""


@dataclass(frozen=True)
class Finding:
    """A verdict with its reason: one short plain clause for a person."""

    verdict: Verdict
    reason: str

    @property
    def rank(self) -> int:
        """0 for unsupported, 1 for partial, 2 for supported."""
        return ("unsupported", "partial", "supported").index(self.verdict)


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
        texts = _Texts.of(statement, sources, around)
        if wrong := _contradicted(texts):
            return wrong
        if not texts.said.tokens:
            return Finding("unsupported", "it says nothing")
        learnt = coverage(texts.said, texts.source, texts.around) >= LEAST_SAID
        found = self._picker.judge(statement, " ".join((around, *sources)).strip()) if learnt else None
        if found is not None:
            return _weighed(texts, found)
        verdict, reason = judged(texts.said, texts.source, texts.around, self._picker)
        return Finding(verdict, reason or SAYS)


def contradiction(statement: str, sources: Sequence[str], around: str = "") -> Finding | None:
    """The first fact of the statement that the sources do not bear out by the rules alone; None where all are."""
    return _contradicted(_Texts.of(statement, sources, around))


@dataclass(frozen=True)
class _Texts:
    """A statement, its sources and what they are read with, each with its numbers and dates."""

    said: Wording
    source: Wording
    around: Wording
    mine: Values
    theirs: Values
    near: Values

    @classmethod
    def of(cls, statement: str, sources: Sequence[str], around: str) -> _Texts:
        """Each text read once; the sources as one."""
        said, source, beside = Wording.of(statement), Wording.of(*sources), Wording.of(around)
        return cls(said, source, beside, Values(said), Values(source), Values(beside))


def _contradicted(texts: _Texts) -> Finding | None:
    said, source, mine, theirs = texts.said, texts.source, texts.mine, texts.theirs
    reason = (
        altered_quote(said, source)
        or missing_value(mine, theirs, texts.near)
        or missing_name(said, source, texts.around)
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


def _weighed(texts: _Texts, found: Judged) -> Finding:
    """What is left to weigh where no rule speaks against a statement: how surely the model finds it said."""
    if _surety(found) < DOUBTED:
        return Finding("unsupported", NOT_SAID)
    added = next(additions(texts.said, texts.source, texts.around), None) if found.says < ADDED else None
    return Finding("partial", not_said(added)) if added else Finding("supported", SAYS)


def _surety(found: Judged) -> float:
    """The logit that the sources say it, less a part of the logit that they deny it where the model has learnt that."""
    return _logit(found.says) - (DENIAL * _logit(found.denies) if found.denies is not None else 0.0)


def _logit(probability: float) -> float:
    kept = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(kept / (1 - kept))
