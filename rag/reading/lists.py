"""Lists that a text lays out: given whole where that is asked, and one item where that is.

"What do I have to bring?" is not answered by the first of four bullets.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace

from rag.lexical import stems
from rag.questions import AnswerType, Asks, Question
from rag.reading.layout import BULLET, Laid, lines_of, list_of
from rag.reading.yesno.clauses import negated
from rag.schema import Document, Passage, Span

_FIRST = 2
"""Words at the beginning of an item without a label that say what it is about."""
_LABEL = re.compile(r"(?:\d{1,2}[.:]\d\d(?:\s?[-–—]\s?\d{1,2}[.:]\d\d)?\s+)?[^\W\d_][\w ,'’&/()-]{0,40}:\s")
_HOUR = re.compile(r"\b0?(\d{1,2})[.:](\d\d)\b")
_GOES_ON = frozenset(
    stems("on go happen start begin do can happening programme schedule event session there planned plan")
)
_ONE_OF_THEM = re.compile(
    r"\b(?:first|second|third|fourth|fifth|last|next|final|only|main|most|least|one|single"
    r"|(?!forest|priest|guest|request|interest|harvest|west|contest|protest)\w{3,}est"
    r"|(?:rule|step|point|item|no\.?|number) \d+)\b",
    re.IGNORECASE,
)
_ASKS_FOR_ALL = re.compile(
    r"\W*(?:what|which|who|list|name|tell|give|how (?:do|does|can|should|must|to|is|are)\b)", re.IGNORECASE
)
_PLAINLY_ALL = re.compile(r"\b(?:what|who) (?:else|other)\b|\blist\b", re.IGNORECASE)
_HOW_TO = re.compile(
    r"^\W*(?:(?:and|so|ok|please),? )*(?:how (?:do|does|can|should|must|to)\b|what (?:are|is) the"
    r" (?:steps|procedure|instructions)\b)",
    re.IGNORECASE,
)
_PURPOSE = re.compile(r" (?=(?:to (?!the\b|an?\b|my\b|our\b)|when (?:i|we|you)\b|before )(?P<what>.*)$)", re.IGNORECASE)
"""What it is for: "What do I need to bring to pick up the bike?"."""
_STEPS = frozenset(stems("steps procedure instructions do work correctly properly"))
_SAYS_NOTHING = frozenset(
    stems("list name thing item all everything every need take along must should apply text give tell please")
)
_ANYBODY = frozenset(
    stems("guest visitor people person child customer participant member resident student pupil tenant staff user")
)
"""Whom a question of a list may name though the line that introduces it does not."""


@dataclass(frozen=True)
class Line:
    """A line of a programme, and what stands behind its hours."""

    document: Document
    line: Span
    what: Span


def all_of_it(question: Question, sentence: str, laid: Laid) -> bool:
    """Whether the question asks for the whole of the list that the sentence is in, and not for one thing in it.

    It does where nothing of it stands in the sentence alone. A question of fact has to say all that the line which
    introduces the list says, and hardly more; any question has words of the title where no line introduces it. An item
    with a label in the place of a bullet stands for itself: "Present: A, B and C".
    """
    if (laid.labelled and sentence) or question.asks not in (Asks.LIST, Asks.FACT):
        return False
    if question.answer_type not in (AnswerType.TEXT, AnswerType.NAME) and question.asks is not Asks.LIST:
        return False
    introduction = laid.introduction()
    if any(match[0].lower() not in introduction.lower() for match in _ONE_OF_THEM.finditer(question.asked)):
        return False
    asked, title = set(question.stems) - _SAYS_NOTHING, set(stems(laid.document.title))
    above = set(stems(introduction))
    if asked & (set(stems(sentence)) - above - title):
        return False
    if question.asks is Asks.LIST or _PLAINLY_ALL.search(question.asked):
        return bool(laid.lead or asked & above)
    said = above - title - _SAYS_NOTHING if laid.lead else above
    known = above | title | _ANYBODY
    if not _ASKS_FOR_ALL.match(question.asked) or not asked & above:
        return False
    return said <= asked <= known or (bool(said) and said <= _without_purpose(question, laid, said, known) <= known)


def _without_purpose(question: Question, laid: Laid, said: Set[str], known: Set[str]) -> Set[str]:
    """The stems of the question without what the thing is for, as far as the text tells of nothing else by that."""
    asked = set(question.stems) - _SAYS_NOTHING
    for purpose in _PURPOSE.finditer(question.asked):
        cut = set(stems(purpose["what"]))
        if cut.isdisjoint(said) and (cut - known).isdisjoint(stems(laid.document.text)):
            return asked - cut
    return asked


def is_another_item(question: Question, document: Document, sentence: Span) -> bool:
    """Whether the sentence is an item about something else, and the question names another one: by its label, or by
    a first word of one without.

    >>> from rag.questions import analyse
    >>> text = "Prices\\n- Adults: 9 euros\\n- Students: 6 euros"
    >>> document, adults = Document(title="Sauna", text=text), Span(start=7, end=24)
    >>> [is_another_item(analyse(f"What do {who} pay?"), document, adults) for who in ("students", "adults", "dogs")]
    [True, False, False]
    """
    laid = list_of(document, sentence)
    own = laid and next((item for item in laid.items if sentence.start <= item.start < sentence.end), None)
    if not laid or not own:
        return False
    asked = set(question.stems) - _SAYS_NOTHING - set(stems(f"{laid.introduction()} {document.title}"))
    if asked & set(stems(document.text[sentence.start : sentence.end])):
        return False
    labels = {item: _LABEL.match(document.text, item.start, item.end) for item in laid.items}
    if labels[own] is None and any(labels.values()):
        return False
    texts = {item: document.text[item.start : item.end] for item in laid.items}
    others = (
        set(stems(label[0]) if label else stems(texts[item])[:_FIRST]) for item, label in labels.items() if item != own
    )
    return any(asked & other for other in others)


def line_at(question: Question, passages: Iterable[Passage], documents: Mapping[str, Document]) -> Line | None:
    """The one line that begins with the hour that the question names: "What is on at 11.20?".

    The question says nothing else that the line does not.
    """
    hours = {match.groups() for match in _HOUR.finditer(question.asked)}
    what = question.answer_type is AnswerType.TEXT and re.match(
        r"(?:(?:and|so),? )?what\b", question.asked, re.IGNORECASE
    )
    if question.asks not in (Asks.FACT, Asks.LIST) or len(hours) != 1 or not what or negated(question.asked):
        return None
    asked = set(stems(_HOUR.sub(" ", question.asked))) - _SAYS_NOTHING - _GOES_ON
    found = []
    for document in _documents(passages, documents):
        for line in lines_of(document.text).timed():
            mark, begins = (pattern.match(document.text, line.start, line.end) for pattern in (BULLET, _HOUR))
            said = set(stems(f"{document.title} {document.text[line.start : line.end]}"))
            if mark and begins and {begins.groups()} == hours and asked <= said and mark.end() < line.end:
                found.append(Line(document, line, Span(start=mark.end(), end=line.end)))
    return found[0] if len(found) == 1 else None


def steps(question: Question, passages: Iterable[Passage], documents: Mapping[str, Document]) -> Laid | None:
    """The numbered steps in the section whose heading says what is asked how to do, also behind an introduction.

    >>> from rag.questions import analyse
    >>> from rag.splitting import split
    >>> text = "Kettle\\n\\nDescaling\\n\\nDo it twice a year.\\n\\n1. Fill it.\\n2. Boil it.\\n"
    >>> document = Document(title="Kettle", text=text)
    >>> found = steps(analyse("How do I descale the kettle?"), split(document, 700), {document.id: document})
    >>> [text[span.start : span.end] for span in (found.lead, *found.items)]
    ['Descaling', 'Fill it.', 'Boil it.']
    """
    if not _HOW_TO.search(question.asked) or _ONE_OF_THEM.search(question.asked):
        return None
    asked = set(question.stems) - _SAYS_NOTHING - _STEPS
    for document in _documents(passages, documents):
        for heading, first in lines_of(document.text).numbered_sections():
            words = set(stems(document.text[heading.start : heading.end]))
            if asked & words and asked <= words | set(stems(document.title)):
                laid = list_of(document, first)
                own = laid and (laid.lead is None or laid.lead == heading or asked & set(stems(laid.introduction())))
                return replace(laid, lead=heading) if laid and own else None
    return None


def headed(question: Question, passages: Iterable[Passage], documents: Mapping[str, Document]) -> Laid | None:
    """The one list below a heading that says all that the question asks about: "What are the house rules?"."""
    asked = set(question.stems) - _SAYS_NOTHING
    found: dict[tuple[str, int], list[Laid]] = {}
    for passage in passages:
        document = documents[passage.document_id]
        for sentence in passage.sentences:
            heading = document.text[sentence.start : sentence.end]
            words = set(stems(heading))
            if not asked & words or 2 * len(asked & words) < len(words) or negated(heading) != negated(question.asked):
                continue
            known = words | set(stems(document.title))
            laid = list_of(document, sentence)
            if laid and laid.lead and laid.lead.end == sentence.end:
                ways = [laid] if asked <= known else []
            else:
                below = lines_of(document.text).lists_below(document, sentence)
                ways = [one for one in below if asked <= known | set(stems(one.introduction()))]
            if ways:
                found[document.id, sentence.start] = ways
    whole = [next((one for one in ways if all_of_it(question, "", one)), None) for ways in found.values()]
    return whole[0] if len(whole) == 1 else None


def _documents(passages: Iterable[Passage], documents: Mapping[str, Document]) -> Iterator[Document]:
    """Each document that the passages are of, once."""
    return (documents[document_id] for document_id in dict.fromkeys(passage.document_id for passage in passages))
