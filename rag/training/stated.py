"""Statements with the sentences that they are made of, faithful and corrupted, written for this project:
`rag/training/stated/`.

Each line is a pair of twins about the same sentences of a text of `rag/training/asked/train`: what a careful writer
says of them, near to their words or far from them, and the same with one fact changed. One part trains, one
calibrates; their texts have nothing in common, nor with those of `evals/`.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, TypeVar

import numpy as np
from tokenizers import Tokenizer

from rag.errors import LoadError
from rag.jsonl import read_lines
from rag.reading.similarity import all_sentences
from rag.schema import Frozen
from rag.spans import CLS, SEP
from rag.training.asked import FOLDER as ASKED
from rag.training.asked import words_of
from rag.training.data import Part
from rag.training.rows import NO_SPAN, Group, Row

FOLDER = Path(__file__).resolve().parent / "stated"
Changed = Literal["negation", "roles", "scope", "cause", "name", "number", "date", "unit", "quote", "other"]
STATEMENT_TOKENS, WINDOW = 64, 192
ABSENT, VERBATIM = 0.3, 0.15
"""How many pairs come again as the statement beside other sentences of its text, and as the sentence itself
beside another one of the text: without these, shared words would tell the faithful from the corrupted."""
NEIGHBOURS, STRANGER, TITLED = 0.2, 0.15, 0.5
"""How often the sentence before or behind is read too, one from elsewhere in the text, and the title before all."""


@dataclass(frozen=True)
class ClaimRow(Row):
    """A statement or yes/no question as read with sentences: whether they say it, and whether they deny it where that
    is known."""

    says: bool = False
    denies: bool | None = None


class Rested(Frozen):
    """A line of the data. `evidence` are exact words of the text: whole sentences, on which the rest of it rests."""

    id: str
    text: str
    """The name of its file."""
    evidence: tuple[str, ...]


class Twins(Rested):
    """A statement that its evidence says, and the same with one fact changed."""

    faithful: str
    corrupted: str
    changed: Changed


Line = TypeVar("Line", bound=Rested)


def twins(part: Literal["train", "calibrate"], folder: Path = FOLDER) -> list[Twins]:
    """The pairs of a part. Raises LoadError for a line that is malformed or quotes what does not stand there."""
    return lines_of(folder / f"{part}.jsonl", Twins)


def lines_of(path: Path, kind: type[Line]) -> list[Line]:
    """The lines of a file, whose evidence must be whole sentences of their texts. Raises LoadError."""
    found = []
    for number, one in read_lines(path, kind, LoadError):
        missing = [words for words in one.evidence if words not in sentences_of(one.text)]
        if missing or not one.evidence:
            raise LoadError(f"{path}:{number}: {one.text} has no sentence {missing[:1]}: quote it exactly")
        found.append(one)
    return found


@cache
def sentences_of(text: str, part: Part = "train") -> tuple[str, ...]:
    """The sentences of a text of a part of `rag/training/asked`, its title first. Raises LoadError."""
    words = words_of(ASKED / part / "texts" / text)
    return tuple(words[span.start : span.end] for span in all_sentences(words))


def pairs(found: Sequence[Twins], tokenizer: Tokenizer, chance: random.Random) -> Iterator[Group]:
    """Groups of two claims, the first supported and the second not: twins, a statement beside its own and other
    sentences, a sentence of the text and another one beside the same."""
    for one in found:
        sources = read_with(sentences_of(one.text), one.evidence, chance)
        faithful = claim(one.faithful, sources, tokenizer, says=True)
        contradicted = True if one.changed == "negation" else None  # another name or number may be one besides
        yield faithful, claim(one.corrupted, sources, tokenizer, says=False, denies=contradicted)
        others = not_among(sentences_of(one.text), one.evidence)
        if not others:
            continue
        if chance.random() < ABSENT:
            elsewhere = read_elsewhere(sentences_of(one.text), one.evidence, chance)
            yield faithful, claim(one.faithful, elsewhere, tokenizer, says=False, denies=False)
        if chance.random() < VERBATIM:
            said, unsaid = chance.choice(one.evidence), chance.choice(others)
            yield (
                claim(said, sources, tokenizer, says=True),
                claim(unsaid, one.evidence, tokenizer, says=False, denies=False),
            )


def claim(
    said: str, sources: Sequence[str], tokenizer: Tokenizer, *, says: bool, denies: bool | None = None
) -> ClaimRow:
    """What is claimed or asked in the place of a question, what it rests on in that of a passage.

    What is said is not denied.
    """
    claimed = tokenizer.encode(said, add_special_tokens=False).ids[:STATEMENT_TOKENS]
    source = tokenizer.encode(" ".join(sources), add_special_tokens=False).ids[: WINDOW - len(claimed) - 3]
    ids = np.array([CLS, *claimed, SEP, *source, SEP], dtype=np.uint16)
    return ClaimRow(ids, len(claimed) + 2, NO_SPAN, says=says, denies=False if says else denies)


def read_with(everything: Sequence[str], evidence: Sequence[str], chance: random.Random) -> list[str]:
    """The evidence in the order of the text, at times with what stands around it. `everything` is the whole text."""
    own = {everything.index(words) for words in evidence}
    near = {place + step for place in own for step in (-1, 1) if chance.random() < NEIGHBOURS}
    stranger = {chance.randrange(len(everything))} if chance.random() < STRANGER else set()
    title = [] if 0 in own else _title(everything, chance)
    kept = sorted(place for place in own | ((near | stranger) - {0}) if place < len(everything))
    return [*title, *(everything[place] for place in kept)]


def read_elsewhere(everything: Sequence[str], evidence: Sequence[str], chance: random.Random) -> list[str]:
    """As many sentences of the text, without the evidence, as often under its title."""
    others = not_among(everything, evidence)
    return [*_title(everything, chance), *chance.sample(others, min(len(others), chance.randint(1, 3)))]


def not_among(everything: Sequence[str], evidence: Sequence[str]) -> list[str]:
    """The sentences of a text besides its title and the evidence."""
    return [sentence for sentence in everything[1:] if sentence not in evidence]


def _title(everything: Sequence[str], chance: random.Random) -> list[str]:
    return [titled(everything)] if chance.random() < TITLED else []


def titled(everything: Sequence[str]) -> str:
    """The title of a text as it stands before what is read under it."""
    return f"{everything[0]}."
