"""From an Answer to an Outcome, and from Outcomes to figures with bootstrap intervals. Code decides, no judge."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from evals.cases import Case, Evidence, Kind, Split
from rag.grounding import mismatches, one_line
from rag.schema import Answer, Document, Frozen, Passage, Span
from rag.training import scoring
from rag.training.scoring import auroc, normalised, token_f1

GROUPS: Mapping[str, tuple[Kind, ...]] = {
    "facts": ("fact", "number", "date", "quote"),
    "lists and counts": ("list", "count", "comparison"),
    "reasons and yes/no": ("reason", "yes_no"),
    "wording": ("paraphrase", "typo", "keyword"),
    "follow-ups": ("follow_up",),
    "summaries": ("summary",),
    "across documents": ("contradiction", "isolation"),
    "near misses": ("near_miss",),
    "far questions": ("far",),
    "false premises": ("false_premise",),
    "instructions": ("instruction",),
}
RESAMPLES = 2000
CORRECT_F1 = 0.5
"""The design's bound: an answer is right from this F1 with an accepted answer on, its evidence overlapping."""


class Outcome(Frozen):
    """What became of one case. Measures that do not apply are None."""

    id: str
    suite: str
    kind: Kind
    group: str
    split: Split
    must_pass: bool
    answerable: bool
    answered: bool
    passed: bool
    """The whole case: right evidence, right short answer, nothing forbidden; or an abstention where due."""
    retrieved: float | None
    """Share of the groups of evidence that stand in the passages that were read."""
    right: bool | None
    """Answerable, and every group of evidence is cited."""
    exact: float | None
    f1: float | None
    evidence_precision: float | None
    evidence_recall: float | None
    citation_precision: float | None
    citation_recall: float | None
    confidence: float
    violations: tuple[str, ...]
    problem: str
    """Why it did not pass, naming the stage; empty where it did."""


class Figure(Frozen):
    """A mean over `n` cases with its 95 % bootstrap interval; None where there is no case."""

    value: float | None
    low: float | None
    high: float | None
    n: int


def judge(case: Case, answer: Answer, documents: Mapping[str, Document], suite: str) -> Outcome:
    """The Outcome of one case; `documents` are the suite's, by file name."""
    answered = answer.answered
    hits = {group: _is_cited(options, answer, documents) for group, options in case.groups.items()}
    right = (answered and all(hits.values())) if case.answerable else None
    exact, f1 = _short_scores(case, answer) if case.answerable and case.kind != "summary" else (None, None)
    covered = _character_overlap(case, answer, documents) if case.answerable and answered else (None, None)
    problem = _forbidden(case, answer, documents) or _problem(case, answer, right, f1)
    citations = list(answer.citations)
    good = [any(_meets(c, e, documents) for e in case.evidence) for c in citations]
    scored = case.answerable and answered
    return Outcome(
        id=case.id,
        suite=suite,
        kind=case.kind,
        group=next(name for name, kinds in GROUPS.items() if case.kind in kinds),
        split=case.split,
        must_pass=case.must_pass,
        answerable=case.answerable,
        answered=answered,
        passed=not problem,
        retrieved=_retrieved(case, answer, documents) if case.answerable else None,
        right=right,
        exact=exact,
        f1=f1,
        evidence_precision=covered[0],
        evidence_recall=covered[1],
        citation_precision=sum(good) / len(good) if scored and good else None,
        citation_recall=sum(hits.values()) / len(hits) if scored else None,
        confidence=answer.confidence,
        violations=tuple(violations(case, answer, documents)),
        problem=problem,
    )


def violations(case: Case, answer: Answer, documents: Mapping[str, Document]) -> list[str]:
    """Hard zeros in one answer: a quote that is not the source's, a wrong offset, a citation out of scope."""
    found = mismatches(answer, documents.values())
    allowed = {documents[name].id for name in case.scope} or {document.id for document in documents.values()}
    spans = [*answer.citations, *answer.short_spans, *([answer.nearest] if answer.nearest else [])]
    found += [f"cites {span.document_id}, which is out of scope" for span in spans if span.document_id not in allowed]
    passages = {scored.passage.document_id for scored in answer.passages} - allowed
    return found + [f"read {document_id}, which is out of scope" for document_id in sorted(passages)]


