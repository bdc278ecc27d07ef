"""The benchmark of conversations, on the article and with readers that are right or wrong on purpose."""

import json

import pytest
from rich.console import Console

from evals.cases import CasesError, by_name
from evals.conversations import (
    FILE,
    SPLITS,
    WAYS,
    LaterTurn,
    Talk,
    bench_conversations,
    figures,
    hold,
    is_right,
    load_talks,
)
from evals.run import Suite

ARTICLE = "nvidia-south-korea.txt"


def turn(question, standalone=None, refers=True, answers=("more than 260,000",), evidence=("more than 260,000",)):
    standalone = standalone or question
    return {
        "question": question,
        "standalone": standalone,
        "answers": answers,
        "evidence": evidence,
        "refers": refers,
        "note": "",
    }


TALK = {
    "id": "talk-1",
    "document": ARTICLE,
    "split": "dev",
    "turns": [
        turn("How many chips will Nvidia supply to South Korea?", refers=False),
        turn("And how many will it supply?", "How many chips will Nvidia supply?"),
        turn("What was Nvidia valued at?", refers=False, answers=["$5 trillion"], evidence=["valued at $5 trillion"]),
    ],
}


@pytest.fixture(scope="module")
def suite(seeds_pipeline):
    return Suite("article", (), by_name(seeds_pipeline.documents), seeds_pipeline)


@pytest.fixture
def written(tmp_path):
    def write(*talks):
        path = tmp_path / "talks.jsonl"
        path.write_text("".join(json.dumps(talk) + "\n" for talk in talks), encoding="utf-8")
        return path

    return write


def test_the_projects_conversations_are_enough_and_of_three_turns():
    talks = [Talk.model_validate_json(line) for line in FILE.read_text("utf-8").splitlines()]
    assert len(talks) >= 40
    assert {len(talk.turns) for talk in talks} == {3}
    assert {talk.split for talk in talks} == set(SPLITS)


def test_words_that_stand_nowhere_are_refused(suite, written):
    wrong = {**TALK, "turns": [turn("How many?", evidence=["three million"])]}
    with pytest.raises(CasesError, match=r"talk-1.*three million.*quote it exactly"):
        load_talks(written(wrong), suite.documents)


@pytest.mark.parametrize("line", ["{", "{}", json.dumps({**TALK, "turns": 3})], ids=["cut off", "empty", "no turns"])
def test_a_malformed_line_is_named(line, suite, tmp_path):
    path = tmp_path / "talks.jsonl"
    path.write_text(json.dumps(TALK) + "\n" + line, encoding="utf-8")
    with pytest.raises(CasesError, match=r"talks\.jsonl:2"):
        load_talks(path, suite.documents)


def test_an_unknown_document_is_named(suite, written):
    with pytest.raises(CasesError, match=r"no document other\.txt"):
        load_talks(written({**TALK, "document": "other.txt"}), suite.documents)


def test_each_later_turn_is_asked_in_the_conversation_and_alone(suite, written):
    (talk,) = load_talks(written(TALK), suite.documents)
    first, second = hold(talk, suite.pipeline, suite.documents, scoped=True)
    assert (first.right, first.right_alone, first.changed) == (True, True, True)
    assert (second.right_alone, second.changed) == (True, False)


def test_right_needs_the_place_and_the_words(suite, written):
    (talk,) = load_talks(written(TALK), suite.documents)
    answer = suite.pipeline.ask(talk.turns[0].question)
    assert is_right(talk, talk.turns[0], answer, suite.documents)
    assert not is_right(talk, talk.turns[2], answer, suite.documents)
    assert not is_right(talk, talk.turns[0], answer.model_copy(update={"short": "three"}), suite.documents)


def test_the_figures_count_conversations_and_turns():
    talk = Talk.model_validate(TALK)
    other = talk.model_copy(update={"id": "talk-2"})
    later = [
        LaterTurn(talk, talk.turns[1], right=True, right_alone=True, changed=True),
        LaterTurn(talk, talk.turns[2], right=False, right_alone=False, changed=False),
        LaterTurn(other, other.turns[1], right=False, right_alone=True, changed=True),
        LaterTurn(other, other.turns[2], right=True, right_alone=True, changed=True),
    ]
    found = {name: figure.value for name, figure in figures(later).items()}
    assert found == {
        "conversations as good throughout": 0.5,
        "follow-ups as good as standalone": 0.5,
        "follow-ups right": 0.5,
        "their standalone forms right": 1.0,
        "follow-ups rewritten": 1.0,
        "changes of topic left alone": 0.5,
    }


def test_the_table_has_every_way_of_asking(suite, written):
    console = Console(record=True, width=200)
    measured = bench_conversations([suite], ["dev"], console, written(TALK))
    assert set(measured) == {("dev", way.name) for way in WAYS}
    assert "whole corpus" in console.export_text()
