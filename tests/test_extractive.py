"""A follow-up is read in the person's own words too, where the rewritten question is not read surely."""

from dataclasses import replace

import pytest

from rag.extractive import ExtractiveReader
from rag.grounding import mismatches
from rag.pipeline import Pipeline
from rag.questions import analyse
from rag.reading.nearby import Place
from rag.reading.similarity import Pick
from rag.schema import Document, ScoredPassage, Span
from rag.splitting import split
from tests.fakes import FakeEncoder, FakePicker
from tests.scripted_model import scripted_model

FERRY = Document(title="Ferry", text="It is old. It is big. The ferry was built in Turku. It has 40 cabins.")
TRAM = Document(title="Tram", text="It is new. It is red. The tram was built in Vienna. It has 90 seats.")
DOCUMENTS = {document.id: document for document in (FERRY, TRAM)}
REWRITTEN, OWN = "How many cabins does Turku have?", "How many cabins does it have?"
MINIMUM = 0.4


class SurePicker:
    """Picks the document's second sentence, as surely as it was told for the question; remembers what it was asked."""

    name = "sure"

    def __init__(self, **sure):
        self.sure, self.asked = {REWRITTEN: sure["rewritten"], OWN: sure["own"]}, []

    def pick(self, question, passages, documents):
        self.asked.append((question.text, {passage.document_id for passage in passages}))
        document = documents[passages[-1].document_id] if question.text == OWN else FERRY
        start = document.text.index("It has")
        number = document.text.index("0 ", start) - 1
        sentence = (
            Span(start=document.text.index("The "), end=start - 1)
            if question.text == REWRITTEN
            else Span(start=start, end=len(document.text))
        )
        short = (Span(start=number, end=number + 2),) if question.text == OWN else ()
        return [Pick(document, sentence, short, self.sure[question.text], entailed=True)]


def read(picker, follow_up=OWN, minimum=MINIMUM, place=None):
    passages = [
        ScoredPassage(passage=p, score=0, dense=0, lexical=0) for d in DOCUMENTS.values() for p in split(d, 700)
    ]
    reader = ExtractiveReader(picker, minimum, 0.7)
    own = analyse(follow_up) if follow_up else None
    return reader.read(analyse(REWRITTEN), OWN, passages, DOCUMENTS, own, place)


def test_own_words_answer_where_the_rewritten_question_is_not_read_surely():
    answer = read(SurePicker(rewritten=0.1, own=0.9))
    assert (answer.short, answer.searched_for) == ("40", REWRITTEN)
    assert answer.confidence == pytest.approx(0.5)
    assert mismatches(answer, DOCUMENTS.values()) == []


def test_where_the_conversation_is_counts_for_both_wordings():
    near = read(SurePicker(rewritten=0.1, own=0.5), place=Place(frozenset({(FERRY.id, 2)})))
    assert (near.short, near.confidence) == ("40", pytest.approx((0.232 + 0.7311) / 2, abs=1e-3))


def test_own_words_are_read_only_in_the_document_that_the_rewritten_question_finds():
    picker = SurePicker(rewritten=0.1, own=0.9)
    read(picker)
    assert [documents for _, documents in picker.asked] == [set(DOCUMENTS), {FERRY.id}]


def test_the_mean_of_both_may_be_too_little():
    answer = read(SurePicker(rewritten=0.02, own=0.7))
    assert not answer.answered
    assert answer.confidence == pytest.approx(0.36)
    assert answer.nearest.quote == "It has 40 cabins."


@pytest.mark.parametrize("sure", [{"rewritten": 0.4, "own": 0.9}, {"rewritten": 0.3, "own": 0.2}])
def test_what_the_rewritten_question_finds_comes_first(sure):
    answer = read(SurePicker(**sure))
    assert answer.confidence == sure["rewritten"]
    assert (answer.citations[0] if answer.answered else answer.nearest).quote == "The ferry was built in Turku."


@pytest.mark.parametrize(("minimum", "rewritten", "short"), [(0.0, 0.1, "40"), (0.6, 0.5, "40"), (0.0, 0.4, None)])
def test_a_bound_of_ones_own_keeps_own_words_in_play(minimum, rewritten, short):
    assert read(SurePicker(rewritten=rewritten, own=0.9), minimum=minimum).short == short


