"""Any text against documents: its statements, each with a verdict, the reason and exact citations.

>>> from rag import Document, check_grounding
>>> tea = Document(title="Tea", text="Green tea reached Lisbon in 1921.")
>>> check_grounding("Tea came to Lisbon in 1931.", [tea])[0].reason  # doctest: +SKIP
'its citations do not say 1931'
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

import numpy as np

from rag.context import leans
from rag.encoding import RememberingEncoder, load_encoder
from rag.errors import CheckError
from rag.grounding import cite
from rag.index import Origin
from rag.index.corpus import gather
from rag.lexical import LexicalIndex, stems
from rag.reading.similarity import Picker, SimilarityPicker, all_sentences
from rag.reading.trained import load_picker
from rag.schema import Citation, Document, Span, Verdict, is_unicode
from rag.settings import Settings
from rag.verification import Finding, Verifier
from rag.verification.statements import Claim, claims

NEAR = 24
"""Sentences by shared words that are weighed by similarity too, for each statement."""
TRIED = 3
"""Of these, so many are read, and together at most so many are cited."""
NOTHING_LIKE_IT = "no sentence of the documents says it"


class CheckedStatement(Span):
    """A span of the checked text that states something, with what the documents say to it.

    `citations` are the sentences that support it; of a statement that is not supported, the nearest ones.
    """

    verdict: Verdict
    reason: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True)
class Sentence:
    """A sentence of a document, with what it is read with."""

    document: Document
    span: Span
    around: str

    @property
    def text(self) -> str:
        """Its own words."""
        return self.document.text[self.span.start : self.span.end]


def check_grounding(
    text: str, documents: Iterable[Document], picker: Picker | None = None
) -> tuple[CheckedStatement, ...]:
    """The statements of `text`, which may come from any system, each checked against `documents`.

    Headings, questions, markers such as [1] and talk about the answer are no statements. For each statement the nearest
    sentences are looked up by shared words and similarity; one to three of them are cited, as exact spans. `picker`
    reads them; the default is the one that the settings name (RAG_READER, RAG_ENCODER), loaded on first use.

    Raises CheckError for a text without words, CorpusError for documents without any.
    """
    if not any(map(str.isalnum, text)):
        raise CheckError("there is nothing to check: give a text with words in it")
    if not is_unicode(text):
        raise CheckError("the text to check is not valid Unicode (a lone surrogate): clean it")
    library = _Library(gather(Origin(corpus=()), list(documents)), picker or _default_picker())
    found = list(claims(text))
    return tuple(library.check(claim, near) for claim, near in zip(found, library.nearest(found), strict=True))


_FEWER = 0.26
"""Of a statement's words: sentences that have so many fewer than others support it by chance. Chosen on `dev2` and
`dev3`."""


class _Library:
    """The sentences of the documents, found by shared words and similarity."""

    def __init__(self, documents: Sequence[Document], picker: Picker) -> None:
        self._sentences = [sentence for document in documents for sentence in _sentences(document)]
        self._stems = [frozenset(stems(f"{s.around} {s.text}")) for s in self._sentences]
        self._index = LexicalIndex([sentence.text for sentence in self._sentences])
        self._picker, self._verifier = picker, Verifier(picker)

    def nearest(self, found: Sequence[Claim]) -> Iterator[list[Sentence]]:
        """For each statement the sentences nearest to it, best first."""
        if not found:
            return
        near = [self._sharing(claim.words) for claim in found]
        wanted = sorted({position for positions in near for position in positions})
        texts = [self._sentences[position].text for position in wanted]
        vectors = self._picker.vectors([*(claim.words for claim in found), *texts])
        row = {position: len(found) + i for i, position in enumerate(wanted)}
        for number, (claim, positions) in enumerate(zip(found, near, strict=True)):
            own = frozenset(stems(claim.words))
            scored = [
                (float(vectors[row[p]] @ vectors[number]) + len(own & self._stems[p]) / max(1, len(own)), p)
                for p in positions
            ]
            order = sorted(scored, key=lambda pair: (-round(pair[0], 6), pair[1]))
            yield [self._sentences[position] for _, position in order[:TRIED]]

    def check(self, claim: Claim, near: Sequence[Sentence]) -> CheckedStatement:
        """The verdict by the first choice of sentences that supports the statement, else by the best of them."""
        best: tuple[Finding, tuple[Sentence, ...]] | None = None
        for cited in self._choices(claim, near):
            around = " ".join(dict.fromkeys(sentence.around for sentence in cited))
            finding = self._verifier.check(claim.words, [sentence.text for sentence in cited], around)
            if best is None or finding.rank > best[0].rank:
                best = finding, cited
            if finding.verdict == "supported":
                break
        if best is None:
            return _checked(claim, Finding("unsupported", NOTHING_LIKE_IT), ())
        return _checked(claim, *best)

    def _choices(self, claim: Claim, near: Sequence[Sentence]) -> list[tuple[Sentence, ...]]:
        """One to three of the nearest sentences of one document, each choice in the order of the text: first those
        that have more of the statement's words, a further sentence being worth a further eighth of them; none that have
        far fewer than the first."""
        own = frozenset(stems(claim.words))
        ranked = []
        for count in range(1, len(near) + 1):
            for chosen in combinations(near, count):
                if len({sentence.document.id for sentence in chosen}) > 1:
                    continue  # what two texts say together may be said by nobody
                known = frozenset(stems(" ".join(f"{sentence.around} {sentence.text}" for sentence in chosen)))
                covered = len(own & known) / max(1, len(own))
                ranked.append((round(covered - (count - 1) / 8, 6), chosen))
        ranked.sort(key=lambda pair: -pair[0])
        return [
            tuple(sorted(chosen, key=lambda sentence: sentence.span.start))
            for covered, chosen in ranked
            if covered >= ranked[0][0] - _FEWER
        ]

    def _sharing(self, words: str) -> list[int]:
        """Positions of the sentences that share most words with the statement; all where there are few."""
        if len(self._sentences) <= NEAR:
            return list(range(len(self._sentences)))
        scores = self._index.scores(words)
        order = np.argsort(-scores, kind="stable")[:NEAR]
        return [int(position) for position in order if scores[position] > 0] or [int(order[0])]


def _sentences(document: Document) -> Iterator[Sentence]:
    before = ""
    for span in all_sentences(document.text):
        text = document.text[span.start : span.end]
        yield Sentence(document, span, f"{document.title}. {before if leans(text) else ''}".strip())
        before = text


def _checked(claim: Claim, finding: Finding, cited: Sequence[Sentence]) -> CheckedStatement:
    return CheckedStatement(
        start=claim.span.start,
        end=claim.span.end,
        verdict=finding.verdict,
        reason=finding.reason,
        citations=tuple(cite(sentence.document, sentence.span) for sentence in cited),
    )


@lru_cache(maxsize=1)
def _loaded(reader: str, encoder: str, threads: int) -> Picker:
    return load_picker(reader, SimilarityPicker(RememberingEncoder(load_encoder(encoder, threads))), threads)


def _default_picker() -> Picker:
    settings = Settings.load()
    return _loaded(settings.reader, settings.encoder, settings.threads)
