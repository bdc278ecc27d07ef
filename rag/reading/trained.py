"""The trained picker: the span model's best spans, weighed with similarity and answer type, and how sure to be.

The weights of that weighing lie beside the model (`calibration.json`) and are fitted by
`python -m rag.training.calibrate` on titles and written questions that neither the model nor the project's evaluation
has seen.
"""

from __future__ import annotations

import logging
import math
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from pydantic import ConfigDict, ValidationError

from rag.encoding import Vectors
from rag.entailing import Judged, StatementModel
from rag.errors import ModelError
from rag.lexical import stems
from rag.questions import Asks, Question
from rag.questions.typed import fits_type, lacks_count
from rag.reading.dimensions import measures, other_dimension
from rag.reading.lists import is_another_item
from rag.reading.misfit import is_misfit, is_the_giver
from rag.reading.mismatch import (
    is_a_namesake,
    is_beyond_a_limit,
    is_of_another_body,
    is_of_another_code,
    is_of_the_other,
    is_of_the_other_sex,
    is_of_the_other_side,
    is_of_the_parents,
    is_of_the_text,
    is_started_by_somebody,
    is_undisclosed,
    misnumbered,
)
from rag.reading.roles import turned
from rag.reading.sections import is_another_section
from rag.reading.shorts import cut, short_answer
from rag.reading.similarity import Candidate, Pick, SimilarityPicker, answering
from rag.reading.tables import is_another_row
from rag.reading.yesno.clauses import negated, negated_at
from rag.reading.yesno.named import names_and_numbers
from rag.reading.yesno.polarity import polarity_of
from rag.schema import Document, Frozen, Passage, Polarity, Span
from rag.spans import ScoredSpan, SpanModel

log = logging.getLogger("rag")

BUNDLED_WEIGHTS = Path(__file__).resolve().parents[1] / "weights"
STATEMENTS = "statements"
"""The folder within the weights that holds the model which verifies statements and settles yes/no questions."""
FEATURES = ("span", "judged", "similarity", "fits", "misfits")
"""Of a sentence: its best span's score, how its passage is judged, its similarity score, whether that span has
the type asked for."""
CONFIDENCE_FEATURES = (
    *FEATURES,
    "score",
    "lead",
    "rival",
    "names_missing",
    "names_apart",
    "coverage",
    "cosine",
    "negated",
    "yes_no",
    "unsettled",
    "worded",
)
"""Of the sentence chosen: its own FEATURES, its score and its lead over the next, the best span score elsewhere; the
share of the question's names and numbers that its document lacks, and that it lacks itself, read with what is around
it; shared words and similarity in context; whether only one of the question and the clause that answers is negated,
where no yes or no is asked for; whether one is, whether the sentence does not settle it, and whether it settles it in
the question's own words."""
_UNREAD = -12.0
"""The span score of a sentence in which the model found no span among its best."""
_SPANS = 12
_LARGEST_LEAD = 5.0
_IMPOSSIBLE = 3.0
"""Taken from the logit where the words found cannot be what is asked for: "Petrel 3" is asked for and the document
has "Petrel 5" only, the large one and the sentence is about the small one, "she" and it is about him, who is for it
and it says who is against, how many children somebody had and it is of how many he or she is one, who somebody is and
it is a namesake, how it started and somebody tries to start it, the author of the text itself and it names none, "how
many", "how long" or "what time" and the words found are no quantity, a depth or a price, a date, or they are what
`misfit.py` knows; where the sentence is of another code ("B35"), beyond a limit ("until May"), the row of something
else or in the section about it (`tables.py`, `sections.py`); where a question for yes or no has who does it and to
whom the other way round (`roles.py`). Twice over where another question has, and where the sentence calls the sum of
the deal undisclosed. Set, not fitted: hardly one of the questions that the weighing is fitted on is of that kind."""
_BEHIND = 12
"""Characters behind a short answer that may say what it measures: "80 centimetres deep"."""
_OTHER = 2.0
"""Taken from the score, by which a sentence is chosen, where it speaks of the other of two, or is the item of a list
whose label is not the one asked about; set as well."""
_SOFTNESS = 3.0
"""Nats that make a statement e times as likely to be entailed: spans of one question compare, statements less so."""


