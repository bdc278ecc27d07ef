"""What the page keeps of a visitor, what it shows when they come back, and what they can take away."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterable
from pathlib import Path
from unittest.mock import Mock

import gradio as gr
import pytest

from rag.cli import main
from rag.errors import ServeError
from rag.pipeline import Pipeline
from rag.schema import Conversation, Document
from rag.settings import Settings
from rag.web import desk as desks
from rag.web.corpora import Corpora
from rag.web.desk import Desk, Shown
from rag.web.entries import Entry, Failure, turns
from rag.web.export import as_conversation, as_markdown
from rag.web.feedback import Feedback
from rag.web.opening import Opening
from rag.web.visitors import Visit, Visitors
from tests.fakes import MILK, TEA, FakeEncoder

ID = "0123456789abcdef" * 2
QUESTION = "When did Maria Lopes bring tea to Lisbon?"


@pytest.fixture
def visitors(tmp_path: Path) -> Visitors:
    return Visitors(tmp_path / "visitors", days=30)


@pytest.fixture
def pipeline(tmp_path: Path) -> Pipeline:
    settings = Settings(min_confidence=0, sure_confidence=0, reader="similarity")
    return Pipeline.build([TEA, MILK], tmp_path / "index", settings, encoder=FakeEncoder())


@pytest.fixture
def desk(pipeline: Pipeline, visitors: Visitors) -> Desk:
    return desk_over(pipeline, visitors)


def desk_over(pipeline: Pipeline, visitors: Visitors) -> Desk:
    opening = Opening.done(pipeline)
    feedback = Feedback(visitors.folder(ID).parent / "feedback.jsonl")
    return Desk(opening, visitors, Corpora(opening, visitors), feedback)


def last(shown: Iterable[Shown]) -> Shown:
    return [*shown][-1]


def asked(what: str) -> gr.EventData:
    return gr.EventData(None, {"format": what})


# --- ids and files -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    ["", None, 7, "..", "../../etc", ID.upper(), ID + "0", ID[:-1], ID + "\n", f"{ID}/x", ["x"]],
    ids=repr,
)
def test_what_is_no_id_gets_a_new_one_and_never_becomes_a_path(visitors: Visitors, given: object) -> None:
    assert visitors.identified(given) != given
    assert visitors.identified(ID) == ID
    if isinstance(given, str):
        with pytest.raises(ValueError, match="id"):
            visitors.folder(given)


def test_ids_are_not_guessed(visitors: Visitors) -> None:
    assert len({visitors.identified("") for _ in range(100)}) == 100


def test_a_visit_is_kept_and_forgotten(visitors: Visitors) -> None:
    visit = Visit(entries=(Failure(question="?", reason="no"),))
    visitors.change(ID, lambda before: visit)
    assert visitors.read(ID) == visit
    assert [path.name for path in visitors.folder(ID).iterdir() if path.suffix == ".new"] == []
    visitors.forget(ID)
    assert visitors.read(ID) == Visit()
    assert not visitors.folder(ID).exists()


def test_a_damaged_file_is_set_aside_and_said(visitors: Visitors, caplog: pytest.LogCaptureFixture) -> None:
    visitors.change(ID, lambda before: before)
    file = visitors.folder(ID) / "visit.json"
    file.write_text("{")
    assert visitors.read(ID) == Visit()
    assert file.with_suffix(".json.damaged").read_text() == "{"
    assert "set aside" in caplog.text
    assert ID not in caplog.text


def test_after_the_stated_time_a_visit_expires(visitors: Visitors) -> None:
    visitors.change(ID, lambda before: before)
    assert [*visitors.expired()] == []
    long_ago = time.time() - 31 * 86_400
    for path in visitors.folder(ID).iterdir():
        os.utime(path, (long_ago, long_ago))
    assert [*visitors.expired()] == [ID]


def test_a_folder_that_cannot_be_written_is_named_with_the_remedy(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ServeError, match=r"file.*RAG_VISITORS_DIR"):
        Visitors(tmp_path / "file", 30).change(ID, lambda before: before)


# --- the conversation ----------------------------------------------------------------------------


def test_a_conversation_is_there_again_after_a_restart(desk: Desk, pipeline: Pipeline, visitors: Visitors) -> None:
    shown = last(desk.ask(QUESTION, ID))
    again = last(desk_over(pipeline, visitors).arrive(ID))
    assert again["conversation"] == shown["conversation"]
    assert again["source"] == shown["source"]
    assert 'data-place="c1-1"' in again["conversation"]


def test_an_answer_streams_in(desk: Desk) -> None:
    shown = [*desk.ask(QUESTION, ID)]
    notes = [part["now"] for part in shown if part.get("now")]
    assert "Searching the text" in notes[0]
    assert "Reading 2 passages" in notes[1]
    assert "1921" in notes[-1]  # the statement, before the answer is there
    assert shown[-1]["now"] == ""


def test_who_comes_without_an_id_gets_one_that_lasts(desk: Desk, visitors: Visitors) -> None:
    first, *_ = desk.ask(QUESTION, "")
    assert visitors.read(first["visitor"]).entries
    assert last(desk.arrive(first["visitor"]))["examples"] == ""


def test_a_visitor_sees_nothing_of_another(desk: Desk) -> None:
    last(desk.ask(QUESTION, ID))
    assert "Lopes" not in last(desk.arrive("f" * 32))["conversation"]


def test_a_new_chat_forgets_the_one_before(desk: Desk, visitors: Visitors) -> None:
    last(desk.ask(QUESTION, ID))
    shown = desk.clear(ID)
    assert "welcome" in shown["conversation"]
    assert visitors.read(ID) == Visit()


def test_the_last_question_is_edited_and_asked_again(desk: Desk, visitors: Visitors) -> None:
    last(desk.ask("What is milk?", ID))
    last(desk.ask(QUESTION, ID))
    shown = desk.edit(ID)
    assert (shown["box"], shown["again"]) == (QUESTION, True)
    last(desk.ask("What does a pound of tea cost?", ID, again=True))
    questions = [entry.question for entry in visitors.read(ID).entries]
    assert questions == ["What is milk?", "What does a pound of tea cost?"]


def test_an_edited_question_that_fails_leaves_the_answer_before_it(desk: Desk, visitors: Visitors) -> None:
    last(desk.ask(QUESTION, ID))
    shown = last(desk.ask("why " * 600, ID, again=True))
    assert shown["box"] == "why " * 600
    assert [type(entry).__name__ for entry in visitors.read(ID).entries] == ["Turn", "Failure"]


def test_of_a_question_that_is_too_long_a_beginning_is_shown_and_kept(desk: Desk, visitors: Visitors) -> None:
    long = "why " * 100_000
    first, *_, shown = desk.ask(long, ID)
    assert shown["box"] == long
    assert len(first["now"]) < 3_000
    assert len(shown["conversation"]) < 5_000
    (entry,) = visitors.read(ID).entries
    assert entry.question == long[:2_000] + "…"


def test_a_full_conversation_says_so_and_stays(desk: Desk, visitors: Visitors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desks, "LONGEST", 2)
    for _ in range(2):
        last(desk.ask(QUESTION, ID))
    shown = last(desk.ask(QUESTION, ID))
    assert "new chat" in shown["hint"]
    assert "box" not in shown  # the question stays in it
    assert len(visitors.read(ID).entries) == 2
    last(desk.ask("What is milk?", ID, again=True))
    assert visitors.read(ID).entries[-1].question == "What is milk?"


def test_an_answer_to_500_questions_is_still_shown_in_time(desk: Desk, visitors: Visitors) -> None:
    last(desk.ask(QUESTION, ID))
    (entry,) = visitors.read(ID).entries
    visitors.change(ID, lambda visit: visit.model_copy(update={"entries": (entry,) * (desks.LONGEST - 1)}))
    started = time.perf_counter()
    shown = last(desk.ask("What is milk?", ID))
    assert time.perf_counter() - started < 10
    assert shown["conversation"].count('class="turn"') == desks.LONGEST


def test_a_disk_that_is_full_is_said_and_the_question_stays(
    desk: Desk, visitors: Visitors, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.web.visitors._replace", Mock(side_effect=OSError(28, "No space left on device")))
    shown = last(desk.ask(QUESTION, ID))
    assert "No space left on device" in shown["hint"]
    assert shown["box"] == QUESTION


# --- opened behind the page ----------------------------------------------------------------------


def test_the_page_is_there_before_the_texts_are(pipeline: Pipeline, visitors: Visitors) -> None:
    opening = Opening(pipeline.settings)
    opening._started = True  # a thread of the test's own will keep the promises
    desk = Desk(opening, visitors, Corpora(opening, visitors), Feedback(visitors.folder(ID) / "feedback.jsonl"))
    arriving = desk.arrive(ID)
    first = next(arriving)
    assert "Opening the text" in first["source"]
    assert first["examples"] == ""
    answering = desk.ask(QUESTION, ID)
    assert "Opening the text" in next(answering)["now"]
    opening._documents.set_result(pipeline.documents)
    second = next(arriving)
    assert "1921" in second["source"]
    assert "now" not in second  # the question is on its way
    opening._pipeline.set_result(pipeline)
    assert "1921" in last(answering)["conversation"]


def test_what_goes_wrong_behind_the_page_is_said_in_it(tmp_path: Path, visitors: Visitors) -> None:
    opening = Opening(Settings(corpus=(tmp_path / "nothing",)))
    desk = Desk(opening, visitors, Corpora(opening, visitors), Feedback(tmp_path / "feedback.jsonl"))
    assert "nothing does not exist" in last(desk.arrive(ID))["hint"]
    shown = last(desk.ask(QUESTION, ID))
    assert "nothing does not exist" in shown["conversation"]
    assert shown["box"] == QUESTION


# --- export --------------------------------------------------------------------------------------


def test_the_json_is_a_conversation_that_verify_accepts(desk: Desk, tmp_path: Path) -> None:
    last(desk.ask(QUESTION, ID))
    last(desk.ask("why " * 600, ID))
    parcel = desk.export(ID, asked("json"))
    assert "<" not in parcel
    file = tmp_path / json.loads(parcel)["name"]
    file.write_text(json.loads(parcel)["text"], "utf-8")
    whole = Conversation.model_validate_json(file.read_bytes())
    assert [turn.question for turn in whole.turns] == [QUESTION]
    assert TEA in whole.documents
    assert main(["verify", str(file)]) == 0
    file.write_text(file.read_text("utf-8").replace("1921", "1922", 1), "utf-8")
    assert main(["verify", str(file)]) == 1


def test_the_markdown_quotes_with_offsets_and_runs_nothing(tmp_path: Path) -> None:
    text = "Tea is <b>green</b> & *not* [1] black. It came to [Lisbon](http://x) in 1921."
    document = Document(title="# Tea", text=text)
    settings = Settings(min_confidence=0, sure_confidence=0, reader="similarity")
    entries: list[Entry] = []
    with Pipeline.build([document], tmp_path / "index", settings, encoder=FakeEncoder()) as pipeline:
        visitors = Visitors(tmp_path, 1)
        last(desk_over(pipeline, visitors).ask("When did it come to Lisbon?", ID))
        entries += visitors.read(ID).entries
    (turn,) = turns(entries)
    (citation, *_) = turn.answer.citations
    markdown = as_markdown(as_conversation(entries, [document]))
    assert f"characters {citation.start}–{citation.end}" in markdown
    assert r"\[Lisbon\](http://x)" in markdown
    assert "[Lisbon]" not in markdown
    assert document.sha256 in markdown
