import os
from pathlib import Path

import pytest

from rag.errors import SettingsError
from rag.settings import Settings


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
    ],
    ids=["not a number", "too small", "no probability", "no port", "line end", "bounds crossed"],
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
