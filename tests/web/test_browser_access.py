"""Who can use the page: keyboard alone, dark mode, less motion, a screen reader's rules; and twenty at once."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import combinations
from typing import Any

import huggingface_hub
import pytest
from gradio_client import Client

from tests.browsing import DESKTOP, HIGHLIGHTED, IN_VIEW, PATIENCE, PHONE, QUESTION, ROOT, ask, is_phone, opened

GRADIO_S_OWN: dict[str, str] = {}
"""Elements that Gradio makes and that break a rule, with the reason to leave them out; none at present."""


def violations(page: Any) -> list[str]:
    """The serious violations in the page, one line each with the elements that they are in."""
    from axe_playwright_python.sync_playwright import Axe

    page.wait_for_timeout(400)  # colours in transition have no contrast of their own
    found = Axe().run(page, context={"include": [["body"]], "exclude": [[name] for name in GRADIO_S_OWN]})
    return [
        f"{violation['id']} ({violation['impact']}): {[node['html'][:120] for node in violation['nodes']]}"
        for violation in found.response["violations"]
        if violation["impact"] in ("serious", "critical")
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [pytest.param(DESKTOP, id="desktop"), pytest.param(PHONE, id="phone")])
def test_axe_finds_nothing_serious(visitor: Any, address: str, size: Any, scheme: str) -> None:
    page = opened(visitor(viewport=size, color_scheme=scheme), address)
    page.wait_for_selector(".example")
    assert violations(page) == []
    reply = ask(page, QUESTION)
    ask(page, "What did the weather forecast promise for Lisbon?")
    reply.locator("summary").click()
    reply.locator(".thumb.up").click()
    assert violations(page) == []
    page.keyboard.press("Escape")
    reply.locator("p.said .marker").first.click()
    page.wait_for_selector("mark.active")
    assert violations(page) == []
    page.keyboard.press("Escape")
    page.click(".open-texts")
    page.fill("#paste textarea", "Tea is green.")
    page.click("#add")
    page.wait_for_selector("#report .added")
    assert violations(page) == []


def test_dark_mode_is_dark(visitor: Any, address: str) -> None:
    page = opened(visitor(color_scheme="dark"), address)
    reply = ask(page, QUESTION)
    reply.locator("p.said .marker").first.click()
    page.wait_for_selector("mark.active")
    shade = "(name) => getComputedStyle(document.querySelector(name)).backgroundColor.match(/\\d+/g).map(Number)"
    assert max(page.evaluate(shade, "body")) < 60
    assert max(page.evaluate(shade, "#source")) < 60
    assert page.evaluate(HIGHLIGHTED)


def tab_to(page: Any, selector: str, presses: int = 40) -> None:
    """Press Tab until an element that `selector` names has the focus, and it must be seen to have it."""
    for _ in range(presses):
        page.keyboard.press("Tab")
        if page.evaluate("(name) => document.activeElement.matches(name)", selector):
            assert page.evaluate("() => getComputedStyle(document.activeElement).outlineStyle") != "none"
            return
    raise AssertionError(f"Tab does not reach {selector}")


def test_everything_works_with_the_keyboard_alone(page: Any) -> None:
    page.wait_for_selector(".example")
    page.focus("#box textarea")
    page.keyboard.type("How many chips")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("will Nvidia supply?")
    assert page.input_value("#box textarea") == "How many chips\nwill Nvidia supply?"
    page.keyboard.press("Enter")
    page.wait_for_selector(".reply[data-kind]")
    page.focus("#new")
    tab_to(page, "p.said .marker")
    page.wait_for_selector("#tip")
    page.keyboard.press("Escape")
    page.wait_for_selector("#tip", state="hidden")
    page.keyboard.press("Enter")
    page.wait_for_selector("mark.active")
    page.wait_for_function(IN_VIEW)
    assert "260,000" in page.evaluate(HIGHLIGHTED)
    tab_to(page, ".back.active")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.matches('p.said .marker')")
    if is_phone(page):
        page.wait_for_selector("#source", state="hidden")
    tab_to(page, ".sources summary")
    page.keyboard.press("Enter")
    page.wait_for_selector(".sources blockquote")
    page.focus("#brand summary")
    tab_to(page, ".open-texts")
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.activeElement.matches('.close-texts')")
    tab_to(page, "#paste textarea")
    page.keyboard.press("Escape")
    page.wait_for_selector("#texts", state="hidden")
    assert page.evaluate("() => document.activeElement.matches('.open-texts')")


def test_the_focus_is_on_the_menu_again_after_an_export(page: Any) -> None:
    ask(page, QUESTION)
    page.click("#brand summary")
    with page.expect_download():
        page.click(".export >> nth=0")
    assert page.evaluate("() => document.activeElement.matches('#brand summary')")


@pytest.mark.parametrize(
    "size",
    [
        pytest.param({"width": 640, "height": 400}, id="twice as large"),
        pytest.param({"width": 320, "height": 568}, id="a small phone"),
    ],
)
def test_in_a_small_window_no_word_and_no_button_is_covered(visitor: Any, address: str, size: dict[str, int]) -> None:
    page = opened(visitor(viewport=size), address)
    page.wait_for_selector(".example")
    boxes = [button.bounding_box() for button in page.locator("#bar :is(button, summary):visible").all()]
    assert len(boxes) == 4
    assert all(box["x"] >= 0 and box["x"] + box["width"] <= size["width"] for box in boxes)
    for one, other in combinations(boxes, 2):
        beside = max(one["x"], other["x"]) >= min(one["x"] + one["width"], other["x"] + other["width"])
        assert beside or abs(one["y"] - other["y"]) >= one["height"]
    assert page.locator("#talk").evaluate("(talk) => talk.scrollHeight - talk.clientHeight") <= 1
    assert page.locator("#send").bounding_box()["y"] < size["height"]


def test_who_wants_less_motion_gets_none(visitor: Any, address: str) -> None:
    page = opened(visitor(reduced_motion="reduce"), address)
    moving = """() => [...document.querySelectorAll('#panes *')].filter((element) => {
      const style = getComputedStyle(element);
      return style.animationName !== 'none' || !/^(all|none)$/.test(style.transitionProperty) ||
        parseFloat(style.transitionDuration) > 0;
    }).map((element) => element.outerHTML.slice(0, 80))"""
    ask(page, QUESTION)
    assert page.evaluate(moving) == []


def test_twenty_visitors_at_once_get_their_own_answers(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)  # the client reports to its makers
    questions = [QUESTION, "Who is Nvidia's CEO?", "What is Nvidia valued at?", "What is it about?"] * 5
    alone = Client(address, verbose=False)
    expected = {question: alone.predict(question, api_name="/ask")["text"] for question in set(questions)}

    def visit(question: str) -> tuple[str, str]:
        given = Client(address, verbose=False).predict(question, api_name="/ask")
        return given["question"], given["text"]

    with ThreadPoolExecutor(20) as pool:
        assert [*pool.map(visit, questions)] == [(question, expected[question]) for question in questions]


def test_twenty_conversations_at_once_do_not_mix(visitor: Any, address: str) -> None:
    pages = [opened(visitor(), address) for _ in range(20)]
    questions = [f"How many chips will Nvidia supply to visitor {number}?" for number in range(20)]
    for page, question in zip(pages, questions, strict=True):
        page.fill("#box textarea", question)
    for page in pages:
        page.press("#box textarea", "Enter")
    for page, question in zip(pages, questions, strict=True):
        page.wait_for_selector(".reply[data-kind]", timeout=5 * PATIENCE)  # twenty share two cores
        assert page.locator(".question").all_text_contents() == [f"You asked: {question}"]
        assert page.locator(".failure").count() == 0


def test_the_page_is_there_before_any_model_is_loaded() -> None:
    script = "import sys, app\nprint(*{name.split('.')[0] for name in sys.modules})"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    heavy = {"torch", "sentence_transformers", "transformers", "chromadb", "onnxruntime", "llama_index"}
    assert heavy.isdisjoint(done.stdout.split())
