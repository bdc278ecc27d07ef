"""The words cut from a sentence as its short answer: what the model marks, mended at its edges and told from what looks
like it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.lexical import STOPWORDS, stem, stems
from rag.questions import AnswerType, Asks, Question
from rag.questions.followups.frames import PREPOSITIONS
from rag.questions.followups.names import NOT_NAMES
from rag.questions.typed import typed_spans
from rag.reading.dimensions import no_difference
from rag.reading.similarity import Candidate
from rag.reading.yesno.named import MONTH_OR_WEEKDAY
from rag.schema import Span
from rag.series import NUMBERS, TENS
from rag.splitting import without_mark

_REST_OF_WORD = re.compile(r"(?:\w|[.@_](?=\w)|[,:](?=\d))+")
"""What belongs to a word or a number that a span ends within: "anna@hall" is "anna@hall.example"."""
_MINUS = re.compile(r"(?<![^\s(])[−-]$")
_LABELLED = re.compile(r"(?:\W*[-*+•]\s+)?[^\W\d][^:.!?\n]{0,50}:\s+(?=\S)")
_LONGEST_ITEM = 6
"""Words."""
_ENUMERATED = re.compile(r"[^.!?;:]+(?:\.(?=\S)[^.!?;:]+)*\.?")
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b")
_AMOUNT = (
    r"(?:(?:about|around|nearly|almost|over|under) )?"
    rf"(?:[$€£¥] ?)?(?:\d|(?:{'|'.join([*NUMBERS, *TENS])})\b)(?:[^,;.]|[,.](?=\d)){{0,30}}?"
)
_CHANGE = re.compile(
    rf"\bfrom (?P<old>{_AMOUNT}) to (?P<new>{_AMOUNT})"
    r"(?=[,;:)](?!\d)|\.(?!\d)| (?:in|on|since|by|at|after|for|an?|per|because|when|this|last|next|and|but|as)\b|$)"
)
_ROSE = re.compile(
    r"\b(?:up|down|r[oi]se[sn]?|raised|fell|fallen|falls|dropp?(?:ed|s)?|cut|increased?|decreased?|reduced|lowered|gr[eo]wn?"
    r"|climbed|jumped|changed|moved|shr[au]nk|lifted|slipped|went) (?:[\w-]+ ){0,4}$",
    re.IGNORECASE,
)
_WILL = re.compile(
    r"\b(?:will|would|could|may|might|should|to be|going to|plans?|planned|expected|proposed)\b", re.IGNORECASE
)
_EARLIER = re.compile(
    r"\b(?:before|originally|formerly|previous(?:ly)?|old|at first|to begin with|used to|earlier)\b", re.IGNORECASE
)
_LATER = re.compile(r"\b(?:[Nn]ow|[Nn]owadays|[Tt]oday|new|current(?:ly)?|[Aa]fter(?! another))\b")
_WHO_DID = re.compile(
    r"who(?: (?:has|had|have|first|originally|also|jointly|together))* (?!(?:is|was|are|were|did|does|do|will|else)\b)"
    r"(?P<did>[a-z]+)\b|(?:by whom|who) (?:is|was|are|were) .{0,150}?\b(?P<done>\w{1,30})(?: by)?\W{0,9}$",
    re.IGNORECASE,
)
_NAMED = r"(?:[A-Z][\w'’.-]*)(?: (?:(?:de|du|van|von|der|la|of) )?[A-Z][\w'’.-]*)*"
_CALLED = rf"(?:(?:the|his|her|their|its|a|an|my|our) (?:[a-z][\w-]* ){{0,4}})?{_NAMED}"
_SEVERAL = re.compile(
    rf"(?:\b(?:[Tt]he|[Hh]is|[Hh]er|[Tt]heir|[Ii]ts|[Aa]n?|[Mm]y|[Oo]ur) (?:[a-z][\w-]* ){{1,4}})?"
    rf"(?P<first>{_NAMED})(?:, {_CALLED})*,? and {_CALLED}"
)
_WORD = re.compile(r" (?:(?:also|both|jointly|together|first|had|have) )?(?P<word>[a-z]+)")
_SOME_OF_THEM = re.compile(
    rf"\b(?P<all>\d[\d.,]*\d|\d|(?i:{'|'.join([*NUMBERS, *TENS][2:])}))"
    r", [\w-]+ of (?:them|which|whom|these)\b(?P<who>[^,;.]*)"
)
_FOR_WHAT = re.compile(r" (?:for|per|an?|to|on|in|of) ")
_PAYS = frozenset(stems("pay pays paid cost costs charge charges price worth sell sells rent"))
_NOUN_ALONE = re.compile(
    r",? ?(?:and |while |but |or )?(?:the |an? |for (?:an? |the )?)?(?P<noun>[^\W\d]+(?: [^\W\d]+){0,2}?) "
    r"(?:(?:is|are|was|were|costs?|pay|at|for) )?"
)
"""What stands before the next amount where it is of something else: ", and dinner "."""
_PHRASE_END = re.compile(r"\s*(?:[,;.:)!?]|\b(?:and|or|but|while)\b|$)")
_BEHIND_AGENTS = re.compile(r"\W*$|[,.;:)]| (?:in|on|at|from|for|to|with|who|and|of|as|during|after|before)\b")
"""Behind the last of those who did it: else somebody may begin another clause."""
_HOW_MANY = re.compile(r"\b(?:which|what|name|the) (two|three|four|five|six|seven|eight)\b", re.IGNORECASE)
"""How many names a question asks for."""
_OPENERS = (STOPWORDS | PREPOSITIONS | NOT_NAMES) - {"the"}
"""With a capital, these are no names that a sentence begins with."""
_BETWEEN_ITEMS = re.compile(r"\s*[,;]\s+(?:(?:and|or|as well as)\s+)?|\s+(?:and|or|as well as)\s+")


def cut(question: Question, candidate: Candidate, marked: Span) -> Span:
    """The words that answer, of what the model marks: inside the sentence, of the year and the thing asked about, with
    the words that bound a number."""
    span = of_its_year(question, candidate, _of_all(question, candidate, clipped(marked, candidate)))
    span = of_its_time(question, candidate, span)
    return with_hedge(question, candidate, of_its_thing(question, candidate, span))


def short_answer(
    question: Question, candidate: Candidate, span: Span, unsettled: bool, named: tuple[Span, ...]
) -> tuple[Span, ...]:
    """The short answer of a sentence whose best words are `span`: several for a list, all of it where none answer.

    `unsettled`: a yes/no question is left open; `named`: the names in the sentence.
    """
    text, sentence = candidate.document.text, candidate.sentence
    whole = all_enumerated(span, candidate)
    if question.asks is Asks.LIST:
        found, count = items(text, whole), _HOW_MANY.search(question.asked)
        wanted = len(named) == NUMBERS[count[1].lower()] if count else len(named) > 1
        listed = named if wanted and len(found) == 1 else found
        if question.answer_type is AnswerType.NAME:
            listed = tuple(one for one in listed if not MONTH_OR_WEEKDAY.fullmatch(text[one.start : one.end])) or listed
        return listed
    words, before, after = text[span.start : span.end], text[sentence.start : span.start], text[span.end : sentence.end]
    if unsettled or no_difference(question.asked, before, words, after):
        return (without_mark(text, sentence),)
    return (all_who_did(question, candidate, whole) if question.answer_type is AnswerType.NAME else span,)


def items(text: str, span: Span) -> tuple[Span, ...]:
    """The items of an enumeration as spans of their own: "tea, milk and salt" are three.

    >>> [(s.start, s.end) for s in items("They sell tea, milk and salt.", Span(start=10, end=28))]
    [(10, 13), (15, 19), (24, 28)]
    >>> [(s.start, s.end) for s in items("Ann (May and June), Tom", Span(start=0, end=23))]
    [(0, 18), (20, 23)]
    """
    edges = [span.start]
    for between in _BETWEEN_ITEMS.finditer(text, span.start, span.end):
        if text.count("(", span.start, between.start()) <= text.count(")", span.start, between.start()):
            edges += [between.start(), between.end()]
    edges.append(span.end)
    return tuple(Span(start=a, end=b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b)


def all_enumerated(span: Span, candidate: Candidate) -> Span:
    """All that stands behind the label, where the span is several items of it: "Present: Ann, Ben, Cem and Dan."

    >>> from rag.schema import Document
    >>> candidate = Candidate(Document(title="", text="Present: Ann, Ben, Cem and Dan."), Span(start=0, end=31), None)
    >>> [all_enumerated(Span(start=9, end=end), candidate).end for end in (17, 12)]
    [30, 12]
    >>> said = "The mayor said: Ann and Ben never came to the hall on that day."
    >>> candidate = Candidate(Document(title="", text=said), Span(start=0, end=len(said)), None)
    >>> all_enumerated(Span(start=16, end=27), candidate).end
    27
    """
    text, sentence = candidate.document.text, candidate.sentence
    label = _LABELLED.match(text, sentence.start, sentence.end)
    if not label or span.start != label.end() or len(items(text, span)) < 2:
        return span
    whole = Span(start=span.start, end=sentence.end - (text[sentence.end - 1] == "."))
    words = [text[item.start : item.end] for item in items(text, whole)]
    listed = _ENUMERATED.fullmatch(text, label.end(), sentence.end)
    return whole if listed and all(len(item.split()) <= _LONGEST_ITEM for item in words) else span


def all_who_did(question: Question, candidate: Candidate, span: Span) -> Span:
    """All the names before the verb that is asked about, or behind "by", where the span is one of them.

    >>> from rag.questions import analyse
    >>> from rag.schema import Document
    >>> said = "The engineer Ida Brand and her friend Tom Ray founded it."
    >>> one = Candidate(Document(title="", text=said), Span(start=0, end=len(said)), None)
    >>> all_who_did(analyse("Who founded it?"), one, Span(start=13, end=22))
    Span(start=13, end=45)
    """
    verb = _WHO_DID.match(question.asked)
    if not verb:
        return span
    text, sentence = candidate.document.text, candidate.sentence
    did = stem((verb["did"] or verb["done"]).lower())
    for found in _SEVERAL.finditer(text, sentence.start, sentence.end):
        first, end = found.start("first"), found.end()
        ahead, behind = text[sentence.start : found.start()], text[end : sentence.end]
        before, after = re.findall(r"\w+", ahead.lower())[-2:], _WORD.match(behind)
        begins = not ahead.strip() or ahead.endswith((", ", "; ", ": "))
        acts = verb["did"] and begins and after and stem(after["word"].lower()) == did
        by = len(before) > 1 and before[-1] == "by" and stem(before[-2]) == did and _BEHIND_AGENTS.match(behind)
        opens = re.split(r"[\s,]", text[first:end])[0].lower()
        if (acts or by) and first <= span.start and span.end <= end and opens not in _OPENERS:
            return Span(start=first, end=end)
    return span


def of_its_year(question: Question, candidate: Candidate, span: Span) -> Span:
    """The amount of the year that is asked about, where the span is that of another one: "48 million in 2020 and 61
    million in 2021"."""
    asked, said = set(_YEAR.findall(question.asked)), set(_YEAR.findall(candidate.text))
    if len(asked) != 1 or not asked < said:
        return span
    year, own = next(iter(asked)), None
    found = candidate.document.text[span.start : span.end]
    for kind in (AnswerType.MONEY, AnswerType.PERCENT, AnswerType.NUMBER):
        amounts = {one: _YEAR.search(candidate.text, one.end) for one in typed_spans(kind, candidate.text)}
        dated = {
            one: match[0]
            for one, match in amounts.items()
            if match
            and re.fullmatch(r"(?: [a-z]+){0,3} (?:in|for|at the end of) ", candidate.text[one.end : match.start()])
        }
        own = own or next((one for one in dated if dated[one] == year), None)
        other = any(dated[one] != year and candidate.text[one.start : one.end] in found for one in dated)
        if own and other and year not in found:
            return candidate.placed(own)
    return span


