"""Build, open and switch the index of a corpus: documents, passages, vectors and the lexical half.

On disk, in the index folder:

    current.json      the pointer: which build answers, and its manifest
    builds/ID/        documents.jsonl and passages.jsonl of a build
    chroma/           the vectors, one collection a build (chroma-ID/ after one was found damaged)
    lock              held by the one process that builds

A build writes everything under a new id and replaces `current.json` as its last step, so a kill at
any moment leaves the old build answering. The build before the current one is kept for readers that
still have it open; older ones are deleted by the next build.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TypeVar

import numpy as np
from filelock import FileLock
from pydantic import ValidationError

from rag import context, splitting
from rag.encoding import Encoder, Progress, Vectors
from rag.errors import IndexingError, UnreachableError
from rag.index.store import VectorStore
from rag.lexical import LexicalIndex, composed, words
from rag.questions.capitals import Names, names_of
from rag.schema import Document, Frozen, Passage
from rag.splitting import split

FORMAT = 1
_Model = TypeVar("_Model", bound=Frozen)


class Origin(Frozen):
    """What belongs to the corpus: paths asked for, paths added later, ids removed, ids made in memory."""

    corpus: tuple[str, ...] = ()
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    memory: tuple[str, ...] = ()


class Manifest(Frozen):
    """What built the index."""

    format: int = FORMAT
    build: str
    fingerprint: str
    encoder: str
    passage_chars: int
    origin: Origin
    store: str = "chroma"
    """The folder of the vectors; a new one where the one before was damaged."""


@dataclass(frozen=True)
class Index:
    """An opened build. `vectors` has shape (len(passages), dimension), or is None beyond the exact limit."""

    folder: Path
    manifest: Manifest
    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]
    vectors: Vectors | None
    lexical: LexicalIndex
    chroma_url: str | None = None
    store: VectorStore | None = None
    """Kept open where it is searched, so that Chroma holds its vectors in memory; None where `vectors` are."""

    @cached_property
    def words(self) -> frozenset[str]:
        """The words of the texts in lower case, by which a question's typing errors are known."""
        return words_of(self.documents)

    @cached_property
    def names(self) -> Names:
        """The names in the texts, by which one in small letters in a question is known."""
        return names_in(self.documents)

    def search_vectors(self, query: Vectors, count: int, document_ids: set[str] | None) -> list[tuple[int, float]]:
        """The nearest passages by the store's approximate search: (position, cosine), best first.

        Each search opens the store for itself: one that is under way is not disturbed by `close`.
        """
        with VectorStore(self.folder / self.manifest.store, self.chroma_url) as store:
            return store.search(_collection(self.folder, self.manifest.build), query, count, document_ids)

    def close(self) -> None:
        """Let go of the store's files; a search opens them again for as long as it takes."""
        if self.store:
            self.store.close()


def words_of(documents: Iterable[Document]) -> frozenset[str]:
    """The words of the documents in lower case."""
    texts = (f"{document.title} {document.text}" for document in documents)
    return frozenset(word.lower() for text in texts for word, _, _ in words(composed(text)) if word.isalpha())


def names_in(documents: Iterable[Document]) -> Names:
    """The names that the documents write in capitals (`rag/questions/capitals.py`)."""
    return names_of(composed(text) for document in documents for text in (document.title, document.text))


def fingerprint(documents: Sequence[Document], encoder: str, passage_chars: int) -> str:
    """A hash of all that decides what is in an index: documents, encoder, the code of the splitter, format."""
    described = [document.model_dump(exclude={"text"}) for document in documents]
    return hashlib.sha256(
        json.dumps([FORMAT, _splitter(), encoder, passage_chars, described]).encode("utf-8", "surrogatepass")
    ).hexdigest()


@cache
def _splitter() -> str:
    """A hash of the modules that cut documents: whoever changes them need not remember a version number."""
    code = b"".join(Path(str(module.__file__)).read_bytes() for module in (splitting, context))
    return hashlib.sha256(code).hexdigest()


def holds_index(folder: Path) -> bool:
    """Whether something was built in the folder, sound or damaged."""
    return os.path.isfile(folder / "current.json")


def read_manifest(folder: Path) -> Manifest | None:
    """The manifest that the pointer holds; None where nothing was built yet. Raises IndexingError."""
    try:
        return Manifest.model_validate_json((folder / "current.json").read_bytes())
    except FileNotFoundError:
        return None
    except (NotADirectoryError, PermissionError) as error:
        raise _unwritable(folder, error) from error
    except (OSError, ValidationError) as error:
        raise _damaged(folder, type(error).__name__) from error


