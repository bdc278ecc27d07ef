"""The span reader on a model of twenty lines: each token scores by its own word, so the best spans are known."""

import json
import shutil

import numpy as np
import pytest

from rag import Document, Pipeline, Settings
from rag.encoding import bundled_folder
from rag.errors import ModelError
from rag.questions import analyse
from rag.reading.similarity import SimilarityPicker
from rag.reading.trained import CONFIDENCE_FEATURES, FEATURES, Calibration, TrainedPicker, load_picker, read_sentences
from rag.spans import SpanModel
from rag.splitting import split
from tests.fakes import FakeEncoder

TEA = "Anna Moss sells green tea in Porto. She paid 4,200 euros for the shop in 1998. Bo Lund bakes rye bread in Oslo."
ANSWERS = ("anna", "moss")
CALIBRATION = {"choosing": [1.0] * len(FEATURES), "confidence": [0.1] * len(CONFIDENCE_FEATURES), "bias": 0.0}


def write_model(folder, inputs=("input_ids", "attention_mask", "token_type_ids"), scores=3):
    """A model whose logits are looked up by token id: ANSWERS begin (0) and end (1) an answer, [CLS] is judged 2."""
    from onnx import TensorProto, helper, numpy_helper, save_model
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(bundled_folder() / "tokenizer.json"))
    table = np.zeros((tokenizer.get_vocab_size(), scores), dtype=np.float32)
    for place, word in enumerate(ANSWERS):
        table[tokenizer.token_to_id(word), place] = 9.0
    table[tokenizer.token_to_id("[CLS]"), 2:] = 2.0
    shape = ["batch", "tokens"]
    graph = helper.make_graph(
        [helper.make_node("Gather", ["table", "input_ids"], ["logits"])],
        "lookup",
        [helper.make_tensor_value_info(name, TensorProto.INT64, shape) for name in inputs],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [*shape, scores])],
        [numpy_helper.from_array(table, "table")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    folder.mkdir(exist_ok=True)
    save_model(model, str(folder / "model.onnx"))
    shutil.copy(bundled_folder() / "tokenizer.json", folder)
    (folder / "card.json").write_text('{"name": "lookup"}', encoding="utf-8")
    (folder / "calibration.json").write_text(json.dumps(CALIBRATION), encoding="utf-8")


@pytest.fixture
def folder(tmp_path):
    write_model(tmp_path / "weights")
    return tmp_path / "weights"


@pytest.fixture
def model(folder):
    return SpanModel.load(folder)


def words(text, span):
    return text[span.start : span.end]


def test_the_best_span_is_cut_from_the_passage_by_code_points(model):
    text = f"🍵🍵 é {TEA}"
    best = model.read("Who?", [("Shops", text)])[0]
    assert (words(text, best), best.score, best.judged) == ("Anna Moss", 18.0, 2.0)


def test_an_accent_behind_its_letter_belongs_to_the_span(model):
    text = "Anna Moss\u0301 sells tea."
    assert words(text, model.read("Who?", [("", text)])[0]) == "Anna Moss\u0301"


def test_spans_of_several_passages_come_best_first(model):
    spans = model.read("Who?", [("", "It rained all day."), ("", TEA)])
    assert spans[0].passage == 1
    assert [span.score for span in spans] == sorted((span.score for span in spans), reverse=True)


def test_the_title_is_read_and_never_an_answer(model):
    assert all(span.score < 9 for span in model.read("Who?", [("Anna Moss", "It rained all day.")]))


@pytest.mark.parametrize("before", [0, 40, 200, 230, 260, 500, 2000])
def test_a_passage_longer_than_the_window_is_read_to_its_end(model, before):
    text = "rain " * before + TEA
    assert words(text, model.read("Who?", [("", text)])[0]) == "Anna Moss"


STRANGE = {
    "empty passage": ("Who?", ""),
    "blank passage": ("Who?", "  \n "),
    "empty question": ("", TEA),
    "question longer than the window": ("who " * 2000, TEA),
    "another script": ("誰がお茶を売っていますか", "アンナはお茶を売っています。"),
    "lone surrogate": ("Who \ud800?", "Anna \udfff sells tea."),
    "one long word": ("Who?", "x" * 5000),
}


@pytest.mark.parametrize(("question", "text"), STRANGE.values(), ids=STRANGE.keys())
def test_strange_input_gives_spans_inside_the_text_or_none(model, question, text):
    assert all(0 <= span.start < span.end <= len(text) for span in model.read(question, [("", text)]))


BROKEN = {
    "missing": lambda folder: (folder / "model.onnx").unlink(),
    "truncated": lambda folder: (folder / "model.onnx").write_bytes((folder / "model.onnx").read_bytes()[:1000]),
    "no card": lambda folder: (folder / "card.json").unlink(),
    "no tokenizer": lambda folder: (folder / "tokenizer.json").unlink(),
    "another model": lambda folder: write_model(folder, inputs=("input_ids",)),
    "another version": lambda folder: write_model(folder, scores=2),
    "no calibration": lambda folder: (folder / "calibration.json").unlink(),
    "calibration of another form": lambda folder: (folder / "calibration.json").write_text(
        json.dumps(CALIBRATION | {"choosing": [1.0]})
    ),
}


@pytest.mark.parametrize("damage", BROKEN.values(), ids=BROKEN.keys())
def test_weights_that_cannot_be_used(folder, damage, monkeypatch, caplog):
    damage(folder)
    with pytest.raises(ModelError, match="weights") as error:
        load_picker(str(folder), SimilarityPicker(FakeEncoder()))
    assert "\n" not in str(error.value)
    monkeypatch.setattr("rag.reading.trained.BUNDLED_WEIGHTS", folder)
    assert load_picker("", SimilarityPicker(FakeEncoder())).name == "similarity"
    assert "answering by similarity" in caplog.text


def test_the_package_reads_with_its_own_weights(caplog):
    assert isinstance(load_picker("", SimilarityPicker(FakeEncoder())), TrainedPicker)
    assert caplog.text == ""


def test_the_similarity_picker_can_be_asked_for():
    assert load_picker("similarity", SimilarityPicker(FakeEncoder())).name == "similarity"


def test_a_pick_is_a_span_of_its_sentence(folder):
    document = Document(title="Shops", text=TEA)
    picker = load_picker(str(folder), SimilarityPicker(FakeEncoder()))
    assert isinstance(picker, TrainedPicker)
    picks = picker.pick(analyse("Who sells green tea?"), split(document, 80), {document.id: document})
    assert [words(TEA, span) for span in picks[0].short] == ["Anna Moss"]
    for pick in picks:
        assert all(pick.sentence.start <= span.start < span.end <= pick.sentence.end for span in pick.short)
    assert picker.pick(analyse("Who?"), [], {}) == []


def test_every_sentence_has_the_judgement_of_its_passage(model):
    document = Document(title="Shops", text=TEA)
    question, similarity = analyse("Who sells green tea?"), SimilarityPicker(FakeEncoder())
    reading = read_sentences(question, split(document, 80), {document.id: document}, model, similarity)
    assert len(reading.candidates) == 3
    assert set(reading.features[:, FEATURES.index("judged")].tolist()) == {2.0}


def test_another_number_of_the_same_name_lowers_the_confidence(folder):
    document = Document(title="Petrel 5", text=TEA)
    picker = load_picker(str(folder), SimilarityPicker(FakeEncoder()))
    passages, documents = split(document, 80), {document.id: document}
    own, other = (
        picker.pick(analyse(f"Who sells green tea on {ship}?"), passages, documents)[0].confidence
        for ship in ("Petrel 5", "Petrel 3")
    )
    assert other / (1 - other) < own / (1 - own) / 10


def test_a_count_that_is_none_lowers_the_confidence(folder):
    document = Document(title="Shops", text=TEA)
    picker = load_picker(str(folder), SimilarityPicker(FakeEncoder()))
    passages, documents = split(document, 80), {document.id: document}
    who, many = (
        picker.pick(analyse(f"{asked} sell green tea?"), passages, documents)[0] for asked in ("Who", "How many")
    )
    assert words(TEA, who.short[0]) == words(TEA, many.short[0]) == "Anna Moss"
    assert many.confidence / (1 - many.confidence) < who.confidence / (1 - who.confidence) / 10


def test_a_yes_no_question_is_settled_by_what_the_model_prefers(folder):
    document = Document(title="Shops", text=TEA)
    picker = load_picker(str(folder), SimilarityPicker(FakeEncoder()))
    passages, documents = split(document, 80), {document.id: document}
    best = picker.pick(analyse("Does Anna Moss sell something?"), passages, documents)[0]
    assert words(TEA, best.sentence).startswith("Anna")
    assert best.entailed
    assert not any(pick.entailed for pick in picker.pick(analyse("Is it so?"), split(document, 80)[1:], documents))


def test_a_pipeline_reads_with_the_weights_that_a_setting_names(folder, tmp_path):
    settings = Settings(reader=str(folder), min_confidence=0, sure_confidence=0)
    document = Document(title="Shops", text=TEA)
    with Pipeline.build(document, tmp_path / "index", settings, encoder=FakeEncoder()) as pipeline:
        answer = pipeline.ask("Who sells green tea in Porto?")
    assert (answer.short, answer.reader) == ("Anna Moss", "extractive/lookup")


POOLS = (
    "Two pools again. The large one is 25 metres long and is heated to 27 degrees. The small one, which is "
    "for children, is heated to 31 degrees and is 80 centimetres deep."
)


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("How warm is the large pool?", "27 degrees"),
        ("how warm is the big pool", "27 degrees"),
        ("How warm is the small pool?", "31 degrees"),
        ("How long is the large pool?", "25 metres"),
        ("How long is the small pool?", None),
        ("How deep is the large pool?", None),
    ],
)
def test_of_two_things_the_one_that_is_asked_about_answers(question, short, encoder, tmp_path):
    with Pipeline.build(Document(title="Two pools", text=POOLS), tmp_path / "index", encoder=encoder) as pipeline:
        assert pipeline.ask(question).short == short


DEAL = (
    "Brenva sells its mill. While the financial details of the sale were not disclosed, this week Brenva became the "
    "first local firm to be valued at $5 million."
)


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("How much is the deal worth?", None),
        ("What did the sale bring?", None),
        ("How much is Brenva worth?", "$5 million"),
    ],
)
def test_a_sum_that_is_not_disclosed_is_not_another_one_beside_it(question, short, encoder, tmp_path):
    with Pipeline.build(Document(title="Mill sold", text=DEAL), tmp_path / "index", encoder=encoder) as pipeline:
        assert pipeline.ask(question).short == short


def test_a_calibration_survives_its_json():
    calibration = Calibration.model_validate(CALIBRATION)
    assert Calibration.model_validate_json(calibration.model_dump_json()) == calibration