def of_its_time(question: Question, candidate: Candidate, span: Span) -> Span:
    """The amount before or after the change that is asked about, where the span is the other: "from £5 to £7".

    >>> from rag.questions import analyse
    >>> from rag.schema import Document
    >>> candidate = Candidate(Document(title="", text="It went up from £5 to £7."), Span(start=0, end=25), None)
    >>> of_its_time(analyse("How much was it before it went up?"), candidate, Span(start=22, end=24))
    Span(start=16, end=18)
    """
    before, now = _EARLIER.search(question.asked), _LATER.search(question.asked)
    if bool(before) == bool(now):
        return span
    own, other = ("old", "new") if before else ("new", "old")
    place = candidate.within(span)
    for change in _CHANGE.finditer(candidate.text):
        if not _ROSE.search(candidate.text[: change.start()]) or _WILL.search(candidate.text[: change.start()]):
            continue
        if change.start(other) <= place.start and place.end <= change.end(other):
            return candidate.placed(Span(start=change.start(own), end=change.end(own)))
    return span


def _of_all(question: Question, candidate: Candidate, span: Span) -> Span:
    """All of them, where the span has some of them too and these are not asked about: "Fourteen, six of them new"."""
    if question.answer_type is AnswerType.NUMBER:
        for found in _SOME_OF_THEM.finditer(candidate.text):
            whole = candidate.placed(Span(start=found.start("all"), end=found.end("all")))
            some = span.start <= whole.start and whole.end < span.end
            if some and set(stems(found["who"])).isdisjoint(question.stems):
                return whole
    return span


