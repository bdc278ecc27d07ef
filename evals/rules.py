"""What each rule that turns a sentence down costs: how many right answers it turns down.

The rules of `rag/reading/` are set by hand, not fitted. Here each one is shown the sentence that answers and the words
in it that do, of every question that has an answer: what it fires on, it fires on wrongly. No model is asked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

from rag.questions import Asks, Question, analyse
from rag.reading import mismatch
from rag.reading.lists import is_another_item
from rag.reading.misfit import is_misfit
from rag.reading.roles import turned
from rag.reading.sections import is_another_section
from rag.reading.similarity import Candidate, all_sentences
from rag.reading.tables import is_another_row
from rag.schema import Document, Span
from rag.training.asked import queries
from rag.training.data import PARTS, read_examples

WRITTEN = "written questions"


@dataclass(frozen=True)
class Gold:
    """A question with the sentence that answers it and, within that, the words that do; all of it for a yes."""

    question: Question
    candidate: Candidate
    place: Span

    @property
    def said(self) -> tuple[str, str]:
        """What is asked, and the sentence."""
        return self.question.asked, self.candidate.text


Rule = Callable[[Gold], bool]
RULES: Mapping[str, Rule] = {
    "roles": lambda one: turned(*one.said, None if one.question.asks is Asks.YES_NO else one.place),
    "another code": lambda one: mismatch.is_of_another_code(*one.said),
    "beyond a limit": lambda one: mismatch.is_beyond_a_limit(*one.said),
    "the other of two": lambda one: mismatch.is_of_the_other(*one.said),
    "the other side": lambda one: mismatch.is_of_the_other_side(one.question, one.candidate.text),
    "the other sex": lambda one: mismatch.is_of_the_other_sex(*one.said),
    "another body": lambda one: mismatch.is_of_another_body(*one.said, one.candidate.document.text),
    "another row": lambda one: is_another_row(one.question, one.candidate.document, one.candidate.sentence),
    "another item": lambda one: is_another_item(one.question, one.candidate.document, one.candidate.sentence),
    "another section": lambda one: is_another_section(one.question, one.candidate.document, one.candidate.sentence),
    "misfit words": lambda one: is_misfit(one.question, one.candidate.text, one.place),
}
"""Name of a rule to whether it turns a right answer down."""
Fired = dict[str, list[tuple[str, Gold]]]
"""By source what was turned down: the rule, and what it was wrong about."""


def bench_rules(data: Sequence[Path], console: Console) -> Fired:
    """Show every rule the right answers of the written questions and of the files; print the table.

    Raises LoadError for a file that cannot be used.
    """
    sources = {WRITTEN: _written()} | {path.name: _of_file(path) for path in data}
    fired: Fired = {}
    counts: dict[str, int] = {}
    for name, golds in sources.items():
        fired[name], counts[name] = [], 0
        for gold in golds:
            counts[name] += 1
            fired[name] += [(rule, gold) for rule, fires in RULES.items() if fires(gold)]
    console.print(_table(fired, counts))
    return fired


def _written() -> Iterator[Gold]:
    for part in PARTS:
        for query in queries(part):
            right = query.asked.polarity != "no"  # what says the opposite may well be told otherwise
            if (
                query.asked.answerable
                and right
                and (gold := _gold(query.asked.question, query.document, query.answers))
            ):
                yield gold


def _of_file(path: Path) -> Iterator[Gold]:
    documents: dict[tuple[str, str], Document] = {}
    for example in read_examples(path):
        key = example.readable_title, example.context
        document = documents.setdefault(key, Document(title=key[0], text=key[1]))
        answers = [Span(start=one.start, end=one.start + len(one.text)) for one in example.answers if one.text]
        if gold := _gold(example.question, document, answers):
            yield gold


def _gold(question: str, document: Document, answers: Sequence[Span]) -> Gold | None:
    """The question with the sentence of its first answer; None where no sentence has all of that."""
    for answer in answers[:1]:
        for sentence in all_sentences(document.text):
            if sentence.start <= answer.start and answer.end <= sentence.end:
                candidate = Candidate(document, sentence, None)
                return Gold(analyse(question), candidate, candidate.within(answer))
    return None


def _table(fired: Fired, counts: Mapping[str, int]) -> Table:
    table = Table(
        "rule", *(f"{name}, of {counts[name]:,}" for name in fired), title="right answers that a rule turns down"
    )
    by_rule = {name: Counter(rule for rule, _ in found) for name, found in fired.items()}
    for rule in RULES:
        table.add_row(rule, *(f"{by_rule[name][rule]:,}" for name in fired))
    shares = (f"{len({id(gold) for _, gold in found}) / max(counts[name], 1):.4f}" for name, found in fired.items())
    table.add_section()
    table.add_row("any, share", *shares)
    return table
