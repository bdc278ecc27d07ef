"""The names in a text, and whether each is of a person, a place or a thing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rag.lexical import STOPWORDS
from rag.questions.followups.frames import PREPOSITIONS, is_plural
from rag.questions.followups.verbs import AUXILIARIES, is_participle
from rag.series import MONTHS, NUMBERS, WEEKDAYS

Kind = Literal["person", "place", "thing", "unknown"]
_CAPITAL = "A-ZÀ-ÖØ-ÞĀĂĄĆČĎĐĒĘĚĞĪĮİĶŁĻŃŅŇŌŐŘŚŞŠŤŪŮŰŲŹŻŽ"
_ROLE = (
    "actor|actress|artist|author|biologist|boss|botanist|boy|brother|captain|caretaker|ceo|chair|chairman"
    "|chairwoman|chemist|chief|coach|composer|conductor|contractor|coroner|councillor|curator|daughter|deckhand"
    "|defender|deputy|designer|director|doctor|driver|economist|editor|engineer|executive|farmer|father|firefighter"
    "|fisherman|founder|gardener|girl|goalkeeper|governor|head|headmaster|headteacher|historian|husband|hydrologist"
    "|inventor|investor|journalist|judge|keeper|king|leader|man|manager|master|mayor|midfielder|minister|mother"
    "|musician|neurologist|nurse|officer|organist|owner|paediatrician|partner|physicist|player|poet|predecessor"
    "|president|prime minister|principal|professor|prosecutor|queen|referee|researcher|sailor|scientist|secretary"
    "|senator|sister|skipper|son|speaker|spokesman|spokesperson|spokeswoman|statistician|striker|student|substitute"
    "|successor|surgeon|teacher|trainer|treasurer|umpire|wife|winner|woman|writer|\\w+ologist|architect|astronomer|banker"
    "|bishop|blacksmith|carpenter|duchess|duke|earl|emperor|empress|explorer|lawyer|mason|merchant|painter|priest|prince"
    "|princess|refugee|sculptor|sergeant|shepherd|singer|vicar|widow|widower"
)
ROLE = re.compile(rf"\b(?:{_ROLE})\b", re.IGNORECASE)
_TITLE = (
    r"(?:Mr|Mrs|Ms|Miss|Dr|Prof|Professor|Sir|Dame|Lord|Lady|Cllr|Judge|Captain|Senator|President|Governor|Mayor)\.?"
)
_SAID = "said|says|told|tells|added|explained|hopes|joked|announced|affirmed|highlighted|thinks|believes|praised|wrote"
_THINGS = re.compile(
    r"\b(?:Ltd|Inc|Co|Corp|plc|AG|GmbH|Group|Company|Bank|University|College|School|Hospital|Institute|Council|Agency|Authority"
    r"|Service|Society|Club|United|City|Dynamo|Pharma|Foods?|Lines?|Trains|Motors|Cells|Devices|Semiconductor|Aerospace|Museum"
    r"|Festival|Trust|Fund|Party|Union|Ministry|Department|Church|Stadium|Centre|Center|Congress|Parliament|Press|Times|Post"
    r"|Herald|Courier|Gazette|Campaign|Homes|Industries|Systems|Technologies|Compute|Mobil|Civil|Dairies|\d+)\b"
)
_SITES = (
    r"(?:Footbridge|Bridge|Hall|House|Inn|Arms|Steps|Quay|Gate|Tower|Castle|Street|Lane|Road|Square|Park|Row|Well)\b"
)
_WORD = (
    rf"(?:(?:Dr|Mr|Mrs|Ms|Prof|St|Cllr)\.|[{_CAPITAL}]\.|[{_CAPITAL}](?:[^\W_]|[&'’.-](?=[^\W_]))*"
    rf"(?:(?<=s)['’](?= (?:{_THINGS.pattern}|{_SITES})))?)"
)
"""A capitalised word; an owner in the plural only before a word for a body or place: "Residents' Group"."""
_UNITS = (
    r"%|(?:per ?cent|percent|(?:hundred|thousand|million|billion|euro|pound|dollar|crown|metre|kilometre|mile|hour"
    r"|minute|day|week|month|year|time|people|member)s?|p|km|m|kg|am|pm|a\.m|p\.m)\b"
)
"""Behind these a number is no part of a name: "Corrin County Council (27 million)"."""
NAME = re.compile(
    rf"{_WORD}(?:(?: (?:of the|of|de|van|von|del|da|&|for) (?=[{_CAPITAL}])| ){_WORD}"
    rf"| (?:No\. )?\d+(?![\d,.]*\d)(?! ?(?:{_UNITS})))*"
)
_PLACES = re.compile(
    r"\b(?:Street|Road|Lane|Avenue|Square|Bridge|River|Valley|Island|Islands|Bay|Lake|Mount|Mountain|Hill|Hills|Fell|Beach|Sands"
    r"|Harbour|Port|Town|Village|County|Coast|Sea|Park|Field|Fields|Meadow|Station|Junction|Rock)\b"
)
_OPENING_WORDS = frozenset(
    """Because Although Though Whereas Unless Despite Unlike People Profit Profits Sales Turnover Revenue Output Rent
    Rents Work Children Adults Residents Staff Members Visitors Volunteers Parents Pupils Police Neighbours
    Experts Critics Scientists Researchers Officials Investigators Water Food Bread Parking Entry Admission
    Entrance Tickets Doubles Singles Sweets Dogs Cats Bats Bicycles Bikes Batteries Bookings Lunch Dinner
    Breakfast Help Money Prices Costs Trains Buses Ferries Smoking Camping Cycling Fishing""".split()
)
"""What opens a sentence without being a name."""
_COMMON_PLURAL = re.compile(r"^[A-Z][a-z]{2,}(?:ies|ers|ors|ons|ents|ings|ures|ches)$")
_OWNER = re.compile(rf"(?<=['’]s) (?!{_THINGS.pattern}|{_PLACES.pattern})")
"""The blank behind an owner: "Nvidia's Huang" are two names, "St Cuthman's School" is one."""
NOT_NAMES = frozenset((*WEEKDAYS, *MONTHS, *[*NUMBERS][1:])) | frozenset(
    """jan feb mar apr aug sept oct nov dec possibly yes i a.m p.m according nothing rather twenty hundreds thousands
    nobody everybody somebody anybody everyone someone anyone everything something anything today tomorrow yesterday
    tonight please thanks christmas easter halloween however nevertheless nonetheless meanwhile moreover furthermore
    therefore afterwards later besides instead perhaps maybe indeed still soon often once twice next also never none
    neither no only without""".split()
)
_ADVERB = re.compile(
    r"[A-Z][a-z]+ly(?=,| (?:the|an?|we|he|she|they|it|this|that|there|i|you|his|her|their|its|our|my)\b)", re.I
)
"""An adverb that opens a sentence: "Finally, we say goodbye"."""


@dataclass(frozen=True)
class Mention:
    """A name or noun phrase as it would be said again: "the old bridge", "Nvidia"."""

    text: str
    kind: Kind
    plural: bool = False
    named: bool = False
    subject: bool = False
    own: bool = False
    """Whether it is the asking person's: "my bike"."""


