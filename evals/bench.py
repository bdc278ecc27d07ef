"""The reader on public question-answering data: on the gold passage, and through the whole pipeline."""

from __future__ import annotations

import os
import random
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from evals.cases import CasesError
from evals.metrics import CORRECT_F1, Figure, bare_figure, figure
from evals.retrieval import PEER_PASSAGES
from rag.encoding import Encoder, RememberingEncoder, load_encoder
from rag.extractive import ExtractiveReader
from rag.grounding import source_span
from rag.pipeline import Pipeline
from rag.questions import analyse
from rag.reading.similarity import SimilarityPicker
from rag.reading.trained import load_picker
from rag.schema import Answer, Document, ScoredPassage, SourceSpan, Span
from rag.settings import Settings
from rag.splitting import split
from rag.training.data import PARTS, Example, GoldSpan, part_of, read_examples
from rag.training.fitting import balance
from rag.training.scoring import auroc, calibration_error, normalised, token_f1

STANDALONE = ("nq_open_gold", "squad2_dev_part")
"""Files whose questions make sense without their passage, so that searching for it is fair."""
SEED = 0


@dataclass(frozen=True)
class Result:
    """One question: the best answer found, whatever its confidence."""

    example: Example
    answer: Answer
    gold: str
    """Document id of the gold passage."""
    peers: Mapping[str, SourceSpan | None]
    """What each published floor picks from the same passages."""
    passage_rank: int | None = None
    """1-based rank of the gold passage among those retrieved; None where it is not there or not searched."""
    confidence_without: float | None = None
    """Of the same question over the corpus less its gold passage; None where that was not asked."""

    @property
    def accepted(self) -> list[str]:
        """The accepted short answers."""
        return [answer.text for answer in self.example.answers]

    def is_gold(self, citation: SourceSpan | None) -> bool:
        """Whether this sentence of the gold passage is one in which an accepted answer begins."""
        return citation is not None and any(
            citation.document_id == self.gold and citation.start <= answer.start < citation.end
            for answer in self.example.answers
        )


def bench(file: Path, title_list: str | None, limit: int | None, console: Console) -> dict[str, dict[str, Figure]]:
    """Print the tables of one data file and return them, by title. Raises LoadError or CasesError."""
    everything = list(read_examples(file))
    name = file.name.split(".")[0]
    wanted = _wanted(name, title_list)
    examples = [example for example in everything if wanted(example.title)]
    if not examples:
        raise CasesError(f"{file} holds no question of the titles {title_list!r}: check the list")
    if limit is not None and limit < len(examples):
        examples = random.Random(SEED).sample(examples, limit)
    encoder = RememberingEncoder(load_encoder())
    found = {f"{name}, gold passage": _gold(examples, encoder)}
    if name in STANDALONE:
        found[f"{name}, full pipeline"] = _searched(examples, everything, encoder)
    tables = {title: _figures(results) for title, results in found.items()}
    for title, figures in tables.items():
        _show(title, figures, console)
    return tables


def _gold(examples: Sequence[Example], encoder: Encoder) -> list[Result]:
    """Each question read over its own passage alone."""
    picker = load_picker(os.environ.get("RAG_READER", ""), SimilarityPicker(encoder))
    reader, results = ExtractiveReader(picker, 0.0, 0.0), []
    size = Settings.model_fields["passage_chars"].default
    for example in track(examples, "gold passage", console=Console(stderr=True), transient=True):
        document = _document(example)
        passages = [ScoredPassage(passage=p, score=0.0, dense=0.0, lexical=0.0) for p in split(document, size)]
        answer = reader.read(analyse(example.question), example.question, passages, {document.id: document})
        results.append(Result(example, answer, document.id, _peers(answer, {document.id: document}, encoder)))
    return results


def _searched(examples: Sequence[Example], everything: Sequence[Example], encoder: Encoder) -> list[Result]:
    """Each question asked of all the contexts of the file; an unanswerable one of those of its own title."""
    documents = {example.context: _document(example) for example in everything}
    by_title: dict[str, list[str]] = {}
    for example in everything:
        by_title.setdefault(example.title, []).append(documents[example.context].id)
    folder = Path(tempfile.mkdtemp(prefix="rag-bench-"))
    try:
        settings = Settings.load(min_confidence=0.0, sure_confidence=0.0)
        with Pipeline.build(list(documents.values()), folder, settings, encoder=encoder) as pipeline:
            return [
                _search(example, pipeline, documents, by_title, encoder)
                for example in track(examples, "full pipeline", console=Console(stderr=True), transient=True)
            ]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _search(
    example: Example,
    pipeline: Pipeline,
    documents: Mapping[str, Document],
    by_title: Mapping[str, Sequence[str]],
    encoder: Encoder,
) -> Result:
    gold = documents[example.context].id
    scope, without = None, None
    if example.answers:
        others = [d.id for d in documents.values() if not any(_says(d.text, answer) for answer in example.answers)]
        without = pipeline.ask(example.question, documents=others).confidence
    else:
        scope = sorted(set(by_title[example.title]))
    answer = pipeline.ask(example.question, documents=scope)
    found = [scored.passage.document_id for scored in answer.passages]
    rank = found.index(gold) + 1 if gold in found else None
    peers = _peers(answer, {d.id: d for d in documents.values()}, encoder)
    return Result(example, answer, gold, peers, rank, without)