def _retrieved(case: Case, answer: Answer, documents: Mapping[str, Document]) -> float:
    read = [scored.passage for scored in answer.passages]
    held = [
        any(stands_in(e, passage, documents) for e in options for passage in read) for options in case.groups.values()
    ]
    return sum(held) / len(held)


def stands_in(evidence: Evidence, passage: Passage, documents: Mapping[str, Document]) -> bool:
    """Whether the passage holds all of the evidence."""
    same = documents[evidence.document].id == passage.document_id
    return same and passage.start <= evidence.start and evidence.end <= passage.end


def _forbidden(case: Case, answer: Answer, documents: Mapping[str, Document]) -> str:
    """What must not be said and is: in the short answer, or in the text outside the evidence that it quotes."""
    text = answer.text
    for citation in answer.citations:
        if any(_meets(citation, evidence, documents) for evidence in case.evidence):
            text = text.replace(one_line(citation.quote), "")
    said = f"{text} {answer.short or ''}".lower()
    found = [words for words in case.must_not_say if words.lower() in said]
    return f"says {found[0]!r}" if found else ""


def _problem(case: Case, answer: Answer, right: bool | None, f1: float | None) -> str:
    """Why the case did not pass, the earliest stage first; empty where it passed."""
    if not case.answerable:
        return f"answers {(answer.short or answer.text)[:60]!r}" if answer.answered else ""
    if not answer.answered:
        return "abstains"
    if not right:
        return "cites the wrong sentence"
    if case.kind == "summary":
        return "" if answer.kind == "summary" else "is no summary"
    if case.polarity and answer.polarity != case.polarity:
        return f"says {answer.polarity}, not {case.polarity}"
    missing = [item for item in case.items if not _is_named(item, answer)]
    if missing:
        return f"misses {missing[0]!r} of {len(case.items)} items"
    return "" if f1 is None or f1 >= CORRECT_F1 else f"short answer {answer.short!r}"


def _is_named(item: str, answer: Answer) -> bool:
    """Whether one of the short answers names the item: an F1 of at least a half, or its words in their order."""
    words = " ".join(normalised(item))
    named = [span.quote for span in answer.short_spans]
    return token_f1(item, named) >= CORRECT_F1 or f" {words} " in f" {' '.join(normalised(answer.short or ''))} "


def _short_scores(case: Case, answer: Answer) -> tuple[float, float]:
    """Exact match and F1 of the short answer; for yes/no of the polarity; for a list against all its items."""
    if case.polarity:
        agrees = float(answer.answered and answer.polarity == case.polarity)
        return agrees, agrees
    said = answer.short or ""
    accepted = [*case.answers, *([" ".join(case.items)] if case.items else [])]
    exact = float(normalised(said) in [normalised(words) for words in accepted])
    return exact, token_f1(said, accepted)


def _is_cited(options: Sequence[Evidence], answer: Answer, documents: Mapping[str, Document]) -> bool:
    return any(_meets(citation, evidence, documents) for citation in answer.citations for evidence in options)


def _meets(citation: Span, evidence: Evidence, documents: Mapping[str, Document]) -> bool:
    """Whether the citation covers at least half of the shorter of the two."""
    if getattr(citation, "document_id", None) != documents[evidence.document].id:
        return False
    shared = min(citation.end, evidence.end) - max(citation.start, evidence.start)
    return 2 * shared >= min(citation.end - citation.start, evidence.end - evidence.start) > 0


