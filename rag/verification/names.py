"""Names of a statement: each must stand in the source, or in what it is read with."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise

from rag.questions.spelling import general_words
from rag.series import MONTHS, WEEKDAYS
from rag.verification.units import unit_of
from rag.verification.wording import FUNCTION_WORDS, Token, Wording

_CALENDAR = {*MONTHS, *WEEKDAYS, *(f"{day}s" for day in WEEKDAYS)} | frozenset(
    "jan feb mar apr jun jul aug sep sept oct nov dec am pm christmas easter".split()
)
TITLES = frozenset(
    """mr mrs ms miss dr prof professor sir lady lord dame king queen prince princess emperor pope saint st president
    minister chancellor secretary senator governor mayor judge justice captain colonel general major admiral sergeant
    councillor cllr chairman chairwoman director bishop reverend rev father sister brother chief prime vice deputy
    former ceo cfo cto company inc ltd plc corp group i internet web""".split()
)
"""Words that are written large beside a name and say who somebody is, not which one."""
_PEOPLES = {
    "dutch": "netherlands holland",
    "british": "britain uk kingdom england english",
    "briton": "britain uk kingdom england english",
    "french": "france",
    "german": "germany",
    "greek": "greece",
    "swiss": "switzerland",
    "spanish": "spain",
    "danish": "denmark dane danes",
    "swede": "sweden swedish",
    "finn": "finland finnish",
    "pole": "poland polish",
    "polish": "poland",
    "turk": "turkey turkish",
    "turkish": "turkey",
    "welsh": "wales",
    "irish": "ireland",
    "scots": "scotland scottish",
    "czech": "czechia",
    "chinese": "china",
    "japanese": "japan",
    "american": "america us usa states",
    "us": "america american usa states united",
    "usa": "america american us states united",
    "america": "us usa states united",
    "uk": "britain british kingdom united",
    "european": "europe eu",
    "eu": "european union europe",
    "un": "nations united",
    "filipino": "philippines",
    "thai": "thailand",
    "peruvian": "peru",
    "norwegian": "norway",
    "portuguese": "portugal",
    "catalan": "catalonia",
    "parisian": "paris",
    "muscovite": "moscow",
    "viennese": "vienna",
    "neapolitan": "naples",
    "venetian": "venice",
    "flemish": "flanders",
    "cypriot": "cyprus",
    "maltese": "malta",
    "afghan": "afghanistan",
    "argentine": "argentina",
}
"""Peoples and short forms whose name does not begin as the country's does."""
_ALSO_NAMES = frozenset(("may", "will"))
_INITIALS = re.compile(r"^[A-Z]{2,6}s?$")


@dataclass(frozen=True)
class Name:
    """One word of a name, and whether only its place at the beginning of a sentence makes it large."""

    token: Token
    first: bool


def missing_name(said: Wording, *sources: Wording) -> str | None:
    """The first name of the statement that none of the sources has, in words for a person.

    >>> source = Wording.of("The Greek operator Aegis Lines ordered ferries.")
    >>> missing_name(Wording.of("Aegis Lines of Greece ordered ferries."), source)
    >>> missing_name(Wording.of("Helios Lines of Greece ordered ferries."), source)
    'its citations do not name Helios Lines'
    """
    known = {token.lower for source in sources for token in source.tokens}
    initials = "".join(token.lower[0] for source in sources for token in source.tokens)
    if glued := _glued(said, sources, known):
        return f"its citations do not name {glued}"
    for name in names(said):
        lower = name.token.lower
        if lower in known or lower in TITLES or _is_known(lower, known) or _is_unit(said, name.token):
            continue
        if _INITIALS.match(name.token.text) and (lower.rstrip("s") in initials or _stands_for(lower, known)):
            continue
        if not name.first or is_name(lower):
            return f"its citations do not name {name.token.text.removesuffix(chr(39) + 's')}"
    return None


def _glued(said: Wording, sources: Sequence[Wording], known: set[str]) -> str | None:
    """A name put together from a first word that is unknown or another's, and a last word that the sources have
    only behind other first words: "Intel Lopes" for "Maria Lopes"."""
    pairs = [pair for source in sources for pair in _neighbours(source)]
    for one, other in _neighbours(said):
        firsts = {first.lower for first, last in pairs if last.lower == other.lower}
        alone = any(_stands_alone(source, other.lower) for source in sources)
        taken = one.lower not in known or any(first.lower == one.lower for first, _ in pairs)
        titled = bool({one.lower, other.lower, *firsts} & TITLES)
        if firsts and taken and not alone and not titled and not _is_known(one.lower, firsts):
            return f"{one.text} {other.text.removesuffix(chr(39) + 's')}"
    return None


def _stands_alone(text: Wording, lower: str) -> bool:
    """Whether a name stands somewhere without another word written large before it."""
    return any(
        other.lower == lower and other.text[0].isupper() and not one.text[0].isupper()
        for one, other in pairwise(text.tokens)
    )


def _neighbours(text: Wording) -> list[tuple[Token, Token]]:
    """Words of names with one blank between them."""
    found = [
        token for token in text.tokens if token.text[0].isupper() and token.lower not in FUNCTION_WORDS - _ALSO_NAMES
    ]
    return [(one, other) for one, other in pairwise(found) if text.text[one.end : other.start] == " "]


