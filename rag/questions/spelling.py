"""Typing errors in a question, set right by the words that the texts hold."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Set
from functools import cache

from rag.encoding import bundled_folder
from rag.lexical import STOPWORDS, words

_SHORTEST, _MIDDLE, _LONG = 4, 6, 8
"""Letters from which on a word is corrected at all, freely, and over two errors."""
_FOREIGN = 0.6
"""A question of which a larger share is unknown is in another language, not mistyped."""
_ENDING = re.compile(r"e?s|e?d|e?r|e?rs|e?st|ing|ly|y|t|n")
"""By what two forms of a word may differ at their end."""
_ENDINGS = re.compile(r"(?:e?s|ed|ers?|est|ing|ly)$")
"""What another form of a word surely ends with."""
_BRITISH = re.compile(r"(i|y)s(e|ed|es|ing|ation)$")
"""How a word that is spelt with "ise" or "yse" would be with a "z": the vocabulary of general English is American."""


_COMPOUND = re.compile(r"([a-z]{3,})(?:off|out|up|down|over|back|away|in|on)s?")
"""A word made of two, which no list has all of: "payoff" is no "playoff"."""


def corrected(question: str, vocabulary: Set[str]) -> str:
    """The question with each unknown word replaced by the nearest one that is known, where one is near.

    `vocabulary` are the words of the texts in lower case; they are preferred, then the commonest of general English.
    One error is set right, two in a word of eight letters or more; errors are counted as optimal string alignment
    distance, so two letters exchanged are one. A word of four or five letters becomes only one of the texts or of the
    commonest, and never by another letter ("jabs" is not "jobs"). A name (a capital within the question) becomes only
    a word of the texts, over one error. A form of the same word is no error ("plumbers" for "plumber"), and a word
    that is not of the texts must have the very letters, or one more: general English is larger than any list of it.
    Numbers are never touched.

    >>> corrected("whos teh ceo of nvidai?", {"nvidia", "ceo", "the"})
    'who teh ceo of nvidia?'
    """
    tokens = words(question)
    unknown = [(w, a, b) for w, a, b in tokens if _is_word(w) and not is_known(w.lower(), vocabulary)]
    if not unknown or len(unknown) > max(1, _FOREIGN * len(tokens)):
        return question
    for word, start, end in reversed(unknown):
        is_name = word[0].isupper() and start > tokens[0][1]
        found = _nearest(word.lower(), vocabulary, is_name) if len(word) >= _SHORTEST else None
        if found:
            question = question[:start] + (found.capitalize() if word[0].isupper() else found) + question[end:]
    return question


def _is_word(word: str) -> bool:
    return word.isalpha() and word.isascii()


def is_known(word: str, vocabulary: Set[str] = frozenset()) -> bool:
    """Whether a word in lower case is one of the vocabulary or of general English, or a form of one."""
    american = _BRITISH.sub(r"\1z\2", word)
    known = vocabulary | STOPWORDS | general_words().keys()
    long = len(word) >= _MIDDLE
    compound = _COMPOUND.fullmatch(word)
    if compound and compound[1] in known:
        return True
    return word in known or american in known or (long and any(base in known for base in _bases(word)))


def _bases(word: str) -> Iterator[str]:
    """What the word may be a form of: "cap" and "cappe" of "capping"."""
    for ending in _ENDINGS.finditer(word, 3):
        base = word[: ending.start()]
        yield from (base, f"{base}e", *([base[:-1]] if base[-1] == base[-2] else ()))


def _nearest(word: str, vocabulary: Set[str], is_name: bool) -> str | None:
    """The nearest known word; of equally near ones one of the texts, then the commonest."""
    from rapidfuzz.distance import OSA
    from rapidfuzz.process import extract

    allowed = 1 if is_name or len(word) < _LONG else 2
    general = general_words()
    short = len(word) < _MIDDLE
    choices = vocabulary if is_name else vocabulary | (STOPWORDS if short else general.keys())
    pool = sorted(c for c in choices if abs(len(c) - len(word)) <= allowed and c[0] in word[:2])  # the same each time
    near = extract(word, pool, scorer=OSA.distance, score_cutoff=allowed, limit=50)
    near = [found for found in near if not (short and _is_other_letter(word, found[0]))]
    near = [one for one in near if one[0] in STOPWORDS or one[0] in vocabulary or _is_slip(word, *one[:2])]
    near = [one for one in near if one[0] in STOPWORDS or _is_another(word, one[0])]
    ranked = [
        (errors, choice not in vocabulary, general.get(choice, len(general)), choice) for choice, errors, _ in near
    ]
    return min(ranked)[-1] if ranked else None


def _is_another(word: str, other: str) -> bool:
    """Whether the other word begins as this one does, and is no form of it."""
    if not word.startswith(other[0]) and word[:2] != other[1::-1]:
        return False
    shorter, longer = sorted((word, other), key=len)
    inflected = longer.startswith(shorter) and _ENDING.fullmatch(longer[len(shorter) :])
    return not inflected or longer.endswith(2 * longer[-1])


def _is_slip(word: str, other: str, errors: float) -> bool:
    """Whether somebody who meant the other word could have typed this one, rather than meant a third: the letters are
    the same, or one within is missing, or one vowel is another."""
    if set(word) == set(other):
        return True
    if errors > 1 or word[-1] != other[-1]:
        return False
    differing = [pair for pair in zip(word, other, strict=False) if pair[0] != pair[1]]
    vowel = len(word) == len(other) and set(differing[0]) <= set("aeiouy")
    return len(other) == len(word) + 1 or vowel


def _is_other_letter(word: str, other: str) -> bool:
    return len(word) == len(other) and sorted(word) != sorted(other)


@cache
def general_words() -> Mapping[str, int]:
    """Common English words with their rank, the commonest first: the whole words of the encoder's vocabulary."""
    vocabulary = json.loads((bundled_folder() / "tokenizer.json").read_text("utf-8"))["model"]["vocab"]
    return {word: rank for word, rank in vocabulary.items() if word.isalpha() and word.isascii() and len(word) > 1}
