"""What a model writes to statements with the sentence numbers that they cite, while it is still being written.

Models are asked for plain sentences with markers behind them, `Tea is green. [1]`. What comes may have its markers
before or inside of a sentence, several in one, ranges, bullets, bold type, code fences, scraps of JSON, or a train of
thought in tags of its own; all of that is taken for what it means, and what means nothing is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from rag.schema import Span, valid_unicode
from rag.splitting import sentences

_LONGEST = 2000
_LONGEST_RANGE = 20
_ONE = r"(?:\^|s(?:entences?)?\.?|sources?)?\s{0,3}\d{1,9}"
_MARKER = re.compile(
    rf"\s?[\[【]\s{{0,3}}{_ONE}(?:\s{{0,3}}(?:,|;|&|and|to|-|–|—)\s{{0,3}}{_ONE}){{0,50}}\.?\s{{0,3}}[\]】](?:\(#?\d*\))?",
    re.IGNORECASE,
)
_RANGE = re.compile(r"(\d{1,9})\s{0,3}(?:to|-|–|—)\D{0,13}(\d{1,9})")
_THOUGHT = re.compile(r"<(think|thinking|thought|reasoning|reflection|analysis|scratchpad)>", re.IGNORECASE)
_THOUGHT_ENDS = re.compile(r"</(?:think|thinking|thought|reasoning|reflection|analysis|scratchpad)>", re.IGNORECASE)
_LONGEST_TAG = len("</scratchpad>")
_BULLET = re.compile(r"^\s*(?:(?:[-*+•‣>|#]+|\(?\d{1,2}[.)])\s+)+")
_FIELD = re.compile(r"""^[\s{\["']*["']?\w{1,30}["']\s*:\s*["'\[]*""")
_FIELD_ENDS = re.compile(r"""["']\s*(?:[,}\]].*)?$""")
_EMPHASIS = re.compile(r"(?<![\w*])\*([^*\s](?:[^*]*[^*\s])?)\*(?![\w*])")
_TAG = re.compile(r"</?[a-z][a-z0-9]{0,12}\s*/?>", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff]+")
_YES_NO = re.compile(r"(?:yes|no)[.!]?", re.IGNORECASE)


@dataclass(frozen=True)
class Said:
    """A statement as it was written, without its markers, and the sentence numbers that these named."""

    text: str
    numbers: tuple[int, ...]


class Statements:
    """Takes a reply piece by piece and gives every statement as soon as it is known to be whole.

    >>> reply = Statements()
    >>> reply.feed("Tea is green. [1] It came to Lisb")
    [Said(text='Tea is green.', numbers=(1,))]
    >>> reply.feed("on in 1921 [2, 3]."), reply.end()
    ([], [Said(text='It came to Lisbon in 1921.', numbers=(2, 3))])
    """

    def __init__(self) -> None:
        self._visible = _Visible()
        self._line = ""
        self._waiting: Said | None = None
        """A statement at the end of a line: its markers may follow on the next one."""
        self._answer = ""
        """A bare yes or no, which belongs to what comes next."""

    def feed(self, piece: str) -> list[Said]:
        """The statements that are whole now."""
        forget, text = self._visible.feed(piece)
        if forget:
            self._line, self._waiting, self._answer = "", None, ""
        *lines, self._line = (self._line + text).replace("\r", "\n").split("\n")
        if not lines and not text:
            return []
        found = [said for line in lines for said in self._of_line(line)]
        started, self._line = _whole_sentences(self._line)
        return [*found, *self._released(started)] if started else found

    def end(self) -> list[Said]:
        """What is left once nothing more comes."""
        found = self._of_line(self._line)
        self._line = ""
        return [*found, *self._released([])]

    def _of_line(self, line: str) -> list[Said]:
        if line.lstrip().startswith("```"):
            return []
        said = list(_statements(line))
        if not said:
            if self._waiting and (numbers := _numbers(line)):
                self._waiting = replace(self._waiting, numbers=(*self._waiting.numbers, *numbers))
            return []
        released = self._released(said)
        if released and not released[-1].numbers:
            self._waiting = released.pop()
        return released

    def _released(self, said: list[Said]) -> list[Said]:
        """What waited, and `said` with a bare yes or no put before what it is about."""
        found = [self._waiting] if self._waiting else []
        self._waiting = None
        for one in said:
            if _YES_NO.fullmatch(one.text):
                self._answer = one.text.rstrip(".!").capitalize() + ". "
                continue
            found.append(replace(one, text=self._answer + one.text))
            self._answer = ""
        return found


def visible(reply: str) -> str:
    """A whole reply without what was thought aloud in tags.

    >>> visible("<think>Hm.</think>Tea?")
    'Tea?'
    """
    return _Visible().feed(reply + " <")[1].rstrip()


class _Visible:
    """Leaves out what a model thinks aloud in tags."""

    def __init__(self) -> None:
        self._held = ""
        self._within = False

    def feed(self, piece: str) -> tuple[bool, str]:
        """What of the text so far is visible and was not given yet; and whether all before it was a thought too."""
        self._held += piece
        forget, out = False, ""
        while True:
            if self._within:
                ends = _THOUGHT_ENDS.search(self._held)
                if not ends:
                    self._held = self._held[-_LONGEST_TAG:]
                    return forget, out
                self._held, self._within = self._held[ends.end() :], False
            begins, ends = _THOUGHT.search(self._held), _THOUGHT_ENDS.search(self._held)
            if ends and not (begins and begins.start() < ends.start()):  # the tag that opened it was never written
                forget, out, self._held = True, "", self._held[ends.end() :]
            elif begins:
                out += self._held[: begins.start()]
                self._held, self._within = self._held[begins.end() :], True
            else:
                return forget, out + self._ripe()

    def _ripe(self) -> str:
        """All but the beginning of a tag at the end."""
        at = self._held.rfind("<")
        if at < 0 or ">" in self._held[at:] or len(self._held) - at >= _LONGEST_TAG:
            at = len(self._held)
        ripe, self._held = self._held[:at], self._held[at:]
        return ripe


@dataclass(frozen=True)
class _Unmarked:
    """A line without its markers: where each stood, and whether they stand before what they are about."""

    text: str
    marks: tuple[tuple[int, int, tuple[int, ...]], ...]
    """For each marker: its place in `text`, the length left out there, its numbers."""
    leads: bool

    def numbers(self, spans: list[Span], at: int) -> tuple[int, ...]:
        """The numbers that belong to sentence `at` of `spans`."""
        found: dict[int, None] = {}
        for place, _, numbers in self.marks:
            if self.leads:
                owner = next((i for i, span in enumerate(spans) if span.end > place), len(spans) - 1)
            else:
                owner = max((i for i, span in enumerate(spans) if span.start < place), default=0)
            if owner == at:
                found |= dict.fromkeys(numbers)
        return tuple(found)

    def place_before(self, start: int) -> int:
        """Where in the line with its markers the sentence begins that begins at `start` here."""
        return start + sum(
            length for place, length, _ in self.marks if (place < start or (place == start and not self.leads))
        )


def _unmarked(line: str) -> _Unmarked:
    text, marks, end = "", [], 0
    for match in _MARKER.finditer(line):
        text += line[end : match.start()]
        marks.append((len(text), match.end() - match.start(), _numbers(match.group())))
        end = match.end()
    leads = bool(marks) and not any(c.isalnum() for c in _BULLET.sub("", text[: marks[0][0]] + " "))
    return _Unmarked(text + line[end:], tuple(marks), leads)


def _statements(line: str) -> Iterator[Said]:
    """The statements of a whole line."""
    unmarked = _unmarked(line)
    spans = sentences(unmarked.text, _LONGEST)
    for at, span in enumerate(spans):
        text = cleaned(unmarked.text[span.start : span.end])
        if any(character.isalpha() for character in text):
            yield Said(text, unmarked.numbers(spans, at))


def _whole_sentences(line: str) -> tuple[list[Said], str]:
    """The statements at the beginning of an unfinished line that are whole, and the rest of the line."""
    if line.lstrip().startswith("`") or not re.search(r"[.!?…。！？]", line):
        return [], line
    unmarked = _unmarked(line)
    spans = sentences(unmarked.text, _LONGEST)
    last = spans[-1] if spans else None
    if last is None or len(spans) < 2 or not re.search(r"\w\s", unmarked.text[last.start :]):
        return [], line
    place = unmarked.place_before(last.start)
    if unmarked.leads:  # the rest begins with the marker that is its own
        place = min([place, *(m.start() for m in _MARKER.finditer(line) if m.end() >= place - 1 and m.start() < place)])
    return list(_statements(line[:place])), line[place:]


def _numbers(text: str) -> tuple[int, ...]:
    """The numbers of a marker, ranges written out, each once.

    >>> _numbers("[2, 4-6]")
    (2, 4, 5, 6)
    """
    found: dict[int, None] = {}
    for part in re.split(r"[,;&]|\band\b", text):
        limits = _RANGE.search(part)
        first, last = map(int, limits.groups()) if limits else (0, -1)
        if 0 <= last - first < _LONGEST_RANGE:
            found |= dict.fromkeys(range(first, last + 1))
        else:
            found |= dict.fromkeys(map(int, re.findall(r"\d{1,9}", part)))
    return tuple(found)


def cleaned(text: str) -> str:
    """A statement as plain text: no bullets, bold type, scraps of JSON, tags or control characters.

    >>> cleaned("- **Tea** is `green` ."), cleaned('{"answer": "Tea is green."}')
    ('Tea is green.', 'Tea is green.')
    """
    text = _CONTROL.sub(" ", valid_unicode(text))
    if _FIELD.match(text):
        text = _FIELD_ENDS.sub("", _FIELD.sub("", text))
    text = _TAG.sub("", _BULLET.sub("", text)).replace("**", "").replace("__", "").replace("`", "")
    text = re.sub(r"\[(\d+)\]", r"(\1)", _EMPHASIS.sub(r"\1", text))
    return re.sub(r"\s+([.,;:!?])", r"\1", " ".join(text.split()))