def of_its_thing(question: Question, candidate: Candidate, span: Span) -> Span:
    """The amount of what is asked about, where the span is, or has, that of another: "lunch is $29, dinner $64".

    >>> from rag.questions import analyse
    >>> from rag.schema import Document
    >>> document = Document(title="", text="It costs $5 for adults and $3 for pupils.")
    >>> one = Candidate(document, Span(start=0, end=41), None)
    >>> of_its_thing(analyse("How much is it for adults?"), one, Span(start=27, end=29))
    Span(start=9, end=11)
    """
    text, place = candidate.text, candidate.within(span)
    for kind in (AnswerType.MONEY, AnswerType.PERCENT):
        amounts = [Span(start=one.start, end=_without_mark_behind(text, one)) for one in typed_spans(kind, text)]
        if len(amounts) < 2 or not any(place.overlaps(one) for one in amounts):
            continue
        own = [(set(question.stems) - _PAYS) & set(stems(thing)) for thing in _things(text, amounts)]
        chosen = [one for one, words in zip(amounts, own, strict=False) if words]
        others = any(place.overlaps(one) for one in amounts if one not in chosen)
        if len(chosen) == 1 and others:
            return candidate.placed(chosen[0])
    return span


def _without_mark_behind(text: str, span: Span) -> int:
    return span.start + len(text[span.start : span.end].rstrip(",;.:"))


