"""The training examples of an epoch: each file's share, its questions varied, and the negatives made of them."""

from __future__ import annotations

import random
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from rag.training import negatives, variations
from rag.training.data import Example, files_in, part_of, read_examples

UNTITLED = ("squadshifts_reddit", "squadshifts_amazon_reviews", "qamr")
"""Files whose titles say nothing about a passage: they name the file."""
SHORTEST_QUESTION = 5
"""Words. Many of qamr's shorter ones ("What kind?") ask for nothing that a passage could be found by."""


@dataclass(frozen=True)
class Recipe:
    """Every knob of a training run; printed, and kept in the model card. Shares are of the answerable questions."""

    seed: int = 7
    layers: int = 6
    """Of the encoder's own six each is repeated as often as needed: a deeper reader is a better teacher."""
    epochs: float = 3.3
    batch: int = 32
    learning_rate: float = 2e-4
    warmup: float = 0.05
    weight_decay: float = 0.01
    window: int = 192
    """Tokens of question and passage together; a shorter one trains faster, the reader's own is 256."""
    mined: float = 0.4
    """Another passage that looks right to BM25."""
    dropped: float = 0.15
    """The passage without the sentences that answer: what the text almost says."""
    swapped: float = 0.15
    """The question with another name or number."""
    renamed: float = 0.08
    """The passage about somebody else."""
    retyped: float = 0.05
    """A question of another kind about the same thing, where the passage holds nothing of that kind."""
    reversed: float = 0.1
    """The question with two names exchanged, or a word turned into its opposite."""
    settled: float = 0.1
    """Yes/no questions made of the answer, and as many made of another."""
    joined: float = 0.6
    """How many of qamr's single sentences stand among others."""
    wiki: int = 8000
    """At most so many questions of each file, drawn anew each epoch."""
    forum: int = 5000
    reviews: int = 5000
    qamr: int = 11000
    natural: int = 10_000
    squad_repeats: int = 1
    titled: float = 0.7
    """How often the passage comes with its title before it."""
    share: float = 1.0
    """Of each file, always the same part of its passages: for trying something on less."""
    worded: float = 0.2
    """How many questions are worded otherwise: with a typing error, as keywords, within a request."""
    judging: float = 0.5
    """The weight of the loss of "does it answer", beside that of the span."""
    kept: float = 0.5
    """The share of the weights that training starts from in what is kept; of no use where it starts from none."""
    averaged: float = 0.5
    """The share of the first stage's end in what is kept, beside the second's."""
    together: float = 1.2
    """Epochs of the second stage, which reads groups of passages as well (`rag/training/groups.py`)."""
    together_rate: float = 1e-4
    """The second stage's learning rate at its height."""
    passages: int = 4
    """Of a group."""
    asked: bool = True
    """Whether every other step of the second stage reads questions that were written for this project."""
    taught: float = 0.7
    """The teachers' share of the target; of no use where there are none."""
    removed: float = 0.3
    """How many answerable questions have groups without their own passage."""

    def second_stage(self) -> Recipe:
        """Of the examples read alone in the second stage: what is mined is in the groups, and people wrote more."""
        return replace(self, learning_rate=self.together_rate, mined=0.0, squad_repeats=3 * self.squad_repeats)


def mixture(folder: Path, recipe: Recipe, epoch: int = 0) -> list[Example]:
    """The examples of one epoch, answerable and not, in a seeded order; files of other names count whole.

    Raises LoadError where the folder holds no data.
    """
    chance = random.Random(f"{recipe.seed} {epoch}")
    most = {
        "squadshifts_new_wiki": recipe.wiki,
        "squadshifts_reddit": recipe.forum,
        "squadshifts_amazon_reviews": recipe.reviews,
        "qamr": recipe.qamr,
        "nq_open_gold": recipe.natural,
    }
    everything: list[Example] = []
    for name, path in files_in(folder).items():
        examples = trainable(name, path, recipe) * (recipe.squad_repeats if name == "squad2_dev_part" else 1)
        at_most = int(recipe.share * most[name]) if name in most else len(examples)
        chosen = chance.sample(examples, min(at_most, len(examples)))
        everything += _with_negatives(chosen, chance, recipe)
        if name == "qamr":
            everything = variations.joined(everything, chosen, recipe.joined, chance)
    chance.shuffle(everything)
    return everything


def trainable(name: str, path: Path, recipe: Recipe) -> list[Example]:
    """The questions of a file that may be trained on."""
    examples = [
        e for e in read_examples(path) if part_of(name, e.title) == "train" and _place(e.context) < recipe.share
    ]
    if name == "qamr":
        examples = [e for e in examples if len(e.question.split()) >= SHORTEST_QUESTION]
    if name in UNTITLED:
        return [e.model_copy(update={"title": ""}) for e in examples]
    return examples


def _place(context: str) -> float:
    """A number in [0, 1) that depends on the passage alone."""
    return zlib.crc32(context.encode()) / 2**32


def _with_negatives(examples: Sequence[Example], chance: random.Random, recipe: Recipe) -> list[Example]:
    answerable = [example for example in examples if example.answers]

    def made(maker: Callable[..., list[Example]], share: float) -> list[Example]:
        """At most that share of the answerable questions; not every one has such a negative."""
        wanted = int(share * len(answerable))
        pool = chance.sample(answerable, min(len(answerable), 6 * wanted if maker is not negatives.mined else wanted))
        return maker(pool, chance)[:wanted]

    def near(maker: Callable[..., list[Example]], share: float) -> list[Example]:
        """The same, marked: they train the judgement and not the spans."""
        return [example.model_copy(update={"near_miss": True}) for example in made(maker, share)]

    return [
        *examples,
        *made(negatives.mined, recipe.mined),
        *near(negatives.dropped, recipe.dropped),
        *near(negatives.swapped, recipe.swapped),
        *near(negatives.renamed, recipe.renamed),
        *near(negatives.retyped, recipe.retyped),
        *near(negatives.reversed_meaning, recipe.reversed),
        *made(variations.settled, recipe.settled),
        *made(variations.unsettled, recipe.settled),
    ]
