"""Two questions in one ("Who founded the mill, and when?"): each is answered for itself, and both in one Answer."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.grounding import ABSTENTIONS, POSSIBLY, UNSAID, between, marked, one_line
from rag.questions.phrasing import AUXILIARY, QUESTION_WORD, without_context
from rag.schema import Answer, Citation, SourceSpan, Statement, Timings

LONGEST = 500
"""Characters of the longest question that is taken apart."""
MOST = 3
"""Parts that a question is taken apart into; one of more is left whole."""
_TO = r"(?:(?:to|for|from|with|by|in|at|on|of|since|until) )?"
_HOW = rf"{_TO}{QUESTION_WORD}(?: (?:many|much|long|old|far|often))?"
_ASKS = re.compile(rf"\W*{_TO}(?:{QUESTION_WORD}|{AUXILIARY})", re.IGNORECASE)
_AND = r"(?:and also|and|also|as well as)"
_NEXT = re.compile(rf"\?{{1,3}}\s+(?=(?:(?:{_AND}|but|or)[\s,]+)?(?:{_TO}{QUESTION_WORD}|{AUXILIARY}))", re.IGNORECASE)
_COORDINATED = re.compile(
    rf",?\s{{1,3}}{_AND}\s+(?={_TO}{QUESTION_WORD}(?:['’]s |(?: [\w'’-]+){{0,3}} {AUXILIARY})|who [a-z]+ \w"
    rf"|{_HOW}\s*\?*$|how many [\w-]+ [a-z]+ \w|{_TO}(?:what|which) \w+\s*\?*$)",
    re.IGNORECASE,
)
_BOTH = re.compile(rf"^(?P<one>{_HOW}),? and (?P<other>{_HOW}) (?P<rest>{AUXILIARY}.+)$", re.IGNORECASE)
_FOLLOWING = re.compile(rf"^(?:{_AND}|but|or)\b[\s,]*", re.IGNORECASE)
_CLAUSE = re.compile(r"\W*(?:who [a-z]+|(?:\S+\s+){3}\S)", re.IGNORECASE)
"""What may stand for itself: "When did Ann and when did Ben arrive?" is one question."""
_WITHIN = re.compile(rf"\w\W+{QUESTION_WORD}|\b(?:whether|if)\b", re.IGNORECASE)
"""What makes "and what" go on with a clause of the question: "... say about what was lost and what was found?"."""


def parts_of(question: str) -> tuple[str, ...]:
    """The questions in a question, as they stand; the question itself where it is one, or too many.

    >>> parts_of("Who founded the mill, and when?"), parts_of("When and where was he born?")
    (('Who founded the mill?', 'And when?'), ('When was he born?', 'Where was he born?'))
    >>> parts_of("How old is she? Does she live here?"), parts_of("What did he say about what he saw and what he did?")
    (('How old is she?', 'Does she live here?'), ('What did he say about what he saw and what he did?',))
    """
    if len(question) > LONGEST or not _ASKS.match(question) or re.search(r"[\"“”]", question):
        return (question,)
    found = []
    for sentence in _NEXT.split(question):
        if both := _BOTH.match(sentence):
            found += [f"{both['one']} {both['rest']}", f"{both['other']} {both['rest']}"]
            continue
        first, *others = _COORDINATED.split(sentence)
        whole = others and (_WITHIN.search(first) or not _CLAUSE.match(first))
        found += [sentence] if whole else [first, *(_opened(other) for other in others)]
    return tuple(_asked(part) for part in found) if 1 < len(found) <= MOST else (question,)


def _opened(part: str) -> str:
    """A part without a clause of its own goes on with the one before: "And when?"."""
    return f"And {part}" if re.fullmatch(rf"{_HOW}(?: \w+)?\s*\?*", part, re.IGNORECASE) else part


def _asked(part: str) -> str:
    part = one_line(without_context(part)).rstrip("?!. ")
    return f"{part[:1].upper()}{part[1:]}?"


def joined(question: str, answers: Sequence[Answer], sure: float) -> Answer | None:
    """One Answer from those to a question's parts, each sentence once; what is not said is said not to be.

    None where no part is answered, a citation of one could not be proven, or one is answered by sources that disagree
    or two by a yes or no: these are read as one question. `sure` is the confidence from which on no "Possibly" stands
    before it.
    """
    told = [answer for answer in answers if answer.answered]
    unproven = any(not answer.answered and answer.text not in ABSTENTIONS for answer in answers)
    settled = [answer.polarity for answer in told if answer.polarity]
    if not told or unproven or any(answer.disagreement for answer in told) or len(settled) > 1:
        return None
    confidence = min(answer.confidence for answer in told)
    text, statements, citations = _together(told, "" if confidence >= sure else POSSIBLY)
    searched = [_asked(_FOLLOWING.sub("", answer.searched_for)) for answer in answers]
    for part, answer in zip(searched, answers, strict=True):
        if not answer.answered:
            text += f"{UNSAID[ABSTENTIONS.index(answer.text)]}{part}\n"
    shorts: tuple[SourceSpan, ...] = tuple(dict.fromkeys(span for answer in told for span in answer.short_spans))
    return Answer(
        question=question,
        searched_for=" ".join(searched),
        kind="answer" if any(answer.kind == "answer" for answer in told) else "summary",
        text=text.rstrip("\n"),
        short=between(disagreement=False).join(span.quote for span in shorts) or None,
        short_spans=shorts,
        polarity=settled[0] if settled else None,
        statements=statements,
        citations=citations,
        confidence=confidence,
        passages=tuple({scored.passage.id: scored for answer in answers for scored in answer.passages}.values()),
        reader=told[0].reader,
        timings=_sum([answer.timings for answer in answers]),  # nothing is shown before all are read
        notes=tuple(dict.fromkeys(note for answer in answers for note in answer.notes)),
    )


def _together(answers: Sequence[Answer], text: str) -> tuple[str, tuple[Statement, ...], tuple[Citation, ...]]:
    """What several answers state behind the lead `text`, a line each and every citation once.

    What two of them say of the same sentences is said in the longer form, with the yes or no before it.
    """
    citations: list[Citation] = []
    said: dict[tuple[Citation, ...], tuple[str, Statement]] = {}
    for answer in answers:
        for statement in answer.statements:
            cited = tuple(answer.citations[marker - 1] for marker in statement.markers)
            citations += [one for one in cited if one not in citations]
            words = answer.text[statement.start : statement.end].removesuffix(marked(statement.markers))
            if cited not in said or len(words) > len(said[cited][0]):
                said[cited] = words, statement
    statements = []
    for cited, (words, statement) in said.items():
        markers = tuple(citations.index(one) + 1 for one in cited)
        start = len(text)
        text += words + marked(markers)
        statements.append(statement.model_copy(update={"start": start, "end": len(text), "markers": markers}))
        text += "\n"
    return text, tuple(statements), tuple(citations)


def _sum(timings: Sequence[Timings]) -> Timings:
    whole = {name: sum(getattr(one, name) for one in timings) for name in Timings.model_fields}
    return Timings(**{**whole, "first_statement": whole["total"]})
