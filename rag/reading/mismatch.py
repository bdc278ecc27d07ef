"""Is a text about another one than the question: a name with another number, the other of two, a sum of something else?

Set by rule, not learnt: hardly one of the questions that the reader is fitted on is of that kind.
"""

from __future__ import annotations

import re
from collections import Counter

from rag.lexical import STOPWORDS, stem, stems
from rag.questions import Question
from rag.reading.yesno.clauses import clause_at
from rag.reading.yesno.named import MONTH_OR_WEEKDAY
from rag.schema import Span

_NUMBERED = re.compile(r"\b(?P<name>[A-Z][\w-]*[A-Za-z]) (?P<number>\d{1,4})\b(?![.,:]?\d|\s?(?:%|[ap]\.?m\b))")


def misnumbered(question: str, text: str) -> bool:
    """Whether the text has a numbered name of the question with other numbers only.

    >>> misnumbered("When did Apollo 12 land?", "Apollo 11 landed."), misnumbered("Who flew Apollo 11?", "Apollo 11")
    (True, False)
    >>> misnumbered("When did Apollo 12 land?", "Apollo 11 and 12 landed."), misnumbered("Who saw it?", "Apollo 11")
    (False, False)
    """
    return any(_only_others(match["name"], match["number"], text) for match in _NUMBERED.finditer(question))


def _only_others(name: str, number: str, text: str) -> bool:
    if MONTH_OR_WEEKDAY.fullmatch(name) or name.lower() in STOPWORDS:
        return False
    listed = re.findall(rf"\b{re.escape(name)}s?[ -](\d+(?:(?:,? (?:and|or|to) |, | ?[–-] ?)\d+)*)\b", text)
    return bool(listed) and not any(number in re.findall(r"\d+", numbers) for numbers in listed)


_CODE = re.compile(r"(?<![\w-])(?P<letters>[A-Za-z]{1,4})-?(?P<number>\d{1,4})(?:s\b)?(?!\w|[.,]\d)")
"""A model, a road, a paragraph: "B20", "H-204"."""
_CODES_BETWEEN = re.compile(
    r"\b(?P<letters>[A-Z]{1,4})-?(?P<first>\d{1,4}) ?(?:to|[-–]) ?(?P=letters)-?(?P<last>\d{1,4})\b"
)


def is_of_another_code(question: str, text: str) -> bool:
    """Whether the question names "B20", and the text none but its neighbours: "B35".

    >>> is_of_another_code("How long does the B20 last?", "The B35 lasts six hours.")
    True
    >>> is_of_another_code("How long does the b20 last?", "The B35 lasts longer than the B20.")
    False
    """
    asked, said = _codes(question.upper()), _codes(text)
    for row in _CODES_BETWEEN.finditer(text):
        numbers = range(int(row["first"]), int(row["last"]) + 1)
        said |= {(letters, number) for letters, number in asked if letters == row["letters"] and int(number) in numbers}
    return bool(asked) and not asked & said and {letters for letters, _ in asked} <= {letters for letters, _ in said}


def _codes(text: str) -> set[tuple[str, str]]:
    return {(match["letters"], match["number"]) for match in _CODE.finditer(text) if match["letters"].isupper()}


_CONTRASTS = [
    tuple(frozenset(side.split()) for side in pair.split("/"))
    for pair in (
        "large big larger bigger/small little smaller",
        "old older elder/new newer young younger",
        "first/second third last",
        "second/first third last",
        "upper/lower",
        "inner/outer",
        "left/right",
        "north northern/south southern",
        "east eastern/west western",
        "summer/winter",
        "adult adults/child children",
        "long longer/short shorter",
        "men male/women female",
        "cheap cheaper/dear dearer expensive",
    )
]
_NO_CONTRAST = re.compile(
    r"\bhow (?:large|big|small|old|young|long|short)\b|\b(?:years?|months?|weeks?|days?)[ -]olds?\b"
    r"|\b(?:in|at|for) (?:the )?(?:first|last|long|short)(?: (?:place|time|instance|run))?\b"
    r"|\bcome (?:first|second|last)\b"
    r"|\bright (?:now|away|after|before)\b|\bno longer\b",
    re.IGNORECASE,
)


