"""Runs cases through a pipeline: each asked twice and once more without a threshold, the network closed."""

from __future__ import annotations

import ipaddress
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest.mock import patch

from evals.cases import Case, by_name, load_cases
from evals.metrics import Outcome, judge
from rag.encoding import Encoder
from rag.pipeline import Pipeline
from rag.schema import Answer, Document
from rag.settings import Settings

Step = Callable[[int, int], None]


@dataclass(frozen=True)
class Suite:
    """Cases with the pipeline over their corpus; `documents` by file name."""

    name: str
    cases: tuple[Case, ...]
    documents: Mapping[str, Document]
    pipeline: Pipeline
    network: tuple[str, ...] = ()
    """Attempts to reach beyond loopback while the models were loaded and the index built."""

    @property
    def documents_by_id(self) -> dict[str, Document]:
        """The same documents by id."""
        return {document.id: document for document in self.documents.values()}

    def scope(self, case: Case) -> list[str] | None:
        """The ids of the documents that a case is restricted to; None for all."""
        return [self.documents[name].id for name in case.scope] or None

    def ask(self, case: Case, pipeline: Pipeline | None = None) -> Answer:
        """The Answer to one case, its scope and history respected."""
        return (pipeline or self.pipeline).ask(case.question, case.history, self.scope(case))


@dataclass
class Recording:
    """What one run of a suite gave, by case id."""

    suite: Suite
    answers: dict[str, Answer] = field(default_factory=dict)
    again: dict[str, Answer] = field(default_factory=dict)
    """The same questions asked a second time, in the opposite order."""
    forced: dict[str, Answer] = field(default_factory=dict)
    """Without abstention: what the best answer found was."""
    seconds: dict[str, float] = field(default_factory=dict)
    network: list[str] = field(default_factory=list)
    """Attempts to reach beyond loopback."""

    def outcomes(self) -> list[Outcome]:
        """The judged cases, in their order; an answer that differed the second time is a violation."""
        return [self._outcome(case) for case in self.suite.cases]

    def _outcome(self, case: Case) -> Outcome:
        answer = self.answers[case.id]
        outcome = judge(case, answer, self.suite.documents, self.suite.name)
        again = self.again.get(case.id)
        if again is None or again.without_timings() == answer.without_timings():
            return outcome
        return outcome.model_copy(update={"violations": (*outcome.violations, "differs between two runs")})

    def confidences(self) -> list[tuple[float, bool]]:
        """(confidence, whether the best answer found is right) of each case but summaries and smalltalk."""
        pairs = []
        for case in self.suite.cases:
            forced = self.forced.get(case.id)
            if forced is not None and forced.kind not in ("summary", "smalltalk"):
                judged = judge(case, forced, self.suite.documents, self.suite.name)
                correct = bool(judged.right) and (judged.f1 or 0.0) >= 0.5
                pairs.append((forced.confidence, correct))
        return pairs


def open_suite(
    name: str,
    cases: Path,
    corpus: Sequence[Path],
    index_dir: Path,
    settings: Settings,
    encoder: Encoder,
    attempts: Sequence[str] = (),
) -> Suite:
    """A suite with its index built in `index_dir`, the network closed; `attempts` are those made before.

    Raises RagError, CasesError among them.
    """
    network = list(attempts)
    with closed_network(network):
        pipeline = Pipeline.build(corpus, index_dir, settings, encoder=encoder)
    documents = by_name(pipeline.documents)
    return Suite(name, tuple(load_cases(cases, documents)), documents, pipeline, tuple(network))


def record(suite: Suite, twice: bool = True, step: Step | None = None) -> Recording:
    """Ask every case; `twice` adds the second run and the run without a threshold."""
    recording = Recording(suite, network=list(suite.network))
    forced = suite.pipeline.configured(min_confidence=0.0, sure_confidence=0.0)
    with closed_network(recording.network):
        for number, case in enumerate(suite.cases, 1):
            started = time.perf_counter()
            recording.answers[case.id] = suite.ask(case)
            recording.seconds[case.id] = round(time.perf_counter() - started, 4)
            if step:
                step(number, len(suite.cases))
        for case in reversed(suite.cases if twice else ()):
            recording.again[case.id] = suite.ask(case)
            recording.forced[case.id] = suite.ask(case, forced)
    return recording


_METHODS = {"connect": 0, "connect_ex": 0, "sendto": -1, "sendmsg": 3}
"""The methods of a socket that take an address, and at which place."""
_LOOK_UPS = ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "gethostbyaddr", "getnameinfo")


@contextmanager
def closed_network(attempts: list[str]) -> Iterator[None]:
    """Nothing reaches beyond loopback inside, no name is looked up; each attempt is noted in `attempts` and refused."""
    with ExitStack() as stack:
        for name, place in _METHODS.items():
            stack.enter_context(patch.object(socket.socket, name, _guarded_method(name, place, attempts)))
        for name in _LOOK_UPS:
            stack.enter_context(patch.object(socket, name, _guarded_look_up(name, attempts)))
        yield


def _guarded_method(name: str, place: int, attempts: list[str]) -> Callable[..., object]:
    method = getattr(socket.socket, name)

    def guarded(self: socket.socket, *arguments: object) -> object:
        for address in arguments[place:]:  # one, or none
            if self.family in (socket.AF_INET, socket.AF_INET6) and isinstance(address, tuple):
                _refuse(address[0], address[1], attempts)
        return method(self, *arguments)

    return guarded


def _guarded_look_up(name: str, attempts: list[str]) -> Callable[..., object]:
    look_up = getattr(socket, name)

    def guarded(*arguments: object, **named: object) -> object:
        asked = arguments[0] if arguments else named.get("host")
        host, port, *_ = asked if isinstance(asked, tuple) else (asked, *arguments[1:2], None)
        _refuse(host, port, attempts)
        return look_up(*arguments, **named)

    return guarded


def _refuse(host: object, port: object, attempts: list[str]) -> None:
    name = host.decode("utf-8", "replace") if isinstance(host, bytes) else str(host)
    try:
        local = ipaddress.ip_address(name.split("%")[0]).is_loopback
    except ValueError:
        local = name in ("localhost", "None", "")
    if not local:
        attempts.append(name if port is None else f"{name}:{port}")
        raise ConnectionRefusedError(f"the evaluation runs without a network: {attempts[-1]}")
