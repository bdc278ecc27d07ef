import pytest

from rag.extractive import ExtractiveReader
from rag.grounding import mismatches
from rag.questions import analyse
from rag.reading.comparison import comparison, figure_in, names_one, weigh
from rag.reading.similarity import Pick
from rag.schema import Document, ScoredPassage, Span
from rag.splitting import split

HUMMUS = Document(title="Zeytun recalls hummus", text="Zeytun sells hummus. The recall covers 72,500 tubs.")
GRANOLA = Document(title="Oatfield recalls granola", text="Oatfield takes back 48,000 bags of granola.")
DOCUMENTS = {document.id: document for document in (HUMMUS, GRANOLA)}
ASKED = "Which recall covers more packs, Zeytun's hummus or Oatfield's granola?"


class FigurePicker:
    """Picks the sentence with a figure of the document that the question names; both, unsurely, where it names two."""

    name = "figures"

    def __init__(self, confidence=0.9, granola="48,000", hummus="72,500"):
        self.confidence, self.shorts = confidence, {HUMMUS: hummus, GRANOLA: granola}

    def pick(self, question, passages, documents):
        found = [document for document, name in ((HUMMUS, "hummus"), (GRANOLA, "granola")) if name in question.text]
        return [self._pick(document, self.confidence if len(found) == 1 else 0.2) for document in found]

    def _pick(self, document, confidence):
        short = self.shorts[document]
        at = document.text.index(short)
        start = document.text.rfind(". ", 0, at) + 2 if ". " in document.text[:at] else 0
        before = Span(start=0, end=start - 1) if start else None
        sentence = Span(start=start, end=len(document.text))
        return Pick(document, sentence, (Span(start=at, end=at + len(short)),), confidence, before)


def read(question=ASKED, **options):
    passages = [
        ScoredPassage(passage=p, score=0, dense=0, lexical=0) for d in DOCUMENTS.values() for p in split(d, 700)
    ]
    return ExtractiveReader(FigurePicker(**options), 0.5, 0.7).read(analyse(question), question, passages, DOCUMENTS)


def test_both_sides_are_cited_and_the_larger_is_named():
    answer = read()
    assert answer.short == "Zeytun"
    assert {citation.document_id for citation in answer.citations} == set(DOCUMENTS)
    assert [statement.verdict for statement in answer.statements] == ["supported"] * 2
    assert mismatches(answer, DOCUMENTS.values()) == []


def test_the_smaller_where_fewer_is_asked():
    assert read(ASKED.replace("more", "fewer")).short == "Oatfield"


def test_an_unsure_side_is_no_comparison():
    answer = read(confidence=0.4)
    assert not answer.answered
    assert mismatches(answer, DOCUMENTS.values()) == []


@pytest.mark.parametrize("granola", ["bags", "72,500"], ids=["no figure", "equal"])
def test_what_cannot_be_weighed(granola, monkeypatch):
    text = GRANOLA.text.replace("48,000", granola) if granola != "bags" else GRANOLA.text
    document = Document(title=GRANOLA.title, text=text)
    monkeypatch.setattr("tests.reading.test_comparison.GRANOLA", document)
    picker = FigurePicker(granola=granola)
    assert weigh(comparison(ASKED), lambda question: picker.pick(question, [], {})) is None


QUESTIONS = {
    "whose figure": (
        "Who paid more, Kestrel or Veltrix?",
        ("How much did Kestrel pay?", "How much did Veltrix pay?"),
    ),
    "of a kind": (
        "Which city has more people, Oslo or Bergen?",
        ("How many people does the city Oslo have?", "How many people does the city Bergen have?"),
    ),
    "one of that kind": (
        "Which plant will employ fewer people, the one in Chile or the one in Poland?",
        ("How many people will the plant in Chile employ?", "How many people will the plant in Poland employ?"),
    ),
    "of the two": (
        "Which of the two ships is longer, the Gudrun or the Astrid?",
        ("How long is the Gudrun?", "How long is the Astrid?"),
    ),
    "that stands for it": (
        "Were there more patients in the trial of A or in that of B?",
        ("How many patients were there in the trial of A?", "How many patients were there in the trial of B?"),
    ),
    "rest behind": (
        "Who scored more goals in the match, Ito or Berg?",
        ("How many goals did Ito score in the match?", "How many goals did Berg score in the match?"),
    ),
    "an auxiliary": (
        "Which firm had received fewer chips from it: LG or Samsung?",
        ("How many chips had the firm LG received from it?", "How many chips had the firm Samsung received from it?"),
    ),
}


