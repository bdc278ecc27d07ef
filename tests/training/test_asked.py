"""The questions that were written to train, calibrate and test the reader: exact, and apart from the evaluation's."""

import json
import re
from itertools import combinations
from pathlib import Path

import pytest

from rag.errors import LoadError
from rag.reading.yesno.clauses import negated
from rag.schema import Document, Span
from rag.training.asked import FOLDER, Query, examples, queries
from rag.training.data import PARTS
from rag.training.groups import asked_groups
from rag.training.mixture import Recipe

ROOT = Path(__file__).parents[2]
RUN = 12
"""Words in a row that two texts hardly share by chance."""


@pytest.fixture(scope="module", params=PARTS)
def part(request):
    return request.param


def test_every_line_quotes_its_text_exactly(part):
    found = queries(part)
    assert len({query.asked.id for query in found}) == len(found) >= 300
    for query in found:
        said = [query.document.text[span.start : span.end] for span in query.evidence]
        assert said == list(query.asked.evidence)
        assert bool(said) == query.asked.answerable


def runs(text):
    words = re.findall(r"\w+", text.lower())
    return {" ".join(words[i : i + RUN]) for i in range(len(words) - RUN + 1)}


def test_no_text_of_one_part_is_in_another_or_in_the_evaluation():
    texts = {part: {query.document.text for query in queries(part)} for part in PARTS}
    judged = [p.read_text("utf-8") for folder in ("evals", "seeds") for p in (ROOT / folder).rglob("*.[tm][xd]*")]
    assert len(judged) > 40
    pools = [set().union(*map(runs, found)) for found in (*texts.values(), judged)]
    assert not [shared for one, other in combinations(pools, 2) for shared in one & other]


def test_the_passages_of_a_text_hold_its_answers():
    for query in queries("calibrate"):
        found = [answer for example in examples(query) for answer in example.answers]
        assert bool(found) == query.asked.answerable
        if query.asked.kind == "list":
            assert all(any(item in answer.text for answer in found) for item in query.asked.answers)
        elif query.asked.kind != "yes_no":
            assert {answer.text for answer in found} <= set(query.asked.answers)


def test_the_items_of_an_enumeration_are_one_answer():
    text = "The box\n\nIt holds a lamp, two straps and, for trips, a map. Sold apart: oil."
    document = Document(title="The box", text=text)
    asked = queries("calibrate")[0].asked.model_copy(update={"kind": "list"})
    items = [Span(start=text.index(words), end=text.index(words) + len(words)) for words in ("oil", "a lamp", "a map")]
    (example,) = examples(Query(asked, document, tuple(items), ()))
    assert [answer.text for answer in example.answers] == ["a lamp, two straps and, for trips, a map", "oil"]


def test_groups_are_one_question_over_its_text_and_others():
    recipe = Recipe(passages=4, worded=0.0)
    found = queries("calibrate")
    by_id = {query.asked.id: query for query in found}
    groups = list(asked_groups(found, recipe))
    assert len(groups) > 250
    for group in groups:
        assert len(group) == 4
        assert {(example.id, example.question) for example in group} == {(group[0].id, group[0].question)}
        asked = by_id[group[0].id].asked
        assert any(example.answers for example in group) == asked.answerable
        assert asked.polarity != "no" or any(negated(words) for words in asked.evidence)


BROKEN = {
    "not in the text": ({"evidence": ["It rains."]}, "does not stand in the text"),
    "no evidence": ({"evidence": []}, "must have evidence"),
    "no such text": ({"text": "none.txt"}, "none.txt"),
    "no such kind": ({"kind": "riddle"}, "kind"),
}


@pytest.mark.parametrize(("change", "said"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_line_is_named(tmp_path, change, said):
    (tmp_path / "train" / "texts").mkdir(parents=True)
    (tmp_path / "train" / "texts" / "tea.txt").write_text("Tea\n\nTea is green.\n", "utf-8")
    line = {"id": "1", "text": "tea.txt", "question": "What colour is it?", "kind": "fact", "answerable": True}
    line |= {"answers": ["green"], "evidence": ["Tea is green."], "polarity": None}
    path = tmp_path / "train" / "questions.jsonl"
    path.write_text(json.dumps(line) + "\n", "utf-8")
    assert queries("train", tmp_path)[0].asked.question == "What colour is it?"
    path.write_text(json.dumps(line | change) + "\n", "utf-8")
    with pytest.raises(LoadError, match=said) as error:
        queries("train", tmp_path)
    assert "questions.jsonl:1" in str(error.value)


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(LoadError, match="restore it"):
        queries("test", tmp_path)
    assert FOLDER.is_dir()