def _things(text: str, amounts: Sequence[Span]) -> list[str]:
    """What each amount is of: the words behind it ("$5 for adults"), or those before it ("lunch is $5, dinner $9")."""
    behind = [
        text[one.end : end] for one, end in zip(amounts, [*(n.start for n in amounts[1:]), len(text)], strict=True)
    ]
    if all(_FOR_WHAT.match(words) for words in behind):
        return [_PHRASE_END.split(words)[0] for words in behind]
    before = [text[start : one.start] for start, one in zip([0, *(n.end for n in amounts)], amounts, strict=False)]
    others = [_NOUN_ALONE.fullmatch(words) for words in before[1:]]
    if all(_PHRASE_END.match(words) for words in behind) and all(
        noun and STOPWORDS.isdisjoint(noun["noun"].lower().split()) for noun in others
    ):
        return before
    return []


def with_hedge(question: Question, candidate: Candidate, span: Span) -> Span:
    """A number with the words that bound it: "more than 260,000" says another thing than "260,000"."""
    if question.answer_type not in (AnswerType.NUMBER, AnswerType.MONEY, AnswerType.PERCENT):
        return span
    for typed in map(candidate.placed, typed_spans(question.answer_type, candidate.text)):
        if typed.start < span.start < typed.end <= span.end:
            return Span(start=typed.start, end=span.end)
    return span


def clipped(span: Span, candidate: Candidate) -> Span:
    """The part of the span inside the sentence, without its bullet and the blanks and marks at the edges; all of the
    sentence where that is the bullet alone.

    >>> from rag.schema import Document
    >>> candidate = Candidate(Document(title="Rules", text="2. Dogs stay out."), Span(start=0, end=17), None)
    >>> [(s.start, s.end) for s in (clipped(Span(start=0, end=end), candidate) for end in (1, 7))]
    [(3, 16), (3, 7)]
    """
    text, said = candidate.document.text, without_mark(candidate.document.text, candidate.sentence)
    end = min(span.end, said.end) if span.end > said.start else said.end
    goes_on = _REST_OF_WORD.match(text, end, said.end) if text[end - 1].isalnum() else None
    end = goes_on.end() if goes_on else end
    start = max(span.start, said.start)
    while end > start + 1 and text[end - 1] in " \t\r\n.,;:!?—–(":
        end -= 1
    while start < end - 1 and text[start] in " \t\r\n.,;:!?—–)":
        start += 1
    if _MINUS.search(text, said.start, start) and text[start].isdigit():
        start -= 1
    return Span(start=start, end=end)
