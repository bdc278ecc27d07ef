"""JSON Lines to checked values: a model for each line of a file."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from rag.errors import RagError

Model = TypeVar("Model", bound=BaseModel)


def read_lines(path: Path, model: type[Model], failure: type[RagError]) -> Iterator[tuple[int, Model]]:
    """Each line of a file, gzip or plain, with its number; blank ones are left out.

    Raises `failure` naming the file, the line and the remedy.
    """
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8", newline="\n") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield number, parsed(line.strip(), model, failure, f"{path}:{number}")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or error
        raise failure(f"{path} cannot be read ({reason}): check the path, or restore it") from error


def parsed(text: str, model: type[Model], failure: type[RagError], where: str) -> Model:
    """The value that a JSON text holds. Raises `failure` naming `where` it stands, what is wrong, and the remedy."""
    try:
        return model.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        wrong = first["msg"].removeprefix("Value error, ")
        field = ".".join(str(part) for part in first["loc"])
        raise failure(f"{where}: {wrong}{f' ({field})' if field else ''}: correct the line, or delete it") from error