def _says(text: str, answer: GoldSpan) -> bool:
    return answer.text.lower() in text.lower()


def _peers(answer: Answer, documents: Mapping[str, Document], encoder: Encoder) -> dict[str, SourceSpan | None]:
    """The sentence most similar to the question in the five best passages by each ranking alone."""
    picked: dict[str, SourceSpan | None] = {}
    rankings = {
        "BM25": sorted(answer.passages, key=lambda scored: -scored.lexical),
        "dense": sorted(answer.passages, key=lambda scored: -scored.dense),
    }
    for name, ranked in rankings.items():
        read = ranked[:PEER_PASSAGES]
        spans = [(documents[s.passage.document_id], span) for s in read for span in s.passage.sentences]
        picked[f"{name} + most similar sentence"] = _most_similar(answer.searched_for, spans, encoder)
    return picked


def _most_similar(query: str, spans: Sequence[tuple[Document, Span]], encoder: Encoder) -> SourceSpan | None:
    if not spans:
        return None
    texts = [document.text[span.start : span.end] for document, span in spans]
    vectors = encoder.encode([query, *texts])
    document, span = spans[int(np.argmax(np.round(vectors[1:] @ vectors[0], 6)))]
    return source_span(document, span)


def _document(example: Example) -> Document:
    return Document(title=example.readable_title, text=example.context)


def _show(title: str, figures: Mapping[str, Figure], console: Console) -> None:
    table = Table("figure", "value", "95 % interval", "questions", title=title)
    for name, found in figures.items():
        shown = "-" if found.value is None else f"{found.value:.3f}"
        table.add_row(name, shown, "" if found.low is None else f"{found.low:.3f} to {found.high:.3f}", str(found.n))
    console.print(table)


def _figures(results: Sequence[Result]) -> dict[str, Figure]:
    answerable = [result for result in results if result.example.answers]
    searched = any(result.passage_rank for result in results)
    figures = {
        "right sentence": figure(r.is_gold(_cited(r)) for r in answerable),
        **{
            f"  {name}": figure(result.is_gold(result.peers[name]) for result in answerable)
            for name in (results[0].peers if results else ())
        },
        "right passage": figure((cited := _cited(r)) is not None and cited.document_id == r.gold for r in answerable)
        if searched
        else None,
        "short exact match": figure(_exact(result) for result in answerable),
        "short F1": figure(_f1(result) for result in answerable),
        "AUROC, answerable against unanswerable": _area(
            [(r.answer.confidence, bool(r.example.answers)) for r in results]
        ),
        "SQuAD 2.0 F1 at the default threshold": figure(_thresholded(result) for result in results)
        if len(answerable) < len(results)
        else None,
        "calibration error": _calibration_error(results),
    }
    if searched:
        figures |= {
            "AUROC, gold passage there against removed": _area(
                [(r.answer.confidence, True) for r in answerable]
                + [(r.confidence_without, False) for r in answerable if r.confidence_without is not None]
            ),
            "gold passage among those read": figure(result.passage_rank is not None for result in answerable),
            "gold passage first": figure(result.passage_rank == 1 for result in answerable),
        }
    return {name: found for name, found in figures.items() if found is not None}


def _cited(result: Result) -> SourceSpan | None:
    return result.answer.citations[0] if result.answer.citations else None


def _f1(result: Result) -> float:
    return token_f1(result.answer.short or "", result.accepted)


def _thresholded(result: Result) -> float:
    """SQuAD 2.0's F1 of one question: an abstention is right where there is no answer, and nothing elsewhere."""
    abstains = result.answer.confidence < Settings.model_fields["min_confidence"].default
    if not result.example.answers:
        return float(abstains)
    return 0.0 if abstains else _f1(result)


def _area(pairs: Sequence[tuple[float, bool]]) -> Figure:
    return bare_figure(auroc([confidence for confidence, _ in pairs], [there for _, there in pairs]), len(pairs))


def _calibration_error(results: Sequence[Result]) -> Figure:
    """Over ten bins; questions weighted so that those with an answer have the share that the fit assumes."""
    rows = [
        (r.answer.confidence, r.is_gold(_cited(r)) and _f1(r) >= CORRECT_F1, bool(r.example.answers)) for r in results
    ]
    rows += [(r.confidence_without, False, False) for r in results if r.confidence_without is not None]
    confidence, right, answerable = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    value = calibration_error(confidence, right, balance(answerable > 0))
    return bare_figure(value, len(rows))


def _exact(result: Result) -> bool:
    return normalised(result.answer.short or "") in [normalised(text) for text in result.accepted]


def _wanted(name: str, given: str | None) -> Callable[[str], bool]:
    """Whether a title of the named file is asked for: by a part of our own split, a file or a list by comma."""
    if given is None:
        return lambda _: True
    if given in PARTS:
        return lambda title: part_of(name, title) == given
    path = Path(given)
    listed = path.read_text("utf-8").splitlines() if path.is_file() else given.split(",")
    return frozenset(title.strip() for title in listed if title.strip()).__contains__