def is_of_the_other(question: str, sentence: str) -> bool:
    """Whether the sentence speaks of the other one of two: of "the small one" where the large pool is asked about.

    >>> is_of_the_other("How warm is the large pool?", "The small one is heated to 31 degrees.")
    True
    >>> is_of_the_other("How warm is the large pool?", "The large one is colder than the small one.")
    False
    >>> is_of_the_other("How old is the boy?", "The new boy is nine.")
    False
    """
    asked = _bare_words(_NO_CONTRAST.sub(" ", question))
    said = _bare_words(_NO_CONTRAST.sub(" ", sentence))
    ways = (sides for pair in _CONTRASTS for sides in (pair, pair[::-1]))
    return any(asked & own and not asked & other and said & other and not said & own for own, other in ways)


_HE, _SHE = (re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for words in ("he|him|his|himself", "she|her|hers|herself"))
_ASKS_OF = re.compile(r"\b(?:did|does|do|was|is|has|had|will|would|can|could) (?P<who>he|she)\b", re.IGNORECASE)


def is_of_the_other_sex(question: str, sentence: str) -> bool:
    """Whether "she" is asked about and the sentence speaks of "he" alone from its beginning, or the reverse.

    >>> is_of_the_other_sex("What did she die of?", "He died of tuberculosis in Tarn.")
    True
    >>> is_of_the_other_sex("What did she die of?", "He said that she had died of pneumonia.")
    False
    """
    asked = _ASKS_OF.search(question)
    if not asked or re.search(r"\bwho(?:m|se)?\b", question, re.IGNORECASE):
        return False
    own, other, word = (_HE, _SHE, "she") if asked["who"].lower() == "he" else (_SHE, _HE, "he")
    return (
        bool(re.match(rf"\W*{word}\b", sentence, re.IGNORECASE))
        and not own.search(sentence)
        and not other.search(question)
    )


_UNDISCLOSED = re.compile(
    r"\b(?:financial (?:details|terms)|terms|prices?|value|costs?|sums?|amounts?|figures?)\b[^,;]*"
    r"(?:\b(?:not|never|nor)\b[^,;]*\b(?:disclosed?|revealed?|given|published|public|known|named?)\b|\bundisclosed|\bsecret)",
    re.IGNORECASE,
)


_DEAL = re.compile(
    r"\b(?:deal|contract|agreement|order|purchase|sale|takeover|acquisition|transaction|merger|partnership|transfer)s?\b",
    re.IGNORECASE,
)


def is_undisclosed(asked: str, sentence: str, place: Span) -> bool:
    """Whether a deal is asked about whose sum the sentence calls undisclosed, and the number at `place` is another one.

    It is where its clause has nothing of what is asked: the deal does not cost what a firm beside it is worth.

    >>> said = "While the terms of the deal were not disclosed, Acme is now valued at $5 billion."
    >>> place = Span(start=said.index("$"), end=len(said) - 1)
    >>> is_undisclosed("What does the deal cost?", said, place), is_undisclosed("What is Acme worth?", said, place)
    (True, False)
    """
    silent, clause = _UNDISCLOSED.search(sentence), clause_at(sentence, place)
    if silent is None or not _DEAL.search(asked) or not re.search(r"\d", sentence[place.start : place.end]):
        return False
    if silent.end() > clause.start and silent.start() < clause.end:
        return False
    return set(stems(asked)).isdisjoint(stems(sentence[clause.start : clause.end]))


_LIMIT = re.compile(
    r"\b(?P<side>until|till|up to|before|prior to|after|since|following|from)"
    r" (?:the |a |an |last |this |next |late |early )*(?P<what>[A-Za-z0-9]\w*)",
    re.IGNORECASE,
)
_FROM_TO = re.compile(r"\b(?:from|up to)\b", re.IGNORECASE)
"""Of places as well as of times."""
_THEN = re.compile(
    r"\b(?:since|after|before|until|from) (?:then|that|this|now|it|which)\b"
    r"|\b(?:and|but|while|afterwards?|thereafter|later)\b|;",
    re.IGNORECASE,
)
"""Where the sentence may tell of both sides."""
_BEFORE = frozenset(("until", "till", "up to", "before", "prior to"))


def is_beyond_a_limit(question: str, sentence: str) -> bool:
    """Whether what is after something is asked for, and the sentence tells what is before it, or the reverse.

    >>> is_beyond_a_limit("Who leads it after Christmas?", "It is led by Jakub Nowak until Christmas.")
    True
    >>> is_beyond_a_limit("Who leads it until Christmas?", "It is led by Jakub Nowak until Christmas.")
    False
    """
    if _THEN.search(sentence):
        return False
    asked, said = (
        {
            (stem(match["what"].lower()), match["side"].lower() in _BEFORE)
            for match in _LIMIT.finditer(text)
            if match["what"].lower() not in STOPWORDS
        }
        for text in (_FROM_TO.sub(" ", question), sentence)
    )
    return any((what, not before) in said and (what, before) not in said for what, before in asked)


