"""The gate: hard zeros, floors for each group, and a comparison with the committed baseline, case by case."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
from pydantic import Field, ValidationError

from evals.cases import CasesError, Strict
from evals.metrics import GROUPS, Figure, Outcome, auroc_figure, figure
from rag.errors import reason_of
from rag.schema import Frozen

SMALLEST_GROUP = 8
"""A group with fewer gate cases carries no floor, and says so."""
ALPHA = 0.05


class Failure(Frozen):
    """One reason why the gate is red, with the cases that show it."""

    check: str
    message: str
    cases: tuple[str, ...] = ()


_Strict = TypeVar("_Strict", bound=Strict)


class Floors(Strict):
    """The least that each figure must reach, over the cases of the gate split."""

    groups: dict[str, float]
    figures: dict[str, float]


class BaselineCase(Strict):
    """What became of one case when the baseline was set."""

    passed: bool
    score: float = Field(ge=0, le=1)


class Baseline(Strict):
    """The outcomes that later runs are compared with, by `suite/id`."""

    cases: dict[str, BaselineCase]


def figures(outcomes: Sequence[Outcome]) -> dict[str, Figure]:
    """The figures over all kinds, by the name under which the table and the floors know them."""
    answered = [o for o in outcomes if o.answered]
    answerable = [o for o in outcomes if o.answerable]
    unanswerable = [o for o in outcomes if not o.answerable]
    abstained = [o for o in outcomes if not o.answered]
    return {
        "evidence among the passages read": figure(o.retrieved for o in outcomes),
        "answers with the right citation": figure(bool(o.right) for o in answered),
        "answerable: right citation": figure(o.right for o in answerable),
        "answerable: short exact match": figure(o.exact for o in answerable),
        "answerable: short F1": figure(o.f1 for o in answerable),
        "evidence characters, precision": figure(o.evidence_precision for o in outcomes),
        "evidence characters, recall": figure(o.evidence_recall for o in outcomes),
        "citation precision": figure(o.citation_precision for o in outcomes),
        "citation recall": figure(o.citation_recall for o in outcomes),
        "abstention precision": figure(not o.answerable for o in abstained),
        "abstention recall": figure(not o.answered for o in unanswerable),
        "AUROC answerable": auroc_figure(outcomes),
        "cases passed": figure(o.passed for o in outcomes),
    }


def group_figures(outcomes: Sequence[Outcome]) -> dict[str, Figure]:
    """The share of cases passed in each group of kinds."""
    return {name: figure(o.passed for o in outcomes if o.group == name) for name in GROUPS}


def hard_zeros(outcomes: Sequence[Outcome], network: Sequence[str]) -> list[Failure]:
    """What must never happen, not once: one Failure for each kind of violation."""
    failures = []
    broken = [outcome for outcome in outcomes if outcome.violations]
    if broken:
        shown = "; ".join(f"{o.id}: {o.violations[0]}" for o in broken[:3])
        failures.append(Failure(check="proof", message=shown, cases=tuple(o.id for o in broken)))
    if network:
        failures.append(Failure(check="network", message=f"tried to reach {', '.join(sorted(set(network))[:5])}"))
    return failures


def below_floors(outcomes: Sequence[Outcome], floors: Floors) -> list[Failure]:
    """Each figure and group of the gate split that is under its floor, or has no value."""
    gate = [outcome for outcome in outcomes if outcome.split == "gate"]
    failures = []
    for kind, found, wanted in (
        ("figure", figures(gate), floors.figures),
        ("group", group_figures(gate), floors.groups),
    ):
        for name, floor in wanted.items():
            if name not in found:
                raise CasesError(f"the floors name an unknown {kind} {name!r}: give one of {', '.join(found)}")
            failures += _below(name, found[name], floor, kind, gate)
    return failures


def _below(name: str, found: Figure, floor: float, kind: str, gate: Sequence[Outcome]) -> list[Failure]:
    if kind == "group" and 0 < found.n < SMALLEST_GROUP:
        return []
    if found.value is not None and found.value >= floor and not np.isnan(found.value):
        return []
    lost = tuple(o.id for o in gate if not o.passed and (kind == "figure" or o.group == name))
    shown = "no value" if found.value is None else f"{found.value:.3f}"
    return [Failure(check="floor", message=f"{name}: {shown}, floor {floor:.3f}", cases=lost)]


def against_baseline(outcomes: Sequence[Outcome], baseline: Baseline) -> list[Failure]:
    """A lost must-pass case, cases that are not the baseline's, or a drop that chance does not explain.

    Passed or not: exact McNemar test. Scores: paired bootstrap. Both two-sided at ALPHA, from scipy.
    """
    new = {key(outcome): outcome for outcome in outcomes}
    if new.keys() != baseline.cases.keys():
        changed = sorted(new.keys() ^ baseline.cases.keys())
        return [
            Failure(
                check="baseline",
                message=f"{len(changed)} cases are not those of the baseline: "
                "review the change and run `python -m evals baseline`",
                cases=tuple(changed[:20]),
            )
        ]
    lost = [name for name, old in baseline.cases.items() if old.passed and not new[name].passed]
    gained = [name for name, old in baseline.cases.items() if new[name].passed and not old.passed]
    failures = []
    must = tuple(name for name in lost if new[name].must_pass)
    if must:
        failures.append(Failure(check="must pass", message=f"{len(must)} must-pass cases are lost", cases=must))
    if len(lost) > len(gained) and (p := mcnemar(len(lost), len(gained))) < ALPHA:
        message = f"{len(lost)} cases lost, {len(gained)} gained (exact McNemar p = {p:.4f})"
        failures.append(Failure(check="regression", message=message, cases=tuple(lost)))
    drop = score_drop([old.score for old in baseline.cases.values()], [score(new[name]) for name in baseline.cases])
    if drop is not None:
        worse = tuple(name for name, old in baseline.cases.items() if score(new[name]) < old.score)
        message = f"mean score fell by {-drop[0]:.3f} (95 % interval {drop[0]:.3f} to {drop[1]:.3f})"
        failures.append(Failure(check="regression", message=message, cases=worse))
    return failures


def failing_must_pass(outcomes: Sequence[Outcome]) -> list[Failure]:
    """Every must-pass case that fails: where there is no baseline to say which of them ever passed."""
    failing = tuple(key(outcome) for outcome in outcomes if outcome.must_pass and not outcome.passed)
    return (
        [Failure(check="must pass", message=f"{len(failing)} must-pass cases fail", cases=failing)] if failing else []
    )


def mcnemar(lost: int, gained: int) -> float:
    """The exact two-sided p of McNemar's test on the pairs that differ.

    >>> round(mcnemar(8, 0), 4)
    0.0078
    """
    from scipy.stats import binomtest

    return float(binomtest(lost, lost + gained, 0.5).pvalue) if lost + gained else 1.0


def score_drop(old: Sequence[float], new: Sequence[float]) -> tuple[float, float] | None:
    """The 95 % interval of the mean difference, by paired bootstrap, where it lies wholly below zero; else None."""
    from scipy.stats import bootstrap

    difference = np.array(new) - np.array(old)
    if not len(difference) or difference.mean() >= 0:
        return None
    if np.ptp(difference) == 0:
        return float(difference.mean()), float(difference.mean())
    result = bootstrap(
        (difference,), np.mean, n_resamples=4000, method="percentile", rng=np.random.default_rng(0)
    ).confidence_interval
    return (float(result.low), float(result.high)) if result.high < 0 else None


def score(outcome: Outcome) -> float:
    """One number for a case, in [0, 1]: the F1 of a rightly cited answer; 1 or 0 where there is no F1.

    Rounded as a baseline keeps it: else the rounding alone, which is the same each time, could be a drop.
    """
    if outcome.f1 is None or not outcome.right:
        return float(outcome.passed)
    return round(outcome.f1, 4)


def key(outcome: Outcome) -> str:
    """`suite/id`: names a case over all suites."""
    return f"{outcome.suite}/{outcome.id}"


def new_baseline(outcomes: Sequence[Outcome]) -> Baseline:
    """The outcomes as a baseline."""
    return Baseline(cases={key(o): BaselineCase(passed=o.passed, score=score(o)) for o in outcomes})


def read_floors(path: Path) -> Floors:
    """The floors in a JSON file. Raises CasesError."""
    return _read(path, Floors, "restore it")


def read_baseline(path: Path) -> Baseline:
    """The baseline in a JSON file. Raises CasesError."""
    return _read(path, Baseline, "restore it, or set a new one with `python -m evals baseline`")


def _read(path: Path, model: type[_Strict], remedy: str) -> _Strict:
    try:
        return model.model_validate_json(path.read_text("utf-8"))
    except (OSError, ValueError, ValidationError) as error:
        raise CasesError(f"{path} cannot be used ({reason_of(error)}): {remedy}") from error
