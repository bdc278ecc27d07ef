import io
import sys
from unittest.mock import Mock

import pytest

from rag.schema import Statement, Timings, Usage
from rag.terminal import Terminal, ready_streams

CHIPS = "How many AI chips will Nvidia supply to South Korea?"


@pytest.fixture
def shown(seeds_pipeline, capsys, monkeypatch):
    """What a terminal of ordinary width and colours gets for a question."""

    def show(question, history=()):
        monkeypatch.setenv("FORCE_COLOR", "1")
        monkeypatch.setenv("TERM", "xterm-256color")
        monkeypatch.setenv("COLUMNS", "400")
        Terminal().show(seeds_pipeline.ask(question, history))
        return capsys.readouterr().out

    return show


def test_the_exact_answer_stands_out_in_the_answer_and_in_the_quote(shown):
    assert shown(CHIPS).count("\x1b[1;30;43mmore than 260,000\x1b[0m") == 1
    assert shown(CHIPS).count("more than 260,000\x1b[0m") == 2


def test_an_abstention_shows_the_nearest_passage_and_how_unsure_it_is(shown):
    out = shown("Who won the 2022 World Cup?")
    assert "The text does not say." in out
    assert "Nearest:" in out
    assert "confidence" in out


def test_a_rewritten_question_is_shown(shown):
    out = shown("And why?", [{"role": "user", "content": CHIPS}])
    assert "searched for: Why will Nvidia supply AI chips to South Korea?" in out


def test_settings_that_were_changed_stand_out(capsys, monkeypatch):
    from rag import Settings

    monkeypatch.setenv("FORCE_COLOR", "1")
    Terminal().settings(Settings(top_k=7))
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith("\x1b[1mRAG_")] == [line for line in lines if "RAG_TOP_K" in line]


def test_notes_costs_and_what_is_unsupported_are_shown(seeds_pipeline, capsys):
    answer = seeds_pipeline.ask(CHIPS)
    said = "The moon is made of cheese."
    unsupported = Statement(
        start=len(answer.text) + 1, end=len(answer.text) + 1 + len(said), markers=(), verdict="unsupported", reason="no"
    )
    Terminal().show(
        answer.model_copy(
            update={
                "text": f"{answer.text} {said}",
                "statements": (*answer.statements, unsupported),
                "notes": ("the model broke off",),
                "usage": Usage(model="m", tokens_in=5, tokens_out=9),
            }
        )
    )
    out = " ".join(capsys.readouterr().out.split())
    assert f"{said} (unsupported: no)" in out
    assert "note: the model broke off" in out
    assert "5 tokens in, 9 out" in out


@pytest.mark.parametrize(
    ("usage", "said"),
    [
        pytest.param(Usage(model="m", requests=3), [], id="no reply"),
        pytest.param(Usage(model="m", tokens_in=321), ["m: 321 tokens in, 0 out"], id="an empty reply"),
        pytest.param(
            Usage(model="m", tokens_in=5, tokens_out=9),
            ["m: first sentence after 0.40 s, 5 tokens in, 9 out"],
            id="a reply",
        ),
    ],
)
def test_of_a_model_s_cost_only_what_is_known_is_said(seeds_pipeline, capsys, usage, said):
    answer = seeds_pipeline.ask(CHIPS)
    Terminal().show(answer.model_copy(update={"usage": usage, "timings": Timings(first_statement=0.4, total=2.0)}))
    assert [line for line in capsys.readouterr().out.splitlines() if line.startswith("m:")] == said


def test_a_key_is_not_among_the_settings_shown(capsys):
    from rag import Settings

    Terminal().settings(Settings(llm_key="sk-hunter2"))
    out = capsys.readouterr().out
    assert "RAG_LLM_KEY=" in out
    assert "hunter2" not in out


def test_a_sign_that_the_encoding_lacks_is_escaped_and_a_byte_that_is_none_is_read(monkeypatch):
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"caf\xe9\n"), encoding="utf-8"))
    ready_streams()
    Terminal().say("“tea”")
    out.flush()
    assert out.buffer.getvalue() == rb"\u201ctea\u201d" + b"\n"
    assert Terminal().prompt() == "caf\udce9"


def test_the_end_of_what_is_typed_ends_the_line(monkeypatch, capsys):
    monkeypatch.setattr(sys, "stdin", Mock(**{"isatty.return_value": True}))
    monkeypatch.setattr("builtins.input", Mock(side_effect=EOFError))
    assert Terminal().prompt() is None
    assert capsys.readouterr().out == "\n"
