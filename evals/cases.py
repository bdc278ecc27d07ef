"""Evaluation cases: questions with the exact spans that answer them, refused unless every span matches."""

from __future__ import annotations

import difflib
import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Literal, Self

from pydantic import ConfigDict, Field, RootModel, model_validator

from rag.errors import RagError
from rag.jsonl import parsed, read_lines
from rag.schema import Document, Frozen, Message, Polarity, Span

Kind = Literal[
    "fact",
    "number",
    "date",
    "quote",
    "list",
    "count",
    "comparison",
    "reason",
    "yes_no",
    "paraphrase",
    "typo",
    "keyword",
    "follow_up",
    "summary",
    "near_miss",
    "far",
    "false_premise",
    "instruction",
    "contradiction",
    "isolation",
]
Split = Literal["dev", "gate"]
UNANSWERABLE = ("near_miss", "far", "false_premise")
_ALIKE = 0.9
_DEV_SHARE = 0.3


class CasesError(RagError):
    """The cases cannot be used: a malformed line, a span that does not anchor, two questions alike."""


class Strict(Frozen):
    """A value whose unknown fields are an error: a misspelt one must not go unnoticed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Evidence(Strict, Span):
    """A span that supports the answer: `document.text[start:end] == text`.

    Evidence of one `group` are alternatives, any of them will do; every group is needed.
    """

    document: str
    text: str
    group: int = 1


class Case(Strict):
    """One question. `document` is a file name of the corpus, `sha256` of its text; see docs/evaluation.md."""

    id: str
    document: str
    sha256: str
    question: str
    kind: Kind
    history: tuple[Message, ...] = ()
    answerable: bool
    answers: tuple[str, ...] = ()
    """Accepted short answers; empty for the unanswerable and for summaries."""
    items: tuple[str, ...] = ()
    """For a list: everything that must be named."""
    polarity: Polarity | None = None
    evidence: tuple[Evidence, ...] = ()
    scope: tuple[str, ...] = ()
    """File names that the question is restricted to; empty is the whole corpus."""
    must_not_say: tuple[str, ...] = ()
    must_pass: bool = False
    split: Split = Field(default="gate")
    note: str = ""

    @model_validator(mode="after")
    def _is_consistent(self) -> Self:
        if self.answerable and not self.evidence:
            raise ValueError("says answerable and has no evidence")
        if self.answerable and self.kind != "summary" and not (self.answers or self.items):
            raise ValueError("says answerable and accepts no answer")
        if not self.answerable and (self.answers or self.items or self.evidence):
            raise ValueError("says unanswerable and has an answer")
        if self.answerable and self.kind in UNANSWERABLE:
            raise ValueError(f"says answerable and is of kind {self.kind}")
        if not self.question.strip():
            raise ValueError("the question is blank: complete the draft")
        return self

    @property
    def groups(self) -> dict[int, list[Evidence]]:
        """The evidence by group, in order."""
        grouped: dict[int, list[Evidence]] = {}
        for evidence in self.evidence:
            grouped.setdefault(evidence.group, []).append(evidence)
        return grouped


def name_of(document: Document) -> str:
    """The file name of a document's source; its id, for a text made in memory."""
    return Path(document.source).name if document.source else document.id


def by_name(documents: Iterable[Document]) -> dict[str, Document]:
    """Documents by their names.

    Raises CasesError where two have the same name: cases go by it.
    """
    named: dict[str, Document] = {}
    for document in documents:
        name = name_of(document)
        if name in named:
            raise CasesError(f"two texts are called {name}: rename one, or give fewer texts")
        named[name] = document
    return named


def load_cases(path: Path, documents: Mapping[str, Document]) -> list[Case]:
    """The cases of a JSON Lines file, checked against `documents` by file name.

    Raises CasesError naming file and line for a malformed one; naming every case whose text moved; for the
    same id twice; for two questions that are nearly the same; for a file without a case.
    """
    cases = [case for _, case in read_lines(path, Case, CasesError)]
    if not cases:
        raise CasesError(f"{path} holds no case: add some, or draft them with `python -m evals new`")
    moved = [f"{case.id} ({problem})" for case in cases if (problem := _anchor_problem(case, documents))]
    if moved:
        raise CasesError(
            f"{path}: {len(moved)} of {len(cases)} cases do not anchor in their text: {'; '.join(moved[:8])}"
            f"{' ...' if len(moved) > 8 else ''}: re-anchor them by their text with `python -m evals anchor {path}`"
        )
    _refuse_twins(path, cases)
    return cases


