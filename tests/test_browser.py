"""The page in a real browser: `python app.py`, a question, a click on a marker, the words in the source."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rag.corpus import seeds_dir
from rag.loading import load

ROOT = Path(__file__).parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
SIZES = [
    pytest.param({"width": 1280, "height": 800}, id="desktop"),
    pytest.param({"width": 390, "height": 844}, id="phone"),
]
QUESTION = "How many chips will Nvidia supply?"
QUOTE = (
    "US chip giant Nvidia will supply more than 260,000 of its most advanced artificial intelligence (AI) chips "
    "to South Korea's government, as well as Samsung, LG, and Hyundai."
)
HIGHLIGHTED = "() => [...document.querySelectorAll('mark.active')].map((mark) => mark.textContent).join('')"
IN_VIEW = """() => {
  const box = document.querySelector('mark.active').getBoundingClientRect();
  return box.top >= 0 && box.bottom <= window.innerHeight && box.left >= 0 && box.right <= window.innerWidth;
}"""


def without_browser(reason: str) -> None:
    """CI must have a browser; on a person's machine the tests that need one are skipped."""
    (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{reason}: install Chromium to run the browser tests")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    executable = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if executable is None:
        without_browser(f"none of {', '.join(BROWSERS)} is installed")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        without_browser("playwright is not installed")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=executable, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture(scope="module")
def address(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where `python app.py` serves the seed article, read from what it says on the terminal."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = os.environ | {"RAG_PORT": str(port), "RAG_INDEX_DIR": str(tmp_path_factory.mktemp("index"))}
    server = subprocess.Popen(
        [sys.executable, "app.py"], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )
    with server:
        said = []
        for line in server.stderr:
            said.append(line)
            if f"http://127.0.0.1:{port}/" in line:
                break
        else:
            pytest.fail(f"python app.py ended: {''.join(said)}")
        yield f"http://127.0.0.1:{port}/"
        server.terminate()


@pytest.fixture(params=SIZES)
def page(request: pytest.FixtureRequest, browser: Any, address: str) -> Iterator[Any]:
    """A fresh page at each size; afterwards no request may have left the machine, no script have failed."""
    context = browser.new_context(viewport=request.param)
    opened = context.new_page()
    reached, errors = [], []
    opened.on("request", lambda sent: reached.append(sent.url))
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    opened.goto(address)
    opened.wait_for_selector("#box textarea")
    yield opened
    context.close()
    hosts = {urllib.parse.urlsplit(url).hostname for url in reached if not url.startswith(("data:", "blob:"))}
    assert hosts == {"127.0.0.1"}
    assert errors == []


def ask(page: Any, question: str) -> Any:
    """Ask with the Enter key; the reply, once it is there."""
    before = page.locator(".reply[data-kind]").count()
    page.fill("#box textarea", question)
    page.press("#box textarea", "Enter")
    reply = page.locator(".reply[data-kind]").nth(before)
    reply.wait_for()
    return reply


def is_phone(page: Any) -> bool:
    return bool(page.viewport_size["width"] <= 800)


def close_sheet(page: Any) -> None:
    if is_phone(page):
        page.click("#source .close")
        page.wait_for_selector("#source", state="hidden")


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


def test_a_marker_of_an_earlier_turn_still_opens_its_words(page: Any) -> None:
    first = ask(page, QUESTION)
    ask(page, "What happened to Nvidia's access to the Chinese market?").locator("p.said .marker").first.click()
    page.wait_for_function(f"() => ({HIGHLIGHTED})().includes('Chinese market')")
    close_sheet(page)
    first.locator("p.said .marker").first.click()
    page.wait_for_function(f"(quote) => ({HIGHLIGHTED})() === quote", arg=QUOTE)
    page.wait_for_function(IN_VIEW)


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
