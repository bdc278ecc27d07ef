"""The same question asked otherwise, so that the reader meets what people write: typing errors, keywords, requests,
yes/no questions; and single sentences among others, so that it meets passages."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from rag.lexical import STOPWORDS
from rag.training.data import Example, GoldSpan

_REQUESTS = ("Can you tell me {}", "Do you know {}", "Please tell me {}", "According to the text, {}", "I wonder {}")
_LONG_WORD = re.compile(r"[a-z]{5,}")
_QUESTION_WORDS = frozenset("who whom whose what which when where why how many much".split())


def worded(question: str, chance: random.Random) -> str:
    """The question with one or two typing errors, as keywords, within a request, or without its mark.

    >>> worded("When was the bridge opened?", random.Random(4))
    'When was the bridge opende?'
    """
    kind = chance.random()
    if kind < 0.35:
        return _mistyped(question, chance)
    if kind < 0.55:
        kept = [w for w in question.rstrip("? ").split() if w.lower().strip(",.'") not in STOPWORDS - _QUESTION_WORDS]
        if chance.random() < 0.5:
            kept = [word for word in kept if word.lower() not in _QUESTION_WORDS]
        return " ".join(kept) if len(kept) >= 2 else question
    if kind < 0.75:
        return chance.choice(_REQUESTS).format(question[:1].lower() + question[1:])
    return question.rstrip("? ").lower()


def _mistyped(question: str, chance: random.Random) -> str:
    for _ in range(chance.choice((1, 1, 2))):
        found = list(_LONG_WORD.finditer(question))
        if not found:
            return question
        match = chance.choice(found)
        at = chance.randrange(match.start() + 1, match.end() - 1)
        first, second = question[at], question[at + 1]
        other = chance.choice((second + first, second, first + first + second))
        question = question[:at] + other + question[at + 2 :]
    return question


def joined(
    examples: Sequence[Example], donors: Sequence[Example], share: float, chance: random.Random
) -> list[Example]:
    """`examples` with that share of the untitled single sentences put among one to four other sentences."""
    contexts = sorted({donor.context for donor in donors})
    known = frozenset(contexts)
    return [
        _among(example, chance.sample(contexts, min(chance.randint(1, 4), len(contexts))), chance)
        if example.context in known and chance.random() < share
        else example
        for example in examples
    ]


def _among(example: Example, others: Sequence[str], chance: random.Random) -> Example:
    others = [other for other in others if other != example.context and not _holds_answer(example, other)]
    place = chance.randint(0, len(others))
    before = "".join(f"{other} " for other in others[:place])
    return example.model_copy(
        update={
            "context": " ".join([*others[:place], example.context, *others[place:]]),
            "answers": tuple(GoldSpan(text=a.text, start=a.start + len(before)) for a in example.answers),
        }
    )


def _holds_answer(example: Example, text: str) -> bool:
    return any(answer.text.lower() in text.lower() for answer in example.answers)


_AUX = r"(?P<aux>did|does|do|was|were|is|are|has|have|had|will|would|can|could|should)"
_BE = r"(?P<aux>was|were|is|are|has|had|will|would|can|could)"
_DO = r"(?P<aux>did|does|do|will|would|can|could|should)"
_REST = r"(?P<rest>(?!be ).+?)\?*$"
_FORMS = (
    (rf"^(?:when|where|(?:in|on|at) (?:what|which) \w+|what year|which year) {_AUX} {_REST}", "place"),
    (rf"^(?:who|which \w+) {_BE} {_REST}", "subject"),
    (r"^what (?P<aux>was|were|is|are) (?P<rest>(?:the|a|an|his|her|its|their) .+?)\?*$", "subject"),
    (rf"^how (?:many|much) (?P<noun>\w+) {_AUX} {_REST}", "amount"),
    (rf"^what {_DO} {_REST}", "object"),
)
_PREPOSITIONS = "in|on|at|by|since|from|during|to|near|with|until|before|after|around"
_PREPOSITION = re.compile(rf"\b({_PREPOSITIONS}) (?:the )?$", re.IGNORECASE)
_BEGINS = re.compile(rf"(?:{_PREPOSITIONS})\b", re.IGNORECASE)


def yes_no(example: Example, answer: str, preposition: str) -> str | None:
    """The question with the answer put into it, to be settled with yes or no; None where its form is another.

    >>> one = Example(id="1", question="When was it built?", title="", context="It was built in 1990.", answers=())
    >>> yes_no(one, "1990", "in ")
    'Was it built in 1990?'
    """
    for pattern, form in _FORMS:
        match = re.match(pattern, example.question.strip(), re.IGNORECASE)
        if not match:
            continue
        aux, rest = match["aux"].capitalize(), match["rest"]
        if form == "subject":
            return f"{aux} {answer} {rest}?"
        if form == "amount":
            return f"{aux} {rest} {answer} {match['noun']}?"
        if form == "place":
            return f"{aux} {rest} {preposition}{answer}?" if preposition or _BEGINS.match(answer) else None
        return f"{aux} {rest} {answer}?"
    return None


def settled(examples: Sequence[Example], chance: random.Random) -> list[Example]:
    """Yes/no questions that the passage settles with yes; their answer is the words that settle them."""
    found = []
    for example in examples:
        gold = chance.choice(example.answers)
        question = yes_no(example, gold.text, _preposition(example, gold))
        if question and len(gold.text.split()) <= 8:
            found.append(example.model_copy(update={"question": question, "answers": (gold,)}))
    return found


def unsettled(examples: Sequence[Example], chance: random.Random) -> list[Example]:
    """Yes/no questions with another question's answer put in, of the same form, which the passage does not mention."""
    by_form: dict[str, list[str]] = {}
    for example in examples:
        by_form.setdefault(_form(example), []).append(example.answers[0].text)
    found = []
    for example in examples:
        lower = example.context.lower()
        others = by_form[_form(example)]
        other = next((o for o in chance.sample(others, min(8, len(others))) if o.lower() not in lower), None)
        if other and len(other.split()) <= 8:
            question = yes_no(example, other, _preposition(example, example.answers[0]))
            if question:
                found.append(example.model_copy(update={"question": question, "answers": ()}))
    return found


def _form(example: Example) -> str:
    """Questions of one form take answers of one kind: the question's first two words, and whether it has digits."""
    digits = any(character.isdigit() for character in example.answers[0].text)
    return " ".join(example.question.lower().split()[:2]) + str(digits)


def _preposition(example: Example, gold: GoldSpan) -> str:
    if _BEGINS.match(gold.text):
        return ""
    match = _PREPOSITION.search(example.context[max(0, gold.start - 12) : gold.start])
    return f"{match.group(1).lower()} " if match else ""