@pytest.mark.parametrize("name", ["Intel", "Turku 12"])
def test_a_document_without_a_name_of_the_rewritten_question_is_not_read_in_own_words(name):
    picker = SurePicker(rewritten=0.1, own=0.9)
    picker.sure[asked := f"How many cabins does {name} have?"] = 0.1
    passages = [ScoredPassage(passage=p, score=0, dense=0, lexical=0) for p in split(FERRY, 700)]
    reader = ExtractiveReader(picker, MINIMUM, 0.7)
    answer = reader.read(analyse(asked), OWN, passages, DOCUMENTS, analyse(OWN))
    assert not answer.answered
    assert [words for words, _ in picker.asked] == [asked]


@pytest.mark.parametrize(
    ("rewritten", "own", "polarity", "short"),
    [
        ("Was the ferry built in Turku?", "Was it built in Turku?", "yes", "Turku"),
        ("Was the ferry launched in Turku?", "Was it launched there, in Turku?", None, "The ferry was built in Turku."),
    ],
    ids=["settled", "left open"],
)
def test_a_yes_or_no_rests_on_the_rewritten_question(rewritten, own, polarity, short):
    class Picker:
        name = "yes"

        def judge(self, claim, sources):
            return None

        def pick(self, question, passages, documents):
            place = FERRY.text.index("Turku")
            span, sentence = Span(start=place, end=place + 5), Span(start=FERRY.text.index("The "), end=place + 6)
            return [Pick(FERRY, sentence, (span,), 0.9 if question.text == own else 0.3, entailed=question.text == own)]

    passages = [ScoredPassage(passage=p, score=0, dense=0, lexical=0) for p in split(FERRY, 700)]
    answer = ExtractiveReader(Picker(), MINIMUM, 0.7).read(analyse(rewritten), own, passages, DOCUMENTS, analyse(own))
    assert (answer.polarity, answer.short, answer.confidence) == (polarity, short, 0.6)
    assert mismatches(answer, DOCUMENTS.values()) == []


def test_a_question_that_stands_alone_is_read_once():
    picker = SurePicker(rewritten=0.1, own=0.9)
    assert not read(picker, follow_up=None).answered
    assert len(picker.asked) == 1


HISTORY = [{"role": "user", "content": "Where was the ferry built?"}]


def unsure_pipeline(folder, **settings):
    """A pipeline of the ferry's text that is never sure, and the questions that it reads, as they come."""
    asked = []

    class UnsurePicker(FakePicker):
        def pick(self, question, passages, documents):
            asked.append(question.text)
            return [replace(pick, confidence=0.1) for pick in super().pick(question, passages, documents)]

    built = Pipeline.build([FERRY], folder, encoder=FakeEncoder())
    return Pipeline(built._index, FakeEncoder(), built.configured(**settings).settings, UnsurePicker((0, 29))), asked


def test_the_pipeline_reads_a_follow_up_in_own_words(tmp_path):
    pipeline, asked = unsure_pipeline(tmp_path)
    pipeline.ask("And why?", HISTORY)
    assert asked == [HISTORY[0]["content"], "Why was the ferry built?", "And why?"]


def test_with_a_language_model_own_words_are_left_to_it(tmp_path):
    with scripted_model() as serving:
        pipeline, asked = unsure_pipeline(tmp_path, llm="openai-like:refusal", llm_url=serving.url, llm_key="none")
        answer = pipeline.ask("And why?", HISTORY)
    assert serving.requests
    assert set(asked[1:]) == {answer.searched_for} == {"Why was the ferry built?"}


@pytest.mark.parametrize("question", ["Is there a museum shop?", "Who paid?"])
def test_what_is_read_in_its_own_words_anyway_is_read_once(question, tmp_path):
    pipeline, asked = unsure_pipeline(tmp_path)
    pipeline.ask(question, HISTORY)
    assert [one for one in asked if one != HISTORY[0]["content"]] == [question]
