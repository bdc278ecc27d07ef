import pytest

from rag import Document, Pipeline, Settings
from rag.questions.spelling import corrected
from tests.fakes import FakeEncoder

TEXTS = frozenset(
    "nvidia will supply chips to south korea velunor side effects haneul robot heavy kvalsund yard".split()
)
CORRECTED = {
    "two letters exchanged": ("What does nvidai supply?", "What does nvidia supply?"),
    "a letter missing": ("what is velunr", "what is velunor"),
    "a letter too many": ("Where is the kvalssund yard?", "Where is the kvalsund yard?"),
    "common English": ("How many poeple were there?", "How many people were there?"),
    "two errors in a long word": ("Which tehcnologyy is it?", "Which technology is it?"),
    "a name": ("How large is the Kvalsnud yard?", "How large is the Kvalsund yard?"),
    "at the beginning": ("Nvidai supplies whom?", "Nvidia supplies whom?"),
    "a letter missing within common English": ("Is it the governent?", "Is it the government?"),
    "another vowel": ("Is it definately heavy?", "Is it definitely heavy?"),
    "several": ("waht side efects has it got", "what side effects has it got"),
}
LEFT = {
    "nothing wrong": "How many chips will Nvidia supply to South Korea?",
    "a name of somebody else": "What did Farrow say about the chips?",
    "a name two errors away": "Who runs the Kvlsnud yard in Lisbon?",
    "a short word with another letter": "Which jabs bring wifi?",
    "British spelling": "Analyse how they organised and summarised the chips",
    "words that the vocabulary lacks": "Can a plumber or a pensioner marinate calories in the freezer of a stroller?",
    "forms of a word": "How often do Korean robots blink, and is it the strangest capping?",
    "a word made of two": "Will he get a payoff after the buyout?",
    "a number": "Is it 26000 or 260000 chips?",
    "another language": "Wieviele Grafikprozessoren liefert Nvidai an Südkorea?",
    "another script": "誰がチップを売っていますか",
    "nothing at all": "???",
}


@pytest.mark.parametrize(("question", "expected"), CORRECTED.values(), ids=CORRECTED.keys())
def test_a_typing_error_is_set_right(question, expected):
    assert corrected(question, TEXTS) == expected


@pytest.mark.parametrize("question", LEFT.values(), ids=LEFT.keys())
def test_what_is_no_typing_error_is_left(question):
    assert corrected(question, TEXTS) == question


def test_the_answer_says_what_was_searched_for(tmp_path):
    document = Document(title="Chips", text="Nvidia sells chips. Samsung sells phones.")
    settings = Settings(min_confidence=0, sure_confidence=0, reader="similarity")
    with Pipeline.build(document, tmp_path / "index", settings, encoder=FakeEncoder()) as pipeline:
        answer = pipeline.ask("What does nvidai sell?")
    assert answer.question == "What does nvidai sell?"
    assert answer.searched_for == "What does nvidia sell?"
    assert answer.citations[0].quote == "Nvidia sells chips."
