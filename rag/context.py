"""Which sentence leans on the one before it, so that one alone would not be understood."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from operator import attrgetter

from rag.schema import Span

_PRONOUN = re.compile(
    r"\W*(?:he|she|it|they|his|her|hers|its|their|theirs|both|neither|either|such|this|these|that|those|here|there"
    r"|the (?:former|latter|same|other|others|two|three|four|pair|rest|second|first|third|last)"
    r"|one of them|some of them|all of them|most of them|another|others)\b",
    re.IGNORECASE,
)
_GENERIC = (
    "agreement|announcement|approach|article|city|committee|companies|company|conflict|contract|contracts|country|court"
    "|deal|deals|decision|disease|effort|event|film|firm|firms|government|group|groups|idea|investment|law|machine|man"
    "|meeting|method|minister|model|move|nation|nations|offer|official|officials|partnership|partners|plan|plans|plant"
    "|president|process|product|project|proposal|report|result|results|ruling|scheme|ship|ships|site|spokesman"
    "|spokeswoman|spokesperson|study|summit|system|talks|team|technology|two sides|union|vote|woman|work"
)
_DEFINITE = re.compile(rf"\W*the (?:new |joint |same |whole )?(?:{_GENERIC})\b(?! of\b)", re.IGNORECASE)
_CONNECTIVE = re.compile(
    r"\W*(?:however|therefore|thus|moreover|instead|then|later|afterwards|in addition|as a result|for example"
    r"|for instance|in turn|meanwhile|also|by contrast|on the other hand|even so|still|yet|but|and|so)\b,?\s+"
    r"(?:he|she|it|they|his|her|its|their|this|these|that|those|the)\b",
    re.IGNORECASE,
)
_EXPLETIVE = re.compile(r"\W*(?:it|there) (?:is|was|are|were|has been|will be) \w+ (?:that|to)\b", re.IGNORECASE)


_HEADING = re.compile(r"(?:#+ |\d+[.)]? )?[^\W\d][^\d.!?…:]*:?")
_BULLET = re.compile(r"\W*\s|\w{1,2}[.)] ")
_LONGEST_HEADING = 6
"""Words."""
_ABOVE = 200
"""Characters above a line that tell whether something stands there, and how far away."""


def introduces(text: str, line: Span, sentence: Span) -> bool:
    """Whether `line`, before `sentence`, is the heading or the question that it stands under; the text's title is not.

    >>> text = "Our town\\n\\nMarket\\nWednesdays until noon.\\n\\nQ: Is it open in May?\\nA: Yes."
    >>> introduces(text, Span(start=10, end=16), Span(start=17, end=39))
    True
    >>> introduces(text, Span(start=41, end=62), Span(start=63, end=70))
    True
    """
    words = text[line.start : line.end]
    above, below = text[max(0, line.start - _ABOVE) : line.start], text[line.end : sentence.start]
    if "\n" not in below or not above.strip() or not re.search(r"\n *$", above):
        return False
    if words.endswith("?"):
        return True
    if not re.search(r"\n\s*\n *$", above) or (below.count("\n") > 1 and not words.startswith("#")):
        return False  # right below a paragraph, or apart from what follows, it may be a signature
    items = _BULLET.match(words) and _BULLET.match(text[sentence.start : sentence.end])
    return bool(_HEADING.fullmatch(words)) and len(words.split()) <= _LONGEST_HEADING and not items


def leans(sentence: str) -> bool:
    """Whether the sentence begins with something that only the text before it explains.

    >>> leans("He hopes for new policies."), leans("The companies will all deploy the chips.")
    (True, True)
    >>> leans("Huang affirmed his interest."), leans("The company of the year is Samsung.")
    (False, False)
    """
    if _EXPLETIVE.match(sentence):
        return False
    return bool(_PRONOUN.match(sentence) or _DEFINITE.match(sentence) or _CONNECTIVE.match(sentence))


def before(sentences: Sequence[Span], sentence: Span) -> Span | None:
    """The sentence before `sentence` among `sentences`, which are in order; None for the first."""
    position = bisect_right(sentences, sentence.start - 1, key=attrgetter("start"))
    return sentences[position - 1] if position else None
