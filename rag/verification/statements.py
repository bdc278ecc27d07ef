"""A text of any system to the statements in it: spans that claim something, without headings, questions and markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.schema import Span
from rag.splitting import sentences

_FENCE = re.compile(r"^[ \t]*(```|~~~).*?(?:^[ \t]*\1[ \t]*$|\Z)", re.DOTALL | re.MULTILINE)
_BULLET = re.compile(r"\s*(?:(?:[-*+•‣◦▪–—]|\(?\d{1,3}[.)]|\(?[a-z][.)])\s+|>\s*)+")
_MARKER = re.compile(r"\s?(?:\[\^?\d+(?:\s?[,;–-]\s?\d+)*\]|【[^】]*】|\(?\[source[^\]]*\]\)?)", re.IGNORECASE)
_LINK = re.compile(r"!?\[([^\]\n]*)\]\([^)\s]*\)")
_EMPHASIS = re.compile(r"(?<!\w)(\*\*|__|\*|_|`)(?=\S)(.+?)(?<=\S)\1(?!\w)")
_HEADING = re.compile(r"\s*(?:#{1,6}\s|={3,}|-{3,}|\||\*\*[^*]+\*\*:?\s*$)")
_OPENER = re.compile(
    r"(?:(?:sure|certainly|of course|absolutely|great question|good question|yes|no|well|okay|ok|possibly|in short|in summary"
    r"|overall|to summari[sz]e|to sum up|in conclusion|note that|as far as i (?:know|can tell)|i (?:think|believe|would say)(?: that)?"
    r"|it (?:seems|appears)(?: that)?|according to (?:the|this|these|your) (?:text|document|article|passage|source|context|report)s?(?: provided)?"
    r"|(?:based on|from) (?:the|this|these|your) (?:provided |given )?(?:text|document|article|passage|source|context)s?(?: provided)?"
    r"|the (?:text|document|article|passage|source)s? (?:says?|states?|mentions?|notes?|reports?)(?: that)?)[,.!:]?\s+)+",
    re.IGNORECASE,
)
_TALK = re.compile(
    r"(?:let me know|i hope|feel free|happy to help|please (?:note|let)|here(?:'s| is| are)|hello|hi\b|thanks|thank you|you're welcome"
    r"|i(?: am|'m) (?:sorry|not sure|an ai)|i (?:do not|don't|cannot|can't) (?:know|find|say|tell|answer)|if you (?:have|need|want|would like)"
    r"|the texts? do(?:es)? not say)",
    re.IGNORECASE,
)
_CLOSING = re.compile(r"[.!…。！:][\"'”’»)\]*_]*\s*$")
_VERBLIKE = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|do|does|did|will|would|can|could|may|might|must|should|shall)\b|\w{3,}(?:ed|es)\b|[a-z]{3,}s\b",
)


@dataclass(frozen=True)
class Claim:
    """A statement at its span of the text, and its plain words: what is checked."""

    span: Span
    words: str


def claims(text: str) -> Iterator[Claim]:
    """The statements of `text` in order.

    >>> said = "# Tea\\n\\nSure! Here is what I found:\\n- **Green tea** reached Lisbon in 1921 [1].\\nWhy? It sold well."
    >>> [claim.words for claim in claims(said)]
    ['Green tea reached Lisbon in 1921.', 'It sold well.']
    """
    plain = _FENCE.sub(lambda fence: " " * len(fence.group()), text)
    for sentence in sentences(plain):
        written = plain[sentence.start : sentence.end]
        bullet = _BULLET.match(written)
        start = sentence.start + (bullet.end() if bullet else 0)
        words = _plain(plain[start : sentence.end])
        if _HEADING.match(written) or not _claims_something(words, bool(bullet)):
            continue
        yield Claim(Span(start=start, end=sentence.end), words)


def _plain(written: str) -> str:
    """The words without markers, links, emphasis and the opener before the statement."""
    words = _LINK.sub(r"\1", _MARKER.sub("", written))
    while (bare := _EMPHASIS.sub(r"\2", words)) != words:
        words = bare
    words = " ".join(words.split())
    opener = _OPENER.match(words)
    if opener and opener.end() < len(words):
        words = words[opener.end() :]
        words = words[0].upper() + words[1:]
    return words


def _claims_something(words: str, is_item: bool) -> bool:
    """Whether the words are a statement: no question, no talk about the answer, no bare title."""
    if words.rstrip("\"'”’»)*_ ").endswith(("?", ":", "？")) or _TALK.match(words):
        return False
    count = len(re.findall(r"\w+", words))
    if count < 2 or not re.search(r"[^\W\d_]{2}", words):
        return False
    return bool(_CLOSING.search(words)) or is_item or (count >= 4 and bool(_VERBLIKE.search(words)))
