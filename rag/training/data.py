"""Question-answering data: JSON lines, gzip or plain, `{"id", "question", "title", "context", "answers"}`.

SQuAD's own JSON is read as well (a file that ends in `.json`). `answers` are `{"text", "start"}` with exact
offsets into `context`, empty where it does not answer.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Literal, get_args

from rag.errors import LoadError
from rag.jsonl import parsed, read_lines
from rag.schema import Frozen

Part = Literal["train", "calibrate", "test"]
PARTS: tuple[Part, ...] = get_args(Part)


class GoldSpan(Frozen):
    """An accepted answer and where it starts in the context."""

    text: str
    start: int


class Example(Frozen):
    """A question, a passage, and the answers in it; none where the passage does not say."""

    id: str
    question: str
    title: str
    context: str
    answers: tuple[GoldSpan, ...]
    near_miss: bool = False
    """Whether it was made of an answerable question, so that its passage nearly answers."""

    @property
    def readable_title(self) -> str:
        """The title with blanks where SQuAD writes underscores."""
        return self.title.replace("_", " ")


def files_in(folder: Path) -> dict[str, Path]:
    """The data files of a folder by name. Raises LoadError where there is none, or two of one name."""
    found: dict[str, Path] = {}
    for path in sorted((*folder.glob("*.jsonl"), *folder.glob("*.jsonl.gz"))):
        name = path.name.split(".")[0]
        if name in found:
            raise LoadError(f"{found[name]} and {path} have the same name: rename one, or drop it")
        found[name] = path
    if not found:
        raise LoadError(f"{folder} holds no .jsonl or .jsonl.gz file: check the path")
    return found


def read_examples(path: Path) -> Iterator[Example]:
    """The examples of a file. Raises LoadError naming file and line, also where an offset does not match."""
    numbered = _read_squad(path) if path.suffix == ".json" else read_lines(path, Example, LoadError)
    for number, example in numbered:
        for answer in example.answers:
            if example.context[answer.start : answer.start + len(answer.text)] != answer.text:
                wrong = f"{answer.text!r} does not stand at {answer.start}"
                raise LoadError(f"{path}:{number}: {wrong}: correct the offset")
        yield example


def _read_squad(path: Path) -> Iterator[tuple[int, Example]]:
    """SQuAD 1.1 or 2.0: articles, their paragraphs, and the questions of each."""
    try:
        articles = json.loads(path.read_text("utf-8"))["data"]
        raw = [
            {
                "id": asked["id"],
                "question": asked["question"],
                "title": article.get("title", ""),
                "context": paragraph["context"],
                "answers": [{"text": a["text"], "start": a["answer_start"]} for a in asked.get("answers", ())],
            }
            for article in articles
            for paragraph in article["paragraphs"]
            for asked in paragraph["qas"]
        ]
    except OSError as error:
        raise LoadError(f"{path} cannot be read ({error.strerror or error}): check the path") from error
    except (ValueError, KeyError, TypeError) as error:
        raise LoadError(f"{path} is not in SQuAD's format ({type(error).__name__}: {error}): check the file") from error
    for number, value in enumerate(raw, 1):
        yield number, parsed(json.dumps(value), Example, LoadError, f"{path}:{number}")


def titles(part: Part) -> frozenset[str]:
    """The titles of squad2_dev_part that belong to a part; the three parts share none."""
    lists = json.loads(resources.files("rag.training").joinpath("titles.json").read_text("utf-8"))
    return frozenset(lists["squad2_dev_part"][part])


def part_of(file: str, title: str) -> Part:
    """The part that a title of the named file belongs to: training, or what is kept apart to calibrate and to test.

    Of squad2_dev_part by the committed lists; of nq_open_gold one title in five, by its hash, is kept apart and half of
    those test; every other file trains.

    >>> part_of("squad2_dev_part", "Islamism"), part_of("qamr", "wikinews")
    ('test', 'train')
    """
    if file == "squad2_dev_part":
        return next((part for part in PARTS if title in titles(part)), "train")
    if file == "nq_open_gold" and int(hashlib.sha256(title.encode()).hexdigest()[:8], 16) % 5 == 0:
        return "test" if hashlib.sha256(f"half {title}".encode()).digest()[0] % 2 else "calibrate"
    return "train"
