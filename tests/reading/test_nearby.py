"""Where a conversation is, and what that does to how sure a pick is."""

import pytest

from rag.pipeline import Pipeline
from rag.reading.nearby import Place, place
from rag.reading.similarity import Pick, all_sentences
from rag.schema import Message
from rag.settings import Settings
from tests.fakes import TEA, FakeEncoder

GREEN, LISBON, COSTS = all_sentences(TEA.text)
TEXTS = {TEA.id: TEA}


def pick(sentence, confidence=0.5):
    return Pick(TEA, sentence, (), confidence)


def said(question, answer):
    return [Message(role="user", content=question), Message(role="assistant", content=answer)]


def nothing(_):
    return []


def test_what_stands_there_or_next_is_surer_and_the_rest_less_sure():
    weighed = Place(frozenset({(TEA.id, 0)})).weighed([pick(COSTS), pick(LISBON), pick(GREEN)])
    assert [one.sentence for one in weighed] == [COSTS, LISBON, GREEN]
    assert [one.confidence for one in weighed] == [0.4013, 0.7311, 0.7311]


def test_the_sentence_before_is_elsewhere_and_so_is_another_text():
    weighed = Place(frozenset({(TEA.id, 1)})).weighed([pick(GREEN)])
    other = Place(frozenset({("tea-2", 0)})).weighed([pick(GREEN)])
    assert weighed[0].confidence == other[0].confidence == 0.4013


@pytest.mark.parametrize("confidence", [0.0, 1.0])
def test_no_confidence_leaves_its_range(confidence):
    weighed = Place(frozenset()).weighed([pick(GREEN, confidence)])
    assert weighed[0].confidence == pytest.approx(confidence, abs=2e-4)


def test_the_place_is_where_the_quoted_sentences_stand():
    messages = said("Who brought tea?", "Possibly: Maria Lopes brought it to Lisbon in 1921. [1]")
    assert place(messages, TEXTS, nothing) == Place(frozenset({(TEA.id, 1)}))


def test_only_the_last_answer_counts():
    messages = said("Who brought tea?", "Maria Lopes brought it to Lisbon in 1921. [1]") + said(
        "Green?", "Tea is green. [1]"
    )
    assert place(messages, TEXTS, nothing) == Place(frozenset({(TEA.id, 0)}))


def test_words_without_a_marker_are_no_quotation():
    assert place(said("Is it?", "Tea is green. So they say. [1]"), TEXTS, nothing) == Place(frozenset())


def test_after_an_abstention_it_is_what_came_nearest():
    asked = []
    found = place(
        said("Who drinks tea?", "The text does not say."),
        TEXTS,
        lambda question: asked.append(question.text) or [pick(COSTS), pick(GREEN)],
    )
    assert (asked, found) == (["Who drinks tea?"], Place(frozenset({(TEA.id, 2)})))


def test_what_came_nearest_is_found_for_the_question_that_stands_alone():
    asked = []
    messages = [
        *said("Who is Maria Lopes?", "The text does not say."),
        *said("Why did she go?", "The text does not say."),
    ]
    place(messages, TEXTS, lambda question: asked.append(question.text) or [])
    assert asked == ["Why did Maria Lopes go?"]


@pytest.mark.parametrize(
    "messages",
    [[], said("Summarise the text", "Tea is green. [1]"), [Message(role="assistant", content="Tea is green. [1]")]],
)
def test_without_a_question_and_after_a_summary_there_is_no_place(messages):
    assert place(messages, TEXTS, nothing) is None


class HalfSure:
    """Half sure of the last sentence but one, whatever is asked."""

    name = "half"

    def pick(self, question, passages, documents):
        return [pick(LISBON, 0.5)]

    def vectors(self, texts):
        return FakeEncoder().encode(texts)

    def judge(self, claim, sources):
        return None


@pytest.mark.parametrize(
    ("question", "before", "confidence"),
    [
        ("When did she do that?", "Maria Lopes brought it to Lisbon in 1921. [1]", 0.7311),
        ("When did she do that?", "It costs 3 euros a pound. [1]", 0.4013),
        ("When did Maria Lopes come to Lisbon?", "It costs 3 euros a pound. [1]", 0.5),
    ],
)
def test_the_pipeline_weighs_it_for_follow_ups_alone(question, before, confidence, tmp_path):
    history = said("Who is Maria Lopes?", before)
    with Pipeline.build([TEA], tmp_path, Settings(), encoder=FakeEncoder()) as pipeline:
        half = Pipeline(pipeline._index, FakeEncoder(), Settings(), HalfSure())
        assert half.ask(question, history).confidence == confidence
