"""A yes/no question of which a sentence says all but has another number or date."""

from dataclasses import replace

import pytest

from rag.entailing import Judged
from rag.extractive import ExtractiveReader
from rag.grounding import OTHERWISE, VERBATIM, mismatches
from rag.questions import analyse
from rag.reading.yesno.exchanged import as_it_says, with_its_value
from rag.schema import Document, ScoredPassage, Span
from rag.splitting import split
from tests.fakes import FakePicker

CHANGED = {
    "a month": ("Was it tested in May?", "It was tested in March.", "Was it tested in March?"),
    "a year": ("Was it built in 1993?", "It was built on 5 March 1992.", "Was it built in 1992?"),
    "a number of the same": ("Were three pumps put in?", "Two pumps were put in.", "Were two pumps put in?"),
    "a number of something else": ("Were three pumps put in?", "Two engines were put in.", None),
    "a sum": ("Does it cost £7?", "It costs £5.", "Does it cost £5?"),
    "in another currency": ("Does it cost $7?", "It costs £5.", None),
    "one of two": ("Was it lost by 19 to 14?", "It was lost by 19 to 12.", "Was it lost by 19 to 12?"),
    "two of them": ("Was it built in May 1993?", "It was built in March 1992.", None),
    "which of two": ("Was it shut in 1993?", "It was shut in 1992 and 1994.", None),
    "none": ("Was it shut?", "It was shut in 1992.", None),
    "a name like a month": ("Did Mark win the race?", "Martin did win the race.", None),
    "a day for a month": ("Was it played on Sunday?", "It was played in May.", None),
    "of another clause": ("Was the hall opened in 1990?", "Ann Lee, who was born in 1950, opened the hall.", None),
    "of something else": ("Was the hall opened in 1990?", "It was opened on the day of the flood of 1950.", None),
    "a bound": ("Were more than 100 people hurt?", "More than 300 people were hurt.", None),
    "the same hour": ("Does it open at 19.00?", "It opens at 19:00.", None),
    "the same sum": ("Did it cost 5 million euros?", "It cost 5,000,000 euros.", None),
    "is it true that": ("Is it true that it was shut in 1993?", "It was shut in 1992.", "whether it was shut in 1992?"),
    "may": ("May I camp there in June?", "You can camp there in July.", "May I camp there in July?"),
    "no question for yes or no": ("What was shut in 1993?", "It was shut in 1992.", None),
}


@pytest.mark.parametrize(("question", "sentence", "wanted"), CHANGED.values(), ids=CHANGED.keys())
def test_the_value_of_the_sentence_takes_the_place_of_the_other(question, sentence, wanted):
    changed = with_its_value(analyse(question), sentence)
    assert (changed and changed.asked) == wanted


LEFT = {
    "she": ("She was born in 1921.", "Ida Holt sang. She was born in 1921.", True),
    "the company": ("The company was born in 1921.", "Ida Holt is big. The company was born in 1921.", True),
    "he": ("He was born in 1921.", "Ida Holt married. She sang. He was born in 1921.", False),
    "another name": ("Born in 1921, Tom Ray sang.", "Ida Holt sang.", False),
    "a name elsewhere in it": ("Tom Ray, whom she married, was born in 1921.", "Ida Holt sang.", False),
    "a text about another": ("It was born in 1921.", "Tom Ray sang. Tom Ray and Ida Holt. It was born in 1921.", False),
}


@pytest.mark.parametrize(("sentence", "text", "left"), LEFT.values(), ids=LEFT.keys())
def test_a_name_that_the_sentence_leaves_to_its_text_is_left_out(sentence, text, left):
    said = as_it_says(analyse("Was Ida Holt born in 1921?"), sentence, text)
    assert said.stems == (("born", "1921") if left else ("ida", "holt", "born", "1921"))


ROOF = Document(title="Roof", text="Roof\n\nThe roof was repaired in 2001. It was repaired as a roof in 1995.")
SAID = "The roof was repaired in 2001."


class LeaningPicker(FakePicker):
    """Finds the sentence, the surer the more of the question's words it has, and leans to `judged`."""

    def __init__(self, judged):
        super().__init__((ROOF.text.index(SAID), ROOF.text.index(SAID) + len(SAID)))
        self.judged = judged

    def pick(self, question, passages, documents):
        sure = 0.9 if "2001" in question.asked else 0.2
        return [replace(pick, confidence=sure) for pick in super().pick(question, passages, documents)]

    def judge(self, claim, sources):
        return self.judged if "2003" in claim else None


def asked(question, judged):
    passages = [ScoredPassage(passage=p, score=0, dense=0, lexical=0) for p in split(ROOF, 700)]
    reader = ExtractiveReader(LeaningPicker(judged), 0.4, 0.7)
    return reader.read(analyse(question), question, passages, {ROOF.id: ROOF})


@pytest.mark.parametrize(
    ("judged", "text", "reason"),
    [
        (Judged(says=0.2, denies=0.7), f"No. {SAID} [1]", OTHERWISE),
        (Judged(says=0.2, denies=0.1), f"{SAID} [1]", VERBATIM),
        (Judged(says=0.2, denies=None), f"{SAID} [1]", VERBATIM),
        (None, f"{SAID} [1]", VERBATIM),
    ],
)
def test_another_year_is_answered_by_the_sentence_and_denied_where_that_is_likely(judged, text, reason):
    answer = asked("Was the roof repaired in 2003?", judged)
    assert (answer.text, answer.statements[0].reason, answer.confidence) == (text, reason, 0.9)
    assert answer.polarity == ("no" if text.startswith("No") else None)
    assert mismatches(answer, [ROOF]) == []


def test_what_the_sentence_does_not_say_is_not_answered_by_another_year():
    assert not asked("Was the wall repaired in 2003?", None).answered


def test_another_sentence_does_not_override_a_yes():
    class Two(LeaningPicker):
        def pick(self, question, passages, documents):
            first, again = super().pick(question, passages, documents)[0], ROOF.text.index("It was")
            return [first, replace(first, sentence=Span(start=again, end=len(ROOF.text)))]

    question = "Was the roof repaired in 2001?"
    passages = [ScoredPassage(passage=p, score=0, dense=0, lexical=0) for p in split(ROOF, 700)]
    answer = ExtractiveReader(Two(None), 0.4, 0.7).read(analyse(question), question, passages, {ROOF.id: ROOF})
    assert (answer.polarity, answer.text) == ("yes", f"Yes. {SAID} [1]")


@pytest.mark.parametrize(
    "forged",
    [
        {"polarity": "yes", "text": f"Yes. {SAID} [1]"},
        {"polarity": None},
        {"searched_for": "Was the roof repaired in 2001?"},
        {"searched_for": "What colour is the roof?"},
        {"searched_for": "Was the roof repaired by the mayor, in marble, as decided on his holidays?"},
    ],
)
def test_the_proof_wants_a_no_and_another_number(forged):
    answer = asked("Was the roof repaired in 2003?", Judged(says=0.2, denies=0.7))
    forged = answer.model_copy(update=forged)
    if forged.text != answer.text:
        statement = forged.statements[0].model_copy(update={"end": len(forged.text)})
        forged = forged.model_copy(update={"statements": (statement,)})
    assert mismatches(answer, [ROOF]) == []
    assert mismatches(forged, [ROOF]) != []
