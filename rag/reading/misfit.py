"""Words that cannot be what a question asks for, whatever the reader makes of them: its own words, an effect where the
cause is asked for, the giver where the receiver is, the worth where the price is, a name where an age is.

Set by rule, not learnt: hardly one of the questions that the reader is fitted on is of that kind.
"""

from __future__ import annotations

import re

from rag.lexical import STOPWORDS, stem, stems, words
from rag.questions import AnswerType, Asks, Question
from rag.questions.followups.frames import PREPOSITIONS
from rag.questions.typed import typed_spans
from rag.reading.yesno.clauses import clause_at
from rag.schema import Span


def is_misfit(question: Question, sentence: str, place: Span) -> bool:
    """Whether the words at `place` of the sentence cannot be what the question asks for.

    >>> from rag.questions import analyse
    >>> is_misfit(analyse("Where will the dams be built?"), "It pays for large dams.", Span(start=12, end=22))
    False
    >>> is_misfit(analyse("Where will the large dams be built?"), "It pays for large dams.", Span(start=12, end=22))
    True
    """
    if question.asks in (Asks.YES_NO, Asks.OVERVIEW):
        return False
    found = sentence[place.start : place.end]
    return (
        is_said_by_the_question(question, sentence, place)
        or is_no_measure(question, found)
        or is_an_effect(question, sentence, place)
        or is_the_giver(question, sentence, place)
        or is_of_another_amount(question, sentence, place)
        or is_nobody_else(question, sentence, found)
        or is_no_place(question, sentence, place)
        or is_no_such_event(question, sentence)
        or is_no_definition(question, sentence)
    )


def is_said_by_the_question(question: Question, sentence: str, place: Span) -> bool:
    """Whether the question says all these words itself, an abbreviation that stands for them included.

    A number, or one of two, may well be offered to be confirmed.

    >>> from rag.questions import analyse
    >>> said = "He spoke at the Asian Trade Forum (ATF) in Tarn."
    >>> asked = analyse("When was the ATF held?")
    >>> [is_said_by_the_question(asked, said, Span(start=start, end=end)) for start, end in ((9, 33), (43, 47))]
    [True, False]
    """
    found, own = sentence[place.start : place.end], set(question.stems)
    offered = re.search(r"\bor\b", question.asked, re.IGNORECASE) or re.search(r"\d", found)
    if question.asks is Asks.LIST or offered:
        return False
    short = re.match(r"\s*\(([A-Z]{2,})\)", sentence[place.end :])
    capitals = [word for word, _, _ in words(found) if word[0].isupper()]
    placed = question.answer_type in (AnswerType.DATE, AnswerType.PLACE)
    if placed and short and short[1].lower() in own and "".join(word[0] for word in capitals) == short[1]:
        own |= {stem(word.lower()) for word in capitals}
    said = {stem(word.lower()) for word, _, _ in words(found) if word.lower() not in PREPOSITIONS | STOPWORDS}
    return bool(said) and said <= own


_HOW_OLD = re.compile(r"^\W*(?:(?:and|so|but)\b\W*)?how (?:old|tall|heavy|deep|wide|high|fast)\b", re.IGNORECASE)
_WORTH = re.compile(
    r"^\W*(?:(?:and|so|but)\b\W*)?what(?:['’]s| is| was| are| were)\b.*\b(?:worth|price|revenue|profit|turnover|salary"
    r"|(?:market )?value)\b\s*(?!of [a-z]+ing\b)",
    re.IGNORECASE,
)
_AMOUNT = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|(?:twen|thir|for|fif|six|seven|eigh"
    r"|nine)t(?:y|ies)\w*|half|quarter|third|\w+th|dozens?|hundreds?|thousands?|[mb]illions?|centur\w+|decades?|twice|double"
    r"|times|same|age|born|young\w*|infant|baby|teen\w*|adult|as|more|less|most|nothing|free|none|an?|share|part|portion"
    r"|disclosed|undisclosed|secret|known|unknown|price\w*|cheap\w*|dear\w*|expensive\w*|little|few|much|many|several)\b",
    re.IGNORECASE,
)