class Calibration(Frozen):
    """Fitted weights: of FEATURES for choosing, of CONFIDENCE_FEATURES (and a bias) for being sure."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    choosing: tuple[float, ...]
    confidence: tuple[float, ...]
    bias: float

    @classmethod
    def load(cls, path: Path) -> Calibration:
        """The calibration in a JSON file. Raises ModelError."""
        try:
            found = cls.model_validate_json(path.read_bytes())
        except (OSError, ValidationError) as error:
            raise ModelError(f"{path} cannot be used ({type(error).__name__}): reinstall the package") from error
        if (len(found.choosing), len(found.confidence)) != (len(FEATURES), len(CONFIDENCE_FEATURES)):
            raise ModelError(f"{path} is of another version of the reader: reinstall the package")
        return found


@dataclass(frozen=True)
class Reading:
    """Candidate sentences with their best spans (in the document) and features, in the order of the text."""

    candidates: tuple[Candidate, ...]
    spans: tuple[Span | None, ...]
    features: Vectors
    """Shape (candidates, FEATURES)."""
    similarity: Vectors
    """Shape (candidates, features of the similarity picker)."""

    def entails(self, chosen: int) -> bool:
        """Whether the model prefers a span of the sentence to "does not answer": what a yes/no question says holds."""
        return float(self.features[chosen][0]) > 0

    def polarity(self, question: Question, chosen: int) -> Polarity | None:
        """The yes or no that the sentence settles."""
        candidate = self.candidates[chosen]
        return polarity_of(question, candidate.text, candidate.around, self.entails(chosen))


class TrainedPicker:
    """Picks by the span model; may be used from several threads."""

    def __init__(
        self,
        model: SpanModel,
        similarity: SimilarityPicker,
        calibration: Calibration,
        statements: StatementModel,
    ) -> None:
        """`statements` is the model that verifies statements and settles yes/no questions."""
        self.name = model.name
        self._model = model
        self._similarity = similarity
        self._calibration = calibration
        self._statements = statements

    def pick(self, question: Question, passages: Sequence[Passage], documents: Mapping[str, Document]) -> list[Pick]:
        """The ten best sentences as Picks, best first; empty where there are no passages."""
        reading = read_sentences(question, passages, documents, self._model, self._similarity)
        if not reading.candidates:
            return []
        scores = reading.features @ np.array(self._calibration.choosing)
        others = [
            _is_other(question, one)
            or _is_beside(question, one)
            or is_another_item(question, one.document, one.sentence)
            for one in reading.candidates
        ]
        scores = scores - _OTHER * np.array(others)
        order = sorted(range(len(scores)), key=lambda i: (-round(float(scores[i]), 6), i))
        return [self._as_pick(question, reading, scores, i) for i in order[:10]]

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of `texts`, shape (len(texts), dimension)."""
        return self._similarity.vectors(texts)

    def entailment(self, statement: str, passage: str) -> float:
        """How surely the passage says the statement, in [0, 1].

        The statement is asked as a yes/no question, of which the model was trained to find what settles it; the score
        of its best span over "does not answer" is what counts.
        """
        best = self._model.read(statement, [("", passage)], 1)
        return 1 / (1 + math.exp(-max(best[0].score, _UNREAD) / _SOFTNESS)) if best else 0.0

    def judge(self, claim: str, sources: str) -> Judged | None:
        """Whether the sources say a statement, or settle a yes/no question, by the model that has learnt to tell."""
        return self._statements.judge(claim, sources)

    def _as_pick(self, question: Question, reading: Reading, scores: Vectors, chosen: int) -> Pick:
        candidate, span = reading.candidates[chosen], reading.spans[chosen]
        values = confidence_features(question, reading, scores, chosen)
        logit = self._calibration.bias + sum(w * v for w, v in zip(self._calibration.confidence, values, strict=True))
        logit -= _IMPOSSIBLE * _impossible(question, candidate, span)
        confidence = round(1 / (1 + math.exp(-logit)), 4)
        if span is None:
            return candidate.as_pick(question, confidence)
        unsettled = question.asks is Asks.YES_NO and reading.polarity(question, chosen) is None
        short = short_answer(question, candidate, span, unsettled, candidate.as_pick(question, confidence).short)
        entailed = question.asks is Asks.YES_NO and reading.entails(chosen)
        return Pick(candidate.document, candidate.sentence, short, confidence, candidate.previous, entailed)


