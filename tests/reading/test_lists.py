"""Lists that a text lays out are given whole where the whole is asked for."""

import pytest

from rag.encoding import load_encoder
from rag.extractive import ExtractiveReader
from rag.grounding import VERBATIM, mismatches
from rag.questions import analyse
from rag.reading.layout import list_of
from rag.reading.lists import all_of_it, headed, is_another_item, line_at, steps
from rag.reading.similarity import Pick, SimilarityPicker, all_sentences
from rag.reading.tables import SURE
from rag.reading.trained import load_picker
from rag.schema import Document, ScoredPassage, Span
from rag.splitting import split
from rag.training.asked import queries, rewordings
from tests.fakes import FakePicker
from tests.hut import BRING, HUT, RULES, sentence, texts


@pytest.mark.parametrize(
    "question",
    [
        "What do I have to bring?",
        "List the things to take along.",
        "what else do guests bring",
        "What should I bring when I stay at the hut?",
        "what do i need to bring to spend a night",
    ],
)
def test_the_whole_is_asked_for(question):
    assert all_of_it(analyse(question), "a sleeping bag", list_of(HUT, sentence("sleeping bag")))


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("What shoes do I bring?", "sturdy shoes"),
        ("What is the first thing to bring?", "a sleeping bag"),
        ("Why do I bring cash?", "cash, as cards are not accepted"),
        ("Do I bring a sheet?", "a sleeping bag"),
        ("How many things do I bring?", "a sleeping bag"),
        ("What keeps the feet dry?", "sturdy shoes"),
    ],
)
def test_one_thing_in_it_is_asked_for(question, said):
    assert not all_of_it(analyse(question), said, list_of(HUT, sentence("sleeping bag")))


def read(question, picker, minimum=0.4):
    passages = [ScoredPassage(passage=p, score=0, dense=0, lexical=0) for p in split(HUT, 700)]
    return ExtractiveReader(picker, minimum, 0.7).read(analyse(question), question, passages, {HUT.id: HUT})


class Unsure(FakePicker):
    def pick(self, question, passages, documents):
        return [Pick(HUT, sentence("18 people"), (), 0.1)]


def picked(words):
    span = sentence(words)
    return FakePicker((span.start, span.end), (span.start + 3, span.end))


def test_a_list_is_answered_whole_each_line_cited():
    answer = read("What do I have to bring?", picked("sturdy shoes"))
    lines = ["What to bring: [1]", f"{BRING[0]} [2]", "sturdy shoes, best with a firm sole [3]", f"{BRING[2]} [4]"]
    assert answer.text == "\n".join(lines)
    assert [citation.quote for citation in answer.citations] == ["What to bring:", *BRING]
    assert {statement.reason for statement in answer.statements} == {VERBATIM}
    assert texts(Span(start=s.start, end=s.end) for s in answer.short_spans) == [BRING[0][:-1], *BRING[1:]]
    assert mismatches(answer, [HUT]) == []


def test_a_mark_of_the_source_is_no_marker():
    document = Document(title="Hut", text="Rules:\n- no dogs[1]\n- no noise[2]\n")
    passages = [ScoredPassage(passage=p, score=0, dense=0, lexical=0) for p in split(document, 700)]
    reader = ExtractiveReader(FakePicker((0, 6)), 0.4, 0.7)
    question = "What are the rules?"
    answer = reader.read(analyse(question), question, passages, {document.id: document})
    assert answer.text == "Rules: [1]\nno dogs[1] [2]\nno noise[2] [3]"
    assert mismatches(answer, [document]) == []


def test_one_thing_is_answered_with_its_item():
    answer = read("Where do dogs sleep?", picked("Dogs"))
    assert answer.text == f"{RULES[1]} [1]"


def test_a_heading_answers_where_the_reader_is_unsure():
    answer = read("What are the house rules?", Unsure((0, 1)))
    assert answer.text.splitlines()[0] == "House rules [1]"
    assert answer.confidence == SURE
    assert mismatches(answer, [HUT]) == []


