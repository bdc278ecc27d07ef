"""The trained reader's model: a question and passages to scored spans, by onnxruntime alone, without torch.

The model gives each token a score for beginning and for ending the answer; the first token stands for
"this passage does not answer". A span's score is its two scores less those of the first token, so spans of
different passages compare (the no-answer option of Clark and Gardner, ACL 2018). A third score, of the first token
alone, judges whether the passage answers this very question or only one near to it. A passage longer than the model's
window is read in overlapping windows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from rag.errors import ModelError, reason_of
from rag.lexical import MARKS
from rag.schema import valid_unicode

if TYPE_CHECKING:
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

WINDOW, QUESTION_TOKENS, TITLE_TOKENS, STRIDE = 256, 64, 32, 96
LONGEST_ANSWER = 40
"""Tokens of the longest span considered."""
SCORES, JUDGED = 3, 2
"""Of each token: begins the answer, ends it; of the first, at place JUDGED: the passage answers."""
_BATCH = 8
CLS, SEP = 101, 102
_ACCENTS = re.compile(f"[{MARKS}]*")
Logits = NDArray[np.float32]


@dataclass(frozen=True)
class ScoredSpan:
    """Characters [start, end) of passage number `passage`; `score` in nats over "does not answer".

    `judged` is the logit of the judgement that what was read with it answers.
    """

    passage: int
    start: int
    end: int
    score: float
    judged: float = 0.0


@dataclass(frozen=True)
class Window:
    """What the model sees at once: a question and tokens [first, last) of a passage."""

    passage: int
    ids: list[int]
    offset: int
    """Position of the passage's first token of this window among `ids`."""
    characters: list[tuple[int, int]]


