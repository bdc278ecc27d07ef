"""Do sentences say a statement? A model of the reader's form, trained on faithful and corrupted statements.

It is loaded when the first statement is to be verified: questions answered without a language model never need it.
`rag/training/verifying.py` trains it, `docs/verification.md` says how good it is.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from rag.errors import ModelError
from rag.spans import JUDGED, QUESTION_TOKENS, SpanModel

DENIED = 0
"""The score of the first token that is the logit of "the sources deny it"; in a reader it begins "no answer"."""

log = logging.getLogger("rag")


@dataclass(frozen=True)
class Judged:
    """Probabilities in [0, 1] that sources say something, and that they deny it; neither is likely where they are
    silent."""

    says: float
    denies: float


class StatementModel:
    """The weights in the first of several folders that holds any; may be used from several threads."""

    def __init__(self, places: Sequence[Path], threads: int = 0) -> None:
        self._folder = next((place for place in places if (place / "model.onnx").is_file()), None)
        self._threads = threads
        self._lock = Lock()
        self._model: SpanModel | None = None

    def judge(self, claim: str, sources: str) -> Judged | None:
        """Whether the sources say a statement, or answer a yes/no question with yes, and whether they deny it.

        None without weights, and for a claim longer than the model reads. Of long sources the window counts that it is
        surest of. Weights that cannot be loaded are none: a warning says so, once.
        """
        model = self._loaded()
        if model is None or model.count_tokens(claim) > QUESTION_TOKENS:
            return None
        scores = model.first_token(claim, sources)
        if not len(scores):
            return None
        surest = scores.max(axis=0)
        return Judged(*(1 / (1 + math.exp(-float(surest[place]))) for place in (JUDGED, DENIED)))

    def _loaded(self) -> SpanModel | None:
        with self._lock:  # two threads would load it twice
            if self._model is None and self._folder:
                try:
                    self._model = SpanModel.load(self._folder, self._threads)
                except ModelError as error:
                    log.warning("%s; statements are verified by rules alone until then", error)
                    self._folder = None
            return self._model
