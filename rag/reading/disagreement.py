"""Do two sources that report the same thing give different values for what a question asks?

A false alarm is worse than a miss: the two texts must share most of their names and be of one time, each must answer
the question on its own, and the values must be of one type and unit and exclude each other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from rag.lexical import STOPWORDS, stem, stems, words
from rag.questions import AnswerType, Asks, Question
from rag.reading.comparison import figure_in
from rag.reading.similarity import Pick
from rag.reading.yesno.named import names_and_numbers
from rag.schema import Document, Passage
from rag.series import MONTHS, NUMBERS, RANKS, TENS

_COUNTED = (AnswerType.NUMBER, AnswerType.MONEY, AnswerType.PERCENT)
LEAST = 0.3
"""How sure the reader must be of the other source's answer, read on its own."""
_SHARED_NAMES, _SHARED_SHARE = 4, 0.25
"""So many names, and so large a share of the smaller text's names, must stand in both texts."""
_HEAD = 300
"""Characters at the beginning of a text in which its own date is looked for."""
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_DAY = re.compile(r"\b(?:3[01]|[12]?\d)\b(?![.:,]\d)")
_CLOCK = re.compile(r"\b(\d{1,2})[.:](\d\d)\b")
_LONGEST = 6
"""Words of a short answer that is a value and nothing else."""
_ABOUT = re.compile(
    r"\b(?:about|around|nearly|almost|some|roughly|approximately|approx|estimated|just (?:over|under))\b"
)
_AT_LEAST = re.compile(r"\b(?:more than|over|at least|above|upwards of)\b")
_AT_MOST = re.compile(r"\b(?:less than|fewer than|under|at most|up to|below)\b")
_NEAR = 0.1
"""Two values of which one is called approximate differ only from this share on."""
_SPELT = re.compile(
    rf"\b(?:(?P<tens>{'|'.join(TENS)})(?:[- ](?P<unit>{'|'.join(NUMBERS)}))?|(?P<small>{'|'.join(NUMBERS)}))\b"
)


def contradicting(
    question: Question,
    best: Pick,
    passages: Sequence[Passage],
    documents: Mapping[str, Document],
    pick: Callable[[Sequence[Passage]], Sequence[Pick]],
) -> Pick | None:
    """The pick from another document that contradicts `best`, the surest one; None where nothing does.

    `pick` gives the sentences of some passages that may answer the question, best first.
    """
    if question.asks is not Asks.FACT or question.answer_type not in (*_COUNTED, AnswerType.DATE) or not best.short:
        return None
    rivals = []
    for document in _others(question, best.document, passages, documents):
        own = [passage for passage in passages if passage.document_id == document.id]
        found = next(iter(pick(own)), None)
        if found and found.short and found.confidence >= LEAST and _alike(question, best, found):
            rivals.append(found)
    return max(rivals, key=lambda rival: rival.confidence, default=None)


def _others(
    question: Question, document: Document, passages: Sequence[Passage], documents: Mapping[str, Document]
) -> list[Document]:
    """The other documents among the passages that report the same thing and have every name of the question."""
    ids = dict.fromkeys(passage.document_id for passage in passages)
    named = set(names_and_numbers(question.asked))
    return [
        other
        for other in (documents[name] for name in ids if name != document.id)
        if named <= set(stems(f"{other.title} {other.text}")) and same_report(document, other)
    ]


def same_report(one: Document, other: Document) -> bool:
    """Whether two texts report the same thing: they share most of their names and are not of different years."""
    names, others = names_of(one.title, one.text), names_of(other.title, other.text)
    shared = len(names & others)
    if shared < _SHARED_NAMES or shared < _SHARED_SHARE * min(len(names), len(others)):
        return False
    first, second = _year(one), _year(other)
    return not (first and second and first != second)


@lru_cache(maxsize=1000)
def names_of(title: str, text: str) -> frozenset[str]:
    """The stems of the words of a text that are only ever written with a capital.

    >>> sorted(names_of("Tea", "The tea reached Lisbon. Maria Lopes drank tea."))
    ['lisbon', 'lope', 'maria']
    """
    found = [word for word, _, _ in words(f"{title}\n{text}")]
    common = {word.lower() for word in found if word[0].islower()} | STOPWORDS
    return frozenset(stem(word.lower()) for word in found if word[0].isupper() and word.lower() not in common)