class SpanModel:
    """The weights of one folder; may be used from several threads."""

    def __init__(self, session: InferenceSession, tokenizer: Tokenizer, name: str, tells: Sequence[str] = ()) -> None:
        """`tells` is what the scores of the first token stand for, where the card says so."""
        self._session = session
        self._tokenizer = tokenizer
        self._lock = Lock()
        self.name = name
        self.tells = tuple(tells)

    @classmethod
    def load(cls, folder: Path, threads: int = 0) -> SpanModel:
        """The model in `folder` (`model.onnx`, `tokenizer.json`, `card.json`). Raises ModelError."""
        import onnxruntime
        from tokenizers import Tokenizer

        try:
            card = json.loads((folder / "card.json").read_text("utf-8"))
            name, tells = str(card["name"]), [str(told) for told in card.get("tells", ())]
            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = threads
            options.log_severity_level = 3
            session = onnxruntime.InferenceSession(
                str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
            )
            tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            inputs = {node.name for node in session.get_inputs()}
            scores = session.get_outputs()[0].shape[-1]
        except Exception as error:  # onnxruntime and tokenizers raise kinds of their own
            raise ModelError(
                f"the reader in {folder} cannot be loaded ({reason_of(error)}): reinstall the package, "
                "or unset RAG_READER"
            ) from error
        if inputs != {"input_ids", "attention_mask", "token_type_ids"}:
            raise ModelError(f"{folder / 'model.onnx'} is not a span reader: it takes {', '.join(sorted(inputs))}")
        if scores != SCORES:
            raise ModelError(f"{folder / 'model.onnx'} is of another version of the reader: train and export it anew")
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return cls(session, tokenizer, name, tells)

    def read(self, question: str, passages: Sequence[tuple[str, str]], best: int = 5) -> list[ScoredSpan]:
        """The `best` spans of each passage, given as (title, text), all together, best first."""
        windows = [
            window for i, (title, text) in enumerate(passages) for window in self._windows(question, i, title, text)
        ]
        found: dict[tuple[int, int, int], tuple[float, float]] = {}
        for window, logits in self._seen(windows):
            for start, end, score in _best_spans(logits, window, best):
                key = (window.passage, start, end)
                found[key] = max((score, float(logits[0, JUDGED])), found.get(key, (-np.inf, 0.0)))
        spans = [ScoredSpan(*key, round(score, 4), round(judged, 4)) for key, (score, judged) in found.items()]
        return sorted(spans, key=lambda span: (-span.score, span.passage, span.start, span.end))

    def first_token(self, question: str, text: str) -> Logits:
        """The scores of the first token for each window of the text, shape (windows, SCORES); no windows of no text."""
        seen = [logits[0] for _, logits in self._seen(self._windows(question, 0, "", text))]
        return np.array(seen, dtype=np.float32).reshape(-1, SCORES)

    def count_tokens(self, text: str) -> int:
        """How many tokens the model sees in `text`."""
        with self._lock:
            return len(self._tokenizer.encode(valid_unicode(text), add_special_tokens=False).ids)

    def _windows(self, question: str, number: int, title: str, text: str) -> list[Window]:
        with self._lock:
            asked = self._tokenizer.encode(valid_unicode(question), add_special_tokens=False).ids[:QUESTION_TOKENS]
            lead = self._tokenizer.encode(f"{valid_unicode(title)}. ", add_special_tokens=False).ids[:TITLE_TOKENS]
            passage = self._tokenizer.encode(valid_unicode(text), add_special_tokens=False)
        lead = lead if title else []
        room = WINDOW - len(asked) - len(lead) - 3
        windows = []
        for begin in range(0, max(1, len(passage.ids) - STRIDE), room - STRIDE):
            kept = slice(begin, begin + room)
            ids = [CLS, *asked, SEP, *lead, *passage.ids[kept], SEP]
            windows.append(Window(number, ids, len(asked) + len(lead) + 2, [*_accented(passage.offsets[kept], text)]))
        return [window for window in windows if window.characters]

    def _seen(self, windows: Sequence[Window]) -> Iterator[tuple[Window, Logits]]:
        for first in range(0, len(windows), _BATCH):
            batch = windows[first : first + _BATCH]
            yield from zip(batch, self._logits(batch), strict=True)

    def _logits(self, windows: Sequence[Window]) -> list[Logits]:
        """The scores of each window's own tokens, shape (tokens, SCORES)."""
        longest = max(len(window.ids) for window in windows)
        ids = np.zeros((len(windows), longest), dtype=np.int64)
        attention, segments = np.zeros_like(ids), np.zeros_like(ids)
        for row, window in enumerate(windows):
            ids[row, : len(window.ids)] = window.ids
            attention[row, : len(window.ids)] = 1
            segments[row, window.ids.index(SEP) + 1 : len(window.ids)] = 1
        given = {"input_ids": ids, "attention_mask": attention, "token_type_ids": segments}
        (logits,) = self._session.run(None, given)
        return [logits[row, : len(window.ids)] for row, window in enumerate(windows)]


def _accented(offsets: Sequence[tuple[int, int]], text: str) -> Iterator[tuple[int, int]]:
    """The tokens' characters with the accents behind them, which the tokenizer leaves out."""
    for start, end in offsets:
        accents = _ACCENTS.match(text, end)
        yield start, accents.end() if accents and start < end else end


def _best_spans(logits: Logits, window: Window, best: int) -> list[tuple[int, int, float]]:
    """The best spans of a window, one for each start, as characters of its passage: (start, end, score)."""
    last = window.offset + len(window.characters)
    starts, ends = logits[window.offset : last, 0], logits[window.offset : last, 1]
    none = float(logits[0, :2].sum())
    scores = starts[:, None] + ends[None, :] - none
    count = len(window.characters)
    distance = np.arange(count)[None, :] - np.arange(count)[:, None]
    scores[(distance < 0) | (distance >= LONGEST_ANSWER)] = -np.inf
    ending = scores.argmax(axis=1)
    found = []
    for start in np.argsort(-scores.max(axis=1), kind="stable")[:best]:
        end = int(ending[start])
        if np.isfinite(scores[start, end]):
            found.append((window.characters[start][0], window.characters[end][1], float(scores[start, end])))
    return [span for span in found if span[0] < span[1]]
