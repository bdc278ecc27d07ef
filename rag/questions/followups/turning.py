"""A question turned round: asked again with another question word in front."""

from __future__ import annotations

import re

from rag.questions.followups.frames import PREPOSITIONS, Frame, asked, is_plural
from rag.questions.followups.items import Exchange, items_of
from rag.questions.followups.mentions import named_after, new_in
from rag.questions.followups.verbs import BE, base_of, is_past, participle_of


def fronted(lead: str, parsed: Frame, answered: str = "") -> str | None:
    """The frame asked with another question word in front; `answered` stands for what it asked for.

    >>> from rag.questions.followups.frames import frame
    >>> fronted("to whom", frame("How many chips will Nvidia supply?"))
    'To whom will Nvidia supply chips?'
    >>> fronted("when", frame("Who designed the bridge?"))
    'When was the bridge designed?'
    """
    if parsed.auxiliary and not parsed.asks_subject:
        asked_for = _asked_for(parsed, answered)
        if parsed.auxiliary in BE and not parsed.verb:
            return asked(lead, parsed.auxiliary, parsed.subject, parsed.rest)
        return asked(lead, parsed.auxiliary, parsed.subject, parsed.verb, asked_for, _without(lead, parsed.rest))
    subject = answered or _subject_of(parsed)
    if parsed.auxiliary and subject:
        return asked(lead, parsed.auxiliary, subject, parsed.verb, _without(lead, parsed.rest))
    base = base_of(parsed.verb)
    if base is None:
        return None
    past = is_past(parsed.verb)
    thing = re.match(r"(?:(?:the|an?|this|his|her|its|their)\b|[A-Z0-9])", parsed.rest)
    if thing and not parsed.noun:
        cut = re.search(r"\s(?:in|on|at|to|for|from|after|before|during|by|with|into)\s", parsed.rest)
        end = cut.start() if cut else len(parsed.rest)
        plural = is_plural(parsed.rest[:end])
        be = ("were" if plural else "was") if past else ("are" if plural else "is")
        return asked(lead, be, parsed.rest[:end], participle_of(base), _without(lead, parsed.rest[end:]))
    do = "did" if past else ("do" if is_plural(subject) else "does")
    return asked(lead, do, subject, base, _without(lead, parsed.rest)) if subject else None


def _asked_for(parsed: Frame, answered: str) -> str:
    """What stands behind the verb in place of the question word, where that was its object."""
    if len(parsed.lead.split()) > len(parsed.word.split()):
        return ""  # with a preposition it was no object
    if parsed.noun:
        return answered or (parsed.noun if parsed.word.startswith("how") else f"the {parsed.noun}")
    return answered if parsed.word in ("who", "whom", "what", "which") else ""


def _subject_of(parsed: Frame) -> str:
    if parsed.noun:
        return parsed.noun if parsed.word.startswith("how") else f"the {parsed.noun}"
    return ""


def _without(lead: str, rest: str) -> str:
    """The rest without the phrase that the new question word stands for: no "to Seoul" behind "to whom"."""
    preposition = lead.split()[0].lower()
    if preposition not in PREPOSITIONS:
        return rest
    return re.sub(rf"\s*\b{preposition} (?:the )?[\w' -]+?(?=$| (?:in|on|at|for|by|with|from|to) )", "", rest, count=1)


def answer_of(before: Frame, turn: Exchange) -> str:
    """What the question before asked for, by name, as far as its answer tells."""
    items = items_of(turn) if is_plural(before.noun) else []
    if len(items) > 1 and before.word in ("which", "what"):
        return ", ".join(items[:-1]) + f" and {items[-1]}"
    if before.word in ("who", "whom") or (
        before.noun and not before.word.startswith("how") and not is_plural(before.noun)
    ):
        names = new_in(turn.answer, turn.question)
        if names:
            return names[0].text
        fuller = named_after(before.noun, turn.answer)
        if fuller:
            return fuller.text
        return f"the {before.noun}" if before.noun else ""
    return ""
