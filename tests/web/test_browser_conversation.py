"""A conversation in a real browser: it survives a reload and a restart, is edited, taken away and begun anew."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rag.cli import main
from rag.web.desk import LONGEST
from rag.web.visitors import Visit
from tests.browsing import HIGHLIGHTED, QUESTION, ask, close_sheet, free_port, opened, served

SECOND = "What happened to Nvidia's access to the Chinese market?"


def click_every_marker(page: Any) -> list[tuple[str, str]]:
    """The quote that each marker shows in its tooltip, with what a click on it highlights."""
    found = []
    for marker in page.locator("p.said .marker").all():
        marker.click()
        page.wait_for_selector("mark.active")
        found.append((marker.get_attribute("data-tip"), page.evaluate(HIGHLIGHTED)))
        close_sheet(page)
    return found


def test_a_conversation_survives_a_reload_and_its_markers_still_open(page: Any) -> None:
    ask(page, QUESTION)
    ask(page, SECOND)
    page.reload()
    page.wait_for_function("() => document.querySelectorAll('.reply[data-kind]').length === 2")
    clicked = click_every_marker(page)
    assert len(clicked) >= 2
    assert all(tip == f"“{' '.join(words.split())}”" for tip, words in clicked)


def test_two_tabs_of_a_visitor_show_the_same_conversation(visitor: Any, address: str) -> None:
    context = visitor()
    one, other = opened(context, address), opened(context, address)
    ask(one, QUESTION)
    other.wait_for_selector(".reply[data-kind]")
    other.fill("#box textarea", "half a question")
    ask(one, SECOND)
    other.locator(".reply[data-kind]").nth(1).wait_for()
    assert other.input_value("#box textarea") == "half a question"
    assert click_every_marker(other) == click_every_marker(one)
    other.click("#new")
    one.wait_for_selector(".welcome")
    assert ask(one, SECOND).inner_text()
    other.wait_for_selector(".reply[data-kind]")
    assert one.locator(".question").all_inner_texts() == other.locator(".question").all_inner_texts()


def test_a_conversation_survives_a_restart_of_the_server(visitor: Any, tmp_path: Path) -> None:
    context, port = visitor(), free_port()
    with served(tmp_path, port) as address:
        page = opened(context, address)
        ask(page, QUESTION)
        before = click_every_marker(page)
        page.goto("about:blank")  # else the browser reports the lost connection
    with served(tmp_path, port) as address:
        page.goto(address)
        page.wait_for_selector(".reply[data-kind]")
        assert click_every_marker(page) == before
        assert ask(page, "Who is Nvidia's CEO?").inner_text()
        assert page.evaluate("() => Object.keys(localStorage)") == ["spanproof-visitor"]
        page.goto("about:blank")


def test_a_thousand_messages_are_shown_and_one_more_is_refused_in_one_line(visitor: Any, tmp_path: Path) -> None:
    with served(tmp_path) as address:
        page = opened(visitor(), address)
        ask(page, QUESTION)
        (file,) = (tmp_path / "visitors").glob("*/visit.json")
        visit = Visit.model_validate_json(file.read_bytes())
        file.write_text(visit.model_copy(update={"entries": visit.entries * LONGEST}).model_dump_json(), "utf-8")
        page.reload()
        page.wait_for_function(f"() => document.querySelectorAll('.reply[data-kind]').length === {LONGEST}")
        last = page.locator("p.said .marker").last
        last.click()
        page.wait_for_selector("mark.active")
        assert page.evaluate(HIGHLIGHTED) == visit.entries[0].answer.citations[0].quote
        page.fill("#box textarea", SECOND)
        page.press("#box textarea", "Enter")
        page.wait_for_selector("#hint >> text=begin a new chat")
        assert page.input_value("#box textarea") == SECOND
        assert page.locator(".turn").count() == LONGEST
        page.goto("about:blank")


def test_the_last_question_is_edited_and_asked_again(page: Any) -> None:
    ask(page, QUESTION)
    page.click(".edit")
    page.wait_for_selector("#hint .notice")
    assert page.input_value("#box textarea") == QUESTION
    page.fill("#box textarea", SECOND)
    page.press("#box textarea", "Enter")
    page.wait_for_function(f"() => document.querySelector('.question').textContent.includes({SECOND!r})")
    page.wait_for_selector(".reply[data-kind]")
    assert page.locator(".turn").count() == 1
    page.wait_for_selector("#hint .notice", state="hidden")


def test_escape_leaves_the_last_question_as_it_is(page: Any) -> None:
    ask(page, QUESTION)
    page.click(".edit")
    page.wait_for_selector("#hint .notice")
    page.wait_for_function("() => document.activeElement.matches('#box textarea')")
    page.keyboard.press("Escape")
    page.wait_for_selector("#hint .notice", state="hidden")
    assert page.input_value("#box textarea") == ""
    ask(page, SECOND)
    assert page.locator(".turn").count() == 2


def test_the_export_is_proven_by_verify(page: Any, tmp_path: Path) -> None:
    ask(page, QUESTION)
    ask(page, "What did the weather forecast promise for Lisbon?")
    for shape in ("json", "markdown"):
        page.click(".menu summary")
        with page.expect_download() as download:
            page.click(f"[data-format={shape}]")
        download.value.save_as(tmp_path / download.value.suggested_filename)
    assert main(["verify", str(tmp_path / "spanproof-conversation.json")]) == 0
    assert "characters 0–172" in (tmp_path / "spanproof-conversation.md").read_text("utf-8")


def test_after_a_reload_the_last_answer_is_in_sight(page: Any) -> None:
    for question in (
        "How many chips will Nvidia supply?",
        "Who is the CEO?",
        "Where did he speak?",
        "Who won the cup?",
    ):
        ask(page, question)
    page.reload()
    page.locator(".reply[data-kind]").nth(3).wait_for()
    page.wait_for_timeout(1_500)
    below = page.evaluate("(t => t.scrollHeight - t.scrollTop - t.clientHeight)(document.querySelector('#talk'))")
    last = page.locator(".reply[data-kind]").nth(3).bounding_box()
    assert below < 50 or last["y"] < page.viewport_size["height"] / 2
    assert 0 <= last["y"] < page.viewport_size["height"]
