"""Quotations of a statement: word for word in the source, and by whom the source says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rag.verification.names import name_words
from rag.verification.wording import Token, Wording

_QUOTED = re.compile(r'"([^"]+)"|(?<![\w])\'([^\'"]{3,}?(?:\'(?=[a-z])[^\'"]*?)*)\'(?!\w)')
_GAP = re.compile(r"\.\.\.|…|\[[^\]]*\]")
_NOT_BY = frozenset("in at from on near over after before during into through inside outside of under".split())
"""A name behind one of these is where, when or about whom it was said, not who said it."""
_SHARES = re.compile(r",?\s+(?:while|whereas|but|and)\s+|;\s+", re.IGNORECASE)


@dataclass(frozen=True)
class Quotation:
    """Words between quotation marks, at [start, end) marks included."""

    start: int
    end: int
    words: str


def quotations(text: Wording) -> list[Quotation]:
    """What stands between quotation marks, in order.

    >>> [q.words for q in quotations(Wording.of("She called it “a bad joke” and 'not the town's best'."))]
    ['a bad joke', "not the town's best"]
    """
    found = (Quotation(m.start(), m.end(), m[1] or m[2]) for m in _QUOTED.finditer(text.text))
    return [quotation for quotation in found if _plain(quotation.words)]


def altered_quote(said: Wording, source: Wording) -> str | None:
    """A quotation whose words the source does not have so, in words for a person.

    >>> altered_quote(Wording.of('He spoke of "a fine day".'), Wording.of("“It was a fine, fine day,” he said."))
    'its citations do not have the words "a fine day"'
    """
    there = f" {_plain(source.text)} "
    for quotation in quotations(said):
        pieces = [_plain(piece) for piece in _GAP.split(quotation.words)]
        if any(piece and f" {piece} " not in there for piece in pieces):
            return f'its citations do not have the words "{quotation.words.strip(" ,.")}"'
    return None


def other_speaker(said: Wording, source: Wording) -> str | None:
    """A quotation that the statement gives to somebody other than the source does, in words for a person.

    >>> source = Wording.of('"It is done," said Ann Lee. The critic Bo Day called the wall "a bad joke".')
    >>> other_speaker(Wording.of('Ann Lee spoke of "a bad joke".'), source)
    'its citations give the words "a bad joke" to Bo Day'
    """
    for quotation in quotations(said):
        mine = _speakers(said, quotation, [source])
        theirs = [speakers for there in _places(source, quotation) if (speakers := _speakers(source, there, [said]))]
        if mine and theirs and not any({t.lower for t in mine} & {t.lower for t in speakers} for speakers in theirs):
            names = " ".join(token.text for token in theirs[0])
            return f'its citations give the words "{quotation.words.strip(" ,.")}" to {names}'
        if mine and not theirs and _says_something_else(mine, source, quotation, said):
            return f'its citations do not give the words "{quotation.words.strip(" ,.")}" to {mine[-1].text}'
    return None


def _says_something_else(mine: Sequence[Token], source: Wording, quotation: Quotation, said: Wording) -> bool:
    """Whether the source gives other words to the speaker, and these to somebody without a name."""
    here = list(_places(source, quotation))
    others = [other for other in quotations(source) if other not in here]
    names = {token.lower for token in mine}
    return bool(here) and any(names & {t.lower for t in _speakers(source, other, [said])} for other in others)


def _places(source: Wording, quotation: Quotation) -> Iterator[Quotation]:
    """The quotations of the source in which these words stand."""
    words = _plain(quotation.words)
    for other in quotations(source):
        if f" {words} " in f" {_plain(other.words)} ":
            yield other


def _speakers(text: Wording, quotation: Quotation, others: Sequence[Wording]) -> list[Token]:
    """The names in the stretch around a quotation that may be who said it: up to the next quotation or clause."""
    quoted = quotations(text)
    start, end = _stretch(text, quotation, quoted)
    named = [t for t in name_words(text, others) if not any(q.start <= t.start < q.end for q in quoted)]
    here = [token for token in named if start <= token.start < end]
    if not here and start > 0:  # "... ," he said: whoever was named last before
        here = [token for token in named if token.start < start][-2:]
    return [token for token in here if not _is_setting(text, token)]


def _stretch(text: Wording, quotation: Quotation, quoted: Sequence[Quotation]) -> tuple[int, int]:
    """The sentence, or the part of it between conjunctions, that brings the quotation."""
    first = max((a for a, b in text.sentences if a <= quotation.start), default=0)
    last = min((b for a, b in text.sentences if b >= quotation.end), default=len(text.text))
    before = [q.end for q in quoted if first <= q.end <= quotation.start]
    after = [q.start for q in quoted if quotation.end <= q.start < last]
    cuts = [m.end() for m in _SHARES.finditer(text.text, max([first, *before]), quotation.start)]
    start = max([first, *before, *cuts])
    until = [m.start() for m in _SHARES.finditer(text.text, quotation.end, min([last, *after]))]
    return start, min([last, *after, *until])


def _is_setting(text: Wording, token: Token) -> bool:
    """Whether the name stands behind a word such as "in": the place or the matter, not the speaker."""
    before = [t for t in text.tokens if t.end <= token.start][-3:]
    for earlier in reversed(before):
        if earlier.lower in _NOT_BY:
            return True
        if not earlier.text[0].isupper() and earlier.lower != "the":
            return False
    return False


def _plain(words: str) -> str:
    """The words alone: small letters, one blank between, no marks at their edges."""
    return " ".join(re.findall(r"[^\W_]+(?:['.,:-][^\W_]+)*", words.lower()))
