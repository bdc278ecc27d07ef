"""Summaries of the source's own sentences: of a whole text, or of what it says about one topic."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np

from rag.context import leans
from rag.lexical import stems
from rag.reading.similarity import Candidate, all_sentences
from rag.series import NUMBERS

_SENTENCES, _LIMIT = 3, 400
_LENGTHS = {"a": 1, "a single": 1} | {
    said: number for word, number in NUMBERS.items() if 1 <= number <= 5 for said in (word, str(number))
}
_LENGTH = re.compile(
    rf"\b(?:in|of|with|within)(?: (?:just|only|at most))? ({'|'.join(sorted(_LENGTHS, key=len, reverse=True))})"
    r" (?:short |brief |simple )?(?:sentence|line|point)s?\b",
    re.IGNORECASE,
)
_ENDED = re.compile(r"[.!?…][\W\d]*$")
"""How a sentence ends and a heading does not."""


def length_asked(question: str) -> int:
    """How many sentences the question wants.

    >>> length_asked("Summarise it in two sentences."), length_asked("Summarise it.")
    (2, 3)
    """
    wanted = _LENGTH.search(question)
    return _LENGTHS[wanted[1].lower()] if wanted else _SENTENCES


def about(topic: Sequence[str], candidates: Sequence[Candidate]) -> list[Candidate]:
    """The sentences with every stem of the topic, or else all of the texts that have it in their title or heading.

    A sentence that leans on the one before is read with it.
    """
    wanted = set(topic)
    named = [c for c in candidates if _ENDED.search(c.text) and wanted <= set(stems(_with_previous(c)))]
    return named or [c for c in candidates if wanted <= set(stems(_heading(c)))]


def _with_previous(candidate: Candidate) -> str:
    start = candidate.previous.start if candidate.previous else candidate.sentence.start
    return candidate.document.text[start : candidate.sentence.end]


def _heading(candidate: Candidate) -> str:
    text = candidate.document.text
    first = next((text[s.start : s.end] for s in all_sentences(text)), "")
    return f"{candidate.document.title} {'' if _ENDED.search(first) else first}"


def central(
    candidates: Sequence[Candidate], length: int, vectors: Callable[[Sequence[str]], np.ndarray]
) -> list[Candidate]:
    """The `length` sentences nearest to all the others, unlike each other, in the order of the text.

    Centroid scores with maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998); sentences that lean on the
    one before and headings are left out where others are left, and the opening counts a little more, as in news.
    """
    candidates = candidates[:_LIMIT]
    pool = [c for c in candidates if not leans(c.text) and len(stems(c.text)) >= 4 and _ENDED.search(c.text)] or list(
        candidates
    )
    if not pool:
        return []
    found = vectors([candidate.text for candidate in pool])
    score = found @ found.mean(axis=0) + 0.15 * np.exp(-np.arange(len(pool)) / 2)
    likeness = found @ found.T
    chosen: list[int] = []
    while len(chosen) < min(length, len(pool)):
        penalty = likeness[:, chosen].max(axis=1) if chosen else np.zeros(len(pool))
        gain = 0.7 * score - 0.3 * penalty
        gain[chosen] = -np.inf
        chosen.append(int(np.argmax(np.round(gain, 6))))
    return [pool[i] for i in sorted(chosen)]
