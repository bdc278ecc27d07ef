"""How fast the reader reads: four passages of about 150 tokens, on two threads."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np
from rich.console import Console

from rag.index.corpus import seeds_dir
from rag.loading import load
from rag.reading.trained import BUNDLED_WEIGHTS
from rag.spans import SpanModel

PASSAGES, WORDS, STEP, RUNS, WARM_UP = 4, 118, 60, 100, 10
QUESTION = "How many chips will Nvidia supply?"


def speed(console: Console) -> None:
    """Print median and quartiles in milliseconds. Raises ModelError where RAG_READER names no weights."""
    folder = Path(os.environ.get("RAG_READER") or BUNDLED_WEIGHTS)
    model = SpanModel.load(folder, threads=2)
    words = load([seeds_dir()])[0].text.split()
    passages = [("", " ".join((words * 2)[i * STEP : i * STEP + WORDS])) for i in range(PASSAGES)]
    tokens = [model.count_tokens(text) for _, text in passages]
    seconds = []
    for _ in range(WARM_UP + RUNS):
        started = time.perf_counter()
        model.read(QUESTION, passages)
        seconds.append(time.perf_counter() - started)
    low, median, high = np.percentile(np.array(seconds[WARM_UP:]) * 1000, [25, 50, 75])
    console.print(
        f"{PASSAGES} passages of {', '.join(map(str, tokens))} tokens on 2 threads: median {median:.1f} ms, "
        f"quartiles {low:.1f} and {high:.1f} ms, {RUNS} runs",
        highlight=False,
    )
