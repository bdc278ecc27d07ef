"""The yes/no questions that teach the verifier's model "no": exact, apart from each other, and what they become."""

import json
import random

import pytest
import torch

from rag.encoding import bundled_folder
from rag.entailing import DENIED
from rag.errors import LoadError
from rag.spans import JUDGED
from rag.training.model import SpanModel
from rag.training.settled import YesNo, claims, yes_no
from rag.training.stated import FOLDER, claim
from rag.training.streams import plain_tokenizer
from rag.training.verifying import StatementLearner, StatementRecipe

MILL = ("The old mill", "The mill closed in May.", "Its wheel still turns.", "Owls nest in the roof.")


@pytest.fixture(scope="module")
def tokenizer():
    return plain_tokenizer()


def question(polarity="no", wordings=("Did the mill stay open?",), evidence=MILL[1:2]):
    return YesNo(wordings, MILL, evidence, polarity)


def test_what_calibrates_shares_no_text_with_what_trains():
    found = {part: yes_no(part) for part in ("train", "calibrate")}
    titles = {part: {one.everything[0] for one in asked} for part, asked in found.items()}
    assert not titles["train"] & titles["calibrate"]
    assert all(one.evidence and set(one.evidence) <= set(one.everything) for part in found.values() for one in part)


@pytest.mark.parametrize("part", ["train", "calibrate"])
def test_there_are_about_as_many_of_each(part):
    found = [one.polarity for one in yes_no(part)]
    assert 0.8 < found.count("yes") / found.count("no") < 1.25
    assert found.count(None) > 20


def test_a_question_is_not_among_the_cases_of_the_evaluation():
    cases = [path for path in FOLDER.parents[2].glob("evals/**/*.jsonl") if "verifier" not in path.parts]
    lines = [line for path in cases for line in path.read_text("utf-8").splitlines()]
    asked = {json.loads(line).get("question", "").lower() for line in lines}
    written = {wording.lower() for part in ("train", "calibrate") for one in yes_no(part) for wording in one.wordings}
    assert len(asked) > 100
    assert not asked & written


def test_a_broken_line_is_named(tmp_path):
    lines = (FOLDER / "calibrate-questions.jsonl").read_text("utf-8").splitlines()[:1]
    broken = json.dumps({**json.loads(lines[0]), "polarity": "perhaps"})
    (tmp_path / "calibrate-questions.jsonl").write_text(f"{lines[0]}\n{broken}\n", encoding="utf-8")
    with pytest.raises(LoadError, match="calibrate-questions.jsonl:2: Input should be 'yes' or 'no'"):
        yes_no("calibrate", tmp_path)


@pytest.mark.parametrize(
    ("polarity", "says", "denies"), [("yes", True, False), ("no", False, True), (None, False, False)]
)
def test_a_question_is_read_beside_what_settles_it(polarity, says, denies, tokenizer):
    made = [one for group in claims([question(polarity)] * 60, tokenizer, random.Random(3)) for one in group]
    beside, elsewhere = set(), set()
    for one in made:
        found = "closed in may" in tokenizer.decode(one.ids[one.passage_from :].tolist())
        (beside if found else elsewhere).add((one.says, one.denies))
    assert beside == {(says, denies)}
    assert elsewhere == ({(False, False)} if polarity else set())


def test_what_leaves_a_question_open_is_as_often_under_its_title(tokenizer):
    asked = [question(evidence=MILL[1:2])] * 300
    groups = [group for group in claims(asked, tokenizer, random.Random(3)) if len(group) == 2]
    titled = [sum("the old mill." in tokenizer.decode(group[i].ids.tolist()) for group in groups) for i in (0, 1)]
    assert len(groups) > 60
    assert 0.6 < titled[0] / titled[1] < 1.6


def test_every_wording_is_read(tokenizer):
    asked = [question(wordings=("Was it shut?", "Is it still open?"))] * 30
    made = [one for group in claims(asked, tokenizer, random.Random(3)) for one in group]
    assert {tokenizer.decode(one.ids[1 : one.passage_from - 1].tolist()) for one in made} == {
        "was it shut?",
        "is it still open?",
    }


def learner(**recipe):
    torch.manual_seed(0)
    return StatementLearner(SpanModel(bundled_folder()), StatementRecipe(**{"warmup": 0.0, **recipe}), steps=1000)


def test_learning_tells_yes_from_no(tokenizer):
    pair = (
        claim("Did it close?", MILL[1:2], tokenizer, says=True),
        claim("Did it stay open?", MILL[1:2], tokenizer, says=False, denies=True),
    )
    taught = learner(learning_rate=5e-4)
    losses = [float(taught.learn([pair])) for _ in range(8)]
    assert losses[-1] < losses[0] / 2


def test_what_is_not_known_to_be_denied_teaches_nothing_about_it(tokenizer):
    """A corrupted name may be denied or not: whatever the model makes of that costs nothing."""
    said = claim("Ann closed it.", MILL[1:2], tokenizer, says=True)
    unknown = claim("Tom closed it.", MILL[1:2], tokenizer, says=False)
    model = SpanModel(bundled_folder())
    with torch.no_grad():
        plain = StatementLearner(model, StatementRecipe(), steps=10)
        before = float(plain.loss([(unknown, unknown)]))
        plain.model.head.bias[DENIED] += 2.0
        assert float(plain.loss([(unknown, unknown)])) == pytest.approx(before)
        plain.model.head.bias[JUDGED] += 2.0
        assert float(plain.loss([(unknown, unknown)])) > before
        assert float(plain.loss([(said, unknown)])) != pytest.approx(before)
