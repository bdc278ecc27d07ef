"""A yes or no that was found, and is none: what is denied, compared or told is something, or somebody, else."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.lexical import STOPWORDS, stem, stems, words
from rag.questions import Question
from rag.questions.followups.names import NAME
from rag.questions.followups.verbs import base_of
from rag.reading.yesno.clauses import clauses, negated
from rag.reading.yesno.named import names_and_numbers, names_grouped
from rag.schema import Polarity

_AT = re.compile(
    r"\b(?P<at>in|on|at|by|from|to|with|for|during) (?:the |an? |my |your )?(?P<noun>[^\W\d]+)", re.IGNORECASE
)
_AT_THE_END = re.compile(rf"{_AT.pattern}\W*$", re.IGNORECASE)
_COMPARATIVE = re.compile(
    r"\b(?:more|less|fewer|better|worse|(?:cheap|dear|prici|small|larg|old|young|fast|slow|long|short|tall|high|low|heavi|light"
    r"|warm|cold|cool|deep|wid|strong|weak|rich|poor|easi|hard|saf|quick|great|clos|near|new|bigg|hott|busi|thick|thin)er)\b",
    re.IGNORECASE,
)
_AT_END = re.compile(rf"{_COMPARATIVE.pattern}\W*$", re.IGNORECASE)
"""At the end of a question: "Was the old hall cheaper?"."""
_COMPARES = re.compile(
    r"\b(?:than|above|below|ahead|over|under|up to|exceed\w*|beats?|outnumber\w*|compared|twice|half|double)\b",
    re.IGNORECASE,
)
_NO_PLANS = re.compile(
    r"\b(?:no|without) (?:\w+ )?(?:plans?|intentions?|wish|desire) (?:to|of|for) (?P<what>[^,;.]*)", re.I
)
_BEYOND = re.compile(
    r"\b(?:never|not|no|nobody|none|n['’]t)\b[^,.;:]*"
    r"\b(?:more|longer|less|fewer|later|earlier|further|higher|lower) than\b",
    re.IGNORECASE,
)
_SUPERLATIVE = re.compile(r"\bthe (?P<most>(?:most|least) [a-z]+|[a-z]{2,}est|best|worst)\b", re.IGNORECASE)
_RANKED = re.compile(
    r"\b(?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d+(?:nd|rd|th)|next|among"
    r"|(?:one|some|two|three) of)\b",
    re.IGNORECASE,
)
_WHO = re.compile(rf"(?P<head>{NAME.pattern}),? (?:(?:an?|the) [\w -]{{2,40}}? )?(?:who|which|whose) (?P<told>[^,.;]*)")
"""What is told of one name between others."""
_ONE_NAME = 2
"""Words of the name of one person."""
_LONGEST = 1_000
"""Characters of a sentence in which that is looked for."""
_UNKNOWN = re.compile(
    r"(?:\b(?:not|never|cannot|yet to)|n['’]t) (?:yet |ever )?(?:been|be) "
    r"(?P<what>determined|established|confirmed|decided|proved|proven|verified|settled|ascertained|known)\b"
    r"|\b(?:is|are|was|were)(?: not|n['’]t)(?: yet)? (?P<state>known|clear|certain|settled|decided|confirmed)\b"
    r"|\b(?:it is|remains) (?P<open>unclear|unknown|uncertain|undecided)\b",
    re.IGNORECASE,
)
_GUILT = re.compile(
    r"\b(?:guilty|convicted|guilt|sentenced|to blame|jailed|imprisoned|(?:to|in) prison|fined)\b", re.IGNORECASE
)
_NO_GUILT = re.compile(
    r"\b(?:acquit(?:s|ted)|clear(?:s|ed) (?:him|her|them|of)|cleared|exonerated|accus(?:es|ed)"
    r"|alleged(?:ly)?|charged with|suspect(?:s|ed)?)\b",
    re.IGNORECASE,
)
_KIN = {
    word: other
    for pair in "mother father|son daughter|sons daughters|husband wife|brother sister|brothers sisters".split("|")
    for word, other in (pair.split(), pair.split()[::-1])
}


def doubted(question: Question, sentence: str, polarity: Polarity) -> bool:
    """Whether the yes or no that the sentence seems to settle is of something, or somebody, else.

    >>> from rag.questions import analyse
    >>> doubted(analyse("Are dogs allowed in the garden?"), "Not in the café, but in the garden.", "no")
    True
    >>> doubted(analyse("Is dinner cheaper than lunch?"), "Lunch is 29 euros, and dinner 64.", "yes")
    True
    """
    if polarity == "no" and (_denied_elsewhere(question, sentence) or _denied_beyond(question, sentence)):
        return True
    if _is_unknown(question, sentence):
        return True
    if polarity == "yes" and not negated(question.asked) and _is_not_planned(question, sentence):
        return True
    if polarity == "yes" and (_comes_behind(question, sentence) or _is_cleared(question, sentence)):
        return True
    return (
        _is_uncompared(question, sentence) or _is_of_kin(question, sentence) or _is_told_of_another(question, sentence)
    )


def _denied_elsewhere(question: Question, sentence: str) -> bool:
    """Whether what is denied is so "in the café", where "in the garden" is asked about and stands without negation."""
    place = _AT_THE_END.search(question.asked)
    if not place:
        return False
    noun, denied, plain = stem(place["noun"].lower()), "", ""
    for part in clauses(sentence):
        if negated(part):
            denied += part
        else:
            plain += part
    there, others = (
        {stem(match["noun"].lower()) for match in _AT.finditer(text) if match["at"].lower() == place["at"].lower()}
        for text in (plain, denied)
    )
    return noun in there and noun not in stems(denied) and bool(others - STOPWORDS)


def _denied_beyond(question: Question, sentence: str) -> bool:
    """Whether only more than something is denied: "never closed for more than two days" was closed."""
    return bool(_BEYOND.search(sentence)) and not re.search(r"\bthan\b", question.asked, re.IGNORECASE)


def _is_not_planned(question: Question, sentence: str) -> bool:
    """Whether the sentence has no plans to do what is asked."""
    asked = _bases(question.asked)
    return any(asked & _bases(found["what"]) for found in _NO_PLANS.finditer(sentence))


def _comes_behind(question: Question, sentence: str) -> bool:
    """Whether the sentence says "the second deepest", or "one of the deepest", where "the deepest" is asked about."""
    found = _SUPERLATIVE.search(question.asked)
    if found is None or _RANKED.search(question.asked):
        return False
    most = re.escape(found["most"])
    ranked = re.compile(rf"{_RANKED.pattern}[ -](?:the )?{most}\b|\b{most} but (?:one|two|three)\b", re.IGNORECASE)
    rest = ranked.sub("", sentence)
    return rest != sentence and not re.search(rf"\bthe {most}\b", rest, re.IGNORECASE)


def _is_unknown(question: Question, sentence: str) -> bool:
    """Whether the sentence says that something is not known, or not decided: "could not be determined"."""
    found = _UNKNOWN.search(sentence)
    return found is not None and stem((found["what"] or found["state"] or found["open"]).lower()) not in stems(
        question.asked
    )


def _is_cleared(question: Question, sentence: str) -> bool:
    """Whether somebody's guilt is asked about who is accused in the sentence alone, or cleared in it."""
    return bool(_GUILT.search(question.asked)) and not _GUILT.search(sentence) and bool(_NO_GUILT.search(sentence))


