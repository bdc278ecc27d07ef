"""What is measured: does a short answer measure what "how far", "how deep", "how old" or "what time" asks for?

Set by rule, not learnt: a price where a distance is asked for is seldom among what the reader is fitted on.
"""

from __future__ import annotations

import re

from rag.questions import AnswerType
from rag.questions.typed import NUMERAL, typed_spans
from rag.series import NUMBERS

_UNITS = {
    "length": r"km|kilomet(?:re|er)s?|met(?:re|er)s?|centimet(?:re|er)s?|millimet(?:re|er)s?|cm|mm|m|miles?|feet|foot"
    r"|yards?|inch(?:es)?|light[- ]years?|hands",
    "time": r"seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|nights?|weeks?|weekends?|fortnights?|months?|years?"
    r"|decades?|centur(?:y|ies)|millennia|seasons?|summers?|winters?|terms?|lessons?",
    "mass": r"kg|kilos?|kilograms?|kilogrammes?|grams?|grammes?|g|mg|tonnes?|tons?|lbs?|pounds?|ounces?|oz|stone",
    "temperature": r"degrees?|°\s?[CF]?|[CF]",
    "volume": r"cubic \w+|lit(?:re|er)s?|ml|cl|gallons?|pints?|cups?",
    "area": r"(?:square|sq\.?) \w+|hectares?|acres?",
}
_MEASURES = {
    name: re.compile(
        rf"(?:{NUMERAL}|\b(?:an?|half an?|several|few|many)\b)[- ]?"
        rf"(?:(?:full|further|more|working|consecutive) )?(?:{units})(?![\w°])",
        re.IGNORECASE,
    )
    for name, units in _UNITS.items()
}
_ASKED = [
    (re.compile(pattern, re.IGNORECASE), allowed)
    for pattern, allowed in (
        (
            r"\bhow far\b(?! (?:in|ahead|back|before|behind|along|up)\b)"
            r"(?!.*\b(?:fall|rise|drop|grow|climb|sink|slip)\b)",
            {"length", "time", "share"},
        ),
        (r"\bhow long\b", {"time", "length"}),
        (
            r"\bhow (?:deep|tall|wide|broad|thick)\b(?! in(?:to)?\b)|\bthe (?:depth|width|height|thickness) of\b",
            {"length", "share"},
        ),
        (r"\bhow old\b|\b(?:at )?what age\b", {"time"}),
        (
            r"\bhow much (?:do|does|did|can|will|would|may|must|should)\b[^,;]*\bweigh\b|\bthe weight of\b"
            r"|\bhow heavy\b(?! (?:is|was|are|were) the (?:rain|snow|traffic|losses|fighting))",
            {"mass"},
        ),
        (r"\bhow (?:hot|cold|warm)\b|\bwhat temperature\b|\bthe temperature of\b", {"temperature"}),
        (
            r"\bhow much (?:do|does|did|will|would|can|must|should)\b[^,;]*\b(?:cost|charge|pay)\b"
            r"|\bwhat (?:do|does|did|will|would)\b[^,;]*\bcost\b|\bhow (?:dear|expensive)\b"
            r"|\bwhat (?:is|was|are|were) the (?:price|fare|fee|rent)\b",
            {"money", "share", "mass"},  # "pounds" are either
        ),
    )
]
"""What is asked for, and what of all that can be measured may answer it."""
_HOUR_ASKED = re.compile(
    r"^(?:(?:and|so|ok|but|hi|please),? )*what times?\b(?! of (?:the )?(?:year|day)| goes)(?!.*\bneed)"
    r"|\b(?:what|which) hours\b|\bat what time\b.*\b(?:open|close|shut|leave|depart|arrive)\b",
    re.IGNORECASE,
)
_HOUR = re.compile(
    r"\b\d{1,2}[:.]\d\d\b|\b\d{1,2}(?:\s?[-–]\s?\d{1,2}|h\d{0,2})\b|\b\d{1,2} ?[ap]\.?m\b"
    r"|\b(?:noon|midday|midnight)\b|o['’]clock|\b(?:half past|quarter (?:past|to))\b"
    r"|\b(?:at|from|to|until|till|by|before|after|past|since|around|about)"
    rf" (?:\d{{1,2}}|{'|'.join([*NUMBERS][1:13])})\b(?! \w+s\b)"
    r"|\b(?:dawn|dusk|sunrise|sunset|nightfall|mornings?|afternoons?|evenings?|nights?|hours?|minutes?|lunch\w*|breakfast"
    r"|dinner|dark|tide)\b",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"^\W*(?:and |so |but )?(?:when|what time|how (?:many|much|long|old|far))\b", re.IGNORECASE)
