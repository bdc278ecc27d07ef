"""The page in a real browser: `python app.py`, a question, a click on a marker, the words in the source."""

from __future__ import annotations

from typing import Any

from rag.index.corpus import seeds_dir
from rag.loading import load
from tests.browsing import HIGHLIGHTED, IN_VIEW, QUESTION, ask, close_sheet, is_phone, opened

QUOTE = (
    "US chip giant Nvidia will supply more than 260,000 of its most advanced artificial intelligence (AI) chips "
    "to South Korea's government, as well as Samsung, LG, and Hyundai."
)


def test_the_whole_article_is_there_letter_for_letter(page: Any) -> None:
    (document,) = load([seeds_dir()])
    assert page.locator("#source .text").text_content() == document.text
    assert page.locator("#source").is_visible() != is_phone(page)


def test_a_click_on_a_marker_highlights_the_exact_quote_in_view(page: Any) -> None:
    reply = ask(page, QUESTION)
    assert reply.locator(".short").inner_text() == "more than 260,000"
    assert reply.locator("p.said strong.exact").inner_text() == "more than 260,000"
    assert page.evaluate(HIGHLIGHTED) == ""
    reply.locator("p.said button.marker", has_text="[1]").click()
    page.wait_for_selector("mark.active")
    assert page.evaluate(HIGHLIGHTED) == QUOTE
    page.wait_for_function(IN_VIEW)
    close_sheet(page)
    reply.locator("summary").click()
    assert reply.locator(".sources blockquote").inner_text() == QUOTE


LATE = """
const find = Document.prototype.querySelector, findIn = Element.prototype.querySelector;
const since = performance.now();
const late = (given, found) => (/^#(chat|talk)$/.test(given) && performance.now() - since < 3000 ? null : found);
Document.prototype.querySelector = function (given) { return late(given, find.call(this, given)); };
Element.prototype.querySelector = function (given) { return late(given, findIn.call(this, given)); };
"""
"""The conversation comes three seconds after the source, as it may on a busy machine."""


def test_a_conversation_that_comes_after_the_source_works_as_well(visitor: Any, address: str) -> None:
    context = visitor()
    context.add_init_script(LATE)
    page = opened(context, address)
    ask(page, QUESTION).locator("p.said .marker").first.hover()
    page.wait_for_selector("#tip")


def test_hovering_and_focusing_a_marker_shows_its_quote_until_escape(page: Any) -> None:
    marker = ask(page, QUESTION).locator("p.said .marker").first
    tip = page.locator("#tip")
    marker.hover()
    tip.wait_for()
    assert tip.locator(".tip-words").text_content() == f"“{QUOTE}”"
    page.keyboard.press("Escape")
    tip.wait_for(state="hidden")
    page.mouse.move(1, 1)
    page.locator(".edit").focus()
    page.keyboard.press("Tab")
    assert marker.evaluate("(element) => element === document.activeElement")
    tip.wait_for()
    assert marker.get_attribute("aria-describedby") == "tip"
    assert tip.get_attribute("role") == "tooltip"


def test_the_source_says_what_cites_a_span_and_leads_back(page: Any) -> None:
    reply = ask(page, QUESTION)
    marker = reply.locator("p.said .marker").first
    marker.click()
    page.wait_for_selector("mark.active")
    if not is_phone(page):
        page.locator("mark.active").first.hover()
        page.wait_for_function(f"() => document.querySelector('#tip .tip-words').textContent.startsWith('{QUESTION}')")
    page.locator(".back.active").click()
    assert marker.evaluate("(element) => element === document.activeElement")
    assert marker.is_visible()


def test_a_marker_of_an_earlier_turn_still_opens_its_words(page: Any) -> None:
    first = ask(page, QUESTION)
    ask(page, "What happened to Nvidia's access to the Chinese market?").locator("p.said .marker").first.click()
    page.wait_for_function(f"() => ({HIGHLIGHTED})().includes('Chinese market')")
    close_sheet(page)
    first.locator("p.said .marker").first.click()
    page.wait_for_function(f"(quote) => ({HIGHLIGHTED})() === quote", arg=QUOTE)
    page.wait_for_function(IN_VIEW)


def test_a_follow_up_says_what_was_searched_for(page: Any) -> None:
    ask(page, QUESTION)
    reply = ask(page, "And to whom?")
    assert "earched for:" in reply.inner_text() or "Looked for:" in reply.inner_text()
    assert "To whom will Nvidia supply chips?" in reply.inner_text()


def test_an_example_is_asked_by_a_click_and_a_new_chat_brings_the_examples_back(page: Any) -> None:
    example = page.locator("#examples button").first
    question = example.inner_text()
    example.click()
    page.wait_for_selector(".reply[data-kind]")
    assert page.locator(".question").inner_text().endswith(question)
    page.wait_for_selector("#examples", state="hidden")
    page.click("#new")
    page.wait_for_selector(".welcome")
    page.wait_for_selector("#examples button")
    assert page.locator(".turn").count() == 0
    assert page.locator("mark").count() == 0


def test_every_example_gets_a_reply(page: Any) -> None:
    for position in range(page.locator("#examples button").count()):
        page.locator("#examples button").nth(position).click()
        page.wait_for_selector(".reply[data-kind]")
        assert page.locator(".failure").count() == 0
        page.click("#new")
        page.wait_for_selector("#examples button")


def test_an_abstention_shows_the_nearest_passage_in_its_own_colour(page: Any) -> None:
    reply = ask(page, "What did the weather forecast promise for Lisbon?")
    assert reply.get_attribute("data-kind") == "abstention"
    assert "Nearest passage:" in reply.inner_text()
    reply.locator(".marker.nearest").click()
    page.wait_for_selector("mark.active.nearest")
    assert " ".join(page.evaluate(HIGHLIGHTED).split()) == reply.locator("blockquote").text_content()


def test_an_error_is_one_calm_line_and_loses_nothing(page: Any) -> None:
    ask(page, QUESTION)
    question = "why " * 600
    page.fill("#box textarea", question)
    page.click("#send")
    page.wait_for_selector(".failure")
    assert "RAG_MAX_QUESTION_CHARS" in page.locator(".failure").inner_text()
    assert page.locator(".reply .short").first.inner_text() == "more than 260,000"
    page.wait_for_function("(question) => document.querySelector('#box textarea').value === question", arg=question)


def test_the_sheet_on_a_phone_closes_with_escape_and_gives_the_focus_back(page: Any) -> None:
    reply = ask(page, QUESTION)
    marker = reply.locator("p.said .marker").first
    marker.click()
    page.wait_for_selector("mark.active")
    if not is_phone(page):
        assert not page.locator("#source .close").is_visible()
        return
    page.wait_for_function("() => document.activeElement.matches('#source .close')")
    page.keyboard.press("Escape")
    page.wait_for_selector("#source", state="hidden")
    assert marker.evaluate("(element) => element === document.activeElement")
    page.click(".open-source")
    page.wait_for_selector("#source", state="visible")
