import os
import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from rag.encoding import load_encoder
from rag.errors import ModelError, SettingsError
from rag.reading.similarity import SimilarityPicker
from rag.reading.trained import load_picker
from rag.settings import Settings
from tests.fakes import FakeEncoder


def test_defaults_without_an_environment():
    settings = Settings.load()
    assert settings.corpus == ()
    assert (settings.index_dir, settings.chroma_url) == (None, None)
    assert settings.min_confidence <= settings.sure_confidence


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("top_k", "3", 3),
        ("min_confidence", "0.25", 0.25),
        ("index_dir", "/tmp/index", Path("/tmp/index")),
        ("chroma_url", "http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("corpus", "/a", (Path("/a"),)),
        ("corpus", f"/a{os.pathsep}{os.pathsep}/b c", (Path("/a"), Path("/b c"))),
    ],
    ids=["number", "fraction", "path", "url", "one path", "several paths"],
)
def test_a_setting_is_read_from_its_variable(monkeypatch, name, value, expected):
    monkeypatch.setenv(f"RAG_{name.upper()}", value)
    assert getattr(Settings.load(), name) == expected


@pytest.mark.parametrize("name", Settings.model_fields)
def test_an_empty_variable_means_the_default(monkeypatch, name):
    monkeypatch.setenv(f"RAG_{name.upper()}", "")
    assert getattr(Settings.load(), name) == Settings.model_fields[name].default


def test_an_override_wins_unless_it_is_none(monkeypatch):
    monkeypatch.setenv("RAG_TOP_K", "3")
    assert Settings.load(top_k=5).top_k == 5
    assert Settings.load(top_k=None).top_k == 3


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ({"RAG_TOP_K": "many"}, ("RAG_TOP_K", "many")),
        ({"RAG_TOP_K": "0"}, ("RAG_TOP_K", "0")),
        ({"RAG_MIN_CONFIDENCE": "1.5"}, ("RAG_MIN_CONFIDENCE", "1.5")),
        ({"RAG_PORT": "70000"}, ("RAG_PORT", "70000")),
        ({"RAG_PASSAGE_CHARS": "a\nb"}, ("RAG_PASSAGE_CHARS",)),
        (
            {"RAG_MIN_CONFIDENCE": "0.9", "RAG_SURE_CONFIDENCE": "0.8"},
            ("RAG_MIN_CONFIDENCE", "RAG_SURE_CONFIDENCE", "0.9", "0.8"),
        ),
        ({"RAG_LLM": "gpt"}, ("RAG_LLM='gpt'", "openai-like:MODEL", "anthropic:MODEL")),
        ({"RAG_LLM": "openai-like: "}, ("RAG_LLM", "openai-like:MODEL")),
        ({"RAG_LLM_URL": "127.0.0.1:11434/v1"}, ("RAG_LLM_URL='127.0.0.1:11434/v1'", "http://")),
        ({"RAG_LLM_URL": "http:///v1"}, ("RAG_LLM_URL", "http://HOST")),
        ({"RAG_LLM_URL": "http://host:port/v1"}, ("RAG_LLM_URL", "http://HOST")),
        ({"RAG_CHROMA_URL": "127.0.0.1:8000"}, ("RAG_CHROMA_URL='127.0.0.1:8000'", "http://HOST:PORT")),
        ({"RAG_CHROMA_URL": "ftp://host"}, ("RAG_CHROMA_URL='ftp://host'", "http://HOST:PORT")),
        ({"RAG_CHROMA_URL": "http://:8000"}, ("RAG_CHROMA_URL", "http://HOST:PORT")),
        ({"RAG_CHROMA_URL": "http://host:99999"}, ("RAG_CHROMA_URL", "http://HOST:PORT")),
        ({"RAG_CHROMA_URL": "http://host/chroma"}, ("RAG_CHROMA_URL", "path")),
        ({"RAG_UNSUPPORTED": "show"}, ("RAG_UNSUPPORTED", "show")),
        ({"RAG_LLM_TIMEOUT": "0"}, ("RAG_LLM_TIMEOUT", "0")),
    ],
    ids=[
        "not a number",
        "too small",
        "no probability",
        "no port",
        "line end",
        "bounds crossed",
        "no such provider",
        "no model",
        "no scheme",
        "no host",
        "no such port",
        "server without scheme",
        "server of another scheme",
        "server without host",
        "server without such port",
        "server behind a path",
        "neither dropped nor marked",
        "no time",
    ],
)
def test_a_value_that_cannot_be_used_is_named_in_one_line(monkeypatch, values, named):
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as raised:
        Settings.load()
    assert all(word in str(raised.value) for word in named)
    assert "\n" not in str(raised.value)
    assert len(str(raised.value)) < 200


