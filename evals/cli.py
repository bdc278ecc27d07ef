"""The command `python -m evals`: the gate, and what keeps it honest."""

from __future__ import annotations

import argparse
import json
import logging
import os
import shutil
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, TaskID

from evals.cases import Case, CasesError, anchor, by_name, load_cases, write_cases
from evals.gate import Baseline, Floors, new_baseline, read_baseline, read_floors
from evals.page import page
from evals.report import Report, make_report, show, write_junit
from evals.run import Recording, Suite, closed_network, open_suite, record
from evals.selftest import checks, self_test
from rag.encoding import RememberingEncoder, load_encoder
from rag.errors import RagError
from rag.index.corpus import seeds_dir
from rag.loading import load
from rag.settings import Settings

HERE = Path(__file__).resolve().parent
FLOORS, BASELINE = HERE / "floors.json", HERE / "baseline.json"
SUITES = {"article": seeds_dir(), "newsroom": HERE / "newsroom", "wire": HERE / "wire"}
"""Name of a suite, and of its file of cases, to its texts."""
PASS, FELL_SHORT, COULD_NOT_RUN = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run; returns 0 where the gate passes, 1 where quality fell short, 2 where it could not run."""
    logging.getLogger("rag").setLevel(logging.ERROR)
    try:
        options = _parser().parse_args(arguments)
        return int(options.run(options))
    except RagError as error:
        print(f"evals: error: {' '.join(str(error).split())}", file=sys.stderr)
    except KeyboardInterrupt:
        print("evals: interrupted", file=sys.stderr)
    except Exception:
        traceback.print_exc()
        print("evals: error: the evaluation itself crashed; the traceback is above", file=sys.stderr)
    return COULD_NOT_RUN


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m evals", description="Does the chatbot still tell the truth?")
    parser.add_argument("--cases", type=Path, metavar="FILE", help="your own cases, instead of the project's")
    parser.add_argument("--corpus", type=Path, nargs="+", metavar="PATH", help="the texts that they are about")
    parser.add_argument("--baseline", type=Path, metavar="FILE", help="compare with this baseline")
    parser.add_argument("--floors", type=Path, metavar="FILE", help="hold to these floors")
    parser.add_argument("--out", type=Path, default=Path("evals-report"), metavar="DIR", help="folder of the reports")
    parser.set_defaults(run=_gate)
    commands = parser.add_subparsers(title="other commands", metavar="COMMAND")
    commands.add_parser("self-test", help="seven mutants, each must turn the gate red").set_defaults(run=_self_test)
    commands.add_parser("baseline", help="set the baseline to what is answered now").set_defaults(run=_set_baseline)
    moved = commands.add_parser("anchor", help="anchor the cases of a file anew by the text of their evidence")
    moved.add_argument("file", type=Path)
    moved.add_argument(
        "--texts", type=Path, nargs="+", metavar="PATH", help="the texts (default: those of the project)"
    )
    moved.set_defaults(run=_anchor)
    bench = commands.add_parser(
        "bench", help="the reader on question-answering data, and the full pipeline where it fits"
    )
    bench.add_argument("what", nargs="?", choices=sorted(_BENCHES), help="measure this part on the project's own data")
    bench.add_argument("--split", choices=["dev", "test"], help="with conversations: only this split")
    bench.add_argument("--data", type=Path, nargs="+", default=[], metavar="FILE", help="JSONL(.gz), or SQuAD JSON")
    bench.add_argument("--titles", metavar="LIST", help="only these: a file, names by comma, or train, calibrate, test")
    bench.add_argument("--limit", type=int, metavar="N", help="at most so many questions of a file, drawn by lot")
    bench.add_argument("--card", type=Path, metavar="FOLDER", help="write the figures into the model card there")
    bench.add_argument("--speed", action="store_true", help="how fast four passages are read")
    bench.set_defaults(run=_bench)
    compared = commands.add_parser(
        "compare", help="two readers side by side on the project's cases, with a paired test"
    )
    compared.add_argument("readers", nargs=2, metavar="READER", help="similarity, bundled, or a folder of weights")
    compared.add_argument("--answers", type=Path, metavar="FILE", help="write twenty answers of both as Markdown")
    compared.set_defaults(run=_compare)
    new = commands.add_parser("new", help="draft cases for a person to complete")
    new.add_argument(
        "--texts",
        type=Path,
        nargs="+",
        metavar="PATH",
        help="draft from these texts (with --feedback: what was asked; default: the article)",
    )
    new.add_argument("--feedback", type=Path, metavar="FILE", help="draft from the feedback file of the page")
    new.add_argument("--count", type=int, default=20, metavar="N", help="sentences to draft from (20)")
    new.add_argument("--to", type=Path, required=True, metavar="FILE", help="the file to write; never overwritten")
    new.set_defaults(run=_new)
    commands.add_parser("schema", help="print the JSON Schema of a case").set_defaults(run=_schema)
    return parser


def _console() -> Console:
    return Console(width=None if sys.stdout.isatty() else 140)


def _gate(options: argparse.Namespace) -> int:
    console = _console()
    own = options.cases is None
    floors_file = options.floors or (FLOORS if own else None)
    baseline_file = options.baseline or (BASELINE if own else None)
    floors: Floors | None = read_floors(floors_file) if floors_file else None
    baseline: Baseline | None = read_baseline(baseline_file) if baseline_file else None
    encoder = load_encoder()
    with _suites(options.cases, options.corpus) as suites:
        recordings = _record(suites)
        report = make_report(recordings, checks(recordings, floors, baseline), encoder)
        _write(options.out, report, recordings, page(report, recordings, floors, baseline))
    show(report, floors, console)
    console.print(f"Reports in {options.out}: report.html, report.json, junit.xml, timings.json", highlight=False)
    return PASS if report.passed else FELL_SHORT


def _self_test(options: argparse.Namespace) -> int:
    console = _console()
    with _suites(None, None) as suites:
        caught = self_test(_record(suites), read_floors(FLOORS), read_baseline(BASELINE))
    for mutant in caught:
        named = ", ".join(dict.fromkeys(failure.check for failure in mutant.failures))
        verdict = f"caught by {named}: {mutant.failures[0].message[:90]}" if named else "MISSED"
        console.print(f"{mutant.name:48} {verdict}", highlight=False, markup=False, soft_wrap=True)
    found = sum(bool(mutant.failures) for mutant in caught)
    console.print(f"{found} of {len(caught)} mutants caught", highlight=False)
    return PASS if found == len(caught) else FELL_SHORT


def _set_baseline(options: argparse.Namespace) -> int:
    with _suites(None, None) as suites:
        outcomes = [outcome for recording in _record(suites) for outcome in recording.outcomes()]
    BASELINE.write_text(json.dumps(new_baseline(outcomes).model_dump(), indent=1) + "\n", encoding="utf-8")
    print(f"{BASELINE} holds {len(outcomes)} cases now: review it with `git diff`, and commit it with the reason")
    return PASS


def _anchor(options: argparse.Namespace) -> int:
    documents = by_name(load(options.texts or _texts_of(options.file)))
    cases, problems = anchor(options.file, documents)
    for problem in problems:
        print(problem, file=sys.stderr)
    if problems:
        print(f"{options.file} is unchanged: {len(problems)} cases do not anchor", file=sys.stderr)
        return FELL_SHORT
    write_cases(options.file, cases)
    load_cases(options.file, documents)
    print(f"{options.file}: {len(cases)} cases anchored")
    return PASS


def _bench(options: argparse.Namespace) -> int:
    from evals.bench import bench
    from evals.speed import speed
    from rag.training.card import add_to_card

    console = _console()
    if options.what:
        return _BENCHES[options.what](options, console)
    if not (options.data or options.speed):
        raise CasesError(f"give --data, --speed or one of {', '.join(sorted(_BENCHES))}: what to measure")
    if options.card and not (options.card / "card.json").is_file():
        raise CasesError(f"{options.card} holds no card.json: name a folder of weights")
    tables: dict[str, dict[str, float | None]] = {}
    for file in options.data:
        measured = bench(file, options.titles, options.limit, console)
        tables |= {title: {name.strip(): f.value for name, f in found.items()} for title, found in measured.items()}
    if options.card:
        add_to_card(options.card, {"benchmark": {"titles": options.titles, "limit": options.limit, **tables}})
    if options.speed:
        speed(console)
    return PASS


def _bench_conversations(options: argparse.Namespace, console: Console) -> int:
    from evals.conversations import SPLITS, bench_conversations

    splits = [split for split in SPLITS if options.split in (None, split)]
    with _suites(None, None) as suites:
        bench_conversations(suites, splits, console)
    return PASS


def _bench_verifier(options: argparse.Namespace, console: Console) -> int:
    from evals.verification import bench_verifier
    from rag.reading.similarity import SimilarityPicker
    from rag.reading.trained import load_picker

    similarity = SimilarityPicker(RememberingEncoder(load_encoder()))
    bench_verifier(load_picker(os.environ.get("RAG_READER", ""), similarity), console)
    return PASS


def _bench_asked(options: argparse.Namespace, console: Console) -> int:
    from evals.asked import bench_asked

    bench_asked(console)
    return PASS


def _bench_forms(options: argparse.Namespace, console: Console) -> int:
    from evals.forms import bench_forms

    bench_forms(console)
    return PASS


def _bench_rules(options: argparse.Namespace, console: Console) -> int:
    from evals.rules import bench_rules

    bench_rules(options.data, console)
    return PASS


_BENCHES: Mapping[str, Callable[[argparse.Namespace, Console], int]] = {
    "asked": _bench_asked,
    "conversations": _bench_conversations,
    "forms": _bench_forms,
    "rules": _bench_rules,
    "verifier": _bench_verifier,
}
"""Name of a part to what measures it and prints its table."""


def _compare(options: argparse.Namespace) -> int:
    from evals.compare import compare, side_by_side, write

    console = _console()
    old, new = options.readers
    with _suites(None, None, old) as before, _suites(None, None, new) as after:
        recorded = [_record(suites, twice=False) for suites in (before, after)]
    compare(recorded[0], recorded[1], (old, new), console)
    if options.answers:
        command = f"python -m evals compare {old} {new} --answers {options.answers}"
        write(options.answers, side_by_side(recorded[0], recorded[1], (old, new), command))
    return PASS


def _new(options: argparse.Namespace) -> int:
    from evals.drafts import from_feedback, from_texts, write_drafts

    if options.texts is None and options.feedback is None:
        raise CasesError("give --texts or --feedback: what to draft from")
    documents = load(options.texts or [seeds_dir()])
    drafts = from_feedback(options.feedback, documents) if options.feedback else from_texts(documents, options.count)
    write_drafts(options.to, drafts)
    print(
        f"{options.to}: {len(drafts)} drafts; complete question and answers, then `python -m evals anchor {options.to}`"
    )
    return PASS


def _schema(options: argparse.Namespace) -> int:
    print(json.dumps(Case.model_json_schema(), indent=2))
    return PASS


def _texts_of(cases: Path) -> list[Path]:
    """The texts of one of the project's own suites, by the name of its file. Raises CasesError for another file."""
    if cases.stem not in SUITES:
        raise CasesError(f"{cases} is none of the project's suites: name its texts with --texts")
    return [SUITES[cases.stem]]


