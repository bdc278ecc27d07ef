"""Does the source say what a statement says? Numbers, names and negation only, until a closer reading replaces it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.extractive import Picker
from rag.lexical import STOPWORDS, stem, stems, words
from rag.polarity import negated
from rag.schema import Verdict

_ENOUGH = 0.5


@dataclass(frozen=True)
class Finding:
    """What was found about a statement, and why."""

    verdict: Verdict
    reason: str


class Verifier:
    """Checks statements against sentences of the source; may be used from several threads."""

    def __init__(self, picker: Picker) -> None:
        self._picker = picker

    def check(self, statement: str, sources: Sequence[str], around: str = "") -> Finding:
        """Whether `sources`, read with `around`, say what `statement` says."""
        said, known = set(stems(statement)), set(stems(" ".join((*sources, around))))
        for word, _, _ in words(statement):
            named = (word[0].isdigit() or word[0].isupper()) and word.lower() not in STOPWORDS
            if named and stem(word.lower()) not in known:
                return Finding("unsupported", f"its source does not name {word}")
        if sources and negated(statement) != any(negated(source) for source in sources):
            return Finding("unsupported", "only one of statement and source is negated")
        if not said or len(said & known) < _ENOUGH * len(said):
            return Finding("unsupported", "its source says something else")
        return Finding("supported", "its names, numbers and most of its words stand in what it cites")
