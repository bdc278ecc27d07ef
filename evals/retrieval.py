"""Retrieval alone: recall and nDCG by ir-measures, and the two published floors to compare any reader with."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evals.cases import Case
from evals.metrics import Figure, figure, stands_in
from evals.run import Recording, Suite
from rag.encoding import Encoder, Vectors
from rag.lexical import LexicalIndex
from rag.schema import Frozen, Passage, Span
from rag.splitting import split
from rag.training.scoring import auroc

DEPTH = 10
SEVERAL_TIMES = 3
"""Retrieval is measured where the corpus has at least so many times DEPTH passages: else there is no search."""
PEER_PASSAGES = 5


class Peer(Frozen):
    """One way to pick a sentence for every question, never abstaining, so that all compare."""

    name: str
    right: Figure
    """Share of the answerable cases whose sentence is right (one group of evidence is enough)."""
    auroc: float | None
    """Of the confidence or similarity, between answerable and unanswerable cases."""


def retrieval_figures(recording: Recording) -> dict[str, Figure]:
    """recall@5, recall@10 and nDCG@10 over the answerable cases; empty for a corpus too small to search."""
    import ir_measures
    from ir_measures import R, nDCG

    suite = recording.suite
    if suite.pipeline.passage_count < SEVERAL_TIMES * DEPTH:
        return {}
    passages = _passages(suite)
    relevant: dict[str, dict[str, int]] = {}
    ranked: dict[str, dict[str, float]] = {}
    for case in suite.cases:
        wanted = {p.id: 1 for p in passages if any(stands_in(e, p, suite.documents) for e in case.evidence)}
        if case.answerable and case.kind != "summary" and wanted:
            query = recording.answers[case.id].searched_for
            found = suite.pipeline.retrieve(query, DEPTH, suite.scope(case))
            relevant[case.id] = wanted
            ranked[case.id] = {scored.passage.id: -float(rank) for rank, scored in enumerate(found)}
    measures = {"recall@5": R @ 5, "recall@10": R @ 10, "nDCG@10": nDCG @ 10}
    values: dict[str, dict[str, float]] = {}
    for metric in ir_measures.iter_calc(list(measures.values()), relevant, ranked):
        values.setdefault(str(metric.measure), {})[metric.query_id] = metric.value
    return {
        name: figure(values[str(measure)].get(case_id, 0.0) for case_id in sorted(relevant))
        for name, measure in measures.items()
    }


def peers(recording: Recording, encoder: Encoder) -> list[Peer]:
    """This reader without a threshold, and what BM25 or dense retrieval plus the most similar sentence would do."""
    suite = recording.suite
    passages = _passages(suite)
    vectors = encoder.encode([f"{passage.title}\n{passage.text}" for passage in passages])
    spans = [(passage, sentence) for passage in passages for sentence in passage.sentences]
    texts = [suite.documents_by_id[p.document_id].text[s.start : s.end] for p, s in spans]
    sentences = encoder.encode(texts)
    lexical = LexicalIndex([passage.text for passage in passages])
    results: dict[str, list[tuple[Case, bool, float]]] = {"BM25": [], "dense": []}
    queries = [recording.answers[case.id].searched_for for case in suite.cases]
    for case, query, vector in zip(suite.cases, queries, encoder.encode(queries), strict=True):
        similarity = sentences @ vector
        for name, scores in (("BM25", lexical.scores(query)), ("dense", vectors @ vector)):
            chosen = _best_passages(case, suite, passages, scores)
            options = [i for i, (passage, _) in enumerate(spans) if passage.id in chosen]
            best = max(options, key=lambda i: (round(float(similarity[i]), 6), -i))
            right = _is_evidence(spans[best][0].document_id, spans[best][1], case, suite)
            results[name].append((case, right, float(similarity[best])))
    ours = [(case, _first_is_evidence(case, recording), recording.forced[case.id].confidence) for case in suite.cases]
    others = [_peer(f"{name} + most similar sentence", found) for name, found in results.items()]
    return [_peer("this reader", ours), *others]


def _first_is_evidence(case: Case, recording: Recording) -> bool:
    cited = recording.forced[case.id].citations[:1]
    return any(_is_evidence(first.document_id, first, case, recording.suite) for first in cited)


def _peer(name: str, found: Sequence[tuple[Case, bool, float]]) -> Peer:
    area = auroc([similarity for _, _, similarity in found], [case.answerable for case, _, _ in found])
    right = figure(right for case, right, _ in found if case.answerable)
    return Peer(name=name, right=right, auroc=None if np.isnan(area) else round(area, 4))


def _passages(suite: Suite) -> list[Passage]:
    size = suite.pipeline.settings.passage_chars
    return [passage for document in suite.pipeline.documents for passage in split(document, size)]


def _best_passages(case: Case, suite: Suite, passages: Sequence[Passage], scores: Vectors) -> set[str]:
    allowed = suite.scope(case)
    order = sorted(range(len(passages)), key=lambda i: (-round(float(scores[i]), 6), i))
    inside = [i for i in order if allowed is None or passages[i].document_id in allowed]
    return {passages[i].id for i in inside[:PEER_PASSAGES]}


def _is_evidence(document_id: str, sentence: Span, case: Case, suite: Suite) -> bool:
    return any(suite.documents[e.document].id == document_id and sentence.overlaps(e) for e in case.evidence)
