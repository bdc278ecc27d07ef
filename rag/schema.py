"""What flows through the pipeline: documents, passages, citations, answers and events.

Every offset is half-open and counts Unicode code points of `Document.text`; every SHA-256 is of
that text in UTF-8. All models are pydantic, so `model_dump_json()` and back loses nothing.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, computed_field, model_validator

SCHEMA_VERSION = 1

AnswerKind = Literal["answer", "summary", "abstention", "smalltalk"]
Polarity = Literal["yes", "no"]
Verdict = Literal["supported", "partial", "unsupported"]


def text_sha256(text: str) -> str:
    """The SHA-256 of `text` in UTF-8, in hex. Lone surrogates are hashed as they are.

    >>> text_sha256("abc")[:8]
    'ba7816bf'
    """
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def is_unicode(text: str) -> bool:
    """Whether `text` can be written as UTF-8: without lone surrogates.

    >>> is_unicode("tea"), is_unicode("\\ud800")
    (True, False)
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def valid_unicode(text: str) -> str:
    """The text with lone surrogates replaced, which neither JSON nor a tokenizer can take; of the same length."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def slug(title: str) -> str:
    """A short lower-case ASCII name for `title`, or "text" where nothing is left of it.

    >>> slug("Nvidia à la carte!")
    'nvidia-a-la-carte'
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "text"


class Frozen(BaseModel):
    """A value: cannot be changed after it was made. Its numbers are finite: JSON has no others."""

    model_config = ConfigDict(frozen=True, allow_inf_nan=False)


class Document(Frozen):
    """One loaded text. Made by hand it needs `title` and `text` only; the rest follows from them.

    `id` is by default a slug of the title and eight digits of the hash of title and text.

    >>> Document(title="Tea", text="Tea is a drink.").id
    'tea-cd9c49d4'
    """

    title: str
    text: str
    id: str = ""
    sha256: str = ""
    source: str | None = None
    """The file or URL that the text was read from; None for a text made in memory."""
    author: str | None = None
    date: str | None = None
    url: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _derive(cls, data: Any) -> Any:
        if not isinstance(data, dict) or not isinstance(data.get("text"), str):
            return data
        title = str(data.get("title", ""))
        digest = text_sha256(f"{title}\0{data['text']}")[:8]
        derived = {"sha256": text_sha256(data["text"]), "id": f"{slug(title)}-{digest}"}
        return data | {name: value for name, value in derived.items() if not data.get(name)}

    @model_validator(mode="after")
    def _check_sha256(self) -> Document:
        if self.sha256 != text_sha256(self.text):
            raise ValueError(f"the SHA-256 of document {self.id!r} does not match its text")
        return self


class Span(Frozen):
    """A stretch of text, `[start, end)`; `start` is at most `end`."""

    start: int = Field(ge=0)
    end: int = Field(ge=0)

    @model_validator(mode="after")
    def _check_order(self) -> Self:
        if self.end < self.start:
            raise ValueError(f"a span ends at {self.end}, before its start at {self.start}")
        return self

    def overlaps(self, other: Span) -> bool:
        """Whether the two stretches share a character.

        >>> Span(start=0, end=5).overlaps(Span(start=5, end=6))
        False
        """
        return self.start < other.end and other.start < self.end


class SourceSpan(Span):
    """A stretch of a document together with its words: `document.text[start:end] == quote`."""

    document_id: str
    quote: str

    def holds(self, other: SourceSpan) -> bool:
        """Whether the other stands in the same document and lies inside of it."""
        return self.document_id == other.document_id and self.start <= other.start and other.end <= self.end


class Citation(SourceSpan):
    """A span of a document that supports a statement; `sha256` is the document's."""

    title: str
    sha256: str


class Passage(Span):
    """A span of a document that is indexed and retrieved; knows its sentences.

    `sentences` are spans of the document too, in order, inside the passage.
    """

    id: str
    document_id: str
    title: str
    text: str
    sentences: tuple[Span, ...]


class ScoredPassage(Frozen):
    """A retrieved passage. `score` is higher for better; comparable within one query only.

    `dense` is the cosine similarity to the query, in [-1, 1], `lexical` the BM25 score (>= 0).
    """

    passage: Passage
    score: float
    dense: float = Field(ge=-1.0, le=1.0)
    lexical: float = Field(ge=0.0)


class Statement(Span):
    """A span of the answer's text, markers included, with what supports it.

    `markers` are 1-based: marker n is `citations[n - 1]` of the Answer.
    """

    markers: tuple[Annotated[int, Field(ge=1)], ...]
    verdict: Verdict
    reason: str


class Timings(Frozen):
    """Seconds spent in each stage of one question."""

    rewrite: float = Field(default=0.0, ge=0.0)
    retrieve: float = Field(default=0.0, ge=0.0)
    read: float = Field(default=0.0, ge=0.0)
    total: float = Field(default=0.0, ge=0.0)
    first_statement: float = Field(default=0.0, ge=0.0)
    """From the question to the first statement that was shown; 0 where there was none."""


