import pytest

from rag.extractive import ExtractiveReader
from rag.grounding import DISAGREE, POSSIBLY, mismatches
from rag.questions import analyse
from rag.reading.disagreement import contradicting, dates_differ, names_of, same_report, values_differ
from rag.reading.similarity import Pick
from rag.schema import Document, Passage, ScoredPassage, Span
from rag.web import reply

HERALD = Document(
    title="Second flood in Castle Merrow",
    text="On 18 February 2023 the Merrow ran into Weir Street. Five people died, says Okoro. Alistair Finch wept.",
)
WIRE = Document(
    title="Merrow flood",
    text="20 February 2023. Seven people died in Castle Merrow. Weir Street is shut, said Alistair Finch and Okoro.",
)
EARLIER = Document(
    title="Merrow bursts its banks",
    text="11 November 2019. Two people died in Castle Merrow. Weir Street is shut, said Alistair Finch and Okoro.",
)
ELSEWHERE = Document(title="Sella under water", text="In 2023 four people died at Castel Sella, said Luca Marchetti.")
QUESTION = analyse("How many people died in the flood?")
SHORTS = {HERALD.id: "Five", WIRE.id: "Seven", EARLIER.id: "Two", ELSEWHERE.id: "four"}


def whole(document):
    span = Span(start=0, end=len(document.text))
    return Passage(
        id=document.id,
        document_id=document.id,
        title=document.title,
        text=document.text,
        start=0,
        end=span.end,
        sentences=(span,),
    )


def picked(document, short=None, confidence=0.8):
    short = short or SHORTS[document.id]
    start = document.text.index(short)
    before = document.text[:start].rfind(". ")
    sentence = Span(start=before + 2 if before >= 0 else 0, end=document.text.index(".", start) + 1)
    return Pick(document, sentence, (Span(start=start, end=start + len(short)),), confidence)


class OnePick:
    """Picks what it was told to of the first document of the passages."""

    name = "fake"

    def __init__(self, *picks):
        self._picks = {pick.document.id: pick for pick in picks}

    def pick(self, question, passages, documents):
        found = [self._picks[passage.document_id] for passage in passages]
        return sorted(found, key=lambda pick: -pick.confidence)


def read(*picks, question=QUESTION, sure=0.5):
    documents = {pick.document.id: pick.document for pick in picks}
    passages = [ScoredPassage(passage=whole(d), score=1, dense=1, lexical=1) for d in documents.values()]
    answer = ExtractiveReader(OnePick(*picks), 0.4, sure).read(question, question.text, passages, documents)
    assert mismatches(answer, documents.values()) == []
    return answer


def test_both_sides_are_given_and_cited():
    answer = read(picked(WIRE), picked(HERALD, confidence=0.6))
    assert answer.disagreement
    assert answer.text == (
        "The sources disagree: Merrow flood: Seven people died in Castle Merrow. [1] "
        "Second flood in Castle Merrow: Five people died, says Okoro. [2]"
    )
    assert answer.short == "Seven; Five"
    assert [citation.title for citation in answer.citations] == [WIRE.title, HERALD.title]
    assert [statement.markers for statement in answer.statements] == [(1,), (2,)]
    assert answer.confidence == 0.8


def test_an_unsure_answer_says_so_too():
    assert read(picked(WIRE), picked(HERALD), sure=0.9).text.startswith(POSSIBLY + DISAGREE)


def test_the_page_says_it():
    assert "The sources disagree</p>" in reply.answer(read(picked(WIRE), picked(HERALD)), 0, 0.5)
    assert "disagree" not in reply.answer(read(picked(WIRE)), 0, 0.5)


AGREED = {
    "another year": (picked(WIRE), picked(EARLIER)),
    "another place": (picked(WIRE), picked(ELSEWHERE)),
    "an unsure other": (picked(WIRE), picked(HERALD, confidence=0.1)),
    "a date for a number": (picked(WIRE), picked(HERALD, "18 February 2023")),
    "one source alone": (picked(WIRE),),
}


