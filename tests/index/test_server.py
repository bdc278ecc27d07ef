"""An index whose vectors are on a Chroma server: a real one, none, and one that goes away."""

import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from rag import Pipeline, Settings
from rag.errors import UnreachableError
from tests.fakes import COFFEE, MILK, TEA, FakeEncoder

ONE_LINE = r"^no Chroma server answers at http://127.0.0.1:\d+: start [^\n]*RAG_CHROMA_URL$"


@contextmanager
def serving(folder, port):
    """A Chroma server of its own process, on this machine."""
    command = [Path(sys.executable).with_name("chroma"), "run", "--path", folder, "--host", "127.0.0.1", "--port", port]
    with subprocess.Popen(list(map(str, command)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            assert any(listens(port) or time.sleep(0.1) for _ in range(300)), "the server did not start"
            yield
        finally:
            server.terminate()


def listens(port):
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture
def settings(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    return Settings(index_dir=tmp_path / "index", chroma_url=f"http://127.0.0.1:{port}")


def test_a_server_that_goes_away_is_one_line_each_time_and_nothing_is_lost(settings, tmp_path, monkeypatch, caplog):
    monkeypatch.setattr("rag.index.store.EXACT_LIMIT", 0)  # it is searched on the server
    address = tmp_path / "server", int(settings.chroma_url.rpartition(":")[2])
    (tmp_path / "tea.txt").write_text(TEA.text)
    with_paths = settings.model_copy(update={"corpus": (tmp_path / "tea.txt",)})
    with serving(*address):
        pipeline = Pipeline.build([tmp_path / "tea.txt", MILK], settings=settings, encoder=FakeEncoder())
        found = pipeline.retrieve("What is green?")
        assert "green" in found[0].passage.text
    encoder = FakeEncoder()
    for attempt in (
        lambda: pipeline.retrieve("What is green?"),
        lambda: pipeline.add(COFFEE),
        lambda: Pipeline.open(settings, encoder=encoder),
        lambda: Pipeline.open(with_paths, encoder=encoder),
        lambda: Pipeline.build(COFFEE, settings=settings, encoder=encoder),
        lambda: Pipeline.build(COFFEE, tmp_path / "new", settings, encoder=FakeEncoder()),
    ):
        with pytest.raises(UnreachableError, match=ONE_LINE):
            attempt()
    assert caplog.text == ""
    with serving(*address):
        assert pipeline.retrieve("What is green?") == found
        assert Pipeline.open(settings, encoder=encoder).documents == pipeline.documents
    assert encoder.calls == 0


def test_without_a_server_nothing_is_encoded(settings):
    encoder = FakeEncoder()
    with pytest.raises(UnreachableError, match=ONE_LINE):
        Pipeline.build(TEA, settings=settings, encoder=encoder)
    assert encoder.calls == 0
