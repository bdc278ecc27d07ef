"""Two readers side by side: figures, the paired test, and answers next to each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from evals.cases import CasesError
from evals.gate import figures, group_figures, key, mcnemar, score, score_drop
from evals.metrics import Figure, Outcome
from evals.run import Recording
from rag.schema import Answer

SHOWN = 20


def compare(old: Sequence[Recording], new: Sequence[Recording], names: tuple[str, str], console: Console) -> None:
    """Print figures and groups of the gate split, then over all cases what was lost and gained."""
    before, after = (_outcomes(recordings) for recordings in (old, new))
    gates = [[o for o in found.values() if o.split == "gate"] for found in (before, after)]
    _table("gate split", names, [figures(gate) for gate in gates], console)
    _table("cases passed", names, [group_figures(gate) for gate in gates], console)
    lost = [name for name, o in before.items() if o.passed and not after[name].passed]
    gained = [name for name, o in after.items() if o.passed and not before[name].passed]
    drop = score_drop([score(o) for o in before.values()], [score(after[name]) for name in before])
    console.print(
        f"Of all {len(before)} cases {len(gained)} gained, {len(lost)} lost (exact McNemar p = "
        f"{mcnemar(len(lost), len(gained)):.2g}); mean score {_mean(before):.3f} before, {_mean(after):.3f} after"
        f"{'' if drop is None else ', a significant drop'}",
        highlight=False,
        soft_wrap=True,
    )


def side_by_side(old: Sequence[Recording], new: Sequence[Recording], names: tuple[str, str], command: str) -> str:
    """Markdown: SHOWN questions of the dev split, evenly spaced, each with what both readers answered."""
    asked = [
        (recording, position, case)
        for position, recording in enumerate(old)
        for case in recording.suite.cases
        if case.split == "dev" and not case.history and case.kind != "summary"
    ]
    chosen = [asked[i * len(asked) // SHOWN] for i in range(min(SHOWN, len(asked)))]
    lines = [
        "# Twenty answers of two readers",
        "",
        f"Written by `{command}`: {len(chosen)} questions of the dev split, evenly spaced, follow-ups and summaries "
        "left out. In bold the short answer; a mark says whether the case passed.",
        "",
        f"| question | {names[0]} | {names[1]} |",
        "| --- | --- | --- |",
    ]
    outcomes = [_outcomes(recordings) for recordings in (old, new)]
    for recording, position, case in chosen:
        answers = (recording.answers[case.id], new[position].answers[case.id])
        name = f"{recording.suite.name}/{case.id}"
        cells = [_cell(answer, found[name]) for answer, found in zip(answers, outcomes, strict=True)]
        expected = ", ".join(case.items or case.answers[:1]) if case.answerable else "not in the text"
        lines.append(f"| {_plain(case.question)} ({_plain(case.polarity or expected)}) | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"


def write(path: Path, text: str) -> None:
    """Write the page. Raises CasesError."""
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CasesError(f"{path} cannot be written ({error.strerror}): choose another file") from error


def _outcomes(recordings: Sequence[Recording]) -> dict[str, Outcome]:
    return {key(outcome): outcome for recording in recordings for outcome in recording.outcomes()}


def _mean(outcomes: Mapping[str, Outcome]) -> float:
    return sum(score(outcome) for outcome in outcomes.values()) / len(outcomes)


def _table(title: str, names: tuple[str, str], columns: Sequence[Mapping[str, Figure]], console: Console) -> None:
    table = Table(title, *names, "cases")
    for name, found in columns[0].items():
        values = ["-" if c[name].value is None else f"{c[name].value:.2f}" for c in columns]
        table.add_row(name, *values, str(found.n))
    console.print(table)


def _cell(answer: Answer, outcome: Outcome) -> str:
    mark = "✓" if outcome.passed else "✗"
    if not answer.answered:
        return f"{mark} abstains ({answer.confidence:.2f})"
    lead = f"{answer.polarity}: " if answer.polarity else ""
    possibly = "possibly " if answer.text.startswith("Possibly") else ""
    return f"{mark} {possibly}{lead}**{_plain(answer.short or '-')}** ({answer.confidence:.2f})"


def _plain(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("*", "\\*")
