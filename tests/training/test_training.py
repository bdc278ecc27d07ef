import gzip
import hashlib
import json
import random

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from rag.encoding import bundled_folder
from rag.errors import LoadError, ModelError
from rag.reading.trained import BUNDLED_WEIGHTS
from rag.spans import SpanModel as ShippedModel
from rag.training.card import SOURCES, add_to_card, data_hashes, sha256
from rag.training.data import GoldSpan, read_examples, titles
from rag.training.fitting import balance, fit_choice, fit_confidence
from rag.training.groups import groups
from rag.training.learner import Learner
from rag.training.mixture import Recipe, mixture
from rag.training.model import SpanModel, loss_of
from rag.training.reader import train
from rag.training.restore import state_dict
from rag.training.rows import batches, targets, tensors, tokenise
from tests.examples import CONTEXT, example


def write(path, *rows):
    text = "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows)
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


@pytest.mark.parametrize("name", ["pairs.jsonl", "pairs.jsonl.gz"])
def test_examples_are_read_plain_and_compressed(tmp_path, name):
    assert list(read_examples(write(tmp_path / name, example().model_dump()))) == [example()]


BROKEN = {
    "not JSON": (["{"], "pairs.jsonl:1"),
    "missing field": ([example().model_dump(), {"id": "2"}], "pairs.jsonl:2"),
    "wrong offset": ([example().model_dump() | {"answers": [{"text": "1987", "start": 0}]}], "does not stand at 0"),
}


