"""The same question put otherwise: does a greeting, a form of words or a full name change what is shown?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Sequence

from rich.console import Console
from rich.progress import track
from rich.table import Table

from evals.asked import Reply, pipeline_over
from evals.metrics import figure
from evals.run import closed_network
from rag.questions.phrasing import AUXILIARY, QUESTION_WORD
from rag.schema import Document
from rag.training.asked import Query, queries
from rag.training.data import PARTS

Form = Callable[[str, Document], str]
_PERSON = re.compile(r"\b([A-Z][a-zà-ÿ]+) ([A-Z][\w'-]*[a-zà-ÿ])\b")
_NO_PERSON = re.compile(
    r"(?:The|At|On|In|For|From|When|And|But|Mr|Mrs|Ms|Miss|Dr|Sir|Lady|Lord|Prime|Minister|President|Captain|Mayor|Professor"
    r"|General|New|Old|North|South|East|West|Port|Lake|Mount|Saint|Hotel)\b"
)


def _within(question: str) -> str:
    """The question as it goes on behind other words; "I" and names keep their capital."""
    begins = re.match(f"{QUESTION_WORD}|{AUXILIARY}", question, re.IGNORECASE)
    return question[:1].lower() + question[1:] if begins else question


def with_full_names(question: str, document: Document) -> str:
    """The question with the first name before each surname that the text also uses alone, and for one person only."""
    first: dict[str, set[str]] = defaultdict(set)
    for found in _PERSON.finditer(document.text):
        if not _NO_PERSON.match(found[0]):
            first[found[2]].add(found[1])
    for surname, names in first.items():
        name = next(iter(names))
        if len(names) == 1 and name not in question and re.search(rf"(?<!{name} )\b{surname}\b", document.text):
            question = re.sub(rf"\b{re.escape(surname)}\b", f"{name} {surname}", question)
    return question


PLAIN, NAMED = "as it was written", "with full names"
FORMS: dict[str, Form] = {
    PLAIN: lambda question, _: question,
    "Hi! ...": lambda question, _: f"Hi! {question}",
    "... Thanks!": lambda question, _: f"{question} Thanks!",
    "Quick question: ...": lambda question, _: f"Quick question: {_within(question)}",
    "I was wondering, ...": lambda question, _: f"I was wondering, {_within(question)}",
    "... according to the text?": lambda question, _: f"{question.rstrip('?')} according to the text?",
    "in quotation marks": lambda question, _: f'"{question}"',
    "in capitals": lambda question, _: question.upper(),
    "in small letters, without a mark": lambda question, _: question.lower().rstrip("?"),
    NAMED: with_full_names,
}
Pairs = dict[str, list[tuple[Reply, Reply]]]
"""By form the replies to the question as it was written and in that form, where its words differ."""


def bench_forms(console: Console) -> Pairs:
    """Ask the questions that test in every form, the network closed; print the table.

    Those with full names come from all parts, for hardly one that tests names somebody whose full name its text has:
    most of these the weights have read.
    """
    named = [query for part in PARTS for query in queries(part) if _in_form(NAMED, query) != query.asked.question]
    attempts: list[str] = []
    with closed_network(attempts):
        paired = _asked(queries("test"), [form for form in FORMS if form != NAMED]) | _asked(named, [NAMED])
    console.print(_table(paired))
    return paired


def _in_form(form: str, query: Query) -> str:
    return FORMS[form](query.asked.question, query.document)


def _asked(found: Sequence[Query], forms: Sequence[str]) -> Pairs:
    paired: Pairs = {form: [] for form in forms}
    if not found:
        return paired
    with pipeline_over(found) as pipeline:
        for query in track(found, "questions", console=Console(stderr=True), transient=True):
            plain, *others = [
                Reply(query, pipeline.ask(words, documents=[query.document.id]))
                for words in (query.asked.question, *(_in_form(form, query) for form in forms if form != PLAIN))
            ]
            for form, other in zip((form for form in forms if form != PLAIN), others, strict=True):
                if other.answer.question != plain.answer.question:
                    paired[form].append((plain, other))
            if PLAIN in paired:
                paired[PLAIN].append((plain, plain))
    return paired


def _table(paired: Pairs) -> Table:
    columns = (
        "questions",
        "answered the same",
        "right answer shown (as written)",
        "unanswerable answered (as written)",
    )
    table = Table("", *columns, title="written questions in other forms, default settings")
    for form, pairs in paired.items():
        same = figure(
            (plain.shown, plain.answer.citations[:1]) == (other.shown, other.answer.citations[:1])
            and (not plain.shown or plain.answer.short_spans == other.answer.short_spans)
            for plain, other in pairs
        )
        shown = [_share([r[i].right and r[i].shown for r in pairs if r[0].answerable]) for i in (1, 0)]
        false = [_share([r[i].shown for r in pairs if not r[0].answerable]) for i in (1, 0)]
        told = "-" if same.value is None else f"{same.value:.3f}"
        table.add_row(form, str(len(pairs)), told, "{} ({})".format(*shown), "{} ({})".format(*false))
    return table


def _share(flags: Sequence[bool]) -> str:
    return f"{sum(flags) / len(flags):.3f}" if flags else "-"
