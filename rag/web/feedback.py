"""What visitors think of answers: one line each in a JSON Lines file, which `python -m evals new --feedback` reads."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from filelock import FileLock

from rag.errors import ServeError
from rag.schema import Answer, Frozen, valid_unicode

Thumb = Literal["up", "down"]
MAX_NOTE = 1000
"""Characters kept of a note."""


class Judgement(Frozen):
    """One line of the file. `by` tells the lines of one visitor apart from others', and nothing else of them."""

    by: str
    turn: int
    at: str
    thumb: Thumb
    note: str = ""
    answer: Answer


class Feedback:
    """The file. May be used from several threads and processes."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def record(self, visitor: str, turn: int, answer: Answer, thumb: Thumb, note: str = "") -> None:
        """Append what a visitor thinks of an answer, in place of what they said of it before. Raises ServeError.

        A note stays when the same thumb comes again without one. The passages that were considered are left out:
        the quotes are enough to draft a case.
        """
        judgement = Judgement(
            by=_pseudonym(visitor),
            turn=turn,
            at=datetime.now(UTC).isoformat(timespec="seconds"),
            thumb=thumb,
            note=valid_unicode(" ".join(note.split()))[:MAX_NOTE],
            answer=answer.model_copy(update={"passages": ()}),
        )
        self._rewrite(lambda lines: _with(lines, judgement))

    def forget(self, visitor: str, document_id: str | None = None) -> None:
        """Delete the lines of a visitor, or those of them that quote a document. Raises ServeError."""
        if self.file.exists():
            self._rewrite(lambda lines: [line for line in lines if not _is_about(line, visitor, document_id)])

    def _rewrite(self, make: Callable[[list[str]], list[str]]) -> None:
        """Replace the file's lines by what `make` makes of them, in one step."""
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(self.file.with_name(self.file.name + ".lock")):
                text = self.file.read_text("utf-8") if self.file.exists() else ""
                new = self.file.with_name(self.file.name + ".new")
                lines = make([line for line in text.split("\n") if line])
                new.write_text("".join(line + "\n" for line in lines), "utf-8", newline="\n")
                os.replace(new, self.file)
        except OSError as error:
            raise ServeError(
                f"feedback cannot be written to {self.file} ({error.strerror or type(error).__name__}): "
                "make it writable, or choose another file with RAG_FEEDBACK_FILE"
            ) from error


def _pseudonym(visitor: str) -> str:
    """A name that says nothing of the id, which is the visitor's key."""
    return hashlib.sha256(f"feedback {visitor}".encode()).hexdigest()[:16]


def _with(lines: list[str], new: Judgement) -> list[str]:
    """The lines with one more, in place of the one about the same answer; those that are not ours stay."""
    kept = []
    for line in lines:
        old = _parsed(line)
        if old is None or (old.by, old.turn, old.answer.question) != (new.by, new.turn, new.answer.question):
            kept.append(line)
        elif old.thumb == new.thumb and not new.note:
            new = new.model_copy(update={"note": old.note})
    return [*kept, new.model_dump_json()]


def _is_about(line: str, visitor: str, document_id: str | None) -> bool:
    old = _parsed(line)
    if old is None or old.by != _pseudonym(visitor):
        return False
    quoted = {span.document_id for span in (*old.answer.citations, old.answer.nearest) if span}
    return document_id is None or document_id in quoted


def _parsed(line: str) -> Judgement | None:
    try:
        return Judgement.model_validate_json(line)
    except ValueError:
        return None
