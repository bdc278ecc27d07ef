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

from rag.lexical import stems
from rag.schema import Polarity
from rag.training.asked import Query, queries, rewordings
from rag.training.stated import ABSENT, FOLDER, Claim, Rested, claim, lines_of, read_with, sentences_of, twins

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
    """The yes/no questions of a part, those written for this first.

    Those of `rag/training/asked` that train are left out where a statement about their text calibrates. Raises
    LoadError.
    """
    written = lines_of(folder / f"{part}-questions.jsonl", Settled)
    own = [YesNo((one.question,), sentences_of(one.text), one.evidence, one.polarity) for one in written]
    reworded = rewordings(part)
    held = {one.text for one in twins("calibrate", folder)} if part == "train" else set()
    asked = [query for query in queries(part) if query.asked.kind == "yes_no" and query.asked.text not in held]
    return own + [_asked(query, reworded.get(query.asked.id, ()), part) for query in asked]


def _asked(query: Query, reworded: Sequence[str], part: Literal["train", "calibrate"]) -> YesNo:
    everything = sentences_of(query.asked.text, part)
    evidence = tuple(s for s in everything if any(words in s or s in words for words in query.asked.evidence))
    wanted = set(stems(query.asked.question))
    near = sorted(everything[1:], key=lambda sentence: -len(wanted & set(stems(sentence))))[:NEAREST]
    return YesNo((query.asked.question, *reworded), everything, evidence or tuple(near), query.asked.polarity)


def claims(found: Sequence[YesNo], tokenizer: Tokenizer, chance: random.Random) -> Iterator[Claim]:
    """Each question in one of its wordings, beside what settles it or is nearest to it, and at times beside neither."""
    for one in found:
        asked = chance.choice(one.wordings)
        sources = read_with(one.everything, one.evidence, chance)
        yield claim(asked, sources, tokenizer, says=one.polarity == "yes", denies=one.polarity == "no")
        others = [sentence for sentence in one.everything[1:] if sentence not in one.evidence]
        if one.polarity and others and chance.random() < ABSENT:
            elsewhere = chance.sample(others, min(len(others), chance.randint(1, 3)))
            yield claim(asked, elsewhere, tokenizer, says=False, denies=False)
