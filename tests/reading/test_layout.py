import pytest

from rag.reading.layout import list_of
from rag.schema import Document
from tests.hut import BRING, HUT, RULES, sentence, texts


@pytest.mark.parametrize("words", ["sleeping bag", "Ask for a sheet", "sturdy shoes", "cash", "What to bring:"])
def test_a_list_is_found_from_each_of_its_lines(words):
    found = list_of(HUT, sentence(words))
    assert texts([found.lead]) == ["What to bring:"]
    assert texts(found.items) == BRING


@pytest.mark.parametrize("words", ["House rules", "Shoes are", "Dogs"])
def test_blank_lines_may_part_items_and_sharps_are_no_words(words):
    found = list_of(HUT, sentence(words))
    assert (texts([found.lead]), texts(found.items)) == (["House rules"], RULES)
    assert texts(found.shorts()) == [rule.removesuffix(".") for rule in RULES]


@pytest.mark.parametrize("words", ["18 people", "Ines", "Wardens", "closed in winter"])
def test_one_item_is_no_list_nor_is_a_paragraph(words):
    assert list_of(HUT, sentence(words)) is None


def test_windows_line_ends_part_items_too():
    document = Document(title="Hut", text="Hut\r\n\r\nTo bring:\r\n- a sheet\r\n- shoes\r\n")
    assert texts(list_of(document, sentence("shoes", document)).items, document) == ["a sheet", "shoes"]


@pytest.mark.parametrize("lead", ["Boat: leaves at nine", "It was a long day for all of us who came."])
def test_what_introduces_nothing_is_no_lead(lead):
    document = Document(title="Trip", text=f"Trip\n\n{lead}\n- a sheet\n- shoes\n")
    assert list_of(document, sentence("a sheet", document)).lead is None


def test_a_long_list_is_left_alone():
    document = Document(title="Trip", text="Bring:\n" + "".join(f"- thing {n}\n" for n in range(30)))
    assert list_of(document, sentence("thing 7", document)) is None
