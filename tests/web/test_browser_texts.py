"""Texts that visitors bring, in a real browser: dropped, asked, removed, seen by nobody else, and never run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.browsing import HIGHLIGHTED, PHONE, ask, close_sheet, is_phone, on_its_way, opened

HARBOUR = "The harbour of Porto Alto 🛥️👩‍🔬 opened in 1903. Café owner Inês Matos 🫖 paid 400 gold coins for the façade."
QUOTE = "Café owner Inês Matos 🫖 paid 400 gold coins for the façade."
EVIL = """<script>window.hacked = 1</script> is what the visitor Zeno wrote on the wall of Porto Alto.

<img src=x onerror="window.hacked = 2"> was painted by the visitor Yara in 1904 [1].

[Click here](javascript:window.hacked=3) was **carved** by the visitor Xaver in 1905 [2].
"""


def open_texts(page: Any) -> None:
    page.click(".open-texts")
    page.wait_for_selector("#texts.open")


def bring(page: Any, *files: Path) -> None:
    """Drop files on the panel; it stays open."""
    open_texts(page)
    page.set_input_files("#files input[type=file]", [str(file) for file in files])
    page.wait_for_selector("#report :is(.added, .problem)")


@pytest.fixture
def harbour(tmp_path: Path) -> Path:
    file = tmp_path / "harbour-town.txt"
    file.write_text(HARBOUR, "utf-8")
    return file


def test_a_dropped_file_is_asked_cited_and_removed(page: Any, harbour: Path) -> None:
    bring(page, harbour)
    assert page.inner_text("#report") == "Added: Harbour town"
    page.click(".close-texts")
    page.wait_for_selector("#texts", state="hidden")
    reply = ask(page, "Who paid 400 gold coins for the façade?")
    for marker in reply.locator("p.said .marker").all():
        marker.click()
        page.wait_for_selector("mark.active")
        assert page.evaluate(HIGHLIGHTED) == marker.get_attribute("data-tip").strip("“”")
        close_sheet(page)
    assert QUOTE in reply.inner_text()
    assert page.locator("#source .text").first.text_content() == HARBOUR
    open_texts(page)
    page.focus("#texts .remove")
    page.keyboard.press("Enter")
    page.wait_for_selector("#texts .remove", state="detached")
    page.wait_for_function("() => document.activeElement.matches('#listing input[value=shared]')")
    assert "withdrawn" in page.inner_text(".failure")
    assert "Inês" not in page.content()
    page.click(".close-texts")
    assert ask(page, "How many chips will Nvidia supply?").inner_text()


def test_the_way_back_to_the_served_article_and_to_some_texts(page: Any, harbour: Path, tmp_path: Path) -> None:
    other = tmp_path / "tea.md"
    other.write_text("# Tea house\n\nThe tea house of Porto Alto opened in 1921.", "utf-8")
    bring(page, harbour, other)
    boxes = page.locator(".choose-text")
    assert boxes.count() == 2
    boxes.nth(0).uncheck()
    page.wait_for_selector(".welcome >> text=Tea house")
    page.locator("#listing input[value=shared]").check()
    page.wait_for_selector(".example >> nth=4")
    page.keyboard.press("Escape")
    page.wait_for_selector("#texts", state="hidden")
    assert "260,000" in ask(page, "How many chips will Nvidia supply?").inner_text()


def bring_three(page: Any, harbour: Path, folder: Path) -> None:
    tea, lake = folder / "tea.md", folder / "lake.md"
    tea.write_text("# Tea house\n\nThe tea house of Porto Alto opened in 1921.", "utf-8")
    lake.write_text("# Lake\n\nThe lake of Porto Alto is 40 metres deep.", "utf-8")
    bring(page, harbour, tea, lake)
    page.locator(".choose-text").nth(2).wait_for()


def test_a_text_left_out_while_the_one_before_is_on_its_way(page: Any, harbour: Path, tmp_path: Path) -> None:
    bring_three(page, harbour, tmp_path)
    boxes = page.locator(".choose-text")
    with on_its_way(page, boxes.nth(0).uncheck):
        boxes.nth(1).uncheck()
    page.wait_for_selector(".welcome >> text=Lake")
    assert [box.is_checked() for box in boxes.all()] == [False, False, True]


def test_a_text_opened_while_the_one_before_is_on_its_way(page: Any, harbour: Path, tmp_path: Path) -> None:
    bring_three(page, harbour, tmp_path)
    page.click(".close-texts")
    if is_phone(page):
        page.click(".open-source")
    with on_its_way(page, lambda: page.select_option("#source select", label="Tea house")):
        page.select_option("#source select", label="Lake")
    page.wait_for_selector("#source article:visible >> text=40 metres deep")
    assert page.locator("#source article:visible").count() == 1


def test_a_pasted_text_is_asked(page: Any) -> None:
    open_texts(page)
    page.fill("#paste textarea", HARBOUR)
    page.click("#add")
    page.wait_for_selector("#report .added")
    page.click(".close-texts")
    assert QUOTE in ask(page, "Who paid 400 gold coins for the façade?").inner_text()


def test_two_visitors_do_not_see_each_other(visitor: Any, address: str, harbour: Path) -> None:
    one, other = opened(visitor(), address), opened(visitor(), address)
    bring(one, harbour)
    one.click(".close-texts")
    ask(one, "Who paid 400 gold coins for the façade?")
    other.reload()
    other.wait_for_selector(".example")
    open_texts(other)
    other.wait_for_selector(".listing")
    assert "Harbour" not in other.inner_text("#listing")
    other.click(".close-texts")
    assert "Inês" not in ask(other, "Who paid 400 gold coins for the façade?").inner_text()
    assert "Inês" not in other.content()


def test_a_text_full_of_markup_runs_nothing(page: Any, tmp_path: Path) -> None:
    evil = tmp_path / "<img src=x onerror=hacked=4>.txt"
    evil.write_text(EVIL, "utf-8")
    bring(page, evil)
    page.click(".close-texts")
    for question in ("What did the visitor Zeno write?", "What did Yara paint?", "What did Xaver carve?"):
        reply = ask(page, question)
        markers = reply.locator(".marker")  # an abstention has one as well, of the nearest passage
        assert [text for text in reply.locator("p.said .marker").all_inner_texts() if text != "[1]"] == []
        markers.first.hover()
        page.wait_for_selector("#tip")
        markers.first.click()
        page.wait_for_selector("mark.active")
        close_sheet(page)
    assert page.locator("#source .text").first.text_content() == EVIL
    assert page.locator("#panes .text script, #panes .text img, #panes .text a, #talk :is(script, img, a)").count() == 0
    page.reload()
    page.wait_for_selector(".reply[data-kind]")
    assert page.evaluate("() => window.hacked") is None


def test_bad_files_are_one_line_each_and_the_conversation_stays(page: Any, harbour: Path, tmp_path: Path) -> None:
    ask(page, "How many chips will Nvidia supply?")
    bad = {"empty.txt": b"", "program.pdf": b"MZ\x90\x00" + bytes(1000)}
    for name, data in bad.items():
        (tmp_path / name).write_bytes(data)
    bring(page, *(tmp_path / name for name in bad), harbour)
    problems = page.locator("#report .problem").all_inner_texts()
    assert [problem.split()[0] for problem in problems] == [*bad]
    assert page.inner_text("#report .added") == "Added: Harbour town"
    huge = tmp_path / "huge.txt"
    with huge.open("wb") as file:
        file.truncate(40_000_000)  # the browser refuses it by its size; Playwright itself takes no more than 50 MB
    page.set_input_files("#files input[type=file]", str(huge))
    page.wait_for_selector("text=exceed the maximum allowed size")
    assert page.locator(".reply[data-kind]").count() == 1


def test_all_that_is_kept_of_a_visitor_is_deleted_on_request(page: Any, harbour: Path) -> None:
    bring(page, harbour)
    page.click(".forget")
    page.wait_for_selector("#report .added >> text=Deleted")
    page.reload()
    page.wait_for_selector(".example >> nth=4")
    open_texts(page)
    page.wait_for_selector(".listing")
    assert "Your text" not in page.inner_text("#listing")


def test_the_last_chosen_text_stays_chosen(page: Any, harbour: Path, tmp_path: Path) -> None:
    other = tmp_path / "mill.txt"
    other.write_text("The mill at Tarn has six wheels.", "utf-8")
    bring(page, harbour, other)
    boxes = page.locator(".choose-text")
    boxes.nth(1).wait_for()
    boxes.nth(0).click()
    page.wait_for_timeout(300)
    boxes.nth(1).click()
    assert [box.is_checked() for box in boxes.all()] == [False, True]


def test_a_text_that_is_dropped_while_another_is_indexed_is_taken(page: Any, harbour: Path, tmp_path: Path) -> None:
    long = tmp_path / "long.txt"
    long.write_text("".join(f"The mill number {i} at Tarn has {i} wheels.\n\n" for i in range(2_000)), "utf-8")
    open_texts(page)
    page.set_input_files("#files input[type=file]", str(long))
    page.wait_for_timeout(1_000)
    page.set_input_files("#files input[type=file]", str(harbour))
    page.locator(".choose-text").nth(1).wait_for(timeout=120_000)
    assert "Harbour town" in page.inner_text("#texts")


def test_a_paragraph_begins_on_the_side_of_its_own_letters(page: Any, tmp_path: Path) -> None:
    ports = tmp_path / "ports.txt"
    ports.write_text("افتتح ميناء الإسكندرية في عام 1871.\n\nThe port of Alexandria has 1200 workers.\n", "utf-8")
    bring(page, ports)
    page.click(".close-texts")
    ask(page, "How many workers does the port of Alexandria have?")
    if is_phone(page):
        page.click(".open-source")
    stops = """() => {
      const { firstChild } = document.querySelector('#source .text');
      const at = (i) => {
        const range = document.createRange();
        range.setStart(firstChild, i);
        range.setEnd(firstChild, i + 1);
        return range.getBoundingClientRect().left;
      };
      return at(0) - at(firstChild.data.indexOf('.'));
    }"""
    assert page.evaluate(stops) > 0


def test_a_long_name_of_a_text_stays_within_the_page(visitor: Any, address: str, tmp_path: Path) -> None:
    page = opened(visitor(viewport=PHONE), address)
    long = tmp_path / f"{'L' + 'o' * 120}ng.txt"
    long.write_text("The harbour of Porto Alto opened in 1903.", "utf-8")
    bring(page, long)
    page.click(".close-texts")
    reply = ask(page, "When did the harbour of Porto Alto open?")
    reply.locator("summary").click()
    box = reply.locator("cite").bounding_box()
    assert box["x"] + box["width"] <= PHONE["width"]