@contextmanager
def _suites(cases: Path | None, corpus: Sequence[Path] | None, reader: str | None = None) -> Iterator[list[Suite]]:
    """The project's suites under the default settings, or the user's one under theirs.

    RAG_READER alone is heeded, unless `reader` names one ("bundled": the package's).
    """
    if (cases is None) != (corpus is None):
        raise CasesError("--cases and --corpus go together: give the questions and the texts that they are about")
    wanted = [(name, HERE / f"{name}.jsonl", [texts]) for name, texts in SUITES.items()]
    named = os.environ.get("RAG_READER", "") if reader is None else reader.removeprefix("bundled")
    settings = Settings.model_validate({"reader": named})
    if cases is not None and corpus is not None:
        wanted = [(cases.stem, cases, list(corpus))]
        settings = Settings.load(corpus=(), index_dir=None)
    attempts: list[str] = []
    with closed_network(attempts):
        encoder = load_encoder()
    folder = Path(tempfile.mkdtemp(prefix="rag-evals-"))
    try:
        yield [
            open_suite(name, file, texts, folder / name, settings, encoder, attempts) for name, file, texts in wanted
        ]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _record(suites: Sequence[Suite], twice: bool = True) -> list[Recording]:
    """Every suite asked (`twice`: again, and without a threshold), with a progress bar on standard error."""
    recordings = []
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        for suite in suites:
            task = bar.add_task(suite.name, total=len(suite.cases))
            recordings.append(record(suite, twice, step=partial(_advance, bar, task)))
    return recordings


def _advance(bar: Progress, task: TaskID, done: int, total: int) -> None:
    bar.update(task, completed=done, total=total)


def _write(out: Path, report: Report, recordings: Sequence[Recording], html: str) -> None:
    seconds = {f"{r.suite.name}/{case_id}": time for r in recordings for case_id, time in r.seconds.items()}
    try:
        out.mkdir(parents=True, exist_ok=True)
        (out / "report.json").write_text(report.model_dump_json(indent=1) + "\n", encoding="utf-8")
        (out / "timings.json").write_text(json.dumps(seconds, indent=1) + "\n", encoding="utf-8")
        (out / "report.html").write_text(html, encoding="utf-8")
        write_junit(out / "junit.xml", report.outcomes, seconds)
    except OSError as error:
        raise CasesError(f"the reports cannot be written to {out} ({error.strerror}): choose another --out") from error
