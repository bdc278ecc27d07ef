"""A yes or no that was found, and is none: what is denied, compared or told is something, or somebody, else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.followups.names import NAME
from rag.lexical import STOPWORDS, stem, stems
from rag.questions import Question
from rag.schema import Polarity
from rag.yesno.polarity import OPPOSITES, clauses, names_and_numbers, names_grouped, negated

_AT = re.compile(
    r"\b(?P<at>in|on|at|by|from|to|with|for|during) (?:the |an? |my |your )?(?P<noun>[^\W\d]+)", re.IGNORECASE
)
_AT_THE_END = re.compile(rf"{_AT.pattern}\W*$", re.IGNORECASE)
_THAN = re.compile(r".*\b(?P<word>more|less|fewer|[a-z]{2,}er)\b.*?\bthan\b", re.IGNORECASE)
_COMPARATIVE = re.compile(
    r"\b(?P<word>(?:cheap|dear|prici|small|larg|old|young|fast|slow|long|short|tall|high|low|heavi|light|warm|cold|cool|deep"
    r"|wid|strong|weak|rich|poor|easi|hard|saf|quick|great|clos|near|new|bigg|hott)er)\W*$",
    re.IGNORECASE,
)
"""At the end of a question: "Was the old hall cheaper?"."""
_COMPARES = "than above below ahead exceeded exceeds beat beats outnumber outnumbered compared".split()
_NO_PLANS = re.compile(r"\b(?:no|without) (?:\w+ )?(?:plans?|intentions?|wish|desire)\b", re.IGNORECASE)
_WHO = re.compile(rf"(?P<head>{NAME.pattern}),? (?:(?:an?|the) [\w -]{{2,40}}? )?(?:who|which|whose) (?P<told>[^,.;]*)")
"""What is told of one name between others."""
_KIN = {
    word: frozenset(other.split())
    for pair in (
        "mother/father",
        "son/daughter",
        "sons/daughters",
        "husband/wife",
        "brother/sister",
        "brothers/sisters",
    )
    for one, other in (pair.split("/"),)
    for word, other in ((one, other), (other, one))
}


def doubted(question: Question, sentence: str, polarity: Polarity) -> bool:
    """Whether the yes or no that the sentence seems to settle is of something, or somebody, else.

    >>> from rag.questions import analyse
    >>> doubted(analyse("Are dogs allowed in the garden?"), "Not in the café, but in the garden.", "no")
    True
    >>> doubted(analyse("Is dinner cheaper than lunch?"), "Lunch is 29 euros, and dinner 64.", "yes")
    True
    """
    if polarity == "no" and _denied_elsewhere(question, sentence):
        return True
    if polarity == "yes" and _NO_PLANS.search(sentence) and not negated(question.asked):
        return True
    return (
        _is_uncompared(question, sentence) or _is_of_kin(question, sentence) or _is_told_of_another(question, sentence)
    )


def _denied_elsewhere(question: Question, sentence: str) -> bool:
    """Whether what is denied is so "in the café", where "in the garden" is asked about and stands without negation."""
    place = _AT_THE_END.search(question.asked)
    if not place:
        return False
    noun, denied, plain = stem(place["noun"].lower()), "", set()
    for part in clauses(sentence):
        if negated(part):
            denied += part
        else:
            plain |= set(stems(part))
    others = {stem(match["noun"].lower()) for match in _AT.finditer(denied) if match["at"] == place["at"]}
    return noun in plain and noun not in stems(denied) and bool(others - STOPWORDS)


def _is_uncompared(question: Question, sentence: str) -> bool:
    """Whether one is compared with another, and the sentence compares nothing."""
    asked = _THAN.search(question.asked) or _COMPARATIVE.search(question.asked)
    said = set(re.findall(r"[a-z]+", sentence.lower()))
    if not asked:
        return False
    word = asked["word"].lower()
    return not said & {word, OPPOSITES.get(word, word), *_COMPARES}


def _is_of_kin(question: Question, sentence: str) -> bool:
    """Whether the mother is asked about, and the sentence speaks of the father alone."""
    asked, said = (set(re.findall(r"[a-z]+", text.lower())) for text in (question.asked, sentence))
    return any(word in asked - said and _KIN[word] & (said - asked) for word in _KIN)


def _is_told_of_another(question: Question, sentence: str) -> bool:
    """Whether what is asked of one name is told of another, between commas or behind "who", or the reverse."""
    names = [set(name) for name in names_grouped(question.asked)]
    predicate = set(question.stems) - set(names_and_numbers(question.asked))
    if not names or not predicate:
        return False
    for head, told, rest in _told(sentence):
        own, others = set(stems(told)), set(stems(rest))
        if any(head & name for name in names):
            continue
        if any(name <= own - others for name in names) and predicate & (others - own):
            return True
        if predicate & (own - others) and any(name & others for name in names):
            return True
    return False


def _told(sentence: str) -> Iterator[tuple[set[str], str, str]]:
    """The stems of each name with what is told of it, and the rest of the sentence."""
    for found in _WHO.finditer(sentence):
        yield set(stems(found["head"])), found["told"], sentence[: found.start("told")] + sentence[found.end("told") :]
