import pytest

from rag.reading.dimensions import other_dimension
from rag.training.asked import queries


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How far does the scooter go on one charge?", "£74"),
        ("How long would the mechanic need?", "290 pounds"),
        ("What time does the lido open?", "18 May"),
        ("At what time does the gate close?", "in October"),
        ("Between what hours can we fetch it?", "a Tuesday"),
        ("How much does the crate weigh?", "12 euros"),
        ("How hot does the oven have to be?", "40 minutes"),
        ("What does the ferry cost?", "20 minutes"),
        ("How old is the bridge?", "90 metres"),
        ("How long is the pool?", "80 centimetres deep"),
        ("How deep is the lake?", "212 square kilometres"),
        ("How long did the meeting last?", "9.05 pm"),
        ("What is the depth of the tank?", "3 cubic metres"),
        ("How wide is the field?", "12 acres"),
    ],
)
def test_another_dimension_is_noticed(question, words):
    assert other_dimension(question, words)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How far is the lake?", "ten minutes on foot"),
        ("How far did sales fall?", "£3 million"),
        ("What times are lessons?", "Monday 3 June, 10-12"),
        ("What temperature is needed?", "180C for 20 minutes"),
        ("How much does a ticket cost?", "free for three days"),
        ("How far in the red is the firm?", "$48 million"),
        ("How long is the ban?", "until 5 May"),
        ("How long is the wall?", "two kilometres"),
        ("How deep is the lake?", "164 metres"),
        ("How long did the meeting last?", "from 7 to 9.05 pm"),
        ("How deep in the red is the firm?", "€53 million"),
        ("What is the height of the dam?", "ten metres"),
        ("How big is the lake?", "212 square kilometres"),
        ("What time does it open?", "9.30 on 18 May"),
        ("What time does it open?", "at nine"),
        ("During which hours is he there?", "1 to 4"),
        ("What time of year do they leave?", "March"),
        ("What time does the office need for it?", "ten days"),
        ("How much does the crate weigh?", "40 pounds"),
        ("What does the ferry cost?", "40 pounds"),
        ("What does the ferry cost?", "nothing"),
        ("How old is the bridge?", "it was built in 1890"),
    ],
)
def test_what_may_answer_is_no_other_dimension(question, words):
    assert not other_dimension(question, words)


def test_hardly_an_answer_that_calibrates_is_of_another_dimension():
    found = [query.asked for query in queries("calibrate") if query.asked.answerable and query.asked.kind != "list"]
    other = [asked.question for asked in found if any(other_dimension(asked.question, said) for said in asked.answers)]
    assert len(found) > 300
    assert other == []


def test_no_telephone_number_says_when():
    assert other_dimension("When should I ring the clinic?", "01632 960 118")
    assert not other_dimension("Which number should I ring?", "01632 960 118")
    assert not other_dimension("How many people live there?", "12 345 678")
    assert not other_dimension("When was he mayor?", "1939 - 1945")