def names(text: Wording) -> Iterator[Name]:
    """The words written large, those at the beginning of a sentence or a quotation marked as such.

    >>> [(n.token.text, n.first) for n in names(Wording.of("Members met Ann in May. In Rome, she left."))]
    [('Members', True), ('Ann', False), ('Rome', False)]
    """
    starts = {next((t.start for t in text.within(a, b)), a) for a, b in text.sentences}
    for token in text.tokens:
        first = token.start in starts or text.text[max(0, token.start - 1) : token.start] in ('"', "'")
        first = first or text.text[max(0, token.start - 2) : token.start] == ": "
        large = token.text[0].isupper() or (len(token.text) > 1 and token.text[1:].lower() != token.text[1:])
        if not large or token.lower in _CALENDAR or token.text[0].isdigit():
            continue
        if token.lower not in FUNCTION_WORDS or _INITIALS.match(token.text):
            yield Name(token, first)


def _is_unit(text: Wording, token: Token) -> bool:
    """Whether the word is the unit of a number ("312 MW"), which is looked at with it."""
    if text.text[: token.start].endswith("°"):
        return True
    return unit_of(token.lower) is not None and bool(re.search(r"(?:\d|degrees?)[- ]?$", text.text[: token.start]))


def _is_known(lower: str, known: set[str]) -> bool:
    """Whether a form of the name is known: plural, adjective of a place, parts of a compound."""
    related = _PEOPLES.get(lower, "").split()
    if any(word in known for word in related) or any(lower in _PEOPLES.get(word, "").split() for word in known):
        return True
    if (lower.endswith("s") and lower[:-1] in known) or f"{lower}s" in known or f"{lower}es" in known:
        return True
    return any(_same_root(lower, word) for word in known)


def _same_root(one: str, other: str) -> bool:
    """Norway and Norwegian, Ravonia and Ravonian: a long common beginning, and short ends of a usual form.

    >>> _same_root("norwegian", "norway"), _same_root("pirano", "piranese"), _same_root("petrov", "petrova")
    (True, True, False)
    """
    shared = 0
    while shared < min(len(one), len(other)) and one[shared] == other[shared]:
        shared += 1
    if shared < 4 or one == other:
        return one == other
    ends = (one[shared:], other[shared:])
    return any(_PLACE_END.fullmatch(a) and _PEOPLE_END.fullmatch(b) for a, b in (ends, ends[::-1]))


_PLACE_END = re.compile(r"(?:i?a|a?y|o|e|i?um|land|s)?")
_PEOPLE_END = re.compile(r"(?:(?:e?gian|[ei]?an|n|[in]?ese|ish|ic|er|al|ary|ist|i)s?|s|ism)")


def _stands_for(lower: str, known: set[str]) -> bool:
    """Initials in common use whose words the source spells out."""
    spelled = {"ceo": "chief", "cfo": "chief", "cto": "chief", "ai": "artificial", "tv": "television", "pm": "prime",
               "dna": "dna", "gdp": "gross", "vat": "tax", "hq": "headquarters", "usb": "usb", "phd": "doctorate"}  # fmt: skip
    return spelled.get(lower, "") in known


@cache
def _listed() -> frozenset[str]:
    return frozenset(resources.files("rag.verification").joinpath("names.txt").read_text("utf-8").split())


def is_name(lower: str) -> bool:
    """Whether a word whose capital says nothing is a name all the same: listed as one, or no word of English.

    >>> is_name("berlin"), is_name("tetraxacin"), is_name("floodlights"), is_name("construction")
    (True, True, False, False)
    """
    if lower in _listed():
        return True
    return not any(form in general_words() for form in _forms(lower))


_ENDINGS = "s es ed d ing er ers ly ion ions ation ment ments ness ity al ally able less ful ist ists ism ers".split()
_BEGINNINGS = "un re in dis over under non pre post mis out co anti inter semi sub super multi".split()


def _forms(lower: str) -> Iterator[str]:
    """The word and what it may be formed from: without an ending, a beginning, or cut into two words."""
    yield lower
    for ending in _ENDINGS:
        if lower.endswith(ending) and len(lower) - len(ending) >= 3:
            base = lower.removesuffix(ending)
            yield from (base, f"{base}e", f"{base}y", base[:-1])
            if base.endswith("i"):
                yield f"{base[:-1]}y"
    for beginning in _BEGINNINGS:
        if lower.startswith(beginning) and len(lower) - len(beginning) >= 4:
            yield lower.removeprefix(beginning)
    common = general_words()
    for cut in range(4, len(lower) - 3):
        head, tail = lower[:cut], lower[cut:]
        if (
            head in common
            and head not in _listed()
            and (tail in common or tail.rstrip("s") in common)
            and tail not in _listed()
        ):
            yield head


def name_words(text: Wording, known: Sequence[Wording] = ()) -> list[Token]:
    """The tokens that are names for sure: large within a sentence, or at its beginning where another text has them so."""
    elsewhere = {n.token.lower for other in known for n in names(other) if not n.first}
    return [n.token for n in names(text) if not n.first or n.token.lower in elsewhere or is_name(n.token.lower)]
