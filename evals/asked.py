"""Questions as people ask them of a short text of their own: the test part of `rag/training/asked/`, which ships with
the project, asked of each text alone and of all of them together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.progress import track
from rich.table import Table

from evals.metrics import CORRECT_F1, Figure, bare_figure, figure
from evals.run import closed_network
from rag.pipeline import Pipeline
from rag.schema import Answer
from rag.settings import Settings
from rag.training.asked import IN_WORDS, Query, queries
from rag.training.scoring import auroc, token_f1

SCOPES = ("its own text", "all texts")
BOUND = Settings.model_fields["min_confidence"].default


@dataclass(frozen=True)
class Reply:
    """The best answer to a question, whatever its confidence."""

    query: Query
    answer: Answer

    @property
    def answerable(self) -> bool:
        """Whether the text says it."""
        return self.query.asked.answerable

    @property
    def shown(self) -> bool:
        """Whether the default settings show it."""
        return self.answer.confidence >= BOUND and bool(self.answer.citations)

    @property
    def found(self) -> bool:
        """Whether its first citation is one of the sentences that answer."""
        cited = next(iter(self.answer.citations), None)
        if cited is None or cited.document_id != self.query.document.id:
            return False
        return any(map(cited.overlaps, self.query.evidence))

    @property
    def right(self) -> bool:
        """Whether the yes or no, or the short answer, is right too; of a reason, list or quotation the sentence is
        enough."""
        asked = self.query.asked
        if not self.found:
            return False
        if asked.kind == "yes_no":
            return self.answer.polarity == asked.polarity
        return asked.kind in IN_WORDS or token_f1(self.answer.short or "", asked.answers) >= CORRECT_F1

    @property
    def unsettled(self) -> bool:
        """Whether it is the sentence that settles a yes/no question, without a yes or no."""
        return self.found and self.query.asked.kind == "yes_no" and self.answer.polarity is None


def bench_asked(console: Console, found: Sequence[Query] | None = None) -> dict[str, dict[str, Figure]]:
    """Ask every question in both scopes, the network closed; print the tables and return the figures by scope."""
    found = queries("test") if found is None else found
    attempts: list[str] = []
    with closed_network(attempts):
        replies = {scope: list(_ask(found, scope)) for scope in SCOPES}
    measured = {scope: figures(told) for scope, told in replies.items()}
    console.print(_table("the test part of rag/training/asked, default settings", measured))
    kinds: list[str] = list(dict.fromkeys(query.asked.kind for query in found))
    for scope, told in replies.items():
        by_kind = {kind: figures([r for r in told if r.query.asked.kind == kind]) for kind in kinds}
        console.print(_table(f"by kind, asked of {scope}", by_kind))
    return measured


@contextmanager
def pipeline_over(found: Sequence[Query]) -> Iterator[Pipeline]:
    """A pipeline over the texts of these questions that gives its best answer, whatever the confidence."""
    settings = Settings.load(min_confidence=0.0, sure_confidence=0.0)
    texts = list(dict.fromkeys(query.document for query in found))
    with (
        TemporaryDirectory(prefix="rag-asked-") as folder,
        Pipeline.build(texts, Path(folder) / "index", settings) as pipeline,
    ):
        yield pipeline


def _ask(found: Sequence[Query], scope: str) -> Iterable[Reply]:
    with pipeline_over(found) as pipeline:
        for query in track(found, scope, console=Console(stderr=True), transient=True):
            own = [query.document.id] if scope == SCOPES[0] else None
            yield Reply(query, pipeline.ask(query.asked.question, documents=own))


def figures(replies: Sequence[Reply]) -> dict[str, Figure]:
    """What a person gets with the default settings, and what the reader found whatever its confidence."""
    answerable = [reply for reply in replies if reply.answerable]
    unanswerable = [reply for reply in replies if not reply.answerable]
    judged = [reply for reply in replies if reply.right or not reply.answerable]
    area = auroc([reply.answer.confidence for reply in judged], [reply.answerable for reply in judged])
    return {
        "right sentence found": figure(reply.found for reply in answerable),
        "right answer found": figure(reply.right for reply in answerable),
        "right answer shown": figure(reply.right and reply.shown for reply in answerable),
        "sentence shown without its yes or no": figure(reply.unsettled and reply.shown for reply in answerable),
        "wrong answer shown": figure(not (r.right or r.unsettled) and r.shown for r in answerable),
        "unanswerable answered": figure(reply.shown for reply in unanswerable),
        "AUROC, right against unanswerable": bare_figure(area, len(judged)),
    }


def _table(title: str, measured: Mapping[str, Mapping[str, Figure]]) -> Table:
    names = list(next(iter(measured.values())))
    table = Table("", *names, title=title)
    for name, found in measured.items():
        table.add_row(name, *(_shown(found[column]) for column in names))
    return table


def _shown(found: Figure) -> str:
    if found.value is None:
        return "-"
    interval = "" if found.low is None else f"\n{found.low:.2f} to {found.high:.2f}"
    return f"{found.value:.3f}{interval}\nof {found.n}"
