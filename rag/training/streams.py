"""Batches without end for the two stages of training; processes of their own make the epochs ahead."""

from __future__ import annotations

import multiprocessing
import os
import random
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import count, islice
from pathlib import Path

from tokenizers import Tokenizer

from rag.encoding import bundled_folder
from rag.training.asked import queries, rewordings
from rag.training.data import Example
from rag.training.groups import asked_groups, groups
from rag.training.mixture import Recipe, mixture
from rag.training.rows import Group, batches, tokenise

AHEAD = 2
"""Epochs of a stream that are made before they are asked for, where there are processors to spare."""
SPARE = 4
"""Processors from which on some are spared for that: on fewer, training takes them all."""

Epoch = Callable[[Path, Recipe, int], list[list[Group]]]
"""The batches of one epoch, seeded by the recipe's seed and the epoch's number."""


def alone(folder: Path, recipe: Recipe, epoch: int) -> list[list[Group]]:
    """Passages read alone: every epoch has a mixture of its own."""
    tokenizer, chance = plain_tokenizer(), random.Random(f"rows {recipe.seed} {epoch}")
    rows = [(tokenise(example, tokenizer, chance, recipe),) for example in mixture(folder, recipe, epoch)]
    return list(batches(rows, recipe.batch, chance))


def together(folder: Path, recipe: Recipe, epoch: int) -> list[list[Group]]:
    """Groups of passages; none where the data give none."""
    return _batched(groups(folder, recipe, epoch), recipe, epoch)


def asked(folder: Path, recipe: Recipe, epoch: int) -> list[list[Group]]:
    """The questions that were written for this project; none where the recipe leaves them out."""
    found = asked_groups(queries("train"), recipe, epoch, rewordings("train")) if recipe.asked else ()
    return _batched(found, recipe, epoch)


def _batched(found: Iterable[tuple[Example, ...]], recipe: Recipe, epoch: int) -> list[list[Group]]:
    tokenizer, as_it_is = plain_tokenizer(), replace(recipe, worded=0.0, titled=1.0)
    chance = random.Random(f"group rows {recipe.seed} {epoch}")
    rows = [tuple(tokenise(example, tokenizer, chance, as_it_is) for example in group) for group in found]
    return list(batches(rows, recipe.batch, chance)) if rows else []


@dataclass(frozen=True)
class Streams:
    """Epoch after epoch of batches; ends where one is empty."""

    folder: Path
    pool: ProcessPoolExecutor | None

    @classmethod
    def of(cls, folder: Path) -> Streams:
        """With processes that make epochs ahead where there are processors for them."""
        spare = _processors() - SPARE
        context = multiprocessing.get_context("spawn")
        return cls(folder, ProcessPoolExecutor(spare, context, _follow_the_parent) if spare > 0 else None)

    def batches(self, made: Epoch, recipe: Recipe) -> Iterator[list[Group]]:
        """The batches of one epoch after the other."""
        for epoch in self._epochs(made, recipe):
            if not epoch:
                return
            yield from epoch

    def _epochs(self, made: Epoch, recipe: Recipe) -> Iterator[list[list[Group]]]:
        if self.pool is None:
            yield from (made(self.folder, recipe, number) for number in count())
            return
        waiting = deque(self.pool.submit(made, self.folder, recipe, number) for number in range(AHEAD))
        try:
            for number in count(AHEAD):
                waiting.append(self.pool.submit(made, self.folder, recipe, number))
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()

    def close(self) -> None:
        """End the processes."""
        if self.pool:
            self.pool.shutdown(wait=False, cancel_futures=True)


def _processors() -> int:
    """Those that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _follow_the_parent() -> None:
    """In a process that makes epochs: leave the processors to the training, and end when it ends, even killed."""
    if hasattr(os, "nice"):
        os.nice(10)
    parent = multiprocessing.parent_process()
    assert parent is not None

    def wait() -> None:
        """End with the process that started this one."""
        parent.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def in_turn(*streams: Iterator[list[Group]]) -> Iterator[list[Group]]:
    """One batch of each in turn; the first has no end, another that has ended is left out."""
    while True:
        for stream in streams:
            yield from islice(stream, 1)


def plain_tokenizer() -> Tokenizer:
    """The encoder's tokenizer, which neither cuts nor pads."""
    tokenizer = Tokenizer.from_file(str(bundled_folder() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
