import pytest
from rich.console import Console

from evals import forms
from evals.forms import FORMS, NAMED, PLAIN, bench_forms, with_full_names
from rag.schema import Document
from rag.training.asked import queries

TEXT = Document(
    title="Talks",
    text="Talks\n\nThe head of the firm, Lena Okafor, spoke. Okafor smiled. Ida Berg and Piet Berg left; Berg cried.",
)


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ("What did Okafor do?", "What did Lena Okafor do?"),
        ("What did Lena Okafor do?", "What did Lena Okafor do?"),
        ("Why did Berg cry?", "Why did Berg cry?"),
    ],
)
def test_a_full_name_is_put_in_where_there_is_one_of_that_surname(asked, named):
    assert with_full_names(asked, TEXT) == named


def test_every_form_is_asked_and_compared(monkeypatch):
    few = {"train": [], "calibrate": [], "test": queries("test")[:2]}
    monkeypatch.setattr(forms, "queries", few.__getitem__)
    console = Console(width=200)
    with console.capture() as captured:
        paired = bench_forms(console)
    assert all(form in captured.get() for form in FORMS)
    assert paired[NAMED] == []
    assert all(plain is other for plain, other in paired[PLAIN])
    greeted = paired["Hi! ..."]
    assert [other.answer.question for _, other in greeted] == [f"Hi! {q.asked.question}" for q in few["test"]]
    assert all(plain.answer.text == other.answer.text for plain, other in greeted)
