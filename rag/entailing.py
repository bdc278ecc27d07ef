"""Do sentences say a statement, or deny it? A model of the reader's form, trained on faithful and corrupted statements
and on yes/no questions.

It is loaded when the first statement is to be verified, or the first yes/no question answered
(`rag/reading/yesno/judging.py`). `rag/training/verifying.py` trains it, `docs/verification.md` says how good it is.
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
TELLS = ("says", "denies")
"""What the card of a model lists under "tells" that has learnt both; one that has not denies nothing."""
log = logging.getLogger("rag")


@dataclass(frozen=True)
class Judged:
    """Probabilities in [0, 1] that sources say something, and that they deny it; neither is likely where they are
    silent. `denies` is None of a model that has not learnt it."""

    says: float
    denies: float | None

    def least(self, other: Judged | None) -> Judged:
        """What both are as sure of.

        >>> Judged(says=0.9, denies=0.1).least(Judged(says=0.2, denies=0.6))
        Judged(says=0.2, denies=0.1)
        """
        if other is None:
            return self
        denied = None if self.denies is None or other.denies is None else min(self.denies, other.denies)
        return Judged(min(self.says, other.says), denied)


class StatementModel:
    """The weights in the first of several folders that holds any; may be used from several threads."""

    def __init__(self, places: Sequence[Path], threads: int = 0) -> None:
        self._folder = next((place for place in places if (place / "model.onnx").is_file()), None)
        self._threads = threads
        self._lock = Lock()
        self._model: SpanModel | None = None

    def judge(self, claim: str, sources: str) -> Judged | None:
        """Whether the sources say a statement, or answer a yes/no question with yes, and whether they deny it.

        None without weights, without sources, and for a claim longer than the model reads. Of long sources each
        probability is that of the window where it is highest. Weights that cannot be loaded are none: a warning says
        so, once.
        """
        model = self._loaded()
        if model is None or model.count_tokens(claim) > QUESTION_TOKENS:
            return None
        scores = model.first_token(claim, sources)
        if not len(scores):
            return None
        said, denied = (1 / (1 + math.exp(-float(scores[:, place].max()))) for place in (JUDGED, DENIED))
        return Judged(said, denied if model.tells == TELLS else None)

    def _loaded(self) -> SpanModel | None:
        with self._lock:  # two threads would load it twice
            if self._model is None and self._folder:
                try:
                    self._model = SpanModel.load(self._folder, self._threads)
                except ModelError as error:
                    log.warning("%s; yes/no is settled and statements are verified by rules alone until then", error)
                    self._folder = None
            return self._model
