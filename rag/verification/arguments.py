"""Who does what to whom under any verb that statement and source share, without a parser.

A verb is taken for one by its place: before "the", "its" or a name, or before "by". What stands before it is its
agent, what follows its patient; behind "by", the other way round. Only words that both texts have are compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.verification.vocabulary import BASE_FORMS
from rag.verification.wording import Token, Wording

_BE = re.compile(
    r"\b(?:is|are|was|were|be|been|being)(?: \w+ly| not| also| later| first| then| to be)*\s$", re.IGNORECASE
)
_NOUN = re.compile(
    r"\b(?:the|an?|its|their|his|her|this|that|of|on|in|at|for|by|no|any|some|to|\w+'s)\s$", re.IGNORECASE
)
"""What stands before a noun, or before a verb whose agent is not there: "to keep"."""
_OBJECT = re.compile(
    r"\s(?:the|an?|its|their|his|her|this|these|those|every|each|all|any|some|no|two|three|four|five|six)\b|\s[A-Z]"
)
_BY = re.compile(r"(?: \w+){0,4}? by\s(?!\d|\w+ing\b)", re.IGNORECASE)
_AND = re.compile(r"[\w' ]{1,40}? and ")
_AND_BEFORE = re.compile(r" and (?:the )?[A-Z][\w.]*(?: [A-Z]\w*)*\s$")
"""A second agent: "by Ann and Bob", "Ann and Bob found"."""
_PREPOSITION = re.compile(
    r"\s*(?:in|on|at|for|with|after|before|during|over|under|by|to|from|of|as|among|between)\b", re.IGNORECASE
)
_STOP = re.compile(
    r"[,;:()\"]|\b(?:in|on|at|for|with|after|before|during|over|under|by|to|from|of|as|while|who|which|that|and|but|because|than)\b",
    re.IGNORECASE,
)
_BEGINNING = re.compile(r"[;,]\s|\b(?:that|while|but|and|because|since|if|although|after|before|when)\s", re.IGNORECASE)
_IRREGULAR = BASE_FORMS.keys() | BASE_FORMS.values()


@dataclass(frozen=True)
class Act:
    """A verb with the stems of the words that its agents ("Ann and Bob") and its patient are about."""

    verb: str
    agents: frozenset[str]
    patient: str


def exchanged(said: Wording, source: Wording) -> str | None:
    """Whether a verb of both has its sides exchanged, or one side given to another of the two, in words for a person.

    >>> source = Wording.of("The tenant sued the landlord over damp. The court heard the tenant.")
    >>> exchanged(Wording.of("The landlord was sued by the tenant."), source)
    >>> exchanged(Wording.of("The landlord sued the tenant."), source)
    'it exchanges who does what to whom'
    >>> exchanged(Wording.of("The court sued the landlord, not the tenant."), source)
    'it exchanges who does what to whom'
    """
    shared = said.stems & source.stems
    theirs = list(acts(source, shared))
    for mine in acts(said, shared):
        same = [one for one in theirs if one.verb == mine.verb]
        if any(mine.patient in one.agents and one.patient in mine.agents for one in same):
            return "it exchanges who does what to whom"
        others = [one for one in same if one.patient == mine.patient]
        if others and not any(one.agents & mine.agents for one in others):
            return "it exchanges who does what to whom"
    return None


def acts(text: Wording, shared: frozenset[str]) -> Iterator[Act]:
    """The verbs among the shared words whose agent and patient are shared words too.

    >>> text = Wording.of("The cook was infected by nine guests. The guests closed the inn.")
    >>> [(act.verb, *act.agents, act.patient) for act in acts(text, text.stems)]
    [('infect', 'guest', 'cook'), ('close', 'guest', 'inn')]
    """
    for token in text.tokens:
        if not token.is_content or token.stem not in shared or not _has_form_of_verb(token):
            continue
        if _NOUN.search(text.text[max(0, token.start - 20) : token.start]):
            continue
        start, end = text.sentence_at(token.start)
        by = _BY.match(text.text, token.end, end)
        whole = bool(_BE.search(text.text, start, token.start))
        follows = _OBJECT.match(text.text, token.end, end)
        if by and (whole or not follows):
            agents = [_phrase(text, by.end(), end)]
            if also := _AND.match(text.text, by.end(), end):
                agents.append(_phrase(text, also.end(), end))
            patient = _subject(text, start, token.start) if whole else _last(text, start, token.start)
        elif not whole and follows:
            agents, patient = [_subject(text, start, token.start)], _phrase(text, token.end, end)
            if also := _AND_BEFORE.search(text.text, start, token.start):
                agents.append(_last(text, start, also.start()))
        else:
            continue
        told = frozenset(agents) & shared
        if told and patient in shared and patient not in told and token.stem not in (patient, *told):
            yield Act(token.stem, told, patient)


def _has_form_of_verb(token: Token) -> bool:
    return token.text.islower() and (token.lower.endswith(("ed", "s")) or token.lower in _IRREGULAR)


def _subject(text: Wording, start: int, end: int) -> str:
    """The stem that the first phrase of the clause before a verb is about; unknown behind a preposition."""
    begin = start
    for found in _BEGINNING.finditer(text.text, start, end):
        if found.group() != "and " or _last(text, found.end(), end):  # else "and cleared": the subject said before
            begin = found.end()
    return "" if _PREPOSITION.match(text.text, begin, end) else _phrase(text, begin, end)


def _phrase(text: Wording, start: int, end: int) -> str:
    """The stem of the last content word before the first preposition or mark."""
    stop = next((found.start() for found in _STOP.finditer(text.text, start, end) if found.start() > start), end)
    return _last(text, start, stop)


def _last(text: Wording, start: int, end: int) -> str:
    return next((token.stem for token in reversed(text.within(start, end)) if token.is_content), "")