def _year(document: Document) -> str | None:
    """The year a text is of: by its date, else the first year that it says at its beginning."""
    match = _YEAR.search(f"{document.date or ''} {document.title} {document.text[:_HEAD]}")
    return match.group() if match else None


def _alike(question: Question, best: Pick, other: Pick) -> bool:
    """Whether both say something of the same type, and what they say excludes each other."""
    said, also = (pick.document.text[pick.short[0].start : pick.short[-1].end] for pick in (best, other))
    if any(len(text.split()) > _LONGEST for text in (said, also)):
        return False
    if question.answer_type is AnswerType.DATE:
        return dates_differ(said, also)
    if _months(said) or _months(also):
        return False
    counted = {_noun(said), _noun(also)} - {""}
    if question.answer_type is AnswerType.NUMBER and len(counted) == 2:
        return False
    return values_differ(said, also) and bool(set(question.stems) & set(stems(other.candidate.in_context)))


def values_differ(one: str, other: str) -> bool:
    """Whether two figures of one unit exclude each other: not by rounding, and not "more than 100" and 120.

    >>> values_differ("about 40", "40"), values_differ("more than 100", "120")
    (False, False)
    >>> values_differ("Five people", "Seven people"), values_differ("5.47 metres", "5.39 metres")
    (True, True)
    >>> values_differ("5 euros", "7 dollars"), values_differ("many", "7")
    (False, False)
    """
    first, second = (_figure(text) for text in (one, other))
    if first is None or second is None or first[1] != second[1] or first[0] == second[0]:
        return False
    (low, low_said), (high, high_said) = sorted(((first[0], one.lower()), (second[0], other.lower())))
    if _AT_LEAST.search(low_said) or _AT_MOST.search(high_said):
        return False
    rounded = _ABOUT.search(low_said) or _ABOUT.search(high_said)
    return not (rounded and high - low <= _NEAR * high)


def dates_differ(one: str, other: str) -> bool:
    """Whether two dates exclude each other: neither only says more of the same, and both are days or both hours.

    >>> dates_differ("6 February 2031", "February 2031"), dates_differ("the first quarter of 2026", "September 2026")
    (False, True)
    >>> dates_differ("6 February 2031", "8.15 a.m."), dates_differ("7.40 a.m.", "8.15 a.m.")
    (False, True)
    """
    clocks = [_CLOCK.findall(text.lower()) for text in (one, other)]
    if any(clocks):
        return all(clocks) and clocks[0] != clocks[1]
    parts = [(set(_YEAR.findall(text)), _months(text), set(_DAY.findall(text))) for text in (one, other)]
    return any(first and second and not first & second for first, second in zip(*parts, strict=True))


def _months(text: str) -> set[str]:
    """The months that a date can lie in: "the first quarter" is three; none where it names no month."""
    quarter = re.search(r"\b(first|second|third|fourth|last) quarter\b", text.lower())
    if quarter:
        end = 3 * RANKS.get(quarter[1], 4)
        return set(MONTHS[end - 3 : end])
    return {month for month in MONTHS if re.search(rf"\b(?:{month}|{month[:3]}t?)\b", text.lower())}


def _figure(text: str) -> tuple[float, str] | None:
    """The figure in a text, spelt out or not, and its unit."""
    spelt = _SPELT.sub(
        lambda m: str(NUMBERS.get(m["small"] or m["unit"] or "", 0) + TENS.get(m["tens"] or "", 0)), text.lower()
    )
    return figure_in(text) or figure_in(spelt)


def _noun(text: str) -> str:
    """The stem of what is counted, the last word behind the figure: "patients" of "420 patients"."""
    match = re.search(r"(?:\d|\b(?:million|billion|thousand)\b)[\d,.]*\s+(?P<noun>(?:[a-z-]+ ){0,2}[a-z]+)$", text)
    return stem(match["noun"].split()[-1]) if match else ""
