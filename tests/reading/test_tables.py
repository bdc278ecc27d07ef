"""A cell of a Markdown table is the answer to a question that names its row and its column."""

import pytest

from rag.extractive import ExtractiveReader
from rag.grounding import mismatches
from rag.questions import analyse
from rag.reading.similarity import Pick
from rag.reading.tables import SURE, cell_asked_for, cells_asked_for, is_another_row
from rag.schema import Document, ScoredPassage, Span
from rag.splitting import split
from tests.fakes import FakePicker

LIBRARY = Document(
    title="Town library",
    text="""Town library

| Borrower | Books | DVDs | Loan period | Fine |
| --- | --- | --- | --- | --- |
| Adult | 12 | 4 | 3 weeks | 20p |
| Student | 15 | 4 | 4 weeks | 10p |
| Child | 8 | 2 | 3 weeks | none |

Rooms are let by the hour.

| Room | Open | Contact | Price |
|:--|--:|--|--|
| Red room | 9:00-12:00 | Ann Lind | £12 |
| Blue room | 14:00-20:00 | Tom Berg | £15 |
""",
)


COOLERS = Document(
    title="Coolers",
    text="""Coolers

| Model | Price | Weight | Noise |
| --- | --- | --- | --- |
| B20 | €129 | 5.2 kg | 48 dB |
| B50 | €279 | 11.4 kg | 57 dB |

| Accessory | Number | Price | Fits |
| --- | --- | --- | --- |
| Dust cover | H-401 | €19 | B20 |
""",
)


def asked(question, document=LIBRARY):
    return cell_asked_for(analyse(question), split(document, 700), {document.id: document})


def words(span):
    return LIBRARY.text[span.start : span.end]


@pytest.mark.parametrize(
    ("question", "cell"),
    [
        ("How many books can a student borrow?", "15"),
        ("How many DVDs can a child borrow?", "2"),
        ("What is the fine for adults?", "20p"),
        ("How long is the loan period for students?", "4 weeks"),
        ("When is the blue room open?", "14:00-20:00"),
        ("What does the red room cost?", "£12"),
        ("Who is the contact for the blue room?", "Tom Berg"),
        ("Which borrower gets 15 books?", "Student"),
    ],
)
def test_a_row_and_a_column_name_a_cell(question, cell):
    assert words(asked(question).cell) == cell


@pytest.mark.parametrize(
    ("question", "cell"),
    [
        ("How heavy is the B50?", "11.4 kg"),
        ("How much does the B20 weigh?", "5.2 kg"),
        ("How loud is the B20?", "48 dB"),
        ("How much is the B50?", "€279"),
        ("How much is the dust cover?", "€19"),
        ("How expensive is the B50?", "€279"),
    ],
)
def test_an_adjective_names_the_head_it_is_measured_by(question, cell):
    found = asked(question, COOLERS).cell
    assert COOLERS.text[found.start : found.end] == cell


@pytest.mark.parametrize("question", ["How long is the B50?", "How heavy is the B70?", "How much is the filter?"])
def test_a_table_without_that_head_or_row_has_no_cell(question):
    assert asked(question, COOLERS) is None


@pytest.mark.parametrize(
    "question",
    [
        "How many books can a pensioner borrow?",
        "How many magazines can a student borrow?",
        "Who cleans the blue room?",
        "How many books can anybody borrow?",
        "What is the fine?",
        "Can a student borrow 15 books?",
        "Why is the red room open?",
        "How many DVDs did a student lose?",
    ],
)
def test_what_the_table_does_not_say_is_no_cell(question):
    assert asked(question) is None


@pytest.mark.parametrize(
    "table",
    [
        "| Student | 15 |\n| Child | 8 |\n",
        "| Who | Books |\n| --- | --- |\n| Student | 15 | 4 |\n",
        "| Who | Books |\n",
    ],
)
def test_rows_without_heads_or_of_another_length_are_no_table(table):
    assert asked("How many books can a student borrow?", Document(title="Library", text=table)) is None