_ONE_WHO = re.compile(
    r"\ban? (?!(?:year|month|week|day|decade|century|met(?:re|er)|mile|kilo\w*|ton\w*|foot|inch|yard"
    r"|hundred|thousand|quarter|third|half|couple|dozen|few|little|bit|lot|similar|good"
    r"|baby|child|teen\w*|young\w*|adult|infant|\w+genarian|centenarian|newborn|toddler|pensioner|minor)\b)",
    re.IGNORECASE,
)
"""Where "a" is no amount: "a retired teacher"."""


def is_no_measure(question: Question, found: str) -> bool:
    """Whether it is asked how old, tall or dear something is, and the words found hold no amount whatever.

    >>> from rag.questions import analyse
    >>> asked = analyse("How old is Ida Brand?")
    >>> is_no_measure(asked, "mayor"), is_no_measure(asked, "in her nineties")
    (True, False)
    """
    if _HOW_OLD.match(question.asked):
        return not _AMOUNT.search(_ONE_WHO.sub("", found))
    return bool(_WORTH.match(question.asked)) and not _AMOUNT.search(found)


_THEREBY = re.compile(
    r",\s+(?:thus |thereby |\w+ly )?(?:prompting|causing|leading to|resulting in|forcing|sparking|triggering|showcasing"
    r"|marking|allowing|enabling|making|leaving|raising|delaying|killing|destroying|damaging|underscoring|highlighting)\b"
    r"|[,;] (?:and )?(?:therefore|consequently|as a result)\b|,? which (?:led to|caused|prompted|resulted in|forced)\b",
    re.IGNORECASE,
)


def is_an_effect(question: Question, sentence: str, place: Span) -> bool:
    """Whether it is asked why something happened, and the words at `place` say what came of it.

    >>> from rag.questions import analyse
    >>> said = "Access got worse, prompting Brand to complain about sales."
    >>> why = analyse("Why has access got worse?"), analyse("Why did Brand complain?")
    >>> [is_an_effect(one, said, Span(start=37, end=57)) for one in why]
    [True, False]
    """
    if question.asks is not Asks.REASON:
        return False
    asked = set(question.stems)
    for found in _THEREBY.finditer(sentence):
        before, behind = (asked & set(stems(part)) for part in (sentence[: found.start()], sentence[found.end() :]))
        if place.start >= found.start() and behind < before:
            return True
    return False


_WHO_RECEIVES = re.compile(
    r"^\W*(?:who|(?:which|what) \w+)(?: else)?"
    r"(?: (?:will|would|can|could|is|are|was|were|has|have|had|did|also|to|be|going)){0,5}"
    r" (?:receiv|get|got|obtain|buy|bought|acquir|inherit|borrow|purchas)",
    re.IGNORECASE,
)
_GIVES = re.compile(
    r"\s(?:(?:will|would|can|could|is|are|was|were|has|have|had|also|to|be|going|now|then) ){0,4}"
    r"(?:suppl(?:y|ies|ied)|g(?:ive|ives|ave|iven)|s(?:ells?|old)|provid(?:e|es|ed)|deliver(?:s|ed)?|donat(?:e|es|ed)"
    r"|l(?:ends?|ent)|hand(?:s|ed)|left|offer(?:s|ed)?|grant(?:s|ed)?|award(?:s|ed)?)\b",
    re.IGNORECASE,
)
_IS_GIVEN = re.compile(r"\b(?:is|are|was|were|be|been|being) (?:\w+ly )?\w+$", re.IGNORECASE)


def is_the_giver(question: Question, sentence: str, place: Span) -> bool:
    """Whether it is asked who receives something, and the words at `place` say who gives it.

    >>> from rag.questions import analyse
    >>> said = "Brenva will supply ten boats to Tarn."
    >>> asked = analyse("Who will get the boats?")
    >>> is_the_giver(asked, said, Span(start=0, end=6)), is_the_giver(asked, said, Span(start=32, end=36))
    (True, False)
    """
    if not _WHO_RECEIVES.match(question.asked):
        return False
    gives = _GIVES.match(sentence, place.end)
    return gives is not None and not _IS_GIVEN.search(gives.group())