def _impossible(question: Question, candidate: Candidate, span: Span | None) -> int:
    """1 where the sentence is about another one than is asked about, or the span cannot be what is asked for; 2 where
    the sentence itself says that what is asked for is kept secret, or has the roles the other way round; else 0."""
    text = candidate.document.text
    whole = f"{candidate.document.title}. {text}"
    if misnumbered(question.text, whole) or is_of_another_code(question.text, whole) or _is_other(question, candidate):
        return 1
    if _is_beside(question, candidate):
        return 1
    if is_of_the_other_sex(question.asked, candidate.text) or is_of_the_text(question.asked, candidate.text):
        return 1
    if is_of_another_body(question.asked, candidate.text, text):
        return 1
    if question.asks is Asks.YES_NO and turned(question.asked, candidate.text):
        return 1
    if span is None:
        return 0
    place = candidate.within(span)
    if is_undisclosed(question.asked, candidate.text, place):
        return 2
    if question.asks is not Asks.YES_NO and turned(question.asked, candidate.text, place):
        return 2
    if is_of_the_parents(question.asked, candidate.text, place):
        return 1
    if is_a_namesake(question.asked, candidate.text[place.start : place.end]):
        return 1
    if is_misfit(question, candidate.text, place):
        return 1
    found, behind = text[span.start : span.end], text[span.end : span.end + _BEHIND]
    return int(lacks_count(question, found) or other_dimension(question.text, found, behind))


def _is_other(question: Question, candidate: Candidate) -> bool:
    """Whether the sentence is about the other of two, or about another start; a yes/no question may well be settled by
    that one."""
    if question.asks is Asks.YES_NO:
        return False
    return (
        is_of_the_other(question.text, candidate.text)
        or is_of_another_code(question.text, candidate.text)
        or is_beyond_a_limit(question.asked, candidate.text)
        or is_of_the_other_side(question, candidate.text)
        or is_started_by_somebody(question.asked, candidate.text)
    )


def _is_beside(question: Question, candidate: Candidate) -> bool:
    """Whether it is the row of a table, or in the section, beside the one that is asked about."""
    where = candidate.document, candidate.sentence
    return is_another_row(question, *where) or is_another_section(question, *where)


def load_picker(reader: str, similarity: SimilarityPicker, threads: int = 0) -> TrainedPicker | SimilarityPicker:
    """The picker that `reader` names: a folder of weights, "similarity", or "" for the weights in the package.

    A package without weights answers by similarity; one whose weights are damaged does so with a warning.
    Raises ModelError for a folder named by the user that cannot be used.
    """
    if reader == similarity.name or not (reader or BUNDLED_WEIGHTS.is_dir()):
        return similarity
    folder = Path(os.path.expanduser(reader)) if reader else BUNDLED_WEIGHTS
    try:
        model = SpanModel.load(folder, threads)
        calibration = Calibration.load(folder / "calibration.json")
    except ModelError as error:
        if reader:
            raise
        log.warning("%s; answering by similarity until then", error)
        return similarity
    places = (folder / STATEMENTS, BUNDLED_WEIGHTS / STATEMENTS)
    return TrainedPicker(model, similarity, calibration, StatementModel(places, threads))


