import pytest

from rag.questions import analyse
from rag.reading.shorts import clipped, cut, short_answer
from rag.reading.similarity import Candidate
from rag.schema import Document, Span

SALES = "Sales rose from 48 million euros in 2020 to 61 million euros in 2022."


WENT_UP = "The premium went up from £1,150 to £1,385 in May."
MENU = "The lunch menu is still £29, and dinner £64."
DEPOSIT = "We take a deposit of £100 for a city bike and £250 for an electric one."


def marked(sentence, words):
    document = Document(title="Text", text=sentence)
    start = sentence.index(words)
    candidate = Candidate(document, Span(start=0, end=len(sentence)), None)
    return candidate, Span(start=start, end=start + len(words))


CUT = {
    "the amount of the year": ("What were sales in 2020?", SALES, "61 million euros", "48 million euros"),
    "it was that already": ("What were sales in 2022?", SALES, "61 million euros", "61 million euros"),
    "no year is asked about": ("What were sales?", SALES, "61 million euros", "61 million euros"),
    "a year that is not there": ("What were sales in 2019?", SALES, "61 million euros", "61 million euros"),
    "before its amount": ("what's the lunch menu cost", MENU, "£64", "£29"),
    "before the other": ("How much is dinner?", MENU, "£64", "£64"),
    "both in one": ("How much is tea?", "Tea is £2, coffee £3.", "£2, coffee £3", "£2"),
    "behind its amount": ("How much is the deposit for a city bike?", DEPOSIT, "£250", "£100"),
    "named neither": ("How much is the deposit?", DEPOSIT, "£250", "£250"),
    "both named": ("Is it £29 for lunch or for dinner?", MENU, "£64", "£64"),
    "no amount": ("What is lunch?", MENU, "menu", "menu"),
    "people": ("How many men came?", "There were 12 men and 14 women.", "12", "12"),
    "all, not some of them": (
        "How many work here?",
        "Fourteen, six of them in the kitchen.",
        "Fourteen, six",
        "Fourteen",
    ),
    "who died": ("How many children died?", "Forty people died, six of them under ten.", "six", "six"),
    "the year before": (
        "What was the profit the year before?",
        "Profit was £61 million, up from £48 million.",
        "£48 million",
        "£48 million",
    ),
    "in the end": (
        "How much did the bridge really cost?",
        "The bridge was to cost £5 million, in the end it was £9 million.",
        "£9 million",
        "£9 million",
    ),
    "in other words": ("How much do children pay?", "Adults pay £9, kids £5.", "£5", "£5"),
    "some of them": ("How many are in the kitchen?", "Fourteen, six of them in the kitchen.", "six", "six"),
    "before it went up": ("How much was the premium before it went up?", WENT_UP, "£1,385", "£1,150"),
    "what it was": ("What was the premium originally?", WENT_UP, "£1,385", "£1,150"),
    "what it is now": ("How much is the premium now?", WENT_UP, "£1,150", "£1,385"),
    "no side of it": ("How much is the premium?", WENT_UP, "£1,385", "£1,385"),
    "hours": ("What time does it open now?", "It is now open from 9 to 5 on weekdays.", "9", "9"),
    "not yet": ("What does a ticket cost now?", "Tickets will rise from £5 to £7 in May.", "£5", "£5"),
    "one after another": ("What were the offers, one after another?", "From 265 pence to 290.", "265", "265"),
    "a place called new": ("When was New Holt founded?", "New Holt stood from 1638 to 1655.", "1638", "1638"),
    "a hedge": ("How many came?", "More than 300 came.", "300", "More than 300"),
}


@pytest.mark.parametrize(("asked", "sentence", "words", "wanted"), CUT.values(), ids=CUT.keys())
def test_what_is_cut(asked, sentence, words, wanted):
    candidate, span = marked(sentence, words)
    found = cut(analyse(asked), candidate, span)
    assert sentence[found.start : found.end] == wanted


