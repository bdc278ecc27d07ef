import json

import pytest

from evals.cases import CasesError, anchor, by_name
from evals.drafts import from_feedback, from_texts, write_drafts
from rag import Document

DOCUMENT = Document(title="Tea", text="Anna sells tea. Bo sells milk. Cy sells bread.", source="/texts/tea.txt")


def test_a_draft_carries_spans_and_leaves_the_question_blank():
    drafts = from_texts([DOCUMENT], 2)
    assert [draft["evidence"][0]["text"] for draft in drafts] == ["Anna sells tea.", "Bo sells milk."]
    assert all(draft["question"] == "" for draft in drafts)


def test_no_more_drafts_than_sentences():
    assert len(from_texts([DOCUMENT], 50)) == 3


def test_a_completed_draft_anchors(tmp_path):
    path = tmp_path / "new.jsonl"
    (draft,) = from_texts([DOCUMENT], 1)
    write_drafts(path, [draft | {"question": "What does Anna sell?", "answers": ["tea"]}])
    cases, problems = anchor(path, by_name([DOCUMENT]))
    assert problems == []
    assert cases[0].evidence[0].end == 15


def test_a_blank_draft_is_refused(tmp_path):
    path = tmp_path / "new.jsonl"
    write_drafts(path, from_texts([DOCUMENT], 1))
    with pytest.raises(CasesError, match="answer|blank"):
        anchor(path, by_name([DOCUMENT]))


def test_drafts_never_overwrite(tmp_path):
    path = tmp_path / "new.jsonl"
    path.write_text("my work", encoding="utf-8")
    with pytest.raises(CasesError, match="exists"):
        write_drafts(path, [])
    assert path.read_text(encoding="utf-8") == "my work"


def test_feedback_becomes_a_draft(tmp_path, seeds_pipeline):
    answer = seeds_pipeline.ask("How many chips will Nvidia supply?")
    path = tmp_path / "feedback.jsonl"
    line = {"answer": answer.model_dump(mode="json"), "thumb": "down", "note": "too short"}
    path.write_text(json.dumps(line) + "\n", encoding="utf-8")
    (draft,) = from_feedback(path, seeds_pipeline.documents)
    assert draft["question"] == answer.question
    assert "too short" in draft["note"]
    assert draft["evidence"][0]["text"] == answer.citations[0].quote
    write_drafts(tmp_path / "new.jsonl", [draft | {"answers": ["260,000"]}])
    assert anchor(tmp_path / "new.jsonl", by_name(seeds_pipeline.documents))[1] == []


def test_malformed_feedback_names_the_line(tmp_path):
    path = tmp_path / "feedback.jsonl"
    path.write_text("{}\n", encoding="utf-8")
    with pytest.raises(CasesError, match="feedback.jsonl:1"):
        from_feedback(path, [])
