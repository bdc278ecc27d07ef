"""What a run says: the Report, its table in the terminal, JUnit XML. `report.json` holds no time of day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree

from rich.console import Console
from rich.table import Table

from evals.gate import SMALLEST_GROUP, Failure, Floors, figures, group_figures
from evals.metrics import Figure, Outcome, calibration_bins, calibration_error, risk_coverage
from evals.retrieval import Peer, peers, retrieval_figures
from evals.run import Recording
from rag import __version__
from rag.encoding import Encoder
from rag.schema import Frozen

REPORT_VERSION = 1


class SuiteReport(Frozen):
    """Everything measured on one suite."""

    name: str
    documents: dict[str, str]
    """File name to SHA-256."""
    passages: int
    figures: dict[str, Figure]
    groups: dict[str, Figure]
    retrieval: dict[str, Figure]
    peers: tuple[Peer, ...]
    """This reader, its best answer whatever the confidence, then the published floors."""
    calibration_error: float | None
    calibration: tuple[tuple[float, float, int], ...]
    risk_coverage: tuple[tuple[float, float], ...]


class Report(Frozen):
    """One run. Equal between two runs of the same code on the same machine, byte for byte."""

    report_version: int = REPORT_VERSION
    rag_version: str = __version__
    passed: bool
    failures: tuple[Failure, ...]
    figures: dict[str, Figure]
    """Over the gate split of all suites: what the floors are about."""
    groups: dict[str, Figure]
    suites: tuple[SuiteReport, ...]
    outcomes: tuple[Outcome, ...]


def suite_report(recording: Recording, encoder: Encoder) -> SuiteReport:
    """The figures of one recorded suite, all its cases."""
    outcomes, pairs = recording.outcomes(), recording.confidences()
    return SuiteReport(
        name=recording.suite.name,
        documents={name: document.sha256 for name, document in sorted(recording.suite.documents.items())},
        passages=recording.suite.pipeline.passage_count,
        figures=figures(outcomes),
        groups=group_figures(outcomes),
        retrieval=retrieval_figures(recording),
        peers=tuple(peers(recording, encoder)),
        calibration_error=calibration_error(pairs),
        calibration=tuple(calibration_bins(pairs)),
        risk_coverage=tuple(risk_coverage(pairs)),
    )


def make_report(recordings: Sequence[Recording], failures: Sequence[Failure], encoder: Encoder) -> Report:
    """The Report of a whole run."""
    outcomes = [outcome for recording in recordings for outcome in recording.outcomes()]
    gate = [outcome for outcome in outcomes if outcome.split == "gate"]
    return Report(
        passed=not failures,
        failures=tuple(failures),
        figures=figures(gate),
        groups=group_figures(gate),
        suites=tuple(suite_report(recording, encoder) for recording in recordings),
        outcomes=tuple(outcomes),
    )


def write_junit(path: Path, outcomes: Sequence[Outcome], seconds: Mapping[str, float]) -> None:
    """JUnit XML: one test case a question; only a violation or a lost must-pass case is a failure."""
    root = ElementTree.Element("testsuites", name="evals")
    for name in dict.fromkeys(outcome.suite for outcome in outcomes):
        members = [outcome for outcome in outcomes if outcome.suite == name]
        failed = [o for o in members if o.violations or (o.must_pass and not o.passed)]
        suite = ElementTree.SubElement(root, "testsuite", name=name, tests=str(len(members)), failures=str(len(failed)))
        for outcome in members:
            time = f"{seconds.get(f'{name}/{outcome.id}', 0.0):.3f}"
            case = ElementTree.SubElement(
                suite, "testcase", classname=f"{name}.{outcome.kind}", name=outcome.id, time=time
            )
            reason = "; ".join(outcome.violations) or outcome.problem
            if outcome in failed:
                ElementTree.SubElement(case, "failure", message=reason)
            elif reason:
                ElementTree.SubElement(case, "system-out").text = reason
    ElementTree.indent(root)
    ElementTree.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)


def show(report: Report, floors: Floors | None, console: Console) -> None:
    """The table of figures, one column a suite, then the groups and what failed."""
    suites = [(suite.name, suite.figures | suite.retrieval, suite.groups) for suite in report.suites]
    _table(
        console,
        "All cases",
        [(name, found) for name, found, _ in suites],
        report.figures,
        floors.figures if floors else {},
    )
    _table(
        console,
        "Cases passed",
        [(name, found) for name, _, found in suites],
        report.groups,
        floors.groups if floors else {},
    )
    table = Table("right sentence, AUROC", *(name for name, _, _ in suites), title="Beside published floors")
    for position, peer in enumerate(report.suites[0].peers if report.suites else ()):
        cells = [_peer_cell(suite.peers[position].right, suite.peers[position].auroc) for suite in report.suites]
        table.add_row(peer.name, *cells)
    console.print(table)
    for failure in report.failures:
        console.print(f"[bold red]FAIL[/] {failure.check}: {failure.message}", highlight=False)
        for case in failure.cases[:12]:
            console.print(f"       {case}", highlight=False, markup=False)
    verdict = "[bold green]PASS[/]" if report.passed else "[bold red]FAIL[/]"
    count = len(report.outcomes)
    unanswerable = sum(not outcome.answerable for outcome in report.outcomes)
    console.print(f"{verdict} {count} cases, {unanswerable} of them unanswerable", highlight=False)


def _table(
    console: Console,
    title: str,
    columns: Sequence[tuple[str, Mapping[str, Figure]]],
    gate: Mapping[str, Figure],
    floors: Mapping[str, float],
) -> None:
    table = Table(title, *(name for name, _ in columns), "gate split", "floor")
    for name in dict.fromkeys([name for _, found in columns for name in found]):
        cells = [_cell(found.get(name)) for _, found in columns]
        floor = floors.get(name)
        shown = "" if floor is None else f"{floor:.3f}"
        if title == "Cases passed" and 0 < gate[name].n < SMALLEST_GROUP:
            shown = "too small for one"
        table.add_row(name, *cells, _cell(gate.get(name)), shown)
    console.print(table)


def _cell(found: Figure | None) -> str:
    if found is None or found.value is None:
        return "-"
    return f"{found.value:.3f} [{found.low:.2f}, {found.high:.2f}] n={found.n}"


def _peer_cell(right: Figure, area: float | None) -> str:
    return "-" if right.value is None else f"{right.value:.3f}, {'-' if area is None else f'{area:.3f}'}"
