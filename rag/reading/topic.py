"""A question as somebody would ask it who has the text before them: without the name of what the text is about.

A text names its subject once and goes on with "the race" or "it", and the reader, which meets the name in the question
alone, takes a sentence that says just what is asked for one about something else. So both wordings are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from rag.lexical import STOPWORDS
from rag.questions import Question, analyse
from rag.questions.followups.frames import PREPOSITIONS
from rag.questions.followups.names import kind_of
from rag.questions.followups.verbs import AUXILIARIES
from rag.questions.spelling import general_words
from rag.reading.sections import heads_a_section
from rag.reading.similarity import Pick, Picker, all_sentences
from rag.reading.yesno.named import MONTH_OR_WEEKDAY
from rag.schema import Document, Passage

_LEAD = 2
"""Sentences at the beginning of a text that say, with the title, what it is about."""
_SEEN = 50_000
"""Characters of a text in which it is seen how it goes on."""
_SHORTEST = 4
"""Words that a question keeps at least where its end is left out."""
_WORD = re.compile(r"[^\W_](?:[^\W_]|[&'’.-](?=[^\W_]))*")
_LINKS = rf"(?:{'|'.join(sorted(PREPOSITIONS))}) "
_SOURCE = re.compile(r"\baccording to (?:the )?$", re.IGNORECASE)
_PLACED = re.compile(r" (?:at|in|of|for|from|on|about|by|to|with|near) (?:the )?$")
_ARTICLE = re.compile(r"\b(?:the|an?) $", re.IGNORECASE)
_DETERMINED = re.compile(rf"\b(?:the|an?|its|their|his|her) (?!{_LINKS})[a-z-]+ $", re.IGNORECASE)
"""Behind a noun of its own a name adds nothing."""
_BARE = STOPWORDS | PREPOSITIONS | AUXILIARIES
"""Behind these a noun needs its article."""
_IT, _SHE, _HE = ("its", "it", "it"), ("her", "she", "her"), ("his", "he", "him")
_SAYS_SHE, _SAYS_HE = (re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for words in ("she|her", "he|his|him"))
_OWNER = re.compile(r"['’]s?$")
_OWNS = re.compile(r"['’]s? ")
_INSIDE = re.compile(r" (?:of |the |of the )?")
"""What may stand between two words of one name."""


def without_topic(question: str, document: Document) -> str:
    """The question without the name of what the document is about; as it is where it has none, or nothing else.

    >>> text = "The Tarn Valley Race was held on Saturday. The race began at noon. It was won by Ida Brand."
    >>> race = Document(title="Results", text=text)
    >>> without_topic("When did the Tarn Valley Race begin?", race), without_topic("Who won Tarn Valley?", race)
    ('When did the race begin?', 'Who won it?')
    >>> without_topic("How many people took part in the Tarn Valley Race?", race)
    'How many people took part?'
    >>> without_topic("When did the Holm Valley Race begin?", race)
    'When did the Holm Valley Race begin?'
    """
    text = document.text[:_SEEN]
    named = list(_mentions(question, _topic(document), text))
    if named and (shorter := _without_end(question, *named[-1])) != question:
        return shorter
    for start, end in reversed(named):
        if (common := _by_its_noun(question, start, end, text)) != question:
            return common
    return _by_pronoun(question, *named[0], text) if len(named) == 1 else question


def read_twice(
    picker: Picker, question: Question, passages: Sequence[Passage], documents: Mapping[str, Document]
) -> list[Pick]:
    """The sentences that may answer, best first: of two readings the surer one's comes first, as sure as their mean.

    The question is read as it is, and, where it names what the text is about that was found best in, in that text
    without the name too.
    """
    picks = picker.pick(question, passages, documents)
    if not picks:
        return picks
    document = picks[0].document
    plain = analyse(without_topic(question.asked, document))
    if plain.asked == question.asked or plain.asks is not question.asks:
        return picks
    own = [passage for passage in passages if passage.document_id == document.id]
    again = picker.pick(plain, own, documents)[0]
    surer = max(picks[0], again, key=lambda pick: pick.confidence)
    mean = round((picks[0].confidence + again.confidence) / 2, 4)
    rest = [pick for pick in picks if (pick.document.id, pick.sentence) != (document.id, surer.sentence)]
    return [replace(surer, confidence=mean), *rest]


@lru_cache(maxsize=200)
def _topic(document: Document) -> frozenset[str]:
    """The words, in small letters, of the names in the title and the first sentences."""
    text, lead = document.text[:_SEEN], all_sentences(document.text)[:_LEAD]
    lines = [document.title, *(text[span.start : span.end] for span in lead)]
    said = {_OWNER.sub("", word) for line in lines for word in _WORD.findall(line)}
    return frozenset(word.lower() for word in said if not word.islower() and _is_name(word, text))


def _is_name(word: str, text: str) -> bool:
    """Whether its capital stands within a sentence too, where it means something, or it is no common word."""
    if word.lower() in STOPWORDS:
        return False
    return bool(re.search(rf"[^\s.!?:] {re.escape(word)}\b", text)) or word.lower() not in general_words()


def _mentions(question: str, topic: frozenset[str], text: str) -> Iterator[tuple[int, int]]:
    """Where the question names what the text is about: whole names of its words, not the question's first word.

    A month or year alone is none, nor is who says it; nor what the text names in a row with others ("Acme, Brand and
    Cole") or has a section about each of, since what is said of all of them is not said of one.
    """
    lower = question == question.lower()
    for start, end in _joined(list(_names(question, topic if lower else frozenset())), question, text):
        said = [word for word in _WORD.findall(question[start:end]) if word.lower() not in STOPWORDS]
        known = all(_OWNER.sub("", word).lower() in topic for word in said)
        told = _SOURCE.search(question[:start])
        dated = all(MONTH_OR_WEEKDAY.fullmatch(word) or word.isdigit() for word in said)
        name = question[start:end]
        if known and not told and not dated and not (_is_one_of_several(name, text) or heads_a_section(name, text)):
            yield start, end


def _is_one_of_several(name: str, text: str) -> bool:
    own, row = re.escape(name), r"(?:, [^,.;:!?]{1,30}){0,8},? (?:and|or|as well as) (?:the )?"
    return bool(re.search(rf"\b{own}{row}[A-Z]|\b[A-Z][\w'’-]*{row}{own}\b", text))


def _names(question: str, known: frozenset[str]) -> Iterator[tuple[int, int]]:
    """Where words in capitals, or `known` ones, follow each other, without the owner's ending."""
    run: tuple[int, int] | None = None
    for found in _WORD.finditer(question):
        word = _OWNER.sub("", found.group())
        if found.start() == 0 or not (word in known or (not word.islower() and word.lower() not in STOPWORDS)):
            continue
        end = found.start() + len(word)
        if run and _INSIDE.fullmatch(question[run[1] : found.start()]):
            run = run[0], end
            continue
        if run:
            yield run
        run = found.start(), end
    if run:
        yield run


def _joined(names: Sequence[tuple[int, int]], question: str, text: str) -> Iterator[tuple[int, int]]:
    """The names, two that the text has as one ("Tanner's Bridge") as one."""
    at = 0
    while at < len(names):
        start, end = names[at]
        following = names[at + 1] if at + 1 < len(names) else (0, 0)
        if _OWNS.fullmatch(question[end : following[0]]) and question[start : following[1]] in text:
            end, at = following[1], at + 1
        yield start, end
        at += 1


def _without_end(question: str, start: int, end: int) -> str:
    """Without "at the Tarn Museum", where the question ends with that."""
    placed = _PLACED.search(question[:start])
    if placed is None or question[end:].strip(" ?!.") or len(question[: placed.start()].split()) < _SHORTEST:
        return question
    return question[: placed.start()].rstrip() + question[end:]


def _by_its_noun(question: str, start: int, end: int, text: str) -> str:
    """With "the race" for "the Tarn Valley Race" or "the Tarn Valley race", where the text goes on so."""
    behind, before = re.match(r" ([a-z][\w-]+)", question[end:]), question[:start]
    last = _WORD.findall(question[start:end])[-1].lower()
    article = _ARTICLE.search(before)
    if " " in question[start:end] and _goes_on_with(last, text):
        rest = last + question[end:]
    elif (
        behind
        and behind[1] not in _BARE
        and (_goes_on_with(behind[1], text) or (article and _has_noun(behind[1], text)))
    ):
        rest = question[end + 1 :]
    else:
        return question
    determined = article or not {*before.lower().split()[-1:]} <= _BARE
    return before + rest if determined else f"{before}the {rest}"


def _has_noun(word: str, text: str) -> bool:
    return bool(
        re.search(rf"\b(?:the|an?|our|its|their|this|his|her) (?:[\w-]+ )?{re.escape(word)}\b", text, re.IGNORECASE)
    )


def _goes_on_with(noun: str, text: str) -> bool:
    return bool(re.search(rf"\b[Tt]he {re.escape(noun)}\b", text))


def _by_pronoun(question: str, start: int, end: int, text: str) -> str:
    """With "it" for the name, or "she" for a person whom the text calls so; "the ferry" for "the ferry Astrid"."""
    before, own = question[:start], re.match(r"['’]s?(?!\w)", question[end:])
    forms = _IT
    if kind_of(question[start:end], text) == "person" and (own or not _PLACED.search(before)):
        forms = _SHE if len(_SAYS_SHE.findall(text)) > len(_SAYS_HE.findall(text)) else _HE
    if forms is _IT and not own and _DETERMINED.search(before):
        return before.rstrip() + question[end:]
    subject = {*before.lower().split()[-1:]} <= AUXILIARIES
    article = _ARTICLE.search(before)
    pronoun = forms[0] if own else forms[1] if subject else forms[2]
    return question[: article.start() if article else start] + pronoun + question[end + (own.end() if own else 0) :]
