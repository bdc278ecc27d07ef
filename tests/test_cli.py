import json
import os
import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import pytest

from rag import Answer, Conversation, Document
from rag.cli import main
from rag.index.corpus import seeds_dir
from rag.questions.smalltalk import reply
from rag.schema import Turn

ROOT = Path(__file__).parent.parent
CHIPS = "How many AI chips will Nvidia supply to South Korea?"


@pytest.fixture(scope="module")
def answer(seeds_pipeline):
    return seeds_pipeline.ask(CHIPS)


@pytest.fixture(autouse=True)
def shared_index(seeds_pipeline, monkeypatch):
    """The commands answer from the index that the session has built already."""
    monkeypatch.setenv("RAG_INDEX_DIR", str(seeds_pipeline.index_dir))


def run(capsys, *arguments):
    code = main([str(argument) for argument in arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_ask_json_prints_an_answer_with_exact_spans(capsys, seeds_pipeline):
    code, out, _ = run(capsys, "ask", CHIPS, "--json")
    answer = Answer.model_validate_json(out)
    texts = {document.id: document.text for document in seeds_pipeline.documents}
    assert code == 0
    assert "260,000" in answer.short
    assert all(texts[c.document_id][c.start : c.end] == c.quote for c in answer.citations)


def test_ask_json_abstains(capsys):
    code, out, _ = run(capsys, "ask", "Who won the 2022 World Cup?", "--json")
    answer = Answer.model_validate_json(out)
    assert code == 0
    assert answer.kind == "abstention"
    assert answer.nearest


def test_ask_in_a_pipe_is_plain_text(capsys):
    _, out, _ = run(capsys, "ask", CHIPS)
    assert "\x1b" not in out
    assert "[1]" in out
    assert "more than 260,000" in out


def test_index_then_ask_the_folder(capsys, tmp_path):
    (tmp_path / "tea.txt").write_text("Green tea was brought to Lisbon by Maria Lopes in 1921.", encoding="utf-8")
    code, out, _ = run(capsys, "index", tmp_path / "tea.txt", "--index-dir", tmp_path / "index")
    assert code == 0
    assert "1 document, 1 passage" in out
    code, out, _ = run(
        capsys, "ask", "When was green tea brought to Lisbon?", "--json", "--index-dir", tmp_path / "index"
    )
    assert "tea" in json.loads(out)["passages"][0]["passage"]["title"].lower()


def test_chat_answers_forgets_and_leaves(capsys, monkeypatch):
    said = iter(["hello", "", CHIPS, "x" * 3000, "/clear", "/quit"])
    monkeypatch.setattr("builtins.input", lambda prompt: next(said))
    code, out, _ = run(capsys, "chat")
    assert code == 0
    assert "260,000" in out
    assert "3,000 characters" in out


def test_chat_ends_at_the_end_of_input(capsys, monkeypatch):
    def end(prompt):
        raise EOFError

    monkeypatch.setattr("builtins.input", end)
    assert run(capsys, "chat")[0] == 0


def test_chat_that_is_interrupted_leaves_a_line_of_its_own_to_the_shell(capsys, monkeypatch):
    monkeypatch.setattr("builtins.input", Mock(side_effect=KeyboardInterrupt))
    code, _, err = run(capsys, "chat")
    assert code == 130
    assert err == "\n"


@pytest.mark.parametrize("name", ["stdin", "stdout", "stderr"])
def test_a_stream_that_was_closed_is_no_error(name, monkeypatch):
    monkeypatch.setattr("builtins.input", Mock(side_effect=EOFError))
    monkeypatch.setattr(sys, name, None)
    assert main(["chat"]) == 0
    getattr(sys, name).close()


def test_a_pipe_that_nobody_reads_ends_the_command_without_a_word(answer_file):
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    command = [sys.executable, "-m", "rag", "verify", str(answer_file)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment) as verifying:
        verifying.stdout.close()
        assert verifying.stderr.read() == b""
    assert verifying.returncode == 1


@pytest.fixture
def answer_file(answer, tmp_path):
    path = tmp_path / "answer.json"
    path.write_text(answer.model_dump_json(), encoding="utf-8")
    return path


@pytest.fixture
def tea(tmp_path):
    path = tmp_path / "tea.txt"
    path.write_text("Tea is green. Maria Lopes brought it to Lisbon in 1921.", encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("said", "code", "shown"),
    [
        (
            "Maria Lopes brought tea to Lisbon in 1921.",
            0,
            ["supported: Maria", "“Maria Lopes brought it", "1 of 1 statement"],
        ),
        (
            "Maria Lopes brought tea to Lisbon in 1931.",
            1,
            ["unsupported: Maria", "do not say 1931", "0 of 1 statement"],
        ),
        ("Is tea green?", 0, ["0 of 0 statements"]),
    ],
    ids=["supported", "unsupported", "no statement"],
)
def test_check_a_text_of_any_system(capsys, tea, tmp_path, said, code, shown):
    (tmp_path / "said.md").write_text(said, encoding="utf-8")
    found, out, _ = run(capsys, "check", tmp_path / "said.md", "--corpus", tea)
    assert found == code
    assert [words for words in shown if words not in out] == []


@pytest.mark.parametrize(
    ("data", "message"),
    [(b"", "nothing to check"), (b"\xff\xfe\xff", "not UTF-8"), (None, "cannot be read")],
    ids=["empty", "binary", "missing"],
)
def test_check_says_what_is_wrong_with_the_text(capsys, tea, tmp_path, data, message):
    if data is not None:
        (tmp_path / "said.md").write_bytes(data)
    code, _, err = run(capsys, "check", tmp_path / "said.md", "--corpus", tea)
    assert (code, err.count("\n"), message in err) == (1, 1, True)


def test_verify_proves_an_answer(capsys, answer_file):
    code, out, _ = run(capsys, "verify", answer_file)
    assert (code, out.count("\n")) == (0, 1)
    assert "1 citation, each an exact span of its source; not proven" in out


TAMPERED = {
    "quote": lambda a: a["citations"][0].update(quote=a["citations"][0]["quote"].replace("260", "270")),
    "offset": lambda a: a["citations"][0].update(start=a["citations"][0]["start"] + 1),
    "text": lambda a: a.update(text=a["text"].replace("260,000", "270,000")),
    "short": lambda a: a.update(short="more than 270,000"),
    "document": lambda a: a["citations"][0].update(document_id="another"),
    "sha256": lambda a: a["citations"][0].update(sha256="0" * 64),
    "marker": lambda a: a["statements"][0].update(markers=[2]),
    "no citation": lambda a: a.update(citations=[], statements=[]),
    "title": lambda a: a["citations"][0].update(title="The Times"),
    "something added": lambda a: a.update(text=a["text"] + " It was built by aliens."),
    "something put before": lambda a: a.update(
        text="Nvidia went bankrupt. " + a["text"],
        statements=[a["statements"][0] | {"end": a["statements"][0]["end"] + len("Nvidia went bankrupt. ")}],
    ),
    "short answer without its place": lambda a: a.update(short_spans=[]),
    "answered": lambda a: a.update(answered=False),
    "a field that there is not": lambda a: a.update(source="The Times"),
    "a yes": lambda a: a.update(
        text="Yes. " + a["text"], statements=[a["statements"][0] | {"end": a["statements"][0]["end"] + 5}]
    ),
}


@pytest.mark.parametrize("tamper", TAMPERED.values(), ids=TAMPERED.keys())
def test_verify_finds_what_was_tampered_with(capsys, answer_file, tamper):
    answer = json.loads(answer_file.read_text())
    tamper(answer)
    answer_file.write_text(json.dumps(answer))
    assert run(capsys, "verify", answer_file)[0] == 1


def test_verify_a_conversation_that_brings_its_texts(capsys, answer, seeds_pipeline, tmp_path):
    path = tmp_path / "conversation.json"
    turn = Turn(question=CHIPS, answer=answer)
    path.write_text(Conversation(turns=(turn,), documents=seeds_pipeline.documents).model_dump_json(), encoding="utf-8")
    assert run(capsys, "verify", path)[0] == 0
    other = Document(id=seeds_pipeline.documents[0].id, title="Other", text="Nothing of that.")
    path.write_text(Conversation(turns=(turn,), documents=(other,)).model_dump_json(), encoding="utf-8")
    assert run(capsys, "verify", path)[0] == 1


def test_a_named_corpus_outdoes_the_texts_that_a_conversation_brings(capsys, answer, tmp_path):
    forged = Document(title="News", text="Cats won the World Cup.")
    said = "Cats won the World Cup. [1]"
    citation = {"document_id": forged.id, "title": "News", "sha256": forged.sha256, "start": 0, "end": 23}
    statement = {
        "start": 0,
        "end": len(said),
        "markers": [1],
        "verdict": "supported",
        "reason": "the source's own words",
    }
    passage = {"id": "p", "document_id": forged.id, "title": "News", "text": forged.text, "start": 0, "end": 23}
    scored = {"passage": passage | {"sentences": [{"start": 0, "end": 23}]}, "score": 0, "dense": 0, "lexical": 0}
    fake = {"text": said, "short": None, "short_spans": [], "citations": [citation | {"quote": forged.text}]}
    fake |= {"passages": [scored]}
    answer = Answer.model_validate(answer.model_dump() | fake | {"statements": [statement]})
    path = tmp_path / "conversation.json"
    turn = Turn(question=CHIPS, answer=answer)
    path.write_text(Conversation(turns=(turn,), documents=(forged,)).model_dump_json(), encoding="utf-8")
    code, out, _ = run(capsys, "verify", path)
    assert (code, "span of the file's own texts" in out) == (0, True)
    code, out, _ = run(capsys, "verify", path, "--corpus", seeds_dir())
    assert (code, f"document '{forged.id}' of the file is not the corpus's" in out) == (1, True)


def test_a_named_index_outdoes_the_texts_that_a_conversation_brings_too(capsys, seeds_pipeline, tmp_path):
    path = tmp_path / "conversation.json"
    brought = Conversation(turns=(), documents=(Document(title="News", text="Cats won."),))
    path.write_text(brought.model_dump_json(), encoding="utf-8")
    assert run(capsys, "verify", path)[0] == 0
    assert run(capsys, "verify", path, "--index-dir", seeds_pipeline.index_dir)[0] == 1


def test_small_talk_alone_needs_no_texts(capsys, tmp_path):
    said = reply("hello", [Document(title="A text of one's own", text="It is.")])
    path = tmp_path / "conversation.json"
    path.write_text(Conversation(turns=(Turn(question="hello", answer=said),)).model_dump_json(), encoding="utf-8")
    assert run(capsys, "verify", path)[0] == 0
    path.write_text(said.model_dump_json(), encoding="utf-8")
    assert run(capsys, "verify", path)[0] == 1


MALFORMED = {
    "nested deeply": (b"[" * 100_000, "nested too deeply"),
    "objects nested deeply": (b'{"a":' * 100_000, "nested too deeply"),
    "empty": (b"", "is not JSON"),
    "not UTF-8": (b'{"text": "caf\xe9"}', "is not UTF-8 text (byte 13)"),
    "a list": (b"[]", "holds no JSON object"),
    "a number": (b"5", "holds no JSON object"),
    "an empty object": (b"{}", "question: Field required"),
    "a huge number": (b'{"schema_version": ' + b"9" * 5000 + b"}", "a number of 5,000 digits"),
    "an endless number": (b'{"turns": [], "schema_version": 1e999}', "schema_version"),
    "NaN": (b'{"confidence": NaN}', "NaN is no number"),
    "a key twice": (b'{"turns": [], "turns": []}', "'turns' stands twice"),
}


@pytest.mark.parametrize(("data", "said"), MALFORMED.values(), ids=MALFORMED.keys())
def test_a_file_that_is_no_receipt_is_one_short_line(capsys, tmp_path, data, said):
    (tmp_path / "file.json").write_bytes(data)
    code, out, err = run(capsys, "verify", tmp_path / "file.json")
    assert (code, out, err.count("\n"), len(err) < 300) == (1, "", 1, True)
    assert said in err


def test_verify_against_a_named_corpus(capsys, answer_file, tmp_path):
    (tmp_path / "other.txt").write_text("Another text.", encoding="utf-8")
    assert run(capsys, "verify", answer_file, "--corpus", tmp_path / "other.txt")[0] == 1


BAD = {
    "empty question": (["ask", "  "], "the question is empty"),
    "long question": (["ask", "why " * 25_000], "shorten it"),
    "missing path": (["index", "/no/such/path"], "/no/such/path does not exist"),
    "missing corpus": (["ask", "who?", "--corpus", "/no/such/path"], "/no/such/path does not exist"),
    "unknown document": (["ask", "who?", "--document", "nobody"], "nobody"),
    "missing file to verify": (["verify", "/no/such/file"], "/no/such/file cannot be read"),
    "index folder is a file": (["ask", "who?", "--index-dir", "{file}"], "RAG_INDEX_DIR"),
    "not JSON": (["verify", "{file}"], "not JSON"),
    "a folder of texts as index folder": (["ask", "who?", "--index-dir", "{folder}"], "--corpus"),
    "a folder as encoder": (["ask", "who?", "--index-dir", "{folder}/new"], "/no/such/encoder does not exist"),
}


@pytest.mark.parametrize(("arguments", "said"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_one_line_and_exit_code_1(capsys, tmp_path, monkeypatch, arguments, said):
    file = tmp_path / "file"
    file.write_text("text", encoding="utf-8")
    if "/new" in arguments[-1]:
        monkeypatch.setenv("RAG_ENCODER", "/no/such/encoder")
    code, out, err = run(capsys, *(argument.format(file=file, folder=tmp_path) for argument in arguments))
    assert (code, out) == (1, "")
    assert said in err
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments", [[], ["ask"], ["nothing"], ["index"]], ids=["none", "no question", "unknown", "no path"]
)
def test_wrong_usage_is_exit_code_2(arguments):
    with pytest.raises(SystemExit) as exit_:
        main(arguments)
    assert exit_.value.code == 2


def test_a_setting_without_a_usable_value_is_named(capsys, monkeypatch):
    monkeypatch.setenv("RAG_TOP_K", "many")
    code, _, err = run(capsys, "settings")
    assert code == 1
    assert "RAG_TOP_K" in err


def test_settings_lists_every_one(capsys):
    from rag import Settings

    _, out, _ = run(capsys, "settings")
    assert [line.split("=")[0] for line in out.splitlines()] == [
        f"RAG_{name.upper()}" for name in Settings.model_fields
    ]


@pytest.mark.parametrize("model", ["answer", "conversation", "document"])
def test_schema_is_json_schema(capsys, model):
    _, out, _ = run(capsys, "schema", model)
    assert json.loads(out)["properties"]


def test_python_m_rag_is_the_command():
    done = subprocess.run([sys.executable, "-m", "rag", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith("rag ")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs a device that is always full")
def test_a_full_disk_is_no_traceback():
    with open("/dev/full", "w", encoding="utf-8") as full:
        command = [sys.executable, "-m", "rag", "settings"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    assert done.returncode == 1
    assert done.stderr == "rag: error: no room to write (No space left on device): free some, or write elsewhere\n"


def test_a_closed_pipe_is_no_traceback(seeds_pipeline):
    command = f"{sys.executable} -m rag settings | head -1"
    done = subprocess.run(command, shell=True, capture_output=True, text=True, cwd=ROOT)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "command", [["settings"], ["ask", CHIPS], ["serve", "--port", "0"]], ids=["settings", "ask", "serve"]
)
def test_a_language_model_that_cannot_be_used_is_said_in_one_line(capsys, monkeypatch, command):
    monkeypatch.setenv("RAG_LLM", "openai-like:gpt")
    monkeypatch.setenv("RAG_LLM_WINDOW", "500")
    monkeypatch.setenv("RAG_LLM_KEY", "sk-hunter2")
    code, out, err = run(capsys, *command)
    assert (code, out) == (1, "")
    assert err.startswith("rag: error: RAG_LLM_WINDOW=500: ")
    assert (err.count("\n"), "hunter2" in err) == (1, False)


def test_a_folder_without_an_index_is_told_of(capsys, tmp_path):
    code, _, err = run(capsys, "ask", "Who is the CEO of Nvidia?", "--index-dir", tmp_path / "typo")
    assert code == 0
    assert "held no index" in err
    assert "rag index PATH" in err
    assert "held no index" not in run(capsys, "ask", "Who is the CEO?", "--index-dir", tmp_path / "typo")[2]