def test_the_row_answers_with_its_heads_where_the_reader_is_unsure():
    class Unsure(FakePicker):
        def pick(self, question, passages, documents):
            return [Pick(LIBRARY, Span(start=0, end=12), (), 0.1)]

    passages = [ScoredPassage(passage=p, score=0, dense=0, lexical=0) for p in split(LIBRARY, 700)]
    question = "How many books can a student borrow?"
    reader = ExtractiveReader(Unsure((0, 1)), 0.4, 0.7)
    answer = reader.read(analyse(question), question, passages, {LIBRARY.id: LIBRARY})
    assert (answer.short, answer.confidence) == ("15", SURE)
    assert [c.quote[:11] for c in answer.citations] == ["| Student |", "| Borrower "]
    assert mismatches(answer, [LIBRARY]) == []


def test_a_head_may_be_a_word_of_asking():
    sauna = Document(title="Sauna", text="| Day | Open | Who |\n|---|---|---|\n| Friday | 9:00 | women |\n")
    found = asked("Who can come on Friday?", sauna)
    assert sauna.text[found.cell.start : found.cell.end] == "women"


@pytest.mark.parametrize(
    ("table", "question"),
    [
        ("| Day | Opens | Who |\n|--|--|--|\n| Friday | 8:00 | all |\n", "When does it close on Friday?"),
        ("| Train | Departs | Platform |\n|--|--|--|\n| Lyon | 8:00 | 2 |\n", "When does the train to Lyon arrive?"),
        ("| Who | Deposit | Bed |\n|--|--|--|\n| Students | £5 | 2 |\n", "How much do students pay?"),
        ("| Day | Opens | Who |\n|--|--|--|\n| Friday | 8:00 | all |\n", "When is it not open on Friday?"),
        ("| Class | Mon | Tue |\n|--|--|--|\n| Judo | 9:00 |  |\n", "When is judo on Tue?"),
        ("| Class | Mon | Tue |\n|--|--|--|\n| Judo | 9:00 | - |\n", "When is judo on Tue?"),
    ],
)
def test_a_column_of_something_else_is_no_answer(table, question):
    assert asked(question, Document(title="Hut", text=table)) is None


def test_an_empty_cell_moves_no_column():
    table = Document(title="Hut", text="| Class | Mon | Tue |\n|--|--|--|\n| Judo |  | 9:00 |\n")
    found = asked("When is judo on Tue?", table)
    assert table.text[found.cell.start : found.cell.end] == "9:00"


PRODUCTS = Document(
    title="Mowers",
    text="""Mowers

| | Grasper | Mowina S2 | Turfo |
|---|---|---|---|
| Price | £649 | £899 | £1,290 |
| Weight | 7.9 kg | 9.4 kg | 13.2 kg |
| Warranty | 2 years | 3 years | 5 years |

| Route | Distance | Ascent | Time | Kind |
|---|---|---|---|---|
| Mill Gorge | 7 km | 210 m | 2 h | easy |
| Holt Loop | 12 km | 640 m | 5 h | hard |
| Adler Ridge | 16 km | 1,180 m | 8 h | hard |
""",
)


@pytest.mark.parametrize(
    ("question", "cell"),
    [
        ("How much does the Mowina S2 cost?", "£899"),
        ("how heavy is the turfo", "13.2 kg"),
        ("How long is the warranty of the Grasper?", "2 years"),
        ("How long does the Holt Loop take?", "5 h"),
        ("How long is the Holt Loop?", "12 km"),
        ("How far is the Adler Ridge?", "16 km"),
        ("How much climbing is there on the Mill Gorge?", "210 m"),
    ],
)
def test_a_table_is_read_whichever_way_it_stands(question, cell):
    found = asked(question, PRODUCTS)
    assert PRODUCTS.text[found.cell.start : found.cell.end] == cell
    assert cell in PRODUCTS.text[found.row.start : found.row.end]


@pytest.mark.parametrize("question", ["How fast is the Turfo?", "How much is the Lawnix?", "When was the Turfo made?"])
def test_a_table_of_columns_without_that_line_has_no_cell(question):
    assert asked(question, PRODUCTS) is None


