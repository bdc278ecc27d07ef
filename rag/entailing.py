"""Do sentences say a statement, or deny it? A model of the reader's form, trained on faithful and corrupted statements
and on yes/no questions.

It is loaded when the first statement is to be verified, or the first yes/no question settled that the rules leave open.
`rag/training/verifying.py` trains it, `docs/verification.md` says how good it is.
"""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from rag.errors import ModelError
from rag.lexical import stems
from rag.polarity import differs, names_and_numbers, unreal
from rag.questions import Question
from rag.schema import Polarity
from rag.spans import JUDGED, QUESTION_TOKENS, SpanModel

DENIED = 0
"""The score of the first token that is the logit of "the sources deny it"; in a reader it begins "no answer"."""

TELLS = ("says", "denies")
"""What the card of a model lists under "tells" that has learnt both; one that has not denies nothing."""

log = logging.getLogger("rag")


SURELY, LIKELY = 0.8, 0.5
"""From the first probability on the model's yes or no is taken, where it gives the other one no more than what is left;
above the second its opposite leaves what a rule settles open. Chosen on the yes/no questions that calibrate."""
_NEGATIVE = re.compile(r"\w+n['’]t\b|whether\b.*(?:\bnot\b|n['’]t\b)", re.IGNORECASE)
"""A question with a negation of its own ("Didn't it close?"), which the model has hardly read."""


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


def settled(question: Question, sentence: str, around: str, judged: Judged | None) -> Polarity | None:
    """The yes or no to a question that the model is sure of; None where a name or number of it stands nowhere.

    `judged` is what it makes of the question beside the sentence and `around`, what that is read with. Nothing that the
    rules find exchanged or altered is a yes.

    >>> from rag.questions import analyse
    >>> question = analyse("Did Nvidia keep its figures to itself?")
    >>> settled(question, "Nvidia disclosed no figures.", "", Judged(says=0.9, denies=0.01))
    'yes'
    >>> settled(question, "Nvidia disclosed no figures.", "", Judged(says=0.6, denies=0.4))
    """
    if judged is None or judged.denies is None or _NEGATIVE.match(question.asked):
        return None
    if not set(names_and_numbers(question.searched)) <= set(stems(f"{around} {sentence}")):
        return None
    if judged.denies >= SURELY and judged.says <= 1 - SURELY:
        return "no"
    sure = judged.says >= SURELY and judged.denies <= 1 - SURELY
    return "yes" if sure and not differs(question, sentence) and not unreal(question, sentence) else None


def opposed(polarity: Polarity, judged: Judged | None) -> bool:
    """Whether the model takes the opposite of a rule's yes or no for likelier than not.

    >>> opposed("yes", Judged(says=0.2, denies=0.7)), opposed("no", Judged(says=0.2, denies=0.7)), opposed("no", None)
    (True, False, False)
    """
    if judged is None or judged.denies is None:
        return False
    return (judged.denies if polarity == "yes" else judged.says) > LIKELY


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
