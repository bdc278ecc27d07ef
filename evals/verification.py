"""The verifier on twins: a faithful statement and one with a single fact corrupted, by kind of corruption.

A statement raises an alarm where its verdict is anything but supported: recall is the share of the corrupted that do,
false alarms the share of the faithful. On `dev`, `dev2` and the even pairs of `dev3` the rules were tuned, on all
three the bounds of the model; `fresh` (in thoroughly other words) and `test`
tuned neither: of `test` nothing but totals was read.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track
from rich.table import Table

from evals.cases import CasesError
from evals.metrics import Figure, bare_figure
from rag.jsonl import read_lines
from rag.reading.similarity import Picker
from rag.schema import Document, Frozen
from rag.splitting import sentences
from rag.training.scoring import auroc
from rag.verification import Finding, Verifier
from rag.verification.checking import check_grounding

TWINS = Path(__file__).resolve().parent / "verifier"
PARTS = ("dev", "dev2", "dev3", "fresh", "test")
FAITHFUL = "faithful"
"""The name under which the statements that are supported stand in the table."""
WARM_UP = 5


class Twin(Frozen):
    """A statement about a source: faithful, or with the fact of the kind `corruption` changed."""

    id: str
    source: str
    statement: str
    supported: bool
    corruption: str | None = None
    note: str | None = None


class Checked(Frozen):
    """What became of one statement; `milliseconds` are those of the verification alone."""

    kind: str
    alarm: bool
    entailed: float
    """What the picker alone makes of it, in [0, 1]."""
    milliseconds: float


def read_twins(path: Path) -> list[Twin]:
    """The statements of a file. Raises CasesError naming file and line."""
    found = [twin for _, twin in read_lines(path, Twin, CasesError)]
    if not found:
        raise CasesError(f"{path} holds no statement: restore it from the repository")
    return found


def check_twins(twins: Sequence[Twin], picker: Picker) -> list[Checked]:
    """Each statement checked against the sentences of its source."""
    verifier = Verifier(picker)
    for twin in twins[:WARM_UP]:
        _check(twin, verifier)
    checked = []
    for twin in track(twins, "verifier", console=Console(stderr=True), transient=True):
        started = time.perf_counter()
        finding = _check(twin, verifier)
        spent = 1000 * (time.perf_counter() - started)
        kind = FAITHFUL if twin.supported else twin.corruption or "other"
        learnt = picker.judge(twin.statement, twin.source)
        alone = learnt.says if learnt else picker.entailment(twin.statement, twin.source)
        alarm = finding.verdict != "supported"
        checked.append(Checked(kind=kind, alarm=alarm, entailed=alone, milliseconds=spent))
    return checked


def alarms(checked: Sequence[Checked]) -> dict[str, Figure]:
    """The share of alarms by kind, the corruptions first, all of them together, then the faithful."""
    kinds = sorted({one.kind for one in checked} - {FAITHFUL})
    found = {kind: share([one.alarm for one in checked if one.kind == kind]) for kind in kinds}
    found["all corruptions"] = share([one.alarm for one in checked if one.kind != FAITHFUL])
    found[FAITHFUL] = share([one.alarm for one in checked if one.kind == FAITHFUL])
    return found


def reader_alone(checked: Sequence[Checked]) -> dict[str, float]:
    """AUROC of what the picker alone makes of the faithful against each kind of corruption; 0.5 is chance."""
    found = {}
    for kind in {one.kind for one in checked} - {FAITHFUL}:
        both = [one for one in checked if one.kind in (kind, FAITHFUL)]
        found[kind] = auroc([one.entailed for one in both], [one.kind == FAITHFUL for one in both])
    return found


def share(hits: Sequence[bool]) -> Figure:
    """The share of hits with its 95 % interval (Wilson, JASA 1927), which stays open where all or none hit.

    >>> share([True] * 16).low
    0.8064
    """
    n = len(hits)
    if not n:
        return bare_figure(np.nan, 0)
    z, p = 1.96, sum(hits) / n
    middle = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return Figure(value=round(p, 4), low=round(max(0.0, middle - half), 4), high=round(min(1.0, middle + half), 4), n=n)


def bench_verifier(picker: Picker, console: Console) -> dict[str, dict[str, Figure]]:
    """Print a table for each part and return its figures. Raises CasesError for a damaged file."""
    tables = {}
    for part in PARTS:
        path = TWINS / f"{part}.jsonl"
        if not path.is_file():
            console.print(f"{path.name} is not there: only the other parts are measured", highlight=False)
            continue
        twins = read_twins(path)
        checked = check_twins(twins, picker)
        tables[part] = alarms(checked)
        _show(part, tables[part], checked, console)
        found, raised = looked_up(twins, picker)
        console.print(
            f"looked up among all sources by check_grounding: {found.value or 0:.3f} of {found.n} corruptions found, "
            f"an alarm over {raised.value or 0:.3f} of {raised.n} faithful",
            highlight=False,
        )
    return tables


def looked_up(twins: Sequence[Twin], picker: Picker) -> tuple[Figure, Figure]:
    """The shares of corrupted and of faithful statements over which `check_grounding` raises an alarm, where it has the
    sources of all statements to look in."""
    documents = [Document(title="", text=source) for source in dict.fromkeys(twin.source for twin in twins)]
    raised: dict[bool, list[bool]] = {True: [], False: []}
    for twin in track(twins, "check_grounding", console=Console(stderr=True), transient=True):
        checked = check_grounding(twin.statement, documents, picker)
        raised[twin.supported].append(any(one.verdict != "supported" for one in checked))
    return share(raised[False]), share(raised[True])


def _check(twin: Twin, verifier: Verifier) -> Finding:
    return verifier.check(twin.statement, [twin.source[span.start : span.end] for span in sentences(twin.source)])


def _show(part: str, figures: dict[str, Figure], checked: Sequence[Checked], console: Console) -> None:
    table = Table("statements", "alarms", "95 % interval", "number", "model alone, AUROC", title=f"verifier, {part}")
    alone = reader_alone(checked)
    for kind, found in figures.items():
        table.add_row(
            f"{kind} (false alarms)" if kind == FAITHFUL else kind,
            f"{found.value or 0:.3f}",
            f"{found.low or 0:.3f} to {found.high or 0:.3f}",
            str(found.n),
            f"{alone[kind]:.2f}" if kind in alone else "",
        )
    console.print(table)
    median, late = np.percentile([one.milliseconds for one in checked], [50, 95])
    console.print(f"a statement takes {median:.1f} ms (median), {late:.1f} ms (95th percentile)", highlight=False)
