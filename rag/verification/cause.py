"""Cause: where a statement says that one thing made another, its source must say so, of the same thing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.verification.wording import Wording

_BY_CAUSE = (
    r"because of|because|due to|owing to|as a result of|as a consequence of|thanks to|on account of|as a reaction to|in response to"
    r"|for(?= (?:lack|want|fear) of)|for reasons of|out of|on grounds of|(?:was|is|were|are|being|been) caused by|caused by|brought about by|triggered by|prompted by|driven by|attributed to"
    r"|results? from|resulted from|resulting from|stems? from|stemmed from|arises? from|arose from|follows from|after being hit by|delayed by|held up by|damaged by|destroyed by"
    r"|named after|named for|(?:gets?|got|takes?|took|derives?|has|have) (?:its|his|her|their) names? from|owes? (?:its|his|her|their) name(?:, [^,]*,)? to|owed (?:its|his|her|their) name to|blamed on|put down to|down to|in order to|so as to|so that|in order that"
    r"|the reason (?:is|was) that|the (?:cause|reason) (?:is|was|being)|since(?! (?:\d|january|february|march|april|may|june|july|august|september|october|november|december|then|the|last|monday))"
)
_BY_EFFECT = (
    r"caus(?:ed|es|ing)(?! by)|(?:led|leads?)(?= (?:[\w']+ ){1,4}to\b)|led to|leads? to|leading to|brought about|brings about|result(?:ed|s|ing)? in|gave rise to|gives rise to|forc(?:ed|es|ing)|prompt(?:ed|s|ing)(?! by)"
    r"|trigger(?:ed|s|ing)?(?! by)|(?:is|was|are|were) (?:the reason|the cause|to blame|responsible|why)(?: why| for| of| that)?|what ma(?:de|kes)|means that|ma(?:de|kes) (?:it|him|her|them)|set off|sparked|cost(?= (?:the|an?|its|their|his|her|it|them|him)\b)|(?:pushed|drove|sent|brought|pulled|lifted)(?= (?:[\w']+ ){1,4}(?:up|down|higher|lower)\b)|provok(?:ed|es)|produc(?:ed|es)(?! by)|enabl(?:ed|es|ing)"
    r"|allow(?:ed|s|ing)|help(?:ed|s|ing)|contribut(?:ed|es|ing) to|prevent(?:ed|s|ing)|drove|drives|reduc(?:ed|es|ing)(?! by)|increas(?:ed|es|ing)(?= the| its| their)|"
    r"brought(?= [\w ]{1,30} to (?:an end|a halt|a standstill))|put an end to|ended(?= (?:the|an?|its|their|his|her)\b)|explains?|explained|account(?:s|ed) for|is why|which is why|therefore|consequently|as a result(?! of)|hence|thus|so that"
)
_WHAT = re.compile(r"what ", re.IGNORECASE)
_THEREFORE = re.compile(r"therefore|consequently|as a result|hence|thus", re.IGNORECASE)
_BLAMED = re.compile(
    r"\b(?:blam(?:ed|es|ing)|credit(?:ed|s)|attribut(?:ed|es))\b(?P<cause>.+?)\b(?P<link>for|with|to)\b(?P<effect>.+)",
    re.IGNORECASE,
)
_BEGINS = re.compile(
    r"^(?P<link>because of|because|as|since|due to|owing to|thanks to|if|when|for (?=\w+ reasons))\b(?P<cause>[^,]+),(?P<effect>.+)",
    re.IGNORECASE,
)
_CLEFT = re.compile(
    r"^what (?P<link>made|makes|caused|causes|triggered|prompted|led to|brought about|sparked)\b(?P<effect>.+?)\b(?:was|were|is|are)\b(?P<cause>.+)",
    re.IGNORECASE,
)
_NO_CAUSE = re.compile(
    r"^as (?:well as|soon as|long as|part of|of \d|a (?:child|young|student|teenager|whole|rule)|the (?:first|only)|an? \w+,|early|with|in|for|far|many|much)\b",
    re.IGNORECASE,
)
_REASONS = re.compile(r"\b(?:for|on) (?P<cause>(?:[\w-]+ ){1,3})(?:reasons|grounds)\b", re.IGNORECASE)
_LINK = re.compile(rf"\b(?:(?P<by_cause>{_BY_CAUSE})|(?P<by_effect>{_BY_EFFECT}))\b", re.IGNORECASE)
_END = re.compile(
    r"[;]|,\s(?:and|but|while|though|although|which|who|not|whereas|as|according)\b|\s(?:but|and not|while|although|whereas)\s|,\s(?=\w+ \w+ed\b)",
    re.IGNORECASE,
)
_BEFORE = re.compile(r";\s|,\s(?:and|but|while|though|although)\s|\s(?:but|while|although|whereas)\s", re.IGNORECASE)


@dataclass(frozen=True)
class Link:
    """What is said to have made what: the content stems of both sides, and the words that say so."""

    cause: frozenset[str]
    effect: frozenset[str]
    words: str


def links(text: Wording) -> Iterator[Link]:
    """The causes that a text names, each with its effect.

    >>> [(sorted(k.cause), sorted(k.effect)) for k in links(Wording.of("The match was stopped because the lights failed."))]
    [(['fail', 'light'], ['match', 'stop'])]
    """
    for start, end in text.sentences:
        sentence = text.text[start:end]
        if (found := _BEGINS.match(sentence)) and not _NO_CAUSE.match(sentence):
            yield Link(_stems(found["cause"]), _stems(found["effect"]), found["link"].lower())
        if found := _CLEFT.match(sentence):
            yield Link(_stems(found["cause"]), _stems(found["effect"]), found["link"].lower())
        if found := _BLAMED.search(sentence):
            yield Link(_stems(found["cause"]), _stems(found["effect"]), found.group().split()[0].lower())
        for found in _REASONS.finditer(sentence):
            yield Link(_stems(found["cause"]), _stems(sentence[: found.start()]), found.group().lower())
        for found in _LINK.finditer(sentence):
            if found.start() == 0 or _WHAT.fullmatch(sentence[: found.start()]):
                continue
            left, right = _left(sentence, found.start()), _right(sentence, found.end())
            if _THEREFORE.fullmatch(found.group()):  # what was said before it is the cause
                left, right = text.text[:start] + left, sentence
            cause, effect = (right, left) if found["by_cause"] else (left, right)
            yield Link(_stems(cause), _stems(effect), found.group().lower())


def uncaused(said: Wording, source: Wording) -> str | None:
    """What the statement makes a cause and the source does not, in words for a person.

    >>> source = Wording.of("It had rained all day, but the match ended because the lights failed.")
    >>> uncaused(Wording.of("The match ended because of the rain."), source)
    'its citations name another cause'
    >>> uncaused(Wording.of("The failing lights caused the end of the match."), source)
    """
    theirs = [link for link in links(source) if link.cause]
    unknown = not theirs and _UNKNOWN.search(source.text) and not _UNKNOWN.search(said.text)
    if unknown and any(_CERTAIN.fullmatch(mine.words) and mine.effect & source.stems for mine in links(said)):
        return "its citations call the cause unknown"
    if any(_turned(mine, theirs) for mine in links(said)):
        return "it exchanges cause and effect"
    for mine in links(said):
        if mine.words in ("if", "when"):
            continue
        effect = mine.effect & source.stems
        same = [link for link in theirs if effect & link.effect or not effect]
        if not mine.cause & source.stems:
            if (
                len(same) == 1
                and len(effect) >= 2
                and len(mine.effect - effect) <= 1
                and _CERTAIN.fullmatch(mine.words)
            ):
                return "its citations do not name this cause"
        elif not same:
            if _apart(mine, source) and not _stand_together(mine, source) and _CERTAIN.fullmatch(mine.words):
                return "its citations do not say that one led to the other"
        elif _names_another(mine, same, source):
            return "its citations name another cause"
    return None


def _apart(link: Link, source: Wording) -> bool:
    """Whether the sentence that tells the effect has none, and another one most, of the cause's words."""
    told = [frozenset(token.stem for token in source.within(*span)) for span in source.sentences]
    effect = max(told, key=lambda stems: len(stems & link.effect))
    return not effect & link.cause and any(2 * len(stems & link.cause) >= len(link.cause) for stems in told)