@pytest.mark.parametrize(
    "question", ["What are the kitchen rules?", "Who made the house rules?", "Is there a house rule?"]
)
def test_a_heading_answers_nothing_else(question):
    assert headed(analyse(question), split(HUT, 700), {HUT.id: HUT}) is None
    assert not read(question, Unsure((0, 1))).answered


PRICES = Document(
    title="Sauna",
    text="""Sauna

Prices

- Adults: 9 euros
- Students and pensioners: 6 euros

Monday: closed
Tuesday: 16 to 21

Q: Is there a towel?
A: Yes.
""",
)


def test_lines_with_labels_are_a_list_and_questions_with_answers_none():
    assert texts(list_of(PRICES, sentence("Tuesday", PRICES)).items, PRICES) == ["Monday: closed", "Tuesday: 16 to 21"]
    assert list_of(PRICES, sentence("Yes", PRICES)) is None


@pytest.mark.parametrize(
    ("question", "words", "another"),
    [
        ("What do students pay?", "Adults", True),
        ("What do students pay?", "Students", False),
        ("What do dogs pay?", "Adults", False),
        ("When is it open on Tuesday?", "Monday", True),
        ("When is it open on Tuesday?", "Tuesday", False),
        ("What are the prices?", "Adults", False),
    ],
)
def test_the_label_of_another_item_is_noticed(question, words, another):
    assert is_another_item(analyse(question), PRICES, sentence(words, PRICES)) is another


def test_an_item_with_a_label_stands_for_itself():
    laid = list_of(PRICES, sentence("Monday", PRICES))
    assert not all_of_it(analyse("Which days are there?"), "Monday: closed", laid)


def test_a_heading_answers_with_labelled_lines():
    laid = headed(analyse("What are the prices?"), split(PRICES, 700), {PRICES.id: PRICES})
    assert texts(laid.items, PRICES) == ["Adults: 9 euros", "Students and pensioners: 6 euros"]


PIE = Document(
    title="Pie",
    text="""Pie

For the filling:
500 g haddock, undyed
3 large leeks
black pepper

What to bring on your first day:
- a padlock
- your passport

10.00-10.10 Welcome: Mayor Judith Penhale
10.10-11.00 Keynote: Dr Amara Lindqvist
""",
)


def test_short_lines_below_a_colon_are_items():
    found = list_of(PIE, sentence("leeks", PIE))
    assert texts(found.items, PIE) == ["500 g haddock, undyed", "3 large leeks\nblack pepper"]
    assert texts([found.lead], PIE) == ["For the filling:"]


def test_first_may_stand_in_the_line_that_introduces():
    laid = list_of(PIE, sentence("padlock", PIE))
    assert all_of_it(analyse("What should I bring on my first day?"), "a padlock", laid)
    assert not all_of_it(analyse("What is the last thing to bring on my first day?"), "a padlock", laid)


def test_lines_of_a_programme_have_times_and_labels():
    question = analyse("Who is giving the keynote?")
    assert is_another_item(question, PIE, sentence("Welcome", PIE))
    assert not is_another_item(question, PIE, sentence("Keynote", PIE))


@pytest.mark.parametrize("question", ["What is on at 10.10?", "what happens at 10:10", "Who speaks at 10.10?"])
def test_an_hour_names_a_line(question):
    found = line_at(analyse(question), split(PIE, 700), {PIE.id: PIE})
    assert (found is None) == ("speaks" in question)
    assert found is None or texts([found.what], PIE) == ["Keynote: Dr Amara Lindqvist"]


@pytest.mark.parametrize(
    "question", ["What is on at 9.10?", "Is there anything at 10.10?", "What is on at 10.00 or 10.10?"]
)
def test_no_other_hour_names_a_line(question):
    assert line_at(analyse(question), split(PIE, 700), {PIE.id: PIE}) is None


