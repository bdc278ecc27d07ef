"""The report as one self-contained HTML page: plots, figures, and the worst cases with their evidence marked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from importlib import resources
from itertools import pairwise

from evals.cases import Case
from evals.gate import Baseline, Floors, key
from evals.metrics import GROUPS, Figure, Outcome
from evals.plots import bars, calibration_plot, differences, line_plot
from evals.report import Report, SuiteReport
from evals.run import Recording
from rag.schema import Answer, Citation, Document, Span

WORST = 40


def page(report: Report, recordings: Sequence[Recording], floors: Floors | None, baseline: Baseline | None) -> str:
    """The whole page. Everything that comes from a text, a question or an answer is escaped."""
    style = resources.files("evals").joinpath("page.css").read_text("utf-8")
    parts = [_verdict(report), _plots(report, floors, baseline)]
    parts += [_figures(suite) for suite in report.suites]
    parts.append(_worst(report, recordings))
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" '
        'content="width=device-width, initial-scale=1"><title>Grounding evaluation</title>'
        f"<style>{style}</style></head><body><main><h1>Grounding evaluation</h1>{''.join(parts)}</main></body></html>\n"
    )


def _verdict(report: Report) -> str:
    count = len(report.outcomes)
    unanswerable = sum(not outcome.answerable for outcome in report.outcomes)
    word = "pass" if report.passed else "fail"
    failures = "".join(
        f"<li><b>{escape(f.check)}</b>: {escape(f.message)} <small>{escape(', '.join(f.cases[:12]))}</small></li>"
        for f in report.failures
    )
    return (
        f'<p class="verdict {word}">{word.upper()}</p><p>{count} cases, {unanswerable} of them unanswerable; '
        f"rag {escape(report.rag_version)}.</p>{f'<ul>{failures}</ul>' if failures else ''}"
    )


def _plots(report: Report, floors: Floors | None, baseline: Baseline | None) -> str:
    drawn = [
        line_plot("Risk and coverage", ("coverage", "risk"), {s.name: s.risk_coverage for s in report.suites}),
        calibration_plot("Calibration", {s.name: s.calibration for s in report.suites}),
        bars("Cases passed by group, gate split (tick: floor)", report.groups, floors.groups if floors else {}),
    ]
    if baseline:
        drawn.append(differences("Against the baseline: lost, gained", _changes(report.outcomes, baseline)))
    return f'<section class="plots">{"".join(drawn)}</section>'


def _changes(outcomes: Sequence[Outcome], baseline: Baseline) -> dict[str, tuple[int, int]]:
    changes: dict[str, tuple[int, int]] = {}
    for name in GROUPS:
        known = [(o, baseline.cases[key(o)]) for o in outcomes if o.group == name and key(o) in baseline.cases]
        lost = sum(old.passed and not new.passed for new, old in known)
        changes[name] = lost, sum(new.passed and not old.passed for new, old in known)
    return changes


def _figures(suite: SuiteReport) -> str:
    rows = "".join(f"<tr><td>{escape(n)}</td>{_cells(f)}</tr>" for n, f in (suite.figures | suite.retrieval).items())
    rows += "".join(
        f"<tr><td>{escape(peer.name)}: right sentence</td>{_cells(peer.right)}</tr>" for peer in suite.peers
    )
    error = "-" if suite.calibration_error is None else f"{suite.calibration_error:.3f}"
    return (
        f"<section><h2>{escape(suite.name)}</h2><p>Documents: {len(suite.documents)}; passages: {suite.passages}; "
        f"expected calibration error {error}.</p><table><thead><tr><th>figure</th><th>value</th><th>95 % interval</th>"
        f"<th>cases</th></tr></thead><tbody>{rows}</tbody></table></section>"
    )


def _cells(found: Figure) -> str:
    if found.value is None:
        return f"<td>-</td><td></td><td>{found.n}</td>"
    return f"<td>{found.value:.3f}</td><td>{found.low:.3f} to {found.high:.3f}</td><td>{found.n}</td>"


def _worst(report: Report, recordings: Sequence[Recording]) -> str:
    """The failed cases, violations and lost must-pass cases first, then the surest mistakes."""
    failed = [outcome for outcome in report.outcomes if outcome.violations or not outcome.passed]
    failed.sort(key=lambda o: (not o.violations, not o.must_pass, not o.answered, -o.confidence, o.id))
    by_suite = {recording.suite.name: recording for recording in recordings}
    shown = "".join(_case(outcome, by_suite[outcome.suite]) for outcome in failed[:WORST])
    return f"<section><h2>Worst {min(WORST, len(failed))} of {len(failed)} failed cases</h2>{shown}</section>"


def _case(outcome: Outcome, recording: Recording) -> str:
    case = next(case for case in recording.suite.cases if case.id == outcome.id)
    answer = recording.answers[outcome.id]
    reason = "; ".join(outcome.violations) or outcome.problem
    badge = ' <b class="must">must pass</b>' if case.must_pass else ""
    return (
        f"<details><summary><code>{escape(key(outcome))}</code> {escape(case.question)} "
        f"<em>{escape(reason)}</em>{badge}</summary>"
        f"<p>{escape(answer.text)} <small>confidence {answer.confidence:.2f}; "
        f"accepted: {escape(', '.join(case.answers or case.items) or 'an abstention')}</small></p>"
        f"{''.join(_source(d, case, answer) for d in _documents(case, answer, recording))}</details>"
    )


def _documents(case: Case, answer: Answer, recording: Recording) -> list[Document]:
    documents = recording.suite.documents
    wanted = {documents[evidence.document].id for evidence in case.evidence}
    wanted |= {citation.document_id for citation in _cited(answer)}
    return [document for document in documents.values() if document.id in wanted]


def _cited(answer: Answer) -> list[Citation]:
    return [*answer.citations, *([answer.nearest] if answer.nearest else [])]


def _source(document: Document, case: Case, answer: Answer) -> str:
    """The document's text with the evidence and the citations marked."""
    marked: dict[str, list[Span]] = {"cited": [span for span in _cited(answer) if span.document_id == document.id]}
    marked["evidence"] = [e for e in case.evidence if document.source and document.source.endswith(e.document)]
    return f'<blockquote class="source">{_marked(document.text, marked)}</blockquote>'


def _marked(text: str, spans: Mapping[str, Sequence[Span]]) -> str:
    """The text cut at every span's ends, each piece marked with the names of the spans over it."""
    edges = sorted({0, len(text)} | {edge for named in spans.values() for s in named for edge in (s.start, s.end)})
    pieces = []
    for start, end in pairwise(edges):
        names = [name for name, named in spans.items() if any(s.start <= start and end <= s.end for s in named)]
        piece = escape(text[start:end])
        pieces.append(f'<mark class="{" ".join(names)}">{piece}</mark>' if names else piece)
    return "".join(pieces)