def open_index(folder: Path, chroma_url: str | None = None) -> Index | None:
    """The index that answers now; None where nothing was built yet. Raises IndexingError if damaged."""
    manifest = read_manifest(folder)
    if manifest is None:
        return None
    documents, passages = read_documents(folder, manifest), _read(folder, manifest, "passages", Passage)
    if fingerprint(documents, manifest.encoder, manifest.passage_chars) != manifest.fingerprint:
        raise _damaged(folder, "other documents than were indexed")
    with VectorStore(folder / manifest.store, chroma_url) as store:
        vectors = store.load(_collection(folder, manifest.build))
    if vectors is not None and len(vectors) != len(passages):
        raise _damaged(folder, f"{len(vectors)} vectors for {len(passages)} passages")
    lexical = LexicalIndex([passage.text for passage in passages])
    searched = VectorStore(folder / manifest.store, chroma_url) if vectors is None else None
    return Index(folder, manifest, documents, passages, vectors, lexical, chroma_url, searched)


Plan = Callable[[Manifest | None], tuple[Origin, tuple[Document, ...]]]
"""What an index is to hold, given what it holds now; called when the lock is held. May raise."""


def build_index(
    folder: Path,
    origin: Origin,
    gather: Callable[[], tuple[Document, ...]],
    encoder: Encoder,
    passage_chars: int,
    chroma_url: str | None = None,
    progress: Progress | None = None,
) -> Index:
    """Build an index of the documents that `gather` returns, whatever the folder held, as `change_index` does."""
    return change_index(folder, lambda old: (origin, gather()), encoder, passage_chars, chroma_url, progress)


def change_index(
    folder: Path,
    plan: Plan,
    encoder: Encoder,
    passage_chars: int,
    chroma_url: str | None = None,
    progress: Progress | None = None,
) -> Index:
    """Build the index that `plan` asks for and switch to it; all or nothing, one process at a time.

    If another process built the same in the meantime, that one is opened. Raises IndexingError for a folder
    that cannot be written.
    """
    with _locked(folder), ExitStack() as opened:
        old, damaged = _old_index(folder, chroma_url)
        if old:
            opened.callback(old.close)
        origin, documents = plan(old.manifest if old else None)
        wanted = fingerprint(documents, encoder.fingerprint, passage_chars)
        if old and old.manifest.fingerprint == wanted and old.manifest.origin == origin:
            opened.pop_all()
            return old
        build = uuid.uuid4().hex[:12]
        manifest = Manifest(
            build=build,
            store=f"chroma-{build}" if damaged else (old.manifest.store if old else "chroma"),
            fingerprint=wanted,
            encoder=encoder.fingerprint,
            passage_chars=passage_chars,
            origin=origin,
        )
        passages = [passage for document in documents for passage in split(document, passage_chars)]
        store = opened.enter_context(VectorStore(folder / manifest.store, chroma_url))  # before anything slow
        vectors = _encode(passages, encoder, old, progress)
        try:
            _write_build(folder, manifest, documents, passages, vectors, store)
            _switch(folder, manifest)
            _clean(folder, manifest, old, chroma_url)
        except OSError as error:
            raise _unwritable(folder, error) from error
    index = open_index(folder, chroma_url)
    if index is None:
        raise _damaged(folder, "the pointer vanished")
    return index


def forget_earlier(folder: Path, chroma_url: str | None = None) -> None:
    """Delete the builds before the current one at once: what was removed from the index is then nowhere on disk."""
    with _locked(folder):
        manifest = read_manifest(folder)
        if manifest:
            _clean(folder, manifest, None, chroma_url)


def delete_index(folder: Path, chroma_url: str | None = None) -> None:
    """Delete an index, its vectors on a Chroma server too; no process may have it open.

    Raises UnreachableError where that server does not answer: the folder is gone all the same.
    """
    try:
        if chroma_url:
            with VectorStore(folder, chroma_url) as store:
                store.keep_only(_collection(folder, ""), set())
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def passage_input(passage: Passage) -> str:
    """What the encoder sees of a passage: its document's title, then its text."""
    return f"{passage.title}\n{passage.text}"


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Hold the folder's lock: whoever comes second waits until the first one is done."""
    lock = FileLock(folder / "lock")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _refuse_foreign(folder)
        lock.acquire()
    except OSError as error:
        raise _unwritable(folder, error) from error
    try:
        yield
    finally:
        lock.release()


