"""A query to scored passages: dense and lexical ranks, fused by reciprocal rank.

Reciprocal rank fusion: Cormack, Clarke and Buettcher (SIGIR 2009), with their k of 60.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from rag.encoding import Encoder, Vectors
from rag.index import Index
from rag.schema import ScoredPassage

RRF_K = 60
_CANDIDATES = 200


def retrieve(
    index: Index,
    encoder: Encoder,
    query: str,
    top_k: int,
    reach: int = 0,
    document_ids: set[str] | None = None,
) -> tuple[ScoredPassage, ...]:
    """The passages for `query`, best first: `top_k` of them, or all where at most `reach` are allowed.

    `document_ids` restricts the search; None is the whole corpus. Equal scores keep the order of the text.
    """
    allowed = [
        position
        for position, passage in enumerate(index.passages)
        if document_ids is None or passage.document_id in document_ids
    ]
    if not allowed:
        return ()
    vector = encoder.encode([query])[0]
    lexical = index.lexical.scores(query)
    dense = _dense(index, vector, allowed, document_ids)
    fused = _fuse(dense, {position: float(lexical[position]) for position in allowed if lexical[position] > 0})
    count = len(allowed) if len(allowed) <= reach else top_k
    everything = dict.fromkeys(allowed, 0.0) if len(allowed) <= max(reach, top_k) else {}
    ranked = sorted((everything | fused).items(), key=lambda item: (-item[1], item[0]))[:count]
    return tuple(
        ScoredPassage(
            passage=index.passages[position],
            score=round(score, 6),
            dense=round(min(1.0, max(-1.0, dense.get(position, 0.0))), 6),  # float32 may lie beyond by a hair
            lexical=round(float(lexical[position]), 6),
        )
        for position, score in ranked
    )


def _dense(index: Index, vector: Vectors, allowed: list[int], document_ids: set[str] | None) -> dict[int, float]:
    """Cosine similarity by position: exact where the vectors are in memory, else the nearest by HNSW."""
    if index.vectors is None:
        return dict(index.search_vectors(vector, min(_CANDIDATES, len(allowed)), document_ids))
    similarity: NDArray[np.float32] = index.vectors[allowed] @ vector
    return dict(zip(allowed, map(float, similarity), strict=True))


def _fuse(*rankings: dict[int, float]) -> dict[int, float]:
    """Sum of 1 / (k + rank) over the rankings; ranks count from 1.

    >>> _fuse({7: 0.9, 8: 0.5}, {8: 2.0}) == {7: 1 / 61, 8: 1 / 62 + 1 / 61}
    True
    """
    fused: dict[int, float] = {}
    for ranking in rankings:
        for rank, position in enumerate(_best_first(ranking), 1):
            fused[position] = fused.get(position, 0.0) + 1 / (RRF_K + rank)
    return fused


def _best_first(scores: dict[int, float]) -> Iterable[int]:
    return sorted(scores, key=lambda position: (-scores[position], position))[:_CANDIDATES]