@pytest.mark.parametrize("picks", AGREED.values(), ids=AGREED.keys())
def test_without_a_contradiction_the_best_is_the_answer(picks):
    answer = read(*picks)
    assert not answer.disagreement
    assert answer.short == "Seven"


@pytest.mark.parametrize(
    "text",
    ["Who died in the flood?", "Did seven people die in the flood?", "How many people died in Weir Street in 2019?"],
    ids=["asks for a name", "asks yes or no", "names what only one has"],
)
def test_only_values_of_what_both_name_can_contradict(text):
    documents = {document.id: document for document in (WIRE, HERALD)}
    picks = OnePick(picked(WIRE), picked(HERALD))
    question = analyse(text)
    passages = [whole(document) for document in documents.values()]
    found = contradicting(question, picked(WIRE), passages, documents, lambda own: picks.pick(question, own, documents))
    assert found is None


SAME = {
    "written out": ("Five people", "5 people"),
    "approximate": ("about 40", "41"),
    "a bound that holds": ("more than 180,000", "190,000"),
    "another bound that holds": ("up to 45,000", "40,000"),
    "another unit": ("5 kilometres", "7 euros"),
    "no figure": ("many", "few"),
    "another scale": ("1.2 million", "1,200,000"),
}
OTHER = {
    "words": ("Seventeen", "Thirty-one"),
    "decimals": ("5.47 metres", "5.39 metres"),
    "money": ("18 million pounds", "14.5 million pounds"),
    "a bound that does not hold": ("more than 180,000", "152,000"),
    "approximate and far": ("about 400", "1,100"),
}


@pytest.mark.parametrize(("one", "other"), SAME.values(), ids=SAME.keys())
def test_values_that_do_not_exclude_each_other(one, other):
    assert not values_differ(one, other)
    assert not values_differ(other, one)


@pytest.mark.parametrize(("one", "other"), OTHER.values(), ids=OTHER.keys())
def test_values_that_exclude_each_other(one, other):
    assert values_differ(one, other)
    assert values_differ(other, one)


DATES = {
    "years": ("2029", "2028", True),
    "a quarter and a month": ("the first quarter of 2026", "September 2026", True),
    "a quarter and a month of it": ("the first quarter of 2026", "March 2026", False),
    "a day and its month": ("6 February 2031", "February 2031", False),
    "days": ("6 February 2031", "7 February", True),
    "hours": ("7.40 a.m.", "8.15 a.m.", True),
    "a day and an hour": ("6 February 2031", "8.15 a.m.", False),
    "a weekday": ("Thursday", "6 February 2031", False),
}


@pytest.mark.parametrize(("one", "other", "differ"), DATES.values(), ids=DATES.keys())
def test_dates(one, other, differ):
    assert dates_differ(one, other) is differ
    assert dates_differ(other, one) is differ


def test_reports_of_the_same_thing_share_names_and_year():
    assert same_report(HERALD, WIRE)
    assert not same_report(WIRE, EARLIER)
    assert not same_report(WIRE, ELSEWHERE)
    assert "street" in names_of(WIRE.title, WIRE.text)


TAMPERED = {
    "another title": ("Merrow flood: ", "A lie: "),
    "a claim between": ("Second flood", "The first is right. Second flood"),
    "without the lead": (DISAGREE, "Both lie: "),
}


@pytest.mark.parametrize(("old", "new"), TAMPERED.values(), ids=TAMPERED.keys())
def test_what_stands_outside_of_the_statements_is_fixed(old, new):
    answer = read(picked(WIRE), picked(HERALD))
    shift = len(new) - len(old)
    place = answer.text.index(old)
    moved = [
        s.model_copy(update={"start": s.start + shift, "end": s.end + shift}) if s.start > place else s
        for s in answer.statements
    ]
    changed = answer.model_copy(update={"text": answer.text.replace(old, new, 1), "statements": tuple(moved)})
    assert any("outside of any statement" in problem for problem in mismatches(changed, [WIRE, HERALD]))


def test_a_disagreement_of_one_source_is_a_mismatch():
    answer = read(picked(WIRE)).model_copy(update={"disagreement": True})
    assert any("only one is cited" in problem for problem in mismatches(answer, [WIRE]))
