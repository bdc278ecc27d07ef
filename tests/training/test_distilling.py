"""Several readers distilled into one: deeper teachers, their share of the target, and epochs made ahead."""

import json
import multiprocessing
import random
import sys
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from dataclasses import asdict
from itertools import islice

import pytest
import torch

from rag.encoding import bundled_folder
from rag.errors import LoadError, RagError
from rag.reading.trained import BUNDLED_WEIGHTS
from rag.training import distil as command
from rag.training import measure as measuring
from rag.training import reader as reading
from rag.training import streams as streaming
from rag.training.asked import queries, rewordings
from rag.training.card import lineage, sha256
from rag.training.distil import TEACHERS, distil
from rag.training.groups import asked_groups
from rag.training.learner import Learner
from rag.training.mixture import Recipe
from rag.training.model import SpanModel, loss_of
from rag.training.reader import train
from rag.training.rows import tokenise
from rag.training.streams import Streams, alone, together
from tests.examples import example

PLAIN = Recipe(titled=0.0, worded=0.0)


def fixed(start, end, answers):
    """A model that begins its answer at one token, ends it at another, and judges as told, whatever it reads."""

    class Fixed(torch.nn.Module):
        device = torch.device("cpu")

        def forward(self, ids, attention, segments):
            logits = torch.zeros(*ids.shape, 3)
            logits[:, start, 0] = logits[:, end, 1] = 50.0
            logits[:, 0, 2] = answers
            return logits

    return Fixed()


def test_a_deeper_reader_repeats_the_encoders_layers_and_comes_back_as_deep(tmp_path):
    own, deep = (SpanModel(bundled_folder(), layers) for layers in (0, 9))
    of_own, of_deep = own.encoder.encoder.layer, deep.encoder.encoder.layer
    assert [len(of_own), len(of_deep)] == [6, 9]
    for number, source in enumerate((0, 0, 1, 2, 2, 3, 4, 4, 5)):
        weights = of_deep[number].attention.self.query.weight
        assert torch.equal(weights, of_own[source].attention.self.query.weight)
        assert weights.data_ptr() != of_own[source].attention.self.query.weight.data_ptr()
    torch.save(deep.state_dict(), tmp_path / "reader.pt")
    assert len(SpanModel.trained(tmp_path).encoder.encoder.layer) == 9


def test_teachers_set_their_share_of_the_target(tokenizer):
    row = tokenise(example(), tokenizer, random.Random(0), PLAIN)
    first, last, _ = row.spans[0]
    says_so, says_otherwise = fixed(first, last, 9.0), fixed(0, 0, -9.0)
    groups = [(row,)]
    assert float(loss_of(says_so, groups, 0.0)) == pytest.approx(0.0, abs=1e-3)
    assert float(loss_of(says_so, groups, 0.0, [says_otherwise], 0.5)) == pytest.approx(25.0, abs=0.1)
    assert float(loss_of(says_so, groups, 0.0, [says_so, says_otherwise], 0.5)) == pytest.approx(12.5, abs=0.1)
    spans = float(loss_of(says_so, groups, 0.0, [says_otherwise], 1.0))
    judged = float(loss_of(says_so, groups, 1.0, [says_otherwise], 1.0)) - spans
    assert judged == pytest.approx(9.0, abs=0.01)


def test_of_what_nearly_answers_the_spans_learn_from_the_teachers_alone(tokenizer):
    near = tokenise(example(answer="", near_miss=True), tokenizer, random.Random(0), PLAIN)
    somewhere = near.passage_from + 1
    model, teacher = fixed(0, 0, 0.0), fixed(somewhere, somewhere, 0.0)
    assert float(loss_of(model, [(near,)], 0.0)) == 0.0
    assert float(loss_of(model, [(near,)], 0.0, [teacher], 0.7)) == pytest.approx(50.0, abs=0.1)


