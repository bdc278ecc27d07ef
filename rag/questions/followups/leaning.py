"""Questions that lean on a topic without a pronoun: "What was the cause?", "Who paid?", "And the satellites ...?"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.lexical import STOPWORDS, words
from rag.questions.followups.contrast import topic_of
from rag.questions.followups.frames import PREPOSITIONS, opened
from rag.questions.followups.items import Exchange
from rag.questions.followups.mentions import mentions_in
from rag.questions.followups.names import names_in

_FOLLOWING = re.compile(
    r"^\W*(?:(?:thanks?(?: you)?|ok(?:ay)?|hm+|well|right|yes|no)\b[\s,.:;!]*)*(?:and|but|so|or|then)\b", re.IGNORECASE
)
_YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d\b")
_POINTING = re.compile(r"\b(?:these|those|each|both|either|neither|(?:this|that) one)\b", re.IGNORECASE)
_PARTITIVE = re.compile(
    r"\b(?:how many|how much|which|one|some|most|all) of (?:these|those|the [a-z]+)\b", re.IGNORECASE
)
_SHARED = (
    "weather|forecast|world|sun|moon|sky|internet|capital|population|meaning|text|texts|article|document|report|story"
)
"""What needs no topic to be understood, or is the text itself."""
_LINKS = "|".join(
    sorted((PREPOSITIONS | {"that", "who", "which", "whose", "of"}) - {"before", "after", "since", "than"})
)
_DEFINITE = re.compile(
    rf"\b[Tt]he (?!(?:{_SHARED})\b)(?:[a-z][\w'’-]* )*?[a-z][\w'’-]*(?=[?,.!]|$| (?!(?:{_LINKS})\b))"
)
_INDEFINITE = re.compile(r"\b(?:an?|any|some|every)\b", re.IGNORECASE)
_MOST_NAMES = 3


def leans_on_topic(question: str) -> bool:
    """Whether the question names nothing that could tell what it is about, and says "the ..." or hardly anything.

    >>> leans_on_topic("What was the cause?"), leans_on_topic("When do deliveries begin?")
    (True, True)
    >>> leans_on_topic("What was the cause of the fire in Leiden?"), leans_on_topic("Is there a museum shop?")
    (False, False)
    """
    if _PARTITIVE.search(question):
        return True
    if names_in("x " + question) or _YEAR.search(question):
        return False
    if _FOLLOWING.match(question) or _POINTING.search(question) or _is_bare(question):
        return True
    own = [word for word, _, _ in words(opened(question)) if word.lower() not in STOPWORDS]
    return len(own) <= 2 and (not _INDEFINITE.search(question) or len(question.split()) <= 3)


def context_of(turns: Sequence[Exchange]) -> str:
    """What the conversation is about, to search with: the names of the latest question that has any, else its topic."""
    for turn in reversed(turns):
        mentions = mentions_in(turn.question, turn.answer)
        named = [m.text for m in mentions if m.named or names_in(f"x {m.text}")]  # "the Quince Lane allotments"
        shortest = [text for text in named if not any(other != text and other in text for other in named)]
        if shortest and any(m.named for m in mentions):
            return ", ".join(shortest[:_MOST_NAMES])
    return next((topic for turn in reversed(turns) if (topic := topic_of(turn))), "")


def with_context(question: str, turns: Sequence[Exchange]) -> str:
    """The question as it is, with what it is about behind it: it is searched for with that, and read without.

    >>> with_context("Who paid?", [Exchange("When was the Tarn Line reopened?")])
    'Who paid? (regarding the Tarn Line)'
    """
    topic = context_of(turns)
    text = opened(question).strip().rstrip(" ?!.")
    return f"{text[:1].upper()}{text[1:]}? (regarding {topic})" if topic else question


def _is_bare(question: str) -> bool:
    """Whether "the ..." comes without what would tell which one."""
    return any(match.group().split()[-1].lower() not in STOPWORDS for match in _DEFINITE.finditer(question))
