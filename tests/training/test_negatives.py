"""Negatives and variations of training questions, made by code."""

import random

import pytest

from rag.training.negatives import dropped, mined, renamed, retyped, reversed_meaning, swapped
from rag.training.variations import joined, settled, unsettled, worded
from tests.examples import CONTEXT, example


def test_a_mined_passage_looks_right_and_does_not_answer():
    other = "An observatory near the sea was opened in spring. Nobody remembers who came to open the observatory."
    (negative,) = mined([example(), example("?", "", context=other, title="Sea")], random.Random(0))[:1]
    assert (negative.context, negative.title) == (other, "Sea")
    assert negative.answers == ()


def test_a_dropped_passage_has_lost_the_sentence_that_answers():
    (negative,) = dropped([example()], random.Random(0))
    assert "1987" not in negative.context
    assert "copper" in negative.context


def test_a_swapped_question_names_what_the_passage_does_not_mention():
    others = [example("What did the young Karl Voss found?", ""), example("In which year, asks Ada Lindqvist, was it?")]
    for negative in swapped([example(), *others], random.Random(1)):
        assert negative.question not in {example().question, *(other.question for other in others)}
        assert negative.answers == ()


def test_a_swapped_name_is_as_long_as_the_one_whose_place_it_takes():
    asked = example("When did Ada Lindqvist come to Varhaug, in 1987?")
    other = example("What did the young Karl Voss find in Tromso?", "")
    made = {swapped([asked, other], random.Random(seed))[0].question for seed in range(20)}
    assert made == {
        "When did Karl Voss come to Varhaug, in 1987?",
        "When did Ada Lindqvist come to Tromso, in 1987?",
    }


def test_a_renamed_passage_is_about_somebody_else():
    asked = example(question="What did Ada Lindqvist open?", answer="Kestrel observatory")
    other = example(question="What did the young Karl Voss found?", answer="")
    (negative,) = renamed([asked, other], random.Random(0))
    assert negative.context == CONTEXT.replace("Ada Lindqvist", "Karl Voss")
    assert negative.question == asked.question
    assert negative.answers == ()


def test_a_retyped_question_asks_for_what_the_passage_lacks():
    where = example(question="Where is the town?", answer="near", context="The town is near the forest and the lake.")
    (negative,) = retyped([where], random.Random(0))
    assert negative.question in ("When is the town?", "Why is the town?")
    assert negative.answers == ()


REVERSED = {
    "opposite": (
        "Who opened the first dome?",
        "Ada opened the first dome in May.",
        "Who opened the last dome?",
    ),
    "roles": (
        "When did the firm of Voss sue the town of Varhaug?",
        "In May the firm of Voss sued the town of Varhaug.",
        "When did the firm of Varhaug sue the town of Voss?",
    ),
}


@pytest.mark.parametrize(("question", "context", "expected"), REVERSED.values(), ids=REVERSED.keys())
def test_a_reversed_question_has_another_meaning(question, context, expected):
    asked = example(question=question, answer="May", context=context)
    assert [negative.question for negative in reversed_meaning([asked], random.Random(0))] == [expected]


def test_equals_in_a_list_have_no_roles_to_exchange():
    asked = example(question="When did both Voss and then Varhaug open?", answer="May", context="Voss, Varhaug: May.")
    assert reversed_meaning([asked], random.Random(0)) == []


SETTLED = {
    "when": ("When was the dome opened?", "1987", "The dome was opened in 1987.", "Was the dome opened in 1987?"),
    "who": ("Who was the first keeper?", "Ada", "Ada was the first keeper.", "Was Ada the first keeper?"),
    "how many": ("How many tonnes does it weigh?", "forty", "It weighs forty.", "Does it weigh forty tonnes?"),
    "what did": ("What did Ada open?", "a dome", "Ada opened a dome.", "Did Ada open a dome?"),
}


@pytest.mark.parametrize(("question", "answer", "context", "expected"), SETTLED.values(), ids=SETTLED.keys())
def test_a_settled_question_holds_the_answer(question, answer, context, expected):
    (one,) = settled([example(question=question, answer=answer, context=context)], random.Random(0))
    assert one.question == expected
    assert [gold.text for gold in one.answers] == [answer]


def test_an_unsettled_question_holds_another_answer():
    first = example(question="When was the dome opened?", answer="1987", context="It was opened in 1987.")
    second = example(question="When was the mill opened?", answer="1850", context="It was opened in 1850.")
    found = unsettled([first, second], random.Random(0))
    assert [one.question for one in found] == ["Was the dome opened in 1850?", "Was the mill opened in 1987?"]
    assert not any(one.answers for one in found)


def test_a_sentence_among_others_keeps_its_answers_place():
    donors = [example(answer="", context=f"Sentence {n} says nothing.") for n in range(5)]
    asked = example()
    for seed in range(20):
        (one,) = joined([asked], [asked, *donors], 1.0, random.Random(seed))
        (gold,) = one.answers
        assert one.context[gold.start : gold.start + len(gold.text)] == "1987"
        assert CONTEXT in one.context


def test_a_question_worded_otherwise_keeps_words_of_its_own():
    asked = "When was the Kestrel observatory opened?"
    found = {worded(asked, random.Random(seed)) for seed in range(60)}
    assert len(found) > 10
    assert all("estrel" in one or "bserv" in one or "Ke" in one for one in found)
