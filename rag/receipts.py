"""What `rag verify` proves of a file: that an Answer or a Conversation is as the documents and the rules have it.

Beyond the gate (`rag.grounding`) it reads the file to the letter and asks the rules again: what says yes or no, what a
language model's statement says against its citations, what small talk is. No model is loaded.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import JsonValue

from rag.grounding import REASONS, VERBATIM, bare, mismatches, one_line, parts_searched
from rag.questions import Asks, analyse
from rag.questions.smalltalk import is_reply
from rag.reading.yesno.polarity import polarity_of
from rag.reading.yesno.replies import begins_with, replies
from rag.schema import Answer, Citation, Conversation, Document, Polarity, Statement
from rag.verification import Finding, contradiction

NOT_PROVEN = "not proven, for no file can: what was asked and found, how sure the answer is, notes, what a model judged"
_LONGEST_NUMBER = 18
_BOTH: tuple[Polarity, Polarity] = ("yes", "no")


def parse(data: bytes) -> JsonValue:
    """The JSON in `data`. Raises ValueError where it is none, or may be read in two ways.

    >>> parse(b'{"a": 1, "a": 2}')
    Traceback (most recent call last):
    ValueError: the key 'a' stands twice in one object
    """
    try:
        parsed: JsonValue = json.loads(
            data, object_pairs_hook=_keyed_once, parse_int=_of_sensible_length, parse_constant=_no_number
        )
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    return parsed


def _keyed_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"the key {_short(key)} stands twice in one object")
        found[key] = value
    return found


def _of_sensible_length(digits: str) -> int:
    if len(digits) > _LONGEST_NUMBER:
        raise ValueError(f"it has a number of {len(digits):,} digits")
    return int(digits)


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number of JSON")


def differences(given: JsonValue, read: JsonValue, where: str = "") -> Iterator[str]:
    """What a file says otherwise than it was read, one line each: fields that there are none of, values that follow
    from others, numbers in quotation marks. A field that is left out has its default.

    >>> list(differences({"kind": "answer", "answered": False}, {"kind": "answer", "answered": True, "notes": []}))
    ['answered is False in the file, and is True']
    """
    if isinstance(given, dict) and isinstance(read, dict):
        for key, value in given.items():
            at = f"{where}.{key if key.isidentifier() else _short(key)}".removeprefix(".")
            if key in read:
                yield from differences(value, read[key], at)
            else:
                yield f"{at} is not a field that is known here"
    elif isinstance(given, list) and isinstance(read, list) and len(given) == len(read):
        for number, (one, other) in enumerate(zip(given, read, strict=True)):
            yield from differences(one, other, f"{where}.{number}")
    elif given != read:
        yield f"{where} is {_short(given)} in the file, and is {_short(read)}"


def problems(proof: Answer | Conversation, documents: Sequence[Document] = ()) -> list[str]:
    """What in an Answer or a Conversation is not as the documents and the rules have it; empty when all is proven.

    The texts that a Conversation brings count only where no `documents` are given; else they must be among these.
    """
    if isinstance(proof, Answer):
        return _answer_problems(proof, documents, [document.title for document in documents])
    found = _text_problems(proof, documents)
    titles = [document.title for document in documents]
    for number, turn in enumerate(proof.turns, 1):
        one = _answer_problems(turn.answer, documents or proof.documents, titles if documents else None)
        if turn.question.strip() != turn.answer.question.strip():
            one.append("the answer is to another question")
        found += [f"turn {number}, {problem}" for problem in one]
    return found


def _text_problems(conversation: Conversation, documents: Sequence[Document]) -> list[str]:
    """What is wrong with the texts that a conversation brings."""
    known = {document.id: document for document in documents}
    times = Counter(document.id for document in conversation.documents)
    found = [f"document {name!r} stands in the file {count} times" for name, count in times.items() if count > 1]
    for document in conversation.documents:
        held = known.get(document.id)
        if documents and (held is None or (held.sha256, held.title) != (document.sha256, document.title)):
            found.append(f"document {document.id!r} of the file is not the corpus's")
    return found


def _answer_problems(answer: Answer, documents: Sequence[Document], titles: Sequence[str] | None) -> list[str]:
    found = [*mismatches(answer, documents), *_polarity_problems(answer)]
    found += [problem for statement in answer.statements for problem in _reason_problems(answer, statement)]
    considered = {scored.passage.document_id for scored in answer.passages}
    cited = {citation.document_id for citation in answer.citations}
    found += [f"document {name!r} is cited, and no passage of it considered" for name in sorted(cited - considered)]
    if answer.kind == "smalltalk" and not is_reply(answer.text, answer.question, titles):
        found.append("small talk says more than what it can be asked")
    return found


def _polarity_problems(answer: Answer) -> Iterator[str]:
    """Whether the yes or no is asked for, said by a statement, and not read otherwise in its sentence by the rules."""
    parts = parts_searched(answer)
    asking = [question for part in (answer.searched_for, *parts) if (question := analyse(part)).asks is Asks.YES_NO]
    if answer.polarity and not asking:
        yield f"the answer is {answer.polarity}, and what was searched for is no question for yes or no"
    said_by = [(statement, _said(answer, statement)) for statement in answer.statements]
    for statement, said in said_by:
        where = f"statement {statement.start}:{statement.end}"
        if statement.reason in REASONS and statement.reason != VERBATIM and answer.polarity not in said:
            yield f"{where} settles yes or no, and does not say {answer.polarity or 'which'}"
        sentence = _sentence(answer, statement)
        if answer.polarity not in said or len(parts) > 1 or not asking or replies(sentence, ""):
            continue
        read = polarity_of(asking[0], sentence)
        if read and read != answer.polarity:
            yield f"{where} says {answer.polarity}, and its citation says {read}"
    if answer.polarity and not _is_reworded(answer) and not any(answer.polarity in said for _, said in said_by):
        yield f"the answer is {answer.polarity}, and no statement says so"


def _said(answer: Answer, statement: Statement) -> set[Polarity]:
    """The yes or no that a statement begins with, before its citation's words or as a part of them."""
    words, sentence = answer.text[statement.start : statement.end], _sentence(answer, statement)
    led = {polarity for polarity in _BOTH if words.startswith(f"{polarity.capitalize()}. ")}
    own = {polarity for polarity in _BOTH if begins_with(polarity, sentence)}
    return own if sentence and words.startswith(one_line(sentence)) else led


