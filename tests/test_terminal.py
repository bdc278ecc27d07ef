import pytest

from rag.terminal import Terminal

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
    assert f"searched for: And why? ({CHIPS})" in out


def test_settings_that_were_changed_stand_out(capsys, monkeypatch):
    from rag import Settings

    monkeypatch.setenv("FORCE_COLOR", "1")
    Terminal().settings(Settings(top_k=7))
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith("\x1b[1mRAG_")] == [line for line in lines if "RAG_TOP_K" in line]
