"""Questions that a passage does not answer, made from those that it does: what a reader mostly sees in use.

Four kinds: another passage that looks right to BM25 (mined), the passage without the sentence that answers
(dropped), the question with another name or number in it (swapped), and those that people wrote (squad2_dev_part).
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

import numpy as np

from rag.lexical import STOPWORDS, LexicalIndex
from rag.splitting import sentences
from rag.training.data import Example

_NAME = re.compile(r"(?<=[a-z,] )(?:[A-Z][\w'’.-]+)(?: [A-Z][\w'’.-]+)*")
_NUMBER = re.compile(r"\b\d[\d,.]*\d\b|\b\d\b")
_DEPTH = 12


def mined(examples: Sequence[Example], chance: random.Random) -> list[Example]:
    """For each example, the same question over another context of the file that BM25 ranks high, without an answer."""
    contexts = sorted({example.context for example in examples})
    index = LexicalIndex(contexts)
    found = []
    for example in examples:
        scores = index.scores(example.question)
        depth = min(_DEPTH, len(contexts))
        best = np.argpartition(-scores, depth - 1)[:depth]
        others = [contexts[i] for i in best if scores[i] > 0 and not _answers(example, contexts[i])]
        if others:
            found.append(_unanswered(example, context=chance.choice(sorted(others))))
    return found


def dropped(examples: Sequence[Example]) -> list[Example]:
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
    names = sorted({name for example in examples for name in _NAME.findall(example.question)})
    found = []
    for example in examples:
        question = _with_other_name(example, names, chance) or _with_other_number(example, chance)
        if question:
            found.append(_unanswered(example, question=question))
    return found


def _with_other_name(example: Example, names: Sequence[str], chance: random.Random) -> str | None:
    lower = example.context.lower()
    mentioned = [match for match in _NAME.finditer(example.question) if match.group().lower() in lower]
    others = [name for name in chance.sample(names, min(20, len(names))) if name.lower() not in lower]
    if not mentioned or not others:
        return None
    match, words = chance.choice(mentioned), len(chance.choice(mentioned).group().split())
    other = next((name for name in others if len(name.split()) == words), others[0])
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
