"""What `mismatches` finds in Answers of each kind that were altered."""

import pytest

from rag.grounding import mismatches
from tests.fakes import altered

QUESTIONS = {
    "answer": "How many AI chips will Nvidia supply to South Korea?",
    "summary": "What is it about?",
    "abstention": "Who won the 2022 World Cup?",
    "smalltalk": "hello",
}


@pytest.fixture(scope="module")
def answers(seeds_pipeline):
    return {kind: seeds_pipeline.ask(question) for kind, question in QUESTIONS.items()}


def passage(**changes):
    return lambda a: a["passages"][0]["passage"].update(changes)


def put_behind(a, words):
    a["text"] += words
    a["statements"][-1]["end"] += len(words)


@pytest.mark.parametrize("kind", QUESTIONS)
def test_nothing_is_found_in_what_the_pipeline_says(answers, seeds_pipeline, kind):
    assert answers[kind].kind == kind
    assert mismatches(answers[kind], seeds_pipeline.documents) == []


ALTERED = {
    "a passage's words": ("answer", passage(text="Forged."), "passage 1"),
    "a passage's place": ("answer", passage(start=3), "passage 1"),
    "a passage's document": ("answer", passage(document_id="another"), "passage 1: document 'another'"),
    "a passage's title": ("answer", passage(title="The Times"), "'The Times'"),
    "a passage's sentence": ("answer", passage(sentences=[{"start": 0, "end": 99_999}]), "sentences outside of it"),
    "a passage of an abstention": ("abstention", passage(text="Forged."), "passage 1"),
    "a passage twice": ("answer", lambda a: a["passages"].append(a["passages"][0]), "stands twice"),
    "a verdict": ("summary", lambda a: a["statements"][0].update(verdict="partial"), "called partial"),
    "no support that is cited": ("summary", lambda a: a["statements"][0].update(verdict="unsupported"), "something"),
    "a marker twice": ("answer", lambda a: put_behind(a, "[1]"), "does not show its own markers"),
    "a marker of nothing": ("answer", lambda a: put_behind(a, "[7]"), "does not show its own markers"),
    "markers that are not shown": ("answer", lambda a: a["statements"][0].update(markers=[1, 1]), "its own markers"),
    "a marker among words of a model": (
        "answer",
        lambda a: a.update(
            text="[7] Nvidia [1]", statements=[a["statements"][0] | {"reason": "its citations say so", "end": 14}]
        ),
        "or shows others",
    ),
    "statements that overlap": ("answer", lambda a: a["statements"].append(a["statements"][0]), "overlap"),
    "a disagreement": ("summary", lambda a: a.update(disagreement=True), "the text does not say so"),
    "a yes in a summary": ("summary", lambda a: a.update(polarity="yes"), "summary has a short answer, or a yes"),
    "a yes in an abstention": ("abstention", lambda a: a.update(polarity="yes"), "abstention has a short answer"),
    "another kind": ("answer", lambda a: a.update(kind="summary"), "summary has a short answer"),
    "no nearest sentence": ("abstention", lambda a: a.update(kind="smalltalk", passages=[]), "has a nearest sentence"),
    "small talk about passages": ("abstention", lambda a: a.update(kind="smalltalk", nearest=None), "small talk"),
    "words behind what is unproven": (
        "abstention",
        lambda a: a.update(text="No answer: a citation could not be proven. Nvidia is bankrupt."),
        "says more than",
    ),
    "statements of an abstention": (
        "abstention",
        lambda a: a["statements"].append(
            {"start": 0, "end": 8, "markers": [], "verdict": "unsupported", "reason": "it cites nothing"}
        ),
        "carries citations or statements",
    ),
}


@pytest.mark.parametrize(("kind", "alter", "found"), ALTERED.values(), ids=ALTERED.keys())
def test_what_was_altered_is_found(answers, seeds_pipeline, kind, alter, found):
    assert found in " / ".join(mismatches(altered(answers[kind], alter), seeds_pipeline.documents))


BORROWED = {
    "a citation that no statement names": (
        "answer",
        lambda a, s: a["citations"].append(s["citations"][-1]),
        "citation [2] supports no statement",
    ),
    "a nearest sentence beside an answer": (
        "answer",
        lambda a, s: a.update(nearest=s["citations"][0]),
        "an answer of kind answer has a nearest sentence",
    ),
    "a nearest sentence outside of the passages": (
        "abstention",
        lambda a, s: a.update(nearest=s["citations"][0], passages=a["passages"][-1:]),
        "the nearest sentence stands in none of the passages",
    ),
}


@pytest.mark.parametrize(("kind", "alter", "found"), BORROWED.values(), ids=BORROWED.keys())
def test_an_exact_span_in_the_wrong_place_is_found(answers, seeds_pipeline, kind, alter, found):
    borrowed = altered(answers[kind], alter, answers["summary"])
    assert mismatches(borrowed, seeds_pipeline.documents) == [found]