def _refuse_foreign(folder: Path) -> None:
    """Raises IndexingError for a folder with files of someone's that is not an index: nothing is mixed into it."""
    names = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
    if names and not names & {"current.json", "builds", "lock"}:
        raise IndexingError(
            f"{folder} holds files but no index: give the folder of an index or an empty one as index folder, "
            "and name texts with --corpus or RAG_CORPUS"
        )


def _old_index(folder: Path, chroma_url: str | None) -> tuple[Index | None, bool]:
    """The index that a new build replaces, None where there is none; and whether there is one that is damaged."""
    try:
        return open_index(folder, chroma_url), False
    except UnreachableError:
        raise
    except IndexingError:
        return None, True


def _encode(passages: Sequence[Passage], encoder: Encoder, old: Index | None, progress: Progress | None) -> Vectors:
    """Vectors of the passages; those that the old index holds from the same encoder are taken from it."""
    inputs = [passage_input(passage) for passage in passages]
    known: dict[str, Vectors] = {}
    if old and old.vectors is not None and old.manifest.encoder == encoder.fingerprint:
        known = dict(zip(map(passage_input, old.passages), old.vectors, strict=True))
    fresh = sorted(set(inputs) - known.keys())
    if fresh:
        known |= dict(zip(fresh, encoder.encode(fresh, progress), strict=True))
    return np.stack([known[text] for text in inputs])


def _write_build(
    folder: Path,
    manifest: Manifest,
    documents: Sequence[Document],
    passages: Sequence[Passage],
    vectors: Vectors,
    store: VectorStore,
) -> None:
    build = folder / "builds" / manifest.build
    build.mkdir(parents=True)
    for name, models in (("documents", documents), ("passages", passages)):
        with (build / f"{name}.jsonl").open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(model.model_dump_json() + "\n" for model in models)
            file.flush()
            os.fsync(file.fileno())
    document_ids = [passage.document_id for passage in passages]
    store.create(_collection(folder, manifest.build), vectors, document_ids)


def _switch(folder: Path, manifest: Manifest) -> None:
    """Replace the pointer in one step (os.replace is atomic within a file system)."""
    new = folder / "current.json.new"
    with new.open("w", encoding="utf-8") as file:
        file.write(manifest.model_dump_json(indent=1))
        file.flush()
        os.fsync(file.fileno())
    new.replace(folder / "current.json")


def _clean(folder: Path, manifest: Manifest, old: Index | None, chroma_url: str | None) -> None:
    """Delete all builds but the new one and the one before it."""
    kept = {manifest.build} | ({old.manifest.build} if old else set())
    for build in (folder / "builds").iterdir():
        if build.name not in kept:
            shutil.rmtree(build, ignore_errors=True)
    names = {_collection(folder, build) for build in kept}
    with VectorStore(folder / manifest.store, chroma_url) as store:
        store.keep_only(_collection(folder, ""), names)
    for other in folder.glob("chroma*"):
        if other.name != manifest.store:
            shutil.rmtree(other, ignore_errors=True)


def _collection(folder: Path, build: str) -> str:
    """The collection's name: unique to this folder, since folders may share a Chroma server."""
    return f"passages-{hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:12]}-{build}"


def read_documents(folder: Path, manifest: Manifest) -> tuple[Document, ...]:
    """The documents as they were when the index was built. Raises IndexingError if damaged."""
    return _read(folder, manifest, "documents", Document)


def _read(folder: Path, manifest: Manifest, name: str, model: type[_Model]) -> tuple[_Model, ...]:
    try:
        with (folder / "builds" / manifest.build / f"{name}.jsonl").open(encoding="utf-8", newline="\n") as file:
            return tuple(model.model_validate_json(line) for line in file)
    except (OSError, ValueError) as error:
        raise _damaged(folder, f"{name}: {type(error).__name__}") from error


def _damaged(folder: Path, reason: str) -> IndexingError:
    return IndexingError(
        f"the index in {folder} is damaged ({reason}): rebuild it with `rag index PATH... --index-dir {folder}`, "
        "or delete the folder"
    )


def _unwritable(folder: Path, error: OSError) -> IndexingError:
    reason = error.strerror or type(error).__name__
    return IndexingError(
        f"the index folder {folder} cannot be used ({reason}): "
        "make it writable, or choose another with RAG_INDEX_DIR or --index-dir"
    )
