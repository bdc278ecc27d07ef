"""The statements that train and calibrate the verifier's model: exact, apart from each other, and what they become."""

import json
import random
from dataclasses import replace

import pytest
import torch

from rag.encoding import bundled_folder
from rag.entailing import TELLS
from rag.errors import LoadError
from rag.training import verifying
from rag.training.asked import FOLDER as ASKED
from rag.training.model import SpanModel
from rag.training.settled import yes_no
from rag.training.stated import WINDOW, claim, pairs, sentences_of, twins
from rag.training.streams import plain_tokenizer
from rag.training.verifying import StatementLearner, StatementRecipe, train
from tests.test_spans import write_model

PARTS = ("train", "calibrate")


@pytest.fixture(scope="module")
def tokenizer():
    return plain_tokenizer()


@pytest.fixture(scope="module")
def some():
    return twins("calibrate")[:40]


def test_every_line_is_about_whole_sentences_of_its_text():
    found = {part: twins(part) for part in PARTS}  # raises where one is not
    assert len(found["train"]) > 4000
    assert len({one.id for part in PARTS for one in found[part]}) == sum(map(len, found.values()))
    assert not {one.text for one in found["train"]} & {one.text for one in found["calibrate"]}
    assert all(one.faithful != one.corrupted for part in PARTS for one in found[part])


def test_a_statement_is_not_among_the_twins_that_test_the_verifier():
    from evals.verification import TWINS, read_twins

    tested = {twin.statement.lower() for path in TWINS.glob("*.jsonl") for twin in read_twins(path)}
    stated = {said.lower() for part in PARTS for one in twins(part) for said in (one.faithful, one.corrupted)}
    assert tested
    assert not tested & stated


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"changed": "colour"}, "Input should be"),
        ({"evidence": ["Nobody wrote this."]}, "has no sentence"),
        ({"evidence": []}, "has no sentence"),
        ({"text": "none.txt"}, "none.txt cannot be read"),
    ],
    ids=["kind", "words", "no words", "text"],
)
def test_a_broken_line_is_named(change, said, some, tmp_path):
    good = some[0].model_dump(mode="json")
    lines = [json.dumps(good), json.dumps({**good, **change})]
    (tmp_path / "train.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(LoadError, match=said) as error:
        twins("train", tmp_path)
    assert "train.jsonl:2" in str(error.value) or "none.txt" in str(error.value)


def test_data_that_is_not_there_is_named(tmp_path):
    with pytest.raises(LoadError, match="calibrate.jsonl cannot be read"):
        twins("calibrate", tmp_path)


def test_of_each_pair_the_first_is_supported_and_the_second_not(some, tokenizer):
    made = list(pairs(some, tokenizer, random.Random(4)))
    assert len(some) < len(made) < 2 * len(some)
    assert all((first.says, first.denies, second.says) == (True, False, False) for first, second in made)
    assert all(len(one.ids) <= WINDOW for pair in made for one in pair)
    again = list(pairs(some, tokenizer, random.Random(4)))
    assert [one.ids.tolist() for pair in made for one in pair] == [one.ids.tolist() for pair in again for one in pair]


def test_only_what_turns_a_denial_is_known_to_be_denied(some, tokenizer):
    for one, (_, second) in zip(some, _twins_alone(some, tokenizer), strict=True):
        assert second.denies is (True if one.changed == "negation" else None)
    assert {one.changed for one in some} > {"negation"}


def _twins_alone(some, tokenizer):
    """The first pair of each line: those of twins."""
    return [next(pairs([one], tokenizer, random.Random(4))) for one in some]


def test_twins_are_read_with_the_same_sentences(some, tokenizer):
    faithful, corrupted = next(pairs(some, tokenizer, random.Random(4)))
    read = [tokenizer.decode(one.ids[one.passage_from :].tolist()) for one in (faithful, corrupted)]
    assert read[0] == read[1]
    evidence = tokenizer.decode(tokenizer.encode(some[0].evidence[0], add_special_tokens=False).ids)
    assert evidence in read[0]


def test_a_long_source_is_cut_and_the_statement_stays(tokenizer):
    made = claim("Owls hunt at night.", ["rain " * 400], tokenizer, says=True)
    assert len(made.ids) == WINDOW
    assert tokenizer.decode(made.ids[: made.passage_from].tolist()) == "owls hunt at night."


def test_learning_tells_twins_apart(some, tokenizer):
    torch.manual_seed(0)
    batch = list(pairs(some[:4], tokenizer, random.Random(1)))[:4]
    recipe = StatementRecipe(learning_rate=5e-4, warmup=0.0, paired=1.0)
    learner = StatementLearner(SpanModel(bundled_folder()), recipe, steps=1000)
    losses = [float(learner.learn(batch)) for _ in range(6)]
    assert losses[-1] < losses[0]


def test_telling_apart_counts_as_much_as_it_is_told_to(some, tokenizer):
    batch = list(pairs(some[:2], tokenizer, random.Random(1)))
    model = SpanModel(bundled_folder())
    with torch.no_grad():
        learners = [StatementLearner(model, StatementRecipe(paired=paired), steps=10) for paired in (0.0, 1.0, 2.0)]
        losses = [float(learner.loss(batch)) for learner in learners]
    assert losses[1] > losses[0]
    assert losses[2] - losses[1] == pytest.approx(losses[1] - losses[0], rel=1e-3)


def test_what_is_trained_says_where_it_comes_from(some, tmp_path, monkeypatch):
    monkeypatch.setattr(verifying, "twins", lambda part: some[:6])
    monkeypatch.setattr(verifying, "yes_no", lambda part: yes_no("calibrate")[:4])
    start = tmp_path / "start"
    start.mkdir()
    torch.save(SpanModel(bundled_folder()).state_dict(), start / "reader.pt")
    train(tmp_path / "out", replace(StatementRecipe(), epochs=1.0, batch=8), start)
    said = json.loads((tmp_path / "out" / "recipe.json").read_text("utf-8"))
    assert said["recipe"]["batch"] == 8
    assert tuple(said["tells"]) == TELLS
    assert len(said["started from"]["sha256"]) == 64
    assert [len(said["data"][name]["sha256"]) for name in ("stated", "asked")] == [64, 64]
    assert SpanModel.trained(tmp_path / "out")


def test_a_model_that_judges_all_alike_tells_nothing_apart(tmp_path):
    write_model(tmp_path / "alike")
    figures = verifying.measure(tmp_path / "alike")
    assert {"all", "negation", "roles"} < set(figures["AUROC"])
    assert (figures["AUROC"]["all"], figures["ranked"]) == (0.5, 0.0)
    assert {(part["AUROC"], part["settled"]) for part in figures["questions"].values()} == {(0.5, 0.0)}
    assert json.loads((tmp_path / "alike" / "card.json").read_text("utf-8"))["figures"] == figures


def test_the_title_is_the_first_sentence(some):
    first = (ASKED / "train" / "texts" / some[0].text).read_text("utf-8").splitlines()[0]
    assert sentences_of(some[0].text)[0].strip() == first.strip()


def test_twins_are_read_alone_and_with_what_stands_around(some, tokenizer):
    lengths = set()
    for seed in range(12):
        faithful, _ = next(pairs(some, tokenizer, random.Random(seed)))
        lengths.add(len(faithful.ids))
    assert len(lengths) > 3
