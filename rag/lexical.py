"""The lexical half: text to stems, and BM25 scores of passages by the library bm25s."""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]

STOPWORDS = frozenset(
    """a about all also am an and any are as at be been being but by can could did do does doing done for from
    had has have he her here hers him his how i if in into is it its itself just may me might more most must my
    no nor not of on or other our out over own please shall she should so some such tell than that the their
    them then there these they this those to too under up us very was we were what when where whether which
    while who whom whose why will with would you your s t re ve ll d m""".split()
)
_CONTRACTED = frozenset(
    """isn't aren't wasn't weren't don't doesn't didn't hasn't haven't hadn't can't couldn't won't wouldn't shouldn't
    mustn't mightn't needn't i'm i've i'd i'll he's she's it's that's there's here's what's who's where's when's how's
    we're we've we'd we'll you're you've you'd you'll they're they've they'd they'll he'd he'll she'd she'll""".split()
)
"""These two words in one say no more than each."""
MARKS = "\u0300-\u036f"
"""Accents that follow their letter: "é" as "e" and a mark, as macOS writes it."""
_LETTERS = rf"[^\W\d_](?:[^\W\d_]|[{MARKS}])*"
_WORD = re.compile(rf"\d+(?:[.,]\d+)*|{_LETTERS}(?:['’]{_LETTERS})?|\d+\w*", re.UNICODE)


def composed(text: str) -> str:
    """`text` with each accent in one character with its letter (NFC): for comparing, never for what is cited.

    >>> len("cafe\u0301"), len(composed("cafe\u0301"))
    (5, 4)
    """
    return text if text.isascii() else unicodedata.normalize("NFC", text)


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The Snowball stem of one lower-case word; numbers lose their thousands separators.

    >>> stem("companies"), stem("260,000"), stem("nvidia's")
    ('compani', '260000', 'nvidia')
    """
    import Stemmer

    if word[0].isdigit():
        return word.replace(",", "")
    return str(Stemmer.Stemmer("english").stemWord(re.sub(r"['’]\w*$", "", composed(word))))


def words(text: str) -> list[tuple[str, int, int]]:
    """The words of `text` with their offsets: (as written, start, end).

    >>> words("Nvidia's 3.5 %")
    [("Nvidia's", 0, 8), ('3.5', 9, 12)]
    """
    return [(match.group(), match.start(), match.end()) for match in _WORD.finditer(text)]


def stems(text: str) -> list[str]:
    """The stems of the content words of `text`, in order, stop words left out.

    >>> stems("What will the companies do with the chips they don't want?")
    ['compani', 'chip', 'want']
    """
    lower = (word.lower().replace("’", "'") for word, _, _ in words(composed(text)))
    return [stem(word) for word in lower if word not in STOPWORDS and word not in _CONTRACTED]


class LexicalIndex:
    """BM25 (Lucene's variant, k1 1.5, b 0.75) over a fixed list of passages, kept in memory."""

    def __init__(self, texts: Sequence[str]) -> None:
        import bm25s

        logging.getLogger("bm25s").setLevel(logging.WARNING)
        self._size = len(texts)
        tokens = [stems(text) for text in texts]
        self._bm25 = None
        if any(tokens):
            self._bm25 = bm25s.BM25(method="lucene", backend="numpy")
            self._bm25.index(tokens, show_progress=False)

    def scores(self, query: str) -> Scores:
        """One BM25 score (>= 0) for each passage; zero where no word is shared."""
        tokens = [token for token in stems(query) if self._bm25 and token in self._bm25.vocab_dict]
        if not tokens or self._bm25 is None:
            return np.zeros(self._size, dtype=np.float32)
        return np.asarray(self._bm25.get_scores(tokens), dtype=np.float32)
