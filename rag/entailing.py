"""Do sentences say a statement? A model of the reader's form, trained on faithful and corrupted statements.

It is loaded when the first statement is to be verified: questions answered without a language model never need it.
`rag/training/verifying.py` trains it, `docs/verification.md` says how good it is.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from pathlib import Path
from threading import Lock

from rag.errors import ModelError
from rag.spans import QUESTION_TOKENS, SpanModel

log = logging.getLogger("rag")


class StatementModel:
    """The weights in the first of several folders that holds any; may be used from several threads."""

    def __init__(self, places: Sequence[Path], threads: int = 0) -> None:
        self._folder = next((place for place in places if (place / "model.onnx").is_file()), None)
        self._threads = threads
        self._lock = Lock()
        self._model: SpanModel | None = None

    def supports(self, statement: str, sources: str) -> float | None:
        """The probability that the sources say the statement, in [0, 1].

        None without weights, and for a statement longer than the model reads. Of long sources the window counts that
        it is surest of. Weights that cannot be loaded are none: a warning says so, once.
        """
        model = self._loaded()
        if model is None or model.count_tokens(statement) > QUESTION_TOKENS:
            return None
        read = model.read(statement, [("", sources)], 1)
        return 1 / (1 + math.exp(-max(found.judged for found in read))) if read else None

    def _loaded(self) -> SpanModel | None:
        with self._lock:  # two threads would load it twice
            if self._model is None and self._folder:
                try:
                    self._model = SpanModel.load(self._folder, self._threads)
                except ModelError as error:
                    log.warning("%s; statements are verified by rules alone until then", error)
                    self._folder = None
            return self._model
