"""Every statement of a language model against the source, by code, before anybody sees it.

The sentences it cites must say what it says. Where they do not, it is looked up once among the sentences that the
model was given, and the citation corrected; what no sentence supports is called unsupported.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from rag.encoding import Vectors
from rag.grounding import one_line, unfounded_numbers
from rag.lexical import stems
from rag.llm.cited import Said
from rag.llm.prompting import Numbered
from rag.reading.similarity import Candidate, Picker
from rag.verification import Finding, Verifier


@dataclass(frozen=True)
class Checked:
    """A statement with the sentences that it rests on; none where it is unsupported."""

    text: str
    sentences: tuple[Candidate, ...]
    finding: Finding
    removed: int = 0
    """Numbers that stood for no sentence."""
    corrected: bool = False
    """Whether the sentences are others than it cited."""

    @property
    def supported(self) -> bool:
        """Whether it may be shown as fact."""
        return self.finding.verdict == "supported"


class Checker:
    """Checks the statements of one reply."""

    def __init__(self, verifier: Verifier, picker: Picker, numbered: Numbered) -> None:
        self._verifier = verifier
        self._picker = picker
        self._numbered = numbered

    def check(self, said: Said) -> Checked:
        """The statement with its verdict, and with what it rests on as far as it does."""
        named = [self._numbered.get(number) for number in said.numbers]
        cited = tuple(sentence for sentence in named if sentence)
        first = Checked(said.text, cited, self._finding(said.text, cited), removed=len(named) - len(cited))
        best = (
            first if first.supported else max(first, self._looked_up(first), key=lambda checked: checked.finding.rank)
        )
        return best if best.finding.verdict != "unsupported" else replace(best, sentences=(), corrected=False)

    def source(self, said: Said) -> str:
        """The words of the sentences that the statement cites."""
        return " ".join(sentence.in_context for n in said.numbers if (sentence := self._numbered.get(n)))

    def _finding(self, statement: str, sentences: Sequence[Candidate]) -> Finding:
        if not sentences:
            return Finding("unsupported", "it cites nothing")
        sources = [source for sentence in sentences for source in _in_order(sentence)]
        titles = " ".join(dict.fromkeys(f"{sentence.document.title}." for sentence in sentences))
        found = self._verifier.check(statement, sources, titles)
        if found.verdict == "supported" and (missing := unfounded_numbers(statement, (*sources, titles))):
            return Finding("unsupported", f"its source does not say {missing[0]}")
        return found

    def _looked_up(self, first: Checked) -> Checked:
        """The same statement resting on the sentence most like it: alone, for words of two are soon put together."""
        likest = self._likest(first.text)
        if likest is None or (likest,) == first.sentences:
            return first
        return replace(first, sentences=(likest,), finding=self._finding(first.text, (likest,)), corrected=True)

    def _likest(self, statement: str) -> Candidate | None:
        words = set(stems(statement))
        if not words or not self._numbered.sentences:
            return None
        alike = self._vectors @ self._picker.vectors([statement])[0]
        shared = [len(words & set(stems(sentence.text))) / len(words) for sentence in self._numbered.sentences]
        return self._numbered.sentences[int(np.argmax(np.round(alike + np.array(shared), 6)))]

    @cached_property
    def _vectors(self) -> Vectors:
        return self._picker.vectors([sentence.in_context for sentence in self._numbered.sentences])


def _in_order(sentence: Candidate) -> list[str]:
    """The sentence, after the one that it leans on."""
    text, previous = sentence.document.text, sentence.previous
    before = [one_line(text[previous.start : previous.end])] if previous else []
    return [*before, one_line(sentence.text)]
