"""Files and pasted words to Documents of a visitor: named as the person named them, the upload itself deleted."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from rag.errors import LoadError
from rag.loading import load_file
from rag.schema import Document, is_unicode

_TITLE = 60


def read_uploads(paths: Sequence[str]) -> tuple[list[Document], list[str]]:
    """The Documents of uploaded files, and one line for each that cannot be read; the files are gone afterwards."""
    documents, problems = [], []
    for path in map(Path, paths):
        try:
            documents.append(load_file(path).model_copy(update={"source": path.name}))
        except LoadError as error:
            problems.append(" ".join(str(error).replace(str(path), path.name).split()))
        finally:
            _delete(path)
    return documents, problems


def pasted(text: str, most: int) -> Document:
    """Pasted words as a Document, its first line the title. Raises LoadError: nothing in it, or over `most` bytes."""
    if not any(map(str.isalnum, text)):
        raise LoadError("there is nothing to add: paste a text first")
    if not is_unicode(text):
        raise LoadError("the pasted text is not valid Unicode (it has a lone surrogate): clean it")
    if len(text.encode()) > most:
        raise LoadError(f"the pasted text is larger than {most // 1_000_000} MB: split it into smaller ones")
    first = " ".join(text.strip().splitlines()[0].split())
    return Document(title=first if len(first) <= _TITLE else f"{first[:_TITLE].rstrip()}…", text=text)


def _delete(path: Path) -> None:
    with suppress(OSError):
        path.unlink()
        path.parent.rmdir()  # gradio makes one for each upload