def test_all_rows_of_a_kind_are_listed():
    found = cells_asked_for(analyse("Which routes are hard?"), split(PRODUCTS, 700), {PRODUCTS.id: PRODUCTS})
    assert [PRODUCTS.text[one.cell.start : one.cell.end] for one in found] == ["Holt Loop", "Adler Ridge"]


def test_a_row_beside_the_one_that_is_asked_about():
    def beside(question, row):
        start = PRODUCTS.text.index(row)
        return is_another_row(analyse(question), PRODUCTS, Span(start=start, end=PRODUCTS.text.index("\n", start)))

    assert beside("How long does the Holt Loop take?", "| Adler Ridge")
    assert not beside("How long does the Holt Loop take?", "| Holt Loop")
    assert not beside("How long does the walk take?", "| Adler Ridge")
    assert not beside("How long does the Holt Loop take?", "Mowers")


def test_a_row_is_read_by_its_heads_however_sure_the_reader_is():
    class Sure(FakePicker):
        def pick(self, question, passages, documents):
            start = PRODUCTS.text.index("| Weight")
            return [Pick(PRODUCTS, Span(start=start, end=start + 40), (Span(start=start + 11, end=start + 17),), 0.99)]

    passages = [ScoredPassage(passage=p, score=0, dense=0, lexical=0) for p in split(PRODUCTS, 700)]
    question = "What does the Turfo weigh?"
    found = ExtractiveReader(Sure((0, 1)), 0.4, 0.7).read(
        analyse(question), question, passages, {PRODUCTS.id: PRODUCTS}
    )
    assert found.short == "13.2 kg"


def test_a_number_names_its_row_and_no_cell_that_has_it_by_chance():
    table = Document(title="Shop", text="| Name | Weight |\n|--|--|\n| Item 5 | 77 g |\n| Item 77 | 9 g |\n")
    found = asked("How heavy is Item 77?", table)
    assert table.text[found.cell.start : found.cell.end] == "9 g"


def test_several_cells_answer_only_where_several_are_asked_for():
    class Unsure(FakePicker):
        def pick(self, question, passages, documents):
            return [Pick(PRODUCTS, Span(start=0, end=6), (), 0.1)]

    passages = [ScoredPassage(passage=p, score=0, dense=0, lexical=0) for p in split(PRODUCTS, 700)]
    reader = ExtractiveReader(Unsure((0, 1)), 0.4, 0.7)

    def short(question):
        return reader.read(analyse(question), question, passages, {PRODUCTS.id: PRODUCTS}).short

    assert short("Which routes are hard?") == "Holt Loop, Adler Ridge"
    assert short("How long is the hard route?") is None


@pytest.mark.parametrize("question", ["", "?", "Who is the treasurer?", "How much is Ann?"])
def test_a_table_of_one_column_or_row_has_no_cell(question):
    for table in ("| Name |\n|---|\n| Ann |\n| Bob |\n", "| Name |\n|---|\n", "| Name | Age |\n|--|--|\n| Ann | 9 |\n"):
        assert asked(question, Document(title="Club", text=f"Club\n\n{table}")) is None


@pytest.mark.parametrize(
    ("table", "question"),
    [
        ("| Role | Books | Days |\n|--|--|--|\n| Child | 10 | 5 |\n", "Who can borrow 5 books?"),
        ("| Day | Opens | Closes |\n|--|--|--|\n| Friday | 8:15 | 12:00 |\n", "Which day does it open at 12?"),
        ("| Train | Time |\n|--|--|\n| IC1 | 9 am |\n", "How long does the IC1 take?"),
        ("| Model | Price |\n|--|--|\n| B20 | 90 euros |\n", "How much is a used B20?"),
        ("| Tour | Minimum age |\n|--|--|\n| Cave | 6 |\n", "How old is the cave tour?"),
    ],
)
def test_a_cell_of_another_meaning_is_no_answer(table, question):
    assert asked(question, Document(title="Hut", text=table)) is None
