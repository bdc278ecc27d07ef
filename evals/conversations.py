"""Conversations of three turns: is a follow-up answered as well as the question that stands alone?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from rich.console import Console
from rich.table import Table

from evals.cases import Case, CasesError, Evidence, Strict
from evals.metrics import Figure, figure, judge
from evals.run import Suite, closed_network
from rag.jsonl import read_lines
from rag.pipeline import Pipeline
from rag.schema import Answer, Document, Message, Rewritten

FILE = Path(__file__).resolve().parent / "conversations.jsonl"
Split = Literal["dev", "test"]
SPLITS: tuple[Split, ...] = ("dev", "test")
TO_REACH = 0.9
"""The share of conversations whose later turns are to be answered as well as in their standalone forms."""


class TalkTurn(Strict):
    """One question of a conversation; `evidence` are exact words of its document, any of them will do."""

    question: str
    standalone: str
    """The question as one who did not know the conversation would ask it."""
    answers: tuple[str, ...]
    evidence: tuple[str, ...]
    refers: bool
    """Whether it leans on what came before; a change of topic does not."""
    note: str = ""


class Talk(Strict):
    """A conversation about one document, named by its file."""

    id: str
    document: str
    split: Split
    turns: tuple[TalkTurn, ...]


@dataclass(frozen=True)
class LaterTurn:
    """How the second or third turn of a conversation was answered, and how its standalone form, asked alone."""

    talk: Talk
    turn: TalkTurn
    right: bool
    right_alone: bool
    changed: bool
    """Whether something else was searched for than without the conversation."""

    @property
    def as_good(self) -> bool:
        """Right, or no worse than the standalone form."""
        return self.right or not self.right_alone


@dataclass(frozen=True)
class Way:
    """A way of asking: in the one document or the whole corpus, with the default threshold or without any."""

    name: str
    scoped: bool
    threshold: bool


WAYS = tuple(
    Way(
        f"{'its document' if scoped else 'whole corpus'}, {'default' if threshold else 'no'} threshold",
        scoped,
        threshold,
    )
    for scoped in (True, False)
    for threshold in (False, True)
)


def load_talks(path: Path, documents: Mapping[str, Document]) -> list[Talk]:
    """The conversations of a JSON Lines file. Raises CasesError for a malformed line or words that stand nowhere."""
    talks = [talk for _, talk in read_lines(path, Talk, CasesError)]
    for talk in talks:
        if talk.document not in documents:
            raise CasesError(f"{path}: {talk.id}: no document {talk.document} in the corpus: correct the name")
        text = documents[talk.document].text
        loose = [words for turn in talk.turns for words in turn.evidence if words not in text]
        if loose:
            raise CasesError(f"{path}: {talk.id}: {talk.document} does not say {loose[0][:60]!r}: quote it exactly")
    return talks


def is_right(talk: Talk, turn: TalkTurn, answer: Answer, documents: Mapping[str, Document]) -> bool:
    """Whether a citation meets the evidence and the short answer, or the yes or no, is an accepted one."""
    document = documents[talk.document]
    places = [(document.text.index(words), words) for words in turn.evidence]
    case = Case(
        id=talk.id,
        document=talk.document,
        sha256=document.sha256,
        question=turn.question,
        kind="follow_up",
        answerable=True,
        answers=turn.answers,
        evidence=tuple(
            Evidence(document=talk.document, start=start, end=start + len(words), text=words) for start, words in places
        ),
    )
    said = [case, *(case.model_copy(update={"polarity": way}) for way in ("yes", "no") if way in turn.answers)]
    return any(judge(one, answer, documents, "conversations").passed for one in said)


def hold(talk: Talk, pipeline: Pipeline, documents: Mapping[str, Document], scoped: bool) -> list[LaterTurn]:
    """Ask the turns in order, with the pipeline's answers as history; each later one also in its standalone form."""
    scope = [documents[talk.document].id] if scoped else None
    history: list[Message] = []
    later = []
    for number, turn in enumerate(talk.turns):
        answer = pipeline.ask(turn.question, history, scope)
        if number:
            alone = pipeline.ask(turn.standalone, (), scope)
            plain = next(iter(pipeline.stream(turn.question, (), scope)))
            right, right_alone = (is_right(talk, turn, one, documents) for one in (answer, alone))
            changed = isinstance(plain, Rewritten) and answer.searched_for != plain.searched_for
            later.append(LaterTurn(talk, turn, right, right_alone, changed))
        history += [Message(role="user", content=turn.question), Message(role="assistant", content=answer.text)]
    return later


def figures(later: Sequence[LaterTurn]) -> dict[str, Figure]:
    """The figures over the later turns of some conversations, by name."""
    follow_ups = [one for one in later if one.turn.refers]
    ids = dict.fromkeys(one.talk.id for one in later)
    whole = [all(one.as_good for one in later if one.talk.id == talk_id) for talk_id in ids]
    return {
        "conversations as good throughout": figure(whole),
        "follow-ups as good as standalone": figure(one.as_good for one in follow_ups),
        "follow-ups right": figure(one.right for one in follow_ups),
        "their standalone forms right": figure(one.right_alone for one in follow_ups),
        "follow-ups rewritten": figure(one.changed for one in follow_ups),
        "changes of topic left alone": figure(not one.changed for one in later if not one.turn.refers),
    }


def bench_conversations(
    suites: Iterable[Suite], splits: Sequence[Split], console: Console, path: Path = FILE
) -> dict[tuple[Split, str], dict[str, Figure]]:
    """Hold every conversation of the splits in all four WAYS, the network closed, and print the figures."""
    suites = list(suites)
    documents = {name: document for suite in suites for name, document in suite.documents.items()}
    talks = [talk for talk in load_talks(path, documents) if talk.split in splits]
    measured: dict[tuple[Split, str], dict[str, Figure]] = {}
    attempts: list[str] = []
    with closed_network(attempts):
        for way in WAYS:
            later = [one for suite in suites for one in _held(suite, way, talks)]
            for split in splits:
                measured[split, way.name] = figures([one for one in later if one.talk.split == split])
    if attempts:
        raise CasesError(f"the network was tried: {attempts[0]}")
    for split in splits:
        console.print(_table(split, {way.name: measured[split, way.name] for way in WAYS}))
    return measured


def _held(suite: Suite, way: Way, talks: Sequence[Talk]) -> Iterable[LaterTurn]:
    open_ended = suite.pipeline if way.threshold else suite.pipeline.configured(min_confidence=0.0, sure_confidence=0.0)
    for talk in talks:
        if talk.document in suite.documents:
            yield from hold(talk, open_ended, suite.documents, way.scoped)


def _table(split: Split, measured: Mapping[str, Mapping[str, Figure]]) -> Table:
    table = Table(title=f"conversations, {split} split (to reach: {TO_REACH:.2f} of them as good throughout)")
    table.add_column("asked in")
    names = list(next(iter(measured.values())))
    for name in names:
        table.add_column(name, justify="right")
    for way, found in measured.items():
        table.add_row(way, *(_shown(found[name]) for name in names))
    return table


def _shown(found: Figure) -> str:
    if found.value is None:
        return "-"
    return f"{found.value:.2f}\n({found.low:.2f} to {found.high:.2f})\nof {found.n}"
