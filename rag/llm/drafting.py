"""An Answer while it grows: checked statements in, the text with its markers and citations out.

Nothing is let out before one statement is supported by a sentence that the reader finds likely enough to answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from rag.grounding import POSSIBLY, cite, marked
from rag.llm.support import Checked
from rag.reading.similarity import Candidate
from rag.schema import Citation, Statement, StatementReady


@dataclass
class Draft:
    """Statements in the order in which they were written. `confidence_of` says how surely a sentence answers."""

    confidence_of: Callable[[Candidate], float]
    least: float
    sure: float
    lead: str = ""
    """What stands before the statements, beside that they are unsure."""
    citations: list[Citation] = field(default_factory=list)
    confidence: float = 0.0
    is_open: bool = False
    """Whether statements are let out."""
    supported: bool = False
    """Whether any statement is."""
    _held: list[Checked] = field(default_factory=list)
    _out: list[tuple[str, tuple[int, ...], Checked]] = field(default_factory=list)

    def add(self, checked: Checked) -> list[StatementReady]:
        """Take a statement; what can be shown because of it, in order."""
        self._held.append(checked)
        if checked.supported:
            self.supported = True
            self.confidence = max(self.confidence, *map(self.confidence_of, checked.sentences))
        if not self.supported or self.confidence < self.least:
            return []
        self.is_open = True
        held, self._held = self._held, []
        return [self._release(one) for one in held]

    def written(self) -> tuple[str, tuple[Statement, ...]]:
        """The text and its statements as they are now."""
        text, statements = ("" if self.confidence >= self.sure else POSSIBLY) + self.lead, []
        for words, markers, checked in self._out:
            start = len(text)
            text += words
            statements.append(
                Statement(
                    start=start,
                    end=len(text),
                    markers=markers,
                    verdict=checked.finding.verdict,
                    reason=checked.finding.reason,
                )
            )
            text += " "
        return text.rstrip(), tuple(statements)

    def holds(self, sentence: Candidate) -> bool:
        """Whether the sentence is cited."""
        return cite(sentence.document, sentence.sentence) in self.citations

    def _release(self, checked: Checked) -> StatementReady:
        markers = self._markers(checked)
        words = (checked.text + marked(markers)).rstrip()
        self._out.append((words, markers, checked))
        statement = self.written()[1][-1]
        cited = tuple(self.citations[marker - 1] for marker in markers)
        return StatementReady(statement=statement, text=words, citations=cited)

    def _markers(self, checked: Checked) -> tuple[int, ...]:
        """The numbers of what it rests on, each sentence followed by the one that it leans on."""
        found: dict[int, None] = {}
        for sentence in checked.sentences:
            for span in (sentence.sentence, sentence.previous):
                if span is None:
                    continue
                citation = cite(sentence.document, span)
                if citation not in self.citations:
                    self.citations.append(citation)
                found[self.citations.index(citation) + 1] = None
        return tuple(found)