def names_in(text: str, context: str = "", bare: bool = False) -> list[Mention]:
    """The names in a text, in order; `context` is further text that tells what they name, `bare` leaves out "the ship".

    >>> [(m.text, m.kind) for m in names_in("The mayor, Alistair Finch, spoke in Castle Merrow.")]
    [('Alistair Finch', 'person'), ('Castle Merrow', 'place')]
    """
    found = []
    for start, name in _bare_names(text):
        article = re.search(r"\b([Tt]he (?:(?!of\b|in\b|and\b)[a-z]+ ){0,2})$", text[:start])
        said = article.group(1) if article and not _has_verb(article.group(1)) else ""
        role = ROLE.search(said)
        said = "" if role or bare else said[:1].lower() + said[1:]
        kind: Kind = "person" if role else kind_of(name, f"{text} {context}")
        plural = bool(re.search(r"\b[Tt]he $", text[:start])) and is_plural(f"the {name}") and kind == "unknown"
        found.append(Mention(said + name, kind, plural, named=True))
    return list(dict.fromkeys(found))


def _bare_names(text: str) -> Iterator[tuple[int, str]]:
    for match in NAME.finditer(_OWNER.sub("\n", text)):
        start, name = match.start(), re.sub(r"['’]s$", "", match.group()).rstrip(".")
        first, _, rest = name.partition(" ")
        at_start = not text[:start].strip("\"'“‘ (") or re.search(r"[.!?:]\W*$|\n\W*$", text[:start])
        title = re.fullmatch(_TITLE, first) or (ROLE.fullmatch(first) and first != first.title())
        if body := _body_of(name):
            yield start, name.split(" of ")[0]
            start, name = start + len(name) - len(body), body
            first, _, rest = name.partition(" ")
        if at_start and not rest and _is_common(name, text[match.end() :]):
            continue
        if rest and (first.lower() in STOPWORDS | AUXILIARIES | PREPOSITIONS or title):
            start, name = start + len(first) + 1, rest
        elif first.lower() in STOPWORDS | AUXILIARIES | PREPOSITIONS | {"name", "list", "tell"} or (
            at_start
            and not rest
            and re.match(r"\s+(?:[a-z]+ )?(?:[" + _CAPITAL + r"]|[a-z]+s?\b(?:,| of\b))", text[match.end() :])
            and ROLE.search(text[match.start() : match.end() + 20])
        ):
            continue
        if (
            len(name) < 2
            or (
                at_start
                and re.match(r"[A-Z][a-z]+ing (?:[a-z]+s|at|in|on|to|of|about|with|before|after)\b", text[start:])
            )
            or name.lower() in NOT_NAMES
            or all(
                word.lower() in NOT_NAMES or word.isdigit() for word in name.split()
            )  # "Monday 8 April" costs nothing
            or (at_start and _ADVERB.match(text, start))
            or ROLE.fullmatch(name)
            or _is_adjective(name, text[match.end() :])
        ):
            continue
        yield start, name


