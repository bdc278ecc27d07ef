"""Questions that a passage does not answer, made from those that it does: what a reader mostly sees in use.

Another passage that looks right to BM25 (mined), the passage without the sentence that answers (dropped), the
question with another name or number in it (swapped), the passage about somebody else (renamed), a question of another
kind (retyped), one of the opposite meaning (reversed), and those that people wrote (squad2_dev_part).
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

import numpy as np

from rag.lexical import STOPWORDS, LexicalIndex
from rag.questions import AnswerType
from rag.questions.typed import typed_spans
from rag.reading.yesno.opposites import OPPOSITES
from rag.splitting import sentences
from rag.training.data import Example

_NAME = re.compile(r"(?<=[a-z,] )(?:[A-Z][\w'’.-]+)(?: [A-Z][\w'’.-]+)*")
_NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
_DEPTH = 12
_CAUSE = re.compile(
    r"\b(?:because|since|due to|so that|in order|therefore|thus|as a result|cause[ds]?|reason|leads? to|led to"
    r"|to \w+)\b",
    re.IGNORECASE,
)
_ASKED_TIME = re.compile(r"^(?:when|in (?:what|which) year|what year|which year)\b", re.IGNORECASE)
_ASKED_PLACE_OR_PERSON = re.compile(r"^(?:where|who|whom)(?= (?:was|were|is|are|did|does|do|has|had|will)\b)", re.I)
_OTHER_KINDS: tuple[tuple[str, Callable[[str], bool]], ...] = (
    ("When", lambda text: not typed_spans(AnswerType.DATE, text)),
    ("Why", lambda text: not _CAUSE.search(text)),
    ("At what price", lambda text: not typed_spans(AnswerType.MONEY, text)),
    ("By what percentage", lambda text: not typed_spans(AnswerType.PERCENT, text)),
)


class Others:
    """The other contexts of the examples' file that look right for a question, to BM25."""

    def __init__(self, examples: Sequence[Example]) -> None:
        self._titles = {example.context: example.title for example in examples}
        self._contexts = sorted(self._titles)
        self._index = LexicalIndex(self._contexts)

    def of(self, example: Example) -> list[Example]:
        """The example's question over each of the contexts that rank highest and hold no accepted answer.

        Each comes under its own title: under that of the question the reader would learn to mistrust titles.
        """
        scores = self._index.scores(example.question)
        depth = min(_DEPTH, len(self._contexts))
        best = sorted(self._contexts[i] for i in np.argpartition(-scores, depth - 1)[:depth] if scores[i] > 0)
        return [
            _unanswered(example, context=context, title=self._titles[context])
            for context in best
            if context != example.context and not _answers(example, context)
        ]


def mined(examples: Sequence[Example], chance: random.Random) -> list[Example]:
    """For each example, the same question over another context of the file that BM25 ranks high, without an answer."""
    others = Others(examples)
    return [chance.choice(found) for example in examples if (found := others.of(example))]


def dropped(examples: Sequence[Example], chance: random.Random) -> list[Example]:
    """The example's passage without every sentence that holds an accepted answer, where enough is left."""
    found = []
    for example in examples:
        text = example.context
        kept = [text[s.start : s.end] for s in sentences(text) if not _answers(example, text[s.start : s.end])]
        left = " ".join(kept)
        if len(left) >= 120 and not _answers(example, left):
            found.append(_unanswered(example, context=left))
    return found


def swapped(examples: Sequence[Example], chance: random.Random) -> list[Example]:
    """The question with a name or number that its passage mentions replaced by one that it does not."""
    names = _names_asked_about(examples)
    found = []
    for example in examples:
        question = _with_other_name(example, names, chance) or _with_other_number(example, chance)
        if question:
            found.append(_unanswered(example, question=question))
    return found


def _names_asked_about(examples: Sequence[Example]) -> list[str]:
    """All names in the questions, sorted."""
    return sorted({name for example in examples for name in _NAME.findall(example.question)})


