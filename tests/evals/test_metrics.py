import numpy as np
import pytest

from evals.cases import Case, by_name
from evals.metrics import calibration_bins, calibration_error, figure, judge, risk_coverage
from rag import Document
from rag.grounding import VERBATIM, cite
from rag.schema import Answer, ScoredPassage, SourceSpan, Span, Statement
from rag.splitting import split
from rag.training.scoring import auroc

TEXT = "Anna sells tea. The tea costs 3.50 euros. Bo sells milk."
DOCUMENT = Document(title="Tea", text=TEXT, source="/texts/tea.txt")
OTHER = Document(title="Milk", text="Milk is white.", source="/texts/milk.txt")
DOCUMENTS = by_name([DOCUMENT, OTHER])
FIRST, SECOND, THIRD = Span(start=0, end=15), Span(start=16, end=41), Span(start=42, end=56)


def make_case(**changes):
    plain = {
        "id": "t-1",
        "document": "tea.txt",
        "sha256": DOCUMENT.sha256,
        "question": "What does the tea cost?",
        "kind": "number",
        "answerable": True,
        "answers": ["3.50 euros"],
        "evidence": [{"document": "tea.txt", "start": 16, "end": 41, "text": TEXT[16:41]}],
    }
    return Case.model_validate(plain | changes)


def make_answer(*spans, short=Span(start=30, end=40), **changes):
    citations = tuple(cite(DOCUMENT, span) for span in spans)
    markers = tuple(range(1, len(spans) + 1))
    text = citations[0].quote + " " + "".join(f"[{n}]" for n in markers)
    statement = Statement(start=0, end=len(text), markers=markers, verdict="supported", reason=VERBATIM)
    shorts = (
        SourceSpan(document_id=DOCUMENT.id, start=short.start, end=short.end, quote=TEXT[short.start : short.end]),
    )
    plain = {
        "question": "?", "searched_for": "?", "kind": "answer", "text": text, "short": shorts[0].quote,
        "short_spans": shorts, "citations": citations, "statements": (statement,), "confidence": 0.9, "reader": "x",
    }  # fmt: skip
    return Answer.model_validate(plain | changes)


ABSTENTION = Answer(question="?", searched_for="?", kind="abstention", text="No.", confidence=0.1, reader="x")
UNANSWERABLE = {"answerable": False, "answers": [], "evidence": [], "kind": "near_miss"}


def test_the_right_sentence_with_the_right_words_passes():
    outcome = judge(make_case(), make_answer(SECOND), DOCUMENTS, "s")
    assert (outcome.passed, outcome.right, outcome.exact, outcome.f1) == (True, True, 1.0, 1.0)
    assert (outcome.evidence_precision, outcome.evidence_recall) == (1.0, 1.0)
    assert outcome.violations == ()


PROBLEMS = {
    "wrong sentence": (make_case(), make_answer(FIRST), "cites the wrong sentence"),
    "wrong words": (make_case(), make_answer(SECOND, short=Span(start=20, end=23)), "short answer 'tea'"),
    "abstains": (make_case(), ABSTENTION, "abstains"),
    "forbidden words": (make_case(must_not_say=["3.50"]), make_answer(SECOND), "says '3.50'"),
    "answers the unanswerable": (make_case(**UNANSWERABLE), make_answer(FIRST), "answers"),
    "wrong polarity": (
        make_case(polarity="no", answers=["no"]),
        make_answer(SECOND, polarity="yes"),
        "says yes, not no",
    ),
    "no summary": (make_case(kind="summary", answers=[]), make_answer(SECOND), "is no summary"),
}


@pytest.mark.parametrize(("case", "answer", "said"), PROBLEMS.values(), ids=PROBLEMS.keys())
def test_a_case_that_fails_says_why(case, answer, said):
    outcome = judge(case, answer, DOCUMENTS, "s")
    assert not outcome.passed
    assert said in outcome.problem


