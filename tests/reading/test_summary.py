import pytest

from rag import Document, Pipeline
from tests.fakes import FakeEncoder


@pytest.mark.parametrize(
    ("asked", "length"), [("Summarise the article in one sentence", 1), ("Sum up the text in two sentences pls", 2)]
)
def test_a_summary_is_as_long_as_asked(seeds_pipeline, asked, length):
    answer = seeds_pipeline.ask(asked)
    assert (answer.kind, len(answer.statements), len(answer.citations)) == ("summary", length, length)


def test_a_summary_leaves_headings_out(tmp_path):
    text = "Library opens again after the flood\n\nThe library opened again on Monday. Its books were saved by a nurse."
    with Pipeline.build(Document(title="Library", text=text), tmp_path / "index", encoder=FakeEncoder()) as pipeline:
        assert "after the flood" not in pipeline.ask("summarise it").text


def test_a_summary_has_the_sentences_under_headings_and_not_these(tmp_path):
    text = (
        "Visiting the mill\n\nOpening\nThe mill opens at nine every day of the week.\n\n"
        "Tickets\nA ticket costs four euros at the gate.\n\nWhy was it built?\nIt was built to grind barley for beer.\n"
    )
    with Pipeline.build(Document(title="The mill", text=text), tmp_path / "index", encoder=FakeEncoder()) as pipeline:
        quotes = [citation.quote for citation in pipeline.ask("Summarise the text in two sentences.").citations]
    assert quotes == ["The mill opens at nine every day of the week.", "A ticket costs four euros at the gate."]


LIBRARY = (
    "Library opens again after the flood\n\nThe library opened again on Monday. Ada Moss led the work on its roof. "
    "She had studied in Porto. Its books were saved by a nurse. The mayor thanked Ada Moss with a song."
)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            "What does the text say about Ada Moss?",
            ["Ada Moss led the work on its roof.", "The mayor thanked Ada Moss"],
        ),
        ("What is the flood piece about?", ["The library opened again on Monday.", "The mayor thanked Ada Moss"]),
    ],
    ids=["sentences", "heading"],
)
def test_a_topic_is_summed_up_with_the_sentences_about_it(tmp_path, asked, said):
    with Pipeline.build(Document(title="News", text=LIBRARY), tmp_path / "index", encoder=FakeEncoder()) as pipeline:
        answer = pipeline.ask(asked)
        assert answer.kind == "summary"
        assert all(sentence in answer.text for sentence in said)
        assert "Library opens" not in answer.text


def test_a_request_to_sum_up_a_topic_is_not_spelled_otherwise(seeds_pipeline):
    asked = "Summarise what the text says about the contracts"
    answer = seeds_pipeline.ask(asked)
    assert (answer.kind, answer.searched_for) == ("summary", asked)


def test_a_topic_that_the_text_lacks_is_not_summed_up(seeds_pipeline):
    assert seeds_pipeline.ask("What does the article say about Intel?").kind == "abstention"


def test_a_summary_cites_each_of_its_sentences(seeds_pipeline):
    answer = seeds_pipeline.ask("What is the article about?")
    assert len(answer.citations) == len(answer.statements) > 1
    for number, (citation, statement) in enumerate(zip(answer.citations, answer.statements, strict=True), 1):
        assert answer.text[statement.start : statement.end] == f"{citation.quote} [{number}]"