_ITSELF = r"(?:the (?:[\w-]+ )?(?:article|text)|this (?:article|text|report|document|story|piece|page|press release))\b"
_OF_THE_TEXT = re.compile(
    r"^\W*(?:by )?(?:who|whom|when|where|which|what|is|are|was|were|do|does|did)\b.*"
    rf"(?:\b(?:wrote|written|authored|authors? of|published?|posted) {_ITSELF}"
    rf"|{_ITSELF}(?: \w+){{0,4}} (?:written|published|posted)\b)"
    rf"|^\W*who (?:wrote|reported) this\W*$",
    re.IGNORECASE,
)
"""Who wrote "the report" may well be what a text is about."""
_BYLINE = re.compile(
    r"^\W*(?:by|text|words|story|posted|updated|editor|date)\b"
    r"|\b(?:wr(?:o|i)te|written|writ(?:es|er|ing)|author|publi(?:sh|cation)|post(?:ed|s)|report(?:er|s from|ing)"
    r"|compiled|editor|edited|drafted)",
    re.IGNORECASE,
)


def is_of_the_text(question: str, sentence: str) -> bool:
    """Whether it is asked who wrote or published the text itself, or when, and the sentence speaks of no such thing.

    >>> asked = "Who wrote this article?"
    >>> is_of_the_text(asked, "The mayor, Ida Brand, opened the hall."), is_of_the_text(asked, "By Ida Brand")
    (True, False)
    >>> is_of_the_text("Who wrote the report?", "The mayor, Ida Brand, did.")
    False
    """
    return bool(_OF_THE_TEXT.search(question)) and not _BYLINE.search(sentence)


_FOR, _AGAINST = (
    re.compile(
        rf"\b(?:vot(?:e|es|ed|ing) (?:{side})|(?:spoke|speaks?|argued) (?:{being}))\b"
        rf"|\b(?:was|were|is|are|came out) (?:\w+ )?(?:{being})\b|\b(?:{verbs})\b",
        re.IGNORECASE,
    )
    for side, being, verbs in (
        ("for|in favou?r of", "in favou?r(?: of)?", "support(?:s|ed|ing)?|backed|backs|approved? of|endors(?:e|es|ed)"),
        ("against", "against|opposed to", "oppos(?:e|es|ed|ing)|reject(?:s|ed|ing)?|object(?:s|ed)? to"),
    )
)
_WHO_IS_FOR = re.compile(r"^\W*(?:(?:and|so|but),? )?(?:who|which|what) ", re.IGNORECASE)


def is_of_the_other_side(question: Question, sentence: str) -> bool:
    """Whether it is asked who is for something, and the sentence says who is against it, or the reverse.

    >>> from rag.questions import analyse
    >>> is_of_the_other_side(analyse("Who voted for the library?"), "The Greens voted against it.")
    True
    """
    if not _WHO_IS_FOR.match(question.asked):
        return False
    own, other = _FOR.search(question.asked), _AGAINST.search(question.asked)
    if bool(own) == bool(other):
        return False
    has, lacks = (_AGAINST, _FOR) if own else (_FOR, _AGAINST)
    return bool(has.search(sentence)) and not lacks.search(sentence)


_HOW_DID_IT_START = re.compile(
    r"^how (?:did|does|do|had) .*\b(?:start|begin|break out|come about|happen)\W*$", re.IGNORECASE
)
_STARTS_SOMETHING = re.compile(
    r"\b(?:tried|tries|trying|attempted|failed|managed|able|unable) to (?:start|begin)\b", re.IGNORECASE
)


def is_started_by_somebody(question: str, sentence: str) -> bool:
    """Whether it is asked how something started, and in the sentence somebody tries to start something.

    >>> is_started_by_somebody("How did the outage start?", "They tried to start it by hand.")
    True
    """
    return bool(_HOW_DID_IT_START.search(question) and _STARTS_SOMETHING.search(sentence))


