"""The page over a language model: its statements, what it took, and Stop, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browsing import PATIENCE, QUESTION, ask, opened, served
from tests.scripted_model import Reply, ScriptedModel, scripted_model


@pytest.fixture
def model() -> Iterator[ScriptedModel]:
    with scripted_model() as serving:
        yield serving


def test_a_model_writes_on_the_page_and_can_be_stopped(visitor: Any, tmp_path: Path, model: ScriptedModel) -> None:
    with served(tmp_path, RAG_LLM="openai-like:honest", RAG_LLM_URL=model.url) as address:
        page = opened(visitor(), address)
        page.set_default_timeout(5 * PATIENCE)  # the first question waits for the provider's package as well
        assert not page.locator("#stop").is_visible()
        reply = ask(page, QUESTION)
        assert "generative/honest" in reply.inner_text()
        assert "321 tokens in" in reply.inner_text()
        model.replies.append(lambda asked: Reply(f"{asked.best()[1]} [{asked.best()[0]}] {'So on. ' * 900}", pause=0.2))
        page.fill("#box textarea", QUESTION)
        page.press("#box textarea", "Enter")
        page.wait_for_selector("#now .said .marker")
        page.click("#stop")
        assert model.left.wait(30)
        page.wait_for_selector("#now .turns", state="detached")
        assert "Stopped" in page.locator("#hint").inner_text()
        assert page.locator(".reply[data-kind]").count() == 1
        assert "generative/honest" in ask(page, QUESTION).inner_text()
        page.goto("about:blank")
