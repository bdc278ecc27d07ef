"""The evaluation as CI runs it, on a small suite with the real pipeline."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from evals.cases import by_name, load_cases
from evals.cli import main
from evals.gate import Floors, new_baseline
from evals.page import page
from evals.report import make_report, write_junit
from evals.run import Suite, closed_network, record
from evals.selftest import CHANGES, checks, self_test
from rag.index.corpus import seeds_dir

ROOT = Path(__file__).parents[2]
CASES = ROOT / "evals" / "article.jsonl"


@pytest.fixture(scope="module")
def suite(seeds_pipeline):
    documents = by_name(seeds_pipeline.documents)
    wanted = ("fact", "number", "far", "near_miss")
    cases = [case for case in load_cases(CASES, documents) if case.kind in wanted][:40]
    return Suite("article", tuple(cases), documents, seeds_pipeline)


@pytest.fixture(scope="module")
def recording(suite):
    return record(suite)


def test_the_pipeline_breaks_no_hard_rule(recording):
    assert [outcome.violations for outcome in recording.outcomes() if outcome.violations] == []
    assert recording.network == []


def test_an_answer_that_differs_the_second_time_is_a_violation(suite, recording):
    case = suite.cases[0]
    changed = recording.answers[case.id].model_copy(update={"confidence": 0.123})
    recording.again[case.id], kept = changed, recording.again[case.id]
    try:
        assert "differs between two runs" in recording.outcomes()[0].violations
    finally:
        recording.again[case.id] = kept


@pytest.mark.parametrize("name", CHANGES)
def test_each_mutant_of_an_answer_changes_what_it_says_it_does(name, recording):
    documents = recording.suite.documents_by_id
    changed = [CHANGES[name](answer, documents) != answer for answer in recording.answers.values() if answer.answered]
    assert any(changed)


def test_the_gate_catches_every_mutant_that_a_small_corpus_can_show(recording):
    outcomes = recording.outcomes()
    floors = Floors(groups={"far questions": 0.9}, figures={"answers with the right citation": 0.3})
    assert checks([recording], floors, new_baseline(outcomes)) == []
    caught = self_test([recording], floors, new_baseline(outcomes))
    assert len(caught) == 7
    assert {mutant.name for mutant in caught if not mutant.failures} <= {"shuffled retrieval"}


def test_reports_are_equal_escaped_and_complete(recording, encoder, tmp_path):
    first, second = (make_report([recording], [], encoder) for _ in range(2))
    assert first.model_dump_json() == second.model_dump_json()
    html = page(first, [recording], None, new_baseline(recording.outcomes()))
    assert html.count("<svg") == 4
    assert "http://" not in html
    assert "https://" not in html
    assert "<script" not in html
    write_junit(tmp_path / "junit.xml", first.outcomes, {})
    assert len(ElementTree.parse(tmp_path / "junit.xml").findall(".//testcase")) == len(recording.suite.cases)


def test_the_closed_network_refuses_and_notes():
    attempts = []
    with closed_network(attempts), pytest.raises(ConnectionRefusedError):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    assert attempts == ["192.0.2.1:80"]


@pytest.mark.parametrize(
    "reach",
    [
        pytest.param(lambda udp, host: udp.connect((host, 9)), id="connect"),
        pytest.param(lambda udp, host: udp.connect_ex((host, 9)), id="connect_ex"),
        pytest.param(lambda udp, host: udp.sendto(b"tea", (host, 9)), id="sendto"),
        pytest.param(lambda udp, host: udp.sendto(b"tea", 0, (host, 9)), id="sendto with flags"),
        pytest.param(lambda udp, host: udp.sendmsg([b"tea"], [], 0, (host, 9)), id="sendmsg"),
        pytest.param(lambda _, host: socket.getaddrinfo(host, 9), id="getaddrinfo"),
        pytest.param(lambda _, host: socket.getaddrinfo(host=host.encode(), port=9), id="getaddrinfo of bytes"),
        pytest.param(lambda _, host: socket.gethostbyname(host), id="gethostbyname"),
        pytest.param(lambda _, host: socket.gethostbyname_ex(host), id="gethostbyname_ex"),
        pytest.param(lambda _, host: socket.gethostbyaddr(host), id="gethostbyaddr"),
        pytest.param(lambda _, host: socket.getnameinfo((host, 9), socket.NI_NUMERICHOST), id="getnameinfo"),
    ],
)
def test_no_way_leads_out_of_the_closed_network_and_each_to_this_machine(reach):
    attempts = []
    with closed_network(attempts), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        with pytest.raises(ConnectionRefusedError, match=r"192\.0\.2\.1"):
            reach(udp, "192.0.2.1")
        assert len(attempts) == 1
        reach(udp, "127.0.0.1")
    assert len(attempts) == 1


def test_a_message_in_two_parts_has_no_address():
    with (
        closed_network([]),
        socket.socket(type=socket.SOCK_DGRAM) as one,
        socket.socket(type=socket.SOCK_DGRAM) as other,
    ):
        other.bind(("127.0.0.1", 0))
        one.connect(other.getsockname())
        assert one.sendmsg((b"te", b"a")) == 3
        assert other.recv(3) == b"tea"


def test_the_network_is_open_again_afterwards():
    before = [socket.getaddrinfo, socket.gethostbyname, socket.socket.sendto, socket.socket.sendmsg]
    with closed_network([]):
        assert socket.getaddrinfo != before[0]
    assert [socket.getaddrinfo, socket.gethostbyname, socket.socket.sendto, socket.socket.sendmsg] == before


@pytest.fixture
def own_cases(tmp_path):
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "tea.txt").write_text("Anna Moss sells green tea in Porto.", encoding="utf-8")
    path = tmp_path / "mine.jsonl"
    case = {
        "id": "m-1", "document": "tea.txt", "question": "What does Anna Moss sell in Porto?", "kind": "fact",
        "answerable": True, "answers": ["green tea"],
        "evidence": [{"document": "tea.txt", "text": "Anna Moss sells green tea in Porto."}],
    }  # fmt: skip
    path.write_text(json.dumps(case) + "\n", encoding="utf-8")
    return path


def test_a_users_own_pairs(own_cases, tmp_path, capsys):
    texts = str(tmp_path / "texts")
    assert main(["anchor", str(own_cases), "--texts", texts]) == 0
    out = tmp_path / "report"
    assert main(["--cases", str(own_cases), "--corpus", texts, "--out", str(out)]) == 0
    assert {path.name for path in out.iterdir()} == {"report.html", "report.json", "junit.xml", "timings.json"}
    assert "PASS" in capsys.readouterr().out


def test_quality_that_falls_short_is_exit_code_1(own_cases, tmp_path):
    texts = str(tmp_path / "texts")
    main(["anchor", str(own_cases), "--texts", texts])
    floors = tmp_path / "floors.json"
    floors.write_text(json.dumps({"groups": {"summaries": 0.5}, "figures": {}}), encoding="utf-8")
    arguments = [
        "--cases",
        str(own_cases),
        "--corpus",
        texts,
        "--out",
        str(tmp_path / "report"),
        "--floors",
        str(floors),
    ]
    assert main(arguments) == 1


BROKEN = {
    "no such cases": (["--cases", "/no/such.jsonl", "--corpus", str(seeds_dir())], "/no/such.jsonl"),
    "cases without a corpus": (["--cases", str(CASES)], "--corpus"),
    "no such corpus": (["--cases", str(CASES), "--corpus", "/no/such"], "/no/such does not exist"),
    "no such data": (["bench", "--data", "/no/such.jsonl"], "/no/such.jsonl"),
    "nothing to bench": (["bench"], "--data, --speed or one of asked, conversations, forms, rules, verifier"),
    "no card": (["bench", "--speed", "--card", "/no/such"], "/no/such holds no card.json"),
    "nothing to draft from": (["new", "--to", "/tmp/never.jsonl"], "--texts or --feedback"),
}


@pytest.mark.parametrize(("arguments", "said"), BROKEN.values(), ids=BROKEN.keys())
def test_what_cannot_run_is_exit_code_2_and_one_line(arguments, said, capsys):
    assert main(arguments) == 2
    err = capsys.readouterr().err
    assert said in err
    assert err.count("\n") == 1


def test_a_crash_is_exit_code_2(monkeypatch, capsys):
    monkeypatch.setattr("evals.cli.load_encoder", lambda: 1 / 0)
    assert main([]) == 2
    assert "crashed" in capsys.readouterr().err


def test_bench_prints_a_table(tmp_path, capsys):
    data = tmp_path / "pairs.jsonl"
    rows = [
        {"id": "1", "question": "What does Anna sell?", "title": "Tea", "context": "Anna sells tea.",
         "answers": [{"text": "tea", "start": 11}]},
        {"id": "2", "question": "Who is the king?", "title": "Tea", "context": "Anna sells tea.", "answers": []},
    ]  # fmt: skip
    data.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert main(["bench", "--data", str(data)]) == 0
    assert "short F1" in capsys.readouterr().out


def test_bench_asks_without_the_passage_and_writes_the_card(tmp_path, capsys):
    data, weights = tmp_path / "nq_open_gold.jsonl", tmp_path / "weights"
    rows = [
        {"id": str(n), "question": f"what does {name} sell", "title": name, "context": f"{name} sells {good}.",
         "answers": [{"text": good, "start": len(name) + 7}]}
        for n, (name, good) in enumerate([("Anna", "tea"), ("Bo", "bread"), ("Cy", "milk")])
    ]  # fmt: skip
    data.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    weights.mkdir()
    (weights / "card.json").write_text('{"name": "tea"}', encoding="utf-8")
    assert main(["bench", "--data", str(data), "--card", str(weights)]) == 0
    out = capsys.readouterr().out
    assert "gold passage there against removed" in out
    card = json.loads((weights / "card.json").read_text("utf-8"))
    assert card["name"] == "tea"
    figures = card["benchmark"]["nq_open_gold, full pipeline"]
    assert figures["right passage"] == 1.0
    assert f"{figures['short F1']:.3f}" in out


def test_bench_says_how_fast(capsys):
    assert main(["bench", "--speed"]) == 0
    assert "4 passages" in capsys.readouterr().out


def test_two_readers_side_by_side(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr("evals.cli.SUITES", {"article": seeds_dir()})
    page = tmp_path / "answers.md"
    assert main(["compare", "similarity", "bundled", "--answers", str(page)]) == 0
    assert "exact McNemar" in capsys.readouterr().out
    rows = [line for line in page.read_text("utf-8").splitlines() if line.startswith("| ")]
    assert len(rows) == 2 + 20
    assert all(row.count(" | ") == 2 for row in rows)


def test_bench_reads_squads_own_format(tmp_path, capsys):
    asked = {"id": "1", "question": "What does Anna sell?", "answers": [{"text": "tea", "answer_start": 11}]}
    paragraph = {"context": "Anna sells tea.", "qas": [asked, {"id": "2", "question": "Who?", "is_impossible": True}]}
    data = tmp_path / "dev.json"
    data.write_text(json.dumps({"data": [{"title": "Tea", "paragraphs": [paragraph]}]}), encoding="utf-8")
    assert main(["bench", "--data", str(data)]) == 0
    assert "right sentence" in capsys.readouterr().out


@pytest.mark.skipif(not os.environ.get("CI"), reason="three whole runs: in CI")
def test_three_processes_with_other_hash_seeds_write_the_same_report(tmp_path):
    reports = []
    for seed in ("0", "1", "4711"):
        out = tmp_path / seed
        environment = os.environ | {"PYTHONHASHSEED": seed}
        subprocess.run([sys.executable, "-m", "evals", "--out", str(out)], cwd=ROOT, env=environment, check=True)
        reports.append((out / "report.json").read_bytes())
    assert reports[0] == reports[1] == reports[2]
