"""Counts that say not of what, "How many?", "How many abstained?": with the noun that is counted put in."""

from __future__ import annotations

import re
from dataclasses import replace

from rag.lexical import STOPWORDS, words
from rag.questions.followups.frames import PREPOSITIONS, Frame, asked, frame, is_plural
from rag.questions.followups.items import Exchange
from rag.questions.followups.mentions import mentions_in
from rag.questions.followups.turning import answer_of, fronted
from rag.questions.followups.verbs import AUXILIARIES, base_of

_COUNTLESS = re.compile(r"(?P<how>\W*(?:and |but |so )?how many)\s+(?P<verb>[\w'’-]+)(?P<rest>.*)$", re.IGNORECASE)


def lacks_noun(question: str) -> bool:
    """Whether a "how many" says not what of: "How many abstained?", "How many were there?"."""
    match = _COUNTLESS.match(question)
    verb = match["verb"].lower() if match else ""
    rest = [word for word, _, _ in words(match["rest"] if match else "") if word.lower() not in STOPWORDS]
    if re.match(r"\s*(?:that|this|it)\W*$", match["rest"] if match else ""):
        return False  # "How many was that?"
    return (verb in AUXILIARIES or (bool(base_of(verb)) and not is_plural(verb))) and len(rest) <= 1


def with_noun(question: str, turn: Exchange) -> str:
    """What is counted put into "How many abstained?": the plural that the question before speaks of.

    >>> with_noun("How many abstained?", Exchange("How many members voted for it?"))
    'How many members abstained?'
    """
    match = _COUNTLESS.match(question)
    if match is None or not lacks_noun(question):
        return question
    before = frame(turn.question)
    plural = next(
        (
            m.text
            for m in mentions_in(turn.question, turn.answer)
            if m.plural and not m.named and (not before.noun or m.text not in f"the {before.noun}")
        ),
        "",
    )
    noun = before.noun if before.noun and is_plural(before.noun) else re.sub(r"^the ", "", plural) or "people"
    place = re.search(r" (?:in|at|on|from) (?:the )?[A-Z].*$", before.rest) if "there" in match["rest"] else None
    rest = match["rest"].rstrip(" ?") + (place.group() if place else "")
    return asked(match["how"], noun, match["verb"], rest)


def with_count(lead: str, before: Frame, turn: Exchange) -> str | None:
    """A bare "How many?", "How much?" or "Which ones?" with what is counted put behind it."""
    if before.subject.lower() == "there":
        what = re.match(
            r"(?:an? |any |some )?(?P<noun>[\w-]+(?: [\w-]+)?)(?P<rest>(?: (?:in|at|on|from|for|after)\b.*)?)$",
            before.rest,
        )
        return asked(lead, what["noun"], before.auxiliary, "there", what["rest"]) if what else None
    amount = re.match(
        r"(?:(?:any|an?) )?(?P<noun>[a-z]+(?: [a-z]+)?)(?= (?:in|on|at|for|last|this|to|from)\b|$)", before.rest
    )
    if lead.lower() == "how much" and not before.lead and before.verb and amount:
        rest = before.rest[amount.end() :]
        return asked(lead, amount["noun"], before.auxiliary, before.subject, before.verb, rest)
    many = lead.lower() != "how much"
    if before.asks_subject and before.noun and (many or not is_plural(before.noun)) and lead.lower() != "how much":
        return replace(before, lead=lead).question()
    if many and before.subject and is_plural(before.subject):
        noun = re.sub(r"^(?:the|any|some) ", "", before.subject)
        return asked(lead, noun, before.auxiliary, before.verb, before.rest)
    counted = re.match(
        r"(?:(?:the|any|some|more|an?) )?(?P<noun>(?:[\w'-]+ ){0,2}?[\w'-]+s|people|children)\b", before.rest
    )
    if many and counted and before.subject and counted["noun"].split()[0] not in PREPOSITIONS:
        rest = before.rest[counted.end() :]
        return asked(lead, counted["noun"], before.auxiliary, before.subject, before.verb, rest)
    if many and before.noun and is_plural(before.noun):
        return replace(before, lead=lead).question()
    answered = answer_of(before, turn)
    if before.asks_subject and not before.auxiliary and answered and base_of(before.verb):
        return asked(
            lead, "did" if before.verb.endswith("ed") else "does", answered, base_of(before.verb) or "", before.rest
        )
    if before.asks_subject and before.auxiliary and answered:
        return asked(lead, before.auxiliary, answered, before.verb, before.rest)
    return fronted(lead, before, answered)