def renamed(examples: Sequence[Example], chance: random.Random) -> list[Example]:
    """The passage, and its title, with the name that the question asks about replaced by another throughout."""
    names = _names_asked_about(examples)
    found = []
    for example in examples:
        both = f"{example.context} {' '.join(answer.text for answer in example.answers)}"
        mentioned = [name for name in _NAME.findall(example.question) if name in example.context]
        others = [name for name in chance.sample(names, min(20, len(names))) if name not in both]
        if mentioned and others:
            name = max(mentioned, key=len)
            other = next((o for o in others if len(o.split()) == len(name.split())), others[0])
            context, title = (re.sub(rf"\b{re.escape(name)}\b", other, t) for t in (example.context, example.title))
            if name not in context and context != example.context:
                found.append(_unanswered(example, context=context, title=title))
    return found


def retyped(examples: Sequence[Example], chance: random.Random) -> list[Example]:
    """A question of another kind about the same: "Why was it built?" for "When", where the passage gives no reason."""
    found = []
    for example in examples:
        kinds = [kind for kind, lacks in _OTHER_KINDS if lacks(example.context)][:2]
        for pattern in (_ASKED_TIME, _ASKED_PLACE_OR_PERSON):
            others = [kind for kind in kinds if kind != "When" or pattern is not _ASKED_TIME]
            if others and pattern.match(example.question):
                question = pattern.sub(chance.choice(others), example.question, count=1)
                found.append(_unanswered(example, question=question))
    return found


def reversed_meaning(examples: Sequence[Example], chance: random.Random) -> list[Example]:
    """The question with the roles of two names exchanged, or with a word turned into its opposite."""
    found = []
    for example in examples:
        question = _roles_exchanged(example) or _opposite(example, chance)
        if question:
            found.append(_unanswered(example, question=question))
    return found


def _roles_exchanged(example: Example) -> str | None:
    """Only where both names stand in the passage, and no list ("A and B") makes them equals."""
    names = [match for match in _NAME.finditer(example.question) if match.group() in example.context]
    if len(names) != 2 or names[0].group() == names[1].group():
        return None
    first, second = names
    between = example.question[first.end() : second.start()]
    if len(between.split()) < 2 or re.search(r"\b(?:and|or|between|with)\b|,", between):
        return None
    asked = example.question
    return asked[: first.start()] + second.group() + between + first.group() + asked[second.end() :]


def _opposite(example: Example, chance: random.Random) -> str | None:
    lower = example.context.lower()
    turned = [
        (match.start(), match.end(), other)
        for match in re.finditer(r"[a-z]+", example.question)
        if (other := OPPOSITES.get(match.group())) and match.group() in lower and other not in lower
    ]
    if not turned:
        return None
    start, end, other = chance.choice(turned)
    return example.question[:start] + other + example.question[end:]


def _with_other_name(example: Example, names: Sequence[str], chance: random.Random) -> str | None:
    lower = example.context.lower()
    mentioned = [match for match in _NAME.finditer(example.question) if match.group().lower() in lower]
    others = [name for name in chance.sample(names, min(20, len(names))) if name.lower() not in lower]
    if not mentioned or not others:
        return None
    match = chance.choice(mentioned)
    other = next((name for name in others if len(name.split()) == len(match.group().split())), others[0])
    return example.question[: match.start()] + other + example.question[match.end() :]


def _with_other_number(example: Example, chance: random.Random) -> str | None:
    mentioned = [match for match in _NUMBER.finditer(example.question) if match.group() in example.context]
    if not mentioned:
        return None
    match = chance.choice(mentioned)
    digits = list(match.group())
    at = chance.choice([i for i, digit in enumerate(digits) if digit.isdigit()])
    digits[at] = str((int(digits[at]) + chance.randint(1, 8)) % 10)
    other = "".join(digits)
    if other in example.context:
        return None
    return example.question[: match.start()] + other + example.question[match.end() :]


def _answers(example: Example, text: str) -> bool:
    """Whether an accepted answer stands in the text, in any case; one of stop words alone does not count."""
    lower = text.lower()
    return any(
        answer.text.lower() in lower for answer in example.answers if set(answer.text.lower().split()) - STOPWORDS
    )


def _unanswered(example: Example, **changes: str) -> Example:
    return example.model_copy(update={"answers": (), **changes})
