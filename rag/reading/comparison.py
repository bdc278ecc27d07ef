"""Questions that weigh two things against each other: "Which recall covers more packs, the hummus or the granola?"

Each side is asked for its figure on its own; code compares the two, and both are cited.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.lexical import STOPWORDS, stem, stems, words
from rag.questions import Question, analyse
from rag.questions.followups.verbs import AUXILIARIES, BE, base_of
from rag.reading.similarity import Pick, all_sentences
from rag.schema import Span

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
        r"^(?P<lead>(?:is|are|was|were) there .+?) (?P<place>in|at|on|for|from|with) (?P<first>.+?),? or "
        r"(?:(?P=place) )?(?P<second>.+?)\s*\?*$",
        re.IGNORECASE,
    ),
)
_STAND_IN = re.compile(r"^(?:the )?(?:that|those|ones?) (?P<link>of|in|from|at) ", re.IGNORECASE)
_WHICH = re.compile(
    r"^(?:which|what|who|whose)\b(?: of (?:the|these|those|both)(?: two)? \w+| of (?:them|both))?", re.IGNORECASE
)
_ONE = re.compile(r"^the one ", re.IGNORECASE)
_HAVE = {"has": "does", "have": "do", "had": "did"}
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


_ELSE_ASKED = re.compile(r"(?:where|when|why|how)\b", re.IGNORECASE)
"""A question for something else than a side: "Where is it cheaper to eat, at the inn or at the bar?"."""


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
    >>> found.first_question, found.more
    ('How many packs does the recall of the hummus cover?', True)
    >>> comparison("Were there more patients in the trial of A or in that of B?").second_question
    'How many patients were there in the trial of B?'
    """
    if _ELSE_ASKED.match(text.strip()):
        return None
    for pattern in _SIDES:
        sides = pattern.match(text.strip())
        compared = _COMPARED.search(sides["lead"]) if sides else None
        if sides and compared:
            first, second = sides["first"].strip(), sides["second"].strip()
            stands_in = None if _ONE.match(first) else _STAND_IN.match(second)
            whole = f"{_head(first)} {stands_in['link']} {second[stands_in.end() :]}" if stands_in else second
            place = sides.groupdict().get("place") or ""
            return Comparison(
                _ONE.sub("", first),
                _ONE.sub("", whole),
                _asking(sides["lead"], compared, f"{place} {first}".strip()),
                _asking(sides["lead"], compared, f"{place} {whole}".strip()),
                compared["more"] is not None,
            )
    return None


def _head(side: str) -> str:
    """What "that" stands for in "the trial of A or that of B"."""
    return re.split(r" (?:of|in|from|at) ", side, maxsplit=1)[0]


def _asking(lead: str, compared: re.Match[str], side: str) -> str:
    """The question for the figure of one side, as English has it."""
    measure = _MEASURE.match(lead, compared.end())
    noun = measure["noun"] if measure and measure["noun"].lower() not in STOPWORDS else ""
    rest = lead[measure.end() if measure and noun else compared.end() :].strip()
    quality = next((name for name, forms in _QUALITIES.items() if compared.group().lower() in forms.split()), "")
    amount = f"How many {noun}" if noun.endswith("s") or noun in ("people", "children") else f"What {noun}"
    if not noun:
        amount = f"How {quality or 'much'}"
    before = re.sub(r"\b(?:the|a|an)$", "", lead[: compared.start()].strip()).strip()
    return " ".join(part for part in (amount, *_inverted(before, side), rest) if part) + "?"


def _inverted(before: str, side: str) -> tuple[str, ...]:
    """What stands before the measure ("Which recall covers", "Were there"), turned round for one side."""
    words_before = _WHICH.sub("", before).split()
    if words_before and words_before[-1].lower() == "there":
        return words_before[0].lower(), "there", side
    for i, word in enumerate(words_before):
        lower, behind = word.lower(), words_before[i + 1 :]
        subject = _with_kind(side, " ".join(words_before[:i]))
        if lower in BE:
            return lower, subject, *behind
        if lower in AUXILIARIES and behind:
            return lower, subject, *behind
        if lower in _HAVE:
            return _HAVE[lower], subject, "have"
        if base := base_of(lower):
            return "does" if lower.endswith("s") else "did", subject, base, *behind
    return *words_before, side


def _with_kind(side: str, kind: str) -> str:
    """The side with the kind of thing it is: "Which recall, Zeytun's hummus or ...?" is about the recall of that."""
    if not kind or set(stems(kind)) & set(stems(side)) or re.match(r"the [A-Z]", side):
        return side
    if _ONE.match(side):
        return _ONE.sub(f"the {kind} ", side)
    return f"the {kind} of {side}" if re.search(r"^the |['’]s ", side) else f"the {kind} {side}"


def names_one(asked: Comparison, pick: Pick) -> bool:
    """Whether the short answer names one side and not the other: nothing else answers a choice between two."""
    said = {token for span in pick.short for token in stems(pick.document.text[span.start : span.end])}
    first, second = _own(asked.first, asked.second), _own(asked.second, asked.first)
    return bool(said & set(first)) != bool(said & set(second))


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
        about = set(stems(found.candidate.in_context))
        said = [found.document.text[span.start : span.end] for span in found.short]
        figure = next((value for text in said if (value := figure_in(text)) is not None), None)
        if figure is not None and about & set(own) and not set(stems(found.candidate.text)) & set(foreign):
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
