import json
from collections import Counter

import pytest

from evals.cases import CasesError, by_name, load_cases
from evals.gate import (
    SMALLEST_GROUP,
    Baseline,
    Floors,
    against_baseline,
    below_floors,
    failing_must_pass,
    hard_zeros,
    mcnemar,
    new_baseline,
    read_baseline,
    read_floors,
    score_drop,
)
from evals.metrics import GROUPS, Outcome
from evals.selftest import checks
from rag.loading import load


def outcome(number, passed=True, **changes):
    plain = {
        "id": f"c-{number}", "suite": "s", "kind": "fact", "group": "facts", "split": "gate", "must_pass": False,
        "answerable": True, "answered": True, "passed": passed, "right": passed, "exact": None, "f1": float(passed),
        "retrieved": 1.0,
        "evidence_precision": None, "evidence_recall": None, "citation_precision": None, "citation_recall": None,
        "confidence": 0.5, "violations": (), "problem": "" if passed else "wrong",
    }  # fmt: skip
    return Outcome.model_validate(plain | changes)


def outcomes(passed, of):
    return [outcome(number, number < passed) for number in range(of)]


def test_one_violation_is_enough():
    (failure,) = hard_zeros([*outcomes(9, 9), outcome(9, violations=("wrong offset",))], [])
    assert failure.cases == ("c-9",)


def test_an_attempt_to_reach_the_network_is_a_failure():
    assert "example.org:443" in hard_zeros(outcomes(3, 3), ["example.org:443"])[0].message


def test_a_group_below_its_floor_fails_and_names_the_cases():
    (failure,) = below_floors(outcomes(8, 10), Floors(groups={"facts": 0.9}, figures={}))
    assert failure.cases == ("c-8", "c-9")
    assert not below_floors(outcomes(9, 10), Floors(groups={"facts": 0.9}, figures={}))


def test_a_good_mean_does_not_hide_a_bad_group():
    good = [outcome(number) for number in range(90)]
    bad = [outcome(100 + number, False, group="follow-ups") for number in range(10)]
    floors = Floors(groups={"facts": 0.9, "follow-ups": 0.5}, figures={"cases passed": 0.8})
    assert [failure.message[:10] for failure in below_floors([*good, *bad], floors)] == ["follow-ups"]


def test_a_group_too_small_carries_no_floor():
    assert not below_floors(outcomes(0, 3), Floors(groups={"facts": 0.9}, figures={}))


def test_a_group_without_a_case_has_no_value_and_fails():
    assert below_floors(outcomes(9, 9), Floors(groups={"summaries": 0.1}, figures={}))


def test_only_the_gate_split_is_judged_by_the_floors():
    dev = [outcome(number, False, split="dev") for number in range(10, 30)]
    assert not below_floors([*outcomes(10, 10), *dev], Floors(groups={"facts": 0.9}, figures={}))


def test_an_unknown_floor_is_an_error():
    with pytest.raises(CasesError, match="beauty"):
        below_floors(outcomes(9, 9), Floors(groups={}, figures={"beauty": 0.5}))


def test_the_same_outcomes_pass_against_their_own_baseline():
    assert against_baseline(outcomes(5, 9), new_baseline(outcomes(5, 9))) == []


def test_what_a_baseline_rounds_up_is_no_drop():
    thirds = [outcome(number, f1=2 / 3) for number in range(9)]
    assert against_baseline(thirds, new_baseline(thirds)) == []
    assert against_baseline(thirds, Baseline.model_validate_json(new_baseline(thirds).model_dump_json())) == []


def test_a_lost_must_pass_case_fails_alone():
    old = [outcome(number, must_pass=True) for number in range(30)]
    new = [outcome(0, False, must_pass=True), *old[1:]]
    assert [failure.check for failure in against_baseline(new, new_baseline(old))] == ["must pass"]


def test_one_ordinary_case_lost_is_chance():
    assert against_baseline(outcomes(29, 30), new_baseline(outcomes(30, 30))) == []


def test_many_cases_lost_are_a_regression_and_are_named():
    failures = against_baseline(outcomes(20, 30), new_baseline(outcomes(30, 30)))
    assert {failure.check for failure in failures} == {"regression"}
    assert all("s/c-29" in failure.cases for failure in failures)


def test_as_many_gained_as_lost_is_no_regression():
    old, new = outcomes(15, 30), [outcome(number, number >= 15) for number in range(30)]
    assert against_baseline(new, new_baseline(old)) == []


def test_other_cases_than_the_baseline_fail():
    (failure,) = against_baseline(outcomes(3, 3), new_baseline(outcomes(4, 4)))
    assert failure.cases == ("s/c-3",)


@pytest.mark.parametrize(
    ("lost", "gained", "p"), [(0, 0, 1.0), (6, 0, 0.03125), (5, 5, 1.0)], ids=["none", "six", "even"]
)
def test_mcnemar_is_exact(lost, gained, p):
    assert mcnemar(lost, gained) == pytest.approx(p)


def test_a_score_drop_is_told_from_noise():
    assert score_drop([1.0] * 40, [0.7] * 40) is not None
    assert score_drop([1.0, 0.0] * 20, [0.0, 1.0] * 20) is None
    assert score_drop([0.5] * 10, [0.6] * 10) is None


def test_without_a_baseline_every_must_pass_case_must_pass():
    (failure,) = failing_must_pass([outcome(0, False, must_pass=True), outcome(1, False), outcome(2, must_pass=True)])
    assert failure.cases == ("s/c-0",)
    assert failing_must_pass(outcomes(0, 3)) == []


def test_every_group_that_is_large_enough_has_a_floor():
    from evals.cli import BASELINE, FLOORS, SUITES

    floors = read_floors(FLOORS)
    cases = [
        case for name in SUITES for case in load_cases(FLOORS.parent / f"{name}.jsonl", by_name(load([SUITES[name]])))
    ]
    sizes = Counter(group for group, kinds in GROUPS.items() for c in cases if c.split == "gate" and c.kind in kinds)
    assert {group for group, size in sizes.items() if size >= SMALLEST_GROUP} == floors.groups.keys()
    assert min(floors.groups.values()) > 0
    assert {name.partition("/")[2] for name in read_baseline(BASELINE).cases} == {case.id for case in cases}


def test_no_case_at_all_is_a_failure():
    assert checks([], None, None)


def test_a_damaged_file_is_named(tmp_path):
    path = tmp_path / "floors.json"
    path.write_text(json.dumps({"groups": {"facts": "high"}}), encoding="utf-8")
    with pytest.raises(CasesError, match=r"floors\.json cannot be used .*: restore it$"):
        read_floors(path)
    with pytest.raises(CasesError, match="python -m evals baseline"):
        read_baseline(path)


def test_a_baseline_survives_its_json():
    baseline = new_baseline(outcomes(2, 3))
    assert Baseline.model_validate_json(baseline.model_dump_json()) == baseline
