"""Trains what the package ships: `python -m rag.training.distil DATA OUT`.

Three deeper readers, and one of the encoder's own size that learns from the mean of the three (Hinton et al. 2015,
arXiv 1503.02531). Each into a folder of its own in OUT; a teacher of the same recipe that is there stays as it is.
A quarter of an hour on one large GPU; days on two cores, so begin with what is shipped instead (`reader --start-from`).
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, replace
from pathlib import Path

from rag.training.command import errors_in_one_line
from rag.training.mixture import Recipe
from rag.training.reader import train

_COMMON = Recipe(batch=128, learning_rate=4e-4, warmup=0.06, averaged=0.0, removed=0.4)
_DEEP = replace(_COMMON, layers=12)
TEACHERS = {
    "stages": replace(_DEEP, seed=51, epochs=3.5, together=3.1, together_rate=2.5e-4),
    "at-once": replace(_DEEP, seed=52, epochs=0.0, together=6.4, together_rate=4e-4),
    "stages-again": replace(_DEEP, seed=53, epochs=3.5, together=3.1, together_rate=2.5e-4),
}
"""Two trained in two stages, one with everything from the first step on: they err in different places."""
STUDENT = replace(_COMMON, seed=61, epochs=0.0, together=16.4, together_rate=4e-4, taught=0.7)


def distil(data: Path, out: Path) -> None:
    """Train the teachers that are missing, then the student, into `OUT/student`."""
    for name, recipe in TEACHERS.items():
        if not _is_trained(out / name, recipe):
            train(data, out / name, recipe)
    train(data, out / "student", STUDENT, taught_by=[out / name for name in TEACHERS])


def _is_trained(folder: Path, recipe: Recipe) -> bool:
    """Whether the folder holds a reader of this very recipe."""
    if not (folder / "reader.pt").is_file() or not (folder / "recipe.json").is_file():
        return False
    return bool(json.loads((folder / "recipe.json").read_text("utf-8"))["recipe"] == asdict(recipe))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m rag.training.distil")
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    with errors_in_one_line():
        distil(given.data, given.out)
