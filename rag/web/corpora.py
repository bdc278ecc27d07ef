"""What a visitor can ask: the served corpus, and an index of their own over the texts that they brought."""

from __future__ import annotations

import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from threading import RLock, Thread

from rag.encoding import Progress
from rag.errors import CorpusError, IndexingError, RagError, UnreachableError
from rag.index import delete_index, forget_earlier, read_documents, read_manifest
from rag.pipeline import Pipeline
from rag.schema import Document
from rag.web.opening import Opening
from rag.web.visitors import Visit, Visitors

_HOUR = 3600
log = logging.getLogger("rag")


class Corpora:
    """The served corpus and every visitor's own. The models are shared, a bounded number of indexes is held open."""

    def __init__(self, opening: Opening, visitors: Visitors) -> None:
        self._opening = opening
        self._visitors = visitors
        self._settings = opening.settings
        self._open: OrderedDict[str, Pipeline] = OrderedDict()
        self._lock = RLock()

    def scope(self, visitor: str, visit: Visit) -> tuple[Pipeline, list[str] | None]:
        """The pipeline that a question goes to, and the ids it is restricted to; None for all. Raises RagError."""
        asks_own = visit.corpus == "own" and (visitor in self._open or self.own(visitor))
        pipeline = (self._own(visitor) if asks_own else None) or self._opening.pipeline()
        chosen = [document.id for document in pipeline.documents if document.id in visit.chosen]
        return pipeline, chosen or None

    def shared(self) -> tuple[Document, ...]:
        """The served texts; none while they are still being read, or where they cannot be."""
        try:
            return self._opening.documents(timeout=0)
        except (TimeoutError, RagError):
            return ()

    def own(self, visitor: str) -> tuple[Document, ...]:
        """The texts that the visitor brought; none where their index is damaged, which is logged."""
        folder = self._folder(visitor)
        try:
            manifest = read_manifest(folder)
            return read_documents(folder, manifest) if manifest else ()
        except IndexingError:
            log.warning("the index of a visitor's texts is damaged: they can delete it and bring the texts again")
            return ()

    def documents(self, visitor: str, visit: Visit) -> tuple[Document, ...]:
        """All texts that the visitor can see, those that are asked first."""
        own, shared = self.own(visitor), self.shared()
        return (*own, *shared) if visit.corpus == "own" and own else (*shared, *own)

    def asked(self, visitor: str, visit: Visit) -> tuple[Document, ...]:
        """The texts that the visitor's questions go to."""
        texts = (self.own(visitor) if visit.corpus == "own" else ()) or self.shared()
        return tuple(document for document in texts if document.id in visit.chosen) or texts

    def add(self, visitor: str, documents: Sequence[Document], progress: Progress | None = None) -> None:
        """Index texts for this visitor alone. All or nothing. Raises CorpusError for too many, and RagError."""
        with self._visitors.lock(visitor):  # two first texts at once: the second is added to the first
            if self._visitors.is_forgotten(visitor):
                raise CorpusError("everything was deleted meanwhile: bring the texts again")
            self._folder(visitor).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._add(visitor, documents, progress)

    def remove(self, visitor: str, document_id: str) -> bool:
        """Delete one of the visitor's texts, from disk too; False where a server keeps its vectors for now.

        Raises CorpusError for an unknown id.
        """
        with self._visitors.lock(visitor):
            if [document.id for document in self.own(visitor)] == [document_id]:
                return self._delete(visitor)
            pipeline = self._own(visitor)
            if pipeline is None:
                raise CorpusError("this text is gone already")
            pipeline.remove(document_id)
            self._remember(visitor, pipeline)
            forget_earlier(pipeline.index_dir, self._settings.chroma_url)
        return True

    def forget(self, visitor: str) -> bool:
        """Delete all that is kept of the visitor: texts, index, conversation.

        False where a server keeps vectors for now: they are deleted as soon as it answers (`keep_promise`).
        """
        with self._visitors.lock(visitor):
            whole = self._delete(visitor)
            self._visitors.forget(visitor)
        return whole

    def delete_left(self) -> None:
        """Delete the vectors that a Chroma server kept while it did not answer."""
        for visitor in self._visitors.left():
            with self._visitors.lock(visitor), suppress(IndexingError):
                if read_manifest(self._folder(visitor)) is None:  # else texts were brought anew
                    delete_index(self._folder(visitor), self._settings.chroma_url)
                self._visitors.note_left(visitor, done=True)

    def keep_promise(self, also: Callable[[str], None]) -> None:
        """Delete, now and every hour, what is kept of visitors who have been away for the stated time.

        `also` deletes what is kept of a visitor elsewhere.
        """

        def sweep() -> None:
            """Forget, time and again, who has not come for too long."""
            while True:
                for visitor in self._visitors.expired():
                    try:
                        self.forget(visitor)
                        also(visitor)
                    except Exception as error:  # the others' time is up all the same
                        log.warning("an expired visit could not be deleted (%s)", type(error).__name__)
                try:
                    self.delete_left()
                except Exception as error:
                    log.warning("vectors left on a server could not be deleted (%s)", type(error).__name__)
                time.sleep(_HOUR)

        Thread(target=sweep, name="expired visits", daemon=True).start()

    def _add(self, visitor: str, documents: Sequence[Document], progress: Progress | None) -> None:
        most = self._settings.visitor_texts
        together = {document.id for document in (*self.own(visitor), *documents)}
        if len(together) > most:
            raise CorpusError(f"{len(together)} texts are more than the {most} that you can bring: remove some first")
        pipeline = self._own(visitor)
        if pipeline:
            pipeline.add(documents, progress)
        else:
            pipeline = self._opening.pipeline().beside(self._folder(visitor), documents, progress)
        self._remember(visitor, pipeline)

    def _folder(self, visitor: str) -> Path:
        return self._visitors.folder(visitor) / "index"

    def _own(self, visitor: str) -> Pipeline | None:
        """The visitor's own pipeline, opened anew where it is not as it is on disk; None where they brought nothing."""
        folder = self._folder(visitor)
        try:
            with self._lock:
                pipeline = self._open.get(visitor)
                if pipeline and pipeline.is_current:
                    self._open.move_to_end(visitor)
                    return pipeline
            if read_manifest(folder) is None:
                self._close(visitor)
                return None
            pipeline = self._opening.pipeline().beside(folder)
        except UnreachableError:
            raise
        except IndexingError as error:
            log.warning("the index of a visitor's texts cannot be opened")
            raise CorpusError(
                "your texts cannot be read any more: delete all of yours, and bring them again"
            ) from error
        self._remember(visitor, pipeline)
        return pipeline

    def _remember(self, visitor: str, pipeline: Pipeline) -> None:
        """Hold the pipeline open in place of an earlier one; one that is closed still answers what is under way."""
        with self._lock:
            if self._open.get(visitor) is not pipeline:
                self._close(visitor)
            self._open[visitor] = pipeline
            self._open.move_to_end(visitor)
            while len(self._open) > self._settings.open_corpora:
                self._close(next(iter(self._open)))

    def _close(self, visitor: str) -> None:
        with self._lock:
            pipeline = self._open.pop(visitor, None)
        if pipeline:
            pipeline.close()

    def _delete(self, visitor: str) -> bool:
        """Delete the visitor's texts here whether or not a Chroma server answers; False where it does not."""
        self._close(visitor)
        try:
            delete_index(self._folder(visitor), self._settings.chroma_url)
        except IndexingError as error:
            log.warning("the texts of a visitor are deleted, their vectors on the Chroma server not yet: %s", error)
            self._visitors.note_left(visitor)
            return False
        return True
