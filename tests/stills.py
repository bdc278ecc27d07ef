"""The pictures of the page in docs/, made anew by `python -m tests.stills` (or `make stills`)."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.browsing import DESKTOP, PHONE, QUESTION, ROOT, NoBrowserError, ask, chromium, close_sheet, opened, served

DOCS = ROOT / "docs"
FOLLOW_UP = "What is Nvidia valued at?"
SETTLED = 700
"""Milliseconds until nothing moves any more."""


def main() -> int:
    """Take all pictures into the folder given, by default docs/."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else DOCS
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as kept, chromium() as browser, served(Path(kept)) as address:
        with page_of(browser, address, DESKTOP) as page:
            take_the_way(page, folder)
        with page_of(browser, address, DESKTOP, color_scheme="dark") as page:
            point(page)
            take(page, folder / "page-dark.png")
        with page_of(browser, address, PHONE, device_scale_factor=2) as page:
            take_the_phone(page, folder)
    return 0


@contextmanager
def page_of(browser: Any, address: str, size: Any, **options: Any) -> Iterator[Any]:
    """A visitor's page, closed afterwards."""
    context = browser.new_context(viewport=size, **options)
    yield opened(context, address)
    context.close()


def take_the_way(page: Any, folder: Path) -> None:
    """Question, marker, highlighted source; then the texts that a visitor brings."""
    page.wait_for_selector(".example")
    page.fill("#box textarea", QUESTION)
    take(page, folder / "page-question.png")
    reply = ask(page, QUESTION)
    reply.locator("p.said .marker").first.hover()
    page.wait_for_selector("#tip")
    take(page, folder / "page-marker.png")
    reply.locator("p.said .marker").first.click()
    ask(page, FOLLOW_UP).locator("p.said .marker").first.click()
    page.mouse.move(640, 795)
    take(page, folder / "page.png")
    page.click(".open-texts")
    page.fill("#paste textarea", "The harbour of Porto Alto\n\nThe harbour opened in 1903 and cost 400 gold coins.")
    page.click("#add")
    page.wait_for_selector("#report .added")
    take(page, folder / "page-texts.png")


def take_the_phone(page: Any, folder: Path) -> None:
    """The answer, then the source as a sheet over it."""
    point(page)
    take(page, folder / "page-phone-source.png")
    close_sheet(page)
    take(page, folder / "page-phone.png")


def point(page: Any) -> None:
    """Ask, and open the source at the first marker."""
    ask(page, QUESTION).locator("p.said .marker").first.click()
    page.wait_for_selector("mark.active")
    page.mouse.move(1, 1)


def take(page: Any, file: Path) -> None:
    """One picture, once nothing moves."""
    page.wait_for_timeout(SETTLED)
    page.screenshot(path=file)
    print(file)


if __name__ == "__main__":
    try:
        sys.exit(main())
    except NoBrowserError as error:
        sys.exit(f"{error}: the pictures need it (apt-get install chromium)")
