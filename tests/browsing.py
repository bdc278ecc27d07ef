"""What the browser tests and the stills share: the page's server, a browser, asking and pointing."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

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
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
PATIENCE = 25_000
"""Milliseconds to wait for anything: the first question waits for the models too."""
QUESTION = "How many chips will Nvidia supply?"
HIGHLIGHTED = "() => [...document.querySelectorAll('mark.active')].map((mark) => mark.textContent).join('')"
IN_VIEW = """() => {
  const box = document.querySelector('mark.active').getBoundingClientRect();
  return box.top >= 0 && box.bottom <= window.innerHeight && box.left >= 0 && box.right <= window.innerWidth;
}"""


class NoBrowserError(Exception):
    """No browser, or no Playwright to drive it with."""


@contextmanager
def chromium() -> Iterator[Any]:
    """Debian's own Chromium, without a window. Raises NoBrowserError."""
    executable = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if executable is None:
        raise NoBrowserError(f"none of {', '.join(BROWSERS)} is installed")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise NoBrowserError("playwright is not installed") from error
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=executable, args=QUIET)
        yield opened
        opened.close()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def served(folder: Path, port: int = 0, **settings: str) -> Iterator[str]:
    """The address of `python app.py`, which keeps all that it writes in `folder`; read from what it says."""
    port = port or free_port()
    environment = os.environ | {
        "RAG_PORT": str(port),
        "RAG_INDEX_DIR": str(folder / "index"),
        "RAG_VISITORS_DIR": str(folder / "visitors"),
        **settings,
    }
    server = subprocess.Popen(
        [sys.executable, "app.py"], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    )
    with server:
        said = []
        assert server.stderr is not None
        for line in server.stderr:
            said.append(line)
            if f"http://127.0.0.1:{port}/" in line:
                break
        else:
            raise AssertionError(f"python app.py ended: {''.join(said)}")
        try:
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.terminate()


def opened(context: Any, address: str) -> Any:
    """A new page of a browser's context, once it can be used."""
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    page.wait_for_selector("#box textarea")
    return page


def ask(page: Any, question: str) -> Any:
    """Ask with the Enter key; the reply, once it is there."""
    before = page.locator(".reply[data-kind]").count()
    page.fill("#box textarea", question)
    page.press("#box textarea", "Enter")
    reply = page.locator(".reply[data-kind]").nth(before)
    reply.wait_for()
    return reply


@contextmanager
def on_its_way(page: Any, press: Callable[[], None]) -> Iterator[None]:
    """While what `press` sends has reached the server, and the server's reply has not come back."""
    held: list[tuple[Any, Any]] = []

    def hold(route: Any) -> None:
        if route.request.method == "POST" and not held:
            held.append((route, route.fetch()))
        else:
            route.continue_()

    page.route("**/gradio_api/**", hold)
    press()
    while not held:
        page.wait_for_timeout(10)
    yield
    route, response = held[0]
    route.fulfill(response=response)


def is_phone(page: Any) -> bool:
    """Whether the source is a sheet over the conversation."""
    return bool(page.viewport_size["width"] <= 800)


def close_sheet(page: Any) -> None:
    """On a phone, back to the conversation."""
    if is_phone(page):
        page.click("#source .close")
        page.wait_for_selector("#source", state="hidden")
