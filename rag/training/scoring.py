"""What an answer and a ranking are worth: SQuAD's word overlap, and the area under the ROC curve."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike


def normalised(text: str) -> list[str]:
    """The words of an answer as SQuAD compares them: lower case, no punctuation, no articles.

    >>> normalised("The $5 trillion.")
    ['5', 'trillion']
    """
    plain = "".join(character for character in text.lower() if character not in string.punctuation)
    return re.sub(r"\b(?:a|an|the)\b", " ", plain).split()


def token_f1(said: str, accepted: Sequence[str]) -> float:
    """The best word-overlap F1 of `said` with an accepted answer, in [0, 1] (Rajpurkar et al. 2016).

    >>> round(token_f1("more than 260,000", ["260,000"]), 2)
    0.5
    """
    return max((_f1(normalised(said), normalised(gold)) for gold in accepted), default=0.0)


def _f1(said: Sequence[str], gold: Sequence[str]) -> float:
    shared = sum((Counter(said) & Counter(gold)).values())
    if not shared:
        return float(list(said) == list(gold))
    return 2 * shared / (len(said) + len(gold))


def auroc(scores: ArrayLike, positive: ArrayLike) -> float:
    """The chance that a positive scores higher than a negative; NaN where one of them is missing.

    >>> auroc([0.9, 0.4, 0.4, 0.1], [True, True, False, False])
    0.875
    """
    scored, which = np.asarray(scores), np.asarray(positive, dtype=bool)
    high, low = scored[which], np.sort(scored[~which])
    if not len(high) or not len(low):
        return float("nan")
    below = np.searchsorted(low, high, "left") + np.searchsorted(low, high, "right")
    return float(below.mean() / 2 / len(low))


def calibration_error(confidence: np.ndarray, right: np.ndarray, weights: np.ndarray, bins: int = 10) -> float:
    """Expected calibration error: the mean gap of confidence and share right over bins of equal width, in [0, 1].

    All arrays have shape (questions,). Naeini et al., AAAI 2015.

    >>> calibration_error(np.array([0.9, 0.9, 0.1]), np.array([1, 1, 0]), np.ones(3))
    0.1
    """
    placed = np.minimum((confidence * bins).astype(int), bins - 1)
    gaps = [
        weights[placed == b].sum() * abs(np.average((confidence - right)[placed == b], weights=weights[placed == b]))
        for b in sorted(set(placed))
    ]
    return round(float(sum(gaps) / weights.sum()), 4)
