import pytest

from rag.questions import Asks, analyse
from rag.questions.leads import begun


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("On Sundays, is the pool open?", "is the pool open on Sundays?"),
        ("If I lose my card, is there a fee?", "is there a fee if I lose my card?"),
        ("if i lose a book do i have to pay", "do i have to pay if i lose a book?"),
        ("When I arrive late, can I still get in?", "can I still get in when I arrive late?"),
        ("I'm at uni, do I get it cheaper?", "do I get it cheaper, as I'm at uni?"),
        ("My daughter is 12. Does she pay?", "Does she pay, as my daughter is 12?"),
        ("I'm still on 3.6. Can I jump to 4.2?", "Can I jump to 4.2, as I'm still on 3.6?"),
        ("I have a dog - may I come in?", "may I come in, as I have a dog?"),
        ("The pool, is it heated?", "is it heated, the pool?"),
        ("any buses on a Sunday?", "are there any buses on a Sunday?"),
        ("The bridge is closed in winter?", "whether The bridge is closed in winter?"),
        ("Huang was born in Taiwan?", "whether Huang was born in Taiwan?"),
    ],
)
def test_a_question_for_yes_or_no_begins_as_one(typed, asked):
    assert begun(typed) == asked
    assert analyse(typed).asks is Asks.YES_NO


@pytest.mark.parametrize(
    "question",
    [
        "If it rains, what happens?",
        "In the end, who won?",
        "When did it open, and is it free?",
        "Who won, and was it close?",
        "What about Sundays, is it open?",
        "The tallest tower is which?",
        "The price of membership?",
        "the CEO is?",
        "any news on the bridge?",
        "the price is 40 or 50?",
        "Is it open or closed?",
    ],
)
def test_any_other_question_stays_as_it_is(question):
    assert begun(question) == question
    assert analyse(question).asks is not Asks.YES_NO


def test_what_is_no_choice_is_for_yes_or_no():
    assert analyse("Did more than a day or two pass?").asks is Asks.YES_NO


@pytest.mark.parametrize("question", ["If " * 3000, "a, " * 3000 + "is it?", "any " * 3000, "The " * 3000 + "is x?"])
def test_a_degenerate_question_takes_no_time(question):
    assert begun(question)
