"""Yes/no questions with the sentences that settle them or leave them open: what teaches the verifier's model "no".

`rag/training/stated/*-questions.jsonl` holds questions written for it, which all are settled; those of
`rag/training/asked` come in all their wordings, also those that their text leaves open, beside the sentences nearest
to them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tokenizers import Tokenizer

from rag.errors import LoadError
from rag.lexical import stems
from rag.questions import analyse
from rag.schema import Polarity
from rag.training.asked import Query, queries, rewordings
from rag.training.stated import (
    ABSENT,
    FOLDER,
    ClaimRow,
    Rested,
    claim,
    lines_of,
    not_among,
    read_elsewhere,
    read_with,
    sentences_of,
    twins,
)

NEAREST = 3
"""How many sentences a question that its text leaves open is read with."""


class Settled(Rested):
    """A question that its evidence settles."""

    question: str
    polarity: Polarity


@dataclass(frozen=True)
class YesNo:
    """A question in one or more wordings, the sentences of its text that settle it or stand nearest to it, and how."""

    wordings: tuple[str, ...]
    everything: tuple[str, ...]
    evidence: tuple[str, ...]
    polarity: Polarity | None


def yes_no(part: Literal["train", "calibrate"], folder: Path = FOLDER) -> list[YesNo]:
    """The yes/no questions of a part, those written for this first. Raises LoadError."""
    return written(part, folder) + asked(part, folder)


def written(part: Literal["train", "calibrate"], folder: Path = FOLDER) -> list[YesNo]:
    """Those written for this: with one to three sentences, of which at least one settles it. Raises LoadError."""
    found = lines_of(folder / f"{part}-questions.jsonl", Settled)
    return [YesNo((one.question,), sentences_of(one.text), one.evidence, one.polarity) for one in found]


def asked(part: Literal["train", "calibrate"], folder: Path = FOLDER) -> list[YesNo]:
    """Those of `rag/training/asked`; of a text of which statements calibrate none trains. Raises LoadError."""
    reworded = rewordings(part)
    held = {one.text for one in twins("calibrate", folder)} if part == "train" else set()
    found = [query for query in queries(part) if query.asked.kind == "yes_no" and query.asked.text not in held]
    return [_asked(query, reworded.get(query.asked.id, ()), part) for query in found]


def _asked(query: Query, reworded: Sequence[str], part: Literal["train", "calibrate"]) -> YesNo:
    everything = sentences_of(query.asked.text, part)
    evidence = tuple(s for s in everything if any(words in s or s in words for words in query.asked.evidence))
    if query.asked.polarity and not evidence:
        raise LoadError(f"{query.asked.id} quotes no whole sentence of {query.asked.text}: correct the line")
    wanted = set(stems(query.asked.question))
    near = sorted(everything[1:], key=lambda sentence: -len(wanted & set(stems(sentence))))[:NEAREST]
    return YesNo((query.asked.question, *reworded), everything, evidence or tuple(near), query.asked.polarity)


def claims(found: Sequence[YesNo], tokenizer: Tokenizer, chance: random.Random) -> Iterator[tuple[ClaimRow, ...]]:
    """Each question in one of its wordings, beside what settles it or is nearest to it, and at times beside neither as
    well."""
    for one in found:
        wording = analyse(chance.choice(one.wordings)).asked
        sources = read_with(one.everything, one.evidence, chance)
        beside = claim(wording, sources, tokenizer, says=one.polarity == "yes", denies=one.polarity == "no")
        if one.polarity and not_among(one.everything, one.evidence) and chance.random() < ABSENT:
            elsewhere = read_elsewhere(one.everything, one.evidence, chance)
            yield beside, claim(wording, elsewhere, tokenizer, says=False, denies=False)
        else:
            yield (beside,)