_HOW_LONG = re.compile(r"\bhow long\b", re.IGNORECASE)
_CLOCK = re.compile(
    r"\W*(?:(?:at|to) )?(?:\d{1,2}[.:]\d\d(?: ?[ap]\.?m\.?)?|\d{1,2} ?[ap]\.?m\.?|noon|midnight)\W*", re.IGNORECASE
)
"""One time of day, which is no duration."""
_TELEPHONE = re.compile(r"\W*(?:\+\d|0)\d[\d ()]{6,}\W*")
_DIFFERENCE = re.compile(
    r"\bhow (?:many|much) (?:\w+ )?(?:more|fewer|less|higher|lower|dearer|cheaper|longer|older)\b"
    r"|\bby how (?:many|much)\b|\b(?:what|how (?:much|big|large|great)) (?:is|was|were|are) the (?:\w+ )?"
    r"(?:difference|increase|rise|decrease|drop|reduction|gap)\b",
    re.IGNORECASE,
)
_DIFFERS_BEFORE = re.compile(
    r"\b(?:by(?: an?)?(?: full)?"
    r"|up|down|another|further|extra|additional|rose|fell|grew|climbed|dropped|gained|lost|saved"
    r"|(?:rise|increase|drop|cut|decrease|gap|difference|margin|lead|discount|reduction|saving)s? of)"
    r"\s+(?:about |around |some |nearly |almost |only |just )?$",
    re.IGNORECASE,
)
_DIFFERS = re.compile(
    r"\b(?:more|less|fewer|higher|lower|extra|additional|further|other|dearer|cheaper|above|below|increase|rise|drop|up|down|ahead|behind|longer"
    r"|shorter|older|younger|double|twice|half|times)\b",
    re.IGNORECASE,
)
_NOTHING = re.compile(r"\b(?:free|nothing|no charge|no cost)\b", re.IGNORECASE)
_ADJECTIVES = {
    "long": "length",
    "deep": "height",
    "high": "height",
    "tall": "height",
    "wide": "width",
    "broad": "width",
    "thick": "thickness",
    "old": "age",
}
"""What an adjective measures; water that is 2 metres high is 2 metres deep."""
_ADJECTIVE = re.compile(rf"\b(?:{'|'.join(_ADJECTIVES)})\b", re.IGNORECASE)
_HOW_ADJECTIVE = re.compile(rf"\bhow ({'|'.join(_ADJECTIVES)})\b", re.IGNORECASE)


def other_dimension(question: str, words: str, after: str = "") -> bool:
    """Whether the words, with what stands after them, measure something else than the question asks for.

    Words that measure nothing known are no other dimension; where an hour is asked for, a date is.

    >>> other_dimension("How long is the pool?", "80 centimetres", " deep."), other_dimension("How deep is it?", "2 m")
    (True, False)
    >>> other_dimension("How far does it go?", "£74"), other_dimension("How far is it?", "ten minutes on foot")
    (True, False)
    >>> other_dimension("What time does it open?", "18 May"), other_dimension("What time does it open?", "at nine")
    (True, False)
    """
    if _COUNTED.match(question) and _TELEPHONE.fullmatch(words):
        return True
    if _HOW_LONG.search(question) and _CLOCK.fullmatch(words):
        return True
    found = set() if _NOTHING.search(words) else _measured(words)
    if any(pattern.search(question) and found and not found & allowed for pattern, allowed in _ASKED):
        return True
    if _HOUR_ASKED.search(question) and not _HOUR.search(words) and (found or typed_spans(AnswerType.DATE, words)):
        return True
    return _other_adjective(question, words, after)


def measures(question: str, words: str) -> bool:
    """Whether the words measure what the question asks for.

    >>> measures("How deep is it?", "164 metres"), measures("How deep is it?", "near its shore")
    (True, False)
    """
    return any(pattern.search(question) and _measured(words) & allowed for pattern, allowed in _ASKED)


def no_difference(question: str, before: str, words: str, after: str) -> bool:
    """Whether a difference is asked for and the words, with what stands around them, are only one of the two amounts.

    >>> no_difference("How many more came this year?", "We counted ", "316", ", up from 240.")
    True
    >>> no_difference("By how much did it rise?", "It rose by ", "76", " to 316.")
    False
    """
    if not _DIFFERENCE.search(question) or not re.search(r"\d", words):
        return False
    return not (
        _DIFFERS_BEFORE.search(before) or _DIFFERS.search(words) or re.match(rf"\s*(?:\w+ )?{_DIFFERS.pattern}", after)
    )


def _measured(words: str) -> set[str]:
    """The kinds of amounts that stand in the words."""
    found = {name for name, pattern in _MEASURES.items() if pattern.search(words)}
    named = {"money": AnswerType.MONEY, "share": AnswerType.PERCENT}
    return found | {name for name, answer_type in named.items() if typed_spans(answer_type, words)}


def _other_adjective(question: str, words: str, after: str) -> bool:
    asked, behind = _HOW_ADJECTIVE.search(question), _ADJECTIVE.match(after.lstrip())
    if asked is None:
        return False
    said = _ADJECTIVE.findall(words) + ([behind.group()] if behind else [])
    measured = {_ADJECTIVES[word.lower()] for word in said}
    return bool(measured) and _ADJECTIVES[asked[1].lower()] not in measured
