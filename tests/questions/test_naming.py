import pytest

from rag.questions import analyse
from rag.questions.naming import as_named, with_their_names

TEXT = (
    "Talks went on for a week, said CEO Jensen Huang. On Friday Huang spoke in Gyeongju.\n"
    "Lucan Prewitt, a painter, was heard as well. Yesterday Prewitt said nothing.\n"
    "North Korea sent nobody, South Korea a minister. Korea is divided.\n"
    "Anna Berg and Piet Berg won. Berg cheered. Lake Corran froze; Corran is a town by it.\n"
    "The Harbour Museum closed early. The Museum has a café. Mr Tovey paid. Tovey left.\n"
    "Red Bull is a drink. Bull lost money. Ann Lee and Ann Ray came. Lee sang.\n"
    "The minister came to Castle Merrow. Merrow was flooded. Vale Tovar is dry; Tovar burns."
)
NAMED = {
    "the full name": ("Where did Jensen Huang speak?", "Where did Huang speak?"),
    "in small letters": ("where did jensen huang speak", "where did Huang speak"),
    "of an owner": ("What is Jensen Huang's hope?", "What is Huang's hope?"),
    "a title": ("What did Mr. Huang say?", "What did Huang say?"),
    "the first name": ("Where did Jensen speak?", "Where did Huang speak?"),
    "two of them": ("Did Jensen Huang meet Lucan Prewitt?", "Did Huang meet Prewitt?"),
    "whose role is not told": ("What did Lucan Prewitt say?", "What did Prewitt say?"),
}
KEPT = {
    "who that is": "Who is Jensen Huang?",
    "a place": "Whom did South Korea send?",
    "two of one surname": "What did Anna Berg win?",
    "a lake and a town": "When did Lake Corran freeze?",
    "a body": "When did the Harbour Museum close?",
    "a title that the text has too": "What did Mr Tovey pay?",
    "a stranger": "What did Lena Okafor say?",
    "another first name": "What did Lori Huang say?",
    "a town": "What did the wall of Castle Merrow cost?",
    "a place by its preposition": "Who lives in Vale Tovar?",
    "a verb": "Which event did Tovey miss there?",
    "a drink": "What is Red Bull?",
    "the other of two": "What did Mrs Tovey pay?",
    "a first name of two": "Where did Ann go?",
    "nothing but small words": "who did what to whom?",
}


@pytest.mark.parametrize(("text", "named"), NAMED.values(), ids=NAMED.keys())
def test_a_person_is_called_as_in_the_text(text, named):
    assert as_named(text, [TEXT]) == named


@pytest.mark.parametrize("text", KEPT.values(), ids=KEPT.keys())
def test_whatever_is_not_certainly_the_same_person_is_kept(text):
    assert as_named(text, [TEXT]) == text


def test_another_text_may_know_another_of_that_name():
    assert as_named("What did Lucan Prewitt say?", [TEXT, "A nurse, Ida Prewitt, found it."]) == (
        "What did Lucan Prewitt say?"
    )


def test_what_a_follow_up_is_about_stays_behind_it():
    question = with_their_names(analyse("Where did Jensen Huang speak? (regarding the summit)"), [TEXT])
    assert (question.asked, question.searched) == (
        "Where did Huang speak?",
        "Where did Huang speak? (regarding the summit)",
    )


def test_the_full_name_is_answered_as_the_surname(seeds_pipeline):
    short = seeds_pipeline.ask("Where did Huang speak?")
    full = seeds_pipeline.ask("Where did Jensen Huang speak?")
    assert full.answered
    assert full.searched_for == "Where did Jensen Huang speak?"
    assert (full.short, full.citations) == (short.short, short.citations)
