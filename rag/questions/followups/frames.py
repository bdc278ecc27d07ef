"""The frame of a question: question word, auxiliary, subject, verb and rest, so that it can be asked otherwise."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from rag.lexical import STOPWORDS
from rag.questions.followups.verbs import AUXILIARIES, BE, base_of, is_base, is_participle, is_past
from rag.questions.phrasing import AUXILIARY, QUESTION_WORD

DETERMINERS = frozenset(
    "the a an this that these those his her its their our your my some any both each every no".split()
)
PREPOSITIONS = frozenset(
    """about above across after against along among around at before behind below between by during for from in
    inside into near of
    off on onto out over past since through till to towards under until up upon with within without than per
    beyond""".split()
)
PREPOSITION = "to|by|with|for|from|in|at|on|of|since|until|till|about|under|into|against|after|before|during"
"""The prepositions that stand before a question word."""
_ADVERBS = frozenset("already also ever now still yet currently recently just usually".split())
PREDICATES = frozenset(
    "open closed shut available ready due able allowed included married alive dead worth famous missing absent ill"
    " late early sad tired hungry wet empty full broken gone hurt wrong upset worried alone asleep awake popular"
    " successful rich poor still sick safe happy angry sorry afraid proud sure".split()
)
"""What is said of the subject behind "is", and hardly stands before its noun: "When is the castle open?"."""
_SINCE_WHEN = frozenset("first originally later actually really then finally last".split())
"""Adverbs that may stand between "who" and the verb: "Who first described it?"."""
_RESPONSIBLE = frozenset("responsible present absent involved guilty liable".split())
_PRONOUNS = frozenset("he she it they we you i there who anyone anybody someone somebody everyone".split())
_OPENING = re.compile(
    r"^\W*(?:(?:and|but|or|so|then|also|ok(?:ay)?|well|thanks?(?: you)?|hm+|yes|no|right|i see|i mean)\b[\s,.:;!]*)+",
    re.IGNORECASE,
)
_LEAD = re.compile(
    rf"(?P<lead>(?:(?:{PREPOSITION})\s+)?"
    r"(?P<word>how (?:many|much|long|old|big|high|tall|far|fast|often|large|deep|wide|heavy|well|late|early|soon)"
    r"|how|who|whom|whose|what|which|when|where|why))\b(?P<rest>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_INTRODUCED = re.compile(
    r"^(?:according to|in|at|on|after|before|during|as of|of) [^,]+(?:, [^,]+)?, "
    rf"(?={QUESTION_WORD})",
    re.IGNORECASE,
)
"""What stands before the question word: "According to the report, how many ..."."""
_TOLD = re.compile(
    rf"^(?!{QUESTION_WORD}|{AUXILIARY}|(?:{PREPOSITION})\b)(?P<told>[^,?]{{1,120}}), (?={QUESTION_WORD})", re.IGNORECASE
)
"""What a person tells before asking: "My D12 shows E2, what is wrong?"."""
_RELATIVES = frozenset("that who which".split())
_NAME_PARTICLES = frozenset("de del della den der di du la le van von zu".split())


@dataclass(frozen=True)
class Frame:
    """A question taken apart. "How many chips will Nvidia supply to Seoul?" has lead "How many", noun "chips",
    auxiliary "will", subject "Nvidia", verb "supply", rest "to Seoul"; one about its subject has no subject."""

    lead: str = ""
    """The question word with its preposition; empty for a yes/no question."""
    noun: str = ""
    auxiliary: str = ""
    subject: str = ""
    verb: str = ""
    rest: str = ""

    @property
    def word(self) -> str:
        """The question word alone, in lower case."""
        match = _LEAD.match(self.lead)
        return match["word"].lower() if match else ""

    @property
    def asks_subject(self) -> bool:
        """Whether the question word is the subject: "Who designed the bridge?"."""
        return bool(self.lead) and not self.subject

    def question(self) -> str:
        """The frame as a question again."""
        return asked(self.lead, self.noun, self.auxiliary, self.subject, self.verb, self.rest)


def asked(*parts: str) -> str:
    """The parts as a question.

    >>> asked("to whom", "will", "", "Nvidia supply chips")
    'To whom will Nvidia supply chips?'
    """
    text = " ".join(part.strip() for part in parts if part.strip()).rstrip(" ?.!,;")
    return text[:1].upper() + text[1:] + "?"


def opened(question: str) -> str:
    """The question without the "And", "So" or "OK" before it.

    >>> opened("And so, why?")
    'why?'
    """
    return _OPENING.sub("", question) or question


def told(question: str) -> str:
    """What the person tells before the question word; "" for most.

    >>> told("My D12 shows E2, what is wrong?"), told("What is wrong with my D12, which shows E2?")
    ('My D12 shows E2', '')
    """
    match = _TOLD.match(opened(question))
    return match["told"] if match and not _INTRODUCED.match(opened(question)) else ""


def frame(question: str) -> Frame:
    """The question taken apart; where it cannot be, everything stands in `rest`.

    >>> frame("When was the old bridge opened to traffic?")
    Frame(lead='When', noun='', auxiliary='was', subject='the old bridge', verb='opened', rest='to traffic')
    >>> frame("Who designed the bridge?")
    Frame(lead='Who', noun='', auxiliary='', subject='', verb='designed', rest='the bridge')
    """
    text = _TOLD.sub("", _INTRODUCED.sub("", opened(question).strip().rstrip(" ?!.")))
    match = _LEAD.match(text)
    if match is None:
        first, _, rest = text.partition(" ")
        if first.lower() not in AUXILIARIES:
            return Frame(rest=text)
        return _clause(Frame(auxiliary=first.lower()), rest.split(), asks_subject=False)
    words = match["rest"].split()
    if match["word"].lower() in ("where", "when", "why", "how") and words and words[0].lower() in PREPOSITIONS:
        words = _auxiliary_first(words)
    lead, place = match["lead"], _auxiliary(match["word"].lower(), words)
    if place is None:
        return _without_auxiliary(lead, match["word"].lower(), words)
    parsed = Frame(lead=lead, noun=" ".join(words[:place]), auxiliary=words[place].lower())
    return _clause(parsed, words[place + 1 :], asks_subject=None)


def _auxiliary_first(words: list[str]) -> list[str]:
    """The words with what stands before their auxiliary behind them: "(Where) at Brook Hill were rats seen"."""
    place = next((i for i, word in enumerate(words[:8]) if word.lower() in AUXILIARIES), 0)
    return [*words[place:], *words[:place]]


def _auxiliary(word: str, words: list[str]) -> int | None:
    """Where the auxiliary stands: right behind the question word, or behind the noun that belongs to it."""
    partitive = bool(words) and words[0].lower() == "of"  # "How many of the people in the care home were ...?"
    for place, token in enumerate(words[: 12 if partitive else 8]):
        if token.lower() in AUXILIARIES:
            return place
        if token.lower() == "the" and place and words[place - 1].lower() in (PREPOSITIONS if partitive else ("of",)):
            continue
        if token.lower() in ("that", "who", "which", "the") or (
            word not in ("which", "what", "whose") and "how" not in word
        ):
            return None
        if place and token.islower() and is_past(token) and token not in ("related",):
            return None
    return None


def _without_auxiliary(lead: str, word: str, words: list[str]) -> Frame:
    """A question about the subject with a full verb: "Which company sells chips?"."""
    if word == "who" and len(words) > 1 and words[0] in _SINCE_WHEN:
        parsed = _without_auxiliary(lead, word, words[1:])
        return replace(parsed, verb=f"{words[0]} {parsed.verb}".strip())
    start = 1 if word in ("which", "what", "whose") or word.startswith("how ") else 0
    if word in ("what", "how many", "how much") and words and base_of(words[0]):
        start = 0
    verbs = [
        i
        for i, token in enumerate(words)
        if i >= start
        and token.islower()
        and (base_of(token) or (i > 1 and is_base(token) and words[i - 1].lower() not in STOPWORDS))
    ]
    if not verbs:
        if word == "who" and len(words) > 1 and words[0].islower() and words[0].endswith(("s", "ed")):
            return Frame(lead, verb=words[0], rest=" ".join(words[1:]))  # one of those that are not known here
        return Frame(lead=lead, rest=" ".join(words))
    place = verbs[0]
    return Frame(lead, " ".join(words[:place]), "", "", words[place], " ".join(words[place + 1 :]))


def _clause(parsed: Frame, words: list[str], asks_subject: bool | None) -> Frame:
    """Subject, verb and rest of what follows the auxiliary."""
    adverb = words[0] if words and words[0].lower() in _ADVERBS else ""
    words = words[1:] if adverb else words
    if not words:
        return parsed
    said_of_it = parsed.auxiliary in BE and parsed.word in ("who", "what", "which")
    said_of_it = said_of_it and words[0].lower() in PREPOSITIONS | (
        _RESPONSIBLE if parsed.word == "who" else frozenset()
    )
    if said_of_it or (parsed.noun and words[0].lower() in PREPOSITIONS):
        return replace(parsed, rest=" ".join(words))
    if asks_subject is None:
        building = words[0] == "building" and len(words) > 1 and words[1] in DETERMINERS
        asks_subject = (_is_verbal(words[0], parsed.auxiliary) or building or _will_do(parsed, words)) and (
            bool(parsed.noun) or parsed.word in ("who", "what", "which", "how many", "how much")
        )
    if asks_subject:
        return replace(parsed, verb=" ".join(filter(None, (adverb, words[0]))), rest=" ".join(words[1:]))
    end = _subject_end(words, parsed.auxiliary)
    verb = words[end] if end < len(words) and _is_verbal(words[end], parsed.auxiliary, inside=True) else ""
    after = end + bool(verb)
    return replace(parsed, subject=" ".join(words[:end]), verb=verb, rest=" ".join(words[after:]))


def _will_do(parsed: Frame, words: list[str]) -> bool:
    """Whether it is asked who will do it, with a verb that is not known here: "Who will coach the juniors?"."""
    modal = parsed.auxiliary in ("will", "would", "can", "could", "should", "may", "might", "must")
    behind = words[1].lower() if len(words) > 1 else "the"
    return parsed.word == "who" and modal and words[0].islower() and behind in DETERMINERS


def _is_verbal(token: str, auxiliary: str, inside: bool = False) -> bool:
    word = token.strip(",;").lower()
    if not token[:1].islower() or word in STOPWORDS - {"be", "been", "have", "do"}:
        return False
    if auxiliary in BE or auxiliary in ("has", "have", "had", "hasn't", "haven't"):
        return is_participle(word)
    return is_base(word) or inside or word in ("be", "have", "do")


def _subject_end(words: list[str], auxiliary: str) -> int:
    """Behind the last word of the subject: before the verb, or before the first preposition that is not "of"."""
    if words[0].lower() in _PRONOUNS:
        return 1
    participles = auxiliary in BE or auxiliary in ("has", "have", "had", "hasn't", "haven't")
    for place in range(1, len(words)):
        token, before = words[place], words[place - 1].lower()
        word = token.strip(",;").lower()
        if before in DETERMINERS or before in ("of", "and", "&") or word in ("of", "and", "&"):
            continue
        if before.endswith(("'s", "’s")) or (word in _NAME_PARTICLES and words[place - 1][:1].isupper()):
            continue
        if word in _RELATIVES and not is_base(before) and (end := _behind_relative(words, place, participles)):
            return end
        if word in PREPOSITIONS or word in ("when", "if", "because", "that", "who", "which", "while", "not"):
            if participles or before in STOPWORDS or place < 2:
                return place
            if not is_base(before) and any(is_base(later) for later in words[place + 1 :]):
                continue
            return _verb_before(words, place)
        if word in DETERMINERS and before not in PREPOSITIONS:
            return place if participles else _verb_before(words, place)
        if word == "building" and words[place + 1 : place + 2] and words[place + 1].lower() in DETERMINERS:
            return place
        if word == "work" and is_base(words[place + 1].strip(",;") if place + 1 < len(words) else ""):
            continue  # "When does the roof work start?"
        if token.islower() and (_is_verbal(token, auxiliary) or (auxiliary in BE and word in PREDICATES)):
            return place
        if (
            not participles
            and token.islower()
            and words[place - 1][:1].isupper()
            and not words[place - 1].endswith(("'s", "’s"))
        ):
            return place + _compounded(words[place:], words[0].lower() in DETERMINERS)
    return len(words) if participles or len(words) < 2 else _verb_before(words, len(words))


def _behind_relative(words: list[str], place: int, participles: bool) -> int:
    """Where the verb stands behind a relative clause at `place`: "the spring that feeds it (run dry)", else 0."""
    own = False
    for i in range(place + 1, len(words)):
        word, before = words[i].strip(",;"), words[i - 1].lower()
        verbal = base_of(word) is not None or is_base(word) or word in AUXILIARIES
        if not verbal or (i > place + 1 and before in DETERMINERS | PREPOSITIONS) or not word.islower():
            continue
        if own and (is_participle(word) if participles else is_base(word)):
            return i
        own = True
    return 0


def _compounded(words: list[str], definite: bool) -> int:
    """How many of the words behind a name go with it: two of "(does the Tarn Line) day ticket cost", none of "sell
    chips"."""
    stops = PREPOSITIONS | DETERMINERS | STOPWORDS
    end = next((i for i, word in enumerate(words) if not word.islower() or word.strip(",;") in stops), len(words))
    run = [word.strip(",;") for word in words[:end]]
    if len(run) < 2 or (is_base(run[0]) and not definite):
        return 0
    return len(run) - 1 if is_base(run[-1]) else int(is_plural(run[0]))


def _verb_before(words: list[str], end: int) -> int:
    """The verb right before `end`, where the words before it can be a subject."""
    return end - 1 if end > 1 and words[end - 2].lower() not in DETERMINERS and words[end - 1].islower() else end


def is_plural(phrase: str) -> bool:
    """Whether a noun phrase looks plural, by its head.

    >>> is_plural("the wheels of cheese"), is_plural("the bus"), is_plural("people"), is_plural("Piet Maas")
    (True, False, True, False)
    >>> is_plural("Serra Azul and Avantir"), is_plural("the Greens")
    (True, True)
    """
    if re.search(r"\w and (?:the )?\w", phrase):
        return True
    head = re.split(r" (?:of|in|on|at|for|from|to|with|that|who) ", phrase)[0].split()
    if head and head[-1][:1].isupper() and head[0].lower() not in DETERMINERS:
        return False
    last = head[-1].lower().strip(",") if head else ""
    if last in ("people", "children", "men", "women", "police", "both", "crew", "mice", "geese", "sheep"):
        return True
    return last.endswith("s") and not last.endswith(("ss", "us", "is", "'s", "’s", "news", "series"))