def test_an_unknown_override_is_refused():
    with pytest.raises(SettingsError, match="RAG_TOPK"):
        Settings.load(topk=3)


def test_every_setting_is_described():
    assert all(field.description for field in Settings.model_fields.values())


@pytest.mark.parametrize("name", Settings.model_fields)
def test_every_setting_is_named_in_the_documentation(name):
    root = Path(__file__).parents[1]
    pages = (page.read_text("utf-8") for page in (root / "README.md", *root.glob("docs/*.md")))
    assert any(re.search(rf"\bRAG_{name.upper()}\b", page) for page in pages)


KEYS = {"blank": " ", "words": "two words", "line end": "line\nend", "umlaut": "schl\u00fcssel"}


@pytest.mark.parametrize("key", KEYS.values(), ids=KEYS.keys())
def test_a_key_that_cannot_be_sent_is_refused_and_not_shown(monkeypatch, key):
    monkeypatch.setenv("RAG_LLM_KEY", key)
    with pytest.raises(SettingsError, match="^RAG_LLM_KEY: ") as raised:
        Settings.load()
    assert key.strip() == "" or key not in str(raised.value)
    assert (raised.value.__cause__, raised.value.__suppress_context__) == (None, True)


@pytest.mark.parametrize("name", ["RAG_LLM_URL", "RAG_CHROMA_URL"])
@pytest.mark.parametrize(
    "address",
    [
        "http://me:hunter2@host",
        "ftp://me:hunter2@host",
        "me:hunter2@host",
        "http://me:hun/ter2@host",
        "http://hunter2@host",
    ],
)
def test_a_password_in_an_address_is_refused_and_not_shown(monkeypatch, name, address):
    monkeypatch.setenv(name, address)
    with pytest.raises(SettingsError, match=rf"^{name}='[^\n]*\*\*\*@[^\n]*$") as raised:
        Settings.load()
    assert not re.search("me:|hun|ter2", str(raised.value))
    assert (raised.value.__cause__, raised.value.__suppress_context__) == (None, True)
    with pytest.raises(ValidationError) as direct:
        Settings()
    assert not re.search("hun|ter2", str(direct.value))


def test_the_remedy_for_a_password_says_where_it_belongs(monkeypatch):
    monkeypatch.setenv("RAG_LLM_URL", "http://me:hunter2@127.0.0.1/v1")
    with pytest.raises(SettingsError, match="RAG_LLM_KEY"):
        Settings.load()


def test_a_key_is_in_no_repr_and_no_dump(monkeypatch):
    monkeypatch.setenv("RAG_LLM_KEY", "sk-hunter2")
    settings = Settings.load()
    assert settings.llm_key.get_secret_value() == "sk-hunter2"
    assert "hunter2" not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"


def test_a_path_of_no_users_home_is_kept_as_it_is():
    settings = Settings.load(corpus="~nobody-here/texts", index_dir="~nobody-here/index")
    assert settings.corpus == (Path("~nobody-here/texts"),)
    assert settings.index_dir == Path("~nobody-here/index")


def test_a_folder_of_no_users_home_is_one_line_with_its_name(monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelError, match=r"^[^\n]*~nobody-here/model[^\n]*$"):
        load_encoder("~nobody-here/model")
    with pytest.raises(ModelError, match=r"^[^\n]*~nobody-here/model[^\n]*$"):
        load_picker("~nobody-here/model", SimilarityPicker(FakeEncoder()))