_HOW_MANY_OF_ONES_OWN = re.compile(
    r"^how many (?:\w+ )?(?:children|kids|sons|daughters|grandchildren|brothers|sisters|siblings|nephews|nieces)\b"
    r" .*\b(?:have|has|had|father|leave|raise)\b",
    re.IGNORECASE,
)
_ONE_OF_CHILDREN = re.compile(
    r"\b(?:youngest|eldest|oldest|middle|one|first|second|third|fourth|fifth|last)(?: (?:child|son|daughter))? of "
    r"(?:the |his |her |their )?$",
    re.IGNORECASE,
)


def is_of_the_parents(question: str, sentence: str, place: Span) -> bool:
    """Whether it is asked how many children somebody had, and the number is that of which he or she is one.

    >>> said = "She was the youngest of four children."
    >>> is_of_the_parents("How many children did she have?", said, Span(start=24, end=28))
    True
    """
    return bool(_HOW_MANY_OF_ONES_OWN.match(question) and _ONE_OF_CHILDREN.search(sentence[: place.start]))


_WHO_IS = re.compile(r"^(?i:who(?:['’]s| is| was)) (?P<name>[A-Z][\w'’.-]*(?: [A-Z][\w'’.-]*)+)\W*$")
_TITLES = frozenset(
    "Mr Mrs Ms Miss Dr Prof Professor Sir Dame Lord Lady Cllr Judge Captain Senator President Governor Mayor King Queen"
    " Prince Princess Pope Saint St Minister Councillor Chancellor".split()
)


def is_a_namesake(question: str, found: str) -> bool:
    """Whether it is asked who somebody is, and what was found is the name of another one of that surname.

    >>> is_a_namesake("Who is Ada Holt?", "Edith Holt"), is_a_namesake("Who is Ada Holt?", "a British oceanographer")
    (True, False)
    """
    asked = _WHO_IS.match(question)
    if not asked or not re.fullmatch(r"(?:[A-Z][\w'’.-]*)(?: [A-Z][\w'’.-]*)+", found):
        return False
    names, said = (set(re.findall(r"\w+", text)) - _TITLES for text in (asked["name"], found))
    return min(len(names), len(said)) > 1 and bool(names & said) and not names <= said


_OFFICE = (
    "(?:ceo|chief executive(?: officer)?|president|chairman|chairwoman|chair|head|boss|director|founder|owner|leader)"
)
_HOLDER = re.compile(
    r"^\W*who(?:['’]s| is| was)?"
    rf" (?:(?:now |currently )?(?:the )?(?:new |current |present |former )?{_OFFICE} (?:of|at) (?P<of>[^,?]+?)"
    rf"|(?P<owner>[^,?]+?)['’]s? (?:new |current |former )?{_OFFICE}"
    r"|(?:runs|leads|heads|chairs) (?P<runs>[^,?]+?))(?: now| today| currently)?\W*$",
    re.IGNORECASE,
)
_HELD = re.compile(rf"(?<!\b[Ii]ts )(?<!\b[Tt]heir )(?<!['’]s )\b(?i:{_OFFICE}) [A-Z]\w")
_OFTENER = 3
"""Times as often as the body asked about is another one named in a text that is about that other one."""


def is_of_another_body(question: str, sentence: str, text: str) -> bool:
    """Whether it is asked who holds an office of a body that the sentence does not name, in a text about another one.

    "CEO Ida Brand said" is of the firm that the text is about, not of one that it mentions in passing.

    >>> text = "Acme sells mills to Tarn Foods. Acme grows. Acme's mills grind. CEO Ida Brand is glad. So is Acme."
    >>> asked = "Who is the CEO of Tarn Foods?", "Who is Acme's CEO?"
    >>> [is_of_another_body(one, "CEO Ida Brand is glad.", text) for one in asked]
    [True, False]
    """
    asked = _HOLDER.match(question)
    if not asked or not _HELD.search(sentence):
        return False
    body = next(words for words in asked.groups() if words)
    named = [word for word in re.findall(r"\w+", body) if word[:1].isupper()]
    counts = Counter(re.findall(r"\b[A-Z]\w+", text))
    own = min((counts[word] for word in named), default=0)
    if not named or not own or set(named) & set(re.findall(r"\w+", sentence)):
        return False
    holder = set(re.findall(r"[A-Z]\w+", sentence))
    often = max((n for word, n in counts.items() if word not in holder and word.lower() not in STOPWORDS), default=0)
    return often >= _OFTENER * own


def _bare_words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z]+", text.lower()))
