"""The reader on public question-answering data: on the gold passage, and through the whole pipeline."""

from __future__ import annotations

import random
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from evals.cases import CasesError
from evals.metrics import Figure, auroc, figure
from rag.encoding import Encoder, RememberingEncoder, load_encoder
from rag.extractive import ExtractiveReader
from rag.pipeline import Pipeline
from rag.questions import analyse
from rag.schema import Answer, Document, ScoredPassage
from rag.settings import Settings
from rag.similarity import SimilarityPicker
from rag.splitting import split
from rag.training.data import Example, normalised, read_examples, titles, token_f1

STANDALONE = ("nq_open_gold", "squad2_dev_part")
"""Files whose questions make sense without their passage, so that searching for it is fair."""
SEED = 0


@dataclass(frozen=True)
class Result:
    """One question: the best answer found, whatever its confidence."""

    example: Example
    answer: Answer
    passage_rank: int | None = None
    """1-based rank of the gold passage among those retrieved; None where it is not there or not searched."""

    @property
    def accepted(self) -> list[str]:
        """The accepted short answers."""
        return [answer.text for answer in self.example.answers]

    @property
    def right_sentence(self) -> bool:
        """Whether the sentence cited first holds an accepted answer."""
        quote = self.answer.citations[0].quote if self.answer.citations else ""
        return any(answer.text in quote for answer in self.example.answers)


def bench(file: Path, title_list: str | None, limit: int | None, console: Console) -> None:
    """Print the tables of one data file. Raises LoadError or CasesError."""
    everything = list(read_examples(file))
    wanted = _titles(title_list)
    examples = [example for example in everything if wanted is None or example.title in wanted]
    if not examples:
        raise CasesError(f"{file} holds no question of the titles {title_list!r}: check the list")
    if limit is not None and limit < len(examples):
        examples = random.Random(SEED).sample(examples, limit)
    encoder = load_encoder()
    _show(f"{file.name}: gold passage", _gold(examples, encoder), console)
    if file.name.split(".")[0] in STANDALONE:
        _show(f"{file.name}: full pipeline", _searched(examples, everything, encoder), console)


def _gold(examples: Sequence[Example], encoder: Encoder) -> list[Result]:
    """Each question read over its own passage alone."""
    reader, results = ExtractiveReader(SimilarityPicker(RememberingEncoder(encoder)), 0.0, 0.0), []
    size = Settings.model_fields["passage_chars"].default
    for example in track(examples, "gold passage", console=Console(stderr=True), transient=True):
        document = _document(example)
        passages = [ScoredPassage(passage=p, score=0.0, dense=0.0, lexical=0.0) for p in split(document, size)]
        answer = reader.read(analyse(example.question), example.question, passages, {document.id: document})
        results.append(Result(example, answer))
    return results


def _searched(examples: Sequence[Example], everything: Sequence[Example], encoder: Encoder) -> list[Result]:
    """Each question asked of all the contexts of the file; an unanswerable one of those of its own title."""
    documents = {example.context: _document(example) for example in everything}
    by_title: dict[str, list[str]] = {}
    for example in everything:
        by_title.setdefault(example.title, []).append(documents[example.context].id)
    folder = Path(tempfile.mkdtemp(prefix="rag-bench-"))
    try:
        settings = Settings(min_confidence=0.0, sure_confidence=0.0)
        with Pipeline.build(list(documents.values()), folder, settings, encoder=encoder) as pipeline:
            return [
                _search(example, pipeline, documents, by_title)
                for example in track(examples, "full pipeline", console=Console(stderr=True), transient=True)
            ]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _search(
    example: Example, pipeline: Pipeline, documents: Mapping[str, Document], by_title: Mapping[str, Sequence[str]]
) -> Result:
    scope = None if example.answers else sorted(set(by_title[example.title]))
    answer = pipeline.ask(example.question, documents=scope)
    found = [scored.passage.document_id for scored in answer.passages]
    gold = documents[example.context].id
    return Result(example, answer, found.index(gold) + 1 if gold in found else None)


def _document(example: Example) -> Document:
    return Document(title=example.title.replace("_", " "), text=example.context)


def _show(title: str, results: Sequence[Result], console: Console) -> None:
    table = Table("figure", "value", "95 % interval", "questions", title=title)
    for name, found in _figures(results).items():
        shown = "-" if found.value is None else f"{found.value:.3f}"
        table.add_row(name, shown, "" if found.low is None else f"{found.low:.3f} to {found.high:.3f}", str(found.n))
    console.print(table)


def _figures(results: Sequence[Result]) -> dict[str, Figure]:
    answerable = [result for result in results if result.example.answers]
    scores = np.array([result.answer.confidence for result in results])
    area = auroc(scores, np.array([bool(result.example.answers) for result in results], dtype=bool))
    figures = {
        "right sentence": figure(result.right_sentence for result in answerable),
        "short exact match": figure(_exact(result) for result in answerable),
        "short F1": figure(token_f1(result.answer.short or "", result.accepted) for result in answerable),
        "AUROC answerable": Figure(
            value=None if np.isnan(area) else round(area, 4), low=None, high=None, n=len(results)
        ),
    }
    if any(result.passage_rank for result in results):
        figures["gold passage among those read"] = figure(result.passage_rank is not None for result in answerable)
        figures["gold passage first"] = figure(result.passage_rank == 1 for result in answerable)
    return figures


def _exact(result: Result) -> bool:
    return normalised(result.answer.short or "") in [normalised(text) for text in result.accepted]


def _titles(given: str | None) -> frozenset[str] | None:
    """The titles that a file, a part of our own split or a list by comma names; None for all."""
    if given is None:
        return None
    match given:
        case "train" | "calibrate" | "test":
            return titles(given)
    path = Path(given)
    if path.is_file():
        return frozenset(line.strip() for line in path.read_text("utf-8").splitlines() if line.strip())
    return frozenset(title.strip() for title in given.split(","))
