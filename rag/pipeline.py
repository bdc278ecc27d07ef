"""The way through, once: build or open an index, then ask, stream, retrieve, add and remove."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from pathlib import Path
from threading import Lock, RLock
from types import TracebackType
from typing import Any, Self

from rag import index as indexing
from rag.encoding import Encoder, Progress, RememberingEncoder, load_encoder
from rag.errors import IndexingError, QuestionError
from rag.events import First, statements
from rag.extractive import ExtractiveReader
from rag.generative import GenerativeReader
from rag.history import History, messages
from rag.index import Index, Manifest, Origin, corpus
from rag.index.corpus import Source
from rag.index.current import build_of, open_or_build
from rag.index.scope import Scope
from rag.lexical import composed
from rag.llm.models import LanguageModel
from rag.llm.patience import Patience
from rag.llm.prompting import check_window
from rag.llm.providers import load_model
from rag.llm.rewriting import rewritten
from rag.proof import proven, proven_events
from rag.questions import Asks, Question, analyse
from rag.questions.capitals import with_capitals
from rag.questions.courtesy import without_courtesy
from rag.questions.followups import recent, refers_back, standalone
from rag.questions.parts import joined, parts_of
from rag.questions.smalltalk import reply
from rag.questions.spelling import corrected
from rag.reading.nearby import Place, place
from rag.reading.similarity import Pick, Picker, SimilarityPicker
from rag.reading.trained import load_picker
from rag.retrieval import retrieve
from rag.schema import (
    Answer,
    Document,
    Done,
    Event,
    Message,
    Retrieved,
    Rewritten,
    ScoredPassage,
    StatementReady,
    Timings,
    is_unicode,
)
from rag.settings import Settings
from rag.verification import Verifier


class Pipeline:
    """Questions in, proven Answers out. A context manager; may be used from several threads.

    >>> with Pipeline.open() as pipeline:  # doctest: +SKIP
    ...     pipeline.ask("Who is Nvidia's CEO?").short
    'Jensen Huang'
    """

    def __init__(self, index: Index, encoder: Encoder, settings: Settings, picker: Picker | None = None) -> None:
        """Take finished parts; `Pipeline.open` and `Pipeline.build` make them."""
        self.settings = settings
        self._model = language_model(settings)
        self._index = index
        self._encoder = encoder
        self._changing = RLock()
        self._asking = RememberingEncoder(encoder)
        self._picker: Picker = picker or load_picker(settings.reader, SimilarityPicker(self._asking), settings.threads)
        self._verifier = Verifier(self._picker)

    @classmethod
    def open(
        cls, settings: Settings | None = None, *, encoder: Encoder | None = None, progress: Progress | None = None
    ) -> Self:
        """The index that the settings name, built or rebuilt first where it is missing or out of date.

        An index folder that holds an index and no corpus setting means that index, whatever it is of.
        Raises RagError: SettingsError, CorpusError, IndexingError, ModelError.
        """
        settings = settings or Settings.load()
        language_model(settings)  # what is wrong with it is said before anything slow
        paths = corpus.absolute(settings.corpus)
        folder = settings.index_dir
        manifest = indexing.read_manifest(folder) if folder and not paths else None
        if not paths and manifest is None:
            paths = (str(corpus.seeds_dir()),)
        folder = folder or corpus.default_index_dir(paths)
        encoder = encoder or load_encoder(settings.encoder, settings.threads)
        return cls(open_or_build(folder, paths, encoder, settings, progress), encoder, settings)

    @classmethod
    def build(
        cls,
        sources: Iterable[Source] | Source,
        index_dir: Path | str | None = None,
        settings: Settings | None = None,
        *,
        encoder: Encoder | None = None,
        progress: Progress | None = None,
    ) -> Self:
        """Index Documents, files and folders, replacing what `index_dir` held before in one step.

        Without `index_dir`, the settings' one or a folder in the user's cache. Raises RagError.
        """
        settings = settings or Settings.load()
        origin, memory = corpus.origin_of(sources)
        key = (*origin.corpus, *origin.memory)
        folder = Path(os.path.expanduser(index_dir or settings.index_dir or corpus.default_index_dir(key)))
        gathered = corpus.gather(origin, memory)  # a bad file is said before the model is loaded
        encoder = encoder or load_encoder(settings.encoder, settings.threads)
        index = indexing.build_index(
            folder, origin, lambda: gathered, encoder, settings.passage_chars, settings.chroma_url, progress
        )
        return cls(index, encoder, settings)

    @property
    def documents(self) -> tuple[Document, ...]:
        """The documents of the corpus, in order."""
        return self._index.documents

    @property
    def index_dir(self) -> Path:
        """The folder that the index lies in."""
        return self._index.folder

    @property
    def is_current(self) -> bool:
        """Whether the index on disk is still the one that answers; not where another pipeline changed it."""
        return indexing.read_manifest(self.index_dir) == self._index.manifest

    @property
    def passage_count(self) -> int:
        """How many passages the index holds."""
        return len(self._index.passages)

    def ask(self, question: str, history: History = (), documents: Sequence[str] | None = None) -> Answer:
        """Answer `question`, from the documents with these ids only if given.

        `history` is what came before, oldest first. Raises QuestionError for an empty or over-long
        question, CorpusError for an unknown document id.
        """
        for event in self.stream(question, history, documents):
            if isinstance(event, Done):
                return event.answer
        raise AssertionError("a stream ends with Done")

    def stream(self, question: str, history: History = (), documents: Sequence[str] | None = None) -> Iterator[Event]:
        """The same as events: Rewritten, Retrieved, StatementReady for each statement, and Done last."""
        scope, question = Scope.of(self._index, documents), self._checked(question)
        return self._events(scope, question, messages(history, scope.names))

    def retrieve(
        self, question: str, top_k: int | None = None, documents: Sequence[str] | None = None
    ) -> tuple[ScoredPassage, ...]:
        """The `top_k` best passages for `question`, best first. Raises as `ask` does, and for a `top_k` below 1."""
        scope = Scope.of(self._index, documents)
        query, count = self._checked(question), self.settings.top_k if top_k is None else top_k
        if not isinstance(count, int) or count < 1:
            raise QuestionError(f"top_k is {count!r}: give the number of passages wanted, 1 or more")
        return retrieve(scope.index, self._asking, query, count, document_ids=scope.allowed)

    def add(self, sources: Iterable[Source] | Source, progress: Progress | None = None) -> tuple[Document, ...]:
        """Add Documents, files and folders to the index; returns the documents that are new. All or nothing."""
        fresh, paths = corpus.partition(sources)
        with self._changing:
            known = {document.id for document in self.documents}
            self._change(lambda held: corpus.with_added(self.index_dir, held, paths, fresh), progress)
        return tuple(document for document in self.documents if document.id not in known)

    def remove(self, document_id: str) -> None:
        """Take a document out of the index. Raises CorpusError for an unknown id or the last document."""
        with self._changing:
            self._change(lambda held: corpus.without(self.index_dir, held, document_id))

    def configured(self, **overrides: object) -> Self:
        """The same index and models under other settings, of those that need no new index. Raises SettingsError.

        >>> always = pipeline.configured(min_confidence=0.0, sure_confidence=0.0)  # doctest: +SKIP
        """
        settings = Settings.load(**{**self.settings.model_dump(), **overrides})
        return type(self)(self._index, self._asking, settings, self._picker)

    def beside(
        self, index_dir: Path, sources: Iterable[Source] | None = None, progress: Progress | None = None
    ) -> Self:
        """A pipeline with the same models and settings over another index: of `sources`, or what `index_dir` holds.

        Raises RagError as `build` and `open` do; IndexingError where there is neither an index nor sources.
        """
        settings = Settings.load(**{**self.settings.model_dump(), "index_dir": index_dir, "corpus": ()})
        if sources is not None:
            origin, memory = corpus.origin_of(sources)
            index = build_of(index_dir, origin, memory, self._encoder, settings, progress)
        elif indexing.read_manifest(index_dir):
            index = open_or_build(index_dir, (), self._encoder, settings, progress)
        else:
            raise IndexingError(f"{index_dir} holds no index: give sources to build one")
        return type(self)(index, self._encoder, settings, self._picker)

    def close(self) -> None:
        """Let go of the files that are held open. A closed pipeline still answers: it opens them as it needs them."""
        self._index.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _checked(self, question: str) -> str:
        if not isinstance(question, str):
            raise QuestionError(f"the question is no text but {type(question).__name__}: write one")
        text, longest = question.strip(), self.settings.max_question_chars
        if not text:
            raise QuestionError("the question is empty: write one")
        if not is_unicode(text):
            raise QuestionError("the question is not valid Unicode (it has a lone surrogate): write it anew")
        if len(text) > longest:
            raise QuestionError(
                f"the question has {len(text):,} characters, more than the {longest:,} accepted: shorten it, "
                "or raise RAG_MAX_QUESTION_CHARS"
            )
        return text

    def _events(self, scope: Scope, question: str, history: Sequence[Message], within: bool = False) -> Iterator[Event]:
        """What happens to a question; `within` another one it is not taken apart."""
        started = time.perf_counter()
        said = with_capitals(without_courtesy(composed(question)), scope.names)
        if Asks.SMALLTALK in (analyse(question).asks, analyse(said).asks):
            yield Done(answer=reply(question, tuple(scope.documents.values())))
            return
        parts = [] if self._model or within else _parts(said)  # a model sees to all of them at once
        if len(parts) == 1:
            said = parts[0]
        elif parts and (whole := (yield from self._in_parts(scope, question, parts, history))):
            whole = proven(whole, scope.documents)
            yield from statements(whole)
            yield Done(answer=whole)
            return
        yield from self._as_one(scope, question, said, history, started)

    def _in_parts(
        self, scope: Scope, question: str, parts: Sequence[str], history: Sequence[Message]
    ) -> Generator[Event, None, Answer | None]:
        """The Answer to a question of several parts, each of which may refer to those before; None where it is better
        read as one."""
        told, answers = list(history), []
        for part in parts:
            for event in self._events(scope, part, told, within=True):
                if isinstance(event, Done):
                    answers.append(event.answer)
                elif isinstance(event, Rewritten):
                    yield event.model_copy(update={"question": question})
                elif not isinstance(event, StatementReady):
                    yield event
            told += [Message(role="user", content=part), Message(role="assistant", content=answers[-1].text)]
        return joined(question, answers, self.settings.sure_confidence)

    def _as_one(
        self, scope: Scope, question: str, said: str, history: Sequence[Message], started: float
    ) -> Iterator[Event]:
        """What happens to a question that is read as one; `said` is what it says without greeting and thanks."""
        settings, patience, asked_at = self.settings, self._patience(), time.perf_counter()
        query, follow_up, before = yield from self._understood(said, history, scope.words, patience)
        yield Rewritten(question=question, searched_for=query)
        understood = time.perf_counter()
        passages = self._retrieved(scope, query)
        yield Retrieved(passages=passages)
        retrieved = time.perf_counter()
        reader = ExtractiveReader(self._picker, settings.min_confidence, settings.sure_confidence)
        asked, first, documents = analyse(query), First(), scope.documents
        near = self._place(scope, before, passages)
        answer = proven(reader.read(asked, question, passages, documents, follow_up, near), documents)
        if patience:
            reading = self._generative_reader().read(asked, answer, documents, patience, before)
            answer = yield from first.of(proven_events(reading, answer, documents))
        done = time.perf_counter()
        timings = Timings(
            rewrite=understood - asked_at,
            retrieve=retrieved - understood,
            read=done - retrieved,
            total=done - started,
            first_statement=(first.shown or done) - started if answer.statements else 0.0,
        )
        answer = answer.model_copy(update={"timings": timings})
        if not first.shown:
            yield from statements(answer)
        yield Done(answer=answer)

    def _understood(
        self, said: str, history: Sequence[Message], words: frozenset[str], patience: Patience | None
    ) -> Generator[Event, None, tuple[str, Question | None, Sequence[Message]]]:
        """What is searched for: the question as it stands alone, spelt as the texts spell; the question in the person's
        own words where a rule made it stand alone; and what was said before, where it refers to that."""
        query = standalone(said, history)
        follow_up = analyse(said) if query != said and not patience else None  # a model words it well
        before = recent(history) if query != said and refers_back(said) else ()
        if patience and before:
            query = yield from rewritten(said, before, query, patience)
        meant = analyse(query)
        if meant.asks is not Asks.OVERVIEW:  # its words are not those of the texts
            spelled = corrected(query, words)
            query = spelled if bool(analyse(spelled).topic) == bool(meant.topic) else query
        return query, follow_up, before

    def _place(self, scope: Scope, before: Sequence[Message], passages: Sequence[ScoredPassage]) -> Place | None:
        """Where the answer stood that a question refers back to, in the documents of the passages found."""
        if not before:
            return None
        read = {scored.passage.document_id: scope.documents[scored.passage.document_id] for scored in passages}
        return place(before, read, lambda question: self._picks(scope, question))

    def _picks(self, scope: Scope, question: Question) -> Sequence[Pick]:
        found = self._retrieved(scope, question.searched)
        return self._picker.pick(question, [scored.passage for scored in found], scope.documents)

    def _retrieved(self, scope: Scope, query: str) -> tuple[ScoredPassage, ...]:
        return retrieve(scope.index, self._asking, query, self.settings.top_k, self.settings.reach, scope.allowed)

    def _patience(self) -> Patience | None:
        """What one question may ask of the language model, where one was chosen."""
        return Patience(self._model, self.settings.llm_timeout) if self._model else None

    def _generative_reader(self) -> GenerativeReader:
        settings = self.settings
        return GenerativeReader(
            self._picker,
            self._verifier,
            settings.llm_min_confidence,
            settings.sure_confidence,
            settings.unsupported == "mark",
            settings.llm_window,
        )

    def _change(
        self, plan: Callable[[Manifest], tuple[Origin, tuple[Document, ...]]], progress: Progress | None = None
    ) -> None:
        """Switch to what `plan` makes of the index as it is on disk now, which others may have changed as well."""
        settings, before = self.settings, self._index
        self._index = indexing.change_index(
            self.index_dir,
            lambda held: plan(held or before.manifest),
            self._encoder,
            settings.passage_chars,
            settings.chroma_url,
            progress,
        )
        before.close()


def language_model(settings: Settings) -> LanguageModel | None:
    """The language model that the settings name; None where they name none. Sends nothing.

    Raises SettingsError for all that would keep it from answering and can be known before.
    """
    if not settings.llm:
        return None
    check_window(settings.llm_window, max(settings.top_k, settings.reach), settings.passage_chars)
    key = settings.llm_key.get_secret_value() if settings.llm_key else None
    return load_model(settings.llm, settings.llm_url, key)


def _parts(question: str) -> list[str]:
    """The questions in a question, without small talk between them; just itself where it is one."""
    parts = parts_of(question)
    return [part for part in parts if analyse(part).asks is not Asks.SMALLTALK] or [question]


_default: Pipeline | None = None
_default_lock = Lock()


def answer(question: str, **options: Any) -> Answer:
    """Answer from the corpus that the settings name, by default the seed article; indexed on first use.

    `options` are those of `Pipeline.ask`: `history` and `documents`.
    """
    global _default
    with _default_lock:
        if _default is None:
            _default = Pipeline.open()
    return _default.ask(question, **options)
