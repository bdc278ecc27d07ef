"""What the commands of the training share: an error is one line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rag.errors import RagError


@contextmanager
def errors_in_one_line() -> Iterator[None]:
    """Ends the program with status 1 and one line on stderr where a RagError is raised within."""
    try:
        yield
    except RagError as error:
        raise SystemExit(f"error: {' '.join(str(error).split())}") from None
