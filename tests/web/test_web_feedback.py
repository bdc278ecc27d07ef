"""Thumbs and notes: one line an answer, read by `python -m evals new --feedback`, deleted with the visitor."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from evals.drafts import from_feedback
from rag.errors import ServeError
from rag.pipeline import Pipeline
from rag.schema import Answer
from rag.web.feedback import MAX_NOTE, Feedback
from tests.browsing import QUESTION, ask, on_its_way, opened, served

ONE, OTHER = "1" * 32, "2" * 32


@pytest.fixture(scope="module")
def answer(seeds_pipeline: Pipeline) -> Answer:
    return seeds_pipeline.ask(QUESTION)


@pytest.fixture
def feedback(tmp_path: Path) -> Feedback:
    return Feedback(tmp_path / "new" / "feedback.jsonl")


def lines(feedback: Feedback) -> list[Any]:
    return [json.loads(line) for line in feedback.file.read_text("utf-8").split("\n") if line]


def test_what_is_recorded_becomes_a_draft(feedback: Feedback, answer: Answer, seeds_pipeline: Pipeline) -> None:
    feedback.record(ONE, 1, answer, "down", "It is\nnot so.")
    (draft,) = from_feedback(feedback.file, seeds_pipeline.documents)
    assert draft["question"] == QUESTION
    assert "thumb down: It is not so." in str(draft["note"])
    assert draft["evidence"] == [{"document": "nvidia-south-korea.txt", "text": answer.citations[0].quote}]


def test_a_second_thought_replaces_the_first(feedback: Feedback, answer: Answer) -> None:
    feedback.record(ONE, 1, answer, "up")
    feedback.record(OTHER, 1, answer, "up")
    feedback.record(ONE, 1, answer, "down", "No.")
    assert [(line["thumb"], line["note"]) for line in lines(feedback)] == [("up", ""), ("down", "No.")]


def test_a_note_stays_when_the_same_thumb_comes_again(feedback: Feedback, answer: Answer) -> None:
    feedback.record(ONE, 1, answer, "down", "No.")
    feedback.record(ONE, 1, answer, "down")
    assert [(line["thumb"], line["note"]) for line in lines(feedback)] == [("down", "No.")]


def test_neither_the_id_nor_the_passages_are_in_the_file(feedback: Feedback, answer: Answer) -> None:
    feedback.record(ONE, 1, answer.model_copy(update={"question": "Why\u2028so?"}), "up", "x" * 5000)
    (line,) = lines(feedback)
    assert ONE not in feedback.file.read_text("utf-8")
    assert line["answer"]["passages"] == []
    assert len(line["note"]) == MAX_NOTE


def test_a_visitor_s_lines_go_with_them_and_a_stranger_s_stay(feedback: Feedback, answer: Answer) -> None:
    feedback.forget(ONE)
    feedback.record(ONE, 1, answer, "up")
    feedback.record(OTHER, 1, answer, "up")
    with feedback.file.open("a", encoding="utf-8") as file:
        file.write("not ours\n")
    feedback.forget(ONE)
    kept = feedback.file.read_text("utf-8").splitlines()
    assert len(kept) == 2
    assert kept[1] == "not ours"


def test_many_at_once_lose_none(feedback: Feedback, answer: Answer) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda turn: feedback.record(ONE, turn, answer, "up"), range(24)))
    assert sorted(line["turn"] for line in lines(feedback)) == [*range(24)]


def test_a_file_that_cannot_be_written_is_named_with_the_remedy(tmp_path: Path, answer: Answer) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ServeError, match="RAG_FEEDBACK_FILE"):
        Feedback(tmp_path / "file" / "feedback.jsonl").record(ONE, 1, answer, "up")


def test_a_thumb_with_a_note_in_the_browser(visitor: Any, tmp_path: Path) -> None:
    file = tmp_path / "thumbs.jsonl"
    with served(tmp_path, RAG_FEEDBACK_FILE=str(file)) as address:
        page = opened(visitor(), address)
        reply = ask(page, QUESTION)
        with on_its_way(page, reply.locator(".thumb.down").click):
            page.keyboard.type("Not what I asked <b>")
            page.keyboard.press("Enter")
            page.wait_for_selector(".note", state="hidden")
        for _ in range(100):
            if file.exists() and "Not what" in file.read_text("utf-8"):
                break
            page.wait_for_timeout(100)
        page.wait_for_timeout(1000)  # the request that wrote it ends; a reload would break it off
        page.reload()
        page.wait_for_selector(".thumb.down[aria-pressed=true]")
        page.goto("about:blank")
    (line,) = lines(Feedback(file))
    assert (line["thumb"], line["note"], line["answer"]["question"]) == ("down", "Not what I asked <b>", QUESTION)
