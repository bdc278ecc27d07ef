"""The page without a browser: what the API answers, where it is served."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import Mock

import gradio as gr
import httpx
import huggingface_hub
import pytest
from gradio import processing_utils
from gradio.utils import get_upload_folder
from gradio_client import Client
from gradio_client.exceptions import AppError

from rag.errors import ServeError
from rag.pipeline import Pipeline
from rag.schema import Answer
from rag.settings import Settings
from rag.web import build_page, launch, serve
from rag.web.uploads import read_uploads

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module", autouse=True)
def loops_closed() -> Iterator[None]:
    """Closes the event loops that gradio makes for its locks and leaves open: pytest would report them."""
    made, make = [], asyncio.new_event_loop

    def remembered() -> asyncio.AbstractEventLoop:
        loop = make()
        if threading.current_thread() is threading.main_thread():
            made.append(loop)
        return loop

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio, "new_event_loop", remembered)
        yield
    asyncio.set_event_loop(None)
    for loop in made:
        loop.close()


@pytest.fixture(scope="module")
def client(seeds_pipeline: Pipeline) -> Iterator[Client]:
    page = build_page(seeds_pipeline)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(huggingface_hub.constants, "HF_HUB_OFFLINE", True)  # the client reports to its makers
        yield Client(launch(page, Settings(port=0), block=False), verbose=False)
    page.close()


def test_the_page_builds(seeds_pipeline: Pipeline) -> None:
    page = build_page(seeds_pipeline)
    assert isinstance(page, gr.Blocks)
    assert page.analytics_enabled is False
    public = [e["api_name"] for e in page.get_config_file()["dependencies"] if e["api_visibility"] == "public"]
    assert public == ["ask"]


def test_an_upload_s_name_never_leaves_its_folder_and_its_size_is_checked(client: Client, tmp_path: Path) -> None:
    def upload(name: str, data: bytes) -> httpx.Response:
        return httpx.post(f"{client.src}gradio_api/upload", files={"files": (name, data)}, trust_env=False)

    (path,) = upload("../../../etc/evil.txt", b"Tea is green.").json()
    assert Path(path).name == "evil.txt"
    assert Path(path).parent.parent == Path(get_upload_folder())
    ((document,), _) = read_uploads([path])
    assert document.source == "evil.txt"
    assert upload("big.txt", b"a" * 21_000_000).status_code >= 400


def test_the_api_gives_the_answer_of_the_pipeline(client: Client, seeds_pipeline: Pipeline) -> None:
    question = "How many chips will Nvidia supply?"
    given = Answer.model_validate(client.predict(question, api_name="/ask"))
    assert given.without_timings() == seeds_pipeline.ask(question).without_timings()
    assert given.short == "more than 260,000"


def test_the_api_takes_history_and_documents(client: Client, seeds_pipeline: Pipeline) -> None:
    history = [{"role": "user", "content": "What did Nvidia sign?"}, {"role": "assistant", "content": "A contract."}]
    (document,) = seeds_pipeline.documents
    given = client.predict("Who is the CEO?", history, [document.id], api_name="/ask")
    expected = seeds_pipeline.ask("Who is the CEO?", history, [document.id]).model_dump(mode="json")
    assert given["searched_for"] == expected["searched_for"]
    assert given["text"] == expected["text"]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_an_address_in_the_place_of_a_file_is_not_fetched(
    client: Client, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    fetching = Mock(side_effect=ValueError("fetched"))
    monkeypatch.setattr(processing_utils.sh, "get", fetching)
    remote = {"path": "http://example.org/x.txt", "meta": {"_type": "gradio.FileData"}}
    given: list[object] = ["How many chips?", None, None]
    given[place] = remote if place == 0 else [remote]
    api = f"{client.src}gradio_api/call/ask"
    event = httpx.post(api, json={"data": given}, trust_env=False).json()["event_id"]
    assert "event: error" in httpx.get(f"{api}/{event}", trust_env=False).text
    assert not fetching.called


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param([" "], "the question is empty", id="empty"),
        pytest.param(["Why?", [{"role": "judge", "content": "x"}]], "history.0.role", id="history"),
        pytest.param(["Why?", [], ["nowhere"]], "no document has the id 'nowhere'", id="document"),
    ],
)
def test_the_api_says_what_is_wrong(client: Client, arguments: list[object], message: str) -> None:
    with pytest.raises(AppError, match=re.escape(message)):
        client.predict(*arguments, api_name="/ask")


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


def test_a_port_in_use_is_named_with_the_remedy(taken: int) -> None:
    with pytest.raises(ServeError, match=rf"port {taken} .* in use.*RAG_PORT.*--port"):
        serve(Settings(port=taken))


def test_without_the_extra_mcp_is_one_line_with_the_remedy(
    seeds_pipeline: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.web.serving.find_spec", lambda name: None)
    with pytest.raises(ServeError, match=r"RAG_MCP.*spanproof\[mcp\]"):
        launch(build_page(seeds_pipeline), Settings(port=0, mcp=True), block=False)


def test_an_unknown_host_is_named_with_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", Mock(side_effect=socket.gaierror(-2, "Name or service not known")))
    with pytest.raises(ServeError, match="nowhere.*RAG_HOST"):
        serve(Settings(host="nowhere"))


def test_app_py_ends_with_one_line_when_the_port_is_in_use(taken: int) -> None:
    environment = os.environ | {"RAG_PORT": str(taken)}
    done = subprocess.run([sys.executable, "app.py"], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert str(taken) in done.stderr
