"""Greetings, thanks and "what can you do?": a reply that names the corpus and claims nothing about it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from rag.schema import Answer, Document

_SHOWN = 5
_BEFORE = "I answer questions about "
_BEHIND = (
    " from the text alone. "
    "Every answer quotes the source and shows where it stands; where the text does not say, I tell you so. "
    'Ask a question of fact, or "What is it about?" for a summary.'
)


def reply(question: str, documents: Sequence[Document]) -> Answer:
    """The Answer of kind smalltalk; it cites nothing, so its confidence is 0."""
    opening = _opening(question.lower())
    text = f"{opening}{_BEFORE}{_names(documents)}{_BEHIND}"
    return Answer(
        question=question, searched_for=question, kind="smalltalk", text=text, confidence=0.0, reader="smalltalk"
    )


def is_reply(text: str, question: str, titles: Iterable[str] | None) -> bool:
    """Whether `text` is what `reply` says to the question, of texts with some of these titles, or any if None.

    >>> tea = Document(title="Tea", text="Tea is a drink.")
    >>> said = reply("hello", [tea]).text
    >>> is_reply(said, "hello", ["Tea", "Milk"]), is_reply(said, "thanks", ["Tea"]), is_reply(said, "hello", ["Milk"])
    (True, False, False)
    """
    before = _opening(question.lower()) + _BEFORE
    if not (text.startswith(before) and text.endswith(_BEHIND)):
        return False
    quoted = ["“.*?”"] if titles is None else [re.escape(f"“{title}”") for title in titles if f"“{title}”" in text]
    title = "|".join(quoted)
    named = rf"(?:{title})(?:(?:, | and )(?:{title}))*(?: and \d+ more texts)?"
    return bool(title and re.fullmatch(named, text[len(before) : len(text) - len(_BEHIND)], re.DOTALL))


def _opening(question: str) -> str:
    if "thank" in question or "cheers" in question:
        return "You are welcome. "
    if "bye" in question:
        return "Goodbye. "
    greetings = ("hi", "hello", "hey", "good", "greetings", "hiya")
    return "Hello. " if question.lstrip().startswith(greetings) else ""


def _names(documents: Sequence[Document]) -> str:
    titles = [f"“{document.title}”" for document in documents[:_SHOWN]]
    if len(documents) > _SHOWN:
        return f"{', '.join(titles)} and {len(documents) - _SHOWN} more texts"
    return " and ".join([", ".join(titles[:-1]), titles[-1]] if len(titles) > 1 else titles)
