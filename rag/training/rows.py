"""Examples as rows of token ids with the places of their answers, and rows as batches of tensors."""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Encoding, Tokenizer
from torch import Tensor

from rag.spans import CLS, QUESTION_TOKENS, SEP, TITLE_TOKENS
from rag.training.data import Example, GoldSpan
from rag.training.mixture import Recipe
from rag.training.variations import worded

NO_SPAN = ((0, 0, 1.0),)
"""Of a row that does not answer: the first token, given by all."""


@dataclass(frozen=True)
class Row:
    """A tokenised pair. `spans` are the answers' first and last tokens with the share of the annotators who gave
    each; (0, 0), the first token, where the passage does not answer."""

    ids: np.ndarray
    """Shape (tokens,), of 16 bits."""
    passage_from: int
    spans: tuple[tuple[int, int, float], ...]
    near_miss: bool = False

    @property
    def answers(self) -> bool:
        """Whether the passage answers."""
        return self.spans[0][0] > 0


def tokenise(example: Example, tokenizer: Tokenizer, chance: random.Random, recipe: Recipe) -> Row:
    """One row; a passage longer than the window is cut to one that holds an answer, at a random place."""
    asked = worded(example.question, chance) if chance.random() < recipe.worded else example.question
    question = tokenizer.encode(asked, add_special_tokens=False).ids[:QUESTION_TOKENS]
    lead = f"{example.readable_title}. " if example.title and chance.random() < recipe.titled else ""
    head = tokenizer.encode(lead, add_special_tokens=False).ids[:TITLE_TOKENS]
    passage = tokenizer.encode(example.context, add_special_tokens=False)
    room = recipe.window - len(question) - len(head) - 3
    places = [_tokens_of(answer, passage) for answer in example.answers]
    begin = _begin(places, len(passage.ids), room, chance)
    kept = passage.ids[begin : begin + room]
    offset = len(question) + 2 + len(head)
    counted = Counter(
        (first - begin + offset, last - begin + offset)
        for first, last in places
        if begin <= first <= last < begin + len(kept)
    )
    spans = tuple((first, last, count / counted.total()) for (first, last), count in counted.items())
    ids = np.array([CLS, *question, SEP, *head, *kept, SEP], dtype=np.uint16)
    return Row(ids, offset, spans or NO_SPAN, example.near_miss)


def _tokens_of(gold: GoldSpan, passage: Encoding) -> tuple[int, int]:
    """The first and last token of an answer; (-1, -1) where none of its characters is a token."""
    end = gold.start + len(gold.text)
    covered = [i for i, (a, b) in enumerate(passage.offsets) if a < end and b > gold.start and b > a]
    return (covered[0], covered[-1]) if covered else (-1, -1)


def _begin(places: Sequence[tuple[int, int]], length: int, room: int, chance: random.Random) -> int:
    """Where a window of `room` tokens begins that holds one of the answers whole, if one fits."""
    if length <= room:
        return 0
    low, high = 0, length - room
    if places:
        first, last = chance.choice(places)
        low, high = max(0, last - room + 1), min(max(first, 0), length - room)
    return chance.randint(min(low, high), max(low, high))


Group = tuple[Row, ...]
"""Rows of one question that are scored together; of one row where a passage is read alone."""


def batches(groups: Sequence[Group], size: int, chance: random.Random) -> Iterator[list[Group]]:
    """Batches of `size` rows in groups of like length, in random order."""
    order = list(range(len(groups)))
    chance.shuffle(order)
    size = max(1, size // len(groups[0])) if groups else size
    pool = size * 40
    batched = []
    for first in range(0, len(order), pool):
        part = sorted(order[first : first + pool], key=lambda i: max(len(row.ids) for row in groups[i]))
        batched += [part[i : i + size] for i in range(0, len(part), size)]
    chance.shuffle(batched)
    for batch in batched:
        yield [groups[i] for i in batch]


def tensors(groups: Sequence[Group]) -> tuple[Tensor, ...]:
    """Ids, attention, segments and allowed positions, each (rows, tokens), padded to a multiple of 32.

    The first token, "none of them answers", is allowed in the first row of each group.
    """
    rows = [(row, first) for group in groups for row, first in zip(group, (True, *[False] * len(group)), strict=False)]
    length = math.ceil(max(len(row.ids) for row, _ in rows) / 32) * 32
    ids = np.zeros((len(rows), length), dtype=np.int64)
    attention, segments = np.zeros_like(ids), np.zeros_like(ids)
    allowed = np.zeros((len(rows), length), dtype=bool)
    for i, (row, first) in enumerate(rows):
        size = len(row.ids)
        ids[i, :size] = row.ids
        attention[i, :size] = 1
        segments[i, int((row.ids == SEP).argmax()) + 1 : size] = 1
        allowed[i, row.passage_from : size - 1] = True
        allowed[i, 0] = first
    return tuple(map(torch.from_numpy, (ids, attention, segments, allowed)))


def targets(groups: Sequence[Group], length: int) -> Tensor:
    """The annotators' distributions over the tokens of a group for start and end, each summing to 1.

    Shape (groups, 2, rows of a group times `length`). Rows that do not answer count where none does.
    """
    wanted = np.zeros((len(groups), 2, len(groups[0]) * length), dtype=np.float32)
    for i, group in enumerate(groups):
        answering = [(n, *span) for n, row in enumerate(group) for span in row.spans if span[0]]
        for n, first, last, share in answering or [(0, 0, 0, 1.0)]:
            wanted[i, 0, n * length + first] += share
            wanted[i, 1, n * length + last] += share
    return torch.from_numpy(wanted / wanted.sum(axis=2, keepdims=True))
