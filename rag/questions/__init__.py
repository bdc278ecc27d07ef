"""What a question asks for: the kind of reply, and the type of the words that would answer it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from rag.lexical import stems
from rag.questions.leads import begun
from rag.questions.phrasing import SOURCE, affirmed, bare, begins_with_auxiliary, marked, without_context


class Asks(StrEnum):
    """The kind of reply that a question calls for."""

    SMALLTALK = "smalltalk"
    OVERVIEW = "overview"
    YES_NO = "yes/no"
    LIST = "list"
    REASON = "reason"
    FACT = "fact"


class AnswerType(StrEnum):
    """The type of the words that would answer a question of fact."""

    MONEY = "money"
    PERCENT = "percent"
    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    PLACE = "place"
    QUOTE = "quote"
    TEXT = "text"


@dataclass(frozen=True)
class Question:
    """A question as the readers see it: its words and what it asks for."""

    text: str
    asks: Asks
    answer_type: AnswerType
    stems: tuple[str, ...]
    asked: str
    """The text without the request around it ("Can you tell me ..."): what is read for."""
    searched: str
    """The text with what a follow-up is about behind it (`followups/leaning.py`): what is searched for."""
    topic: tuple[str, ...] = ()
    """Of "What does the article say about China?": the stems of what is asked about."""


_CHAT = (
    r"(?:yes|yeah|no|nope|oh|ah|ok(?:ay)?|great|cool|nice|perfect|good|fine|right|sure|wow|really|interesting"
    r"|alright|all right|i see|got it|understood|good to know|never mind"
    r"|that(?:['’]?s| is) (?:all|great|good|fine|helpful|interesting)"
    r"|hi|hello|hey|hiya|good (?:morning|afternoon|evening|day)|greetings|thanks?|thank you|cheers|bye|goodbye"
    r"|how are you|who are you|what are you|what(?: all)? can (?:you|i) (?:do|ask)(?: you| me| here)*|help(?: me)?"
    r"|how does this work|how do you work|what do you know|what is this|what questions can i ask(?: you)?)"
    r"(?: there| again| everyone| very much| a lot| so much| all)?"
)
_SMALLTALK = re.compile(rf"{_CHAT}(?: {_CHAT}){{0,3}}")
_OVERVIEW = re.compile(
    r"\b(?:summar(?:y|i[sz]e|i[sz]ation)|sum (?:it|this|that|the \w+) up|sum up(?: (?:it|this|that))?"
    r"|tl;?dr|overview|gist|in a nutshell|in short)\b"
    r"|\bwhat(?:'s|’s| is| are| does| do)? (?:this|it|the|these|that)? ?(?:whole |news )?"
    r"(?:article|text|document|story|piece|report|it|this|texts|documents|articles)? ?(?:all |mainly |mostly )?"
    r"(?:about|say overall|cover|deal with)\s*\??$"
    r"|\b(?:main|key|central|most important) (?:points?|ideas?|message|topics?|theme|takeaways?|facts)\b",
    re.IGNORECASE,
)
_WHOLE = frozenset(
    stems(
        "article text document story piece report news texts documents articles whole entire give provide make"
        " write short brief quick briefly shortly sentence sentences three two one word words content contents key"
        " point points please pls plz thanks thank mean main takeaway takeaways summary overview say said help"
        " understand read explain"
    )
)
"""What a question about the whole text may say besides asking for it; anything else makes it a question of fact."""
_TYPES: tuple[tuple[AnswerType, re.Pattern[str]], ...] = tuple(
    (answer_type, re.compile(pattern, re.IGNORECASE))
    for answer_type, pattern in (
        (
            AnswerType.PERCENT,
            r"\b(?:what|which) (?:percentage|per ?cent|share|proportion|fraction)\b|\bpercentage\b",
        ),
        (
            AnswerType.MONEY,
            r"\bhow much (?:money|did|does|do|was|were|is|are|will|would|has|have)\b.*\b(?:cost|pay|paid|worth|price"
            r"|valued?|spend|spent|invest|earn|charge|raise|sell|sold|money)|\b(?:what|which)\b.*\b(?:price|cost|valuation"
            r"|market value|market cap|revenue|salary|budget|sum)\b|\bhow much money\b"
            r"|\bwhat(?:['’]s| is| was| are| were)\b.*\bworth\b",
        ),
        (
            AnswerType.NUMBER,
            r"\bhow (?:many|much|old|tall|far|long|big|large|high|often|fast)\b|\b(?:number|amount) of\b",
        ),
        (
            AnswerType.DATE,
            r"^\W*(?:(?!what |who |which |how |why |where )\w+ ){0,2}?when\b"
            r"(?!.*,\s(?:what|who|which|how|why|where)\b)"
            r"|\b(?:what|which) (?:\w+ )?(?:year|date|day|month|week|time|decade|century)\b|\bsince when\b"
            r"|\bhow soon\b",
        ),
        (
            AnswerType.QUOTE,
            r"\b(?:what (?:exactly )?(?:did|does|has|had) .*\b(?:say|said|state|call|claim))"
            r"|\bquotes? (?:from|by|of)\b|\bin (?:his|her|their) words\b",
        ),
        (AnswerType.PLACE, r"\bwhere\b|\b(?:in|at) (?:what|which) (?:\w+ )?(?:city|town|place|country|building)\b"),
        (
            AnswerType.NAME,
            r"\b(?:who|whom|whose)\b|\b(?:which|what) (?:of (?:the|these|those) )?(?:\w+ )?(?:company|companies|country"
            r"|countries|city|town|person|firm|firms|place|nation|nations|state|organi[sz]ations?|event|summit|team"
            r"|school|university|river|language)\b|\bname of\b|\bnamed?\b",
        ),
    )
)
_ONE = (
    "has does was is this goes says gets means makes comes needs opens uses costs belongs works leads holds"
    " happens takes runs keeps lets wants pays sells gives brings stays shows owns becomes business news"
    " process access address class press bus gas campus"
)
"""Words in -s behind "which" or "what" that are no plurals."""
_PLURAL = rf"(?!(?:{'|'.join(_ONE.split())})\b)(?:\w+(?<![suio])s|people|men|women|children)"
_LIST = re.compile(
    r"\b(?:which|what|name) (?:two|three|four|five|six|seven|eight) \w+"
    r"|\b(?:which|what) (?:\w+ )?\w+s\b (?:will|are|were|did|do|have|get|receive)"
    r"|\b(?:which|what) (?:other )?(?:kinds|sorts|types|things|items|parts|steps|ways|names|measures|conditions)\b"
    rf"|\bwhich (?:other )?{_PLURAL}\b(?!['’]| (?:is|was|has|does) \w+ing\b)"
    rf"|\b(?:which|what) (?:\w+ )?{_PLURAL} (?:can|could|must|should|may|might|would|got|of|is it|is every\w*)\b"
    r"|\b(?:what|who) (?:are|were) (?:the|its|her|his|their|our|your|these|those|\w+['’]s?)"
    r" (?:main |other |only |two |three |four |five |six )?"
    rf"(?!(?:words|losses|proceeds|results|odds|costs|prices|charges|fees|hours)\b){_PLURAL}\b"
    r"(?!.*\b(?:made of|called|spent|paid|given|told|worth|like)\b)"
    r"|\b(?:list|name) (?:all|the)\b|\bwho all\b|\bnames of\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:why|how come|what (?:led|made|prompted|caused|drove|moved)"
    r"|what (?:is|was|were|are) the (?:reasons?|cause|purpose|point|goal|aim)|for what reason|what for)\b",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"^(?:(?:please|can you|could you|(?:i|we)(?:['’]d| would) like (?:you )?to|so|and|ok(?:ay)?|now)[\s,]+)*"
    rf"(?:what (?:do|does|did) (?:{SOURCE}|it|they) (?:say|tell (?:me|us)|report|write|reveal|mention) (?:about|on)"
    r"|what(?: is|['’]s| was) (?:said|known|written|reported|mentioned) (?:there |here )?about"
    r"|what (?:do|can) (?:we|you|i) (?:know|learn|find out|say|tell (?:me|us)) about"
    r"|(?:tell (?:me|us)|say) (?:(?:everything|all|more|something|a (?:bit|little)(?: more)?) )?about"
    rf"|(?:summari[sz]e|sum up|recap|outline)(?: (?:what {SOURCE} says? (?:about|on)"
    r"|what happened(?: in| at| to| with| on)?"
    r"|the (?:part|section|passage|paragraph)s? (?:about|on)|everything (?:about|on)))?"
    r"|(?:(?:give|write) (?:me |us )?)?an? (?:\w+ )?(?:summary|overview) of)"
    r" (?P<topic>(?!(?:how|what|why|when|where|who|whom|whose|which|whether|if)\b).+)$",
    re.IGNORECASE,
)
_PIECE_ABOUT = re.compile(
    r"^what(?: is|['’]s| are| was)? (?:the|this|that) (?P<topic>.+?) (?:piece|article|report|story|text|document)s?"
    r" (?:all |mainly )?about\W*$",
    re.IGNORECASE,
)
_BEHIND_TOPIC = re.compile(
    rf"\W*(?:\b(?:according to|in|from) {SOURCE}|\bin (?:a |one |two |three |four |five |\d )?(?:few |short )?"
    r"(?:sentence|line|word|point)s?|\bbriefly|\bplease)?\W*$",
    re.IGNORECASE,
)
_WHETHER = re.compile(r"^(?:if|whether)\b", re.IGNORECASE)


def analyse(text: str) -> Question:
    """What `text` asks for.

    >>> question = analyse("How many chips will Nvidia supply?")
    >>> question.asks.value, question.answer_type.value, question.stems
    ('fact', 'number', ('mani', 'chip', 'nvidia', 'suppli'))
    """
    alone = affirmed(without_context(text))
    asked = marked(begun(bare(alone)))
    asks = _asks(alone)
    topic = () if asks is Asks.OVERVIEW else _topic(alone)
    return Question(alone, asks, _answer_type(asked), tuple(stems(asked)), asked, text, topic)


def _topic(text: str) -> tuple[str, ...]:
    found = _ABOUT.match(text.strip()) or _PIECE_ABOUT.match(text.strip())
    return tuple(stems(_BEHIND_TOPIC.sub("", found["topic"]))) if found else ()


def _asks(text: str) -> Asks:
    plain = re.sub(r"[^\w\s'’;]", " ", text.lower()).strip()
    plain = re.sub(r"\s+", " ", plain)
    parts = [part.strip() for part in re.split(r"[,.!?;]", text.lower()) if part.strip()]
    if _SMALLTALK.fullmatch(plain) or (parts and all(_SMALLTALK.fullmatch(part) for part in parts)):
        return Asks.SMALLTALK
    if _OVERVIEW.search(text.strip()) and not set(stems(_OVERVIEW.sub(" ", text.strip()))) - _WHOLE:
        return Asks.OVERVIEW
    text, whole = begun(bare(text)), text
    if begins_with_auxiliary(text) or (text != whole and _WHETHER.match(text)):
        return Asks.YES_NO
    if _REASON.search(text):
        return Asks.REASON
    return Asks.LIST if _LIST.search(text) else Asks.FACT


def _answer_type(text: str) -> AnswerType:
    if begins_with_auxiliary(text) or _REASON.search(text):
        return AnswerType.TEXT
    return next((answer_type for answer_type, pattern in _TYPES if pattern.search(text)), AnswerType.TEXT)