MANUAL = Document(
    title="BrewMate",
    text="""BrewMate

## Descaling

Descale it every three months. It takes a while.

1. Empty the tray.
2. Fill the tank. Add descaler.

## Cleaning

Wash the tray.
""",
)


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("How do I descale the BrewMate?", True),
        ("What are the steps for descaling?", True),
        ("How often do I descale it?", False),
        ("How do I clean the BrewMate?", False),
        ("How do I descale the kettle?", False),
        ("What is the first step for descaling?", False),
    ],
)
def test_steps_stand_in_the_section_of_their_heading(question, found):
    laid = steps(analyse(question), split(MANUAL, 700), {MANUAL.id: MANUAL})
    assert (laid is not None) == found
    if laid:
        assert texts([laid.lead, *laid.items], MANUAL) == [
            "Descaling",
            "Empty the tray.",
            "Fill the tank. Add descaler.",
        ]


def in_lists():
    """Each wording of the questions that train or calibrate and are answered in a list: the sentence, the list, and
    whether all of its items answer."""
    for part in ("train", "calibrate"):
        others = rewordings(part)
        for query in queries(part):
            place = next((s for s in all_sentences(query.document.text) if _within(query, s)), None)
            laid = place and list_of(query.document, place)
            if laid:
                answering = [any(item.start <= s.start < item.end for s in query.answers) for item in laid.items]
                for wording in (query.asked.question, *others.get(query.asked.id, ())):
                    yield wording, place, laid, all(answering)


def _within(query, span):
    return bool(query.evidence) and span.start <= query.evidence[0].start < span.end


def test_no_question_about_an_item_gets_the_list():
    given = {True: [], False: []}
    for wording, place, laid, whole in in_lists():
        lead = laid.lead and laid.lead.end == place.end
        said = "" if lead else laid.document.text[place.start : place.end]
        given[whole].append(wording if all_of_it(analyse(wording), said, laid) else None)
    assert len(given[False]) > 900
    assert set(given[False]) == {None}
    assert sum(wording is not None for wording in given[True]) > len(given[True]) / 3


def laid_out(title, text):
    document = Document(title=title, text=text)
    return document, split(document, 700), {document.id: document}


INCLUDED = "Hut\n\nNot included:\n- towels\n- meals\n\nIncluded:\n- a bed\n- tea\n"


@pytest.mark.parametrize(
    ("question", "first"), [("What is included?", "a bed"), ("What is not included?", "towels"), ("What is it?", None)]
)
def test_a_heading_that_denies_answers_what_is_denied(question, first):
    document, passages, documents = laid_out("Hut", INCLUDED)
    found = headed(analyse(question), passages, documents)
    assert (texts(found.items, document)[0] if found else None) == first


def test_two_lists_under_such_a_heading_leave_it_open():
    rules = [Document(title=title, text="Rules:\n- no dogs\n- no noise\n") for title in ("Hut", "Boat")]
    passages = [passage for document in rules for passage in split(document, 700)]
    assert headed(analyse("What are the rules?"), passages, {d.id: d for d in rules}) is None


@pytest.mark.parametrize(
    "question",
    [
        "Who does the descaling procedure?",
        "Is there a descaling procedure?",
        "Where are the descaling instructions?",
        "Why is the descaling procedure needed?",
    ],
)
def test_steps_answer_only_how(question):
    assert steps(analyse(question), split(MANUAL, 700), {MANUAL.id: MANUAL}) is None


def test_a_list_with_an_introduction_of_its_own_is_no_steps():
    text = "Pot\n\nDescaling\n\nIt is easy.\n\nThese are the parts that come with it:\n\n1. Lid\n2. Base\n"
    _, passages, documents = laid_out("Pot", text)
    assert steps(analyse("How do I do the descaling?"), passages, documents) is None


