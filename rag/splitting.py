"""A document to sentences and passages, as spans that are exact in its text.

The splitter is our own because the offsets are the product: llama-index finds its nodes again with
`str.find` and nltk needs a downloaded model (docs/decisions.md). It takes time linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.context import leans
from rag.schema import Document, Passage, Span

LONGEST_SENTENCE = 600
"""Longer ones are cut, at a clause mark where possible: an encoder would not see their end anyway."""

_LINE_END = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_ITEM = re.compile(r"\s*(?:[-*+•‣◦▪–—]\s|\(?\d{1,3}[.)]\s|\(?[a-z][.)]\s|#{1,6}\s|\||>|[A-Z][\w ]{0,30}:\s)")
_TIME = re.compile(r"\s*\d{1,2}[.:]\d\d(?:\s?[-–—]\s?\d{1,2}[.:]\d\d\s|\s+(?=[A-Z]))")
_GOES_ON = re.compile(
    r"\b(?:a|an|the|of|to|at|in|on|by|from|for|with|and|or|than|about|over|under|is|was|are|were)$", re.IGNORECASE
)
_MARK = re.compile(r"(?:[-*+•‣◦▪–—]\s+|\(?\d{1,3}[.)]\s+|(?:A|Answer|Q|Question)\s?:\s+)(?=\S)")
_WHOLE_LINE = re.compile(r"\s*(?:#{1,6}\s|\||```|-{3,}\s*$|={3,}\s*$)")
_STOP = re.compile(r"(?:[.!?…]+|[。！？｡؟۔।]+)[\"'”’»」』)\]]*(?:\[\d{1,3}\])*")
"""What ends a sentence, with the marks of an encyclopedia's notes behind it: "... a cup.[1][2]"."""
_FULL_WIDTH = frozenset("。！？｡")
_OPENING = "\"'“‘«「『([¿¡—–-* "

_TITLES = frozenset(
    """mr mrs ms mx dr prof st gen col lt sgt capt cmdr maj adm sen rep gov rev hon fr messrs pres supt vs no nos
    fig figs eq vol vols ch pp p cf e.g i.e viz approx ca al art sec dept mt ft""".split()
)
_ENDINGS = frozenset(
    """inc ltd co corp llc plc bros jr sr etc est a.m p.m u.s u.k u.n u.s.a e.u d.c ph.d m.d b.a m.a jan feb mar apr
    jun jul aug sep sept oct nov dec mon tue tues wed thu thurs fri sat sun ave blvd rd hrs min max""".split()
)
_STARTERS = frozenset(
    """the a an it he she they we you i this that these those there in on at by for from with without as but and or
    however meanwhile when while after before if although since because his her its their our my what who why how
    where some many most all both each no not now so then
    also later today yesterday once only another one two""".split()
)
_NUMBER_FOLLOWS = frozenset("no nos fig figs eq vol vols ch pp p sec art".split())


def sentences(text: str, longest: int = LONGEST_SENTENCE) -> list[Span]:
    """The sentences of `text` in order, without the space around them, none longer than `longest` characters.

    Every letter and digit of the text stands in exactly one of them. A line of its own (heading, list
    item, table row) is a sentence; lines that are only wrapped are joined.

    >>> text = "Dr. Kim paid $3.5 million. 'Why?' he asked."
    >>> [text[s.start : s.end] for s in sentences(text)]
    ['Dr. Kim paid $3.5 million.', "'Why?' he asked."]
    """
    found = []
    for block in _blocks(text):
        for sentence in _in_block(text, block):
            found += [part for part in _cut(text, sentence, longest) if _has_word(text, part)]
    return found


def without_mark(text: str, sentence: Span) -> Span:
    """The sentence without the bullet, the number or the "A:" that it begins with.

    >>> text = "- 2 eggs"
    >>> without_mark(text, Span(start=0, end=8)).start
    2
    """
    mark = _MARK.match(text, sentence.start, sentence.end)
    return Span(start=mark.end(), end=sentence.end) if mark and mark.end() < sentence.end else sentence


def split(document: Document, passage_chars: int) -> list[Passage]:
    """Passages of whole sentences, at most `passage_chars` characters each, in order.

    A passage ends early at the end of a paragraph if it is at least half full. One that would begin with a
    sentence that leans on the one before begins with that one, where it fits.
    """
    spans = sentences(document.text, min(LONGEST_SENTENCE, passage_chars))
    return [_passage(document, spans[first:last]) for first, last in _groups(document.text, spans, passage_chars)]