_AMOUNTS = {
    "price": (
        r"prices?|costs?|fees?|fares?|charges?|rent",
        r"pric\w+|cost\w*|charg\w+|fees?|fares?|tickets?|pa(?:y|ys|id|yable)|rent\w*|admission|rates?|tariffs?|s(?:ells?|old)"
        r"|bought|buys?|dear\w*|cheap\w*|expensive|spen[dt]\w*|each|apiece|per|entry|deposits?|subscription|membership"
        r"|invoice\w*|bill\w*|quot\w+|took|takes?|loss\w*|damage\w*|budget\w*|fine[ds]?|tax\w*",
    ),
    "revenue": (
        r"revenues?|turnover|takings",
        r"revenues?|sales|turnover|takings|incomes?|earn\w*|brought in|s(?:ells?|old)|receipts|gross\w*|rais\w+"
        r"|ma[dk]es?|took|business",
    ),
    "profit": (
        r"profits?",
        r"profits?|profitab\w+|earn\w*|surplus|loss\w*|net|ma[dk]es?|margins?|gain\w*|result\w*|plus|minus",
    ),
    "debt": (r"debts?", r"debts?|ow(?:e|ed|es|ing)|borrow\w*|loans?|liabilit\w+|deficit|arrears|indebted"),
    "worth": (
        r"worth|value|valuation",
        r"worth|valu\w+|market cap\w*|assess\w*|estimat\w+|pric\w+|cost\w*|capitali[sz]\w+|s(?:ells?|old)|bought|paid",
    ),
    "salary": (r"salar(?:y|ies)|wages?", r"salar\w+|wages?|pa(?:y|ys|id)|earn\w*|income|fees?|stipend|get|gets|got"),
}
"""Sums that a question may ask for by name, and the words that say the same sum in a text."""
_ASKED, _SAID = (
    {name: re.compile(rf"\b(?:{patterns[side]})\b", re.IGNORECASE) for name, patterns in _AMOUNTS.items()}
    for side in (0, 1)
)


def is_of_another_amount(question: Question, sentence: str, place: Span) -> bool:
    """Whether a price, a profit, a debt is asked for by name, and the clause of the sum at `place` names another.

    >>> from rag.questions import analyse
    >>> said, place = "Brenva is now valued at $5 million.", Span(start=24, end=34)
    >>> asked = analyse("What is the price of one boat?"), analyse("What is Brenva worth?")
    >>> [is_of_another_amount(one, said, place) for one in asked]
    [True, False]
    """
    asked = [name for name, pattern in _ASKED.items() if pattern.search(question.asked)]
    if not asked or not any(place.overlaps(sum_) for sum_ in typed_spans(AnswerType.MONEY, sentence)):
        return False
    clause = clause_at(sentence, place)
    said = [name for name, pattern in _SAID.items() if pattern.search(sentence[clause.start : clause.end])]
    return bool(said) and not set(said) & set(asked)


_ELSE = re.compile(
    r"^\W*(?:(?:and|so|but)\b\W*)?(?:who|where|which \w+)(?:['’]s| is| are| was| were)? else\b", re.IGNORECASE
)
_TOO = re.compile(
    r"\b(?:also|too|as well|another|others|addition|besides|both|alongside|together|else|apart|likewise|joined|must"
    r"|have to)\b",
    re.IGNORECASE,
)


def is_nobody_else(question: Question, sentence: str, found: str) -> bool:
    """Whether it is asked who else, and the sentence tells of one name alone.

    >>> from rag.questions import analyse
    >>> asked = analyse("Who else spoke at the forum?")
    >>> is_nobody_else(asked, "Ida Brand spoke at the forum.", "Ida Brand")
    True
    >>> is_nobody_else(asked, "Ida Brand spoke too.", "Ida Brand")
    False
    """
    return bool(_ELSE.match(question.asked)) and found[:1].isupper() and not _TOO.search(sentence)


