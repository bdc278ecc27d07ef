"""What is about another one than is asked about, and how sure the reader is of it."""

import pytest

from rag.questions import analyse
from rag.reading.mismatch import (
    is_a_namesake,
    is_beyond_a_limit,
    is_of_another_body,
    is_of_another_code,
    is_of_the_other_sex,
    is_of_the_other_side,
    is_of_the_parents,
    is_of_the_text,
    is_started_by_somebody,
    is_undisclosed,
    misnumbered,
)
from rag.reading.similarity import SimilarityPicker
from rag.reading.trained import load_picker
from rag.schema import Document, Span
from rag.splitting import split

WORTH = "While the {} of the contracts {}, Brenva was valued at $5 million."
UNDISCLOSED = {
    "a deal": ("How much is the deal worth?", WORTH.format("financial details", "were not disclosed"), True),
    "a secret": ("What do the contracts cost?", WORTH.format("value", "remains secret"), True),
    "a firm": ("How much is Brenva worth?", WORTH.format("terms", "were not disclosed"), False),
    "the deal of the firm, not noticed": (
        "What is Brenva's deal worth?",
        WORTH.format("terms", "were not disclosed"),
        False,
    ),
    "a firm in other words": ("What is the mill's owner worth?", WORTH.format("terms", "were not disclosed"), False),
    "disclosed": ("How much is the deal worth?", WORTH.format("terms", "were published"), False),
    "its own clause": ("What did the deal cost?", "The price, not known before, was $5 million.", False),
}


@pytest.mark.parametrize(("question", "sentence", "undisclosed"), UNDISCLOSED.values(), ids=UNDISCLOSED.keys())
def test_what_is_not_disclosed_is_no_number_of_another_clause(question, sentence, undisclosed):
    start = sentence.index("$5")
    assert is_undisclosed(question, sentence, Span(start=start, end=start + 10)) is undisclosed


NUMBERED = {
    "another one only": ("When did Petrel 3 take off?", "Petrel 5 followed Petrel 4.", True),
    "that one": ("When did Petrel 4 take off?", "Petrel 5 followed Petrel 4.", False),
    "among several": ("What does Article 65 say?", "Articles 61, 64 and 65 are about waste.", False),
    "in a range": ("What does Article 66 say?", "Articles 61-66 are about waste.", False),
    "without a number": ("When did Petrel take off?", "Petrel 5 took off.", False),
    "a name that is not there": ("When did Petrel 3 take off?", "Heron 5 took off.", False),
    "a year behind its preposition": ("In 2010, who died?", "In 2009 the king died.", False),
    "a day": ("What happened on May 3?", "On May 5 it rained.", False),
    "a time": ("What opens on Friday 8 p.m.?", "The gates open on Friday 9 a.m.", False),
}


@pytest.mark.parametrize(("question", "text", "wrong"), NUMBERED.values(), ids=NUMBERED.keys())
def test_a_numbered_name_with_other_numbers_only_is_another_thing(question, text, wrong):
    assert misnumbered(question, text) is wrong


def test_he_may_be_her_husband():
    assert is_of_the_other_sex("What did she die of?", "He died in Tarn.")
    assert not is_of_the_other_sex("Who was her husband?", "He was Tom Ray, a farmer.")
    assert not is_of_the_other_sex("Whom did she marry?", "He married Ann in 1901.")
    assert not is_of_the_other_sex("What did she say?", "His daughter, Ann, said it was late.")


SIDES = {
    "who was for it": ("Who voted for the library?", "The Greens voted against it.", True),
    "who was in favour": ("Who was in favour of the library?", "Pym opposed the library.", True),
    "who supported it": ("Who supported the motion?", "Ashdown, whose group supported the motion, was glad.", False),
    "who was against it": ("Who opposed it?", "Labour supported it.", True),
    "both": ("Who voted for it?", "Labour voted for it, the Greens against it.", False),
    "something else": ("Who paid for it?", "Labour, against all odds.", False),
    "a match": ("When did he come back to the club?", "He played against Halden in May.", False),
    "the back door": ("Where is the back door?", "The door is opposite the kitchen.", False),
    "spoke for others": ("Who spoke for the residents?", "Ida Holt, who opposed the plan, did.", False),
    "yes or no": ("Did Pym vote for it?", "Pym voted against it.", False),
}


@pytest.mark.parametrize(("question", "clause", "other"), SIDES.values(), ids=SIDES.keys())
def test_who_is_against_is_not_for_it(question, clause, other):
    assert is_of_the_other_side(analyse(question), clause) is other


