"""Which texts an index is about: the seeds or the paths asked for, with what was added and without what was removed."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from pydantic import ValidationError

from rag.errors import CorpusError
from rag.index import Manifest, Origin, read_documents, read_manifest
from rag.loading import load
from rag.schema import Document, is_unicode
from rag.settings import Settings

log = logging.getLogger("rag")
Source = Document | Path | str


def seeds_dir() -> Path:
    """The folder of the seed article: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "seeds"
    return inside if inside.is_dir() else package.parent / "seeds"


def default_index_dir(corpus: Sequence[str]) -> Path:
    """Where the index of this corpus lives if nothing else is said: the user's cache folder, by the paths' hash."""
    from platformdirs import user_cache_path

    key = hashlib.sha256("\0".join(corpus).encode("utf-8", "surrogateescape")).hexdigest()[:16]
    return user_cache_path("spanproof") / f"index-{key}"


def absolute(paths: Iterable[Path | str]) -> tuple[str, ...]:
    """The paths as absolute strings, links kept, `~` expanded. Raises CorpusError for a name that is not Unicode."""
    full = tuple(os.path.abspath(os.path.expanduser(path)) for path in paths)
    for path in full:
        if not is_unicode(path):
            raise CorpusError(f"the name of {path!r} is not valid Unicode: rename it, or copy the texts elsewhere")
    return full


def partition(sources: Iterable[Source] | Source) -> tuple[list[Document], list[Path]]:
    """Documents made in memory and paths, apart, each in order."""
    mixed = [sources] if isinstance(sources, (Document, Path, str)) else list(sources)
    documents = [source for source in mixed if isinstance(source, Document)]
    return documents, [Path(source) for source in mixed if not isinstance(source, Document)]


def origin_of(sources: Iterable[Source] | Source) -> tuple[Origin, list[Document]]:
    """What belongs to a corpus of these sources, and those of them that were made in memory."""
    memory, paths = partition(sources)
    return Origin(corpus=absolute(paths), memory=tuple(document.id for document in memory)), memory


def gather(origin: Origin, memory: Sequence[Document]) -> tuple[Document, ...]:
    """The documents of an origin, files read anew; `memory` holds those that have no file.

    The same document twice counts once. Raises CorpusError where nothing is left, for an id that has two
    texts and for a Document that is not valid, and LoadError for a file.
    """
    paths = [*origin.corpus, *origin.added]
    loaded = [*(load(paths) if paths else []), *map(_validated, memory)]
    kept = _by_id(document for document in loaded if document.id not in origin.removed)
    if not kept:
        raise CorpusError("the corpus is empty: give at least one file, folder or Document with text in it")
    for document in kept.values():
        if not any(map(str.isalnum, document.text)):
            raise CorpusError(f"document {document.title!r} has no text: leave it out, or give it some")
        if not all(is_unicode(value) for value in document.model_dump().values() if value):
            raise CorpusError(f"document {document.title!r} is not valid Unicode (a lone surrogate): clean it")
    return tuple(kept.values())


def _validated(document: Document) -> Document:
    """The document, checked anew: `model_copy` checks nothing. Raises CorpusError for one that is not valid."""
    try:
        if type(document).model_validate(dict(document)) == document:
            return document
    except ValidationError:
        pass
    raise CorpusError(
        f"document {document.title!r} was changed after it was made, and its SHA-256 or another field is wrong now: "
        "make it anew with Document(title=..., text=...)"
    )


def _by_id(documents: Iterable[Document]) -> dict[str, Document]:
    """The documents by their ids, of equal ones the last. Raises CorpusError for an id that has two texts."""
    found: dict[str, Document] = {}
    for document in documents:
        if found.get(document.id, document).text != document.text:
            raise CorpusError(f"two documents with different texts have the id {document.id!r}: give one another id")
        found[document.id] = document
    return found


def with_added(
    folder: Path, manifest: Manifest, paths: Iterable[Path], fresh: Sequence[Document]
) -> tuple[Origin, tuple[Document, ...]]:
    """The origin and documents of an index after adding; those it holds are taken from it, not read again.

    A Document in `fresh` takes the place of one made in memory that has its id. Raises CorpusError as `gather` does.
    """
    added = absolute(paths)
    given = gather(Origin(corpus=added), fresh)
    sources = {document.source for document in given if document.source}
    old = manifest.origin
    kept = [d for d in read_documents(folder, manifest) if d.id in old.memory or d.source not in sources]
    renewed = {document.id for document in fresh}.intersection(old.memory)
    _by_id((*(document for document in kept if document.id not in renewed), *given))
    memory = tuple(dict.fromkeys((*old.memory, *(document.id for document in fresh))))
    documents = {document.id: document for document in (*kept, *given)}
    origin = Origin(
        corpus=old.corpus,
        added=tuple(dict.fromkeys((*old.added, *added))),
        removed=tuple(i for i in old.removed if i not in {document.id for document in given}),
        memory=memory,
    )
    return origin, tuple(sorted(documents.values(), key=lambda document: document.id in memory))


def without(folder: Path, manifest: Manifest, document_id: str) -> tuple[Origin, tuple[Document, ...]]:
    """The same after removing a document. Raises CorpusError for an unknown id or the last document."""
    documents = read_documents(folder, manifest)
    kept = tuple(document for document in documents if document.id != document_id)
    if len(kept) == len(documents):
        named = ", ".join(sorted(document.id for document in documents)[:5])
        raise CorpusError(f"no document has the id {document_id!r}: the corpus has {named}")
    if not kept:
        raise CorpusError(f"{document_id!r} is the only document: add another before removing it")
    old = manifest.origin
    memory = tuple(i for i in old.memory if i != document_id)
    return old.model_copy(update={"removed": (*old.removed, document_id), "memory": memory}), kept


def stored(folder: Path, manifest: Manifest) -> tuple[Document, ...]:
    """The stored documents that were made in memory: all that cannot be read again from files."""
    return tuple(d for d in read_documents(folder, manifest) if d.id in manifest.origin.memory)


def known(settings: Settings) -> tuple[Document, ...]:
    """The documents that these settings mean, without any model: those of the stored index, else the files'."""
    if settings.index_dir and not settings.corpus:
        manifest = read_manifest(settings.index_dir)
        if manifest is not None:
            return read_documents(settings.index_dir, manifest)
    return gather(Origin(corpus=absolute(settings.corpus or (seeds_dir(),))), ())


def files_are_gone(origin: Origin) -> bool:
    """Whether a file or folder that the index was built from does not exist any more (said in one warning)."""
    gone = [path for path in (*origin.corpus, *origin.added) if not Path(path).exists()]
    if gone:
        log.warning("%s is gone; answering from the copy in the index", gone[0])
    return bool(gone)