def _cited(answer: Answer, statement: Statement) -> list[Citation]:
    return [answer.citations[marker - 1] for marker in statement.markers if marker <= len(answer.citations)]


def _sentence(answer: Answer, statement: Statement) -> str:
    """The words of the citation that a statement rests on first."""
    return next((citation.quote for citation in _cited(answer, statement)), "")


def _is_reworded(answer: Answer) -> bool:
    """Whether a language model worded the answer."""
    return answer.reader.startswith("generative/")


def _reason_problems(answer: Answer, statement: Statement) -> Iterator[str]:
    """What the rules find in the words of a statement that are not its citation's."""
    if statement.reason in REASONS:
        return
    where = f"statement {statement.start}:{statement.end}"
    if not _is_reworded(answer):
        yield f"{where} is in other words than its citation's, which {answer.reader!r} never uses"
    cited = sorted(_cited(answer, statement), key=lambda citation: (citation.document_id, citation.start))
    if not cited:
        return
    words = bare(answer.text[statement.start : statement.end], statement.markers, answer.polarity)
    titles = " ".join(dict.fromkeys(f"{citation.title}." for citation in cited))
    found = contradiction(words, [one_line(citation.quote) for citation in cited], titles)
    if found and found.rank < Finding(statement.verdict, statement.reason).rank:
        yield f"{where} is called {statement.verdict}, and {found.reason}"


def _short(value: JsonValue) -> str:
    shown = repr(value)
    return shown if len(shown) <= 60 else f"{shown[:57]}..."
