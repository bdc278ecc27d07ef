import ast
import socket
import subprocess
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "rag"
LEVELS = [
    "errors hypertext lexical schema series",
    "context encoding grounding jsonl loading settings spans",
    "entailing questions splitting",
    "index reading",
    "composing history retrieval verification",
    "extractive llm terminal",
    "generative",
    "events proof receipts",
    "pipeline",
    "training web",
    "cli",
    "__main__",
]
LEVEL = {name: number for number, names in enumerate(LEVELS) for name in names.split()}
ONLY_IN = {
    "chromadb": {"index"},
    "llama_index": {"loading", "llm"},
    "httpx": {"llm"},
    "openai": {"llm"},
    "anthropic": {"llm"},
    "gradio": {"web"},
    "onnxruntime": {"spans", "training"},
    "sentence_transformers": {"encoding", "training"},
    "torch": {"encoding", "training"},
    "bm25s": {"lexical"},
    "rich": {"terminal"},
}


def part(path):
    """The module or package directly below rag/ that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path):
    """The full names of all that a file imports, at its top or late; `from a import b` counts as a.b."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are absolute here"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


FILES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")
IMPORTS = {path: set(imported(path)) for path in FILES}
every_file = pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())


def named(path):
    """The name that a file is imported by."""
    return ".".join(("rag", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")


MODULES = {named(path): path for path in FILES}


def used_modules(path):
    """The modules of the package that a file imports, or imports something from."""
    names = {name if name in MODULES else name.rpartition(".")[0] for name in IMPORTS[path]}
    return names & MODULES.keys() - {named(path)}


def used_parts(path):
    return {part(MODULES[name]) for name in used_modules(path)}


def test_every_module_has_its_place():
    assert {part(path) for path in FILES} == set(LEVEL)


@every_file
def test_nothing_downstream_is_imported_upstream(path):
    assert {name for name in used_parts(path) - {part(path)} if LEVEL[name] >= LEVEL[part(path)]} == set()


def test_there_is_no_circle():
    order = list(TopologicalSorter({named(path): used_modules(path) for path in FILES}).static_order())
    assert order.index("rag.schema") < order.index("rag.pipeline") < order.index("rag.cli")


@every_file
def test_a_library_stops_at_the_module_that_it_is_for(path):
    libraries = {name.split(".")[0] for name in IMPORTS[path]}
    assert {library for library in libraries if part(path) not in ONLY_IN.get(library, {part(path)})} == set()


@every_file
def test_the_package_knows_nothing_of_evals_tests_and_the_app(path):
    assert {name.split(".")[0] for name in IMPORTS[path]}.isdisjoint({"app", "evals", "tests"})


def test_the_app_imports_only_from_rag():
    others = {name.split(".")[0] for name in imported(ROOT / "app.py")} - sys.stdlib_module_names
    assert others == {"rag"}


def test_no_module_is_named_answer():
    assert "answer" not in {path.stem for path in FILES}


HEAVY = "torch transformers sentence_transformers llama_index chromadb onnxruntime gradio pandas numpy rich".split()


def loaded(code):
    script = f"import sys\n{code}\nprint(*{{name.split('.')[0] for name in sys.modules}})"
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


@pytest.mark.parametrize("names", ["RagError", "Answer, Document", "Settings"], ids=["errors", "schema", "settings"])
def test_the_package_is_imported_light(names):
    assert loaded(f"import rag\nfrom rag import {names}").isdisjoint(HEAVY)


def test_the_pipeline_imports_models_and_stores_late():
    assert loaded("from rag import Pipeline").isdisjoint({*HEAVY} - {"numpy"})


def test_no_test_reaches_beyond_this_machine(no_network):
    with pytest.raises(OSError, match="192"):
        socket.create_connection(("192.0.2.1", 80), timeout=1)
    with pytest.raises(OSError, match="example"):
        socket.getaddrinfo("example.org", 80)
    with socket.socket() as one, pytest.raises(OSError, match="192"):
        one.connect_ex(("192.0.2.1", 80))
    with socket.socket(type=socket.SOCK_DGRAM) as one, pytest.raises(OSError, match="192"):
        one.sendto(b"", ("192.0.2.1", 80))
    assert no_network == ["192.0.2.1:80", "example.org:80", "192.0.2.1:80", "192.0.2.1:80"]
    no_network.clear()


def test_tests_may_talk_to_this_machine(no_network):
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()
    assert no_network == []