def test_an_abstention_passes_where_the_text_does_not_say():
    assert judge(make_case(**UNANSWERABLE), ABSTENTION, DOCUMENTS, "s").passed


def test_every_group_of_evidence_is_needed_and_one_of_each_will_do():
    spans = [
        {"document": "tea.txt", "start": s.start, "end": s.end, "text": TEXT[s.start : s.end], "group": group}
        for s, group in ((FIRST, 1), (SECOND, 1), (THIRD, 2))
    ]
    case = make_case(evidence=spans)
    assert not judge(case, make_answer(SECOND), DOCUMENTS, "s").right
    assert judge(case, make_answer(SECOND, THIRD), DOCUMENTS, "s").right


def test_a_list_needs_every_item():
    case = make_case(kind="list", answers=[], items=["Anna", "tea"], evidence=make_case().model_dump()["evidence"])
    shorts = [SourceSpan(document_id=DOCUMENT.id, start=s, end=e, quote=TEXT[s:e]) for s, e in ((0, 4), (11, 14))]
    half = make_answer(SECOND, short=Span(start=0, end=4))
    whole = half.model_copy(update={"short": "Anna, tea", "short_spans": tuple(shorts)})
    assert judge(case, whole, DOCUMENTS, "s").passed
    assert "misses 'tea'" in judge(case, half, DOCUMENTS, "s").problem


def test_evidence_that_was_not_read_is_the_fault_of_retrieval():
    assert judge(make_case(), make_answer(SECOND), DOCUMENTS, "s").retrieved == 0.0
    passages = tuple(ScoredPassage(passage=passage, score=1, dense=1, lexical=1) for passage in split(DOCUMENT, 700))
    assert judge(make_case(), make_answer(SECOND, passages=passages), DOCUMENTS, "s").retrieved == 1.0


def moved(answer, by):
    return answer.model_copy(
        update={
            "citations": tuple(
                c.model_copy(update={"start": c.start + by, "end": c.end + by}) for c in answer.citations
            )
        }
    )


VIOLATIONS = {
    "offset": (make_case(), moved(make_answer(SECOND), 1), "is not"),
    "scope": (
        make_case(scope=["milk.txt"], answerable=False, answers=[], evidence=[], kind="isolation"),
        make_answer(SECOND),
        "out of scope",
    ),
    "said otherwise": (
        make_case(), make_answer(SECOND, text="The tea costs 4.50 euros. [1]"), "does not say what its citation says",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("case", "answer", "said"), VIOLATIONS.values(), ids=VIOLATIONS.keys())
def test_a_hard_zero_is_noticed(case, answer, said):
    assert any(said in violation for violation in judge(case, answer, DOCUMENTS, "s").violations)


def test_a_figure_has_its_interval_and_says_when_there_is_none():
    some = figure([True, True, False, None])
    assert (some.value, some.n) == (0.6667, 3)
    assert some.low <= some.value <= some.high
    assert figure([]).value is None
    assert figure([True, False]) == figure([True, False])


@pytest.mark.parametrize(
    ("scores", "expected"), [([0.9, 0.8, 0.2, 0.1], 1.0), ([0.1, 0.2, 0.8, 0.9], 0.0), ([0.5] * 4, 0.5)],
    ids=["apart", "turned", "ties"],
)  # fmt: skip
def test_auroc(scores, expected):
    assert auroc(np.array(scores), np.array([True, True, False, False])) == expected


def test_calibration():
    pairs = [(0.95, True), (0.95, True), (0.95, False), (0.15, False)]
    assert calibration_bins(pairs) == [(0.15, 0.0, 1), (0.95, 0.6667, 3)]
    assert calibration_error(pairs) == pytest.approx((0.15 + 3 * (0.95 - 0.6667)) / 4, abs=1e-3)
    assert calibration_error([]) is None


def test_risk_falls_with_coverage_and_ties_are_one_point():
    assert risk_coverage([(0.9, True), (0.5, False), (0.5, True)]) == [(0.3333, 0.0), (1.0, 0.3333)]