def test_a_student_comes_to_say_what_its_teacher_says(tokenizer):
    torch.manual_seed(0)
    rows = [(tokenise(example(), tokenizer, random.Random(n), Recipe(worded=0.0)),) for n in range(4)]
    teacher, student = (SpanModel(bundled_folder()) for _ in range(2))
    before = float(loss_of(student, rows, 0.5, [teacher], 1.0).detach())
    learner = Learner(student, Recipe(learning_rate=1e-3, warmup=0.0, taught=1.0), 12, [teacher])
    for _ in range(8):
        learner.learn(rows)
    assert float(loss_of(student, rows, 0.5, learner._teachers, 1.0).detach()) < before


def test_who_taught_is_written_beside_the_weights(tmp_path):
    (tmp_path / "mine.jsonl").write_text(example().model_dump_json() + "\n", encoding="utf-8")
    teacher = tmp_path / "teacher"
    train(tmp_path, teacher, Recipe(batch=1, epochs=0.0, together=0.0, layers=7, asked=False))
    recipe = Recipe(batch=1, epochs=0.0, together=0.0, asked=False)
    train(tmp_path, tmp_path / "out", recipe, taught_by=[teacher])
    (told,) = json.loads((tmp_path / "out" / "recipe.json").read_text("utf-8"))["taught by"]
    assert told["sha256"] == sha256(teacher / "reader.pt")
    assert told["recipe"]["layers"] == 7


def test_teachers_are_given_on_the_command_line(tmp_path, monkeypatch):
    given = []
    monkeypatch.setattr(reading, "train", lambda *arguments: given.append(arguments))
    monkeypatch.setattr(sys, "argv", ["reader", "data", "out", "--taught-by", "a", "b", "--layers", "12"])
    reading.main()
    ((data, out, recipe, start_from, taught_by),) = given
    assert (str(data), str(out), recipe.layers, start_from) == ("data", "out", 12, None)
    assert list(map(str, taught_by)) == ["a", "b"]


@pytest.mark.parametrize(
    ("layers", "said"), [(7, "holds a reader of 6 layers, not 7: give --layers 6"), (0, "give --layers 1 or more")]
)
def test_another_number_of_layers_is_an_error_that_names_it(tmp_path, layers, said):
    (tmp_path / "mine.jsonl").write_text(example().model_dump_json() + "\n", encoding="utf-8")
    recipe = Recipe(batch=1, epochs=0.0, together=0.0, layers=layers, asked=False)
    with pytest.raises(RagError, match=said):
        train(tmp_path, tmp_path / "out", recipe, BUNDLED_WEIGHTS)


def test_the_lineage_of_a_student_names_its_teachers(tmp_path):
    (tmp_path / "reader.pt").touch()
    (tmp_path / "recipe.json").write_text('{"recipe": {}, "taught by": ["a"], "data": {}}', encoding="utf-8")
    assert lineage(tmp_path / "reader.pt")["taught by"] == ["a"]