@pytest.mark.parametrize(("text", "asked"), QUESTIONS.values(), ids=QUESTIONS.keys())
def test_each_side_is_asked_for_in_english(text, asked):
    found = comparison(text)
    assert (found.first_question, found.second_question) == asked


def test_what_names_neither_side_does_not_answer_a_choice():
    text = "Chile preferred the offer of Kestrel because it was cheaper than that of Veltrix."
    document = Document(title="Chips", text=text)
    asked = comparison("Which company made the cheaper offer, Kestrel or Veltrix?")
    picks = [
        Pick(
            document,
            Span(start=0, end=len(text)),
            (Span(start=text.index(name), end=text.index(name) + len(name)),),
            0.9,
        )
        for name in ("Chile", "Kestrel", "Kestrel because it was cheaper than that of Veltrix")
    ]
    assert [names_one(asked, pick) for pick in picks] == [False, True, False]


class SurePicker(FigurePicker):
    """Sure of a figure where both are named, and of none where one is: they cannot be weighed."""

    def pick(self, question, passages, documents):
        both = "hummus" in question.text and "granola" in question.text
        return [self._pick(HUMMUS, 0.9)] if both else []


def test_a_choice_is_not_answered_with_a_third():
    passages = [
        ScoredPassage(passage=p, score=0, dense=0, lexical=0) for d in DOCUMENTS.values() for p in split(d, 700)
    ]
    answers = [
        ExtractiveReader(SurePicker(hummus=short), 0.5, 0.7).read(analyse(ASKED), ASKED, passages, DOCUMENTS)
        for short in ("hummus", "72,500")
    ]
    assert [(answer.kind, answer.confidence) for answer in answers] == [("answer", 0.9), ("abstention", 0.0)]


COMPARED = {
    "sides behind a comma": (ASKED, "Zeytun's hummus", "Oatfield's granola", True),
    "there are": (
        "Were there fewer patients in the trial of orbisetin or in that of cadrexin?",
        "the trial of orbisetin",
        "the trial of cadrexin",
        False,
    ),
    "a quality": ("Which is longer, the Tarn or the Sella?", "the Tarn", "the Sella", True),
}


@pytest.mark.parametrize(("text", "first", "second", "more"), COMPARED.values(), ids=COMPARED.keys())
def test_what_is_compared(text, first, second, more):
    found = comparison(text)
    assert (found.first, found.second, found.more) == (first, second, more)
    assert first in found.first_question
    assert second in found.second_question


def test_figures_of_different_units_are_not_weighed():
    assert figure_in("3 hours")[1] != figure_in("45 minutes")[1]
    assert figure_in("800 m")[1] != figure_in("5 km")[1]


@pytest.mark.parametrize(
    "text",
    [
        "Which bridge is older, the Arlen or the Beck?",
        "Who oversees it, Nvidia or the government?",
        "How many chips will Nvidia supply?",
        "Is it more than ten?",
        "Where is it cheaper to eat, at the inn or at the bar?",
        "",
    ],
)
def test_what_compares_nothing(text):
    assert comparison(text) is None


FIGURES = {
    "plain": ("72,500 tubs", (72500.0, "")),
    "scaled": ("£1.2bn", (1.2e9, "pound")),
    "percent in words": ("31 per cent", (31.0, "%")),
    "hours": ("about 3 hours", (3.0, "hour")),
    "metres": ("800 m", (800.0, "m")),
    "dollars": ("3 million dollars", (3e6, "dollar")),
    "none": ("nineteen", None),
}


@pytest.mark.parametrize(("text", "figure"), FIGURES.values(), ids=FIGURES.keys())
def test_a_figure_has_a_number_and_a_unit(text, figure):
    assert figure_in(text) == figure
