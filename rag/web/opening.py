"""The served corpus, opened behind the page: the page is there at once, the first question waits for the rest."""

from __future__ import annotations

from concurrent.futures import Future
from threading import Lock, Thread

from rag.index import corpus
from rag.pipeline import Pipeline
from rag.schema import Document
from rag.settings import Settings


class Opening:
    """Two promises, kept by a thread of its own: the texts, soon, and the pipeline over them."""

    def __init__(self, settings: Settings) -> None:
        """Nothing is opened before `start`, or before somebody asks for it."""
        self.settings = settings
        self._documents: Future[tuple[Document, ...]] = Future()
        self._pipeline: Future[Pipeline] = Future()
        self._started = False
        self._lock = Lock()

    @classmethod
    def done(cls, pipeline: Pipeline) -> Opening:
        """A pipeline that is open already."""
        opening = cls(pipeline.settings)
        opening._started = True
        opening._documents.set_result(pipeline.documents)
        opening._pipeline.set_result(pipeline)
        return opening

    def start(self) -> None:
        """Begin, if nobody has begun yet."""
        with self._lock:
            if not self._started:
                self._started = True
                Thread(target=self._open, name="opening", daemon=True).start()

    @property
    def ready(self) -> bool:
        """Whether a question would be answered without waiting."""
        return self._pipeline.done()

    def documents(self, timeout: float | None = None) -> tuple[Document, ...]:
        """The texts, as soon as they were read. Raises RagError, and TimeoutError after `timeout` seconds."""
        self.start()
        documents = self._documents.result(timeout)
        return self._pipeline.result().documents if self.ready and not self._pipeline.exception() else documents

    def pipeline(self) -> Pipeline:
        """The pipeline, as soon as it is open. Raises RagError."""
        self.start()
        return self._pipeline.result()

    def _open(self) -> None:
        try:
            self._documents.set_result(corpus.known(self.settings))
            self._pipeline.set_result(Pipeline.open(self.settings))
        except BaseException as error:  # whoever waits is told
            for promise in (self._documents, self._pipeline):
                if not promise.done():
                    promise.set_exception(error)
