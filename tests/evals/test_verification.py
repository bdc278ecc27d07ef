import pytest
from rich.console import Console

from evals.cases import CasesError
from evals.verification import (
    FAITHFUL,
    PARTS,
    TWINS,
    Twin,
    alarms,
    check_twins,
    looked_up,
    read_twins,
    reader_alone,
    share,
)
from tests.fakes import FakePicker

TWIN = '{"id": "a", "source": "Tea is green.", "statement": "Tea is green.", "supported": true, "corruption": null}\n'


def twin(statement, corruption=None):
    return Twin(
        id="1", source="Tea costs 3 euros.", statement=statement, supported=not corruption, corruption=corruption
    )


def test_alarms_by_corruption():
    twins = [twin("Tea costs 3 euros."), twin("Tea costs 4 euros.", "number"), twin("Tea costs 3 euros.", "unit")]
    checked = check_twins(twins, FakePicker((0, 1)))
    assert [(one.kind, one.alarm) for one in checked] == [(FAITHFUL, False), ("number", True), ("unit", False)]
    assert all(one.milliseconds > 0 for one in checked)
    found = alarms(checked)
    assert list(found) == ["number", "unit", "all corruptions", FAITHFUL]
    assert [figure.value for figure in found.values()] == [1.0, 0.0, 0.5, 0.0]
    assert reader_alone(checked) == {"number": 1.0, "unit": 0.5}


def test_statements_are_looked_up_among_all_sources():
    milk = Twin(id="2", source="Milk costs 4 euros.", statement="Milk costs 4 euros.", supported=True)
    found, raised = looked_up([milk, twin("Tea costs 9 euros.", "number")], FakePicker((0, 1)))
    assert (found.value, found.n, raised.value, raised.n) == (1.0, 1, 0.0, 1)


@pytest.mark.parametrize(
    ("hits", "interval"),
    [([True] * 16, (0.8064, 1.0)), ([True, False], (0.0945, 0.9055)), ([], (None, None))],
    ids=["all", "half", "none"],
)
def test_wilson_interval(hits, interval):
    assert (share(hits).low, share(hits).high) == interval


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "holds no statement"), (TWIN + "{}\n", "twins.jsonl:2")],
    ids=["empty", "damaged"],
)
def test_a_damaged_file_is_named(tmp_path, text, message):
    path = tmp_path / "twins.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CasesError, match=message):
        read_twins(path)


@pytest.mark.parametrize("part", PARTS)
def test_the_tables_are_twins(part):
    twins = read_twins(TWINS / f"{part}.jsonl")
    assert len({one.id for one in twins}) == len(twins)
    assert {one.corruption is None for one in twins if one.supported} == {True}
    assert sum(one.supported for one in twins) == sum(not one.supported for one in twins)


def test_no_source_is_in_two_tables():
    sources = [{one.source for one in read_twins(TWINS / f"{part}.jsonl")} for part in PARTS]
    assert len(set().union(*sources)) == sum(map(len, sources))


def test_the_table_is_printed(monkeypatch, tmp_path):
    from evals import verification

    (tmp_path / "dev.jsonl").write_text(TWIN, encoding="utf-8")
    monkeypatch.setattr(verification, "TWINS", tmp_path)
    console = Console(record=True, width=100)
    assert set(verification.bench_verifier(FakePicker((0, 1)), console)) == {"dev"}
    shown = console.export_text()
    assert "faithful (false alarms)" in shown
    assert "test.jsonl is not there" in shown
