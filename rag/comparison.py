"""Questions that weigh two things against each other: "Which recall covers more packs, the hummus or the granola?"

Each side is asked for its figure on its own; code compares the two, and both are cited.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.lexical import STOPWORDS, stem, stems, words
from rag.questions import Question, analyse
from rag.schema import Span
from rag.similarity import Candidate, Pick, all_sentences

_MORE = "more|greater|larger|bigger|higher|longer|taller|heavier|faster|most|greatest|largest|biggest|highest|dearer"
_LESS = "fewer|less|smaller|lower|shorter|lighter|slower|fewest|least|smallest|lowest|cheaper|cheapest"
_COMPARED = re.compile(rf"\b(?:(?P<more>{_MORE})|(?P<less>{_LESS}))\b", re.IGNORECASE)
_MEASURE = re.compile(r"\W*(?:(?:number|amount|sum|share)s? of )?(?P<noun>[a-z]+)", re.IGNORECASE)
_QUALITIES = {
    "long": "longer shorter", "tall": "taller", "heavy": "heavier lighter", "fast": "faster slower",
    "expensive": "cheaper dearer cheapest", "large": "larger bigger smaller largest smallest",
    "high": "higher lower highest lowest",
}  # fmt: skip
_SIDES = (
    re.compile(r"^(?P<lead>.+?)\s*[,:;–—]\s*(?P<first>[^,:;]+?),? or (?P<second>[^,?]+?)\s*\?*$", re.IGNORECASE),
    re.compile(
        r"^(?P<lead>(?:is|are|was|were) there .+?) (?:in|at|on|for|from|with) (?P<first>.+?),? or "
        r"(?:(?:in|at|on|for|from|with) )?(?P<second>.+?)\s*\?*$",
        re.IGNORECASE,
    ),
)
_STAND_IN = re.compile(r"^(?:in |at |on |for )?(?:the )?(?:that|those|ones?) (?:of|in|from|at) ", re.IGNORECASE)
_QUESTION_WORD = re.compile(r"^(?:which|what|who|whose|is|are|was|were) (?:there )?", re.IGNORECASE)
_SCALES = {"hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "bn": 1e9, "trillion": 1e12}
_FIGURE = re.compile(r"(?P<number>\d[\d,]*(?:\.\d+)?)\s*(?P<scale>[a-z]+)?", re.IGNORECASE)
_SIZE = re.compile(
    r"[\d\s](?P<size>hours?|minutes?|seconds?|days?|weeks?|months?|years?|km|kilomet\w+|met\w+|miles?|m|cm|mm|k|mn|kg|g|tons?"
    r"|tonnes?|grams?|kilograms?|lit\w+|degrees?|square \w+)\b",
    re.IGNORECASE,
)
_UNIT = re.compile(r"[%$€£¥₩₹]|per ?cent|dollars?|euros?|pounds?", re.IGNORECASE)
_UNITS = {"$": "dollar", "€": "euro", "£": "pound", "per cent": "%", "percent": "%"}


@dataclass(frozen=True)
class Comparison:
    """What is compared: two sides as the question names them, what to ask of each, and which one wins."""

    first: str
    second: str
    first_question: str
    second_question: str
    more: bool


@dataclass(frozen=True)
class Weighed:
    """The figures of both sides, and the words in the source that name the side that wins."""

    picks: tuple[Pick, Pick]
    winner: Span
    """In the document of `naming`."""
    naming: Pick
    """The sentence in which the winner is named; one of `picks`, or another of its document."""


def comparison(text: str) -> Comparison | None:
    """What the question compares; None where it compares nothing.

    >>> found = comparison("Which recall covers more packs, the hummus or the granola?")
    >>> found.first_question, found.second_question, found.more
    ('How many packs recall covers the hummus?', 'How many packs recall covers the granola?', True)
    """
    for pattern in _SIDES:
        sides = pattern.match(text.strip())
        compared = _COMPARED.search(sides["lead"]) if sides else None
        if sides and compared:
            first, second = (_STAND_IN.sub("", sides[name]).strip() for name in ("first", "second"))
            ask = _asking(sides["lead"], compared)
            return Comparison(first, second, f"{ask} {first}?", f"{ask} {second}?", compared["more"] is not None)
    return None


def _asking(lead: str, compared: re.Match[str]) -> str:
    before = _QUESTION_WORD.sub("", lead[: compared.start()]).strip()
    measure = _MEASURE.match(lead, compared.end())
    noun = measure["noun"] if measure and measure["noun"].lower() not in STOPWORDS else ""
    rest = lead[measure.end() :].strip() if measure and noun else lead[compared.end() :].strip()
    quality = next((name for name, forms in _QUALITIES.items() if compared.group().lower() in forms.split()), "")
    asked = f"How many {noun}" if noun.endswith("s") or noun in ("people", "children") else f"What {noun}"
    if not noun:
        asked = f"How {quality}" if quality else "How many"
    return " ".join(part for part in (asked, re.sub(r"\b(?:the|a|an)$", "", before).strip(), rest) if part)


def weigh(asked: Comparison, pick: Callable[[Question], Sequence[Pick]]) -> Weighed | None:
    """Both sides' figures, each from a sentence about that side alone; None where one is missing or they are of
    different units. `pick` gives the sentences that may answer a question, best first."""
    first = _figure_of(asked.first_question, asked.first, asked.second, pick)
    second = _figure_of(asked.second_question, asked.second, asked.first, pick)
    if first is None or second is None or first[0][1] != second[0][1] or first[0][0] == second[0][0]:
        return None
    first_wins = (first[0][0] > second[0][0]) == asked.more
    name, other = (asked.first, asked.second) if first_wins else (asked.second, asked.first)
    found = _named(first[1] if first_wins else second[1], _own(name, other))
    return Weighed((first[1], second[1]), *found) if found else None


def _figure_of(
    question: str, side: str, other: str, pick: Callable[[Question], Sequence[Pick]]
) -> tuple[tuple[float, str], Pick] | None:
    """The figure ((number, unit), its sentence) of the best sentence that is about this side and not the other."""
    own, foreign = _own(side, other), _own(other, side)
    for found in pick(analyse(question))[:3]:
        candidate = Candidate(found.document, found.sentence, found.context)
        about = set(stems(candidate.in_context))
        said = [found.document.text[span.start : span.end] for span in found.short]
        figure = next((value for text in said if (value := figure_in(text)) is not None), None)
        if figure is not None and about & set(own) and not set(stems(candidate.text)) & set(foreign):
            return figure, found
    return None


def _own(side: str, other: str) -> dict[str, str]:
    """The stems of the words that name this side and not the other, by rank: names first."""
    tokens = [word for word, _, _ in words(side) if word.lower() not in STOPWORDS]
    shared = set(stems(other))
    ranked = sorted(tokens, key=lambda word: not word[0].isupper())
    return {stem(word.lower()): word for word in ranked if stem(word.lower()) not in shared}


def _named(pick: Pick, own: dict[str, str]) -> tuple[Span, Pick] | None:
    """Where the side is named: in the sentence itself, else in the first of its document that does."""
    document = pick.document
    for sentence in (pick.sentence, *all_sentences(document.text)):
        for wanted in own:
            for word, start, end in words(document.text[sentence.start : sentence.end]):
                if stem(word.lower()) == wanted:
                    end -= len(word) - len(re.sub(r"['’]s$", "", word))
                    span = Span(start=sentence.start + start, end=sentence.start + end)
                    return span, Pick(document, sentence, (), pick.confidence)
    return None


def figure_in(text: str) -> tuple[float, str] | None:
    """The first number in a text and its unit ("" for a plain count); None without one.

    >>> figure_in("more than $1.2 million"), figure_in("655 children"), figure_in("800 m"), figure_in("some")
    ((1200000.0, 'dollar'), (655.0, ''), (800.0, 'm'), None)
    """
    match = _FIGURE.search(text)
    if match is None:
        return None
    number = float(match["number"].replace(",", "")) * _SCALES.get((match["scale"] or "").lower(), 1)
    unit, size = _UNIT.search(text), _SIZE.search(text)
    named = (unit.group() if unit else size["size"] if size else "").lower().rstrip("s")
    return number, _UNITS.get(named, named)
