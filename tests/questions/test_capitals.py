import pytest

from rag import Document, Pipeline
from rag.questions.capitals import names_of, with_capitals
from tests.fakes import FakeEncoder

TEXT = """Opening Hours
In Eastmoor the Tarn Bank, led by Marta Bell, lends to AT&T. The bank is old; Bell, not Lake Orsund's ferry, pays.
Engineering moves. On 3 May, Sales goes to the first floor, Engineering to the second."""


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("how deep is lake orsund?", "how deep is Lake Orsund?"),
        ("what did marta bell lend to at&t", "what did Marta Bell lend to AT&T"),
        ("who pays lake orsund's ferry", "who pays Lake Orsund's ferry"),
        ("and eastmoor?", "and Eastmoor?"),
        ("eastmoor?", "Eastmoor?"),
        ("Where is eastmoor?", "Where is Eastmoor?"),
        ("may i see marta", "may i see Marta"),
        ("What did I pay in eastmoor?", "What did I pay in Eastmoor?"),
        ("which floor is engineering on?", "which floor is Engineering on?"),
        ("how old is the bank?", "how old is the bank?"),
        ("what are the opening hours?", "what are the opening hours?"),
        ("Does Bell pay eastmoor?", "Does Bell pay eastmoor?"),
        ("is there a bell?", "is there a bell?"),
    ],
)
def test_names_are_written_as_the_texts_write_them(typed, written):
    assert with_capitals(typed, names_of([TEXT])) == written


def test_a_word_that_the_texts_have_in_small_letters_too_is_no_name():
    assert names_of(["We met Rose in Holm. A rose is red."]) == {"holm": "Holm"}


@pytest.mark.parametrize(
    "line", ["WORD ZYXA ", "We met in Zyxa and went on to Tarn with Ada Moss. "], ids=["capitals", "text"]
)
def test_a_long_line_takes_linear_time(line):
    assert "zyxa" in names_of([line * 20_000])


def test_a_question_in_small_letters_is_rewritten_as_one_with_capitals(tmp_path):
    club = Document(title="Clubs", text="Orlen is coached by Marta Bell. Eastmoor is coached by Stuart Lund.")
    said = [("user", "who coaches orlen?"), ("assistant", "Marta Bell coaches Orlen.")]
    with Pipeline.build([club], tmp_path / "index", encoder=FakeEncoder()) as pipeline:
        answer = pipeline.ask("and eastmoor?", history=[{"role": role, "content": content} for role, content in said])
    assert answer.question == "and eastmoor?"
    assert answer.searched_for == "who coaches Eastmoor?"


def test_a_word_that_only_opens_a_sentence_is_no_name():
    assert names_of(["Repairs are dear. Hackers came. Eastmoor pays for the weir."]) == {"eastmoor": "Eastmoor"}
    assert names_of(["to be had of us here: - Drill, 1. Saw and a | Plane | too"]) == {}
