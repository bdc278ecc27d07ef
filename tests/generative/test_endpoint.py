"""The language model's endpoint: what is wrong is said before any question, and the key is shown nowhere."""

import pytest

from rag.errors import RagError, SettingsError
from rag.pipeline import Pipeline
from rag.settings import Settings
from tests.fakes import FakeEncoder
from tests.generative.asking import KEY, SAYS, WHO

WRONG = {
    "a missing package": ({"llm": "anthropic:claude"}, r"pip install 'spanproof\[anthropic\]'"),
    "no key": ({"llm": "openai-like:gpt", "llm_url": None, "llm_key": None}, "RAG_LLM_KEY"),
    "a small window": ({"llm_window": 600}, "RAG_LLM_WINDOW=600"),
}


@pytest.mark.parametrize(("settings", "remedy"), WRONG.values(), ids=WRONG.keys())
def test_what_would_keep_the_model_from_answering_is_said_in_one_line(scripted, monkeypatch, settings, remedy):
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setattr("rag.llm.providers.find_spec", lambda name: None if "anthropic" in name else name)
    with pytest.raises(SettingsError, match=rf"^(?=RAG_LLM)[^\n]*{remedy}[^\n]*$"):
        scripted("honest", **settings)
    loaded = Settings(**{"llm": "openai-like:m", "llm_url": "http://127.0.0.1:9/v1", **settings})
    with pytest.raises(RagError, match=remedy):
        Pipeline.open(loaded, encoder=FakeEncoder())


def test_the_environments_key_goes_to_its_own_endpoint_only(scripted, model, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    scripted("honest", llm_key=None).ask(WHO)
    assert model.keys == ["Bearer none"]


@pytest.mark.parametrize("script", ["honest", "wrong-key", "broken", "not-its-protocol"])
def test_the_key_is_shown_nowhere(scripted, caplog, script):
    pipeline = scripted(script)
    shown = "".join(event.model_dump_json() for event in pipeline.stream(WHO))
    assert KEY not in f"{shown} {pipeline._model!r} {pipeline.settings!r} {caplog.text}"


def test_no_setting_of_a_proxy_leads_a_local_model_away(scripted, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://192.0.2.1:3128")
    assert scripted("honest").ask(WHO).reader == "generative/honest"


def test_a_model_that_takes_no_temperature_is_asked_plainly_from_then_on(scripted, model):
    pipeline = scripted("picky")
    assert [pipeline.ask(WHO).reader for _ in range(2)] == ["generative/picky"] * 2
    assert ["temperature" in request for request in model.requests] == [True, False, False]
    assert {"seed", "max_tokens", "stream_options"}.isdisjoint(model.requests[-1])
    assert model.requests[-1]["max_completion_tokens"] == 2048


ANTHROPIC = {
    "honest": "",
    "picky": "",
    "busy": "(429), 3 tries",
    "wrong-key": "RAG_LLM_KEY",
    "cut-at-once": "broke off",
}


@pytest.mark.parametrize(("script", "note"), ANTHROPIC.items(), ids=ANTHROPIC.keys())
def test_a_model_behind_anthropics_protocol(scripted, model, monkeypatch, script, note):
    pytest.importorskip("llama_index.llms.anthropic", reason="needs the extra spanproof[anthropic]")
    monkeypatch.setenv("ANTHROPIC_API_KEY", "another")
    url = model.url.removesuffix("/v1")
    answer = scripted(script, llm=f"anthropic:{script}", llm_url=url, llm_timeout=120).ask(WHO)
    assert answer.citations[0].quote == SAYS
    assert note in " ".join(answer.notes)
    assert set(model.keys) == {KEY}
    if not note:
        usage = answer.usage
        assert (answer.reader, answer.notes) == (f"generative/{script}", ())
        assert (usage.tokens_in, usage.tokens_out, usage.estimated) == (321, 9, False)
