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
SUPPORTED, PARTIAL, OVERRULED = 0.5, 0.25, 0.8
"""From these probabilities of the trained model on a statement is supported; is partial; is so against a rule about
words. Chosen on the pairs that calibrate (`rag/training/stated/`), `dev`, `dev2` and the even pairs of `dev3`."""


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
        texts = _Texts.of(statement, sources, around)
        if wrong := _by_values(texts):
            return wrong
        if not texts.said.tokens:
            return Finding("unsupported", "it says nothing")
        wrong = _by_words(texts)
        sure = self._picker.supports(statement, " ".join((around, *sources)).strip())
        if sure is None:
            verdict, reason = judged(texts.said, texts.source, texts.around, self._picker)
            return wrong or Finding(verdict, reason or SAYS)
        return _weighed(wrong, sure)


def contradiction(statement: str, sources: Sequence[str], around: str = "") -> Finding | None:
    """The first fact of the statement that the sources do not bear out by the rules alone; None where all are."""
    texts = _Texts.of(statement, sources, around)
    return _by_values(texts) or _by_words(texts)


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
        said, source, beside = Wording.of(statement), Wording.of(*sources), Wording.of(around)
        return cls(said, source, beside, Values(said), Values(source), Values(beside))


def _by_values(texts: _Texts) -> Finding | None:
    """What quotations, numbers and dates tell: a model that reads for meaning is no match for it."""
    reason = (
        altered_quote(texts.said, texts.source)
        or missing_value(texts.mine, texts.theirs, texts.near)
        or other_rate(texts.mine, texts.theirs)
        or misplaced_value(texts.mine, texts.theirs)
    )
    return Finding("unsupported", reason) if reason else None


def _by_words(texts: _Texts) -> Finding | None:
    """What names, denials, roles, causes and limits tell, as far as rules know the words."""
    said, source = texts.said, texts.source
    derived = has_derived(texts.mine, texts.theirs)
    reason = (
        missing_name(said, source, texts.around)
        or other_speaker(said, source)
        or (None if derived else denied(said, source) or reversed_word(said, source))
        or swapped(said, source)
        or exchanged(said, source)
        or uncaused(said, source)
    )
    if reason:
        return Finding("unsupported", reason)
    reason = (
        changed_bound(texts.mine, texts.theirs)
        or widened(said, source)
        or hardened(said, source)
        or other_setting(said, source)
    )
    return Finding("partial", reason) if reason else None


def _weighed(wrong: Finding | None, sure: float) -> Finding:
    """What the rules found by words, against how surely the trained model finds the statement in the sources."""
    if wrong and sure < OVERRULED:
        return wrong
    if sure < PARTIAL:
        return Finding("unsupported", "its citations do not say so, as far as the model can tell")
    if sure < SUPPORTED:
        return Finding("partial", "it is doubtful whether its citations say so")
    return Finding("supported", SAYS)