def _bases(text: str) -> set[str]:
    """The verbs of a text, as far as their form tells, and its other words as stems; no names."""
    lower = (word.lower() for word, _, _ in words(text) if not word[0].isupper())
    return {stem(base_of(word) or word) for word in lower if word not in STOPWORDS}


def _is_uncompared(question: Question, sentence: str) -> bool:
    """Whether one is compared with another, or called the cheaper one, and the sentence compares nothing."""
    before, than, behind = question.asked.partition(" than ")
    if re.search(r"\d", behind) or not (_COMPARATIVE.search(before) if than else _AT_END.search(before)):
        return False
    return not _COMPARATIVE.search(sentence) and not _COMPARES.search(sentence)


def _is_of_kin(question: Question, sentence: str) -> bool:
    """Whether the mother is asked about, and the sentence speaks of the father alone; of two who are named one is the
    other's wife and that one her husband."""
    if len(set(names_and_numbers(question.asked)) & set(stems(sentence))) > _ONE_NAME:
        return False
    asked, said = (set(re.findall(r"[a-z]+", text.lower())) for text in (question.asked, sentence))
    return any(word in asked - said and other in said - asked for word, other in _KIN.items())


def _is_told_of_another(question: Question, sentence: str) -> bool:
    """Whether what is asked of one name is told of another, between commas or behind "who", or the reverse."""
    names = [set(name) for name in names_grouped(question.asked)]
    named = set(names_and_numbers(question.asked))
    verb = next((one for one in question.stems if one not in named), None)
    if not names or verb is None:
        return False
    for head, told, rest in _told(sentence):
        own, others = set(stems(told)), set(stems(rest))
        if any(head & name for name in names):
            continue
        if names[0] <= own - others and verb in others - own:
            return True
        if verb in own - others and any(name & others for name in names):
            return True
    return False


def _told(sentence: str) -> Iterator[tuple[set[str], str, str]]:
    """The stems of each name with what is told of it, and the rest of the sentence."""
    if len(sentence) > _LONGEST or not re.search(r"\b(?:who|which|whose) ", sentence):
        return
    for found in _WHO.finditer(sentence):
        yield set(stems(found["head"])), found["told"], sentence[: found.start("told")] + sentence[found.end("told") :]