_WHERE = re.compile(r"^\W*(?:(?:and|so|but)\b\W*)?where\b", re.IGNORECASE)
_NOWHERE = re.compile(r"\b(?:with|by|than|like|named|called)\s+(?:the )?$", re.IGNORECASE)


def is_no_place(question: Question, sentence: str, place: Span) -> bool:
    """Whether it is asked where, and the words at `place` say with whom, or by whom.

    >>> from rag.questions import analyse
    >>> said = "The deal with Brenva pays for two dams in Tarn."
    >>> asked = analyse("Where will the dams be built?")
    >>> is_no_place(asked, said, Span(start=14, end=20)), is_no_place(asked, said, Span(start=42, end=46))
    (True, False)
    """
    return bool(_WHERE.match(question.asked) and _NOWHERE.search(sentence[: place.start]))


_EVENTS = [
    (re.compile(asked, re.IGNORECASE), re.compile(said, re.IGNORECASE))
    for asked, said in (
        (
            r"^(?:(?:in|at|on) (?:what|which) .*|where|when|what (?:year|day|date|town|city|country))"
            r" (?:was|were|is) .*\bborn\b",
            r"\b(?:born|birth\w*|b\.|native|hails?|hailed|from|child\w*|grew up|raised|delivered|hatched|bred"
            r"|son|daughter|cub|foal\w*|calf|calves|calved|lamb\w*|life|né|née|origin\w*)|\b\d{4}[-–]|\baged?\b",
        ),
        (
            r"^(?:(?:in|at|on) (?:what|which) .*|where|when|what (?:year|day|date)|how) (?:did|has|had)"
            r" .*\bdie[ds]?\b\W*$",
            r"\b(?:d(?:ie[ds]?|ying|eaths?|ead|eceased)|kill\w*|pass\w* away|perish\w*|drown\w*|murder\w*"
            r"|execut\w+|hanged|los[te]\w*|fatal\w*|fell|shot|succumb\w*|surviv\w+|until|last|late|funeral"
            r"|buried|widow\w*|obituary|end\w*|body|found)\b"
            r"|[-–]\d{4}|†",
        ),
        (
            r"^\W*where (?:do|does|did|has|have|is|are) (?:.* )?(?:live[sd]?|living|resid\w+)\W*$",
            r"\b(?:li(?:ve[sd]?|ving|fe)|resid\w+|homes?|house\w*|flats?|apartments?|settl\w+|mov(?:ed|es|ing)|stay\w*|based?"
            r"|inhabit\w*|dwell\w*|from|native|rent\w*|address|den|nest\w*|habitats?|found|occur\w*|born|lodg\w+|kept|room"
            r"|farm|village|exile|retir\w+|return\w*|s[ai]t|grow\w*)\b",
        ),
        (
            r"^\W*who (?:will |would |is (?:going to )?|are |was |were |has |had )?"
            r"(?:pa(?:y|ys|id|ying)|fund(?:s|ed|ing)?|financ(?:es?|ed|ing)|sponsor(?:s|ed|ing)?)\b",
            r"\b(?:pa(?:y|ys|id|ying|yments?)|fund\w*|financ\w*|sponsor\w*|grants?|g[ai]v\w+|donat\w*|cost\w*|money|budget"
            r"|contribut\w*|bears?|bore|borne|bills?|expens\w+|fees?|cover\w*|support\w*|back\w*|met|meets?|le[nd]t|lends?"
            r"|loan\w*|provid\w*|invest\w*|buys?|bought|charg\w*|from|free|subsid\w*|treasury|rais\w+|account|own|euros?"
            r"|pounds?|dollars?)\b|[£$€]",
        ),
        (
            r"^\W*who (?:will |would |is |are |was |were |has |had )?(?:organi[sz](?:es?|ed|ing)|host(?:s|ed|ing)?)\b",
            r"\b(?:organi[sz]\w*|host\w*|runs?|ran|held|holds?|arrang\w*|put on|sponsor\w*|stag\w+|set up|invit\w*"
            r"|led|leads?|plan\w*|by|chair\w*|start\w*|found\w*|idea|help\w*|behind|committee|took|take\w*)\b",
        ),
        (
            r"^\W*(?:where|in (?:what|which) (?:city|town|country|place|state))"
            r" (?:is|are|was|were|does|do|did|has|have|had) .*\b(?:headquarter(?:s|ed)|based|head office)\b",
            r"\b(?:headquarter\w*|HQ|head offices?|base[sd]?|seat|home|located|situated|offices?|from|stands?|stood"
            r"|lies|sits?|mov(?:e|ed|es|ing)|campus|premises|address|firm|company|maker|workshop|works|plant|factory"
            r"|\w+er in)\b",
        ),
        (
            r"^\W*who (?:(?:has |had )?caused|(?:is|was) to blame for|(?:is|was) (?:the cause of|at fault))\b",
            r"\b(?:caus\w+|blam\w+|faults?|responsib\w+|by|trigger\w*|provok\w*|led|set off|start\w*|behind|due|because"
            r"|after|when|hit|br(?:oke|eak\w*)|dropp\w+|left|forgot\w*|made|did|let|drove|ran|struck|knock\w*|accus\w+"
            r"|admit\w*|charg\w+|guilty|culprit)\b",
        ),
        (
            r"^(?:when|where|who|whom|(?:in|on) (?:what|which) .*) .*\bmarr(?:y|ied)\b",
            r"\b(?:marr\w+|wed\w*|wife|husband|spouse|bride\w*|couple|widow\w*|née|in-law|engaged|honeymoon)\b",
        ),
    )
]
"""Events and deeds that are asked about, and words of which a sentence that tells of them has one."""


