"""What the commands of the training share: every knob of a recipe is an argument, an error is one line."""

from __future__ import annotations

from argparse import ArgumentParser, BooleanOptionalAction
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from rag.errors import RagError


def add_fields(parser: ArgumentParser, recipe: Mapping[str, Any]) -> None:
    """An argument for every field of a recipe, its value the default."""
    for name, value in recipe.items():
        kind = {"action": BooleanOptionalAction} if isinstance(value, bool) else {"type": type(value)}
        parser.add_argument(f"--{name.replace('_', '-')}", default=value, **kind)


@contextmanager
def errors_in_one_line() -> Iterator[None]:
    """Ends the program with status 1 and one line on stderr where a RagError is raised within."""
    try:
        yield
    except RagError as error:
        raise SystemExit(f"error: {' '.join(str(error).split())}") from None