PLACED = {
    "her parents' children": (is_of_the_parents, "How many sons did she have?", "The eldest of *four* sons", True),
    "one of the founders": (
        is_of_the_parents,
        "How many sons did he have?",
        "One of the founders, he had *four*",
        False,
    ),
    "her own": (is_of_the_parents, "How many sons did she have?", "She had *four* sons", False),
    "how many there were": (is_of_the_parents, "How many sons were there?", "The eldest of *four* sons", False),
}


@pytest.mark.parametrize(("rule", "question", "sentence", "wrong"), PLACED.values(), ids=PLACED.keys())
def test_words_that_stand_where_something_else_does(rule, question, sentence, wrong):
    before, words, after = sentence.split("*")
    place = Span(start=len(before), end=len(before) + len(words))
    assert rule(question, before + words + after, place) is wrong


def test_how_it_started_is_not_who_started_something():
    assert is_started_by_somebody("How did the outage begin?", "Staff tried to start the engine by hand.")
    assert not is_started_by_somebody("How did the fire start?", "A spark from a grinder started the fire.")
    assert not is_started_by_somebody("How did the outage begin?", "The outage began with a spark.")
    assert not is_started_by_somebody("How did they start the engine?", "They started it by hand.")


def test_a_namesake_is_not_who_somebody_is():
    assert is_a_namesake("who is Ada Holt?", "Edith Holt")
    assert not is_a_namesake("Who is Ada Holt?", "Ada Holt")
    assert not is_a_namesake("Who is Mayor Brand?", "Ida Brand")
    assert not is_a_namesake("Who is the mother of Ada Holt?", "Edith Holt")


ITSELF = {
    "on a topic": ("Who wrote the article about naps?", True),
    "its date": ("When was the article about naps published?", True),
    "shortly": ("who wrote this?", True),
    "the nap article": ("When was the nap article published?", True),
    "a report that is told of": ("Who wrote the report?", False),
    "something else": ("Who wrote the letter?", False),
    "a book in it": ("Who wrote the book that the article mentions?", False),
    "what it reports": ("What losses were reported in the article for 2020?", False),
}


@pytest.mark.parametrize(("question", "itself"), ITSELF.values(), ids=ITSELF.keys())
def test_who_wrote_the_text_is_not_in_what_it_tells(question, itself):
    assert is_of_the_text(question, "The study, by Sanna Koivula, followed nappers.") is itself


TRIED = "During the outage staff tried to start the generator by hand."


@pytest.fixture(scope="module")
def picker(encoder):
    return load_picker("", SimilarityPicker(encoder))


def sure(picker, text, question):
    document = Document(title="Tarn", text=text)
    return picker.pick(analyse(question), split(document, 700), {document.id: document})[0].confidence


BODIES = "Acme sells mills to Tarn Foods. Acme grows, and Acme's mills grind. CEO Ida Brand is glad. Acme is as well."


@pytest.mark.parametrize(
    ("text", "fitting", "other"),
    [
        ("He died of tuberculosis in Tarn.", "What did he die of?", "What did she die of?"),
        ("The mayor, Ida Brand, opened the hall.", "Who opened the hall?", "Who wrote this article?"),
        (WORTH.format("terms", "were not disclosed"), "What is Brenva worth?", "How much is the deal worth?"),
        ("The Greens voted against the hall.", "Who voted against the hall?", "Who voted for the hall?"),
        (TRIED, "How did staff try to start the generator?", "How did the outage start?"),
        (BODIES, "Who is the CEO of Acme?", "Who is the CEO of Tarn Foods?"),
    ],
    ids=["the other sex", "the text itself", "undisclosed", "the other side", "another start", "another body"],
)
def test_the_reader_is_not_sure_of_what_is_about_another(picker, text, fitting, other):
    assert sure(picker, text, other) < sure(picker, text, fitting) / 4


@pytest.mark.parametrize(
    ("text", "words", "question", "rule"),
    [
        ("He was sent off by referee Helen Tarrant.", "Helen Tarrant", "Who was sent off?", "turned"),
        ("Her mother was Edith Holt.", "Edith Holt", "Who is Ada Holt?", "is_a_namesake"),
        ("She is the youngest of four children.", "four", "How many children did she have?", "is_of_the_parents"),
    ],
)
def test_nor_of_words_that_are_another(picker, monkeypatch, text, words, question, rule):
    start = text.index(words)
    monkeypatch.setattr("rag.reading.trained.cut", lambda *given: Span(start=start, end=start + len(words)))
    found = sure(picker, text, question)
    monkeypatch.setattr(f"rag.reading.trained.{rule}", lambda *given: False)
    without = sure(picker, text, question)
    assert found / (1 - found) < without / (1 - without) / 10


