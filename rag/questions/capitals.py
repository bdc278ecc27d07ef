"""Names typed in small letters, in a question as people type: written with the capitals that the texts give them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from rag.lexical import STOPWORDS
from rag.questions.followups.sexes import sex_of
from rag.questions.spelling import general_words, is_known

Names = Mapping[str, str]
"""A name in small letters: the name as the texts write it."""
_WORD = r"(?:[\w&]|['’.-](?=\w))*"
_CAPITAL = r"[A-ZÀ-ÖØ-Þ]"
_RUN = re.compile(rf"(?<![\w'’.-]){_CAPITAL}{_WORD}(?: (?:{_CAPITAL}{_WORD}|\d+))*")
"""Words in capitals, one behind the other, and the numbers behind them."""
_ANY = re.compile(rf"[^\W\d_]{_WORD}")
_WITHIN = re.compile(r"(?:[^\W\d_]['’]?|[,)%]) $")
"""Before a name that does not open a sentence."""
_ASKED = re.compile(r"[\w&](?:[\w&]|['’.-](?!s\b)(?=\w))*")
_OWNER = re.compile(r"['’]s?$")
_SENTENCE = 0.34
"""Share of words in small letters from which on a line is no heading, where capitals mean nothing."""
_COMMON = 9_000
"""Rank in the vocabulary up to which a word in capitals may be none elsewhere: "Pacific", "Opening"."""
_LONGEST = 4
"""Words of a name that is looked for."""
_UNNAMED = re.compile(r"\b(?:an?|any|my|our|your|some|no|many|much|every|each) $", re.IGNORECASE)
"""Behind these stands no name of one word."""


def names_of(texts: Iterable[str]) -> Names:
    """The names that the texts write in capitals, within a sentence, and never in small letters; of a longer one the
    words too that are not common.

    >>> names_of(["In Eastmoor the Tarn Bank lends. The bank is old."])
    {'eastmoor': 'Eastmoor', 'tarn bank': 'Tarn Bank', 'tarn': 'Tarn'}
    """
    found: dict[str, str] = {}
    small: set[str] = set()
    for line in (line for text in texts for line in text.split("\n")):
        plain = [word for word in _ANY.findall(line) if word[0].islower()]
        small.update(_OWNER.sub("", word) for word in plain)
        heading = len(plain) < len(line.split()) * _SENTENCE
        for run in _RUN.finditer(line):
            words = [_OWNER.sub("", word) for word in run.group().split(" ")]
            opens = not _WITHIN.search(line[max(0, run.start() - 3) : run.start()])
            if opens and words[0].lower() in STOPWORDS:
                words, opens = words[1:], False
            common = {word for word in words if word.isdigit() or _is_common(word.lower())}
            if opens and is_known(words[0].lower()):
                common.add(words[0])
            if not (heading and common.issuperset(words)):
                spans = ((i, j) for i in range(len(words)) for j in range(i + 2, min(i + _LONGEST, len(words)) + 1))
                longer = (" ".join(words[i:j]) for i, j in spans)
                found.update({name.lower(): name for name in longer})
            if len(words) == 1 and not (heading or opens):
                common.clear()
            found.update({word.lower(): word for word in words if word not in common})
    return {low: name for low, name in found.items() if len(low) > 1 and not {*low.split(" ")} <= small | STOPWORDS}


def _is_common(word: str) -> bool:
    return general_words().get(word, _COMMON) < _COMMON and not sex_of(word.title())


def with_capitals(question: str, names: Names) -> str:
    """The question with each name as the texts write it, where it was typed without a capital.

    >>> with_capitals("and how old is tarn bank's owner?", {"tarn bank": "Tarn Bank"})
    "and how old is Tarn Bank's owner?"
    >>> with_capitals("Who founded Tarn bank?", {"tarn bank": "Tarn Bank"})
    'Who founded Tarn bank?'
    """
    if any(letter.isupper() for letter in re.sub(r"\bI\b", "", question[1:])):
        return question
    words = [found.span() for found in _ASKED.finditer(question)]
    at = 0
    while at < len(words):
        start = words[at][0]
        for last in range(min(at + _LONGEST, len(words)) - 1, at - 1, -1):
            end = words[last][1]
            name = names.get(question[start:end].lower())
            if name and not (last == at and _UNNAMED.search(question[:start])):
                question = question[:start] + name + question[end:]
                at = last
                break
        at += 1
    return question
