"""Fixtures that tests share, and two guards: nothing reaches the network, nothing the user's settings or cache."""

import logging
import os
import urllib.parse
from contextlib import ExitStack, contextmanager

import pytest
from platformdirs import user_cache_path

from evals.run import closed_network
from rag.encoding import load_encoder
from rag.index.corpus import seeds_dir
from rag.pipeline import Pipeline
from rag.training.streams import plain_tokenizer
from tests.browsing import DESKTOP, PHONE, NoBrowserError, chromium, opened, served


@pytest.fixture(scope="session", autouse=True)
def no_network():
    """Makes whatever leads away from this machine fail, and says so at the end where a library hid the failure."""
    refused = []
    with closed_network(refused):
        yield refused
    assert refused == []


@pytest.fixture(scope="session", autouse=True)
def session_environment(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("RAG_")]:
            patch.delenv(name)
        if "PLAYWRIGHT_BROWSERS_PATH" not in os.environ:  # they lie in the cache folder too
            patch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(user_cache_path("ms-playwright")))
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(autouse=True)
def environment(tmp_path, monkeypatch):
    """A cache folder for each test alone, and warnings heard: the evaluation's command mutes them."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    logging.getLogger("rag").setLevel(logging.NOTSET)


@pytest.fixture(scope="session")
def encoder():
    return load_encoder()


@pytest.fixture(scope="session")
def tokenizer():
    return plain_tokenizer()


@pytest.fixture(scope="session")
def seeds_pipeline(encoder, tmp_path_factory):
    with Pipeline.build(seeds_dir(), tmp_path_factory.mktemp("seeds-index"), encoder=encoder) as pipeline:
        yield pipeline


@pytest.fixture(scope="module")
def browser():
    """CI must have a browser; on a person's machine the tests that need one are skipped."""
    with ExitStack() as stack:
        try:
            running = stack.enter_context(chromium())
        except NoBrowserError as error:
            reason = f"{error}: install Chromium to run the browser tests"
            (pytest.fail if os.environ.get("CI") else pytest.skip)(reason)
        yield running


@pytest.fixture(scope="module")
def address(browser, tmp_path_factory):
    """Where `python app.py` serves the seed article."""
    with served(tmp_path_factory.mktemp("served")) as where:
        yield where


@contextmanager
def watched(browser, **options):
    """A visitor's browser; afterwards no request may have left the machine, no script have failed."""
    context = browser.new_context(**options)
    reached, errors = [], []
    context.on("request", lambda sent: reached.append(sent.url))
    context.on("weberror", lambda failed: errors.append(str(failed.error)))
    context.on("console", lambda said: errors.append(said.text) if said.type == "error" else None)
    yield context
    context.close()
    hosts = {urllib.parse.urlsplit(url).hostname for url in reached if not url.startswith(("data:", "blob:"))}
    assert hosts <= {"127.0.0.1"}
    assert errors == []


@pytest.fixture
def visitor(browser):
    """A function that makes another visitor: a browser context with nothing in it."""
    with ExitStack() as stack:
        yield lambda **options: stack.enter_context(watched(browser, **{"viewport": DESKTOP, **options}))


@pytest.fixture(params=[pytest.param(DESKTOP, id="desktop"), pytest.param(PHONE, id="phone")])
def page(request, visitor, address):
    """A fresh page at each size."""
    return opened(visitor(viewport=request.param), address)
