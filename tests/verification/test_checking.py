import pytest

from rag import Document, check_grounding
from rag.errors import CheckError, CorpusError
from rag.reading.similarity import SimilarityPicker
from rag.verification.statements import claims
from tests.fakes import MILK, TEA, FakeEncoder

TEXT = "Maria Lopes brought tea to Lisbon in 1921 [1]. It costs 4 euros a pound.\n- Milk is white.\n"


@pytest.fixture(scope="module")
def picker():
    return SimilarityPicker(FakeEncoder())


def by_words(checked, text=TEXT):
    return {text[one.start : one.end]: one for one in checked}


def test_each_statement_has_its_verdict_and_exact_citations(picker):
    documents = {document.id: document for document in (TEA, MILK)}
    checked = check_grounding(TEXT, documents.values(), picker)
    found = by_words(checked)
    assert [(words, one.verdict) for words, one in found.items()] == [
        ("Maria Lopes brought tea to Lisbon in 1921 [1].", "supported"),
        ("It costs 4 euros a pound.", "unsupported"),
        ("Milk is white.", "supported"),
    ]
    assert "4 euros" in found["It costs 4 euros a pound."].reason
    for one in checked:
        assert one.citations
        assert all(documents[c.document_id].text[c.start : c.end] == c.quote for c in one.citations)
    assert found["Milk is white."].citations[0].title == "Milk"


def test_two_sentences_are_cited_where_one_does_not_do(picker):
    (one,) = check_grounding("Tea is green and costs 3 euros a pound.", [TEA], picker)
    assert one.verdict == "supported"
    assert [c.quote for c in one.citations] == ["Tea is green.", "It costs 3 euros a pound."]


def test_a_matter_of_no_document_is_unsupported(picker):
    (one,) = check_grounding("Owls hunt at night.", [TEA], picker)
    assert one.verdict == "unsupported"


def test_the_right_sentence_is_found_among_many(picker):
    lines = [f"Street number {n} has {n + 5} houses built of red brick." for n in range(400)]
    long = Document(title="Streets", text=" ".join(lines) + " Tea reached Porto in 1888.")
    (one,) = check_grounding("In 1888 tea reached Porto.", [long], picker)
    assert (one.verdict, [c.quote for c in one.citations]) == ("supported", ["Tea reached Porto in 1888."])


def test_the_same_text_gets_the_same_verdicts(picker):
    assert check_grounding(TEXT, [TEA, MILK], picker) == check_grounding(TEXT, [TEA, MILK], picker)


@pytest.mark.parametrize("text", ["", " \n", "...", "?!"], ids=["empty", "blank", "dots", "marks"])
def test_a_text_without_words_is_an_error(picker, text):
    with pytest.raises(CheckError, match="nothing to check"):
        check_grounding(text, [TEA], picker)


def test_a_lone_surrogate_is_an_error(picker):
    with pytest.raises(CheckError, match="surrogate"):
        check_grounding("Tea \ud800 is green.", [TEA], picker)
    with pytest.raises(CorpusError, match="surrogate"):
        check_grounding("Tea is green.", [Document(title="Tea", text="Tea \ud800 is green.")], picker)


def test_no_documents_are_an_error(picker):
    with pytest.raises(CorpusError, match="empty"):
        check_grounding("Tea is green.", [], picker)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("# Tea and its history\n\nTea is green.", ["Tea is green."]),
        ("**Origin**\n\n1. Tea is green [1][2].\n2) Milk is *white* [3, 4].", ["Tea is green.", "Milk is white."]),
        ("Is tea green? Yes, tea is green.", ["Tea is green."]),
        ("Certainly! According to the text, tea is green.", ["Tea is green."]),
        ("Here is what I found: tea.\n\nLet me know if you need more.", []),
        ("```\nx = tea\n```\nTea is green.", ["Tea is green."]),
        ("See [the page](https://example.org/a), which says tea is green.", ["See the page, which says tea is green."]),
        ("I do not know. The text does not say.", []),
        ("| tea | green |", []),
        ("tea reached Lisbon in 1921", ["tea reached Lisbon in 1921"]),
        ("Green tea", []),
    ],
    ids=["heading", "lists", "question", "opener", "talk", "code", "link", "abstention", "table", "bare", "title"],
)
def test_claims(text, words):
    assert [claim.words for claim in claims(text)] == words


def test_claims_stand_at_their_offsets():
    text = "- Tea is  *green* [1].\n- Milk is white."
    assert [text[c.span.start : c.span.end] for c in claims(text)] == ["Tea is  *green* [1].", "Milk is white."]


def test_the_default_picker_is_the_one_of_the_settings(monkeypatch):
    monkeypatch.setenv("RAG_READER", "similarity")
    (right, wrong) = check_grounding("Tea was brought to Lisbon by Maria Lopes. Owls hunt at night.", [TEA])
    assert (right.verdict, wrong.verdict) == ("supported", "unsupported")


def test_what_two_documents_say_together_supports_nothing(picker):
    documents = [
        Document(title="Wreck", text="The Concordia sank in 1911. 41 sailors drowned."),
        Document(title="Travel", text="The allowance is 45 euros. It is paid monthly."),
    ]
    checked = check_grounding("45 sailors drowned.", documents, picker)
    assert [one.verdict for one in checked] != ["supported"]
    assert len({citation.document_id for citation in checked[0].citations}) == 1


def test_a_minus_is_checked(picker):
    unit = Document(title="Unit", text="The unit works down to -20 °C.")
    said = "The unit works down to 20 °C. The unit works down to minus 20 degrees."
    assert [one.verdict for one in check_grounding(said, [unit], picker)] == ["unsupported", "supported"]
