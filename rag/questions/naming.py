"""A person in a question called as the texts call them: by the surname, where they go on with that alone.

"Where did Jensen Huang speak?" and "Where did Mr Huang speak?" ask what "Speaking in Gyeongju, Huang said ..." answers,
and the reader is far surer of it where the question says "Huang".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from rag.lexical import STOPWORDS, words
from rag.questions import Question, analyse
from rag.questions.followups.names import NOT_NAMES, ROLE, kind_of
from rag.questions.spelling import general_words

_TITLES = frozenset("mr mrs ms miss dr prof professor sir dame lord lady president chancellor".split())
_WHICH = frozenset(
    "north south east west northern southern eastern western new old upper lower great greater little big central inner"
    " outer lake port mount saint st san santa fort river cape castle isle castel monte villa los las la le el al"
    " bad".split()
)
"""First words that tell one place from another of nearly the same name."""
_COMMON = 2_600
"""Rank in the vocabulary up to which a word is hardly a first name alone: "red", "general", "black"."""
_LONGEST_WORD = 40
"""Characters."""
_PLACED = re.compile(r"\b(?:in|at|near) $", re.IGNORECASE)
"""Behind these stands a place."""
_INITIAL = 2
"""Characters of "J.", behind which a sentence goes on."""
_COURTESY = re.compile(r"\b(?:(?i:mr|mrs|ms)\.? (?=[^\W\d_])|Miss (?=[A-Z]))")


_INTRODUCED = re.compile(r"^\W*who(?:['’]s| is| was) (?:[^\W\d_][\w’'.-]* ?){1,3}\W*$", re.IGNORECASE)
"""What is answered where a text introduces somebody, by the full name."""


def with_their_names(question: Question, texts: Sequence[str]) -> Question:
    """The question as it is read in these texts."""
    text = as_named(question.searched, texts)
    return question if text == question.searched else analyse(text)


def as_named(question: str, texts: Sequence[str]) -> str:
    """The question with each person's name as the texts go on to use it.

    Only where a text introduces the person by the full name and calls nobody else by the surname.

    >>> text = "Talks went on, said CEO Jensen Huang. Huang spoke in Gyeongju."
    >>> as_named("Where did Jensen Huang speak?", [text]), as_named("What did Mr Huang say?", [text])
    ('Where did Huang speak?', 'What did Huang say?')
    >>> as_named("Where did Jensen speak?", [text]), as_named("Who is Jensen Huang?", ["CEO Jensen Huang"])
    ('Where did Huang speak?', 'Who is Jensen Huang?')
    """
    text = "\n".join(texts)
    for found in reversed(list(_COURTESY.finditer(question))):
        surname = words(question[found.end() :])[0][0]
        titled = re.search(rf"\b(?i:mr|mrs|ms|miss)\.? (?:[A-Z][\w-]+ )?{re.escape(surname)}\b", text)
        if not titled and _alone(surname, text):
            question = question[: found.start()] + question[found.end() :]
    if _INTRODUCED.match(question):
        return question
    for first, surname, start, end in reversed(list(_pairs(question, text))):
        if _PLACED.search(question[:start]):
            continue
        if _is_person(first, surname, text) and _alone(surname, text) and not _shared(surname, first, text):
            question = question[:start] + surname + question[end:]
    return question


def _pairs(question: str, text: str) -> Iterator[tuple[str, str, int, int]]:
    """First name and surname, as the text has them, of whoever the question names by both or by the first alone, and
    where."""
    tokens = words(question)
    for i, (word, start, end) in enumerate(tokens):
        written = word[0].isupper() or question == question.lower()
        if not written or word.lower() in STOPWORDS | _TITLES or not word.isalpha():
            continue
        following = tokens[i + 1] if i + 1 < len(tokens) else None
        for found in re.finditer(rf"\b({re.escape(word)}) ([^\W\d_][\w’'-]*[^\W\d_])", text, re.IGNORECASE):
            first, surname = found[1], re.sub(r"['’]s$", "", found[2])
            if not (first[0].isupper() and surname[0].isupper()) or surname.lower() in STOPWORDS:
                continue
            named = re.sub(r"['’]s$", "", following[0]) if following else ""
            if following and named.lower() == surname.lower() and question[end : following[1]] == " ":
                yield first, surname, start, following[1] + len(named)
            elif word[0].isupper() and not _alone(first, text) and _surnames(first, text) == {surname}:
                yield first, surname, start, end
            break


def _surnames(first: str, text: str) -> set[str]:
    found = re.findall(rf"\b{re.escape(first)} ([A-Z][\w’'-]*[^\W\d_])", text)
    return {re.sub(r"['’]s$", "", surname) for surname in found}


def _is_person(first: str, surname: str, text: str) -> bool:
    """Whether the name is a person's, or may well be: it is none of a place or a body, and its first word is no common
    one ("Red Bull", "General Electric")."""
    name, word = f"{first} {surname}", first.lower()
    if word in _WHICH | NOT_NAMES:
        return False
    if re.search(rf"{ROLE.pattern}[ ,]+{re.escape(name)}", text, re.IGNORECASE) or kind_of(name, text) == "person":
        return True
    return general_words().get(word, _COMMON) >= _COMMON and kind_of(name, text) == "unknown"


def _alone(name: str, text: str) -> bool:
    """Whether the text calls somebody by this name alone."""
    return any(not _is_name(before) and not after[:1].isupper() for before, after in _around(name, text))


def _shared(surname: str, first: str, text: str) -> bool:
    """Whether the text has another first name, or another word that looks like one, before the surname."""
    return any(
        _is_name(before) and before != first and not ROLE.fullmatch(before) for before, _ in _around(surname, text)
    )


def _is_name(word: str) -> bool:
    return word[:1].isupper() and word.lower().rstrip(".") not in _TITLES | STOPWORDS | NOT_NAMES


def _around(name: str, text: str) -> Iterator[tuple[str, str]]:
    """The words just before and just behind each place where the name stands, in its clause; empty where none is."""
    for found in re.finditer(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text):
        ahead = text[max(0, found.start() - _LONGEST_WORD) : found.start()]
        behind = text[found.end() : found.end() + _LONGEST_WORD]
        word = ahead[:-1].split(" ")[-1].split("\n")[-1] if ahead.endswith(" ") else ""
        word = word if re.fullmatch(r"[\w.'’-]+", word) else ""
        ended = word.endswith(".") and len(word) > _INITIAL and word.lower().rstrip(".") not in _TITLES
        following = re.match(r" ([\w'’-]+)", behind)
        yield "" if ended or not word[:1].isalpha() else word, following[1] if following else ""