def _groups(text: str, spans: list[Span], limit: int) -> Iterator[tuple[int, int]]:
    """Positions [first, last) of the sentences of each passage."""
    first = 0
    for position in range(1, len(spans) + 1):
        if position < len(spans):
            length = spans[position - 1].end - spans[first].start
            fits = spans[position].end - spans[first].start <= limit
            paragraph_ends = text.count("\n", spans[position - 1].end, spans[position].start) > 1
            if fits and not (paragraph_ends and length >= limit // 2):
                continue
        yield first, position
        first = position
        if position < len(spans) and _brings_previous(text, spans, position, limit):
            first = position - 1


def _brings_previous(text: str, spans: list[Span], position: int, limit: int) -> bool:
    here = spans[position]
    return here.end - spans[position - 1].start <= limit and leans(text[here.start : here.end])


def _passage(document: Document, spans: list[Span]) -> Passage:
    start, end = spans[0].start, spans[-1].end
    return Passage(
        id=f"{document.id}:{start}-{end}",
        document_id=document.id,
        title=document.title,
        start=start,
        end=end,
        text=document.text[start:end],
        sentences=tuple(spans),
    )


def _blocks(text: str) -> Iterator[Span]:
    """Stretches of lines that belong together: paragraphs, list items, headings, table rows."""
    lines = list(_lines(text))
    first = 0
    while first < len(lines):
        last, longest = first + 1, len(lines[first])
        while last < len(lines) and lines[last].strip_end > lines[last].start:
            longest = max(longest, len(lines[last]))
            last += 1
        start = lines[first].start
        for number in range(first, last):
            line = lines[number]
            if number + 1 == last or not _is_wrapped(text, line, lines[number + 1], longest):
                yield Span(start=start, end=line.strip_end)
                start = lines[number + 1].start if number + 1 < last else line.strip_end
        first = last
        while first < len(lines) and lines[first].strip_end == lines[first].start:
            first += 1


class _Line:
    """One line: where it starts and where its last visible character ends."""

    __slots__ = ("start", "strip_end")

    def __init__(self, text: str, start: int, end: int) -> None:
        content = text[start:end]
        self.start, self.strip_end = start, start + len(content.rstrip())

    def __len__(self) -> int:
        return self.strip_end - self.start


def _lines(text: str) -> Iterator[_Line]:
    start = 0
    for match in _LINE_END.finditer(text):
        yield _Line(text, start, match.start())
        start = match.end()
    yield _Line(text, start, len(text))


def _is_wrapped(text: str, line: _Line, following: _Line, longest: int) -> bool:
    """Whether the sentence may go on in the following line, the line end being only a matter of layout."""
    here, there = text[line.start : line.strip_end], text[following.start : following.strip_end]
    if _WHOLE_LINE.match(here) or _ITEM.match(there) or not here:
        return False
    begin = there.lstrip()[:1]
    numbered = begin.isdigit() and here.lstrip()[:1].isdigit()
    if (numbered or _TIME.match(there)) and not _GOES_ON.search(here.rstrip()):
        return False  # amounts or hours, one a line
    return begin.islower() or (len(here) >= 40 and len(here) >= 0.7 * longest)


def _in_block(text: str, block: Span) -> Iterator[Span]:
    """The sentences of one block; a stop counts where what follows can begin a sentence."""
    if _WHOLE_LINE.match(text, block.start, block.end):
        yield from _trimmed(text, block.start, block.end)
        return
    start = block.start
    for match in _STOP.finditer(text, block.start, block.end):
        if _ends_sentence(text, start, match, block.end):
            yield from _trimmed(text, start, match.end())
            start = match.end()
    yield from _trimmed(text, start, block.end)


def _ends_sentence(text: str, start: int, stop: re.Match[str], block_end: int) -> bool:
    if stop.end() >= block_end or stop.group()[0] in _FULL_WIDTH:
        return True
    if not text[stop.end()].isspace():
        return False
    following = text[stop.end() : min(stop.end() + 40, block_end)].lstrip(_OPENING + "\t\r\n")
    if not following or following[0].islower():
        return False
    if not stop.group().startswith("."):
        return True
    return len(stop.group()) > 1 or not _is_abbreviation(text, start, stop.start(), following)


def _is_abbreviation(text: str, start: int, dot: int, following: str) -> bool:
    """Whether the dot at `dot` belongs to the word before it and does not end the sentence as well."""
    match = re.search(r"[^\s(\[\"'“‘]+$", text[max(start, dot - 20) : dot])
    word = match.group() if match else ""
    lower = word.lower()
    if lower in _TITLES or word == "v":
        return lower not in _NUMBER_FOLLOWS or following[0].isdigit()
    if (word.isdigit() and len(word) <= 3) or (len(word) == 1 and word.isalpha() and word.isascii()):
        alone = not text[start : dot - len(word)].strip(_OPENING + "\t\r\n")
        return alone or (word.isupper() and _next_word(following) not in _STARTERS)
    if lower in _ENDINGS or re.fullmatch(r"(?:[A-Za-z]\.)+[A-Za-z]", word):
        return _next_word(following) not in _STARTERS
    return False


def _next_word(following: str) -> str:
    match = re.match(r"[^\W\d_]+", following)
    return match.group().lower() if match else ""


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    content = text[start:end]
    left = len(content) - len(content.lstrip())
    right = len(content.rstrip())
    if left < right:
        yield Span(start=start + left, end=start + right)


def _cut(text: str, sentence: Span, longest: int) -> Iterator[Span]:
    """The sentence itself, or pieces of at most `longest`: cut behind a clause mark, else a blank, else anywhere."""
    start = sentence.start
    while sentence.end - start > longest:
        window = text[start : start + longest]
        at = max(window.rfind(mark) + len(mark) for mark in ("; ", ": ", ", ", "，", "、"))
        if at < longest // 2:
            at = max(window.rfind(" "), window.rfind("\n"), window.rfind("\t")) + 1
        if at < longest // 4:
            at = longest
        yield from _trimmed(text, start, start + at)
        start += at
    yield from _trimmed(text, start, sentence.end)


def _has_word(text: str, span: Span) -> bool:
    return any(character.isalnum() for character in text[span.start : span.end])