def test_what_is_exported_has_the_attention_of_a_processor(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert SpanModel.trained(BUNDLED_WEIGHTS).encoder.config._attn_implementation == "eager"


def test_a_teacher_that_is_there_is_not_trained_again(tmp_path, monkeypatch):
    for name, recipe in {"at-once": TEACHERS["at-once"], "stages": Recipe()}.items():  # one of another recipe
        (tmp_path / name).mkdir()
        (tmp_path / name / "reader.pt").touch()
        (tmp_path / name / "recipe.json").write_text(json.dumps({"recipe": asdict(recipe)}), encoding="utf-8")
    trained = []
    monkeypatch.setattr(command, "train", lambda data, out, recipe, **more: trained.append((out.name, more)))
    distil(tmp_path, tmp_path)
    taught_by = [tmp_path / name for name in ("stages", "at-once", "stages-again")]
    assert trained == [("stages", {}), ("stages-again", {}), ("student", {"taught_by": taught_by})]


def test_epochs_made_ahead_are_the_same(tmp_path):
    others = [f"An observatory near town {n} was opened by Ada Lindqvist. Nobody knows when." for n in range(6)]
    rows = [example(), *(example("Who opened it?", "Ada Lindqvist", context=other) for other in others)]
    (tmp_path / "mine.jsonl").write_text("".join(row.model_dump_json() + "\n" for row in rows), encoding="utf-8")
    recipe = Recipe(batch=4, passages=2)
    here = Streams(tmp_path, None)
    with closing(Streams(tmp_path, pool_of(1))) as ahead:
        for made in (alone, together):
            pairs = zip(*(islice(streams.batches(made, recipe), 6) for streams in (here, ahead)), strict=True)
            assert all(ids_of(one) == ids_of(other) for one, other in pairs)


def pool_of(size):
    return ProcessPoolExecutor(size, multiprocessing.get_context("spawn"), streaming._follow_the_parent)


def ids_of(batch):
    return [[row.ids.tolist() for row in group] for group in batch]


def test_an_error_in_an_epoch_made_ahead_names_the_file(tmp_path):
    (tmp_path / "mine.jsonl").write_text("{", encoding="utf-8")
    with closing(Streams(tmp_path, pool_of(1))) as ahead, pytest.raises(LoadError, match=r"mine\.jsonl:1"):
        next(ahead.batches(alone, Recipe()))


@pytest.mark.parametrize(("processors", "ahead"), [(2, 0), (4, 0), (16, 12)])
def test_epochs_are_made_ahead_where_processors_are_to_spare(tmp_path, monkeypatch, processors, ahead):
    monkeypatch.setattr(streaming, "_processors", lambda: processors)
    with closing(Streams.of(tmp_path)) as streams:
        assert (streams.pool._max_workers if streams.pool else 0) == ahead


def test_a_question_is_asked_in_each_of_its_wordings():
    query = next(query for query in queries("train") if query.asked.answerable and query.asked.kind == "number")
    recipe, reworded = Recipe(worded=0.0), {query.asked.id: ("one", "two")}
    asked = {one.question for n in range(40) for group in asked_groups([query], recipe, n, reworded) for one in group}
    assert asked == {query.asked.question, "one", "two"}


def test_every_rewording_is_of_a_question_that_trains_and_differs_from_it():
    questions = {query.asked.id: query.asked.question for query in queries("train")}
    found = rewordings("train")
    assert set(found) <= set(questions)
    assert all(found.values())
    said = [(questions[one], wording) for one, wordings in found.items() for wording in wordings]
    assert not [wording for question, wording in said if wording == question or not wording.strip()]


def test_a_broken_rewording_names_the_line(tmp_path):
    (tmp_path / "train").mkdir()
    assert rewordings("train", tmp_path) == {}
    (tmp_path / "train" / "rewordings.jsonl").write_text('{"id": "a", "wordings": ["b"]}\n{"id": "a"}\n', "utf-8")
    with pytest.raises(LoadError, match=r"rewordings\.jsonl:2: .*correct the line"):
        rewordings("train", tmp_path)


def test_checkpoints_are_measured_one_by_one_and_together(tmp_path, capsys, monkeypatch):
    some = queries("calibrate")[:8]
    monkeypatch.setattr(measuring, "queries", lambda part: some)
    title = "Normans"  # of the titles that calibrate
    texts = [f"An observatory near town {n} was opened by Ada Lindqvist in {1900 + n}." for n in range(4)]
    asked = "Which year was the observatory near town {} opened by Ada Lindqvist?"
    rows = [example(asked.format(n), str(1900 + n), context=text, title=title) for n, text in enumerate(texts)]
    rows.append(example("Who closed it?", "", context=texts[0], title=title))
    lines = "".join(row.model_dump_json() + "\n" for row in rows)
    (tmp_path / "squad2_dev_part.jsonl").write_text(lines, encoding="utf-8")
    measuring.main(tmp_path, [BUNDLED_WEIGHTS, BUNDLED_WEIGHTS])
    one, again, mean = (line.partition(": ")[2] for line in capsys.readouterr().out.splitlines())
    assert one == again == mean
    (tmp_path / "squad2_dev_part.jsonl").write_text(lines.splitlines()[0] + "\n", encoding="utf-8")
    measuring.main(tmp_path, [BUNDLED_WEIGHTS])  # too few of a kind for some figures
    assert ": asked: sentence" in capsys.readouterr().out
    assert one.startswith("F1 1.000, AUROC 1.000; squad2_dev_part: right passage")
    assert "asked: sentence" in one
