import os
import shutil
import sqlite3
import struct
import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import numpy as np
import pytest
from chromadb.api.shared_system_client import SharedSystemClient
from filelock import FileLock

from rag.errors import IndexingError
from rag.index import Origin, build_index, open_index, read_manifest
from rag.index.store import VectorStore
from rag.schema import Document
from tests.fakes import FakeEncoder

ROOT = Path(__file__).parents[2]
TEA = Document(title="Tea", text="\ufeffTea is green — 茶 🍵.\r\nIt is a drink.\u2028It is old.")
MILK = Document(title="Milk", text="Milk is white.")
COFFEE = Document(title="Coffee", text="Coffee is black.")
OLD = (TEA, MILK)


def build(folder, *documents, encoder=None, passage_chars=700, origin=None):
    return build_index(folder, origin or Origin(), lambda: documents, encoder or FakeEncoder(), passage_chars)


@pytest.fixture
def folder(tmp_path):
    yield tmp_path / "index"
    forget_chroma()


def forget_chroma():
    """Chroma keeps a client for each folder; without this a test would not see what lies on disk."""
    SharedSystemClient.clear_system_cache()


def builds(folder):
    return {path.name for path in (folder / "builds").iterdir()}


def test_what_was_built_is_what_is_opened(folder):
    built = build(folder, *OLD)
    forget_chroma()
    opened = open_index(folder)
    assert opened.documents == built.documents == OLD
    assert opened.passages == built.passages
    assert opened.manifest == built.manifest == read_manifest(folder)
    assert np.array_equal(opened.vectors, built.vectors)
    assert np.array_equal(opened.lexical.scores("white milk"), built.lexical.scores("white milk"))


def test_vectors_stand_in_the_order_of_the_passages(folder):
    index = build(folder, *OLD)
    expected = FakeEncoder().encode([f"{passage.title}\n{passage.text}" for passage in index.passages])
    assert np.allclose(index.vectors, expected, atol=1e-6)


def test_a_folder_without_an_index_is_none(folder):
    assert open_index(folder) is None
    assert not folder.exists()


def test_the_same_again_is_neither_built_nor_encoded(folder):
    first = build(folder, *OLD)
    encoder = FakeEncoder()
    assert build(folder, *OLD, encoder=encoder).manifest == first.manifest
    assert encoder.calls == 0


CHANGES = {
    "another document": ((TEA, COFFEE), {}),
    "one more document": ((*OLD, COFFEE), {}),
    "one document less": ((TEA,), {}),
    "another order": ((MILK, TEA), {}),
    "another text": ((TEA, Document(id=MILK.id, title="Milk", text="Milk is warm.")), {}),
    "another title": ((TEA, MILK.model_copy(update={"title": "Cream"})), {}),
    "another encoder": (OLD, {"encoder": FakeEncoder("fake@2")}),
    "another splitter": (OLD, {"passage_chars": 80}),
    "another origin": (OLD, {"origin": Origin(memory=("tea",))}),
}


@pytest.mark.parametrize(("documents", "changes"), CHANGES.values(), ids=CHANGES.keys())
def test_a_change_is_noticed(folder, documents, changes):
    first = build(folder, *OLD)
    second = build(folder, *documents, **changes)
    assert second.manifest.build != first.manifest.build
    assert open_index(folder).documents == second.documents == documents


def test_only_what_is_new_is_encoded(folder):
    build(folder, *OLD)
    encoder = FakeEncoder()
    build(folder, *OLD, COFFEE, encoder=encoder)
    assert encoder.encoded == ["Coffee\nCoffee is black."]


def test_another_encoder_encodes_everything_anew(folder):
    build(folder, *OLD)
    encoder = FakeEncoder("fake@2")
    index = build(folder, *OLD, encoder=encoder)
    assert len(encoder.encoded) == len(index.passages)


def test_progress_is_reported(folder):
    seen = []
    build_index(
        folder, Origin(), lambda: OLD, FakeEncoder(), 700, progress=lambda done, total: seen.append((done, total))
    )
    assert seen == [(1, 2), (2, 2)]


def test_the_build_before_stays_for_those_who_read_it_and_older_ones_go(folder):
    made = [build(folder, document) for document in (TEA, MILK, COFFEE)]
    assert builds(folder) == {index.manifest.build for index in made[1:]}
    (position, _), *_ = made[1].search_vectors(FakeEncoder().encode(["milk"])[0], 1, None)
    assert made[1].passages[position].title == "Milk"
    with pytest.raises(IndexingError):
        made[0].search_vectors(FakeEncoder().encode(["tea"])[0], 1, None)


