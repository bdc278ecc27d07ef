"""The words in a sentence that have the type a question asks for: amounts, dates, names, quotes."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from rag.lexical import STOPWORDS, stem, stems, words
from rag.questions import AnswerType, Asks, Question
from rag.schema import Span
from rag.series import MONTHS, NUMBERS, TENS

NUMERAL = (
    rf"(?:\d[\d,]*(?:\.\d+)?|\b(?:{'|'.join([*NUMBERS, *TENS][1:])}|dozens?|hundreds?|thousands|millions|half|twice)\b"
    rf"(?:[- ](?:{'|'.join([*NUMBERS][1:10])})\b)?)"
    r"(?:[- ](?:hundred|thousand|million|billion|trillion|bn|mn|m|k|dozen)\b)*"
)
_HEDGE = (
    r"(?:\b(?:more than|less than|fewer than|about|around|nearly|almost|over|under|at least|at most|up to|some|roughly"
    r"|approximately|an estimated|just over|just under)\s+)?"
)
_CURRENCY = r"[$€£¥₩₹]"
_MONTH = (
    rf"(?:{'|'.join(month.capitalize() for month in MONTHS)}"
    r"|Jan\.|Feb\.|Mar\.|Apr\.|Aug\.|Sept?\.|Oct\.|Nov\.|Dec\.)"
)
_NAME_WORD = r"(?:[A-Z][\w&'’.-]*\w|[A-Z])"
_PATTERNS: dict[AnswerType, re.Pattern[str]] = {
    AnswerType.MONEY: re.compile(
        rf"{_HEDGE}(?:(?:US|A|C)?{_CURRENCY}\s?{NUMERAL}|{NUMERAL}\s?(?:US )?(?:dollars?|euros?|pounds?|won|yen|yuan"
        r"|rupees|crowns|francs|cents?|USD|EUR|GBP|KRW))",
        re.IGNORECASE,
    ),
    AnswerType.PERCENT: re.compile(rf"{_HEDGE}{NUMERAL}\s?(?:%|per ?cent\b|percentage points?)", re.IGNORECASE),
    AnswerType.NUMBER: re.compile(rf"{_HEDGE}(?:{_CURRENCY}\s?)?{NUMERAL}(?:\s?%)?", re.IGNORECASE),
    AnswerType.DATE: re.compile(
        rf"(?:\b(?:early|late|mid|since|by)[ -])?(?:\b\d{{1,2}}(?:st|nd|rd|th)? {_MONTH}(?: \d{{4}})?"
        rf"|\b{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?(?:, \d{{4}})?(?!\d)|\b{_MONTH}(?: \d{{4}})?(?=\W|$)"
        r"|\b(?:1[0-9]|20)\d\d(?:s|[–-]\d{2,4})?\b(?!,\d)|\b\d{1,4} ?(?:BCE?|AD|CE)\b|\bAD \d{1,4}\b"
        r"|\b(?:(?:early|mid|late)[ -])?\d{1,2}(?:st|nd|rd|th)(?: and \d{1,2}(?:st|nd|rd|th))? centur(?:y|ies)\b"
        r"|\b(?:this|last|next|the following|the previous) (?:week|month|year|spring|summer|autumn|winter|quarter|decade|century)"
        r"|\b(?:(?:on|last|next) )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\b(?:today|yesterday|tomorrow|tonight)\b"
        r"|\bat \d{1,2}(?::\d\d)?(?: ?[ap]\.?m\.?)?|\b\d{1,2}:\d\d\b|\b\w+ (?:years|months|weeks|days) (?:ago|later|earlier))"
    ),
    AnswerType.NAME: re.compile(
        rf"{_NAME_WORD}(?:(?: (?:of|the|and|for|de|van|von|&))? {_NAME_WORD}|(?:'s|’s) {_NAME_WORD})*"
    ),
    AnswerType.PLACE: re.compile(
        rf"\b(?:in|at|near|across|inside|outside|from|to|into|on|off|along)\s(?:the )?(?:{_NAME_WORD}(?:,? {_NAME_WORD})*|[a-z]+s\b)"
    ),
    AnswerType.QUOTE: re.compile(r"“[^”]+”|‘[^’]{8,}’|\"[^\"]+\"|(?<!\w)'[^'\n]{8,}?(?:(?<=s)'\s[^'\n]*?)?'(?!\w)"),
}
_COUNTED = re.compile(
    r"\bhow many\b|\b(?:what|which) (?:percentage|per ?cent)\b|\bhow much (?:money|revenue|profit|income)\b",
    re.IGNORECASE,
)
_QUANTITY = re.compile(
    r"\b(?:once|twice|third|quarter|all|none|no|nothing|nobody|some|several|few|many|both|multiple|number|single|couple"
    r"|pair|most|various|every)\b",
    re.IGNORECASE,
)
_BARE_YEAR = re.compile(r"\D{0,12}(?:\d{3,4}|\d{1,2}(?:st|nd|rd|th))\D{0,10}")
"""What says when if that is asked, and hardly if it is not: "in 911", "the 11th"."""
_CLAUSE_END = re.compile(r"[,;:—–()]\s|\s[—–-]\s|[.!?]\W*$|\s(?:while|but|which|who|although|because|as well as)\s")


def typed_spans(answer_type: AnswerType, sentence: str) -> list[Span]:
    """The spans of `sentence` that have the type, in order; none for TEXT, which has no form of its own.

    >>> [s.start for s in typed_spans(AnswerType.MONEY, "It is valued at $5 trillion.")]
    [16]
    """
    pattern = _PATTERNS.get(answer_type)
    if pattern is None:
        return []
    found = (Span(start=match.start(), end=match.end()) for match in pattern.finditer(sentence))
    return [trimmed for span in found if (trimmed := _without_edges(answer_type, sentence, span))]


def has_type(question: Question, sentence: str) -> bool | None:
    """Whether the sentence holds words of the asked type that the question does not say; None for TEXT."""
    if question.answer_type is AnswerType.TEXT:
        return None
    return any(True for _ in _new_spans(question, sentence))


def fits_type(question: Question, words: str) -> bool | None:
    """Whether these words have the form that the question asks for; None where it asks for none in particular.

    >>> from rag.questions import analyse
    >>> fits_type(analyse("How many chips?"), "the chip giant"), fits_type(analyse("How many chips?"), "260,000")
    (False, True)
    """
    wanted = question.answer_type
    if wanted in (AnswerType.TEXT, AnswerType.QUOTE, AnswerType.PLACE):
        return None
    if wanted is AnswerType.NAME:
        return any(character.isupper() for character in words) or None
    if wanted is AnswerType.DATE and _BARE_YEAR.fullmatch(words):
        return True
    return bool(_PATTERNS[wanted].search(words))


def lacks_count(question: Question, words: str) -> bool:
    """Whether a count or a sum is asked for and these words say none, not even "several" or "none".

    >>> from rag.questions import analyse
    >>> lacks_count(analyse("How many centers?"), "crucial"), lacks_count(analyse("How many centers?"), "all of them")
    (True, False)
    """
    counts = _PATTERNS[AnswerType.NUMBER].search(words) or _QUANTITY.search(words)
    return bool(_COUNTED.search(question.asked)) and not counts


def _short_answer(question: Question, sentence: str) -> Span:
    """The shortest stretch of the sentence that answers: the typed span nearest to the question's words, else the
    clause behind them."""
    candidates = list(_new_spans(question, sentence))
    if not candidates:
        return _clause(question, sentence)
    asked = [Span(start=start, end=end) for word, start, end in words(sentence) if stem(word.lower()) in question.stems]
    return min(candidates, key=lambda span: (_distance(span, asked), span.start))


def short_answers(question: Question, sentence: str) -> list[Span]:
    """The short answer as spans in order: several only where a list is asked for and the sentence has its items."""
    if question.asks is Asks.LIST and question.answer_type is AnswerType.NAME:
        items = list(_new_spans(question, sentence))
        if items:
            return items
    return [_short_answer(question, sentence)]


def _new_spans(question: Question, sentence: str) -> Iterator[Span]:
    """Typed spans with something in them that the question did not say itself."""
    for span in typed_spans(question.answer_type, sentence):
        own = stems(sentence[span.start : span.end]) or [sentence[span.start : span.end].lower()]
        if not set(own) <= set(question.stems):
            yield span


def _without_edges(answer_type: AnswerType, sentence: str, span: Span) -> Span | None:
    """A quote without its marks; a name that is not just a capitalised first word of the sentence."""
    if answer_type is AnswerType.QUOTE:
        return Span(start=span.start + 1, end=span.end - 1)
    if answer_type is AnswerType.NAME:
        first, *rest = sentence[span.start : span.end].split(" ")
        if not rest and first.isupper() and re.match(r"\s[a-z]", sentence[span.end :]):
            return None  # an acronym used as an adjective: "AI chips"
        common = first.lower() in STOPWORDS or (span.start == 0 and first.lower().endswith(("ing", "ly")))
        if common:
            return Span(start=span.start + len(first) + 1, end=span.end) if rest else None
    return span


def _distance(span: Span, asked: Sequence[Span]) -> int:
    """Characters between the span and the asked words, the closer half of them, summed."""
    gaps = sorted(max(word.start - span.end, span.start - word.end, 0) for word in asked)
    return sum(gaps[: max(1, len(gaps) // 2)])


def _clause(question: Question, sentence: str) -> Span:
    """From behind the last of the question's words to the end of that clause; else the longest clause."""
    cuts = [0, *(match.end() for match in _CLAUSE_END.finditer(sentence)), len(sentence)]
    clauses = [Span(start=a, end=b) for a, b in itertools.pairwise(cuts) if sentence[a:b].strip()]
    asked = set(question.stems)
    best = max(
        clauses, key=lambda span: (len(asked & set(stems(sentence[span.start : span.end]))), span.end - span.start)
    )
    inside = [end for word, start, end in words(sentence[best.start : best.end]) if stem(word.lower()) in asked]
    start = best.start + inside[-1] if inside else best.start
    trimmed = _trim(sentence, start, best.end)
    return trimmed if len(stems(sentence[trimmed.start : trimmed.end])) >= 2 else _trim(sentence, best.start, best.end)


def _trim(sentence: str, start: int, end: int) -> Span:
    """Without spaces and clause marks at either end; never empty."""
    marks = " \t\r\n.,;:!?—–()"
    while start < end and sentence[start] in marks:
        start += 1
    while end > start and sentence[end - 1] in marks:
        end -= 1
    return Span(start=start, end=end) if start < end else Span(start=0, end=len(sentence))