def read_sentences(
    question: Question,
    passages: Sequence[Passage],
    documents: Mapping[str, Document],
    model: SpanModel,
    similarity: SimilarityPicker,
) -> Reading:
    """Every sentence of the passages with the best span that begins in it."""
    candidates = answering(question, passages, documents)
    if not candidates:
        nothing = np.zeros((0, len(FEATURES)), dtype=np.float32)
        return Reading((), (), nothing, nothing)
    read = model.read(question.asked, [(p.title, p.text) for p in passages], _SPANS)
    best, judged = _by_sentence(read, passages), _judged_by_sentence(read, passages)
    similar = similarity.features(question, candidates)
    similar_scores = similarity.scores(similar)
    rows, spans = [], []
    for candidate, score in zip(candidates, similar_scores, strict=True):
        key = candidate.document.id, candidate.sentence.start
        found = _fitting(question, candidate, best.get(key, ()))
        span = cut(question, candidate, found[0]) if found else None
        fit = fits_type(question, candidate.document.text[span.start : span.end]) if span else None
        span_score = found[1] if found else _UNREAD
        rows.append((span_score, judged.get(key, _UNREAD), float(score), float(fit is True), float(fit is False)))
        spans.append(span)
    return Reading(candidates, tuple(spans), np.array(rows, dtype=np.float32), similar)


def confidence_features(question: Question, reading: Reading, scores: Vectors, chosen: int) -> list[float]:
    """CONFIDENCE_FEATURES of candidate `chosen`."""
    others = np.delete(scores, chosen)
    lead = float(scores[chosen] - others.max()) if len(others) else _LARGEST_LEAD
    _, cosine, _, coverage, _, _, missing = map(float, reading.similarity[chosen])
    own = [float(value) for value in reading.features[chosen]]
    rival = float(np.delete(reading.features[:, 0], chosen).max()) if len(others) else _UNREAD
    candidate = reading.candidates[chosen]
    named = set(names_and_numbers(question.text))
    apart = len(named - set(stems(f"{candidate.around} {candidate.text}"))) / len(named) if named else 0.0
    yes_no = question.asks is Asks.YES_NO
    return [
        *own,
        float(scores[chosen]),
        min(lead, _LARGEST_LEAD),
        rival,
        missing,
        apart,
        coverage,
        cosine,
        float(not yes_no and negated(question.text) != _negated_where_it_answers(reading, chosen)),
        float(yes_no),
        float(yes_no and reading.polarity(question, chosen) is None),
        float(yes_no and polarity_of(question, candidate.text) is not None),
    ]


def _negated_where_it_answers(reading: Reading, chosen: int) -> bool:
    candidate, span = reading.candidates[chosen], reading.spans[chosen]
    if span is None:
        return negated(candidate.text)
    return negated_at(candidate.text, candidate.within(span))


def _fitting(
    question: Question, candidate: Candidate, spans: Sequence[tuple[Span, float]]
) -> tuple[Span, float] | None:
    """The best of the spans, best first, that is not who gives where it is asked who receives, nor an area where it is
    asked how deep: the sentence that has the one has the other."""
    text = candidate.document.text
    measured_otherwise = False
    for span, score in spans:
        words, behind = text[span.start : span.end], text[span.end : span.end + _BEHIND]
        if is_the_giver(question, candidate.text, candidate.within(span)):
            continue
        if other_dimension(question.text, words, behind):
            measured_otherwise = True
        elif not measured_otherwise or measures(question.text, words):
            return span, score
    return spans[0] if spans else None


def _by_sentence(
    spans: Sequence[ScoredSpan], passages: Sequence[Passage]
) -> dict[tuple[str, int], list[tuple[Span, float]]]:
    """The spans of each sentence, best first, by document id and the sentence's start; offsets of the document."""
    found: dict[tuple[str, int], list[tuple[Span, float]]] = {}
    for span in spans:  # best first
        passage = passages[span.passage]
        here = Span(start=passage.start + span.start, end=passage.start + span.end)
        sentence = next((s for s in passage.sentences if s.start <= here.start < s.end), None)
        if sentence is not None:
            found.setdefault((passage.document_id, sentence.start), []).append((here, span.score))
    return found


def _judged_by_sentence(spans: Sequence[ScoredSpan], passages: Sequence[Passage]) -> dict[tuple[str, int], float]:
    """How the passage of each sentence is judged, by document id and the sentence's start."""
    judged: dict[tuple[str, int], float] = {}
    for span in spans:
        for sentence in passages[span.passage].sentences:
            key = passages[span.passage].document_id, sentence.start
            judged[key] = max(span.judged, judged.get(key, span.judged))
    return judged
