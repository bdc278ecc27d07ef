"""What a person says in a sentence of its own before a follow-up: "I heard it was stolen once. Where was it found?"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.lexical import STOPWORDS, words
from rag.questions.followups.ellipsis import fragment
from rag.questions.followups.frames import PREPOSITION, opened
from rag.questions.followups.items import Exchange
from rag.questions.followups.names import names_in
from rag.questions.followups.references import references
from rag.questions.phrasing import AUXILIARY, QUESTION_WORD

_ASKS = rf"(?:(?:and|but|so|or|then|also)\b[\s,]*)?(?:(?:{PREPOSITION})\s+)?(?:{QUESTION_WORD}|{AUXILIARY}|whats\b)"
_ASIDE = re.compile(
    rf"^(?!\W*{_ASKS})(?P<aside>[^?\n]{{2,100}}?)(?:[.!…]+|\s*[:;]-?[()D]+)\s+(?P<asks>{_ASKS}[^.!]*)$", re.IGNORECASE
)
_NOUN = r"(?:the|that|an?) (?:\w+ ){0,2}\w+"
_CONTRASTED = re.compile(
    rf"^\W*(?:and|but|or)\b[\s,]*(?:what about )?(?:{_NOUN}, )?(?P<topic>{_NOUN})[.:]\s+(?P<asks>{_ASKS}[^.!]*)$",
    re.IGNORECASE,
)
"""What the question is about, in a sentence of its own: "And the other one, the big one. How much is it?"."""
_OF_ONESELF = re.compile(
    r"\W*(?:i|i['’]\w+|we|we['’]\w+|my|our|if)\b(?! (?:heard|hear|read|see|saw|thought|bet)\b)", re.IGNORECASE
)
_HEARD = re.compile(r"\W*(?:i|we) (?:heard|hear|read|see|saw|thought|bet)\b", re.IGNORECASE)
_OF_THE_ANSWER = re.compile(r"\W*(?:that|this|it|he|she|they|there|what an?|how|poor|so|such|not)\b", re.IGNORECASE)
_LONGEST = 12


def without_aside(question: str, turns: Sequence[Exchange]) -> tuple[str, list[Exchange]]:
    """The question without the sentence before it, which counts as said before it; the whole where that is needed.

    >>> without_aside("That must have hurt. Who found her?", [])[0]
    'Who found her?'
    >>> without_aside("My bike was stolen in Leeds. What should I do?", [])[0]
    'My bike was stolen in Leeds. What should I do?'
    """
    question = _CONTRASTED.sub(r"what about \g<topic>, \g<asks>", question)
    found = _ASIDE.match(question)
    if not found or len(found["aside"].split()) > _LONGEST or _is_needed(found["aside"], found["asks"], turns):
        return question, list(turns)
    return found["asks"], [*turns, Exchange("", found["aside"])]


def _is_needed(aside: str, asks: str, turns: Sequence[Exchange]) -> bool:
    """Whether the question could not be answered without what is told: it brings in a name or a number, or is of the
    person who asks, and the question says hardly anything."""
    said = " ".join(f"{turn.question} {turn.answer}" for turn in turns)
    new = [mention for mention in names_in(aside) if mention.text.removeprefix("the ") not in said]
    numbers = [word for word in re.findall(r"\w*\d\w*", aside) if word not in said]
    if not _OF_THE_ANSWER.match(aside) and len(references(asks)) > len(references(f"{aside}, {asks}")):
        return True  # "I have a dog. Can I bring it?"
    content = [word for word, _, _ in words(opened(asks)) if word.lower() not in STOPWORDS]
    if _HEARD.match(aside) and references(asks):
        return False
    return bool(new or numbers or (_OF_ONESELF.match(aside) and (fragment(asks) or not content)))