def _body_of(name: str) -> str:
    """Where a person works, of a name that is two: "University of Vestby" of "Ada Lind of the University of Vestby"."""
    person, _, body = re.sub(r" of the ", " of ", name, count=1).partition(" of ")
    apart = (
        " " in person.removeprefix("The ")
        and not re.search(rf"{_THINGS.pattern}|{_PLACES.pattern}", person)
        and _THINGS.search(body)
    )
    return body if apart else ""


def _is_common(word: str, after: str) -> bool:
    """Whether a capitalised word that opens a sentence is no name: "Profit fell", "Batteries must be charged"."""
    several = re.match(
        r"\s+(?:are|were|have|do|who|must|may|can|cannot|should|will|lay|cost|say|about|concerning|from|for)\b", after
    )
    return word in _OPENING_WORDS or bool(several and _COMMON_PLURAL.search(word))


def _is_adjective(name: str, after: str) -> bool:
    """Whether a name is only part of a noun phrase: "Chinese market", "AI chips"."""
    followed = re.match(r"\s[a-z]", after) is not None
    return followed and " " not in name and (name.isupper() or bool(re.search(r"(?:ese|ish|ian|ean|can|ch)$", name)))


def kind_of(name: str, context: str) -> Kind:
    """What a name names, by the words around it.

    >>> kind_of("Lena Okafor", "Dr. Lena Okafor heads research."), kind_of("Leiden", "It stands in Leiden.")
    ('person', 'place')
    >>> kind_of("Nvidia", "How many chips will Nvidia supply?")
    'unknown'
    """
    if _THINGS.search(name):
        return "thing"
    plain = re.escape(name)
    last = re.escape(name.split()[-1])
    person = (
        rf"{_TITLE} (?:[\w.]+ )?{last}|\b(?:{_ROLE}),? (?:Dr\.? )?{plain}|{plain}, (?:\d\d\b|who\b)"
        rf"|{plain}, (?:(?:the|an?|its|their|our|my|his|her) )?(?:[\w-]+ ){{0,3}}(?:{_ROLE})\b"
        rf"|\b[Ww]ho (?:is|was) {plain}\b(?!['’]s)|\bHow old (?:is|was) {plain}|{plain} is \d\d\b|led by {plain}"
        rf"|(?:does|did|do|will|has|had) {plain} (?:live|say|think|hope|feel|eat|tell|write|marry|resign|count|sleep)"
    )
    if re.search(person, context) or (
        " " in name and not _PLACES.search(name) and re.search(rf"(?:{_SAID}) {plain}|{last} (?:{_SAID})\b", context)
    ):
        return "person"
    if _PLACES.search(name) or re.search(rf"\b(?:in|near|around|outside|towards) (?:the )?{plain}\b(?!['’]s)", context):
        return "place"
    return "unknown"


def _has_verb(words: str) -> bool:
    return any(word in (STOPWORDS | PREPOSITIONS) - {"the"} or is_participle(word) for word in words.lower().split())
