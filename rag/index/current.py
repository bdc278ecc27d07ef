"""The index of a corpus as the corpus is now: the stored one where it still fits, else a new one."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rag import index as indexing
from rag.encoding import Encoder, Progress
from rag.errors import IndexingError, UnreachableError
from rag.index import Index, Origin, corpus
from rag.schema import Document
from rag.settings import Settings


def open_or_build(
    folder: Path, paths: Sequence[str], encoder: Encoder, settings: Settings, progress: Progress | None
) -> Index:
    """The stored index where it is still right for its files, encoder and splitter; else a new one.

    `paths` empty means: whatever the stored index is of.
    """
    manifest = _manifest_or_none(folder, paths)
    if manifest and paths and manifest.origin.corpus != tuple(paths):
        _say_replaced(folder, manifest.origin)
        manifest = None
    if manifest is None:
        return build_of(folder, Origin(corpus=tuple(paths)), (), encoder, settings, progress)
    origin, memory = manifest.origin, corpus.stored(folder, manifest)
    if corpus.files_are_gone(origin):
        documents = indexing.read_documents(folder, manifest)
    else:
        documents = corpus.gather(origin, memory)
    wanted = indexing.fingerprint(documents, encoder.fingerprint, settings.passage_chars)
    if wanted == manifest.fingerprint:
        try:
            index = indexing.open_index(folder, settings.chroma_url)
        except IndexingError as error:
            if not paths or isinstance(error, UnreachableError):
                raise
            corpus.log.warning("%s; building it anew", error)
            index = None
        if index is not None:
            return index
    return indexing.build_index(
        folder, origin, lambda: documents, encoder, settings.passage_chars, settings.chroma_url, progress
    )


def _say_replaced(folder: Path, origin: Origin) -> None:
    """Warns that an index of other texts makes way. Raises IndexingError where that would lose texts without a file."""
    if origin.memory:
        raise IndexingError(
            f"the index in {folder} holds {len(origin.memory)} texts that are in no file: give another "
            "--index-dir or RAG_INDEX_DIR, or delete that folder first"
        )
    corpus.log.warning("the index in %s was of %s; building it anew", folder, ", ".join(origin.corpus) or "nothing")


def _manifest_or_none(folder: Path, paths: Sequence[str]) -> indexing.Manifest | None:
    """The stored manifest; a damaged index counts as none where the corpus is known and can be read again."""
    try:
        manifest = indexing.read_manifest(folder)
        if manifest is not None:
            indexing.read_documents(folder, manifest)
    except IndexingError as error:
        if not paths:
            raise
        corpus.log.warning("%s; building it anew", error)
        return None
    return manifest


def build_of(
    folder: Path,
    origin: Origin,
    memory: Sequence[Document],
    encoder: Encoder,
    settings: Settings,
    progress: Progress | None,
) -> Index:
    """A new index of what `origin` names; `memory` are the texts of it that are in no file. Raises RagError."""
    return indexing.build_index(
        folder,
        origin,
        lambda: corpus.gather(origin, memory),
        encoder,
        settings.passage_chars,
        settings.chroma_url,
        progress,
    )