KILLED = """
import os, sys
from pathlib import Path
import chromadb
from rag import index
from rag.index import store
from rag.schema import Document
from tests.fakes import FakeEncoder

def kill(*arguments, **options):
    os._exit(9)

{point} = kill
index.build_index(Path(sys.argv[1]), index.Origin(), lambda: (Document(title="New", text="New."),), FakeEncoder(), 700)
"""
POINTS = {
    "while the texts are encoded": "FakeEncoder.encode",
    "while the documents are written": "os.fsync",
    "before the vectors are written": "store.VectorStore.create",
    "while the vectors are written": "chromadb.Collection.add",
    "before the pointer is written": "index._switch",
    "before the pointer is moved": "Path.replace",
}


def killed_build(folder, point):
    command = [sys.executable, "-c", KILLED.format(point=point), str(folder)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


@pytest.mark.parametrize("point", POINTS.values(), ids=POINTS.keys())
def test_killed_while_building_the_old_index_still_answers_and_the_next_build_works(folder, point):
    old = build(folder, *OLD)
    forget_chroma()
    done = killed_build(folder, point)
    assert done.returncode == 9, done.stderr
    opened = open_index(folder)
    assert opened.manifest == old.manifest
    assert np.array_equal(opened.vectors, old.vectors)
    new = build(folder, COFFEE)
    assert open_index(folder).documents == (COFFEE,)
    assert builds(folder) == {old.manifest.build, new.manifest.build}


def test_killed_after_the_pointer_was_moved_the_new_index_answers(folder):
    build(folder, *OLD)
    forget_chroma()
    assert killed_build(folder, "index._clean").returncode == 9
    assert [document.title for document in open_index(folder).documents] == ["New"]


def test_killed_before_there_was_an_index_there_is_none(folder):
    assert killed_build(folder, "index._switch").returncode == 9
    assert open_index(folder) is None
    assert build(folder, *OLD).documents == OLD


BUILDER = """
import sys, time
from pathlib import Path
from rag.index import Origin, build_index
from rag.schema import Document
from tests.fakes import FakeEncoder

class Encoder(FakeEncoder):
    def encode(self, texts, progress=None):
        with Path(sys.argv[2]).open("a") as file:
            file.write("encoded ")
        time.sleep(0.5)  # so that the other one comes while this one builds
        return super().encode(texts, progress)

print("ready", flush=True)
sys.stdin.readline()
build_index(Path(sys.argv[1]), Origin(), lambda: (Document(title="Tea", text="Tea is green."),), Encoder(), 700)
"""


def test_of_two_builders_at_once_one_builds_and_the_other_opens(folder, tmp_path):
    command = [sys.executable, "-c", BUILDER, str(folder), str(tmp_path / "log")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    both = [subprocess.Popen(command, cwd=ROOT, **pipes) for _ in range(2)]
    for builder in both:
        assert builder.stdout.readline() == "ready\n"
    for builder in both:
        builder.stdin.write("go\n")
        builder.stdin.flush()
    errors = [builder.communicate()[1] for builder in both]
    assert [builder.returncode for builder in both] == [0, 0], errors
    assert (tmp_path / "log").read_text() == "encoded "
    assert len(builds(folder)) == 1


def refuse(*arguments, **options):
    raise PermissionError(13, "Permission denied")


def fill(*arguments, **options):
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize(
    ("target", "failing", "reason"),
    [(FileLock, "acquire", refuse), (Path, "mkdir", refuse), (Path, "replace", refuse), (os, "fsync", fill)],
    ids=["no right to lock", "no right to make it", "no right to switch", "disk full"],
)
def test_a_folder_that_cannot_be_written_is_one_line_and_leaves_the_old_index(
    folder, monkeypatch, target, failing, reason
):
    old = build(folder, *OLD)
    monkeypatch.setattr(target, failing, reason)  # as root, chmod would not keep us out
    with pytest.raises(IndexingError, match=rf"^[^\n]*{folder} [^\n]*RAG_INDEX_DIR[^\n]*$"):
        build(folder, COFFEE)
    assert open_index(folder).manifest == old.manifest


def test_a_file_in_place_of_the_folder_is_one_line(folder):
    folder.write_text("tea")
    with pytest.raises(IndexingError, match=rf"^[^\n]*{folder} [^\n]*RAG_INDEX_DIR[^\n]*$"):
        build(folder, TEA)


def test_what_fails_while_building_leaves_the_old_index(folder):
    old = build(folder, *OLD)

    def fail():
        raise ValueError("no documents")

    with pytest.raises(ValueError, match="no documents"):
        build_index(folder, Origin(), fail, FakeEncoder(), 700)
    assert open_index(folder).manifest == old.manifest
    assert build(folder, COFFEE).documents == (COFFEE,)


def rewrite(pattern, change):
    def damage(folder):
        (path,) = folder.glob(pattern)
        path.write_bytes(change(path.read_bytes()))

    return damage


def first_half(data):
    return data[: len(data) // 2]


def first_line(data):
    return data.splitlines(keepends=True)[0]


DAMAGES = {
    "garbage in the pointer": rewrite("current.json", lambda data: b"garbage"),
    "nothing in the pointer": rewrite("current.json", lambda data: b""),
    "half of the passages": rewrite("builds/*/passages.jsonl", first_half),
    "a passage lost": rewrite("builds/*/passages.jsonl", first_line),
    "half of the documents": rewrite("builds/*/documents.jsonl", first_half),
    "a document lost": rewrite("builds/*/documents.jsonl", first_line),
    "a text changed": rewrite("builds/*/documents.jsonl", lambda data: data.replace(b"green", b"black")),
    "build deleted": lambda folder: shutil.rmtree(folder / "builds"),
    "vectors deleted": lambda folder: shutil.rmtree(folder / "chroma"),
    "vectors overwritten": lambda folder: (folder / "chroma" / "chroma.sqlite3").write_bytes(b"garbage" * 1000),
    "nothing in the vectors": rewrite("chroma/chroma.sqlite3", lambda data: b""),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES.keys())
def test_a_damaged_index_is_one_line_and_can_be_built_anew(folder, damage):
    build(folder, *OLD)
    forget_chroma()
    damage(folder)
    with pytest.raises(IndexingError, match=rf"^[^\n]*{folder}[^\n]*rag index[^\n]*$"):
        open_index(folder)
    assert build(folder, *OLD).documents == OLD
    assert open_index(folder).documents == OLD


def behind_the_vectors(folder):
    """The bytes of Chroma's files in which no vector lies: with fewer than 1,000 vectors the vectors lie elsewhere."""
    files = [file for name in ("data_level0.bin", "length.bin") for file in folder.rglob(name)]
    assert len(files) == 2 * len([*folder.rglob("header.bin")]) > 0
    return b"".join(file.read_bytes() for file in files)


def test_what_the_memory_held_before_is_not_written_to_disk(folder):
    for word in ("white", "sour", "warm"):
        build(folder, TEA, Document(title="Milk", text=f"Milk is {word}."))
    assert not behind_the_vectors(folder).strip(b"\0")
    forget_chroma()
    open_index(folder)
    assert not behind_the_vectors(folder).strip(b"\0")


def test_only_the_room_behind_the_vectors_is_overwritten(tmp_path):
    vectors = np.random.default_rng(0).normal(size=(1500, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    with VectorStore(tmp_path) as store:
        store.create("many", vectors, ["one"] * len(vectors))
    forget_chroma()
    with VectorStore(tmp_path) as store:
        assert np.allclose(store.load("many"), vectors, atol=1e-6)
        assert store.search("many", vectors[7], 1, None)[0][0] == 7


@pytest.mark.parametrize("damage", ["header", "database"])
def test_an_unknown_form_of_chroma_s_files_is_left_and_said(tmp_path, monkeypatch, caplog, damage):
    vectors = np.eye(3, 8, dtype=np.float32)
    if damage == "header":
        monkeypatch.setattr("rag.index.store._HEADER", struct.Struct("<400s"))
    else:
        monkeypatch.setattr(
            "rag.index.store.sqlite3.connect", Mock(side_effect=sqlite3.OperationalError("no such table"))
        )
    with VectorStore(tmp_path) as store:
        store.create("some", vectors, ["one"] * 3)
        assert np.allclose(store.load("some"), vectors)
    assert "unknown" in caplog.text