def _turned(mine: Link, theirs: Sequence[Link]) -> bool:
    """Whether the cause is the source's effect and the effect its cause, by more shared words than the other way."""
    if any(link.words.startswith(("so ", "in order")) for link in (mine, *theirs)):
        return False  # a purpose is cause and effect in one
    straight = max((len(mine.cause & one.cause) + len(mine.effect & one.effect) for one in theirs), default=0)
    return any(
        mine.cause & one.effect
        and mine.effect & one.cause
        and len(mine.cause & one.effect) + len(mine.effect & one.cause) > straight + 1
        for one in theirs
    )


_UNKNOWN = re.compile(
    r"\b(?:no|not|nobody|never|unknown|unclear|uncertain|unexplained|yet to)\b[^.;]{0,60}\b(?:causes?|reasons?|why|explain\w*|linked?)\b"
    r"|\b(?:causes?|reasons?|why)\b[^.;]{0,40}\b(?:not|unknown|unclear|uncertain|unexplained|never|yet to)\b",
    re.IGNORECASE,
)
"""Where a source says that a cause is not known."""
_CERTAIN = re.compile(
    r"because(?: of)?|due to|owing to|as a result of|as a consequence of|thanks to|on account of|caus\w+|led|led to|leads to|result\w+ (?:in|from)|forc\w+|prompt\w+|trigger\w+|brought about|therefore|consequently|as a result|(?:what )?ma(?:de|kes)(?: \w+)?|cost|pushed|drove|sent|lifted|pulled"
)


def _stand_together(link: Link, source: Wording) -> bool:
    """Whether one part of the source holds words of both sides: "heavy snow closed the schools"."""
    return any(
        2 * len(part.stems & link.cause) >= len(link.cause & source.stems)
        and 2 * len(part.stems & link.effect) >= len(link.effect & source.stems)
        for part in source.parts
    )


def _names_another(mine: Link, same: list[Link], source: Wording) -> bool:
    """Whether the cause's words stand in the source, but not where it names the cause of this effect."""
    here = frozenset().union(*(link.cause for link in same))
    spoken = mine.cause & source.stems
    return len(spoken & here) < 0.5 * len(spoken)


def _left(sentence: str, end: int) -> str:
    """What stands before a link, back to the clause mark before it."""
    cuts = [match.end() for match in _BEFORE.finditer(sentence, 0, end)]
    return sentence[cuts[-1] if cuts else 0 : end]


def _right(sentence: str, start: int) -> str:
    cut = _END.search(sentence, start)
    return sentence[start : cut.start() if cut else len(sentence)]


def _stems(words: str) -> frozenset[str]:
    return frozenset(token.stem for token in Wording(words).tokens if token.is_content)