def anchor(path: Path, documents: Mapping[str, Document]) -> tuple[list[Case], list[str]]:
    """The cases of a file anchored anew by the text of their evidence, and why some cannot be.

    Offsets, hashes and a missing split are filled in; evidence must stand exactly once in its document.
    """
    cases, problems = [], []
    for number, raw in read_lines(path, RootModel[dict[str, object]], CasesError):
        try:
            anchored = json.dumps(_anchored(raw.root, documents))
            cases.append(parsed(anchored, Case, CasesError, f"{path}:{number}"))
        except LookupError as error:
            problems.append(f"{path}:{number}: {raw.root.get('id')}: {error}")
    return cases, problems


def write_cases(path: Path, cases: Sequence[Case]) -> None:
    """Write JSON Lines, one case a line, all or nothing."""
    new = path.with_suffix(".new")
    new.write_text("".join(case.model_dump_json() + "\n" for case in cases), encoding="utf-8")
    new.replace(path)


def split_of(case_id: str) -> Split:
    """`dev` for three in ten ids, by their hash; `gate` for the others."""
    return "dev" if int(hashlib.sha256(case_id.encode()).hexdigest()[:8], 16) % 100 < 100 * _DEV_SHARE else "gate"


def _anchor_problem(case: Case, documents: Mapping[str, Document]) -> str | None:
    for name in (case.document, *case.scope, *(evidence.document for evidence in case.evidence)):
        if name not in documents:
            return f"no document {name}"
    if documents[case.document].sha256 != case.sha256:
        return f"{case.document} has changed"
    for evidence in case.evidence:
        if documents[evidence.document].text[evidence.start : evidence.end] != evidence.text:
            return f"{evidence.document}[{evidence.start}:{evidence.end}] is not its evidence"
        if case.scope and evidence.document not in case.scope:
            return f"evidence in {evidence.document}, outside the scope"
    return None


def _anchored(raw: Mapping[str, object], documents: Mapping[str, Document]) -> dict[str, object]:
    """A raw case with offsets, hash and split filled in.

    Raises LookupError saying what it lacks: a document, the words of its evidence, or these once in the document.
    """
    own = raw.get("document")
    document = _named(own, documents)
    evidence = []
    given = raw.get("evidence", ())
    for item in given if isinstance(given, Sequence) else ():
        if not isinstance(item, Mapping) or "text" not in item:
            raise LookupError('an evidence has no "text": give the words that answer')
        name, words = item.get("document", own), str(item["text"])
        text = _named(name, documents).text
        if text.count(words) != 1:
            raise LookupError(f"its evidence stands {text.count(words)} times in {name}: {words[:60]!r}")
        start = text.index(words)
        evidence.append({**item, "document": name, "start": start, "end": start + len(words)})
    filled = {"evidence": evidence, "sha256": document.sha256}
    return {"split": split_of(str(raw.get("id"))), **raw, **filled}


def _named(name: object, documents: Mapping[str, Document]) -> Document:
    """The document of that name. Raises LookupError."""
    if name is None:
        raise LookupError('it has no "document": name the file that it is about')
    if str(name) not in documents:
        raise LookupError(f"no document {name} in the corpus: correct the name")
    return documents[str(name)]


def _refuse_twins(path: Path, cases: Sequence[Case]) -> None:
    seen: dict[str, Case] = {}
    for case in cases:
        if case.id in seen:
            raise CasesError(f"{path}: the id {case.id} stands twice: rename one")
        seen[case.id] = case
    keyed = [(re.sub(r"\W+", " ", case.question.lower()).strip(), case) for case in cases]
    for position, (words, case) in enumerate(keyed):
        for other_words, other in keyed[:position]:
            if (case.history, case.scope) == (other.history, other.scope) and _alike(words, other_words):
                raise CasesError(f"{path}: {other.id} and {case.id} ask nearly the same: {case.question!r}: drop one")


def _alike(first: str, second: str) -> bool:
    if first == second:
        return True
    matcher = difflib.SequenceMatcher(None, first, second)
    return matcher.real_quick_ratio() > _ALIKE and matcher.quick_ratio() > _ALIKE and matcher.ratio() > _ALIKE
