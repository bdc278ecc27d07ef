"""A yes or no that seems settled, and is about something or somebody else."""

import pytest

from rag.entailing import Judged
from rag.extractive import ExtractiveReader
from rag.questions import analyse
from rag.reading.yesno.doubts import doubted
from rag.reading.yesno.judging import settled
from rag.reading.yesno.polarity import polarity_of
from rag.schema import Document, ScoredPassage
from rag.splitting import split
from tests.fakes import FakePicker

IVERS = "Thornleigh's Stefan Ivers, who took charge after the dismissal of Ray Mould, called it a win."
CELL = "Mirre Vos founded it with Idris Bakkali, a chemist who had developed the cell."
DOUBTED = {
    "denied of another place": ("Are dogs allowed in the garden?", "Not in the café, but in the garden.", "no", True),
    "denied of this place": ("Are dogs allowed in the garden?", "Dogs are not allowed in the garden.", "no", False),
    "denied of another time": (
        "Can I rent a bike by the day?",
        "A bike is 32 euros, paid by day; we do not rent them by the week.",
        "no",
        True,
    ),
    "nobody, in another clause": ("Was anyone hurt by the lamps?", "The lamps broke; nobody was hurt.", "no", False),
    "no plans": ("Will it be sold in Britain?", "Vos has no plans to sell it in Britain.", "yes", True),
    "no plans, as asked": ("Are there no plans to sell it?", "Vos has no plans to sell it.", "yes", False),
    "plans": ("Will it be sold in Britain?", "Vos plans to sell it in Britain, without tests.", "yes", False),
    "nothing compared": ("Is dinner cheaper than lunch?", "Lunch is 29 euros, and dinner 64.", "yes", True),
    "cheaper than what is not said": (
        "Was the old hall cheaper?",
        "The old hall cost 9 million but did not have a kitchen.",
        "no",
        True,
    ),
    "in summer": ("Is it shut in summer?", "In summer nothing is shut.", "no", False),
    "compared": ("Is dinner dearer than lunch?", "Dinner is dearer than lunch.", "yes", False),
    "a bound": ("Were there more than 100 guests?", "There were 250 guests.", "yes", False),
    "another word for bigger": ("Is the new pool bigger?", "The new pool is larger.", "yes", False),
    "rather than": ("Did they go by boat rather than by bus?", "They went by boat.", "yes", False),
    "no plans for something else": (
        "Is the council keeping the hall open?",
        "It is keeping the hall open, with no plans to close it.",
        "yes",
        False,
    ),
    "nobody in the building": (
        "Was anyone hurt in the fire?",
        "The fire destroyed the hall, but nobody in the building was hurt.",
        "no",
        False,
    ),
    "whose wife": ("Was Tom Ray Ida Holt's husband?", "Tom Ray had a wife, Ida Holt.", "yes", False),
    "which is": (
        "Did Nvidia sign a deal with a Korean carmaker?",
        "Nvidia signed a deal with Hyundai, which is a Korean carmaker.",
        "yes",
        False,
    ),
    "her father": ("Did her mother drown?", "Her father drowned.", "yes", True),
    "both": ("Did her mother drown?", "Her father and her mother drowned.", "yes", False),
    "told of the other": ("Did Ray Mould call it a win?", IVERS, "yes", True),
    "told of him": ("Did Stefan Ivers call it a win?", IVERS, "yes", False),
    "what he took": ("Did Stefan Ivers take charge?", IVERS, "yes", False),
    "another developed it": ("Did Mirre Vos develop the cell?", CELL, "yes", True),
    "who developed it": ("Did Idris Bakkali develop the cell?", CELL, "yes", False),
    "never for more than": (
        "Was the archive ever closed?",
        "The archive was never closed for more than two days.",
        "no",
        True,
    ),
    "never": ("Was the archive ever closed?", "The archive was never closed.", "no", False),
    "asked for more than": (
        "Was it ever closed for more than two days?",
        "It was never closed for more than two days.",
        "no",
        False,
    ),
    "the second": ("Is it the deepest lake?", "It is the second deepest lake.", "yes", True),
    "one of them": ("Was it the most popular show?", "It was one of the most popular shows.", "yes", True),
    "but one": ("Is it the oldest?", "It is the oldest but one.", "yes", True),
    "the first": ("Is it the deepest lake?", "It is the deepest, before Tarn, the second deepest.", "yes", False),
    "not known": ("Can they tell fish apart?", "Whether they can could not be determined.", "no", True),
    "left open": ("Will it be sold?", "It is unclear whether it will be sold.", "yes", True),
    "not decided yet": ("Will it be sold?", "Whether it will be sold hasn't been decided.", "yes", True),
    "something else undecided": (
        "Did they approve it?",
        "They approved it but have not decided on the date.",
        "yes",
        False,
    ),
    "known, as asked": ("Has the cause been determined?", "The cause has not been determined.", "no", False),
    "cleared": ("Was she guilty?", "She was accused of theft; a court cleared her.", "yes", True),
    "accused alone": ("Was she convicted?", "She was accused of theft.", "yes", True),
    "found guilty": ("Was she guilty?", "Accused of theft, she was found guilty.", "yes", False),
    "accused, as asked": ("Was she accused of theft?", "She was accused of theft.", "yes", False),
    "asked of the second": ("Is it the second deepest?", "It is the second deepest lake.", "yes", False),
    "what she founded": ("Did Mirre Vos found it?", CELL, "yes", False),
}


