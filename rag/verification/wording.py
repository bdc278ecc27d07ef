"""A text as the checks see it: plain marks, tokens with stems, and clauses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from rag.lexical import STOPWORDS, composed, stem
from rag.schema import valid_unicode
from rag.splitting import sentences
from rag.verification.phrases import plain_values
from rag.verification.vocabulary import BASE_FORMS

_PLAIN = str.maketrans(
    {
        "’": "'",
        "‘": "'",
        "“": '"',
        "”": '"',
        "„": '"',
        "«": '"',
        "»": '"',
        "\u00a0": " ",
        "\u2009": " ",
        "\u202f": " ",
        "‑": "-",
        "‐": "-",
        "−": "-",
        "—": "–",
        "º": "°",
        "μ": "µ",
    }
)
_TOKEN = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:'[^\W\d_]+)*|[^\W_]+", re.UNICODE)
_ABBREVIATION = re.compile(r"\b(?:[A-Za-z]\.){2,}")
_CLAUSE = re.compile(
    r",?\s+(?:but|while|whereas|although|though|unless|and yet|except|despite)\s+|\s*[;:()]\s+|\s–\s|,\s+(?:and|or|nor|so)\s+"
    r"|,\s+(?:who|which|whose|where|when|that)\s+|\s[(]|,\s+|\s+(?=and not\b|and did not\b)",
    re.IGNORECASE,
)
_PART = re.compile(r",?\s+(?:but|while|whereas|although|though)\s+|\s*;\s+|,\s+(?:and|or|nor|so)\s+", re.IGNORECASE)
FUNCTION_WORDS = STOPWORDS | frozenset(
    """according said say says saying told also however both either neither nor during per upon onto toward towards
    within among amongst between against until till since because although though despite whereas yet still already
    even another much many several any each every other others via off there here get got go went come came
    take took taken make made give gave given put mr mrs ms dr one ones been being without never cannot
    way around about just only well back away again once ever like such total overall respectively namely""".split()
)
"""Words that carry no fact by themselves; numbers, names and negation are looked at separately."""


_ENDING = re.compile(
    r"(?:[aei]?(?:r|n|nt|nc|l|ly|bl|t|d|on)|or|i?ti|it|y|i|e|ment|s?ion|ation|ing|ful|less|ness|s|ist|sal)?"
)


def is_akin(one: str, other: str) -> bool:
    """Whether two stems are of one family of words: one root, each with nothing or a usual ending behind it.

    >>> is_akin("buyer", "buy"), is_akin("divers", "divert"), is_akin("contract", "control")
    (True, True, False)
    """
    shared = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))
    if shared < 4 and not (shared == 3 == min(len(one), len(other))):
        return one == other
    return 3 * shared >= 2 * min(len(one), len(other)) and all(_ENDING.fullmatch(end[shared:]) for end in (one, other))


@dataclass(frozen=True)
class Token:
    """A word as written, with its offsets in the text and its stem."""

    text: str
    start: int
    end: int

    @cached_property
    def lower(self) -> str:
        """The word in small letters, without a possessive ending."""
        return re.sub(r"'s?$", "", self.text.lower())

    @cached_property
    def stem(self) -> str:
        """The Snowball stem, of an irregular verb that of its base form."""
        lower = self.lower or self.text.lower()
        return stem(BASE_FORMS.get(lower, lower))

    @property
    def is_content(self) -> bool:
        """Whether the word says something by itself."""
        return self.lower not in FUNCTION_WORDS and (len(self.lower) > 1 or self.lower.isdigit())


@dataclass(frozen=True)
class Wording:
    """A text with its tokens; made once, looked at by every check."""

    text: str

    @classmethod
    def of(cls, *texts: str) -> Wording:
        """The texts one after the other, with one kind of quotation mark, dash and blank each.

        >>> Wording.of("It’s “green”.", "So is\\u00a0tea.").text
        'It\\'s "green". So is tea.'
        """
        joined = " ".join(
            " ".join(composed(valid_unicode(text)).translate(_PLAIN).split()) for text in texts if text.strip()
        )
        joined = plain_values(joined)
        return cls(_ABBREVIATION.sub(lambda found: _undotted(found, joined), joined))

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """Every word and number, in order."""
        return tuple(Token(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(self.text))

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of all words, function words too."""
        return frozenset(token.stem for token in self.tokens)

    @cached_property
    def lowers(self) -> frozenset[str]:
        """All words in small letters."""
        return frozenset(token.lower for token in self.tokens)

    @cached_property
    def sentences(self) -> tuple[tuple[int, int], ...]:
        """Start and end of each sentence."""
        return tuple((span.start, span.end) for span in sentences(self.text))

    @cached_property
    def clauses(self) -> tuple[Clause, ...]:
        """Stretches between commas, dashes, semicolons and words such as "but" and "while"."""
        return tuple(self._cut(_CLAUSE))

    @cached_property
    def parts(self) -> tuple[Clause, ...]:
        """Coarser than clauses: a single comma does not end a part."""
        return tuple(self._cut(_PART))

    def within(self, start: int, end: int) -> tuple[Token, ...]:
        """The tokens in a stretch."""
        return tuple(token for token in self.tokens if start <= token.start < end)

    def sentence_at(self, position: int) -> tuple[int, int]:
        """Start and end of the sentence that a position stands in."""
        return next(((a, b) for a, b in self.sentences if a <= position < b), (0, len(self.text)))

    def _cut(self, pattern: re.Pattern[str]) -> Iterator[Clause]:
        for first, last in self.sentences:
            start = first
            for match in pattern.finditer(self.text, first, last):
                yield from self._clause(start, match.start())
                start = match.end()
            yield from self._clause(start, last)

    def _clause(self, start: int, end: int) -> Iterator[Clause]:
        tokens = self.within(start, end)
        if tokens:
            yield Clause(self.text[start:end], start, end, tokens)


@dataclass(frozen=True)
class Clause:
    """A stretch of a text with its tokens."""

    text: str
    start: int
    end: int
    tokens: Sequence[Token]

    @cached_property
    def stems(self) -> frozenset[str]:
        """The stems of its content words."""
        return frozenset(token.stem for token in self.tokens if token.is_content)

    def holds(self, position: int) -> bool:
        """Whether a position of the text lies in it."""
        return self.start <= position < self.end


def _undotted(found: re.Match[str], text: str) -> str:
    """An abbreviation without its dots: "a.m." is "am"; the last one stays where it ends a sentence too."""
    following = text[found.end() : found.end() + 2]
    ends = not following or (
        following[0] == " " and following[1:].isupper() and found.group().lower() in ("a.m.", "p.m.")
    )
    return found.group().replace(".", "") + ("." if ends else "")
