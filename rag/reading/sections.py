"""Sections about one of several: of the repair of one mower the part about another one tells nothing.

Only where the headings are names that the text uses as such elsewhere, each of one thing or person: products compared,
people presented.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from rag.lexical import STOPWORDS, stem, stems, words
from rag.questions import Question
from rag.schema import Document, Span

_HEADING = re.compile(
    r"^(?:#{1,6}[ \t]+(?P<sharps>\S[^\n]{0,80})$|(?P<marks>\*\*|__)(?P<bold>[^\n*_]{1,60}?)[.:]?(?P=marks)"
    r"|(?P<line>[A-Z][^\n.!?,;:]{0,60})(?=\r?\n))",
    re.MULTILINE,
)
_MANY = 20
"""Sections with a name of their own, beyond which a text is no comparison but a list."""


@dataclass(frozen=True)
class _Sections:
    starts: tuple[int, ...]
    names: tuple[frozenset[str], ...]
    """Of each section the stems of the names in its heading that no other has; empty for one of something else."""


def is_another_section(question: Question, document: Document, sentence: Span) -> bool:
    """Whether the sentence stands in the section about another one than the question names, and does not name that one.

    >>> from rag.questions import analyse
    >>> text = "Mowers\\n\\n**Grasper.** It is quiet.\\n\\n**Turfo.** The Turfo is no Grasper. It is loud."
    >>> document, loud = Document(title="Mowers", text=text), Span(start=text.index("It is l"), end=len(text))
    >>> [is_another_section(analyse(f"Is the {one} loud?"), document, loud) for one in ("Grasper", "Turfo", "mower")]
    [True, False, False]
    """
    sections = _sections_of(document.text)
    here = bisect_right(sections.starts, sentence.start) - 1
    if here < 0 or not sections.names[here]:
        return False
    asked = set(question.stems)
    named = [names & asked for names in sections.names if names & asked]
    if not named or sections.names[here] & asked:
        return False
    return not frozenset().union(*named) & set(stems(document.text[sentence.start : sentence.end]))


def heads_a_section(name: str, text: str) -> bool:
    """Whether a section of the text is about that one of several.

    >>> heads_a_section("Turfo", "Mowers\\n\\n**Grasper.** The Turfo is dearer.\\n\\n**Turfo.** The Grasper is quiet.")
    True
    """
    return any(names & set(stems(name)) for names in _sections_of(text).names)


@lru_cache(maxsize=200)
def _sections_of(text: str) -> _Sections:
    found = [match for match in _HEADING.finditer(text) if match.start() > 0]
    names = _names(text)
    heads = [frozenset(stems(next(filter(None, match.group("sharps", "bold", "line"))))) & names for match in found]
    counts = Counter(name for head in heads for name in head)
    own = [frozenset(name for name in head if counts[name] == 1) for head in heads]
    if not 1 < sum(map(bool, own)) <= _MANY:
        return _Sections((), ())
    return _Sections(tuple(match.start() for match in found), tuple(own))


def _names(text: str) -> frozenset[str]:
    """The stems of the words that stand with a capital inside of sentences, and nowhere without."""
    capitals, others = set(), set()
    for word, start, _ in words(text):
        if not word[0].isupper():
            others.add(stem(word.lower()))
        elif word.lower() not in STOPWORDS and re.search(r"[\w,] $", text[max(0, start - 2) : start]):
            capitals.add(stem(word.lower()))
    return frozenset(capitals - others)
