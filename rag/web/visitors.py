"""What the page keeps of each visitor, in a folder under an opaque random id; the browser holds only the id.

    VISITORS_DIR/ID/visit.json    the conversation and what it is asked of, replaced in one step
    VISITORS_DIR/ID/index/        the index of the texts that the visitor brought
    VISITORS_DIR/ID/lock          held while it changes
    VISITORS_DIR/ID.left          an empty file, while a server that did not answer still has the vectors

An id is 32 hexadecimal digits and whoever knows it is the visitor, so ids are never shown or logged. What
does not look like an id gets a new one: no path can be made of it.
"""

from __future__ import annotations

import logging
import os
import re
import secrets
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Literal

from filelock import FileLock
from pydantic import Field, ValidationError

from rag.errors import ServeError
from rag.schema import Frozen
from rag.settings import Settings
from rag.web.entries import Entries
from rag.web.feedback import Thumb

log = logging.getLogger("rag")
_ID = re.compile(r"[0-9a-f]{32}")
_DAY = 86_400
_LOCKS = 64


class Visit(Frozen):
    """What is kept of one visitor."""

    entries: Entries = ()
    corpus: Literal["shared", "own"] = "shared"
    """What is asked: the served corpus, or the texts that the visitor brought."""
    chosen: tuple[str, ...] = ()
    """The ids of the documents that questions are restricted to; empty for all."""
    thumbs: dict[int, Thumb] = Field(default={})
    """What the visitor thinks of answers, by turn, from 1."""


def visitors_dir(settings: Settings) -> Path:
    """The folder of what is kept, by default in the user's cache folder."""
    from platformdirs import user_cache_path

    return settings.visitors_dir or user_cache_path("spanproof") / "visitors"


class Visitors:
    """The folders of all visitors. May be used from several threads and processes."""

    def __init__(self, folder: Path, days: int) -> None:
        """`days` after the last visit, a visitor has `expired`."""
        self._folder = folder
        self._days = days
        self._forgotten: set[str] = set()

    @classmethod
    def of(cls, settings: Settings) -> Visitors:
        """The visitors that these settings name, by default in the user's cache folder."""
        return cls(visitors_dir(settings), settings.visitor_days)

    def identified(self, given: object) -> str:
        """`given` if it is an id of somebody not forgotten, else a new one."""
        known = isinstance(given, str) and _ID.fullmatch(given) and given not in self._forgotten
        return str(given) if known else secrets.token_hex(16)

    def is_forgotten(self, visitor: str) -> bool:
        """Whether all of the visitor was deleted: what is still under way for them must not bring it back."""
        return visitor in self._forgotten

    def lock(self, visitor: str) -> FileLock:
        """Held while the visitor's texts change; outside of the folder, which may be deleted meanwhile."""
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return FileLock(self._folder / f"texts-{int(visitor[:2], 16) % _LOCKS}.lock")

    def folder(self, visitor: str) -> Path:
        """The visitor's folder, whether it exists or not. Raises ValueError for what is no id."""
        if not _ID.fullmatch(visitor):
            raise ValueError("not the id of a visitor")
        return self._folder / visitor

    def read(self, visitor: str) -> Visit:
        """What is kept; an empty Visit where nothing is, or where the file is damaged (that one is set aside)."""
        file = self.folder(visitor) / "visit.json"
        try:
            return Visit.model_validate_json(file.read_bytes())
        except FileNotFoundError:
            return Visit()
        except ValidationError:
            log.warning("a conversation could not be read; it was set aside as visit.json.damaged in %s", self._folder)
            file.replace(file.with_suffix(".json.damaged"))
            return Visit()
        except OSError as error:
            raise self._unusable(error) from error

    def change(self, visitor: str, make: Callable[[Visit], Visit]) -> Visit:
        """Replace what is kept by what `make` makes of it; nobody else changes it meanwhile. Raises ServeError."""
        folder = self.folder(visitor)
        if self.is_forgotten(visitor):
            return make(Visit())
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with FileLock(folder / "lock"):
                visit = make(self.read(visitor))
                _replace(folder / "visit.json", visit.model_dump_json().encode("utf-8", "surrogatepass"))
        except OSError as error:
            raise self._unusable(error) from error
        return visit

    def touch(self, visitor: str) -> None:
        """Count this moment as a visit."""
        with suppress(OSError):
            os.utime(self.folder(visitor) / "visit.json")

    def forget(self, visitor: str) -> None:
        """Delete all that is kept of the visitor, and keep nothing more."""
        self._forgotten.add(visitor)
        shutil.rmtree(self.folder(visitor), ignore_errors=True)

    def expired(self) -> Iterator[str]:
        """The visitors whose last visit is longer ago than is promised."""
        for folder in self._folder.glob("*/"):
            if _ID.fullmatch(folder.name) and time.time() - _last_used(folder) > self._days * _DAY:
                yield folder.name

    def note_left(self, visitor: str, done: bool = False) -> None:
        """Remember that a server still has the visitor's vectors; or, `done`, that it has them no more."""
        mark = self._folder / f"{visitor}.left"
        with suppress(OSError):
            mark.unlink(missing_ok=True) if done else mark.touch(mode=0o600)

    def left(self) -> Iterator[str]:
        """The visitors of whom a server still has vectors."""
        yield from [mark.stem for mark in self._folder.glob("*.left") if _ID.fullmatch(mark.stem)]

    def _unusable(self, error: OSError) -> ServeError:
        return ServeError(
            f"conversations cannot be kept in {self._folder} ({error.strerror or type(error).__name__}): "
            "make it writable, or choose another folder with RAG_VISITORS_DIR"
        )


def without_id(message: str, visitor: str) -> str:
    """An error's message in one line, for the page: a folder in it must not show the visitor's id."""
    return " ".join(message.split()).replace(visitor, "…")


def _last_used(folder: Path) -> float:
    """When a file right in the folder changed last, in seconds since 1970."""
    try:
        return max((path.stat().st_mtime for path in folder.iterdir()), default=folder.stat().st_mtime)
    except OSError:
        return time.time()  # being deleted, or not ours to judge


def _replace(file: Path, data: bytes) -> None:
    new = file.with_name(f"{file.name}.{secrets.token_hex(4)}.new")
    with new.open("wb") as written:
        written.write(data)
        written.flush()
        os.fsync(written.fileno())
    new.replace(file)