@pytest.mark.parametrize(("rows", "said"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_data_file_names_the_line(tmp_path, rows, said):
    with pytest.raises(LoadError, match="pairs.jsonl") as error:
        list(read_examples(write(tmp_path / "pairs.jsonl", *rows)))
    assert said in str(error.value)


def test_no_title_is_in_two_parts():
    parts = [titles(part) for part in ("train", "calibrate", "test")]
    assert sum(map(len, parts)) == len(frozenset().union(*parts)) == 8


def test_learning_lowers_the_loss(tokenizer):
    torch.manual_seed(0)
    rows = [(tokenise(example(), tokenizer, random.Random(n), Recipe(worded=0.0)),) for n in range(4)]
    model = SpanModel(bundled_folder())
    learner = Learner(model, Recipe(learning_rate=1e-3, warmup=0.0), steps=1000)
    before = {name: weight.clone() for name, weight in learner.state().items()}
    losses = [learner.learn(rows) for _ in range(4)]
    assert losses[-1] < losses[0]
    assert set(learner.state()) == set(before)
    embeddings = "encoder.embeddings.word_embeddings.weight"
    assert torch.equal(learner.state()[embeddings], before[embeddings])
    assert float(loss_of(model, rows, 0.5).detach()) < losses[0]


@pytest.mark.parametrize("averaged", [0.5, 0.0])
def test_what_is_trained_is_the_mean_of_both_stages(tmp_path, averaged):
    others = [f"An observatory near town {n} was opened by Ada Lindqvist. Nobody knows when." for n in range(6)]
    rows = [example(), *(example("Who opened it?", "Ada Lindqvist", context=other) for other in others)]
    write(tmp_path / "mine.jsonl", *(row.model_dump() for row in rows))
    train(
        tmp_path,
        tmp_path / "out",
        Recipe(batch=4, epochs=0.5, together=0.5, passages=2, asked=False, averaged=averaged),
    )
    alone, together, mean = (
        torch.load(tmp_path / "out" / f"{name}.pt", weights_only=True) for name in ("alone", "together", "reader")
    )
    assert not torch.equal(alone["head.weight"], together["head.weight"])
    expected = averaged * alone["head.weight"] + (1 - averaged) * together["head.weight"]
    assert torch.allclose(mean["head.weight"], expected)


@pytest.mark.parametrize("window", [96, 256])
@pytest.mark.parametrize("padding", [0, 100, 400], ids=["short", "window", "long"])
def test_a_row_points_at_the_answers_tokens(tokenizer, padding, window):
    context = "rain " * padding + CONTEXT + " rain" * padding
    row = tokenise(example(context=context), tokenizer, random.Random(3), Recipe(titled=1.0, window=window))
    assert len(row.ids) <= window
    ((start, end, share),) = row.spans
    assert tokenizer.decode(row.ids[start : end + 1].tolist()) == "1987"
    assert start >= row.passage_from
    assert share == 1.0


def test_a_row_without_an_answer_points_at_the_first_token(tokenizer):
    row = tokenise(example(answer=""), tokenizer, random.Random(3), Recipe(titled=0.0))
    assert row.spans == ((0, 0, 1.0),)


def test_annotators_who_differ_share_the_target(tokenizer):
    given = [GoldSpan(text=text, start=CONTEXT.index(text)) for text in ("copper", "made of copper", "copper")]
    row = tokenise(example(answers=tuple(given)), tokenizer, random.Random(3), Recipe(titled=0.0, worded=0.0))
    wanted = targets([(row,)], 100)
    assert wanted.sum(dim=2).flatten().tolist() == pytest.approx([1.0, 1.0])
    assert sorted(share for _, _, share in row.spans) == pytest.approx([1 / 3, 2 / 3])
    assert wanted[0, 1].max() == pytest.approx(1.0)  # both end on the same token


def test_batches_hold_every_row_once_and_pad_to_a_multiple_of_32(tokenizer):
    rows = [(tokenise(example(question="who " * n), tokenizer, random.Random(n), Recipe()),) for n in range(1, 30)]
    grouped = list(batches(rows, 8, random.Random(0)))
    assert sorted(id(row) for batch in grouped for row in batch) == sorted(map(id, rows))
    ids, attention, segments, allowed = tensors(grouped[0])
    assert ids.shape == attention.shape == segments.shape == allowed.shape
    assert ids.shape[1] % 32 == 0
    assert allowed[:, 0].all()


def test_a_group_s_target_is_one_choice_among_all_its_passages(tokenizer):
    there = tokenise(example(), tokenizer, random.Random(0), Recipe(titled=0.0, worded=0.0))
    nothing = tokenise(example(answer=""), tokenizer, random.Random(0), Recipe(titled=0.0, worded=0.0))
    wanted = targets([(nothing, there), (nothing, nothing)], 96)
    (first, _, _), *_ = there.spans
    assert wanted.shape == (2, 2, 2 * 96)
    assert wanted[0, 0].argmax() == 96 + first
    assert wanted[1].argmax(dim=1).tolist() == [0, 0]  # "none of them answers" is the first row's first token
    *_, allowed = tensors([(nothing, there), (nothing, nothing)])
    assert allowed[:, 0].tolist() == [True, False, True, False]


def test_a_passage_read_alone_is_scored_over_its_own_first_token(tokenizer):
    """Whether it is in a group or not, only differences to "does not answer" count: they compare in use."""

    class Fixed(torch.nn.Module):
        device = torch.device("cpu")

        def forward(self, ids, attention, segments):
            logits = torch.zeros(*ids.shape, 3)
            logits[1] += 5.0  # the same for every token: nothing is said by it
            return logits

    rows = [tokenise(example(answer=""), tokenizer, random.Random(0), Recipe(titled=0.0, worded=0.0))] * 2
    *_, allowed = tensors([tuple(rows)])
    assert float(loss_of(Fixed(), [tuple(rows)], 0.0)) == pytest.approx(float(np.log(int(allowed.sum()))), abs=1e-4)


def test_what_nearly_answers_trains_the_judgement_alone(tokenizer):
    row = tokenise(example(answer=""), tokenizer, random.Random(0), Recipe(titled=0.0, worded=0.0))
    near = tokenise(example(answer="", near_miss=True), tokenizer, random.Random(0), Recipe(titled=0.0, worded=0.0))
    model = SpanModel(bundled_folder())
    loss_of(model, [(near,)], 0.5).backward()
    spans, judgement = model.head.weight.grad[:2].abs().sum(), model.head.weight.grad[2].abs().sum()
    assert spans == 0 < judgement
    model.zero_grad()
    loss_of(model, [(row,)], 0.5).backward()
    assert model.head.weight.grad[:2].abs().sum() > 0


def test_groups_hold_the_own_passage_or_none_that_answers(tmp_path):
    others = [f"An observatory near town {n} was opened by Ada Lindqvist. Nobody knows when." for n in range(6)]
    rows = [example(), *(example("?", "", context=other, title=other[:9]) for other in others)]
    (tmp_path / "mine.jsonl").write_text("\n".join(row.model_dump_json() for row in rows), encoding="utf-8")
    for removed in (0.0, 1.0):
        recipe = Recipe(removed=removed, passages=3, titled=1.0)
        found = [group for group in groups(tmp_path, recipe) if group[0].question != "?"]
        assert len(found) == 1
        assert len({one.context for one in found[0]}) == 3
        assert len({one.question for one in found[0]}) == 1
        assert sum(bool(one.answers) for one in found[0]) == 1 - removed
        assert all(one.title == ("Kestrel" if one.answers else one.context[:9]) for one in found[0])


def test_too_few_passages_make_no_group(tmp_path):
    (tmp_path / "mine.jsonl").write_text(example().model_dump_json(), encoding="utf-8")
    assert not list(groups(tmp_path, Recipe()))


def test_balanced_weights_have_the_mean_one():
    weights = balance(np.array([True, True, False, False, False]))
    assert weights.mean() == pytest.approx(1.0)
    assert weights[:2].sum() / weights.sum() == pytest.approx(0.6)


def test_the_fits_find_what_decides():
    chance = np.random.default_rng(0)
    questions = []
    for _ in range(100):
        features = chance.normal(size=(6, 2))
        questions.append((features, np.arange(6) == features[:, 0].argmax()))
    chosen = fit_choice(questions, 0.01)
    assert chosen[0] > 10 * abs(chosen[1])
    rows = chance.normal(size=(400, 2))
    fitted = fit_confidence(rows, rows[:, 1] > 0, np.ones(400), 0.001)
    assert fitted[1] > 10 * abs(fitted[0])


def test_a_card_keeps_what_earlier_steps_wrote(tmp_path):
    add_to_card(tmp_path, {"name": "tea", "weights": {"bytes": 3}})
    add_to_card(tmp_path, {"figures": {"answerable": 2}, "weights": {"bytes": 4}})
    card = json.loads((tmp_path / "card.json").read_text("utf-8"))
    assert card == {"name": "tea", "weights": {"bytes": 4}, "figures": {"answerable": 2}}


def test_data_hashes_name_source_and_licence(tmp_path):
    (tmp_path / "qamr.jsonl.gz").write_bytes(b"tea")
    assert data_hashes(tmp_path) == {
        "qamr": {
            "sha256": hashlib.sha256(b"tea").hexdigest(),
            "source": "uwnlp/qamr, dev and test (Michael et al. 2018)",
            "licence": "MIT",
        }
    }


def test_a_file_of_ones_own_is_in_the_card_too(tmp_path):
    (tmp_path / "mine.jsonl").write_bytes(b"tea")
    assert data_hashes(tmp_path)["mine"]["source"] == "the user's own"


def test_two_files_of_one_name_are_refused(tmp_path):
    for name in ("tea.jsonl", "tea.jsonl.gz"):
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(LoadError, match=r"tea\.jsonl and .*tea\.jsonl\.gz have the same name: rename one"):
        data_hashes(tmp_path)


def test_the_shipped_weights_are_those_of_their_card():
    card = json.loads((BUNDLED_WEIGHTS / "card.json").read_text("utf-8"))
    model = BUNDLED_WEIGHTS / "model.onnx"
    assert card["weights"] == {"sha256": sha256(model), "bytes": model.stat().st_size}
    assert model.stat().st_size <= 25_000_000
    assert set(card["data"]) == {*SOURCES, "asked"}


def test_training_starts_from_the_shipped_weights():
    model = SpanModel(bundled_folder())
    model.load_state_dict(state_dict(BUNDLED_WEIGHTS))
    asked, passage = "When was the observatory opened?", CONTEXT
    (best, *_) = ShippedModel.load(BUNDLED_WEIGHTS, threads=1).read(asked, [("", passage)])
    found = Tokenizer.from_file(str(bundled_folder() / "tokenizer.json")).encode(asked, passage)
    with torch.no_grad():
        logits = model.eval()(*(torch.tensor([row]) for row in (found.ids, found.attention_mask, found.type_ids)))[0]
    inside = torch.tensor(found.type_ids).bool()
    start, end = (int(logits[:, k].masked_fill(~inside, -1e4).argmax()) for k in (0, 1))
    assert (found.offsets[start][0], found.offsets[end][1]) == (best.start, best.end)


def test_a_reader_of_another_form_is_no_start(tmp_path):
    (tmp_path / "mine.jsonl").write_text(example().model_dump_json(), encoding="utf-8")
    other = SpanModel(bundled_folder()).state_dict()
    other |= {name: other[name][:2] for name in ("head.weight", "head.bias")}
    torch.save(other, tmp_path / "reader.pt")
    with pytest.raises(ModelError, match="holds a reader of another form"):
        train(tmp_path, tmp_path / "out", Recipe(batch=1, epochs=0.0, together=0.0), tmp_path)


@pytest.mark.parametrize("kept", [0.0, 0.5])
def test_some_of_the_weights_from_the_start_is_kept(tmp_path, kept):
    rows = [example(), *(example("Who opened it?", "Ada Lindqvist", id=str(n)) for n in range(6))]
    write(tmp_path / "mine.jsonl", *(row.model_dump() for row in rows))
    start = SpanModel(bundled_folder()).state_dict()
    torch.save(start, tmp_path / "reader.pt")
    (tmp_path / "recipe.json").write_text('{"recipe": {"seed": 1}, "data": {}}', encoding="utf-8")
    train(tmp_path, tmp_path / "out", Recipe(batch=4, epochs=0.5, together=0.0, kept=kept), tmp_path)
    alone, found = (torch.load(tmp_path / "out" / f"{name}.pt", weights_only=True) for name in ("alone", "reader"))
    assert torch.allclose(found["head.weight"], kept * start["head.weight"] + (1 - kept) * alone["head.weight"])
    trained = json.loads((tmp_path / "out" / "recipe.json").read_text("utf-8"))
    assert trained["started from"] == {"sha256": sha256(tmp_path / "reader.pt"), "recipe": {"seed": 1}}


@pytest.mark.parametrize("content", [b"", b"not a model"], ids=["empty", "foreign"])
def test_what_is_no_reader_is_no_start(tmp_path, content):
    (tmp_path / "model.onnx").write_bytes(content)
    with pytest.raises(ModelError, match="holds no reader to start from"):
        state_dict(tmp_path)


def test_own_pairs_train_with_negatives_made_of_them(tmp_path):
    rows = [example().model_dump_json(), example(answer="").model_dump_json()]
    (tmp_path / "mine.jsonl").write_text("\n".join(rows), encoding="utf-8")
    found = mixture(tmp_path, Recipe(mined=0.0, dropped=1.0, swapped=0.0))
    assert sorted((bool(one.answers), one.near_miss) for one in found) == [(False, False), (False, True), (True, False)]


def test_a_folder_without_data_is_an_error(tmp_path):
    with pytest.raises(LoadError, match="holds no .jsonl"):
        mixture(tmp_path, Recipe())