@pytest.mark.parametrize(("question", "sentence", "polarity", "wanted"), DOUBTED.values(), ids=DOUBTED.keys())
def test_what_is_of_something_else_settles_nothing(question, sentence, polarity, wanted):
    assert doubted(analyse(question), sentence, polarity) is wanted


def test_the_answer_leads_with_no_word_that_is_doubted():
    """The reader finds something about dogs, and the clause that has most of the question is denied."""
    text = "House rules\n\nDogs are not allowed in the café, but they may run in the garden."
    document = Document(title="House rules", text=text)
    picker = FakePicker((13, len(text)))
    picker.judge = lambda claim, sources: Judged(says=0.01, denies=0.97)
    passages = [ScoredPassage(passage=p, score=0, dense=0, lexical=0) for p in split(document, 700)]
    found = [
        ExtractiveReader(picker, 0.4, 0.7).read(analyse(asked), asked, passages, {document.id: document}).polarity
        for asked in ("Are dogs allowed in the garden?", "Are dogs allowed in the café?")
    ]
    assert found == [None, "no"]


def test_the_first_line_names_what_a_text_is_about_and_settles_nothing():
    text = "Lake Tarn\n\nIt is the second deepest lake of all."
    document = Document(title="notes", text=text)
    picker = FakePicker((0, 9))
    picker.judge = lambda claim, sources: Judged(says=0.97, denies=0.01)
    passages = [ScoredPassage(passage=p, score=0, dense=0, lexical=0) for p in split(document, 700)]
    asked = "Is Lake Tarn deep?"
    answer = ExtractiveReader(picker, 0.4, 0.7).read(analyse(asked), asked, passages, {document.id: document})
    assert answer.citations[0].quote == "Lake Tarn"
    assert answer.polarity is None


def test_the_only_line_of_a_text_is_no_title_of_it():
    text = "Dogs may run in the garden"
    document = Document(title="notes", text=text)
    picker = FakePicker((0, len(text)))
    picker.judge = lambda claim, sources: Judged(says=0.97, denies=0.01)
    passages = [ScoredPassage(passage=p, score=0, dense=0, lexical=0) for p in split(document, 700)]
    asked = "Are pets welcome outside?"
    answer = ExtractiveReader(picker, 0.4, 0.7).read(analyse(asked), asked, passages, {document.id: document})
    assert answer.polarity == "yes"


ROLES = {
    "a name of two words": ("Did Lake Ventures lead the round?", "The round was led by Lake Ventures.", "yes"),
    "active for passive": ("Did Alpha Corp buy Beta Lab?", "Beta Lab was bought by Alpha Corp.", "yes"),
    "the other way round": ("Did Beta Lab buy Alpha Corp?", "Beta Lab was bought by Alpha Corp.", None),
    "by another": ("Did Alpha buy Beta?", "Beta was bought by Gamma after Alpha left.", None),
    "by a rival": ("Did Alpha buy Beta?", "Beta was bought by Alpha's rival Gamma.", None),
    "names like months": ("Was Martin hired by Julia?", "Martin hired Julia.", None),
    "the other way round in the passive": ("Was Alpha Corp bought by Beta Lab?", "Alpha Corp bought Beta Lab.", None),
    "a time is no side": ("Was the pool opened in June 1992?", "The pool was opened in June 1992 by Tom Ray.", "yes"),
    "in another order": ("Did Alpha Corp buy Beta Lab?", "Beta Lab bought Alpha Corp.", None),
}


@pytest.mark.parametrize(("question", "sentence", "polarity"), ROLES.values(), ids=ROLES.keys())
def test_active_and_passive_say_the_same(question, sentence, polarity):
    assert polarity_of(analyse(question), sentence, entailed=True) == polarity


NEGATIVE = {
    "isn't, denied": ("Isn't the pool heated?", "The pool is not heated.", "no"),
    "isn't, said": ("Isn't the pool heated?", "The pool is heated.", "yes"),
    "won't": ("And won't the pool be heated?", "The pool will be heated.", "yes"),
    "not of its own": ("Is it true that the pool isn't heated?", "The pool is not heated.", "yes"),
}


@pytest.mark.parametrize(("question", "sentence", "polarity"), NEGATIVE.values(), ids=NEGATIVE.keys())
def test_a_question_that_begins_with_a_negation_is_answered_as_without(question, sentence, polarity):
    assert polarity_of(analyse(question), sentence) == polarity


def test_the_same_number_is_no_reason_for_a_no():
    flatly = Judged(says=0.02, denies=0.97)
    question = analyse("Do I have to say so by 9.30?")
    assert settled(question, "Whoever is ill says so by 9.30.", "", flatly) is None
    assert settled(question, "Whoever is ill need not say so by 9.30.", "", flatly) == "no"
    assert settled(question, "Whoever is ill says so by 10.30, not 9.30.", "", flatly) == "no"
