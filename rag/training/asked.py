"""Questions asked of short texts as people ask them, written for this project: `rag/training/asked/`.

Each part is a folder of texts and of questions about them, in JSON lines; the texts of different parts have nothing
in common, nor with those of `evals/`. Half the questions use other words than the text, two in five ask what it
only almost says: what public data lacks. One part trains, one calibrates, one tests.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from rag.errors import LoadError
from rag.jsonl import read_lines
from rag.schema import Document, Frozen, Passage, Polarity, Span
from rag.settings import Settings
from rag.splitting import split
from rag.training.card import written_here
from rag.training.data import Example, GoldSpan, Part

FOLDER = Path(__file__).resolve().parent / "asked"
Kind = Literal["fact", "number", "date", "place", "person", "why", "how", "list", "quote", "yes_no"]
IN_WORDS: frozenset[Kind] = frozenset({"why", "how", "list", "quote"})
"""Kinds whose answer is right with its sentence: the words that are cut from it may be more or fewer."""
_BETWEEN = re.compile(r"(?:[^.!?;\n]{0,30}(?:,|\b(?:and|or|as well as|plus)\b)[^.!?;\n]{0,20})?")
"""What stands between two items of an enumeration; nothing between words that stand twice among the answers."""


def source() -> dict[str, str]:
    """What the model card says of the part that trains."""
    files = sorted(path for path in (FOLDER / "train").rglob("*") if path.is_file())
    return written_here(files, "rag/training/asked/train")


class Asked(Frozen):
    """A line of `questions.jsonl`. `answers` and `evidence` are exact words of the text, none where it does not say."""

    id: str
    text: str
    """The name of its file."""
    question: str
    kind: Kind
    answerable: bool
    answers: tuple[str, ...]
    evidence: tuple[str, ...]
    polarity: Polarity | None
    note: str = ""


class Reworded(Frozen):
    """A line of `rewordings.jsonl`: the same question in other words, for the same answer."""

    id: str
    wordings: tuple[str, ...]


@dataclass(frozen=True)
class Query:
    """A question with its text, and where the text says the answer and what it rests on."""

    asked: Asked
    document: Document
    answers: tuple[Span, ...]
    evidence: tuple[Span, ...]


def queries(part: Part, folder: Path = FOLDER) -> list[Query]:
    """The questions of a part. Raises LoadError for a line that is malformed or quotes what does not stand there."""
    path = folder / part / "questions.jsonl"
    texts = {file.name: words_of(file) for file in sorted((folder / part / "texts").glob("*.txt"))}
    documents = {name: Document(title=text.split("\n", 1)[0].strip(), text=text) for name, text in texts.items()}
    found = []
    for number, asked in read_lines(path, Asked, LoadError):
        try:
            found.append(_query(asked, documents[asked.text]))
        except (ValueError, KeyError) as error:
            raise LoadError(f"{path}:{number}: {error}: correct the line") from error
    return found


def rewordings(part: Part, folder: Path = FOLDER) -> dict[str, tuple[str, ...]]:
    """Other wordings of a part's questions by their ids; none where nobody wrote any. Raises LoadError."""
    path = folder / part / "rewordings.jsonl"
    if not path.is_file():
        return {}
    return {reworded.id: reworded.wordings for _, reworded in read_lines(path, Reworded, LoadError)}


def words_of(path: Path) -> str:
    """The words of a text. Raises LoadError."""
    try:
        return path.read_text("utf-8")
    except OSError as error:
        raise LoadError(f"{path} cannot be read ({error.strerror}): restore it from the repository") from error


def _query(asked: Asked, document: Document) -> Query:
    evidence = tuple(_span(words, document.text) for words in asked.evidence)
    if asked.answerable != bool(evidence) or (asked.answerable and asked.kind == "yes_no") != bool(asked.polarity):
        raise ValueError(f"{asked.id} must have evidence, and yes or no, exactly where it is answerable")
    answers = evidence if asked.kind == "yes_no" else tuple(_within(w, document.text, evidence) for w in asked.answers)
    return Query(asked, document, answers, evidence)


def _span(words: str, text: str, start: int = 0) -> Span:
    found = text.find(words, start)
    if found < 0:
        raise ValueError(f"{words[:60]!r} does not stand in the text")
    return Span(start=found, end=found + len(words))


def _within(words: str, text: str, evidence: Sequence[Span]) -> Span:
    """Where the words stand in the evidence, else where they stand first."""
    starts = [found for span in evidence if 0 <= (found := text.find(words, span.start)) < span.end]
    return _span(words, text, min(starts, default=0))


@cache
def passages_of(document: Document) -> tuple[Passage, ...]:
    """The document as the pipeline cuts it."""
    return tuple(split(document, Settings.model_fields["passage_chars"].default))


def _joined(query: Query) -> tuple[Span, ...]:
    """The answers, those with hardly more than a comma or "and" between them as one."""
    found: list[Span] = []
    for span in sorted(query.answers, key=lambda one: one.start):
        if found and _BETWEEN.fullmatch(query.document.text[found[-1].end : max(found[-1].end, span.start)]):
            found[-1] = Span(start=found[-1].start, end=max(found[-1].end, span.end))
        else:
            found.append(span)
    return tuple(found)


def examples(query: Query) -> list[Example]:
    """The question over each passage of its text, with the answers that stand in it; what is found nowhere is none.

    The items of an enumeration are one answer, from the first to the last.
    """
    answers = _joined(query) if query.asked.kind == "list" else query.answers
    return [
        Example(
            id=query.asked.id,
            question=query.asked.question,
            title=query.document.title,
            context=passage.text,
            answers=tuple(
                GoldSpan(text=query.document.text[s.start : s.end], start=s.start - passage.start)
                for s in answers
                if passage.start <= s.start and s.end <= passage.end
            ),
        )
        for passage in passages_of(query.document)
    ]