@pytest.mark.parametrize(
    ("text", "word", "question"),
    [
        ("Trip\n\nThe shopping list:\n- bread\n- tea\n", "bread", "Is bread on the shopping list?"),
        ("Trip\n\nThe shopping list:\n- bread\n- tea\n", "tea", "How long is the list?"),
        ("Trip\n\nThe shopping list:\n- bread\n- tea\n", "tea", "When was the list written?"),
        ("Trip\n\nKinds of boats:\n- punts\n- canoes\n", "punts", "What is the colour of the boats?"),
        ("Trip\n\nBoats:\n- punts\n- canoes\n", "punts", "Who built the boats?"),
        ("Trip\n\nBoats:\n- punts\n- canoes\n", "punts", "What boat did Ann buy?"),
    ],
)
def test_a_word_of_the_lead_does_not_ask_for_the_list(text, word, question):
    document = Document(title="Trip", text=text)
    laid = list_of(document, sentence(word, document))
    assert laid
    assert not all_of_it(analyse(question), word, laid)


@pytest.mark.parametrize(
    "text",
    [
        "Play\n\nThe captain turned to the mate:\n– It is late, said he.\n– It is, said she.\n",
        "Interview\n\nTalk with the mayor\n\nAnna: How are you?\nMayor: Well.\nAnna: Good.\n",
    ],
)
def test_a_dialogue_is_no_list(text):
    document = Document(title="Talk", text=text)
    assert all(list_of(document, span) is None for span in all_sentences(text))


def test_a_list_of_thousands_is_none():
    document = Document(title="Long", text="".join(f"- thing {n}\n" for n in range(20_000)))
    question, spans = analyse("What is thing 7?"), all_sentences(document.text)
    assert not any(is_another_item(question, document, span) for span in spans)


@pytest.mark.parametrize(("who", "price"), [("students", "6 euros"), ("adults", "9 euros")])
def test_the_shipped_reader_chooses_by_the_label(who, price):
    question = analyse(f"How much do {who} pay?")
    best = load_picker("", SimilarityPicker(load_encoder())).pick(question, split(PRICES, 700), {PRICES.id: PRICES})[0]
    assert texts(best.short, PRICES) == [price]


def test_a_bound_above_what_layout_is_worth_holds():
    assert read("What are the house rules?", Unsure((0, 1))).answered
    assert not read("What are the house rules?", Unsure((0, 1)), minimum=0.9).answered


TOUR = Document(
    title="Club",
    text="""Club

What to bring

For every tour you need:

- boots
- a rain jacket

A helmet is lent.

Clubs

- Chess with Mr Dunn, Mondays, free
- Pottery with Mrs Vance, Tuesdays, £24
- Football with Coach Eze, Fridays, £18
""",
)


@pytest.mark.parametrize(
    ("question", "lead"),
    [
        ("What do I have to bring?", "What to bring"),
        ("What should I bring along?", "What to bring"),
        ("what to bring", "What to bring"),
        ("What do I have to bring on a tour?", "What to bring\n\nFor every tour you need:"),
    ],
)
def test_a_list_is_found_by_its_heading_behind_a_line_that_introduces_it(question, lead):
    found = headed(analyse(question), split(TOUR, 700), {TOUR.id: TOUR})
    assert [TOUR.text[span.start : span.end] for span in (found.lead, *found.items)] == [lead, "boots", "a rain jacket"]


def test_a_heading_leads_no_list_of_something_else():
    for question in ("What do I have to bring for the children?", "What do I have to pay?"):
        assert headed(analyse(question), split(TOUR, 700), {TOUR.id: TOUR}) is None


@pytest.mark.parametrize(
    ("question", "item", "another"),
    [
        ("How much does pottery cost?", "Football", True),
        ("How much does pottery cost?", "Pottery", False),
        ("How much does tennis cost?", "Football", False),
        ("What is on Tuesdays?", "Chess", False),
    ],
)
def test_an_item_without_a_label_is_not_its_neighbour(question, item, another):
    start = TOUR.text.index(f"- {item}")
    item = next(span for span in all_sentences(TOUR.text) if span.start <= start < span.end)
    assert is_another_item(analyse(question), TOUR, item) is another
