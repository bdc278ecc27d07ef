"""Who does what to whom under any verb that statement and source share: what stands before it, and what behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.verification.wording import Token, Wording

_BE = re.compile(r"\b(?:is|are|was|were|be|been|being)(?: \w+ly| not| also| later| first)*\s$", re.IGNORECASE)
_NOUN = re.compile(r"\b(?:the|an?|its|their|his|her|this|that|of|on|in|at|for|by|no|any|some|\w+'s)\s$", re.IGNORECASE)
_STOP = re.compile(
    r"[,;:()\"]|\b(?:in|on|at|for|with|after|before|during|over|under|by|to|from|of|as|while|who|which|that|and|but|because|than)\b",
    re.IGNORECASE,
)
_LEADING = re.compile(r"^\s*(?:on|upon|to)\s", re.IGNORECASE)


@dataclass(frozen=True)
class Act:
    """A verb with the stems of its agent's side and of its patient's side."""

    verb: str
    agent: frozenset[str]
    patient: frozenset[str]


def exchanged(said: Wording, source: Wording) -> str | None:
    """Whether a verb of both has its two sides the other way round, in words for a person.

    >>> source = Wording.of("The tenant sued the landlord over damp.")
    >>> exchanged(Wording.of("The landlord was sued by the tenant."), source)
    >>> exchanged(Wording.of("The landlord sued the tenant."), source)
    'it exchanges who does what to whom'
    """
    shared = said.stems & source.stems
    theirs = list(acts(source, shared))
    for mine in acts(said, shared):
        same = [one for one in theirs if one.verb == mine.verb]
        straight = any(one.agent & mine.agent or one.patient & mine.patient for one in same)
        if not straight and any(one.agent & mine.patient and one.patient & mine.agent for one in same):
            return "it exchanges who does what to whom"
    return None


def acts(text: Wording, shared: frozenset[str]) -> Iterator[Act]:
    """The verbs among the shared words that have words of both sides; only shared words count.

    >>> text = Wording.of("The cook was infected by nine guests.")
    >>> [(act.verb, sorted(act.agent), sorted(act.patient)) for act in acts(text, text.stems)]
    [('infect', ['guest'], ['cook'])]
    """
    for token in text.tokens:
        if not token.is_content or token.stem not in shared or not _is_verb(text, token):
            continue
        start, end = text.sentence_at(token.start)
        before, behind = _head(text, start, token.start), text.text[token.end : end]
        passive = bool(_BE.search(text.text, start, token.start)) or behind.startswith(" by ")
        at = re.search(r"\bby\s", behind) if passive else _LEADING.match(behind)
        if passive and not at:
            continue
        object_at = token.end + (at.end() if at else 0)
        after = _phrase(text, object_at, end)
        agent, patient = (after, before) if passive else (before, after)
        agent, patient = (side & shared - {token.stem} for side in (agent, patient))
        if agent and patient and not agent & patient:
            yield Act(token.stem, agent, patient)


def _is_verb(text: Wording, token: Token) -> bool:
    """Whether the word has the form of a verb and does not stand where a noun does."""
    lower = token.lower
    formed = lower != token.stem or lower.endswith(("ed", "s"))
    return formed and token.text.islower() and not _NOUN.search(text.text[max(0, token.start - 20) : token.start])


def _head(text: Wording, start: int, end: int) -> frozenset[str]:
    """The stems of the first phrase of the clause before a verb."""
    cuts = [m.end() for m in re.finditer(r"[;,]\s|\b(?:that|while|but|and|because|after|when)\s", text.text[start:end])]
    begin = start + (cuts[-1] if cuts else 0)
    return _phrase(text, begin, end)


def _phrase(text: Wording, start: int, end: int) -> frozenset[str]:
    """The stem of the last content word before the first preposition or mark: what the phrase is about."""
    stop = next((m.start() for m in _STOP.finditer(text.text, start, end) if m.start() > start), end)
    return frozenset([token.stem for token in text.within(start, stop) if token.is_content][-1:])
