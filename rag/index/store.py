"""The vectors of one index in a Chroma collection: embedded on disk, or on a Chroma server."""

from __future__ import annotations

import logging
import os
import sqlite3
import struct
from collections.abc import Sequence
from contextlib import closing, suppress
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import urlsplit

import numpy as np

from rag.encoding import Vectors
from rag.errors import IndexingError, UnreachableError, reason_of

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.config import Settings as ChromaSettings

log = logging.getLogger("rag")
EXACT_LIMIT = 50_000
"""Up to so many passages the vectors are held in memory and searched exactly."""


class VectorStore:
    """Collections of unit vectors, one a build; rows are numbered from 0 in the order they came.

    A context manager. The files of a folder stay open until all its stores are closed; one more meanwhile is quick.
    """

    def __init__(self, folder: Path, chroma_url: str | None = None) -> None:
        """Connect. Raises IndexingError for a folder or server that cannot be used."""
        self._folder, self._url = folder, chroma_url
        self._client = _server(chroma_url) if chroma_url else _opened(folder)

    def close(self) -> None:
        """Let go of the files; a second time it does nothing. What goes to a server stays connected, for others."""
        if self._url is None and hasattr(self._client, "close"):  # chromadb 1.0 has none yet
            with _opening:
                self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *raised: object) -> None:
        self.close()

    def create(self, name: str, vectors: Vectors, document_ids: Sequence[str]) -> None:
        """Write a new collection, cosine space, one row a vector with its document's id."""
        try:
            collection = self._client.create_collection(
                name, configuration={"hnsw": {"space": "cosine"}}, embedding_function=None
            )
            size = min(self._client.get_max_batch_size(), 5000)
            for first in range(0, len(vectors), size):
                rows = range(first, min(first + size, len(vectors)))
                collection.add(
                    ids=[str(row) for row in rows],
                    embeddings=vectors[first : first + size],
                    metadatas=[{"document_id": document_ids[row]} for row in rows],
                )
            self._blank(str(collection.id))
        except Exception as error:
            raise self._failure("write to", error) from error

    def load(self, name: str) -> Vectors | None:
        """All vectors of a collection in row order; None where there are more than EXACT_LIMIT."""
        try:
            collection = self._client.get_collection(name, embedding_function=None)
            found = collection.get(include=["embeddings"]) if collection.count() <= EXACT_LIMIT else None
            self._blank(str(collection.id))
        except Exception as error:
            raise self._failure("read", error) from error
        if found is None:
            return None
        rows = np.argsort([int(row) for row in found["ids"]])
        return np.asarray(found["embeddings"], dtype=np.float32)[rows]

    def search(self, name: str, query: Vectors, count: int, document_ids: set[str] | None) -> list[tuple[int, float]]:
        """The nearest rows by HNSW as (row, cosine similarity), best first; `query` has shape (dimension,)."""
        where: Any = {"document_id": {"$in": sorted(document_ids)}} if document_ids is not None else None
        try:
            collection = self._client.get_collection(name, embedding_function=None)
            found = collection.query(
                query_embeddings=query[None, :],
                n_results=count,
                where=where,
                include=["distances"],
            )
        except Exception as error:
            raise self._failure("search", error) from error
        distances = (found["distances"] or [[]])[0]
        return [(int(row), 1.0 - distance) for row, distance in zip(found["ids"][0], distances, strict=True)]

    def keep_only(self, prefix: str, names: set[str]) -> None:
        """Delete the collections that begin with `prefix` and are not in `names`."""
        try:
            for collection in self._client.list_collections():
                if collection.name.startswith(prefix) and collection.name not in names:
                    self._client.delete_collection(collection.name)
        except Exception as error:
            raise self._failure("tidy", error) from error

    def _blank(self, collection_id: str) -> None:
        """Overwrite what Chroma wrote behind the vectors, as it does when a collection is made or opened.

        Its files have room for more vectors, and there stands whatever the memory held before: words of any text.
        """
        if self._url:
            return  # a server has not seen any text
        try:
            with closing(sqlite3.connect(self._folder / "chroma.sqlite3")) as database:
                segments = database.execute(
                    "SELECT id FROM segments WHERE collection = ? AND scope = 'VECTOR'", (collection_id,)
                ).fetchall()
            for (segment,) in segments:
                _blank_tail(self._folder / segment)
        except (sqlite3.Error, struct.error):  # the index is sound all the same
            log.warning(
                "the files of this version of Chroma are unknown: what the memory held may stand in %s", self._folder
            )

    def _failure(self, verb: str, error: Exception) -> IndexingError:
        if self._url and not _answers(self._client):
            return _unreachable(self._url)
        place = self._url or self._folder
        return IndexingError(f"cannot {verb} the vectors in {place} ({reason_of(error)}): rebuild with `rag index`")


_HEADER = struct.Struct("<i4Q")
"""How the header of hnswlib begins: version, offset, room for vectors, vectors, bytes of a vector with its links."""


def _blank_tail(segment: Path) -> None:
    """Write zeros over the room for further vectors in the files of hnswlib; files of another form are left."""
    with suppress(FileNotFoundError):  # deleted meanwhile
        with (segment / "header.bin").open("rb") as file:
            version, _, room, used, size = _HEADER.unpack(file.read(_HEADER.size))
        for name, each in (("data_level0.bin", size), ("length.bin", 4)):
            with (segment / name).open("r+b") as file:
                if version == 1 and file.seek(0, os.SEEK_END) == room * each:
                    file.seek(used * each)
                    file.write(bytes((room - used) * each))


_opening = Lock()
"""Held while files are opened or closed: all clients of a folder share what Chroma opened, and it counts them."""


def _opened(folder: Path) -> ClientAPI:
    settings = _silent()
    import chromadb

    try:
        with _opening:
            return chromadb.PersistentClient(path=str(folder), settings=settings)
    except Exception as error:
        raise IndexingError(
            f"the vectors in {folder} cannot be opened ({' '.join(str(error).split())[:160]}): "
            f"make the folder writable, or rebuild with `rag index PATH... --index-dir {folder.parent}`"
        ) from error


@cache
def _server(url: str) -> ClientAPI:
    """The one client of a server; to connect takes a tenth of a second."""
    settings = _silent()
    import chromadb

    parts = urlsplit(url)
    try:
        port = parts.port or (443 if parts.scheme == "https" else 8000)
        return chromadb.HttpClient(host=str(parts.hostname), port=port, ssl=parts.scheme == "https", settings=settings)
    except Exception as error:
        raise _unreachable(url) from error


def _answers(client: ClientAPI) -> bool:
    try:
        client.heartbeat()
    except Exception:
        return False
    return True


def _unreachable(url: str) -> UnreachableError:
    return UnreachableError(f"no Chroma server answers at {url}: start one with `chroma run`, or unset RAG_CHROMA_URL")


def _silent() -> ChromaSettings:
    """The settings that keep Chroma from reporting its use; it is imported after they are made, and late."""
    os.environ["ANONYMIZED_TELEMETRY"] = "False"
    from chromadb.config import Settings

    return Settings(anonymized_telemetry=False)