@pytest.mark.parametrize(
    ("question", "sentence", "of_another"),
    [
        ("Who is the CEO of Tarn Foods?", "CEO Ida Brand is glad.", True),
        ("who's the boss of Tarn Foods now?", "CEO Ida Brand is glad.", True),
        ("Who runs Tarn Foods?", "CEO Ida Brand is glad.", True),
        ("Who is Acme's CEO?", "CEO Ida Brand is glad.", False),
        ("Who is the CEO of Tarn Foods?", "The CEO of Tarn Foods is Ida Brand.", False),
        ("Who is the CEO of Tarn Foods?", "Its CEO Ida Brand is glad.", False),
        ("Who is the CEO of Holm Mills?", "CEO Ida Brand is glad.", False),
        ("Who is glad?", "CEO Ida Brand is glad.", False),
    ],
)
def test_the_head_of_one_body_is_not_that_of_another(question, sentence, of_another):
    assert is_of_another_body(question, sentence, BODIES) == of_another


CODES = {
    "a neighbour": ("How long does the B20 last?", "The B35 lasts six hours.", True),
    "in small letters": ("how long does the b20 last", "The B35 lasts six hours.", True),
    "with a hyphen": ("What is H-204?", "The dust cover, H-401, is white.", True),
    "both": ("How long does the B20 last?", "The B35 lasts longer than the B20.", False),
    "none": ("How long does the B20 last?", "A full tank lasts six hours.", False),
    "another kind": ("How long does the B20 last?", "Press F12 for the M4 menu.", False),
    "a paper size": ("What does a poster in A3 cost?", "In A4 it costs £2.", True),
    "of two asked": ("Is the B50 heavier than the B35?", "The B35 weighs 8 kg.", False),
    "a kind of it": ("How long is the A380?", "The A380-800 is longer than the A350.", False),
    "several of it": ("How long do B20 tanks last?", "B20s last longer than the B50.", False),
    "between two": ("What may I do with a B2 visa?", "With visas B1 to B3 you may travel.", False),
    "no code": ("How long does it last?", "The B35 lasts six hours.", False),
}


@pytest.mark.parametrize(("question", "sentence", "other"), CODES.values(), ids=CODES.keys())
def test_a_model_is_not_its_neighbour(question, sentence, other):
    assert is_of_another_code(question, sentence) is other


LIMITS = {
    "until": ("Who leads it after Christmas?", "It is led by Jakub Nowak until Christmas.", True),
    "since": ("Who ran it before the war?", "Holt has run it since the war.", True),
    "as asked": ("Who leads it until Christmas?", "It is led by Jakub Nowak until Christmas.", False),
    "both sides": ("Who ran it after the war?", "Moss ran it until the war, Holt after the war.", False),
    "since then": ("Who ran it after 2007?", "Until 2007 Moss ran it; since then Holt has.", False),
    "another time": ("Who leads it after Easter?", "It is led by Jakub Nowak until Christmas.", False),
    "both, by and": ("Where did he live before 1990?", "He lived in Rome and, from 1990, in Paris.", False),
    "ever since": ("Who ran it after 2010?", "Moss ran it until 2010 and has done so ever since.", False),
    "a place": ("How far is it from Lisbon?", "It is 12 km up to Lisbon.", False),
    "a pronoun": ("What did they get before they left?", "They left after they had got a loan.", False),
}


@pytest.mark.parametrize(("question", "sentence", "beyond"), LIMITS.values(), ids=LIMITS.keys())
def test_what_ends_says_nothing_of_what_comes_then(question, sentence, beyond):
    assert is_beyond_a_limit(question, sentence) is beyond


@pytest.mark.parametrize(
    ("text", "fitting", "other"),
    [
        (
            "A full tank of the B35 lasts six hours.",
            "How long does a full tank of the B35 last?",
            "How long does a full tank of the B20 last?",
        ),
        (
            "The training is led by Jakub Nowak until Christmas.",
            "Who leads the training until Christmas?",
            "Who leads the training after Christmas?",
        ),
    ],
    ids=["another code", "beyond a limit"],
)
def test_nor_sure_of_a_neighbour_or_what_comes_then(picker, text, fitting, other):
    assert sure(picker, text, other) < sure(picker, text, fitting) / 4
