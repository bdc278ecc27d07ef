"""What a text replies to a question of its own: "Can I borrow reference books?" - "No, they stay here."."""

from __future__ import annotations

import re

from rag.lexical import stems
from rag.questions import Question, analyse
from rag.reading.yesno.clauses import negated
from rag.schema import Polarity

_END = r"(?=\s*(?:[,.:;!–—-]|$))"
_REPLY = re.compile(
    r"\W*(?:A[:.)] )?(?:(?P<yes>yes|yep|of course|certainly|absolutely)|(?P<no>no|nope|not yet|not at all|never))"
    + _END,
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\W*(?:A[:.)] )?(?:only|except|unless|sometimes|usually|mostly|normally|partly|(?:it|that) depends|not always"
    r"|not quite|maybe|perhaps)\b",
    re.IGNORECASE,
)
_ASKS = re.compile(r"\?\W*$")


def is_question(sentence: str) -> bool:
    """Whether a sentence asks, and so settles nothing.

    >>> is_question("**Can I install it myself?**"), is_question("You can.")
    (True, False)
    """
    return bool(_ASKS.search(sentence))


def begins_with(polarity: Polarity, sentence: str) -> bool:
    """Whether a sentence says itself the yes or no that would stand before it.

    >>> begins_with("no", "No, they must stay."), begins_with("no", "Not yet: in May."), begins_with("no", "None do.")
    (True, True, False)
    """
    reply = _REPLY.match(sentence)
    return bool(reply and reply[polarity])


def replies(sentence: str, above: str) -> bool:
    """Whether a sentence replies to a question, which is known by its first word or by the line `above` it."""
    return bool(_REPLY.match(sentence) or (is_question(above) and _OPEN.match(sentence)))


def replied(question: Question, sentence: str, above: str) -> Polarity | None:
    """The yes or no of a sentence that replies; None where another question than this one stands above it.

    >>> from rag.questions import analyse
    >>> dogs = "Can I bring my dog?"
    >>> replied(analyse("Can I bring a dog?"), "No, only guide dogs.", dogs)
    'no'
    >>> replied(analyse("Can I bring a guide dog?"), "No, only guide dogs.", dogs)
    >>> replied(analyse("Can I bring my dog?"), "Only on weekdays.", dogs)
    """
    reply = _REPLY.match(sentence)
    if reply is None or not is_question(above):
        return None
    same = set(analyse(above).stems) == set(question.stems) and negated(above) == negated(question.asked)
    same = same and set(stems(above)) == set(stems(question.asked))
    return ("yes" if reply["yes"] else "no") if same else None
