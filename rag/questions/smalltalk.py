"""Greetings, thanks and "what can you do?": a reply that names the corpus and claims nothing about it."""

from __future__ import annotations

from collections.abc import Sequence

from rag.schema import Answer, Document

_SHOWN = 5


def reply(question: str, documents: Sequence[Document]) -> Answer:
    """The Answer of kind smalltalk; it cites nothing, so its confidence is 0."""
    opening = _opening(question.lower())
    text = (
        f"{opening}I answer questions about {_names(documents)} from the text alone. "
        "Every answer quotes the source and shows where it stands; where the text does not say, I tell you so. "
        'Ask a question of fact, or "What is it about?" for a summary.'
    )
    return Answer(
        question=question, searched_for=question, kind="smalltalk", text=text, confidence=0.0, reader="smalltalk"
    )


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
