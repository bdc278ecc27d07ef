import json

import pytest

from evals.cases import CasesError, anchor, by_name, load_cases, split_of, write_cases
from rag import Document

TEXT = "Anna sells tea. The tea is green and costs 3.50 euros.\n"
DOCUMENT = Document(title="Tea", text=TEXT, source="/texts/tea.txt")
DOCUMENTS = by_name([DOCUMENT])


def case(**changes):
    plain = {
        "id": "t-1",
        "document": "tea.txt",
        "sha256": DOCUMENT.sha256,
        "question": "What does Anna sell?",
        "kind": "fact",
        "answerable": True,
        "answers": ["tea"],
        "evidence": [{"document": "tea.txt", "start": 0, "end": 15, "text": "Anna sells tea."}],
    }
    return plain | changes


def write(tmp_path, *cases):
    path = tmp_path / "cases.jsonl"
    path.write_text("".join((c if isinstance(c, str) else json.dumps(c)) + "\n" for c in cases), encoding="utf-8")
    return path


def test_cases_that_match_their_text_load(tmp_path):
    (loaded,) = load_cases(write(tmp_path, case()), DOCUMENTS)
    assert loaded.evidence[0].text == "Anna sells tea."


UNANSWERABLE = {"answerable": False, "answers": [], "evidence": []}
REFUSED = {
    "malformed line": ([case(), "{"], "cases.jsonl:2: Invalid JSON"),
    "not an object": (["[1]"], "cases.jsonl:1: Input should be an object"),
    "unknown field": ([case(answer="tea")], "answer"),
    "unknown kind": ([case(kind="riddle")], "kind"),
    "missing field": ([{"id": "t-1"}], "document"),
    "moved span": (
        [case(evidence=[{"document": "tea.txt", "start": 1, "end": 16, "text": "Anna sells tea."}])],
        "re-anchor",
    ),
    "changed document": ([case(sha256="0" * 64)], "has changed"),
    "unknown document": ([case(document="coffee.txt")], "no document coffee.txt"),
    "unknown scope": ([case(scope=["coffee.txt"])], "no document coffee.txt"),
    "answerable without an answer": ([case(answers=[])], "accepts no answer"),
    "answerable without evidence": ([case(evidence=[])], "no evidence"),
    "unanswerable with an answer": ([case(answerable=False)], "says unanswerable"),
    "answerable near miss": ([case(kind="near_miss")], "near_miss"),
    "blank question": ([case(question=" ")], "complete the draft"),
    "the same id": ([case(), case(question="Who sells?")], "stands twice"),
    "nearly the same question": ([case(), case(id="t-2", question="What does Anna sell")], "nearly the same"),
    "no case": ([""], "holds no case"),
}


@pytest.mark.parametrize(("cases", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_refused(tmp_path, cases, said):
    with pytest.raises(CasesError, match="cases.jsonl") as error:
        load_cases(write(tmp_path, *cases), DOCUMENTS)
    assert said in str(error.value)
    assert "\n" not in str(error.value)


def test_a_summary_needs_no_accepted_answer(tmp_path):
    assert load_cases(write(tmp_path, case(kind="summary", answers=[])), DOCUMENTS)


def test_the_same_words_after_another_history_are_another_question(tmp_path):
    history = [{"role": "user", "content": "Who is Anna?"}]
    assert len(load_cases(write(tmp_path, case(), case(id="t-2", history=history)), DOCUMENTS)) == 2


def test_a_moved_text_is_anchored_anew(tmp_path):
    moved = by_name([Document(title="Tea", text="News. " + TEXT, source="/texts/tea.txt")])
    path = write(tmp_path, case())
    with pytest.raises(CasesError):
        load_cases(path, moved)
    cases, problems = anchor(path, moved)
    write_cases(path, cases)
    assert problems == []
    assert load_cases(path, moved)[0].evidence[0].start == 6


def test_evidence_that_is_gone_is_named_and_not_guessed(tmp_path):
    other = by_name([Document(title="Tea", text="Nothing.", source="/texts/tea.txt")])
    cases, problems = anchor(write(tmp_path, case()), other)
    assert cases == []
    assert "stands 0 times" in problems[0]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ({"id": "t-1", "evidence": []}, 't-1: it has no "document": name the file'),
        ({"id": "t-1", "document": "coffee.txt"}, "t-1: no document coffee.txt in the corpus: correct the name"),
        ({"id": "t-1", "document": "tea.txt", "evidence": [{"start": 3}]}, 't-1: an evidence has no "text"'),
        ({"id": "t-1", "document": "tea.txt", "evidence": ["Tea"]}, 't-1: an evidence has no "text"'),
    ],
)
def test_what_a_case_lacks_is_said(tmp_path, raw, said):
    cases, problems = anchor(write(tmp_path, raw), DOCUMENTS)
    assert cases == []
    assert said in problems[0]


def test_two_texts_of_one_name_are_refused():
    with pytest.raises(CasesError, match="tea.txt"):
        by_name([DOCUMENT, Document(title="Other", text="Other.", source="/more/tea.txt")])


def test_about_three_in_ten_are_the_dev_split():
    share = sum(split_of(f"x-{number}") == "dev" for number in range(1000)) / 1000
    assert 0.25 < share < 0.35