def _character_overlap(case: Case, answer: Answer, documents: Mapping[str, Document]) -> tuple[float, float]:
    """Character precision and recall of the cited spans against the evidence; the best option of each group."""
    cited = {(c.document_id, position) for c in answer.citations for position in range(c.start, c.end)}
    wanted: set[tuple[str, int]] = set()
    for options in case.groups.values():
        spans = [{(documents[e.document].id, position) for position in range(e.start, e.end)} for e in options]
        wanted |= max(spans, key=lambda span: len(span & cited))
    shared = len(cited & wanted)
    return (shared / len(cited) if cited else 0.0), shared / len(wanted)


def bare_figure(value: float, n: int) -> Figure:
    """A figure without an interval; NaN is no value."""
    return Figure(value=None if np.isnan(value) else _rounded(value), low=None, high=None, n=n)


def figure(values: Iterable[float | bool | None]) -> Figure:
    """The mean of the values that apply, with a percentile bootstrap interval; the same on every run."""
    known = np.array([float(value) for value in values if value is not None])
    if not len(known):
        return bare_figure(np.nan, 0)
    low, high = _bootstrap(known, lambda rows: known[rows].mean(axis=1))
    return Figure(value=_rounded(known.mean()), low=low, high=high, n=len(known))


def auroc_figure(outcomes: Sequence[Outcome]) -> Figure:
    """AUROC of the confidence between answerable and unanswerable cases, ties counted half."""
    scores = np.array([outcome.confidence for outcome in outcomes])
    positive = np.array([outcome.answerable for outcome in outcomes], dtype=bool)
    if positive.all() or not positive.any():
        return bare_figure(np.nan, len(outcomes))
    sampled = _bootstrap(scores, lambda rows: np.array([auroc(scores[row], positive[row]) for row in rows[:400]]))
    return Figure(value=_rounded(auroc(scores, positive)), low=sampled[0], high=sampled[1], n=len(outcomes))


def calibration_bins(pairs: Sequence[tuple[float, bool]], bins: int = 10) -> list[tuple[float, float, int]]:
    """(mean confidence, share right, count) of each bin of equal width that holds a case."""
    placed: dict[int, list[tuple[float, bool]]] = {}
    for confidence, right in pairs:
        placed.setdefault(min(int(confidence * bins), bins - 1), []).append((confidence, right))
    return [
        (_rounded(np.mean([c for c, _ in pair])), _rounded(np.mean([r for _, r in pair])), len(pair))
        for _, pair in sorted(placed.items())
    ]


def calibration_error(pairs: Sequence[tuple[float, bool]]) -> float | None:
    """Expected calibration error over ten bins (Naeini et al. 2015); None without a case."""
    if not pairs:
        return None
    confidence, right = (np.array(column, dtype=float) for column in zip(*pairs, strict=True))
    return scoring.calibration_error(confidence, right, np.ones(len(pairs)))


def risk_coverage(pairs: Sequence[tuple[float, bool]]) -> list[tuple[float, float]]:
    """(coverage, risk) if only the most confident answers were given (El-Yaniv and Wiener 2010).

    One point for each distinct confidence, the most confident first.
    """
    ordered = sorted(pairs, key=lambda pair: -pair[0])
    points, wrong = [], 0
    for count, (confidence, right) in enumerate(ordered, 1):
        wrong += not right
        if count == len(ordered) or ordered[count][0] != confidence:
            points.append((_rounded(count / len(ordered)), _rounded(wrong / count)))
    return points


def _bootstrap(values: np.ndarray, statistic: Callable[[np.ndarray], np.ndarray]) -> tuple[float, float]:
    """The 2.5 and 97.5 percentiles of the statistic over resampled rows; seeded by the values themselves."""
    random = np.random.default_rng(zlib.crc32(values.tobytes()))
    sampled = statistic(random.integers(0, len(values), (RESAMPLES, len(values))))
    low, high = np.nanpercentile(sampled, [2.5, 97.5])
    return _rounded(low), _rounded(high)


def _rounded(value: float | np.floating) -> float:
    return round(float(value), 4)
