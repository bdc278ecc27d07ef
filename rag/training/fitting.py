"""The two small fits that the recipes share: which candidate to choose, and how sure to be of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from scipy.optimize import minimize

ANSWERABLE = 0.6
"""The share of questions that have an answer in the text, as people ask them: an assumption, said here once."""


def any_right(questions: Iterable[np.ndarray]) -> np.ndarray:
    """Of each question, whether any of its candidates is right."""
    return np.array([bool(right.any()) for right in questions], dtype=bool)


def balance(answerable: np.ndarray) -> np.ndarray:
    """One weight a question, mean 1, so that the answerable ones weigh ANSWERABLE of all, if there are both.

    >>> balance(np.array([True, False, False, False])).round(2).tolist()
    [2.4, 0.53, 0.53, 0.53]
    """
    share = answerable.mean()
    if share in (0.0, 1.0):
        return np.ones(len(answerable))
    weights: np.ndarray = np.where(answerable, ANSWERABLE / share, (1 - ANSWERABLE) / (1 - share))
    return weights


def fit_choice(questions: Sequence[tuple[np.ndarray, np.ndarray]], penalty: float) -> np.ndarray:
    """Weights of a conditional logit: the log of the softmax mass on the right candidates, less `penalty` times L2.

    Each question is (features of shape (candidates, features), right of shape (candidates,)), one right at least.
    """

    def loss(weights: np.ndarray) -> float:
        """What is minimised, of the choice."""
        total = penalty * float(weights @ weights)
        for features, right in questions:
            scores = features @ weights
            mass = np.exp(scores - scores.max())
            total -= float(np.log(mass[right].sum() / mass.sum() + 1e-9)) / len(questions)
        return total

    return np.asarray(minimize(loss, np.full(questions[0][0].shape[1], 0.5), method="L-BFGS-B").x)


def fit_confidence(rows: np.ndarray, right: np.ndarray, weights: np.ndarray, penalty: float) -> np.ndarray:
    """Weights and, last, the bias of a logistic regression of `right` on `rows`, with `penalty` times L2."""
    inputs = np.column_stack([rows, np.ones(len(rows))])

    def loss(fitted: np.ndarray) -> float:
        """What is minimised, of the confidence."""
        logits = inputs @ fitted
        losses = weights * (np.logaddexp(0, logits) - right * logits)
        return float(losses.mean()) + penalty * float(fitted[:-1] @ fitted[:-1])

    return np.asarray(minimize(loss, np.zeros(inputs.shape[1]), method="L-BFGS-B").x)