SHORT = {
    "one amount for a difference": ("How many more came?", "We counted 316, up from 240.", "316", None),
    "the difference": ("By how much did it rise?", "It rose by 76 to 316.", "76", "76"),
    "more of them": ("How many more came?", "There were 76 more than in May.", "76", "76"),
    "no difference asked": ("How many came?", "We counted 316, up from 240.", "316", "316"),
    "one of two founders": (
        "Who founded Halden Cycles?",
        "The engineer Ida Halden and her former classmate Peter Lund founded it.",
        "Ida Halden",
        "Ida Halden and her former classmate Peter Lund",
    ),
    "the last of three, behind by": (
        "Who was it built by?",
        "It was built by Ann Lee, Ben Ost and Cem Ray in 1901.",
        "Cem Ray",
        "Ann Lee, Ben Ost and Cem Ray",
    ),
    "a party and a person": (
        "Who voted against it?",
        "The Greens and the councillor Tom Ray voted against it.",
        "Tom Ray",
        "The Greens and the councillor Tom Ray",
    ),
    "not what opens": ("Who founded it?", "In May, Ann Lee and Ben Ost founded it.", "Ann Lee", "Ann Lee"),
    "not of the clause before": ("Who scored?", "Halden beat Tarn and Ann Lee scored.", "Ann Lee", "Ann Lee"),
    "not who joined": (
        "Who was it founded by?",
        "It was founded by Ann Lee and Ben Ost joined in 1990.",
        "Ann Lee",
        "Ann Lee",
    ),
    "one who did and one who did not": (
        "Who founded it?",
        "Ann Lee founded it and Ben Ost sold it.",
        "Ann Lee",
        "Ann Lee",
    ),
    "two who did something else": (
        "Who founded it?",
        "Ann Lee and Ben Ost sold what Cem Ray founded.",
        "Cem Ray",
        "Cem Ray",
    ),
    "who somebody is": ("Who is the head?", "Ann Lee and Ben Ost head it.", "Ann Lee", "Ann Lee"),
    "a name without its date": (
        "Who are the builders?",
        "On Monday, Hartley & Sons begin.",
        "Monday, Hartley & Sons",
        "Hartley & Sons",
    ),
}


@pytest.mark.parametrize(("asked", "sentence", "words", "wanted"), SHORT.values(), ids=SHORT.keys())
def test_the_short_answer(asked, sentence, words, wanted):
    candidate, span = marked(sentence, words)
    found = short_answer(analyse(asked), candidate, span, False, ())
    assert [sentence[one.start : one.end] for one in found] == [wanted or sentence]


def test_an_open_question_is_answered_by_its_sentence():
    candidate, span = marked("The shop is by the gate.", "the gate")
    assert short_answer(analyse("Is the shop open?"), candidate, span, True, ()) == (candidate.sentence,)


@pytest.mark.parametrize(
    ("question", "names", "wanted"),
    [
        ("Which two towns quarrel?", ("Brenva", "Tarn", "Ost"), ("Tarn-Ost",)),
        ("Which three towns quarrel?", ("Brenva", "Tarn", "Ost"), ("Brenva", "Tarn", "Ost")),
        ("Which towns are quarrelling?", ("Brenva", "Tarn", "Ost"), ("Brenva", "Tarn", "Ost")),
    ],
)
def test_a_list_has_as_many_names_as_are_asked_for(question, names, wanted):
    candidate, span = marked("Brenva suffers from the Tarn-Ost quarrel.", "Tarn-Ost")
    text = candidate.document.text
    found = tuple(Span(start=text.index(name), end=text.index(name) + len(name)) for name in names)
    short = short_answer(analyse(question), candidate, span, False, found)
    assert tuple(text[one.start : one.end] for one in short) == wanted


@pytest.mark.parametrize(
    ("marked", "short"), [("18 °C", "-18 °C"), ("20 °C", "20 °C"), ("3 °C", "-3 °C"), ("5 °C", "−5 °C")]
)
def test_a_minus_belongs_to_its_number_and_a_dash_between_two_does_not(marked, short):
    text = "Kept at -18 °C, or at 10-20 °C (-3 °C by night), never at −5 °C."
    start = text.index(marked)
    candidate = Candidate(Document(title="", text=text), Span(start=0, end=len(text)), None)
    span = clipped(Span(start=start, end=start + len(marked)), candidate)
    assert text[span.start : span.end] == short