def is_no_such_event(question: Question, sentence: str) -> bool:
    """Whether a birth, a death, who lives where, who pays or caused it is asked about, and the sentence tells of none.

    >>> from rag.questions import analyse
    >>> asked = analyse("Where was Ida Brand born?")
    >>> is_no_such_event(asked, "Brand spoke in Tarn."), is_no_such_event(asked, "Brand is a native of Tarn.")
    (True, False)
    """
    return any(asked.search(question.asked) and not said.search(sentence) for asked, said in _EVENTS)


_MEANING = re.compile(
    r"^\W*what (?:(?:do|does|did) (?:the (?:word|term|phrase|expression|name) )?(?P<word>[^,?]{1,60}?) mean"
    r"|is meant by (?P<by>[^,?]{1,60}?)|(?:is|['’]s) the (?:meaning|definition) of (?P<of>[^,?]{1,60}?))\W*$",
    re.IGNORECASE,
)
_DEFINES = re.compile(
    r"\b(?:is|are|was|were|means?|meant|meaning|stands? for|refers? to|referring|denotes?|defined?|called|known as"
    r"|named?|describes?|describing|says?|said|that is|i\.e\.|shows?|signals?|indicates?)\b|[=:()“”\"–—]",
    re.IGNORECASE,
)


def is_no_definition(question: Question, sentence: str) -> bool:
    """Whether it is asked what a word means, and nothing in the sentence looks like a definition.

    >>> from rag.questions import analyse
    >>> asked = analyse("What does deep milling mean?")
    >>> is_no_definition(asked, "They plan for 'deep milling' capabilities.")
    True
    >>> [is_no_definition(asked, said) for said in ("By deep milling we mean mud.", "Deep milling, a cure, works.")]
    [False, False]
    """
    found = _MEANING.match(question.asked)
    if not found or _DEFINES.search(sentence):
        return False
    term = next(word for word in found.groups() if word).strip("\"'‘’“” ")
    return not re.search(rf"{re.escape(term)}['’]?,", sentence, re.IGNORECASE)
