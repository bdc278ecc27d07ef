"""A conversation to take away: Markdown for people, JSON that `rag verify` proves."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator, Sequence

from rag.schema import Answer, Citation, Conversation, Document, Turn
from rag.web.entries import Entry, turns

_MARKUP = re.compile(r"([\\`*_\[\]<>#|&~])")


def as_conversation(entries: Sequence[Entry], documents: Sequence[Document]) -> Conversation:
    """The turns that have an answer, with those of `documents` that they cite or considered."""
    kept = turns(entries)
    used = {name for turn in kept for name in _document_ids(turn.answer)}
    return Conversation(turns=kept, documents=tuple(document for document in documents if document.id in used))


def as_markdown(conversation: Conversation) -> str:
    """Questions, answers and quotes with their offsets; what stands in a text is escaped, so it reads verbatim."""
    lines = ["# Conversation", "", "Offsets count Unicode code points of the text and are half-open.", ""]
    for turn in conversation.turns:
        lines += [*_turn(turn), ""]
    lines += ["## Texts", ""]
    lines += [f"- {_plain(document.title)}, SHA-256 `{document.sha256}`" for document in conversation.documents]
    return "\n".join(lines) + "\n"


def parcel(conversation: Conversation, shape: str) -> str:
    """The name, type and text of a file as JSON; never the same twice, and without any `<`. `shape`: json, markdown."""
    if shape == "json":
        file = ("spanproof-conversation.json", "application/json", conversation.model_dump_json(indent=1))
    else:
        file = ("spanproof-conversation.md", "text/markdown", as_markdown(conversation))
    named = dict(zip(("name", "type", "text"), file, strict=True)) | {"at": time.time_ns()}
    return json.dumps(named).replace("<", "\\u003c")


def _document_ids(answer: Answer) -> Iterator[str]:
    yield from (citation.document_id for citation in answer.citations)
    yield from (scored.passage.document_id for scored in answer.passages)
    if answer.nearest:
        yield answer.nearest.document_id


def _turn(turn: Turn) -> Iterator[str]:
    answer = turn.answer
    yield from (f"## {_plain(turn.question)}", "")
    if answer.short and answer.short not in {citation.quote for citation in answer.citations}:
        yield from (f"**{_plain(answer.short)}**", "")
    yield from (_plain(answer.text), "")
    for number, citation in enumerate(answer.citations, 1):
        yield from _quote(f"\\[{number}\\]", citation)
    if answer.nearest:
        yield from _quote("Nearest passage:", answer.nearest)
    for note in answer.notes:
        yield from (f"Note: {_plain(note)}", "")
    yield f"Confidence {answer.confidence:.2f}, reader {_plain(answer.reader)}"


def _quote(label: str, citation: Citation) -> Iterator[str]:
    yield f"{label} {_plain(citation.title)}, characters {citation.start}–{citation.end}:"
    yield ""
    yield from (f"> {_escaped(line)}" for line in citation.quote.splitlines())
    yield ""


def _plain(text: str) -> str:
    return _escaped(" ".join(text.split()))


def _escaped(text: str) -> str:
    r"""Every sign that Markdown could take for markup, escaped.

    >>> _escaped("[1] <b>")
    '\\[1\\] \\<b\\>'
    """
    return _MARKUP.sub(r"\\\1", text)
