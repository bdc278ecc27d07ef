import time
from email.utils import formatdate
from types import SimpleNamespace

import pytest

from rag.errors import LanguageModelError, SettingsError
from rag.llm.models import Line, model_host
from rag.llm.providers import _asked_to_wait, load_model
from rag.settings import PROVIDERS

KEY = "sk-hunter2"


@pytest.fixture(autouse=True)
def installed(monkeypatch):
    for name in ("OPENAI_API_KEY", "ANTHROPIC_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("rag.llm.providers.find_spec", lambda name: name)


def test_no_name_is_no_model():
    assert load_model("") is None


@pytest.mark.parametrize("provider", PROVIDERS)
def test_a_package_that_is_missing_is_named_with_its_extra(monkeypatch, provider):
    monkeypatch.setattr("rag.llm.providers.find_spec", lambda name: None)
    with pytest.raises(SettingsError, match=r"^RAG_LLM=\S+:m needs .* pip install 'spanproof\[\w+\]'$"):
        load_model(f"{provider}:m", key=KEY)


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("key", [None, "", " "], ids=["none", "empty", "blank"])
def test_a_providers_own_endpoint_needs_a_key(monkeypatch, provider, key):
    monkeypatch.setenv("OPENAI_API_KEY", " ")
    with pytest.raises(SettingsError, match="^RAG_LLM=.*RAG_LLM_KEY"):
        load_model(f"{provider}:m", key=key)


@pytest.mark.parametrize(
    ("name", "variable", "url"),
    [
        ("openai-like:m", "OPENAI_API_KEY", None),
        ("openai-like:m", "OPENAI_API_KEY", "https://api.openai.com/v1"),
        ("anthropic:m", "ANTHROPIC_API_KEY", None),
    ],
    ids=["openai", "openai by its address", "anthropic"],
)
def test_the_environments_key_is_taken_for_its_own_endpoint_and_not_shown(monkeypatch, name, variable, url):
    monkeypatch.setenv(variable, KEY)
    model = load_model(name, url)
    assert model._key == KEY
    assert KEY not in f"{model!r} {model}"


def test_a_broken_package_is_said_and_nobody_waits(monkeypatch):
    def broken(name):
        raise ImportError(name)

    model = load_model("openai-like:m", "http://127.0.0.1:9/v1")
    monkeypatch.setattr("rag.llm.providers.import_module", broken)
    with pytest.raises(LanguageModelError, match="ImportError"):
        list(model.stream([Line("user", "Tea?")], 60, 10))


@pytest.mark.parametrize(
    ("llm", "url", "host"),
    [
        ("", None, None),
        ("anthropic:m", None, "api.anthropic.com"),
        ("openai-like:m", "http://localhost:11434/v1", None),
        ("openai-like:m", "http://[::1]:11434/v1", None),
        ("openai-like:m", "http://192.0.2.7:8000/v1", "192.0.2.7"),
        ("openai-like:m", "https://127.0.0.1.example.org/v1", "127.0.0.1.example.org"),
    ],
    ids=["none", "a provider", "this machine", "its IPv6", "another machine", "like this machine"],
)
def test_the_host_that_texts_go_to(llm, url, host):
    assert model_host(llm, url) == host


def failed(value):
    return SimpleNamespace(response=SimpleNamespace(headers={"retry-after": value}))


def test_the_seconds_that_an_endpoint_asks_for():
    assert _asked_to_wait(failed("2.5")) == 2.5
    assert 0 < _asked_to_wait(failed(formatdate(time.time() + 100, usegmt=True))) <= 100
    assert [_asked_to_wait(failed(value)) for value in ("-1", "Thu, 01 Jan 1970 00:00:00 GMT")] == [0.0, 0.0]
    assert [_asked_to_wait(error) for error in (failed("soon"), failed(""), ValueError())] == [None] * 3
