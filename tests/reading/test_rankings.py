"""Rows of a table ranked by one of its columns, whichever way the table stands."""

import pytest

from rag.extractive import ExtractiveReader
from rag.grounding import mismatches
from rag.questions import analyse
from rag.reading.rankings import ranked
from rag.reading.similarity import Pick
from rag.schema import Document, ScoredPassage, Span
from rag.splitting import split
from tests.fakes import FakePicker

ROUTES = Document(
    title="Hiking club",
    text="""Hiking club

| Route | Distance | Ascent | Time | Kind | Price |
|---|---|---|---|---|---|
| Mill Gorge | 7 km | 210 m | 2 h 30 min | easy | free |
| Holt Loop | 12 km | 640 m | 5 h 15 min | hard | 8 euros |
| Adler Ridge | 16 km | 1,180 m | 8 h 10 min | hard | 20 euros |
""",
)
MOWERS = Document(
    title="Mowers",
    text="""Mowers

| | Grasper | Mowina | Turfo |
|---|---|---|---|
| Price | £649 | £899 | £1,290 |
| Noise | 58 dB | 61 dB | 55 dB |
| Slope | 25% | up to 35% | 45% |
| Colour | red | red | blue |
""",
)


def answer(question, document):
    found = ranked(analyse(question), split(document, 700), {document.id: document})
    return found and document.text[found.short.start : found.short.end]


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("Which route is the longest?", "Adler Ridge"),
        ("What is the shortest route?", "Mill Gorge"),
        ("Which hard route is the shortest?", "Holt Loop"),
        ("How long is the longest route?", "16 km"),
        ("Which route takes the least time?", "Mill Gorge"),
        ("Which route has the most ascent?", "Adler Ridge"),
        ("Which is longer, the Mill Gorge or the Holt Loop?", "Holt Loop"),
        ("which one is quickest", "Mill Gorge"),
        ("Which route is the cheapest?", "Mill Gorge"),
        ("Which route is the most expensive?", "Adler Ridge"),
    ],
)
def test_the_first_of_the_rows(question, best):
    assert answer(question, ROUTES) == best


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("Which mower is the quietest?", "Turfo"),
        ("What is the cheapest mower?", "Grasper"),
        ("Which mower is the most expensive?", "Turfo"),
        ("How much is the cheapest mower?", "£649"),
        ("Which is cheaper, the Mowina or the Turfo?", "Mowina"),
    ],
)
def test_the_first_of_the_columns(question, best):
    assert answer(question, MOWERS) == best


@pytest.mark.parametrize(
    ("question", "document"),
    [
        ("Which route is the second longest?", ROUTES),
        ("Which route is longer than the Holt Loop?", ROUTES),
        ("Which route is not the longest?", ROUTES),
        ("Which muddy route is the longest?", ROUTES),
        ("Which route is the oldest?", ROUTES),
        ("Is the Holt Loop the longest route?", ROUTES),
        ("Why is the Adler Ridge the longest route?", ROUTES),
        ("Which mower manages the steepest slope?", MOWERS),
        ("Which mower is the longest?", MOWERS),
    ],
)
def test_what_cannot_be_ranked_is_not(question, document):
    assert answer(question, document) is None


@pytest.mark.parametrize(
    ("cells", "heaviest"),
    [
        (("5 kg", "11 kg"), "B"),
        (("1,200 g", "900 g"), "A"),
        (("1,5 kg", "2 kg"), None),
        (("5 kg", "900 g"), None),
        (("5-7 kg", "9 kg"), None),
        (("about 5 kg", "9 kg"), None),
        (("n/a", "9 kg"), None),
        (("", "9 kg"), None),
        (("-3 kg", "−1 kg"), "B"),
    ],
)
def test_only_plain_amounts_of_one_unit_are_ranked(cells, heaviest):
    rows = "\n".join(f"| {name} | {cell} |" for name, cell in zip("AB", cells, strict=True))
    table = f"| Thing | Weight |\n|--|--|\n{rows}\n"
    assert answer("Which thing is the heaviest?", Document(title="Things", text=table)) == heaviest


FANS = Document(
    title="Fans",
    text="""Fans

| Model | Price | Weight | Wifi | Start |
|--|--|--|--|--|
| B20 | 90 euros | 5 kg | yes | 9 am |
| B50 | 60 euros | 9 kg | no | 8 am |
| B70 | 150 euros | 11 kg | yes | 11 am |
""",
)


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("Which model is the lightest?", "B20"),
        ("How heavy is the lightest model?", "5 kg"),
        ("How much does the cheapest model cost?", "60 euros"),
        ("How much is the lightest model?", None),
        ("What does the lightest model cost?", None),
        ("What is the price of the lightest model?", None),
        ("How many models are the cheapest?", None),
        ("Which is the cheapest model with wifi?", None),
        ("Which model is the cheapest but one?", None),
        ("Which model is the fastest?", None),
    ],
)
def test_what_else_is_asked_for_is_not_the_first(question, best):
    assert answer(question, FANS) == best


@pytest.mark.parametrize(
    "rows",
    [
        "| A | 9 kg |\n| Total | 20 kg |\n| B | 11 kg |",
        "| A | 9 kg |\n| B | 11 kg |\n| C | 3 kg | sale |",
        "| A | 9 kg |\n| A | 7 kg |\n| B | 12 kg |",
        "| A | from 9 kg |\n| B | from 5 kg |",
        "| A | 1.500 kg |\n| B | 900 kg |",
    ],
    ids=["total", "ragged", "twice", "from", "point"],
)
def test_rows_that_cannot_all_be_compared_are_not(rows):
    document = Document(title="Things", text=f"| Thing | Weight |\n|--|--|\n{rows}\n")
    assert answer("Which thing is the heaviest?", document) is None


def test_of_two_alike_none_is_first():
    table = "| Hut | Beds | Height |\n|--|--|--|\n| Holt | 12 | 900 m |\n| Adler | 12 | 900 m |\n"
    assert answer("Which hut is the highest?", Document(title="Huts", text=table)) is None


def test_all_that_was_compared_is_cited():
    class Unsure(FakePicker):
        def pick(self, question, passages, documents):
            return [Pick(ROUTES, Span(start=0, end=11), (), 0.1)]

    passages = [ScoredPassage(passage=p, score=0, dense=0, lexical=0) for p in split(ROUTES, 700)]
    question = "Which route is the longest?"
    found = ExtractiveReader(Unsure((0, 1)), 0.4, 0.7).read(analyse(question), question, passages, {ROUTES.id: ROUTES})
    assert found.short == "Adler Ridge"
    assert [line.split(" | ")[0] for line in found.text.split("\n")] == ["| Adler Ridge", "| Holt Loop", "| Mill Gorge"]
    assert found.text.count("[2]") == 3
    assert mismatches(found, [ROUTES]) == []
