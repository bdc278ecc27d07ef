import hashlib
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from rag.schema import (
    Answer,
    Citation,
    Conversation,
    Document,
    Done,
    Event,
    Passage,
    Retrieved,
    Rewritten,
    ScoredPassage,
    SourceSpan,
    Span,
    Statement,
    StatementReady,
    Timings,
    Turn,
    slug,
    text_sha256,
)

DOCUMENT = Document(title="Tea", text="\ufeffTea — 茶 🍵 —\r\nis a drink.\u2028Old.", source="/tea.txt", author="Ann")
CITATION = Citation(document_id=DOCUMENT.id, title="Tea", start=0, end=4, quote="\ufeffTea", sha256=DOCUMENT.sha256)
SENTENCES = (Span(start=0, end=9), Span(start=11, end=22))
PASSAGE = Passage(
    id="p", document_id=DOCUMENT.id, title="Tea", start=0, end=22, text=DOCUMENT.text[:22], sentences=SENTENCES
)
SCORED = ScoredPassage(passage=PASSAGE, score=0.1, dense=1 / 3, lexical=2.5)
STATEMENT = Statement(start=0, end=8, markers=(1,), verdict="supported", reason="why not")
ANSWER = Answer(
    question="What?",
    searched_for="What? (Tea)",
    kind="answer",
    text="\ufeffTea [1]",
    short="Tea",
    short_spans=(SourceSpan(document_id=DOCUMENT.id, start=1, end=4, quote="Tea"),),
    polarity="yes",
    statements=(STATEMENT,),
    citations=(CITATION,),
    nearest=CITATION,
    confidence=1 / 3,
    passages=(SCORED,),
    reader="test",
    timings=Timings(rewrite=0.1, retrieve=1e-9, read=2 / 3, total=1.0),
)


def test_a_document_derives_its_id_and_hash():
    assert DOCUMENT.sha256 == hashlib.sha256(DOCUMENT.text.encode()).hexdigest()
    assert DOCUMENT.id.startswith("tea-")
    assert DOCUMENT.id == Document(title="Tea", text=DOCUMENT.text).id


@pytest.mark.parametrize(
    "other", [{"title": "Tea2", "text": "a"}, {"title": "Tea", "text": "b"}], ids=["another title", "another text"]
)
def test_ids_of_different_documents_differ(other):
    assert Document(title="Tea", text="a").id != Document(**other).id


def test_an_id_that_is_given_is_kept():
    assert Document(id="mine", title="Tea", text="a").id == "mine"


def test_a_hash_that_is_not_the_texts_is_refused():
    with pytest.raises(ValidationError, match="SHA-256"):
        Document(title="Tea", text="a", sha256=text_sha256("b"))


@pytest.mark.parametrize("model", [DOCUMENT, CITATION, ANSWER], ids=["document", "citation", "answer"])
def test_values_cannot_be_changed(model):
    with pytest.raises(ValidationError, match="frozen"):
        model.title = "Coffee"


def test_a_lone_surrogate_has_a_hash():
    assert text_sha256("\ud800") != text_sha256("\ud801")


@pytest.mark.parametrize(
    ("title", "expected"),
    [("Tea", "tea"), ("茶", "text"), ("", "text"), ("Ä--b!", "a-b"), ("x" * 50, "x" * 40), ("a" * 39 + " b", "a" * 39)],
    ids=["word", "nothing ascii", "empty", "accents and marks", "long", "cut at a hyphen"],
)
def test_slug(title, expected):
    assert slug(title) == expected


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [((0, 5), (5, 6), False), ((0, 5), (4, 6), True), ((2, 3), (0, 9), True), ((3, 3), (3, 3), False)],
    ids=["touching", "overlapping", "inside", "empty"],
)
def test_overlaps(one, two, expected):
    first, second = (Span(start=start, end=end) for start, end in (one, two))
    assert first.overlaps(second) is second.overlaps(first) is expected


@pytest.mark.parametrize(
    ("kind", "expected"), [("answer", True), ("summary", True), ("abstention", False), ("smalltalk", False)]
)
def test_answered_follows_from_the_kind(kind, expected):
    answer = ANSWER.model_copy(update={"kind": kind})
    assert answer.answered is expected
    assert f'"answered":{str(expected).lower()}' in answer.model_dump_json()


def test_without_timings_two_runs_are_equal():
    other = ANSWER.model_copy(update={"timings": Timings(total=9.0)})
    assert other != ANSWER
    assert other.without_timings() == ANSWER.without_timings()


CONVERSATION = Conversation(turns=(Turn(question="What?", answer=ANSWER),), documents=(DOCUMENT,))


@pytest.mark.parametrize(
    "model", [DOCUMENT, ANSWER, CONVERSATION, SCORED], ids=["document", "answer", "conversation", "scored passage"]
)
def test_json_and_back_loses_nothing(model):
    assert type(model).model_validate_json(model.model_dump_json()) == model


@given(st.text(), st.text())
def test_json_and_back_loses_nothing_of_any_text(title, text):
    document = Document(title=title, text=text)
    assert Document.model_validate_json(document.model_dump_json()) == document


@pytest.mark.parametrize(
    "event",
    [
        Rewritten(question="And why?", searched_for="And why? (Tea)"),
        Retrieved(passages=(SCORED,)),
        StatementReady(statement=STATEMENT, text="Tea [1]", citations=(CITATION,)),
        Done(answer=ANSWER),
    ],
    ids=lambda event: event.type,
)
def test_events_are_told_apart_in_json(event):
    assert TypeAdapter(Event).validate_json(event.model_dump_json()) == event


@pytest.mark.parametrize(
    ("model", "changes"),
    [
        (ANSWER, {"confidence": 1.1}),
        (ANSWER, {"confidence": -0.1}),
        (ANSWER, {"kind": "guess"}),
        (ANSWER, {"polarity": "maybe"}),
        (CITATION, {"start": -1}),
        (STATEMENT, {"verdict": "true"}),
        (STATEMENT, {"start": 9}),
        (CITATION, {"start": 5}),
        (STATEMENT, {"markers": (0,)}),
        (STATEMENT, {"markers": (1, -1)}),
        (ANSWER, {"confidence": nan}),
        (SCORED, {"score": inf}),
        (SCORED, {"score": nan}),
        (SCORED, {"dense": 1.1}),
        (SCORED, {"lexical": -0.1}),
        (ANSWER.timings, {"read": inf}),
        (ANSWER.timings, {"read": -1.0}),
    ],
    ids=[
        "too sure",
        "less than nothing",
        "kind",
        "polarity",
        "negative offset",
        "verdict",
        "statement that ends before its start",
        "citation that ends before its start",
        "marker 0",
        "negative marker",
        "confidence that is no number",
        "endless score",
        "score that is no number",
        "no cosine",
        "negative BM25",
        "endless time",
        "negative time",
    ],
)
def test_values_outside_the_schema_are_refused(model, changes):
    with pytest.raises(ValidationError):
        type(model).model_validate({**model.model_dump(exclude={"answered"}), **changes})
