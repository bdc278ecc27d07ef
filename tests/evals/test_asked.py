"""What the bench on the questions as people ask them counts as right, as shown and as found."""

import pytest
from rich.console import Console

from evals.asked import BOUND, SCOPES, Reply, bench_asked, figures
from rag import Answer, Document
from rag.grounding import cite
from rag.schema import Span
from rag.training.asked import Asked, Query, queries

TEXT = "Tea house\n\nThe tea house opened in 1921. It is shut on Mondays.\n"
DOCUMENT = Document(title="Tea house", text=TEXT)


def span(words):
    return Span(start=TEXT.index(words), end=TEXT.index(words) + len(words))


def query(kind="date", answers=("1921",), evidence=("The tea house opened in 1921.",), polarity=None):
    asked = Asked(
        id="1",
        text="tea.txt",
        question="Since when?",
        kind=kind,
        answerable=bool(evidence),
        answers=answers,
        evidence=evidence,
        polarity=polarity,
    )
    return Query(asked, DOCUMENT, tuple(map(span, answers)), tuple(map(span, evidence)))


def answer(words="The tea house opened in 1921.", short="1921", confidence=0.9, polarity=None):
    citation = cite(DOCUMENT, span(words))
    return Answer.model_construct(
        citations=(citation,), short=short, confidence=confidence, polarity=polarity, kind="answer"
    )


REPLIES = {
    "right": (query(), answer(), (True, True, True)),
    "withheld": (query(), answer(confidence=BOUND / 2), (True, True, False)),
    "another short answer": (query(), answer(short="tea house"), (True, False, True)),
    "another sentence": (query(), answer("It is shut on Mondays."), (False, False, True)),
    "a reason in its sentence": (query("why", ("1921",)), answer(short="tea"), (True, True, True)),
    "the right no": (
        query("yes_no", (), ("It is shut on Mondays.",), "no"),
        answer("It is shut on Mondays.", polarity="no"),
        (True, True, True),
    ),
    "the wrong yes": (
        query("yes_no", (), ("It is shut on Mondays.",), "no"),
        answer("It is shut on Mondays.", polarity="yes"),
        (True, False, True),
    ),
    "the sentence without yes or no": (
        query("yes_no", (), ("It is shut on Mondays.",), "no"),
        answer("It is shut on Mondays."),
        (True, False, True),
    ),
    "not in the text": (query("why", (), ()), answer(), (False, False, True)),
}


@pytest.mark.parametrize(("asked", "given", "expected"), REPLIES.values(), ids=REPLIES.keys())
def test_what_is_found_right_and_shown(asked, given, expected):
    reply = Reply(asked, given)
    assert (reply.found, reply.right, reply.shown) == expected


def test_the_figures_are_shares_of_what_can_be_answered_and_what_cannot():
    told = [Reply(asked, given) for asked, given, _ in REPLIES.values()]
    found = figures(told)
    assert found["right answer shown"].value == pytest.approx(3 / 8, abs=1e-4)
    assert found["right answer found"].value == pytest.approx(4 / 8, abs=1e-4)
    assert found["sentence shown without its yes or no"].value == pytest.approx(1 / 8, abs=1e-4)
    assert found["wrong answer shown"].value == pytest.approx(3 / 8, abs=1e-4)
    assert found["unanswerable answered"].value == 1.0


def test_the_bench_asks_in_both_scopes():
    console = Console(width=160, record=True)
    measured = bench_asked(console, queries("test")[:4])
    assert tuple(measured) == SCOPES
    assert "right answer shown" in console.export_text()
