"""The verifier with a model that has learnt to tell: what it may overrule and doubt, and what is without it."""

import logging
import math
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from rag.entailing import Judged
from rag.reading.similarity import SimilarityPicker
from rag.reading.trained import BUNDLED_WEIGHTS, STATEMENTS, load_picker
from rag.spans import SpanModel
from rag.verification import ADDED, DOUBTED, NOT_SAID, SAYS, Verifier
from tests.fakes import FakeEncoder, FakePicker
from tests.test_spans import write_model

FERRY = ["The ferry Astrid carries 420 passengers.", "None of them was hurt.", "It did not call at Gdansk."]


class LearntPicker(FakePicker):
    """Is as sure of every statement as it is told to be; remembers what it was asked."""

    def __init__(self, sure, denies=None):
        super().__init__((0, 1))
        self.sure, self.denies, self.asked = sure, denies, []

    def judge(self, claim, sources):
        self.asked.append((claim, sources))
        return Judged(says=self.sure, denies=self.denies)


def check(statement, sure, around=""):
    return Verifier(LearntPicker(sure)).check(statement, FERRY, around)


LEAST = 1 / (1 + math.exp(-DOUBTED))
"""The probability of a statement at the bound, of a model that denies nothing."""


@pytest.mark.parametrize(
    ("sure", "verdict"), [(1.0, "supported"), (LEAST + 1e-6, "supported"), (LEAST - 1e-6, "unsupported")]
)
def test_how_sure_the_model_is_decides_where_no_rule_does(sure, verdict):
    found = check("All passengers came through uninjured.", sure)
    assert (found.verdict, found.reason) == (verdict, SAYS if verdict == "supported" else NOT_SAID)


@pytest.mark.parametrize(
    ("denies", "verdict"), [(0.5, "supported"), (0.0, "supported"), (0.9, "unsupported"), (1.0, "unsupported")]
)
def test_what_the_sources_deny_is_doubted_sooner(denies, verdict):
    picker = LearntPicker(1.2 * LEAST, denies)
    assert Verifier(picker).check("All passengers came through uninjured.", FERRY).verdict == verdict


def test_what_is_said_stands_though_the_model_finds_it_denied():
    assert Verifier(LearntPicker(0.5, 1.0)).check("None of them was hurt.", FERRY).verdict == "supported"


@pytest.mark.parametrize(("sure", "verdict"), [(ADDED, "supported"), (ADDED - 0.01, "partial")])
def test_an_addition_is_partial_where_the_model_doubts_it(sure, verdict):
    found = check("The Astrid carries 420 passengers, while tall forests cover green hills.", sure)
    assert found.verdict == verdict
    assert ("tall forests" in found.reason) == (verdict == "partial")


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("The Astrid carries 240 passengers.", "do not say 240"),
        ('The Astrid is "a wreck".', "a wreck"),
        ("The Olga carries 420 passengers.", "do not name Olga"),
        ("The Astrid called at Gdansk.", "the opposite"),
    ],
    ids=["number", "quotation", "name", "denial"],
)
def test_what_a_rule_finds_is_not_the_models_matter(statement, reason):
    picker = LearntPicker(1.0)
    found = Verifier(picker).check(statement, FERRY)
    assert (found.verdict, reason in found.reason) == ("unsupported", True)
    assert picker.asked == []


@pytest.mark.parametrize("statement", ["火灾中没有人受伤。", "горит дом", "Owls hunt mice in barns."])
def test_words_of_which_the_sources_have_none_are_not_the_models_matter(statement):
    picker = LearntPicker(1.0)
    assert Verifier(picker).check(statement, FERRY).verdict == "unsupported"
    assert picker.asked == []


def test_the_model_reads_the_sources_with_what_stands_around():
    picker = LearntPicker(1.0)
    Verifier(picker).check("None was hurt.", FERRY, "Ferries")
    assert picker.asked == [("None was hurt.", f"Ferries {' '.join(FERRY)}")]


def folder_with(tmp_path, statements=True):
    write_model(tmp_path / "reader")
    if statements:
        write_model(tmp_path / "reader" / STATEMENTS)
    return tmp_path / "reader"


def trained(folder):
    return load_picker(str(folder), SimilarityPicker(FakeEncoder()))


def test_a_folder_of_weights_brings_its_own_model(tmp_path):
    picker = trained(folder_with(tmp_path))
    assert picker.judge("Tea is green.", "Tea is green.").says == pytest.approx(0.8808, abs=1e-4)  # a logit of 2


def test_a_folder_without_one_takes_the_packages(tmp_path):
    assert (BUNDLED_WEIGHTS / STATEMENTS).is_dir()
    sure = [
        trained(folder_with(tmp_path, statements=False)).judge(said, FERRY[0]).says for said in (FERRY[0], "It sank.")
    ]
    assert sure[0] > 0.9 > 0.5 > sure[1]


def test_a_folder_that_holds_no_model_takes_the_packages_too(tmp_path):
    folder = folder_with(tmp_path, statements=False)
    (folder / STATEMENTS).mkdir()
    assert trained(folder).judge(FERRY[0], FERRY[0]).says > 0.9


def test_a_statement_longer_than_the_model_reads_is_not_its_matter(tmp_path):
    picker = trained(folder_with(tmp_path))
    assert picker.judge("tea " * 64, "Tea is green.") is not None
    assert picker.judge("tea " * 65, "Tea is green.") is None


def test_of_a_long_source_the_surest_window_counts(tmp_path):
    picker = trained(folder_with(tmp_path, statements=False))
    owls = "Owls hunt mice in old barns. " * 60
    sure = [picker.judge(FERRY[0], source).says for source in (owls, f"{FERRY[0]} {owls}", f"{owls} {FERRY[0]}")]
    assert sure[0] < 0.1
    assert min(sure[1:]) > 0.5


def test_without_words_to_read_nothing_is_said(tmp_path):
    assert trained(folder_with(tmp_path)).judge("Tea is green.", "") is None


def test_a_damaged_model_is_told_once_and_the_rules_verify(tmp_path, caplog):
    folder = folder_with(tmp_path)
    (folder / STATEMENTS / "model.onnx").write_bytes(b"no model")
    verifier = Verifier(trained(folder))
    with caplog.at_level(logging.WARNING, "rag"):
        found = [verifier.check("The Astrid carries 420 passengers.", FERRY) for _ in range(2)]
    assert [finding.verdict for finding in found] == ["supported", "supported"]
    assert [record.getMessage().endswith("by rules alone until then") for record in caplog.records] == [True]


def test_several_threads_load_the_model_once(tmp_path, monkeypatch):
    folder, loaded = folder_with(tmp_path), []
    picker = trained(folder)
    real = SpanModel.load
    monkeypatch.setattr(SpanModel, "load", lambda *given: loaded.append(given) or time.sleep(0.2) or real(*given))
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: picker.judge("Tea is green.", "Tea is green."), range(4)))
    assert len(loaded) == 1


def test_the_model_is_loaded_when_it_is_first_asked(tmp_path):
    folder = folder_with(tmp_path)
    picker = trained(folder)
    (folder / STATEMENTS / "model.onnx").unlink()
    assert picker.judge("Tea is green.", "Tea is green.") is None


def test_similarity_has_not_learnt_it():
    assert SimilarityPicker(FakeEncoder()).judge("Tea is green.", "Tea is green.") is None
