import json

import pytest
from rich.console import Console

from evals import rules
from evals.rules import RULES, WRITTEN, bench_rules
from rag.errors import LoadError
from rag.training.asked import queries

TEXT = "Pym was sent off by referee Helen Tarrant. The B35 lasts six hours."


def line(question, answer):
    start = TEXT.index(answer)
    answers = [{"text": answer, "start": start}]
    return json.dumps({"id": question, "question": question, "title": "Match", "context": TEXT, "answers": answers})


def test_what_turns_down_a_right_answer_is_counted(monkeypatch, tmp_path):
    few = {"train": [], "calibrate": [], "test": queries("test")[:20]}
    monkeypatch.setattr(rules, "queries", few.__getitem__)
    file = tmp_path / "some.jsonl"
    wrong = line("Who was sent off?", "Helen Tarrant"), line("How long does the B20 last?", "six hours")
    file.write_text("\n".join((*wrong, line("Who sent Pym off?", "Helen Tarrant"))))
    console = Console(width=200)
    with console.capture() as captured:
        fired = bench_rules([file], console)
    assert [(rule, gold.question.asked) for rule, gold in fired["some.jsonl"]] == [
        ("roles", "Who was sent off?"),
        ("another code", "How long does the B20 last?"),
    ]
    assert "some.jsonl, of 3" in captured.get()
    assert "0.6667" in captured.get()
    assert WRITTEN in captured.get()
    assert all(rule in captured.get() for rule in RULES)


def test_a_file_that_cannot_be_used_is_named(tmp_path):
    (tmp_path / "some.jsonl").write_text("{")
    with pytest.raises(LoadError, match=r"some\.jsonl:1"):
        bench_rules([tmp_path / "some.jsonl"], Console(quiet=True))
