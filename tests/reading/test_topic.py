"""A question without the name of what its text is about, and how it is read twice."""

import pytest

from rag.extractive import ExtractiveReader
from rag.questions import analyse
from rag.reading.similarity import Pick, all_sentences
from rag.reading.topic import read_twice, without_topic
from rag.schema import Document, ScoredPassage
from rag.splitting import split

MUSEUM = Document(
    title="A day at the Holt Clock Museum",
    text="The Holt Clock Museum in Tarn opened in May 1931. Ida Brand founded it. She left the museum to the town. "
    "The tower clock, by Anders Moe, still runs. It is wound by Joan Petrie. It has a café.",
)


TRAM = Document(title="Tram", text="The tram was built in Vienna. It has 90 seats.")


@pytest.mark.parametrize(
    ("question", "plain"),
    [
        ("Who founded the Holt Clock Museum?", "Who founded the museum?"),
        ("Where can I have a snack at the Holt Clock Museum?", "Where can I have a snack?"),
        ("where can i have a snack at the holt clock museum", "where can i have a snack"),
        ("Who runs the Holt museum now?", "Who runs the museum now?"),
        ("Who pays for the new Holt clocks?", "Who pays for the new clocks?"),
        ("What does Holt cost?", "What does it cost?"),
        ("What is Holt's most famous piece?", "What is its most famous piece?"),
    ],
)
def test_the_name_of_what_the_text_is_about_is_left_out(question, plain):
    assert without_topic(question, MUSEUM) == plain


@pytest.mark.parametrize(
    "question",
    [
        "Who winds the clock?",
        "Who founded the Elm Clock Museum?",
        "When did the museum open in May?",
        "What happened there in 1931?",
        "According to Holt, who won?",
        "Holt?",
        "",
    ],
)
def test_what_names_something_else_or_nothing_is_left(question):
    assert without_topic(question, MUSEUM) == question


def test_a_name_with_an_owner_in_it_is_one_name():
    text = "Footbridge closed\n\nThe Tanner's Bridge in Oxley was closed on Tuesday. Trams use the bridge too."
    news = Document(title="news", text=text)
    assert without_topic("When was the Tanner's Bridge built?", news) == "When was the bridge built?"
    assert without_topic("When was Oxley's Tanner built?", news) == "When was Oxley's Tanner built?"


def test_one_of_several_is_not_what_the_text_is_about():
    text = "Acme sells mills to Brunt, Cole and Dunn. Brunt builds ships."
    order = Document(title="Acme sells mills", text=text)
    assert without_topic("How many mills will Brunt get?", order) == "How many mills will Brunt get?"
    assert without_topic("How many mills will Acme sell?", order) == "How many mills will it sell?"


def test_a_person_is_called_as_the_text_calls_her():
    life = Document(title="Ida Brand", text="The artist Ida Brand died on Monday. She was 90. Her house burned.")
    assert without_topic("What did Ida Brand paint?", life) == "What did she paint?"
    assert without_topic("What became of Ida Brand's house?", life) == "What became of her house?"


@pytest.mark.parametrize("filling", ["Brunt, Cole, Dunn and Elm, ", "A, ", "and ", "Acme and "])
def test_a_long_text_of_odd_rows_is_taken(filling):
    long = Document(title="Acme", text="Acme sells mills. " + filling * 20_000)
    assert without_topic("What did Elm buy from Brunt?", long) == "What did Elm buy from Brunt?"


class TwiceSure:
    """Picks by the question: a sentence of the museum's text, and how sure to be of it."""

    name = "twice"

    def __init__(self, **found):
        self.found, self.asked, self.read = found, [], []

    def pick(self, question, passages, documents):
        self.asked.append(question.text)
        self.read.append({passage.document_id for passage in passages})
        number, confidence = self.found["named" if "Holt" in question.text else "plain"]
        document = documents[passages[0].document_id]
        return [Pick(document, all_sentences(document.text)[number], (), confidence)]


def read(picker, question="Who founded the Holt Clock Museum?"):
    documents = {document.id: document for document in (MUSEUM, TRAM)}
    passages = [
        ScoredPassage(passage=p, score=0, dense=0, lexical=0) for d in documents.values() for p in split(d, 700)
    ]
    return ExtractiveReader(picker, 0.4, 0.9).read(analyse(question), question, passages, documents)


@pytest.mark.parametrize(
    ("named", "plain", "found", "confidence"),
    [
        ((1, 0.2), (1, 0.8), 1, 0.5),
        ((0, 0.2), (1, 0.8), 1, 0.5),
        ((0, 0.8), (1, 0.2), 0, 0.5),
        ((0, 0.6), (1, 0.1), None, 0.35),
    ],
)
def test_the_surer_of_two_readings_answers_with_the_mean(named, plain, found, confidence):
    answer = read(TwiceSure(named=named, plain=plain))
    assert answer.confidence == pytest.approx(confidence)
    assert answer.answered == (found is not None)
    if found is not None:
        span = all_sentences(MUSEUM.text)[found]
        assert answer.citations[0].quote == MUSEUM.text[span.start : span.end]


def test_the_second_reading_is_of_the_text_that_the_name_is_of():
    picker = TwiceSure(named=(0, 0.9), plain=(1, 0.9))
    read(picker)
    assert picker.read == [{MUSEUM.id, TRAM.id}, {MUSEUM.id}]


def test_what_does_not_name_it_is_read_once():
    picker = TwiceSure(named=(0, 0.9), plain=(1, 0.9))
    read(picker, "Who founded it?")
    assert picker.asked == ["Who founded it?"]


def test_a_question_that_would_ask_for_something_else_without_the_name_is_read_once():
    picker, question = TwiceSure(named=(0, 0.9), plain=(1, 0.9)), analyse("What is the Holt Clock piece about?")
    assert analyse(without_topic(question.asked, MUSEUM)).asks is not question.asks
    read_twice(picker, question, split(MUSEUM, 700), {MUSEUM.id: MUSEUM})
    assert picker.asked == [question.text]


def test_one_of_several_with_a_section_each_is_not_what_the_text_is_about():
    title = "Two mowers: Grasper 400 and Turfo"
    text = f"{title}\n\n**Grasper 400.** The Grasper is loud.\n\n**Turfo.** A repair of the Turfo took nine days."
    asked = "How long did the repair of the Grasper take?"
    assert without_topic(asked, Document(title=title, text=text)) == asked
