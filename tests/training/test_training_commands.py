"""The commands of the training: bad input is one line that names it and the remedy."""

import runpy
import sys
from types import SimpleNamespace

import numpy as np
import pytest

from rag.questions import analyse
from rag.training.calibrate import Item, items


@pytest.mark.filterwarnings("ignore:.*found in sys.modules.*:RuntimeWarning")
@pytest.mark.parametrize(
    ("command", "arguments", "said"),
    [
        ("reader", ["nowhere", "out"], "nowhere holds no .jsonl or .jsonl.gz file: check the path"),
        ("reader", ["nowhere", "out", "--start-from", "none"], "none holds no reader to start from"),
        ("export", ["nowhere", "out"], "nowhere holds no reader to start from"),
        ("calibrate", ["nowhere", "none"], "none cannot be loaded"),
        ("verifying", ["out", "--start-from", "none"], "none holds no reader to start from"),
        ("verifying", ["nowhere", "--measure"], "nowhere cannot be loaded"),
        ("similarity", ["nowhere"], "nowhere/squad2_dev_part.jsonl.gz cannot be read"),
        ("ablation", ["nowhere", "out"], "nowhere/squad2_dev_part.jsonl.gz cannot be read"),
    ],
)
def test_a_wrong_path_is_one_line(command, arguments, said, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [command, *arguments])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module(f"rag.training.{command}", run_name="__main__")
    assert said in str(ended.value)
    assert "\n" not in str(ended.value)


def test_a_calibration_goes_without_public_data_that_the_folder_lacks(tmp_path, capsys):
    (tmp_path / "mine.jsonl").write_text("", encoding="utf-8")
    assert not list(items(tmp_path, "calibrate", 10, None, None))
    assert f"{tmp_path} lacks squad2_dev_part: the calibrate part goes without" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("asked", "settles", "holds", "right"),
    [
        ("Is the shop open on Mondays?", "no", True, True),
        ("Is the shop open on Mondays?", "yes", True, False),
        ("Is the shop open on Mondays?", None, True, True),
        ("Is the shop open on Mondays?", None, False, False),
        ("I need bread on Monday, the shop?", "yes", True, True),
    ],
    ids=["the right no", "the wrong yes", "the sentence alone", "another sentence", "not heard as yes or no"],
)
def test_a_yes_no_question_is_answered_right_by_its_sentence_without_a_wrong_yes_or_no(asked, settles, holds, right):
    reading = SimpleNamespace(polarity=lambda question, chosen: settles)
    assert Item(analyse(asked), reading, np.array([holds]), (), "no").is_right(0) == right