class Usage(Frozen):
    """What a language model did for one answer, all its requests together, and what of it was not let through."""

    model: str
    tokens_in: int = Field(default=0, ge=0)
    tokens_out: int = Field(default=0, ge=0)
    estimated: bool = False
    """Whether a provider did not say how many tokens it took, so that they are estimated from the text."""
    seconds: float = Field(default=0.0, ge=0.0)
    requests: int = Field(default=0, ge=0)
    removed_citations: int = Field(default=0, ge=0)
    """Citations of sentences that the model was never given."""
    corrected_citations: int = Field(default=0, ge=0)
    """Statements that other sentences support than the model cited."""
    dropped_statements: int = Field(default=0, ge=0)

    def in_words(self) -> str:
        """What it took, and what was not let through, for a person; empty where no reply came that could be counted.

        >>> Usage(model="m", tokens_in=1200, tokens_out=9, estimated=True, dropped_statements=1).in_words()
        'about 1,200 tokens in, 9 out; 1 statement dropped'
        >>> Usage(model="m").in_words()
        ''
        """
        about = "about " if self.estimated else ""
        counted = self.tokens_in or self.tokens_out
        parts = [f"{about}{self.tokens_in:,} tokens in, {self.tokens_out:,} out"] if counted else []
        for number, noun, fate in (
            (self.dropped_statements, "statement", "dropped"),
            (self.removed_citations, "citation", "removed"),
            (self.corrected_citations, "citation", "corrected"),
        ):
            parts += [f"{number} {noun}{'' if number == 1 else 's'} {fate}"] if number else []
        return "; ".join(parts)


class Answer(Frozen):
    """What comes back for a question; the README says what each field means."""

    schema_version: int = SCHEMA_VERSION
    question: str
    searched_for: str
    kind: AnswerKind
    text: str
    """The readable reply, plain text with markers `[n]`; marker n is `citations[n - 1]`."""
    short: str | None = None
    """The shortest exact answer; where yes or no is left open the sentence; None for summary, abstention, smalltalk."""
    short_spans: tuple[SourceSpan, ...] = ()
    polarity: Polarity | None = None
    disagreement: bool = False
    """Whether two sources give different values; the answer then states and cites both."""
    statements: tuple[Statement, ...] = ()
    citations: tuple[Citation, ...] = ()
    nearest: Citation | None = None
    """For an abstention: the closest sentence; never among `citations`."""
    confidence: float = Field(ge=0.0, le=1.0)
    """Probability that the best answer found is right and supported; there also in abstention."""
    passages: tuple[ScoredPassage, ...] = ()
    reader: str
    timings: Timings = Timings()
    notes: tuple[str, ...] = ()
    """Remarks that a person should see: why a language model had no part in this answer, for one."""
    usage: Usage | None = None
    """What the language model took for this answer; None where none was asked."""

    @computed_field  # type: ignore[prop-decorator]
    @property
    def answered(self) -> bool:
        """True for an answer and a summary."""
        return self.kind in ("answer", "summary")

    def emphasised(self) -> tuple[SourceSpan, ...]:
        """The short answers that stand out of the sentences cited; one that is a whole sentence does not."""
        whole = {(citation.document_id, citation.start, citation.end) for citation in self.citations}
        return tuple(span for span in self.short_spans if (span.document_id, span.start, span.end) not in whole)

    def without_timings(self) -> Answer:
        """The same Answer with all timings at zero: what must be equal between two runs."""
        usage = self.usage.model_copy(update={"seconds": 0.0}) if self.usage else None
        return self.model_copy(update={"timings": Timings(), "usage": usage})


class Message(Frozen):
    """One message of a conversation's history."""

    role: Literal["user", "assistant"]
    content: str


class Turn(Frozen):
    """A question of a conversation with its answer."""

    question: str
    answer: Answer


class Conversation(Frozen):
    """Turns, oldest first, with the documents that their citations point into."""

    schema_version: int = SCHEMA_VERSION
    turns: tuple[Turn, ...]
    documents: tuple[Document, ...] = ()


class Rewritten(Frozen):
    """Event: what is searched for in place of the question."""

    type: Literal["rewritten"] = "rewritten"
    question: str
    searched_for: str


class Retrieved(Frozen):
    """Event: the passages that are considered, best first."""

    type: Literal["retrieved"] = "retrieved"
    passages: tuple[ScoredPassage, ...]


class Writing(Frozen):
    """Event: the language model is at work. Comes once a second at least, so that who waits can see it and stop it."""

    type: Literal["writing"] = "writing"
    model: str


class StatementReady(Frozen):
    """Event: one verified statement, with its words and the citations that its markers name."""

    type: Literal["statement"] = "statement"
    statement: Statement
    text: str
    citations: tuple[Citation, ...]


class Done(Frozen):
    """Event: the whole Answer; always the last one."""

    type: Literal["done"] = "done"
    answer: Answer


Event = Annotated[Rewritten | Retrieved | Writing | StatementReady | Done, Field(discriminator="type")]
